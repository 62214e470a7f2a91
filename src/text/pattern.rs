//! The only file that compiles regular expressions, and where their limits live.
//!
//! Users write Python's classes: `\w` is `[\p{L}\p{N}_]` there, while this engine's own also holds
//! marks and joiners, and word bounds follow from it. Where the two Unicode versions differ, the engine's wins.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use super::words::Emit;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;

/// Longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 10_000;

/// Largest compiled program, in bytes.
pub const MAX_COMPILED_BYTES: usize = 10 << 20;

/// Deepest nesting of groups.
pub const MAX_NESTING: u32 = 100;

/// Matches between two looks at the observer.
const CHECK_MATCHES: usize = 1 << 12;

/// A compiled pattern whose matches are tokens.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    /// Whether the pattern asks for word bounds, which have to be Python's.
    bounds: bool,
}

impl Pattern {
    /// Compiles a pattern as a user wrote it.
    pub fn new(pattern: &str) -> Result<Self> {
        if pattern.len() > MAX_PATTERN_BYTES {
            return Err(Error::Pattern(Cause::parameter(
                "pattern",
                &format!("{} bytes long", pattern.len()),
                &format!("the limit is {MAX_PATTERN_BYTES} bytes"),
                "tokenize in a simpler way and drop words with a view",
            )));
        }
        let regex = compile(&python_classes(pattern))
            .map_err(|error| Error::Pattern(sentence(pattern, &error.to_string())))?;
        if regex.is_match("") {
            return Err(Error::Pattern(Cause::parameter(
                "pattern",
                &format!("{pattern:?}"),
                "it matches the empty string, which is no token",
                "use + instead of *, or require at least one character",
            )));
        }
        // What names characters by code or property must see the text as it is.
        let plain = pattern.is_ascii()
            && !["\\p", "\\P", "\\x", "\\u", "\\U"]
                .iter()
                .any(|code| pattern.contains(code));
        let bounds = plain && (pattern.contains(r"\b") || pattern.contains(r"\B"));
        Ok(Self { regex, bounds })
    }

    /// Calls `emit` with the byte bounds of every match, in order.
    pub fn scan(&self, text: &str, observer: &dyn Observer, emit: Emit<'_>) -> Result<()> {
        let stand_in = if self.bounds {
            with_python_bounds(text)
        } else {
            None
        };
        for (index, found) in self
            .regex
            .find_iter(stand_in.as_deref().unwrap_or(text))
            .enumerate()
        {
            if index % CHECK_MATCHES == CHECK_MATCHES - 1 {
                observer.check()?;
            }
            if !found.is_empty() {
                emit(found.start(), found.end())?;
            }
        }
        Ok(())
    }
}

fn compile(pattern: &str) -> std::result::Result<Regex, regex::Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that compiles patterns"
    )]
    RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED_BYTES)
        .nest_limit(MAX_NESTING)
        .build()
}

/// One sentence from the engine's several lines.
fn sentence(pattern: &str, report: &str) -> Cause {
    let reason = report
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("error: "))
        .unwrap_or_else(|| {
            report
                .lines()
                .next_back()
                .unwrap_or("it is not a regular expression")
        });
    let shown: String = pattern.chars().take(60).collect();
    let mut cause = Cause::sentence(format!(
        "pattern is {shown:?}, but it cannot be used: {reason}; \
         look-around and back-references are not supported, and braces need escaping."
    ));
    cause.parameter = Some("pattern");
    cause
}

/// Rewrites `\w`, `\W`, `\s` and `\S` so that they mean what Python's `re` means; `\d` does already.
fn python_classes(pattern: &str) -> String {
    let mut rewritten = String::with_capacity(pattern.len() + 32);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('w') => rewritten.push_str(r"[\p{L}\p{N}_]"),
                Some('W') => rewritten.push_str(r"[^\p{L}\p{N}_]"),
                Some('s') => rewritten.push_str(r"[\s\x1c-\x1f]"),
                Some('S') => rewritten.push_str(r"[^\s\x1c-\x1f]"),
                Some(other) => rewritten.extend(['\\', other]),
                None => rewritten.push('\\'),
            },
            '[' => {
                rewritten.push('[');
                let mut rest = characters.clone();
                if rest.next() == Some('^') {
                    rewritten.push('^');
                    characters.next();
                }
                // A bracket that opens a class closes nothing.
                if characters.clone().next() == Some(']') {
                    rewritten.push_str(r"\]");
                    characters.next();
                }
            }
            other => rewritten.push(other),
        }
    }
    rewritten
}

/// A text of the same byte offsets whose word bounds are Python's, where those differ.
///
/// `\b` cannot be rewritten without look-around. So each character on which the two disagree gives
/// its place to one of the same width on which they agree: marks and joiners to a sign that is no
/// word, `½` or `²` to a letter. Tokens are cut from the original text, so nobody sees it.
fn with_python_bounds(text: &str) -> Option<String> {
    let differs = DIFFERS.as_ref().filter(|_| !text.is_ascii())?;
    let mut rest = 0;
    let mut stand_in = String::new();
    for found in differs.find_iter(text) {
        stand_in.push_str(&text[rest..found.start()]);
        let word = found.as_str().contains(char::is_numeric);
        stand_in.push(match (found.len(), word) {
            (2, true) => 'ß',
            (2, false) => '¦',
            (3, true) => 'あ',
            (3, false) => '\u{E000}',
            (_, true) => '\u{20000}',
            (_, false) => '\u{F0000}',
        });
        rest = found.end();
    }
    if rest == 0 {
        return None;
    }
    stand_in.push_str(&text[rest..]);
    Some(stand_in)
}

/// Compiles a pattern of our own, which is known to be right.
fn own(pattern: &str) -> Option<Regex> {
    compile(pattern).ok()
}

/// Characters on which this engine's `\w` and Python's disagree.
static DIFFERS: LazyLock<Option<Regex>> = LazyLock::new(|| own(r"[\w--[\p{L}\p{N}_]]|[[\p{L}\p{N}_]--\w]"));
static EMOJI: LazyLock<Option<Regex>> =
    LazyLock::new(|| own(r"\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Extended_Pictographic}\x{FE0F}"));
static PUNCTUATION: LazyLock<Option<Regex>> = LazyLock::new(|| own(r"\p{P}"));
static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| own(r"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)*\.\p{L}{2,}"));

fn has(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// Whether a form is drawn as a picture.
#[must_use]
pub fn is_emoji(form: &str) -> bool {
    !form.is_ascii() && has(&EMOJI, form)
}

/// Whether a form has a punctuation character.
#[must_use]
pub fn is_punctuation(form: &str) -> bool {
    has(&PUNCTUATION, form)
}

/// The byte bounds of the first e-mail address.
#[must_use]
pub fn email(piece: &str) -> Option<(usize, usize)> {
    let regex = EMAIL.as_ref()?;
    regex.find(piece).map(|found| (found.start(), found.end()))
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
}
