//! How often each term stands in each document.
//!
//! Compressed rows: for document `d` the terms `indices[indptr[d]..indptr[d + 1]]`, rising, and how
//! often each occurs. `totals` remembers every word of a document that the view keeps, also those of
//! terms that a frequency limit dropped, and whatever the length of the terms: rates are per word, so
//! that those of n-grams, of categories and of published lists can stand beside each other.

use std::ops::Range;
use std::sync::Arc;

use super::ngrams::{self, Within};
use super::pace::Pace;
use super::selection::Selection;
use super::tally::Tally;
use super::views::View;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// What the arrays are for, as an error names it.
pub(super) const WHAT: &str = "counts";

/// A document-term matrix of counts.
#[derive(Debug)]
pub struct Counts {
    /// The terms; an index into them is a column.
    pub terms: Arc<Vocabulary>,
    /// Row pointers, one more than there are documents.
    pub indptr: Vec<usize>,
    /// Term ids, rising inside a document.
    pub indices: Vec<u32>,
    /// Occurrences, at least 1.
    pub data: Vec<u32>,
    /// Words of each document, dropped terms included; of n-grams there may be more or fewer.
    pub totals: Vec<u64>,
}

impl Counts {
    /// Number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.totals.len()
    }

    /// Terms and occurrences of one document.
    pub fn row(&self, document: usize) -> impl Iterator<Item = (u32, u32)> + '_ {
        let range = self.indptr[document]..self.indptr[document + 1];
        self.indices[range.clone()]
            .iter()
            .copied()
            .zip(self.data[range].iter().copied())
    }
}

/// Bytes that [`Counts::build`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, selection: &Selection) -> u64 {
    if selection.longest > 1 {
        return ngrams::estimate(view, selection);
    }
    // Eight bytes a cell, of which real text has some 0.7 a token.
    9 * view.tokens().len() as u64 + 32 * view.documents() as u64
}

/// The counts of one block of documents.
#[derive(Debug)]
pub(super) struct Block {
    /// Cells of each document.
    pub(super) lengths: Vec<usize>,
    /// Term of each cell, rising inside a document.
    pub(super) indices: Vec<u32>,
    /// Occurrences of each cell.
    pub(super) data: Vec<u32>,
    /// Words of each document.
    pub(super) totals: Vec<u64>,
}

impl Block {
    /// A block with room for the rows of `documents`.
    pub(super) fn with_rows(documents: usize) -> Result<Self> {
        Ok(Self {
            lengths: memory::with_capacity(documents, WHAT)?,
            indices: Vec::new(),
            data: Vec::new(),
            totals: memory::with_capacity(documents, WHAT)?,
        })
    }
}

impl Counts {
    /// Counts the terms of a view; n-grams stay inside a document.
    pub fn build(view: &View, selection: Selection, observer: &dyn Observer) -> Result<Self> {
        Self::within(view, selection, Within::Document, observer)
    }

    /// Counts the terms of a view; n-grams stay inside a document, a sentence or a paragraph.
    pub fn within(
        view: &View,
        selection: Selection,
        within: Within<'_>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        selection.check()?;
        if selection.longest > 1 {
            return ngrams::count(view, selection, within, observer);
        }
        let tokens = view.tokens();
        memory::admit(estimate(view, &selection), "counting")?;
        observer.expect(view.documents());
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
            tokens.ids(row).len()
        });
        let blocks = parallel::map_blocks(&cut, observer, |rows| count_block(view, rows, observer))?;
        let counts = Self::join(Arc::clone(view.terms()), blocks, observer)?;
        // Every term of a view stands in some document.
        if selection.min_documents <= 1
            && selection.max_documents >= counts.documents()
            && selection.max_terms >= counts.terms.len()
        {
            return Ok(counts);
        }
        counts.limited(selection, observer)
    }

    fn join(terms: Arc<Vocabulary>, mut blocks: Vec<Block>, observer: &dyn Observer) -> Result<Self> {
        let documents = blocks.iter().map(|block| block.lengths.len()).sum::<usize>();
        let mut indptr = memory::with_capacity(documents + 1, WHAT)?;
        let mut totals = memory::with_capacity(documents, WHAT)?;
        indptr.push(0);
        let mut end = 0;
        for block in &blocks {
            observer.check()?;
            for length in &block.lengths {
                end += length;
                indptr.push(end);
            }
            totals.extend_from_slice(&block.totals);
        }
        let mut gather = |pick: fn(&mut Block) -> &mut Vec<u32>| {
            let parts = blocks.iter_mut().map(|block| std::mem::take(pick(block)));
            parallel::concat(parts.collect(), WHAT, observer)
        };
        Ok(Self {
            indices: gather(|block| &mut block.indices)?,
            data: gather(|block| &mut block.data)?,
            terms,
            indptr,
            totals,
        })
    }

    /// In how many documents each term stands.
    pub fn document_frequencies(&self, observer: &dyn Observer) -> Result<Vec<u32>> {
        let mut frequencies = memory::zeroed::<u32>(self.terms.len(), WHAT)?;
        let mut pace = Pace::default();
        for &term in &self.indices {
            pace.step(1, observer)?;
            frequencies[term as usize] += 1;
        }
        Ok(frequencies)
    }
}

/// Counts the terms of some documents.
fn count_block(view: &View, rows: Range<usize>, observer: &dyn Observer) -> Result<Block> {
    let mut block = Block::with_rows(rows.len())?;
    let (mut tally, mut pace) = (Tally::new(view.terms().len())?, Pace::default());
    for row in rows {
        let ids = view.tokens().ids(row);
        pace.step(32 + ids.len(), observer)?;
        tally.add(ids, view.map(), observer)?;
        let before = block.indices.len();
        block
            .totals
            .push(tally.take(&mut block.indices, &mut block.data, observer)?);
        block.lengths.push(block.indices.len() - before);
    }
    Ok(block)
}
