//! Which terms are counted: their lengths, the limits on their document frequency, and how many.

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
}

impl Selection {
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
        self.only(&kept, observer)
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

    /// The columns of some terms, whose ids rise; totals still hold every token.
    fn only(self, kept: &[u32], observer: &dyn Observer) -> Result<Self> {
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
            totals: self.totals,
        })
    }
}
