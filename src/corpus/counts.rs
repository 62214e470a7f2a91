//! How often each term stands in each document.
//!
//! Compressed rows: for document `d` the terms `indices[indptr[d]..indptr[d + 1]]`, rising, and how
//! often each occurs. `totals` remembers every counted token of a document, also those of terms that
//! a frequency limit dropped: rates are per token, not per kept token.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::ngrams;
use super::views::{Runs, View};
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::observer::Observer;
use crate::parallel;

/// A document-term matrix of counts.
#[derive(Debug, Clone)]
pub struct Counts {
    /// The terms; an index into them is a column.
    pub terms: Arc<Vocabulary>,
    /// Row pointers, one more than there are documents.
    pub indptr: Vec<usize>,
    /// Term ids, rising inside a document.
    pub indices: Vec<u32>,
    /// Occurrences, at least 1.
    pub data: Vec<u32>,
    /// Counted tokens (or n-grams) of each document, dropped terms included.
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
}

/// The counts of one block of documents under its own ids.
struct Block {
    grams: Vocabulary,
    lengths: Vec<usize>,
    indices: Vec<u32>,
    data: Vec<u32>,
    totals: Vec<u64>,
}

impl Counts {
    /// Counts the terms of a view.
    pub fn build(view: &View, selection: Selection, observer: &dyn Observer) -> Result<Self> {
        let tokens = view.tokens();
        observer.expect(view.documents());
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
            tokens.ids(row).len()
        });
        let single = (selection.shortest, selection.longest) == (1, 1);
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            count_block(view, selection, single, rows, observer)
        })?;
        let (terms, blocks) = if single {
            (view.terms().clone(), blocks)
        } else {
            common_ids(blocks, observer)?
        };
        observer.check()?;
        Ok(Self::join(terms, &blocks).limited(selection))
    }

    fn join(terms: Vocabulary, blocks: &[Block]) -> Self {
        let mut indptr = vec![0];
        let mut end = 0;
        for length in blocks.iter().flat_map(|block| &block.lengths) {
            end += length;
            indptr.push(end);
        }
        let gather = |pick: fn(&Block) -> &Vec<u32>| {
            let mut all = Vec::with_capacity(end);
            for block in blocks {
                all.extend_from_slice(pick(block));
            }
            all
        };
        Self {
            terms: Arc::new(terms),
            indptr,
            indices: gather(|block| &block.indices),
            data: gather(|block| &block.data),
            totals: blocks
                .iter()
                .flat_map(|block| block.totals.iter().copied())
                .collect(),
        }
    }

    /// In how many documents each term stands.
    #[must_use]
    pub fn document_frequencies(&self) -> Vec<usize> {
        let mut frequencies = vec![0; self.terms.len()];
        for &term in &self.indices {
            frequencies[term as usize] += 1;
        }
        frequencies
    }

    /// Drops the terms outside the limits on document frequency; the rest keep their order.
    fn limited(self, selection: Selection) -> Self {
        let frequencies = self.document_frequencies();
        let keep = |frequency: usize| {
            (selection.min_documents.max(1)..=selection.max_documents).contains(&frequency)
        };
        if frequencies.iter().all(|&frequency| keep(frequency)) {
            return self;
        }
        let mut terms = Vocabulary::new();
        let map: Vec<Option<u32>> = frequencies
            .iter()
            .zip(self.terms.iter())
            .map(|(&frequency, term)| {
                if keep(frequency) {
                    terms.intern(term).ok()
                } else {
                    None
                }
            })
            .collect();
        let mut kept = Self {
            terms: Arc::new(terms),
            indptr: vec![0],
            indices: Vec::new(),
            data: Vec::new(),
            totals: self.totals.clone(),
        };
        for document in 0..self.documents() {
            for (term, count) in self.row(document) {
                if let Some(term) = map[term as usize] {
                    kept.indices.push(term);
                    kept.data.push(count);
                }
            }
            kept.indptr.push(kept.indices.len());
        }
        kept
    }

    /// Adds up the rows of each group; `groups[d]` is the group of document `d`.
    #[must_use]
    pub fn grouped(&self, groups: &[usize], count: usize) -> Self {
        let mut members = vec![Vec::new(); count];
        for (document, &group) in groups.iter().enumerate() {
            members[group].push(document);
        }
        let mut result = Self {
            terms: Arc::clone(&self.terms),
            indptr: vec![0],
            indices: Vec::new(),
            data: Vec::new(),
            totals: Vec::with_capacity(count),
        };
        let mut sums = vec![0u32; self.terms.len()];
        let mut touched = Vec::new();
        for documents in members {
            for &document in &documents {
                for (term, occurrences) in self.row(document) {
                    if sums[term as usize] == 0 {
                        touched.push(term);
                    }
                    sums[term as usize] += occurrences;
                }
            }
            result.take(&mut sums, &mut touched);
            result
                .totals
                .push(documents.iter().map(|&document| self.totals[document]).sum());
        }
        result
    }

    /// Moves the touched sums into a new row and clears them.
    fn take(&mut self, sums: &mut [u32], touched: &mut Vec<u32>) {
        touched.sort_unstable();
        for term in touched.drain(..) {
            self.indices.push(term);
            self.data.push(std::mem::take(&mut sums[term as usize]));
        }
        self.indptr.push(self.indices.len());
    }
}

