//! How often each term stands in each document.
//!
//! Compressed rows: for document `d` the terms `indices[indptr[d]..indptr[d + 1]]`, rising, and how
//! often each occurs. `totals` remembers every counted token of a document, also those of terms that
//! a frequency limit dropped: rates are per token, not per kept token.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::ngrams;
use super::pace::Pace;
use super::sorting;
use super::views::{Runs, View};
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "counts";

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

impl Selection {
    /// Refuses lengths of n-grams that make no sense or pass the limit.
    fn check(&self) -> Result<()> {
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

/// Bytes that [`Counts::build`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, shortest: usize, longest: usize) -> u64 {
    let (tokens, documents) = (view.tokens().len() as u64, view.documents() as u64);
    // Eight bytes a cell, of which real text has some 0.7 a token; and an n-gram that is new is spelled
    // out twice, in its block and among all.
    let grams = |words: usize| if words == 1 { 9 } else { 16 + 20 * words as u64 };
    (shortest..=longest)
        .map(|words| tokens * grams(words))
        .sum::<u64>()
        + 32 * documents
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
        selection.check()?;
        let tokens = view.tokens();
        let needed = estimate(view, selection.shortest, selection.longest);
        memory::admit(needed, "counting")?;
        observer.expect(view.documents());
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
            tokens.ids(row).len()
        });
        let single = (selection.shortest, selection.longest) == (1, 1);
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            count_block(view, selection, single, rows, observer)
        })?;
        let (terms, blocks) = if single {
            (Arc::clone(view.terms()), blocks)
        } else {
            common_ids(blocks, observer)?
        };
        Self::join(terms, blocks, observer)?.limited(selection, observer)
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
        // Each part is freed once it is copied.
        let mut gather = |pick: fn(&mut Block) -> &mut Vec<u32>| {
            let parts = blocks.iter_mut().map(|block| std::mem::take(pick(block)));
            memory::concat(parts.collect(), WHAT, observer)
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

    /// Drops the terms outside the limits on document frequency; the rest keep their order.
    fn limited(self, selection: Selection, observer: &dyn Observer) -> Result<Self> {
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

    /// Adds up the rows of each group; `groups[d]` is the group of document `d`, below `count`.
    pub fn grouped(&self, groups: &[usize], count: usize, observer: &dyn Observer) -> Result<Self> {
        let (ends, members) = self.members(groups, count, observer)?;
        let mut result = Self {
            terms: Arc::clone(&self.terms),
            indptr: memory::with_capacity(count + 1, WHAT)?,
            indices: Vec::new(),
            data: Vec::new(),
            totals: memory::with_capacity(count, WHAT)?,
        };
        result.indptr.push(0);
        observer.expect(count);
        let mut sums = memory::zeroed::<u32>(self.terms.len(), WHAT)?;
        let (mut touched, mut pace, mut start) = (Vec::new(), Pace::default(), 0);
        for end in ends {
            let mut total = 0u64;
            for &document in &members[start..end] {
                pace.step(4, observer)?;
                total += self.totals[document];
                for (term, occurrences) in self.row(document) {
                    pace.step(1, observer)?;
                    let sum = &mut sums[term as usize];
                    if *sum == 0 {
                        memory::push(&mut touched, term, WHAT)?;
                    }
                    *sum = sum.checked_add(occurrences).ok_or_else(|| self.too_often(term))?;
                }
            }
            start = end;
            result.take(&mut sums, &mut touched, observer)?;
            result.totals.push(total);
            observer.advance(1);
        }
        Ok(result)
    }

    /// The documents of each group behind each other, and where each group ends.
    fn members(
        &self,
        groups: &[usize],
        count: usize,
        observer: &dyn Observer,
    ) -> Result<(Vec<usize>, Vec<usize>)> {
        let wrong = groups.iter().find(|&&group| group >= count);
        if wrong.is_some() || groups.len() != self.documents() {
            return Err(Error::Input(Cause::sentence(format!(
                "There are {} groups of {} documents, of which none may be {count} or more; pass one group a \
                 document.",
                groups.len(),
                self.documents()
            ))));
        }
        let mut ends = memory::zeroed::<usize>(count, WHAT)?;
        let mut pace = Pace::default();
        for &group in groups {
            pace.step(1, observer)?;
            ends[group] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            pace.step(1, observer)?;
            total += std::mem::replace(end, total);
        }
        let mut members = memory::zeroed::<usize>(groups.len(), WHAT)?;
        for (document, &group) in groups.iter().enumerate() {
            pace.step(1, observer)?;
            members[ends[group]] = document;
            ends[group] += 1;
        }
        Ok((ends, members))
    }

    fn too_often(&self, term: u32) -> Error {
        let shown: String = self.terms.term(term).chars().take(40).collect();
        Error::Limit(Cause::sentence(format!(
            "The term {shown:?} occurs more than {} times in one group, more than 32 bits can count; form smaller \
             groups.",
            u32::MAX
        )))
    }

    /// Moves the touched sums into a new row and clears them.
    fn take(&mut self, sums: &mut [u32], touched: &mut Vec<u32>, observer: &dyn Observer) -> Result<()> {
        sorting::sort_by_key(touched, observer, |&term| term)?;
        memory::reserve(&mut self.indices, touched.len(), WHAT)?;
        memory::reserve(&mut self.data, touched.len(), WHAT)?;
        let mut pace = Pace::default();
        for term in touched.drain(..) {
            pace.step(1, observer)?;
            self.indices.push(term);
            self.data.push(std::mem::take(&mut sums[term as usize]));
        }
        self.indptr.push(self.indices.len());
        Ok(())
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
        lengths: memory::with_capacity(rows.len(), WHAT)?,
        indices: Vec::new(),
        data: Vec::new(),
        totals: memory::with_capacity(rows.len(), WHAT)?,
    };
    let (mut runs, mut found, mut name) = (Runs::default(), Vec::new(), String::new());
    let mut pace = Pace::default();
    for row in rows {
        found.clear();
        pace.step(32, observer)?;
        if single {
            memory::reserve(&mut found, view.tokens().ids(row).len(), WHAT)?;
            for (term, _) in view.kept(row) {
                pace.step(1, observer)?;
                found.push(term);
            }
        } else {
            view.runs(row, selection.across_gaps, &mut runs, observer)?;
            for run in runs.iter() {
                ngrams::each(run, selection.shortest, selection.longest, |gram| {
                    pace.step(8 + gram.len(), observer)?;
                    let id = ngrams::intern(view, gram, &mut name, &mut block.grams)?;
                    memory::push(&mut found, id, WHAT)
                })?;
            }
        }
        block.totals.push(found.len() as u64);
        sorting::sort_by_key(&mut found, observer, |&term| term)?;
        let before = block.indices.len();
        for equal in found.chunk_by(|left, right| left == right) {
            pace.step(equal.len(), observer)?;
            memory::push(&mut block.indices, equal[0], WHAT)?;
            let times = u32::try_from(equal.len()).map_err(|_| {
                Error::Limit(Cause::row(
                    row,
                    "holds one n-gram more often than 32 bits can count",
                    "split the document or ask for fewer lengths of n-grams",
                ))
            })?;
            memory::push(&mut block.data, times, WHAT)?;
        }
        block.lengths.push(block.indices.len() - before);
    }
    Ok(block)
}

/// Gives the n-grams of all blocks common ids: ranks of first occurrence, in block order.
fn common_ids(mut blocks: Vec<Block>, observer: &dyn Observer) -> Result<(Arc<Vocabulary>, Vec<Block>)> {
    let mut terms = Vocabulary::new();
    let mut maps = Vec::with_capacity(blocks.len());
    let mut pace = Pace::default();
    for block in &mut blocks {
        let grams = std::mem::take(&mut block.grams);
        let mut map = memory::with_capacity(grams.len(), WHAT)?;
        for gram in grams.iter() {
            pace.step(32, observer)?;
            map.push(terms.intern(gram)?);
        }
        maps.push(map);
    }
    let pairs = blocks.par_iter_mut().zip(&maps);
    pairs.try_for_each(|(block, map)| rename(block, map, observer))?;
    Ok((Arc::new(terms), blocks))
}

/// Puts a block under common ids, each row in their order.
fn rename(block: &mut Block, map: &[u32], observer: &dyn Observer) -> Result<()> {
    let (mut row, mut pace, mut start) = (Vec::new(), Pace::default(), 0);
    for &length in &block.lengths {
        row.clear();
        memory::reserve(&mut row, length, WHAT)?;
        for place in start..start + length {
            pace.step(1, observer)?;
            row.push((map[block.indices[place] as usize], block.data[place]));
        }
        sorting::sort_by_key(&mut row, observer, |&(term, _)| term)?;
        for (offset, &(term, count)) in row.iter().enumerate() {
            pace.step(1, observer)?;
            block.indices[start + offset] = term;
            block.data[start + offset] = count;
        }
        pace.step(4, observer)?;
        start += length;
    }
    Ok(())
}
