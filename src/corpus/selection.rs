//! Which terms are counted: their lengths and skips, the limits on their document frequency, and how
//! many.

use std::cmp::Reverse;
use std::sync::Arc;

use super::counts::{Counts, WHAT};
use super::pace::Pace;
use super::sorting;
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
    /// Most terms: the most frequent of those inside the limits above.
    pub max_terms: usize,
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
            max_terms: usize::MAX,
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
    /// Drops the terms outside the limits on document frequency, then all but the most frequent of
    /// the others; the rest keep their order.
    pub(super) fn limited(self, selection: Selection, observer: &dyn Observer) -> Result<Self> {
        let frequencies = self.document_frequencies(observer)?;
        let documents = selection.min_documents.max(1)..=selection.max_documents;
        let (mut kept, mut pace) = (memory::with_capacity(frequencies.len(), WHAT)?, Pace::default());
        for (term, &frequency) in (0u32..).zip(&frequencies) {
            pace.step(1, observer)?;
            if documents.contains(&(frequency as usize)) {
                kept.push(term);
            }
        }
        if kept.len() > selection.max_terms {
            self.most_frequent(&mut kept, selection.max_terms, observer)?;
        }
        if kept.len() == frequencies.len() {
            return Ok(self);
        }
        self.columns(&kept, observer)
    }

    /// How often each term occurs in all documents.
    pub fn frequencies(&self, observer: &dyn Observer) -> Result<Vec<u64>> {
        let mut frequencies = memory::zeroed::<u64>(self.terms.len(), WHAT)?;
        let mut pace = Pace::default();
        for (&term, &count) in self.indices.iter().zip(&self.data) {
            pace.step(1, observer)?;
            frequencies[term as usize] += u64::from(count);
        }
        Ok(frequencies)
    }

    /// Leaves the terms with most occurrences, of equal ones those that occurred first.
    fn most_frequent(&self, kept: &mut Vec<u32>, most: usize, observer: &dyn Observer) -> Result<()> {
        let frequencies = self.frequencies(observer)?;
        sorting::sort_by_key(kept, observer, |&term| {
            (Reverse(frequencies[term as usize]), term)
        })?;
        kept.truncate(most);
        sorting::sort_by_key(kept, observer, |&term| term)
    }

    /// The columns of some terms, whose ids rise; totals still hold every word.
    pub fn columns(&self, kept: &[u32], observer: &dyn Observer) -> Result<Self> {
        let mut terms = Vocabulary::new();
        let mut map = memory::filled(&None, self.terms.len(), WHAT, observer)?;
        let mut pace = Pace::default();
        for &term in kept {
            pace.step(32, observer)?;
            map[term as usize] = Some(terms.intern(self.terms.term(term))?);
        }
        let (indptr, indices, data) = self.renumbered(&map, observer)?;
        Ok(Self {
            terms: Arc::new(terms),
            indptr,
            indices,
            data,
            totals: memory::collect(self.totals.iter().copied(), WHAT, observer)?,
        })
    }
}
