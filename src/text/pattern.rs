//! Patterns that users write, whose matches are tokens: what they may be, and how a refusal reads.
//!
//! A pattern is in Rust's syntax with Python's classes (`classes.rs`). It is compiled, under limits,
//! by `compiled.rs`; both its compilation and its searches are short or can be stopped.

use super::classes::{FOLDED, Rewritten, class_cost, python_classes, with_python_bounds};
use super::compiled::{Compiled, Refusal};
use super::watch::Watch;
use super::words::Emit;
use super::{scripts, signs};
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::observer::Observer;

/// Most classes, counted as `class_cost` does.
pub const MAX_CLASSES: usize = 500;

/// Most of a pattern that a sentence repeats, in characters.
const SHOWN: usize = 60;

/// A compiled pattern whose matches are tokens.
#[derive(Debug)]
pub struct Pattern {
    compiled: Compiled,
    /// Whether the pattern asks for word bounds, which have to be Python's.
    bounds: bool,
}

impl Pattern {
    /// Compiles a pattern as a user wrote it.
    pub fn new(pattern: &str) -> Result<Self> {
        let most = limits::PATTERN_BYTES.most();
        if pattern.len() > most {
            return Err(Error::Pattern(Cause::parameter(
                "pattern",
                &format!("{} ({} bytes long)", shown(pattern), pattern.len()),
                &format!("the limit is {most} bytes"),
                &format!(
                    "tokenize in a simpler way and drop words with a view, or {}",
                    limits::PATTERN_BYTES.remedy(pattern.len() as u64)
                ),
            )));
        }
        let classes = class_cost(pattern);
        if classes > MAX_CLASSES {
            return Err(Error::Pattern(Cause::parameter(
                "pattern",
                &shown(pattern),
                &format!(
                    "its classes count {classes} and the limit is {MAX_CLASSES}, where most classes under (?i) \
                     count {FOLDED}"
                ),
                "join classes, as in [\\w-], or fold case with a view",
            )));
        }
        let rewritten = python_classes(pattern);
        let nesting = u32::try_from(limits::PATTERN_NESTING.most()).unwrap_or(u32::MAX);
        let compiled = Compiled::new(&rewritten.pattern, limits::PATTERN_PROGRAM_BYTES.most(), nesting)
            .map_err(|refusal| Error::Pattern(sentence(pattern, &rewritten, &refusal)))?;
        // What names characters by code or property must see the text as it is.
        let plain = pattern.is_ascii()
            && !["\\p", "\\P", "\\x", "\\u", "\\U"]
                .iter()
                .any(|code| pattern.contains(code));
        let bounds = plain && (pattern.contains(r"\b") || pattern.contains(r"\B"));
        Ok(Self { compiled, bounds })
    }

    /// Calls `emit` with the byte bounds of every match, in order.
    pub fn scan(&self, text: &str, observer: &dyn Observer, emit: Emit<'_>) -> Result<()> {
        let mut watch = Watch::new(observer);
        // Runs of Python's `\w` have Python's bounds.
        if let Some(runs) = self.compiled.runs() {
            return runs.scan(text, &mut watch, emit);
        }
        let stand_in = if self.bounds {
            with_python_bounds(text, &mut watch)?
        } else {
            None
        };
        self.compiled
            .scan(stand_in.as_deref().unwrap_or(text), &mut watch, emit)
    }
}

/// Compiles the patterns of our own and finds the dictionaries now, which otherwise happens when one is
/// first used.
///
/// A fork in another thread at that very moment would leave the child waiting for ever. So the
/// border calls this while nobody can fork (it holds the interpreter lock), before its first job.
pub fn ready() {
    signs::ready();
    scripts::ready();
}

/// The beginning of a pattern, quoted.
fn shown(pattern: &str) -> String {
    let mut rest = pattern.chars();
    let beginning: String = rest.by_ref().take(SHOWN).collect();
    let cut = if rest.next().is_some() { " …" } else { "" };
    format!("{beginning:?}{cut}")
}

