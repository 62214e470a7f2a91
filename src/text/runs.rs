//! Patterns that are runs of one class of characters, as `\w+`, `\b\w\w+\b`, `[a-z]{3,}` and `\S+` are.
//!
//! They are most of the patterns that people write, and need no engine: a match is a run that no
//! character of the class touches, if it is long enough.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

use super::bitmap::Bitmap;
use super::watch::Watch;
use super::words::Emit;
use crate::error::Result;

/// Code points of the Basic Multilingual Plane, for which the class is a table of bits.
const TABLE: usize = 1 << 16;

/// How much text is scanned between two looks at the observer.
const LOOK: usize = 1 << 15;

/// Runs of a class.
#[derive(Debug)]
pub(super) struct Runs {
    /// A bit for each code point below `TABLE`.
    bits: Vec<u64>,
    /// The rest of the class, rising.
    beyond: Vec<(char, char)>,
    /// Characters that a match has at least.
    least: usize,
    /// Whether the class is Python's `\w`, so that `bitmap.rs` finds the ends of most runs.
    words: bool,
}

impl Runs {
    /// What a pattern is, unless it is more than runs; `word` is Python's `\w`.
    pub(super) fn of(pattern: &Hir, word: &Hir) -> Option<Self> {
        let mut parts = match pattern.kind() {
            HirKind::Concat(parts) => &parts[..],
            _ => std::slice::from_ref(pattern),
        };
        let at_bound = |part: &Hir| matches!(part.kind(), HirKind::Look(Look::WordUnicode));
        let mut sides = 0;
        if let [first, rest @ ..] = parts
            && at_bound(first)
        {
            (parts, sides) = (rest, sides + 1);
        }
        if let [rest @ .., last] = parts
            && at_bound(last)
        {
            (parts, sides) = (rest, sides + 1);
        }
        let (last, singles) = parts.split_last()?;
        let HirKind::Repetition(many) = last.kind() else {
            return None;
        };
        let class = class_of(&many.sub)?;
        let same = singles.iter().all(|part| class_of(part) == Some(class));
        let words = class_of(word) == Some(class);
        // A bound beside another class than words may cut a run.
        if !same || !many.greedy || many.max.is_some() || sides > 0 && !words {
            return None;
        }
        let fewest = singles.len() + many.min as usize;
        (fewest > 0).then(|| Self::new(class, fewest, words))
    }

    fn new(class: &ClassUnicode, least: usize, words: bool) -> Self {
        let (mut bits, mut beyond) = (vec![0; TABLE / 64], Vec::new());
        for range in class.iter() {
            let (start, end) = (range.start() as usize, range.end() as usize);
            for point in start..TABLE.min(end + 1) {
                bits[point / 64] |= 1 << (point % 64);
            }
            if end >= TABLE {
                beyond.push((range.start(), range.end()));
            }
        }
        Self {
            bits,
            beyond,
            least,
            words,
        }
    }

    #[inline]
    fn holds(&self, sign: char) -> bool {
        let point = sign as usize;
        if point < TABLE {
            return self.bits[point / 64] >> (point % 64) & 1 != 0;
        }
        let place = self.beyond.partition_point(|&(_, end)| end < sign);
        self.beyond.get(place).is_some_and(|&(start, _)| start <= sign)
    }

    /// The width of the character at `at`, and whether the class holds it.
    #[inline]
    fn look(&self, text: &str, at: usize) -> (usize, bool) {
        let byte = text.as_bytes()[at];
        if byte.is_ascii() {
            return (1, self.bits[usize::from(byte) / 64] >> (byte % 64) & 1 != 0);
        }
        let sign = text[at..].chars().next().unwrap_or('\0');
        (sign.len_utf8(), self.holds(sign))
    }

    /// Calls `emit` with the byte bounds of every match, in order.
    pub(super) fn scan(&self, text: &str, watch: &mut Watch<'_>, emit: Emit<'_>) -> Result<()> {
        let mut map = Bitmap::new(text.as_bytes());
        let (mut at, mut look) = (0, LOOK);
        while at < text.len() {
            if at >= look {
                watch.ask()?;
                look = at + LOOK;
            }
            let (width, held) = self.look(text, at);
            if !held {
                at += width;
                continue;
            }
            let end = self.end(text, at, &mut map, watch)?;
            if self.is_long(&text[at..end]) {
                emit(at, end)?;
            }
            at = end;
        }
        Ok(())
    }

    /// The end of the run that holds the character at `at`.
    fn end(&self, text: &str, mut at: usize, map: &mut Bitmap<'_>, watch: &mut Watch<'_>) -> Result<usize> {
        loop {
            if self.words {
                if !map.holds(at) {
                    watch.spend(super::bitmap::WINDOW)?;
                    map.load(at);
                }
                let mut end = map.run_end(at);
                // The stretch may end inside a character.
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                at = end;
            } else {
                watch.spend(1)?;
            }
            if at >= text.len() {
                return Ok(at);
            }
            let (width, held) = self.look(text, at);
            if !held {
                return Ok(at);
            }
            at += width;
            if at >= text.len() {
                return Ok(at);
            }
        }
    }

    fn is_long(&self, run: &str) -> bool {
        // A character has at most four bytes.
        self.least == 1 || run.len() >= 4 * self.least || run.chars().take(self.least).count() == self.least
    }
}

/// The class that a pattern is.
fn class_of(pattern: &Hir) -> Option<&ClassUnicode> {
    match pattern.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        _ => None,
    }
}
