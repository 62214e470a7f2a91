//! Shingles: documents become sets of n neighbouring terms, words or characters.
//!
//! Two passes. The first counts in how many groups each shingle occurs and keeps nothing but
//! hashes; the second gives ranks, from rare to common, to the shingles that occur more than once.
//! Whether two documents are alike is not decided here.

use std::ops::Range;

use rayon::prelude::*;

use super::exact::Groups;
use super::near::{Options, Unit};
use super::verify;
use crate::corpus::views::{Runs, View};
use crate::error::{Cause, Error, Result};
use crate::hash;
use crate::observer::Observer;
use crate::parallel;
use crate::text::normalize;

/// Units of a block: terms, or bytes of text for shingles of characters.
const BLOCK_UNITS: usize = 1 << 17;

/// Shingles between two questions to the observer: well below a millisecond.
const CHECK_SHINGLES: usize = 1 << 13;

/// Parts into which hashes are cut to be counted, by their upper byte.
const PARTS: usize = 256;

/// Fits a number of documents, terms or shingles into 32 bits.
pub(super) fn narrow(number: usize) -> Result<u32> {
    u32::try_from(number).map_err(|_| {
        Error::Limit(Cause::sentence(format!(
            "There are {number} documents or shingles of one kind, more than 32 bits can count; \
             split the corpus."
        )))
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

    /// Number of documents.
    pub(super) fn documents(&self) -> usize {
        self.view.documents()
    }

    /// What a document costs, for cutting blocks.
    fn units(&self, row: usize) -> usize {
        match self.options.unit {
            Unit::Word => self.view.tokens().ids(row).len(),
            Unit::Char => self.view.tokens().arena().text(row).len(),
        }
    }

    /// Blocks of equal work over `count` things, each of which stands in a row.
    pub(super) fn blocks(&self, count: usize, row: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
        parallel::blocks(count, BLOCK_UNITS, |index| self.units(row(index)))
    }

    /// Fills `runs` with the terms of a document. Characters are terms too: those of the text in
    /// lower case, each stretch of white space as one space.
    pub(super) fn fill(&self, row: usize, runs: &mut Runs) {
        if self.options.unit == Unit::Word {
            self.view.runs(row, self.options.across_gaps, runs);
            return;
        }
        runs.terms.clear();
        runs.places.clear();
        runs.ends.clear();
        let mut spaced = false;
        for character in normalize::lower(self.view.tokens().arena().text(row)).chars() {
            let space = character.is_whitespace();
            if !(space && spaced) {
                runs.terms.push(u32::from(if space { ' ' } else { character }));
            }
            spaced = space;
        }
        if !runs.terms.is_empty() {
            runs.ends.push(runs.terms.len());
        }
    }

    /// Whether the document has a shingle at all.
    pub(super) fn is_long_enough(&self, runs: &Runs) -> bool {
        runs.iter().any(|run| run.len() >= self.words())
    }

    /// Calls `emit` with the hash and the first place of every shingle, in text order.
    fn each(&self, runs: &Runs, observer: &dyn Observer, mut emit: impl FnMut(u64, u32)) -> Result<()> {
        let (mut start, mut seen) = (0, 0usize);
        for run in runs.iter() {
            for (offset, shingle) in run.windows(self.words()).enumerate() {
                seen += 1;
                if seen % CHECK_SHINGLES == 0 {
                    observer.check()?;
                }
                emit(hash::terms64(shingle), narrow(start + offset)?);
            }
            start += run.len();
        }
        Ok(())
    }

    /// Fills `set` with the hash and a place of each distinct shingle, by hash.
    pub(super) fn set(&self, runs: &Runs, observer: &dyn Observer, set: &mut Vec<(u64, u32)>) -> Result<()> {
        set.clear();
        self.each(runs, observer, |hash, place| set.push((hash, place)))?;
        set.sort_unstable();
        observer.check()?;
        verify::keep_distinct(set, &runs.terms, self.words());
        Ok(())
    }
}

/// The hashes of one block of groups, cut into parts by their upper byte.
struct Counted {
    sizes: Vec<u32>,
    hashes: Vec<u64>,
    ends: Vec<usize>,
}

/// The part of a hash.
fn part(hash: u64) -> usize {
    usize::from(hash.to_be_bytes()[0])
}

impl Counted {
    fn of(sizes: Vec<u32>, found: &[u64]) -> Self {
        let mut next = vec![0; PARTS];
        for &hash in found {
            next[part(hash)] += 1;
        }
        let mut total = 0;
        for place in &mut next {
            let count = *place;
            *place = total;
            total += count;
        }
        let mut hashes = vec![0; found.len()];
        for &hash in found {
            let place = &mut next[part(hash)];
            hashes[*place] = hash;
            *place += 1;
        }
        // After filling, the next place of each part is its end.
        Self {
            sizes,
            hashes,
            ends: next,
        }
    }

    fn part(&self, part: usize) -> &[u64] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.hashes[start..self.ends[part]]
    }
}

/// The hashes that occur at least twice, and their ranks by (frequency, hash).
struct Order {
    hashes: Vec<u64>,
    ranks: Vec<u32>,
    starts: Vec<usize>,
    shift: u32,
}

impl Order {
    fn of(blocks: &[Counted], observer: &dyn Observer) -> Result<Self> {
        let counted: Vec<Vec<(u64, u32)>> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                observer.check()?;
                let mut hashes = Vec::with_capacity(blocks.iter().map(|block| block.part(part).len()).sum());
                for block in blocks {
                    hashes.extend_from_slice(block.part(part));
                }
                hashes.sort_unstable();
                let mut often = Vec::new();
                for same in hashes.chunk_by(|left, right| left == right) {
                    // A shingle of one group cannot be shared: it only counts in lengths.
                    if same.len() > 1 {
                        often.push((same[0], narrow(same.len())?));
                    }
                }
                Ok(often)
            })
            .collect::<Result<_>>()?;
        // Parts are ranges of hashes, so this is the order of the hashes.
        let often: Vec<(u64, u32)> = counted.concat();
        drop(counted);
        let mut order: Vec<u32> = (0..narrow(often.len())?).collect();
        order.par_sort_unstable_by_key(|&index| (often[index as usize].1, index));
        observer.check()?;
        let mut ranks = vec![0; often.len()];
        for (rank, &index) in (0..).zip(&order) {
            ranks[index as usize] = rank;
        }
        drop(order);
        let hashes: Vec<u64> = often.iter().map(|&(hash, _)| hash).collect();
        // About one hash a bucket: a look-up costs two reads.
        let bits = hashes.len().max(2).next_power_of_two().ilog2();
        let shift = u64::BITS - bits;
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        for (index, &hash) in hashes.iter().enumerate() {
            while starts.len() as u64 <= hash >> shift {
                starts.push(index);
            }
        }
        starts.resize((1 << bits) + 1, hashes.len());
        Ok(Self {
            hashes,
            ranks,
            starts,
            shift,
        })
    }

    fn rank(&self, hash: u64) -> Option<u32> {
        let bucket = usize::try_from(hash >> self.shift).ok()?;
        let range = self.starts[bucket]..self.starts[bucket + 1];
        let found = self.hashes[range.clone()]
            .iter()
            .position(|&other| other == hash)?;
        Some(self.ranks[range.start + found])
    }
}

