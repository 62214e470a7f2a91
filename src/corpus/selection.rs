//! Which terms are counted: their lengths and skips, and the limits on their document frequency.

use std::sync::Arc;

use super::counts::{Counts, WHAT};
use super::pace::Pace;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;

/// How many tokens may lie between two neighbours of an n-gram: a set of numbers below 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skips(u64);

impl Default for Skips {
    /// None: plain n-grams.
    fn default() -> Self {
        Self(1)
    }
}

impl Skips {
    /// The set of these numbers, of which there must be one; none may pass the limit.
    pub fn of(skips: &[usize]) -> Result<Self> {
        let most = limits::SKIP.most();
        let wrong = skips.iter().find(|&&skip| skip > most || skip >= 64);
        if let (None, false) = (wrong, skips.is_empty()) {
            return Ok(Self(skips.iter().fold(0, |set, &skip| set | 1 << skip)));
        }
        Err(Error::parameter(
            "skip",
            &format_args!("{skips:?}"),
            &format!("it must hold whole numbers from 0 to {most}, the limit skip"),
            &format!(
                "pass 0 for plain n-grams, or {}",
                limits::SKIP.remedy(wrong.map_or(1, |&skip| skip as u64))
            ),
        ))
    }

    /// Whether these are plain n-grams.
    #[must_use]
    pub fn none(self) -> bool {
        self == Self::default()
    }

    /// How many numbers there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The numbers, rising.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (next < 64).then_some(next)
        })
    }
}

/// Which terms are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Selection {
    /// Fewest words of a term.
    pub shortest: usize,
    /// Most words of a term.
    pub longest: usize,
    /// Fewest documents that a term must stand in.
    pub min_documents: usize,
    /// Most documents that a term may stand in.
    pub max_documents: usize,
    /// Whether n-grams may reach across a removed token.
    pub across_gaps: bool,
    /// How many tokens may lie between two neighbours of an n-gram.
    pub skips: Skips,
}

impl Selection {
    /// Every term of one word.
    #[must_use]
    pub fn words() -> Self {
        Self {
            shortest: 1,
            longest: 1,
            min_documents: 1,
            max_documents: usize::MAX,
            across_gaps: false,
            skips: Skips::default(),
        }
    }

    /// Refuses lengths of n-grams that make no sense or pass the limit.
    pub(super) fn check(&self) -> Result<()> {
        let most = limits::NGRAM.most();
        if (1..=most).contains(&self.shortest) && (self.shortest..=most).contains(&self.longest) {
            return Ok(());
        }
        Err(Error::parameter(
            "ngram_range",
            &format_args!("({}, {})", self.shortest, self.longest),
            &format!("it must rise from at least 1 to at most {most} words, the limit ngram"),
            &format!(
                "pass (1, 2) for words and pairs, or {}",
                limits::NGRAM.remedy(self.longest as u64)
            ),
        ))
    }
}

impl Counts {
    /// Drops the terms outside the limits on document frequency; the rest keep their order.
    pub(super) fn limited(self, selection: Selection, observer: &dyn Observer) -> Result<Self> {
        let frequencies = self.document_frequencies(observer)?;
        let keep = |frequency: u32| {
            (selection.min_documents.max(1)..=selection.max_documents).contains(&(frequency as usize))
        };
        if frequencies.iter().all(|&frequency| keep(frequency)) {
            return Ok(self);
        }
        let mut terms = Vocabulary::new();
        let mut map = memory::with_capacity(frequencies.len(), WHAT)?;
        let mut pace = Pace::default();
        let mut cells = 0;
        for (&frequency, term) in frequencies.iter().zip(self.terms.iter()) {
            pace.step(32, observer)?;
            if keep(frequency) {
                cells += frequency as usize;
                map.push(Some(terms.intern(term)?));
            } else {
                map.push(None);
            }
        }
        let mut kept = Self {
            terms: Arc::new(terms),
            indptr: memory::with_capacity(self.indptr.len(), WHAT)?,
            indices: memory::with_capacity(cells, WHAT)?,
            data: memory::with_capacity(cells, WHAT)?,
            totals: Vec::new(),
        };
        kept.indptr.push(0);
        for document in 0..self.documents() {
            for (term, count) in self.row(document) {
                pace.step(1, observer)?;
                if let Some(term) = map[term as usize] {
                    kept.indices.push(term);
                    kept.data.push(count);
                }
            }
            pace.step(4, observer)?;
            kept.indptr.push(kept.indices.len());
        }
        kept.totals = self.totals;
        Ok(kept)
    }
}
