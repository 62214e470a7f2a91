//! Shingles: n neighbouring terms of a document, words or characters, and their hashes.
//!
//! Which of them several documents have is told by `sieve` and `ranking`; `sets` keeps those.

use std::ops::Range;

use super::characters;
use super::near::{Options, Unit};
use super::verify;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::{Runs, View};
use crate::error::{Cause, Error, Result};
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Units of a block: terms, or bytes of text for shingles of characters.
const BLOCK_UNITS: usize = 1 << 17;

/// Hashes that are handled together: one for each bit of a word.
pub(super) const ROW: usize = u64::BITS as usize;

const WHAT: &str = "shingles";

/// Fits a number of documents, terms or shingles into 32 bits.
pub(super) fn narrow(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| {
        Error::Limit(Cause::sentence(format!(
            "There are {number} documents or shingles of one kind, more than 32 bits can count; \
             split the corpus."
        )))
    })
}

/// The places of the bits that are set, from the lowest on.
pub(super) fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros();
        (bits != 0).then(|| {
            bits &= bits - 1;
            place
        })
    })
}

/// Where the terms of documents come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'view> {
    view: &'view View,
    options: Options,
}

impl<'view> Source<'view> {
    pub(super) fn new(view: &'view View, options: Options) -> Self {
        Self { view, options }
    }

    /// Terms of a shingle.
    pub(super) fn words(&self) -> usize {
        self.options.shingle
    }

    /// What a shingle is made of.
    pub(super) fn unit(&self) -> Unit {
        self.options.unit
    }

    /// The view that the terms of words belong to.
    pub(super) fn view(&self) -> &'view View {
        self.view
    }

    /// Number of documents.
    pub(super) fn documents(&self) -> usize {
        self.view.documents()
    }

    /// What a document costs, for cutting blocks.
    pub(super) fn units(&self, row: usize) -> usize {
        match self.options.unit {
            Unit::Word => self.view.tokens().ids(row).len(),
            Unit::Char => self.view.tokens().arena().text(row).len(),
        }
    }

    /// Blocks of equal work over `count` things, each of which stands in a row.
    pub(super) fn blocks(&self, count: usize, row: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
        parallel::blocks(count, BLOCK_UNITS, |index| self.units(row(index)))
    }

    /// Fills `runs` with the terms of a document, words or characters.
    pub(super) fn fill(&self, row: usize, runs: &mut Runs, observer: &dyn Observer) -> Result<()> {
        match self.options.unit {
            Unit::Word => self.view.runs(row, self.options.across_gaps, runs, observer),
            Unit::Char => {
                let pieces = self.view.tokens().arena().pieces(row).map(|(_, piece)| piece);
                characters::fill(pieces, self.options.across_gaps, runs, observer)
            }
        }
    }

    /// Numbers for a term that do not depend on the other documents.
    pub(super) fn portable(&self, term: u32) -> [u32; 2] {
        let hash = match self.options.unit {
            Unit::Word => hash::bytes64(self.view.terms().term(term).as_bytes()),
            Unit::Char => term.into(),
        };
        // Masked or shifted: nothing is lost.
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        [(hash >> 32) as u32, hash as u32]
    }

    /// Whether the document has a shingle at all.
    pub(super) fn is_long_enough(&self, runs: &Runs) -> bool {
        runs.iter().any(|run| run.len() >= self.words())
    }

    /// Calls `emit` with the hashes of up to [`ROW`] neighbouring shingles and the place of the first,
    /// in text order.
    pub(super) fn each(
        &self,
        runs: &Runs,
        observer: &dyn Observer,
        mut emit: impl FnMut(&[u64], u32) -> Result<()>,
    ) -> Result<()> {
        narrow(runs.terms.len())?;
        let words = self.words();
        let (mut hashes, mut pace) = ([0; ROW], Pace::default());
        let mut start = 0;
        for run in runs.iter() {
            let (mut first, mut rest) = (start, run);
            while rest.len() >= words {
                let count = ROW.min(rest.len() - words + 1);
                pace.step(count * (4 + words / 4), observer)?;
                for (hash, shingle) in hashes.iter_mut().zip(rest.windows(words)) {
                    *hash = hash::shingle64(shingle);
                }
                emit(&hashes[..count], first)?;
                first += narrow(count)?;
                rest = &rest[count..];
            }
            pace.step(1, observer)?;
            start += narrow(run.len())?;
        }
        Ok(())
    }

    /// Fills `set` with the hash and a place of each distinct shingle, by hash.
    pub(super) fn set(&self, runs: &Runs, observer: &dyn Observer, set: &mut Vec<(u64, u32)>) -> Result<()> {
        set.clear();
        // Nearly every place starts a shingle; growing step by step would need twice the memory.
        memory::reserve(set, runs.terms.len(), WHAT)?;
        self.set_of(runs, |hashes| u64::MAX >> (ROW - hashes.len()), observer, set)?;
        Ok(())
    }

    /// The same of some shingles; `wanted` tells which ones of a row, by the bits of its answer, the
    /// lowest for the first. Tells how many others there are.
    pub(super) fn set_of(
        &self,
        runs: &Runs,
        wanted: impl Fn(&[u64]) -> u64,
        observer: &dyn Observer,
        set: &mut Vec<(u64, u32)>,
    ) -> Result<usize> {
        set.clear();
        let mut others = 0;
        self.each(runs, observer, |hashes, first| {
            let wanted = wanted(hashes);
            others += hashes.len() - wanted.count_ones() as usize;
            for index in ones(wanted) {
                memory::push(set, (hashes[index as usize], first + index), WHAT)?;
            }
            Ok(())
        })?;
        sorting::sort_by_key(set, observer, |&entry| entry)?;
        verify::keep_distinct(set, &runs.terms, self.words(), observer)?;
        Ok(others)
    }
}
