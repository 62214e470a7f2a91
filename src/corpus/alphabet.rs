//! What n-grams are made of, so that two n-grams of one name are one term.
//!
//! As a rule that is the terms of a view. Where a term holds the separator itself (a pattern may
//! find `New York`), it is its words: `New York` + `Times` and `New` + `York Times` are spelled the
//! same, and are counted as one.

use super::counts::WHAT;
use super::ngrams::SEPARATOR;
use super::pace::Pace;
use super::trie::Trie;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// The terms, or their words.
pub(super) struct Alphabet<'a> {
    terms: &'a Vocabulary,
    split: Option<Split>,
}

/// The words of each term.
struct Split {
    names: Vocabulary,
    words: Vec<u32>,
    ends: Vec<usize>,
}

impl<'a> Alphabet<'a> {
    pub(super) fn of(terms: &'a Vocabulary, observer: &dyn Observer) -> Result<Self> {
        let mut pace = Pace::default();
        let mut split = None;
        for term in terms.iter() {
            pace.step(1 + term.len() / 8, observer)?;
            if term.contains(SEPARATOR) {
                split = Some(Split::of(terms, observer)?);
                break;
            }
        }
        Ok(Self { terms, split })
    }

    /// Whether n-grams are made of words of terms.
    pub(super) fn splits(&self) -> bool {
        self.split.is_some()
    }

    /// The sequence `from` with a term behind it.
    #[inline]
    pub(super) fn follow(&self, grams: &mut Trie, from: u32, term: u32) -> Result<u32> {
        let Some(split) = &self.split else {
            return grams.child(from, term);
        };
        let (end, mut at) = (term as usize, from);
        let start = if end == 0 { 0 } else { split.ends[end - 1] };
        for &word in &split.words[start..split.ends[end]] {
            at = grams.child(at, word)?;
        }
        Ok(at)
    }

    /// How a word is spelled.
    pub(super) fn name(&self, word: u32) -> &str {
        self.split
            .as_ref()
            .map_or(self.terms, |split| &split.names)
            .term(word)
    }
}

impl Split {
    fn of(terms: &Vocabulary, observer: &dyn Observer) -> Result<Self> {
        let mut split = Self {
            names: Vocabulary::new(),
            words: Vec::new(),
            ends: memory::with_capacity(terms.len(), WHAT)?,
        };
        let mut pace = Pace::default();
        for term in terms.iter() {
            for word in term.split(SEPARATOR) {
                pace.step(32 + word.len() / 8, observer)?;
                memory::push(&mut split.words, split.names.intern(word)?, WHAT)?;
            }
            split.ends.push(split.words.len());
        }
        Ok(split)
    }
}
