//! Characters as terms: the text in lower case, each stretch of white space as one space.
//!
//! The text is put into lower case piece by piece, so that a document of any length needs memory
//! for its terms alone.

use crate::corpus::pace::Pace;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::text::normalize;

/// Bytes after which a piece ends at the next white space.
const PIECE: usize = 1 << 14;

/// Bytes after which a piece ends wherever no sigma is near; only a text without spaces gets here.
const LONG: usize = 1 << 16;

/// Bytes after which a piece ends in any case.
const LONGEST: usize = 1 << 19;

/// How far a final sigma, the one letter whose lower case depends on its neighbours, is looked for.
const NEAR: usize = 64;

/// Fills `runs` with the characters of the pieces of a text: as one run, or one run for each.
pub(super) fn fill<'text>(
    pieces: impl Iterator<Item = &'text str>,
    across_gaps: bool,
    runs: &mut Runs,
    observer: &dyn Observer,
) -> Result<()> {
    runs.terms.clear();
    runs.places.clear();
    runs.ends.clear();
    let (mut spaced, mut pace) = (false, Pace::default());
    for mut rest in pieces {
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece_end(rest));
            rest = after;
            for character in normalize::lower(piece).chars() {
                pace.step(1, observer)?;
                let space = character.is_whitespace();
                if !(space && spaced) {
                    let term = u32::from(if space { ' ' } else { character });
                    memory::push(&mut runs.terms, term, "shingles of characters")?;
                }
                spaced = space;
            }
        }
        if !across_gaps && runs.terms.len() > runs.ends.last().copied().unwrap_or(0) {
            memory::push(&mut runs.ends, runs.terms.len(), "shingles of characters")?;
            spaced = false;
        }
    }
    if across_gaps && !runs.terms.is_empty() {
        runs.ends.push(runs.terms.len());
    }
    Ok(())
}

/// The first border between two characters at `at` or after it, which lies inside the text.
fn border(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len())
}

/// Where the first piece of a text ends; its lower case does not depend on what follows.
fn piece_end(text: &str) -> usize {
    if text.len() <= PIECE {
        return text.len();
    }
    let from = border(text, PIECE);
    for (offset, character) in text[from..].char_indices() {
        let at = from + offset;
        let near = || {
            let (low, high) = (at.saturating_sub(NEAR), (at + NEAR).min(text.len()));
            text[border(text, low)..border(text, high)].contains('Σ')
        };
        if character.is_whitespace() || at >= LONGEST || (at >= LONG && !near()) {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn pieces_are_put_into_lower_case_as_the_whole_is() {
        for unit in ["ΟΔΟΣ ΟΔΥΣΣΕΥΣ. ", "ΟΔΟΣ", "汉字，", "Ünïcode\u{A0} \n ẞ", "ab c"]
        {
            let text = unit.repeat(60_000);
            let mut runs = Runs::default();
            fill(std::iter::once(&*text), true, &mut runs, &Silent).unwrap();
            let mut expected: Vec<u32> = Vec::new();
            for character in text.to_lowercase().chars() {
                let term = if character.is_whitespace() {
                    32
                } else {
                    u32::from(character)
                };
                if !(term == 32 && expected.last() == Some(&32)) {
                    expected.push(term);
                }
            }
            let cut = usize::from(unit == "ΟΔΟΣ");
            let wrong = runs
                .terms
                .iter()
                .zip(&expected)
                .filter(|(one, other)| one != other)
                .count();
            // A "word" of half a mebibyte may end with a final sigma; nothing else may differ.
            assert!(wrong <= cut, "{unit}: {wrong}");
            assert_eq!(runs.terms.len(), expected.len());
            assert_eq!(runs.ends, [expected.len()]);
        }
    }
}
