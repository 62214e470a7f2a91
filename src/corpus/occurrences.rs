//! The n-grams of one block of documents: found, counted, and put under their last ids.
//!
//! A block counts under ids of its own, so that blocks need not wait for each other; what is common to
//! all of them is in `ngrams.rs`.

use std::ops::Range;

use super::alphabet::Alphabet;
use super::counts::WHAT;
use super::ngrams::Within;
use super::pace::Pace;
use super::selection::Selection;
use super::shards::{DROPPED, Parts};
use super::sorting;
use super::trie::{ROOT, Trie};
use super::views::View;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// Marks the place of a removed token.
const GAP: u32 = u32::MAX;

/// The terms of one document with its gaps, cut where no n-gram may reach across.
#[derive(Default)]
struct Places {
    terms: Vec<u32>,
    ends: Vec<usize>,
    /// Terms that are no gaps.
    words: u64,
}

impl Places {
    fn read(
        &mut self,
        view: &View,
        row: usize,
        across_gaps: bool,
        within: Within<'_>,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        self.terms.clear();
        self.ends.clear();
        self.words = 0;
        let tokens = view.tokens().ids(row).len();
        memory::reserve(&mut self.terms, tokens, WHAT)?;
        let mut next = 0;
        for (term, place) in view.kept(row) {
            pace.step(1 + (place - next) / 8, observer)?;
            if let Within::Segments(segments, unit) = within {
                for between in next..=place {
                    pace.step(1, observer)?;
                    if segments.begins(unit, row, between) {
                        memory::push(&mut self.ends, self.terms.len(), WHAT)?;
                    }
                    if between < place && !across_gaps {
                        self.terms.push(GAP);
                    }
                }
            } else if !across_gaps {
                self.terms.resize(self.terms.len() + place - next, GAP);
            }
            self.terms.push(term);
            self.words += 1;
            next = place + 1;
        }
        memory::push(&mut self.ends, self.terms.len(), WHAT)
    }
}

/// The n-grams of one block of documents, under ids of its own.
pub(super) struct Block {
    /// Every sequence, dealt to the shards, and in how many documents it stands as an n-gram.
    pub(super) parts: Parts,
    pub(super) documents: Vec<u32>,
    /// N-grams in the order of their first occurrence, if that is not the order of the ids.
    pub(super) order: Option<Vec<u32>>,
    /// Cells of each document, and all of them.
    pub(super) lengths: Vec<usize>,
    pub(super) indices: Vec<u32>,
    pub(super) data: Vec<u32>,
    /// Words of each document.
    pub(super) totals: Vec<u64>,
}

/// A block that is being counted.
struct Counting<'a> {
    alphabet: &'a Alphabet<'a>,
    selection: Selection,
    grams: Trie,
    /// How often each n-gram stands in this document, and which do.
    times: Vec<u32>,
    found: Vec<u32>,
    /// The sequences that begin at one place, with the places of their last terms.
    reached: Vec<(u32, usize)>,
    further: Vec<(u32, usize)>,
    pace: Pace,
}