/// Why a pattern is refused: one sentence.
fn sentence(pattern: &str, rewritten: &Rewritten, refusal: &Refusal) -> Cause {
    let value = shown(pattern);
    match refusal {
        Refusal::Syntax(reason, byte) => {
            let origin = rewritten.origin(*byte);
            let place = pattern.get(..origin).unwrap_or(pattern).chars().count();
            Cause::parameter(
                "pattern",
                &value,
                &format!("it cannot be used: {reason}, at character {place} (counted from 0)"),
                "look-around and back-references are not supported, and braces need escaping",
            )
        }
        Refusal::TooLarge => Cause::parameter(
            "pattern",
            &value,
            &format!(
                "compiled it would pass the limit of {} bytes",
                limits::PATTERN_PROGRAM_BYTES.most()
            ),
            "repeat less, above all classes such as \\w, or raise the limit with \
             nutgraf.set_limits(pattern_program_bytes=…)",
        ),
        Refusal::Empty => Cause::parameter(
            "pattern",
            &value,
            "it matches the empty string, which is no token",
            "use + instead of *, or require at least one character",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn matches<'text>(pattern: &str, text: &'text str) -> Vec<&'text str> {
        let mut found = Vec::new();
        Pattern::new(pattern)
            .unwrap()
            .scan(text, &Silent, &mut |start, end| {
                found.push(&text[start..end]);
                Ok(())
            })
            .unwrap();
        found
    }

    #[test]
    fn classes_and_bounds_are_those_of_python() {
        let text = "नमस्ते te\u{301} naïve m² ½ a\u{200D}b";
        let rows = [
            (r"\w+", "नमस|त|te|naïve|m²|½|a|b"),
            (r"\b\w\w+\b", "नमस|te|naïve|m²"),
            (r"\b\w+\b", "नमस|त|te|naïve|m²|½|a|b"),
            (r"[^\W\d_]+", "नमस|त|te|naïve|m²|½|a|b"),
        ];
        for (pattern, expected) in rows {
            assert_eq!(matches(pattern, text).join("|"), expected, "{pattern}");
        }
        assert_eq!(matches(r"\S+", "a\u{1c}b c"), ["a", "b", "c"]);
        assert_eq!(matches(r"[]a]+", "]a b"), ["]a"]);
    }

    #[test]
    fn runs_are_seen_as_such() {
        for (pattern, is) in [
            (r"\w+", true),
            (r"(?u)\b\w\w+\b", true),
            (r"\w{3,}", true),
            ("[a-z]+", true),
            (r"[^\W\d_]{2,}", true),
            (r"\S\S\S+", true),
            (r"\b[a-z]+\b", false),
            (r"\w{2,5}", false),
            (r"\w+?", false),
            (r"\w\d+", false),
            (r"(?i)a+", true),
            (r"\w+\s", false),
            (r"\b\b\w+", false),
        ] {
            assert_eq!(
                Pattern::new(pattern).unwrap().compiled.runs().is_some(),
                is,
                "{pattern}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn runs_match_what_the_engine_matches(
            text in "([a-z0-9_ .,éßЖ中カÀ×𝒳٣²½\\u{301}\\u{200D}]|\\PC){0,60}",
            index in 0usize..8,
        ) {
            let pattern = [r"\w+", r"\b\w\w+\b", r"\w{3,}", "[a-z]+", r"[^\W\d_]{2,}", r"\S+", r"[^a]{2,}", r"\d+"][index];
            let compiled = Pattern::new(pattern).unwrap();
            proptest::prop_assert!(compiled.compiled.runs().is_some());
            let mut runs = Vec::new();
            compiled.scan(&text, &Silent, &mut |start, end| { runs.push((start, end)); Ok(()) }).unwrap();
            // The engine, with bounds where the pattern has them.
            let mut watch = Watch::new(&Silent);
            let stand_in = if compiled.bounds { with_python_bounds(&text, &mut watch).unwrap() } else { None };
            let mut engine = Vec::new();
            compiled.compiled
                .scan(stand_in.as_deref().unwrap_or(&text), &mut watch, &mut |start, end| { engine.push((start, end)); Ok(()) })
                .unwrap();
            proptest::prop_assert_eq!(runs, engine);
        }
    }
}
