//! The only file that compiles regular expressions; their limits live here.
//!
//! What a pattern means, and how its refusal reads, is said in `pattern.rs`; here it is syntax of
//! the engine. A short text is searched by the engine as it comes. A text so long that one
//! search might take more than some milliseconds is stepped (`stepping.rs`), with the same matches.

use std::sync::OnceLock;

use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::classes::WORD;
use super::runs::Runs;
use super::stepping::Stepper;
use super::watch::Watch;
use super::words::Emit;
use crate::error::{Cause, Error, Result};

/// Memory of each lazy automaton, in bytes.
const CACHE_BYTES: usize = 2 << 20;

/// Bytes of text times breadth of the pattern up to which one search is short: some milliseconds
/// in the slowest engine, whatever the pattern.
const SHORT: usize = 1 << 20;

/// Why a pattern is none.
pub(super) enum Refusal {
    /// What is wrong, and at which byte.
    Syntax(String, usize),
    /// The program would pass the limit `pattern_program_bytes`.
    TooLarge,
    /// It matches the empty string, if only between two characters.
    Empty,
}

/// A pattern, compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    regex: Regex,
    hir: Hir,
    breadth: usize,
    /// Bytes that each program may have, as it was when the pattern was compiled.
    limit: usize,
    stepper: OnceLock<Option<Stepper>>,
    /// The whole pattern, where it is runs of one class.
    runs: Option<Runs>,
}

impl Compiled {
    /// Compiles a pattern in the engine's syntax, into programs of at most `limit` bytes.
    pub(super) fn new(pattern: &str, limit: usize, nesting: u32) -> std::result::Result<Self, Refusal> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that compiles patterns"
        )]
        let (mut parser, mut words, mut builder) = (
            ParserBuilder::new().nest_limit(nesting).build(),
            ParserBuilder::new().build(),
            Regex::builder(),
        );
        let hir = parser.parse(pattern).map_err(|error| match error {
            regex_syntax::Error::Parse(error) => {
                Refusal::Syntax(error.kind().to_string(), error.span().start.offset)
            }
            regex_syntax::Error::Translate(error) => {
                Refusal::Syntax(error.kind().to_string(), error.span().start.offset)
            }
            _ => Refusal::Syntax("it is not a regular expression".into(), 0),
        })?;
        if hir.properties().minimum_len() == Some(0) {
            return Err(Refusal::Empty);
        }
        let regex = builder
            .configure(
                meta::Config::new()
                    .nfa_size_limit(Some(limit))
                    .which_captures(WhichCaptures::Implicit),
            )
            .build_from_hir(&hir)
            .map_err(|_| Refusal::TooLarge)?;
        let runs = words.parse(WORD).ok().and_then(|word| Runs::of(&hir, &word));
        Ok(Self {
            runs,
            breadth: breadth(&hir),
            limit,
            regex,
            hir,
            stepper: OnceLock::new(),
        })
    }

    /// Whether a short text has a match.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The byte bounds of every match of a short text.
    pub(super) fn each<'text>(
        &self,
        text: &'text str,
    ) -> impl Iterator<Item = (usize, usize)> + use<'text, '_> {
        self.regex
            .find_iter(text)
            .map(|found| (found.start(), found.end()))
    }

    /// The pattern as runs of one class, where it is that.
    pub(super) fn runs(&self) -> Option<&Runs> {
        self.runs.as_ref()
    }

    /// Calls `emit` with the byte bounds of every match, in order.
    pub(super) fn scan(&self, text: &str, watch: &mut Watch<'_>, emit: Emit<'_>) -> Result<()> {
        if self.is_short(text) {
            for (start, end) in self.each(text) {
                // Each search may have gone to the end of the text.
                watch.ask()?;
                emit(start, end)?;
            }
            return Ok(());
        }
        let stepper = self.stepper()?;
        let mut strides = stepper.strides();
        let mut at = 0;
        while let Some((start, end)) = stepper.find(&mut strides, text.as_bytes(), at, watch)? {
            emit(start, end)?;
            at = end;
        }
        Ok(())
    }

    /// Builds what long texts need, unless it is there.
    pub(super) fn stepper(&self) -> Result<&Stepper> {
        let built = self.stepper.get_or_init(|| self.stepper_with(CACHE_BYTES).ok());
        built.as_ref().ok_or_else(|| {
            Error::Internal(Cause::sentence(
                "A pattern that was compiled for short texts could not be compiled for long ones.",
            ))
        })
    }

    /// Builds what long texts need, with this much memory for each lazy automaton.
    pub(super) fn stepper_with(
        &self,
        memory: usize,
    ) -> std::result::Result<Stepper, Box<dyn std::error::Error>> {
        Stepper::new(&self.hir, self.breadth, self.limit, memory)
    }

    fn is_short(&self, text: &str) -> bool {
        text.len().saturating_mul(self.breadth) <= SHORT
    }
}

/// How many places of a pattern can be reached at once, at most: what one byte may cost.
fn breadth(hir: &Hir) -> usize {
    let sum = |parts: &[Hir]| {
        parts
            .iter()
            .map(breadth)
            .fold(1, |total: usize, part| total.saturating_add(part))
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // A class outside ASCII is a tree of bytes, searched from one end.
        HirKind::Class(Class::Unicode(_)) => 4,
        HirKind::Repetition(repetition) => {
            let copies = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            breadth(&repetition.sub).saturating_add(1).saturating_mul(copies)
        }
        HirKind::Capture(capture) => breadth(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}
