//! Shingles: documents become sets of n neighbouring terms, words or characters.
//!
//! Two passes. The first counts in how many groups each shingle occurs and keeps nothing but
//! hashes; the second gives ranks, from rare to common, to the shingles that occur more than once.
//! Whether two documents are alike is not decided here.

use std::ops::Range;

use rayon::prelude::*;

use super::characters;
use super::exact::Groups;
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

const WHAT: &str = "shingles";

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

    /// Calls `emit` with the hash and the first place of every shingle, in text order.
    fn each(
        &self,
        runs: &Runs,
        observer: &dyn Observer,
        mut emit: impl FnMut(u64, u32) -> Result<()>,
    ) -> Result<()> {
        let (mut start, mut pace) = (0, Pace::default());
        for run in runs.iter() {
            for (offset, shingle) in run.windows(self.words()).enumerate() {
                pace.step(4 + shingle.len() / 4, observer)?;
                emit(hash::terms64(shingle), narrow(start + offset)?)?;
            }
            pace.step(1, observer)?;
            start += run.len();
        }
        Ok(())
    }

    /// Fills `set` with the hash and a place of each distinct shingle, by hash.
    pub(super) fn set(&self, runs: &Runs, observer: &dyn Observer, set: &mut Vec<(u64, u32)>) -> Result<()> {
        set.clear();
        // Nearly every place starts a shingle; growing step by step would need twice the memory.
        memory::reserve(set, runs.terms.len(), WHAT)?;
        self.each(runs, observer, |hash, place| {
            memory::push(set, (hash, place), WHAT)
        })?;
        sorting::sort_by_key(set, observer, |&entry| entry)?;
        verify::keep_distinct(set, &runs.terms, self.words(), observer)
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
    fn of(sizes: Vec<u32>, found: Vec<u64>, observer: &dyn Observer) -> Result<Self> {
        let mut steps = Pace::default();
        let mut next = vec![0; PARTS];
        for &hash in &found {
            steps.step(1, observer)?;
            next[part(hash)] += 1;
        }
        let mut total = 0;
        for place in &mut next {
            total += std::mem::replace(place, total);
        }
        let mut hashes = memory::zeroed(if sizes.len() == 1 { 0 } else { total }, WHAT)?;
        for &hash in &found {
            steps.step(1, observer)?;
            let place = &mut next[part(hash)];
            // The set of one group is in the order of its hashes already.
            if let Some(there) = hashes.get_mut(*place) {
                *there = hash;
            }
            *place += 1;
        }
        // After filling, the next place of each part is its end.
        Ok(Self {
            hashes: if sizes.len() == 1 { found } else { hashes },
            sizes,
            ends: next,
        })
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
    starts: Vec<u32>,
    shift: u32,
}

impl Order {
    fn of(blocks: &[Counted], observer: &dyn Observer) -> Result<Self> {
        let counted: Vec<Vec<(u64, u32)>> = (0..PARTS)
            .into_par_iter()
            .map(|part| often(blocks, part, observer))
            .collect::<Result<_>>()?;
        // Parts are ranges of hashes, so this is the order of the hashes.
        let often = memory::concat(counted, WHAT, observer)?;
        let count = narrow(often.len())?;
        let mut pace = Pace::default();
        let mut order = memory::with_capacity(often.len(), WHAT)?;
        for index in 0..count {
            pace.step(1, observer)?;
            order.push(index);
        }
        sorting::sort_by_key(&mut order, observer, |&index: &u32| {
            (often[index as usize].1, index)
        })?;
        let mut ranks = memory::zeroed(often.len(), WHAT)?;
        for (rank, &index) in (0..).zip(&order) {
            pace.step(1, observer)?;
            ranks[index as usize] = rank;
        }
        drop(order);
        let hashes = memory::collect(often.iter().map(|&(hash, _)| hash), WHAT, observer)?;
        drop(often);
        // About one hash a bucket: a look-up costs two reads.
        let bits = hashes.len().max(2).next_power_of_two().ilog2();
        let shift = u64::BITS - bits;
        let mut starts = memory::with_capacity((1 << bits) + 1, WHAT)?;
        for (index, &hash) in (0..).zip(&hashes) {
            pace.step(1, observer)?;
            while starts.len() as u64 <= hash >> shift {
                starts.push(index);
            }
        }
        while starts.len() <= 1 << bits {
            pace.step(1, observer)?;
            starts.push(count);
        }
        Ok(Self {
            hashes,
            ranks,
            starts,
            shift,
        })
    }

    fn rank(&self, hash: u64) -> Option<u32> {
        let bucket = usize::try_from(hash >> self.shift).ok()?;
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let found = self.hashes[range.clone()]
            .iter()
            .position(|&other| other == hash)?;
        Some(self.ranks[range.start + found])
    }
}

/// The hashes of one part that occur in several groups, and in how many.
fn often(blocks: &[Counted], part: usize, observer: &dyn Observer) -> Result<Vec<(u64, u32)>> {
    let total = blocks.iter().map(|block| block.part(part).len()).sum();
    let mut hashes = memory::with_capacity(total, WHAT)?;
    for block in blocks {
        memory::append(&mut hashes, block.part(part), WHAT, observer)?;
    }
    sorting::sort_by_key(&mut hashes, observer, |&hash| hash)?;
    let (mut often, mut pace) = (Vec::new(), Pace::default());
    for same in hashes.chunk_by(|left, right| left == right) {
        pace.step(same.len(), observer)?;
        // A shingle of one group cannot be shared: it only counts in lengths.
        if same.len() > 1 {
            memory::push(&mut often, (same[0], narrow(same.len())?), WHAT)?;
        }
    }
    Ok(often)
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
            let mut sizes = memory::with_capacity(block.len(), WHAT)?;
            let (mut hashes, mut pace) = (Vec::new(), Pace::default());
            for group in block {
                source.fill(groups.leader(group), &mut runs, observer)?;
                source.set(&runs, observer, &mut set)?;
                sizes.push(narrow(set.len())?);
                memory::reserve(&mut hashes, set.len(), WHAT)?;
                for &(hash, _) in &set {
                    pace.step(1, observer)?;
                    hashes.push(hash);
                }
            }
            drop((runs, set));
            Counted::of(sizes, hashes, observer)
        })?;
        let ranks = Order::of(&blocks, observer)?;
        let mut sizes = memory::with_capacity(count, WHAT)?;
        for block in blocks {
            memory::append(&mut sizes, &block.sizes, WHAT, observer)?;
        }
        let ranked = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set) = (Runs::default(), Vec::new());
            let mut lengths = memory::with_capacity(block.len(), WHAT)?;
            let mut found = Vec::new();
            for group in block {
                source.fill(groups.leader(group), &mut runs, observer)?;
                set.clear();
                source.each(&runs, observer, |hash, place| match ranks.rank(hash) {
                    Some(rank) => memory::push(&mut set, (rank, place), WHAT),
                    None => Ok(()),
                })?;
                sorting::sort_by_key(&mut set, observer, |&entry| entry)?;
                verify::keep_distinct(&mut set, &runs.terms, source.words(), observer)?;
                lengths.push(set.len());
                memory::append(&mut found, &set, WHAT, observer)?;
            }
            Ok((lengths, found))
        })?;
        let distinct = ranks.hashes.len();
        drop(ranks);
        let total = ranked.iter().map(|(_, found)| found.len()).sum();
        let mut sets = Self {
            sizes,
            ends: memory::with_capacity(count, WHAT)?,
            ranks: memory::with_capacity(total, WHAT)?,
            places: memory::with_capacity(total, WHAT)?,
            distinct,
        };
        let (mut end, mut pace) = (0, Pace::default());
        for (lengths, found) in ranked {
            for length in lengths {
                pace.step(1, observer)?;
                end += length;
                sets.ends.push(end);
            }
            for (rank, place) in found {
                pace.step(1, observer)?;
                sets.ranks.push(rank);
                sets.places.push(place);
            }
        }
        Ok(sets)
    }

    fn range(&self, group: usize) -> Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        start..self.ends[group]
    }

    /// Number of ranks in all sets.
    pub(super) fn len(&self) -> usize {
        self.ranks.len()
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