fn count_block(
    view: &View,
    selection: Selection,
    single: bool,
    rows: Range<usize>,
    observer: &dyn Observer,
) -> Result<Block> {
    let mut block = Block {
        grams: Vocabulary::new(),
        lengths: Vec::with_capacity(rows.len()),
        indices: Vec::new(),
        data: Vec::new(),
        totals: Vec::with_capacity(rows.len()),
    };
    let (mut runs, mut found, mut name) = (Runs::default(), Vec::new(), String::new());
    for row in rows {
        found.clear();
        if single {
            found.extend(view.kept(row).map(|(term, _)| term));
        } else {
            view.runs(row, selection.across_gaps, &mut runs);
            for run in runs.iter() {
                observer.check()?;
                ngrams::each(run, selection.shortest, selection.longest, |gram| {
                    found.push(ngrams::intern(view, gram, &mut name, &mut block.grams)?);
                    Ok(())
                })?;
            }
        }
        block.totals.push(found.len() as u64);
        found.sort_unstable();
        let before = block.indices.len();
        for equal in found.chunk_by(|left, right| left == right) {
            block.indices.push(equal[0]);
            // A document holds fewer tokens than bytes, and those fit 32 bits.
            block.data.push(u32::try_from(equal.len()).unwrap_or(u32::MAX));
        }
        block.lengths.push(block.indices.len() - before);
    }
    Ok(block)
}

/// Gives the n-grams of all blocks common ids: ranks of first occurrence, in block order.
fn common_ids(mut blocks: Vec<Block>, observer: &dyn Observer) -> Result<(Vocabulary, Vec<Block>)> {
    let mut terms = Vocabulary::new();
    let mut maps = Vec::with_capacity(blocks.len());
    for block in &blocks {
        observer.check()?;
        let map: Vec<u32> = block
            .grams
            .iter()
            .map(|gram| terms.intern(gram))
            .collect::<Result<_>>()?;
        maps.push(map);
    }
    blocks.par_iter_mut().zip(maps).for_each(|(block, map)| {
        let mut start = 0;
        for &length in &block.lengths {
            let range = start..start + length;
            let mut row: Vec<(u32, u32)> = block.indices[range.clone()]
                .iter()
                .map(|&term| map[term as usize])
                .zip(block.data[range.clone()].iter().copied())
                .collect();
            row.sort_unstable();
            for (offset, (term, count)) in row.into_iter().enumerate() {
                block.indices[start + offset] = term;
                block.data[start + offset] = count;
            }
            start += length;
        }
    });
    Ok((terms, blocks))
}
