//! Causes of failure, and the sentences that users read.
//!
//! One enum for the whole crate. A sentence names what was given, its value, the rule and the
//! remedy; the fields beside it are for machines. The bridge to Python's exceptions is
//! `py/errors.rs`; nothing here knows about Python.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// What went wrong, as data and as a sentence; behind a pointer, so that a result that is no error
/// travels in two registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause(Box<Facts>);

/// What a cause says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The sentence: name, value, rule, remedy.
    pub message: String,
    /// The parameter at fault, when there is one.
    pub parameter: Option<&'static str>,
    /// The document row at fault, when there is one.
    pub row: Option<usize>,
    /// Bytes that were needed, when memory is at fault.
    pub needed: Option<u64>,
    /// Bytes that were allowed, when a limit on memory is at fault.
    pub allowed: Option<u64>,
}

impl Cause {
    /// A parameter with a value that breaks a rule, and what to do instead.
    pub fn parameter(name: &'static str, value: &impl fmt::Display, rule: &str, remedy: &str) -> Self {
        Self::sentence(format!("{name} is {value}, but {rule}; {remedy}.")).about(name)
    }

    /// A document row that breaks a rule, and what to do instead.
    #[must_use]
    pub fn row(row: usize, rule: &str, remedy: &str) -> Self {
        let mut cause = Self::sentence(format!("Row {row} {rule}; {remedy}."));
        cause.row = Some(row);
        cause
    }

    /// The same, about a parameter.
    #[must_use]
    pub fn about(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// A sentence of its own.
    pub fn sentence(message: impl Into<String>) -> Self {
        Self(Box::new(Facts {
            message: message.into(),
            parameter: None,
            row: None,
            needed: None,
            allowed: None,
        }))
    }

    /// Memory that could not be had: the bytes needed, and the bytes allowed where a limit said no.
    pub fn memory(message: impl Into<String>, needed: u64, allowed: Option<u64>) -> Self {
        let mut cause = Self::sentence(message);
        cause.needed = Some(needed);
        cause.allowed = allowed;
        cause
    }
}

impl Deref for Cause {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Cause {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

/// Every way a call into this crate can fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The observer asked to stop; nothing was changed.
    Cancelled,
    /// The documents, or something said about them, cannot be used.
    Input(Cause),
    /// A row is not text.
    TextType(Cause),
    /// A parameter is outside its rule.
    Parameter(Cause),
    /// A regular expression cannot be compiled or would be too large.
    Pattern(Cause),
    /// A documented limit would be passed.
    Limit(Cause),
    /// A result would not fit in memory.
    Memory(Cause),
    /// A defect of this crate.
    Internal(Cause),
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Shorthand for the commonest cause.
    pub fn parameter(name: &'static str, value: &impl fmt::Display, rule: &str, remedy: &str) -> Self {
        Self::Parameter(Cause::parameter(name, value, rule, remedy))
    }

    /// The cause, unless the call was only cancelled.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Cancelled => None,
            Self::Input(cause)
            | Self::TextType(cause)
            | Self::Parameter(cause)
            | Self::Pattern(cause)
            | Self::Limit(cause)
            | Self::Memory(cause)
            | Self::Internal(cause) => Some(cause),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Some(cause) => formatter.write_str(&cause.message),
            None => formatter.write_str("The call was interrupted; nothing was changed."),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_fits_two_registers() {
        assert_eq!(size_of::<Result<()>>(), 16);
        assert_eq!(size_of::<Result<u32>>(), 16);
    }

    #[test]
    fn a_sentence_holds_name_value_rule_and_remedy() {
        let error = Error::parameter("threshold", &1.5, "it must lie in (0, 1]", "pass 0.5 to start");
        assert_eq!(
            error.to_string(),
            "threshold is 1.5, but it must lie in (0, 1]; pass 0.5 to start."
        );
        assert_eq!(error.cause().and_then(|cause| cause.parameter), Some("threshold"));
    }
}