impl Counting<'_> {
    /// One more occurrence of an n-gram.
    #[inline]
    fn note(&mut self, gram: u32) -> Result<()> {
        let place = gram as usize;
        lengthen(&mut self.times, place + 1)?;
        if self.times[place] == 0 {
            memory::push(&mut self.found, gram, WHAT)?;
        }
        self.times[place] = self.times[place].checked_add(1).ok_or_else(too_often)?;
        Ok(())
    }

    /// The plain n-grams of a run of places.
    fn plain(&mut self, places: &[u32], observer: &dyn Observer) -> Result<()> {
        let Selection {
            shortest, longest, ..
        } = self.selection;
        for run in places.split(|&term| term == GAP) {
            for start in 0..(run.len() + 1).saturating_sub(shortest) {
                let gram = &run[start..run.len().min(start + longest)];
                self.pace.step(8 * gram.len(), observer)?;
                let mut at = ROOT;
                for (before, &term) in gram.iter().enumerate() {
                    at = self.alphabet.follow(&mut self.grams, at, term)?;
                    if before + 1 >= shortest {
                        self.note(at)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The skip-grams of a run of places.
    fn skipping(&mut self, places: &[u32], observer: &dyn Observer) -> Result<()> {
        let Selection {
            shortest,
            longest,
            skips,
            ..
        } = self.selection;
        for (start, &term) in places.iter().enumerate() {
            if term == GAP {
                continue;
            }
            self.reached.clear();
            let at = self.alphabet.follow(&mut self.grams, ROOT, term)?;
            self.reached.push((at, start));
            for length in 1..=longest {
                if length >= shortest {
                    for number in 0..self.reached.len() {
                        self.note(self.reached[number].0)?;
                    }
                }
                if length == longest {
                    break;
                }
                self.further.clear();
                for number in 0..self.reached.len() {
                    let (from, place) = self.reached[number];
                    for skip in skips.iter() {
                        self.pace.step(8, observer)?;
                        let Some(&term) = places.get(place + 1 + skip).filter(|&&term| term != GAP) else {
                            continue;
                        };
                        let at = self.alphabet.follow(&mut self.grams, from, term)?;
                        memory::push(&mut self.further, (at, place + 1 + skip), WHAT)?;
                    }
                }
                std::mem::swap(&mut self.reached, &mut self.further);
            }
        }
        Ok(())
    }
}

/// Adds zeros up to a length.
#[inline]
pub(super) fn lengthen(counts: &mut Vec<u32>, length: usize) -> Result<()> {
    if length > counts.len() {
        let more = length - counts.len();
        memory::reserve(counts, more, WHAT)?;
        counts.resize(length, 0);
    }
    Ok(())
}

#[cold]
fn too_often() -> Error {
    Error::Limit(Cause::sentence(
        "One n-gram stands in one document more often than 32 bits can count; split the document or ask for fewer \
         lengths of n-grams.",
    ))
}

/// Counts the n-grams of some documents.
pub(super) fn count_block(
    view: &View,
    alphabet: &Alphabet<'_>,
    selection: Selection,
    within: Within<'_>,
    rows: Range<usize>,
    observer: &dyn Observer,
) -> Result<Block> {
    let mut block = Block {
        parts: Parts::default(),
        documents: Vec::new(),
        order: alphabet.splits().then(Vec::new),
        lengths: memory::with_capacity(rows.len(), WHAT)?,
        indices: Vec::new(),
        data: Vec::new(),
        totals: memory::with_capacity(rows.len(), WHAT)?,
    };
    let mut counting = Counting {
        alphabet,
        selection,
        grams: Trie::default(),
        times: Vec::new(),
        found: Vec::new(),
        reached: Vec::new(),
        further: Vec::new(),
        pace: Pace::default(),
    };
    let mut places = Places::default();
    for row in rows {
        counting.pace.step(32, observer)?;
        places.read(
            view,
            row,
            selection.across_gaps,
            within,
            &mut counting.pace,
            observer,
        )?;
        let mut start = 0;
        for &end in &places.ends {
            if selection.skips.none() {
                counting.plain(&places.terms[start..end], observer)?;
            } else {
                counting.skipping(&places.terms[start..end], observer)?;
            }
            start = end;
        }
        block.totals.push(places.words);
        block.close(&mut counting, observer)?;
    }
    let nodes = counting.grams.into_nodes();
    lengthen(&mut block.documents, nodes.len())?;
    block.parts = Parts::of(&nodes, alphabet.splits(), observer)?;
    Ok(block)
}

impl Block {
    /// Ends a document.
    fn close(&mut self, counting: &mut Counting<'_>, observer: &dyn Observer) -> Result<()> {
        let grams = counting.grams.len();
        lengthen(&mut self.documents, grams)?;
        memory::reserve(&mut self.indices, counting.found.len(), WHAT)?;
        memory::reserve(&mut self.data, counting.found.len(), WHAT)?;
        for &gram in &counting.found {
            counting.pace.step(1, observer)?;
            let documents = &mut self.documents[gram as usize];
            if let Some(order) = self.order.as_mut().filter(|_| *documents == 0) {
                memory::push(order, gram, WHAT)?;
            }
            *documents += 1;
            self.indices.push(gram);
            self.data.push(std::mem::take(&mut counting.times[gram as usize]));
        }
        self.lengths.push(counting.found.len());
        counting.found.clear();
        Ok(())
    }

    /// Puts the cells under their last ids, each row in the order of these; `ids` of the n-grams of
    /// this block.
    pub(super) fn rename(&mut self, ids: &[u32], observer: &dyn Observer) -> Result<()> {
        let (mut row, mut pace, mut start, mut kept) = (Vec::new(), Pace::default(), 0, 0);
        for length in &mut self.lengths {
            row.clear();
            memory::reserve(&mut row, *length, WHAT)?;
            for place in start..start + *length {
                pace.step(1, observer)?;
                let id = ids[self.indices[place] as usize];
                if id != DROPPED {
                    row.push((id, self.data[place]));
                }
            }
            start += *length;
            sorting::sort_by_key(&mut row, observer, |&(term, _)| term)?;
            for &(term, count) in &row {
                pace.step(1, observer)?;
                self.indices[kept] = term;
                self.data[kept] = count;
                kept += 1;
            }
            pace.step(4, observer)?;
            *length = row.len();
        }
        self.indices.truncate(kept);
        self.data.truncate(kept);
        Ok(())
    }
}
