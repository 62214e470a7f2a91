//! What the scanner does to single words that UAX #29 would leave whole or apart.
//!
//! Initials keep their last dot, sentences that were run together are split, and elided articles
//! are split where the language has them. Each question costs time in the length of the word.

use super::watch::Watch;
use super::words::Language;
use crate::error::Result;

/// What became of one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tailored {
    /// Where it ends now.
    pub(super) end: usize,
    /// Whether it took the dot behind it, which was a word.
    pub(super) took_dot: bool,
    /// Where it is split: so many of the two.
    splits: ([usize; 2], usize),
}

impl Tailored {
    /// Where the word is split.
    #[inline]
    pub(super) fn splits(&self) -> &[usize] {
        &self.splits.0[..self.splits.1]
    }
}

/// Tailors the word `start..end` of a piece, before the word that ends at `after`.
pub(super) fn tailored(
    piece: &str,
    start: usize,
    end: usize,
    after: Option<usize>,
    language: Language,
    watch: &mut Watch<'_>,
) -> Result<Tailored> {
    let word = &piece[start..end];
    let dot = after.filter(|&after| &piece[end..after] == ".");
    let took_dot = dot.is_some() && is_initials(word, watch)?;
    let splits = if let Some(split) = fused(word, watch)? {
        ([start + split, start + split + 1], 2)
    } else if let Some(split) = elided(word, language) {
        ([start + split, 0], 1)
    } else {
        ([0, 0], 0)
    };
    Ok(Tailored {
        end: dot.filter(|_| took_dot).unwrap_or(end),
        took_dot,
        splits,
    })
}

/// Single letters with dots between them, as in `U.S` and `a.m`.
fn is_initials(word: &str, watch: &mut Watch<'_>) -> Result<bool> {
    let mut signs = 0;
    for sign in word.chars() {
        watch.spend(1)?;
        let fits = if signs % 2 == 0 {
            sign.is_alphabetic()
        } else {
            sign == '.'
        };
        if !fits {
            return Ok(false);
        }
        signs += 1;
    }
    Ok(signs % 2 == 1 && signs > 1)
}

/// Where two sentences were run together without a space, as in `said.The`.
fn fused(word: &str, watch: &mut Watch<'_>) -> Result<Option<usize>> {
    for (dot, _) in word.match_indices('.') {
        watch.spend(1)?;
        let mut left = word[..dot].chars().rev();
        let mut right = word[dot + 1..].chars();
        if left.next().is_some_and(char::is_lowercase)
            && left.next().is_some_and(char::is_alphabetic)
            && right.next().is_some_and(char::is_uppercase)
            && right.next().is_some_and(char::is_alphabetic)
        {
            return Ok(Some(dot));
        }
    }
    Ok(None)
}

/// Most characters of what is elided.
const ELIDED: usize = 7;

/// Where an elided article or pronoun ends, as after `l’`.
fn elided(word: &str, language: Language) -> Option<usize> {
    const FRENCH: &[&str] = &[
        "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
    ];
    const ITALIAN: &[&str] = &[
        "l", "un", "d", "c", "s", "m", "t", "v", "n", "dell", "all", "nell", "sull", "dall", "coll", "quest",
        "quell", "bell", "sant", "tutt", "dov", "com", "gl",
    ];
    let known = match language {
        Language::Any => return None,
        Language::French => FRENCH,
        Language::Italian => ITALIAN,
    };
    let (mark, sign) = word
        .char_indices()
        .take(ELIDED + 1)
        .find(|&(_, sign)| matches!(sign, '\'' | '’'))?;
    let end = mark + sign.len_utf8();
    let before = word[..mark].to_lowercase();
    (end < word.len() && known.contains(&before.as_str())).then_some(end)
}