/// The shingle sets of all groups. A shingle with a rank occurs in more than one group; the others
/// come before it in the order of every set, and only their number is kept.
pub(super) struct Sets {
    sizes: Vec<u32>,
    ends: Vec<usize>,
    ranks: Vec<u32>,
    places: Vec<u32>,
    distinct: usize,
}

impl Sets {
    /// The shingle sets of every group.
    pub(super) fn build(source: &Source<'_>, groups: &Groups, observer: &dyn Observer) -> Result<Self> {
        let count = groups.len();
        observer.expect(2 * count);
        let cut = source.blocks(count, |group| groups.leader(group));
        let blocks = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set) = (Runs::default(), Vec::new());
            let (mut sizes, mut hashes) = (Vec::with_capacity(block.len()), Vec::new());
            for group in block {
                source.fill(groups.leader(group), &mut runs);
                source.set(&runs, observer, &mut set)?;
                sizes.push(narrow(set.len())?);
                hashes.extend(set.iter().map(|&(hash, _)| hash));
            }
            Ok(Counted::of(sizes, &hashes))
        })?;
        let ranks = Order::of(&blocks, observer)?;
        let sizes = blocks.iter().flat_map(|block| &block.sizes).copied().collect();
        drop(blocks);
        let ranked = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set) = (Runs::default(), Vec::new());
            let (mut lengths, mut found) = (Vec::with_capacity(block.len()), Vec::new());
            for group in block {
                source.fill(groups.leader(group), &mut runs);
                set.clear();
                source.each(&runs, observer, |hash, place| {
                    set.extend(ranks.rank(hash).map(|rank| (rank, place)));
                })?;
                set.sort_unstable();
                verify::keep_distinct(&mut set, &runs.terms, source.words());
                lengths.push(set.len());
                found.extend_from_slice(&set);
            }
            Ok((lengths, found))
        })?;
        let distinct = ranks.hashes.len();
        drop(ranks);
        let total = ranked.iter().map(|(_, found)| found.len()).sum();
        let mut sets = Self {
            sizes,
            ends: Vec::with_capacity(count),
            ranks: Vec::with_capacity(total),
            places: Vec::with_capacity(total),
            distinct,
        };
        let mut end = 0;
        for (lengths, found) in ranked {
            observer.check()?;
            for length in lengths {
                end += length;
                sets.ends.push(end);
            }
            sets.ranks.extend(found.iter().map(|&(rank, _)| rank));
            sets.places.extend(found.iter().map(|&(_, place)| place));
        }
        Ok(sets)
    }

    fn range(&self, group: usize) -> Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        start..self.ends[group]
    }

    /// Number of ranks.
    pub(super) fn distinct(&self) -> usize {
        self.distinct
    }

    /// Number of shingles of each group.
    pub(super) fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    /// Number of shingles of a group.
    pub(super) fn size(&self, group: usize) -> usize {
        self.sizes[group] as usize
    }

    /// Number of shingles of a group that no other group has.
    pub(super) fn alone(&self, group: usize) -> usize {
        self.size(group) - self.range(group).len()
    }

    /// The ranks of a group's shingles, rising.
    pub(super) fn ranks(&self, group: usize) -> &[u32] {
        &self.ranks[self.range(group)]
    }

    /// The first term of the shingle behind each rank.
    pub(super) fn places(&self, group: usize) -> &[u32] {
        &self.places[self.range(group)]
    }

    /// The sizes, once nothing else is needed.
    pub(super) fn into_sizes(self) -> Vec<u32> {
        self.sizes
    }
}
