//! What a pattern's classes and word bounds mean: what they mean in Python's `re`.
//!
//! `\w` is `[\p{L}\p{N}_]` there, while the engine's own also holds marks and joiners, and word
//! bounds follow from it. Where the two Unicode versions differ, the engine's wins.

use super::signs;
use super::watch::{Watch, parts};
use crate::error::Result;

/// Python's `\w`, in the engine's syntax.
pub(super) const WORD: &str = r"[\p{L}\p{N}_]";

/// What folding a class costs, in units of one `\w`.
pub(super) const FOLDED: usize = 20;

/// A pattern in the engine's syntax.
pub(super) struct Rewritten {
    /// The pattern.
    pub(super) pattern: String,
    /// For each rewriting, the byte after it here and in the pattern as written.
    after: Vec<(usize, usize)>,
}

impl Rewritten {
    /// The byte of the pattern as written that a byte of this one comes from.
    pub(super) fn origin(&self, byte: usize) -> usize {
        let passed = self.after.partition_point(|&(here, _)| here <= byte);
        let (here, there) = if passed == 0 {
            (0, 0)
        } else {
            self.after[passed - 1]
        };
        let straight = there + (byte - here);
        // A byte inside a rewritten class comes from the class.
        self.after.get(passed).map_or(straight, |&(_, next)| {
            straight.min(next.saturating_sub(2).max(there))
        })
    }
}

/// Rewrites `\w`, `\W`, `\s` and `\S` so that they mean what Python's `re` means; `\d` does already.
pub(super) fn python_classes(pattern: &str) -> Rewritten {
    let mut rewritten = String::with_capacity(pattern.len() + 32);
    let mut after = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let class = match characters.next() {
                    Some('w') => WORD,
                    Some('W') => r"[^\p{L}\p{N}_]",
                    Some('s') => r"[\s\x1c-\x1f]",
                    Some('S') => r"[^\s\x1c-\x1f]",
                    Some(other) => {
                        rewritten.extend(['\\', other]);
                        continue;
                    }
                    None => {
                        rewritten.push('\\');
                        continue;
                    }
                };
                rewritten.push_str(class);
                after.push((rewritten.len(), pattern.len() - characters.as_str().len()));
            }
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
                    after.push((rewritten.len(), pattern.len() - characters.as_str().len()));
                }
            }
            other => rewritten.push(other),
        }
    }
    Rewritten {
        pattern: rewritten,
        after,
    }
}

/// What the classes of a pattern cost to read, in units of one `\w`.
///
/// Where case does not matter, a class of a property or of a wide range is folded character by
/// character, which takes some milliseconds each time; so does a class inside a class.
pub(super) fn class_cost(pattern: &str) -> usize {
    let cased = pattern.match_indices("(?").any(|(place, _)| {
        let flags = pattern[place + 2..].bytes();
        flags
            .take_while(|flag| flag.is_ascii_alphabetic() || *flag == b'-')
            .any(|flag| flag == b'i')
    });
    let wide = if cased { FOLDED } else { 1 };
    let mut cost = 0;
    let mut depth = 0usize;
    let mut before = ' ';
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        cost += match character {
            '\\' => match characters.next() {
                Some('p' | 'P' | 'W' | 'S' | 'D') => wide,
                Some('w' | 's' | 'd') => 1,
                Some(_) if before == '-' => wide,
                _ => 0,
            },
            '[' => {
                depth += 1;
                if depth > 1 || characters.peek() == Some(&'^') {
                    wide
                } else {
                    1
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                0
            }
            other if before == '-' && !other.is_ascii() => wide,
            _ => 0,
        };
        before = character;
    }
    cost
}

/// A text of the same byte offsets whose word bounds are Python's, where those differ.
///
/// `\b` cannot be rewritten without look-around. So each character on which the two disagree gives
/// its place to one of the same width on which they agree: marks and joiners to a sign that is no
/// word, `½` or `²` to a letter. Tokens are cut from the original text, so nobody sees it.
pub(super) fn with_python_bounds(text: &str, watch: &mut Watch<'_>) -> Result<Option<String>> {
    let mut stand_in = String::new();
    let mut done = 0;
    for part in parts(text) {
        watch.spend(part.len())?;
        if part.is_ascii() {
            done += part.len();
            continue;
        }
        let base = done;
        for (start, end) in signs::differing(part) {
            stand_in.push_str(&text[stand_in.len()..base + start]);
            let sign = &part[start..end];
            let word = sign.contains(char::is_numeric);
            stand_in.push(match (sign.len(), word) {
                (2, true) => 'ß',
                (2, false) => '¦',
                (3, true) => 'あ',
                (3, false) => '\u{E000}',
                (_, true) => '\u{20000}',
                (_, false) => '\u{F0000}',
            });
        }
        done += part.len();
    }
    if stand_in.is_empty() {
        return Ok(None);
    }
    stand_in.push_str(&text[stand_in.len()..]);
    Ok(Some(stand_in))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn places_lead_back_to_the_pattern_as_written() {
        let rewritten = python_classes(r"\w(a\s[]x]+)*");
        let at = |sign: char| rewritten.origin(rewritten.pattern.find(sign).unwrap());
        assert_eq!(rewritten.pattern, r"[\p{L}\p{N}_](a[\s\x1c-\x1f][\]x]+)*");
        assert_eq!((at('_'), at('('), at('a'), at('+'), at('*')), (0, 2, 3, 10, 12));
        assert_eq!(python_classes("ab").origin(2), 2);
    }

    #[test]
    fn classes_cost_more_where_case_is_folded() {
        let rows = [
            (r"[a-z]+\w\d", 3),
            (r"\p{L}[^a]", 2),
            (r"(?i)\p{L}[^a]\w[[a]é-ü]", 20 + 20 + 1 + 1 + 20 + 20),
            (r"(?P<is>\pL)", 1),
            (r"(?s-i:\pL)", 20),
        ];
        for (pattern, cost) in rows {
            assert_eq!(class_cost(pattern), cost, "{pattern}");
        }
    }

    #[test]
    fn a_stand_in_keeps_every_offset() {
        let text = format!("{}te\u{301}½ a\u{200D}b", "né ".repeat(50_000));
        let stand_in = with_python_bounds(&text, &mut Watch::new(&Silent))
            .unwrap()
            .unwrap();
        assert_eq!(stand_in.len(), text.len());
        assert!(
            stand_in.ends_with("te¦ß a\u{E000}b"),
            "{}",
            &stand_in[stand_in.len() - 20..]
        );
        assert_eq!(with_python_bounds("né", &mut Watch::new(&Silent)), Ok(None));
    }
}
