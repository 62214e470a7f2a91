//! Sets: what of each document's shingles others have too, as ranks.
//!
//! Three passes over the documents, each of which makes the hashes anew, since they take more room than
//! the text. The first fills a sieve. The second takes the shingles that are left in it, passes over the
//! documents with so few of them that they are near no other, and counts in how many groups each occurs.
//! The third gives ranks, from rare to common, to those that occur in more than one. Whether two
//! documents are alike is not decided here.

use std::ops::Range;

use super::exact::Groups;
use super::ranking::{Counted, Order};
use super::rule::Rule;
use super::shingles::{Source, narrow, ones};
use super::sieve::Sieve;
use super::verify;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "shingles";

/// The shingle sets of all groups. A shingle with a rank occurs in more than one group that may be near
/// another; the others come before it in the order of every set, and only their number is kept.
pub(super) struct Sets {
    sizes: Vec<u32>,
    ends: Vec<usize>,
    ranks: Vec<u32>,
    places: Vec<u32>,
    distinct: usize,
}

impl Sets {
    /// The shingle sets of every group.
    pub(super) fn build(
        source: &Source<'_>,
        groups: &Groups,
        rules: &[Rule],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let count = groups.len();
        observer.expect(3 * count);
        let cut = source.blocks(count, |group| groups.leader(group));
        let sieve = Self::sieve(source, groups, &cut, observer)?;
        let blocks = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set) = (Runs::default(), Vec::new());
            let mut sizes = memory::with_capacity(block.len(), WHAT)?;
            let mut open = memory::with_capacity(block.len(), WHAT)?;
            let (mut hashes, mut pace) = (Vec::new(), Pace::default());
            for group in block {
                source.fill(groups.leader(group), &mut runs, observer)?;
                let alone = source.set_of(&runs, |hashes| sieve.held(hashes), observer, &mut set)?;
                let size = alone + set.len();
                sizes.push(narrow(size)?);
                if !rules.iter().any(|rule| rule.may_hold(set.len(), size)) {
                    set.clear();
                }
                open.push(!set.is_empty());
                memory::reserve(&mut hashes, set.len(), WHAT)?;
                for &(hash, _) in &set {
                    pace.step(1, observer)?;
                    hashes.push(hash);
                }
            }
            drop((runs, set));
            Ok(((sizes, open), Counted::of(hashes, observer)?))
        })?;
        let (known, blocks): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
        let ranks = Order::of(&blocks, observer)?;
        drop(blocks);
        let (sizes, open): (Vec<_>, Vec<_>) = known.into_iter().unzip();
        let sizes = memory::concat(sizes, WHAT, observer)?;
        let open = memory::concat(open, WHAT, observer)?;
        let ranked = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set) = (Runs::default(), Vec::new());
            let mut lengths = memory::with_capacity(block.len(), WHAT)?;
            let mut found = Vec::new();
            for group in block {
                if !open[group] {
                    lengths.push(0);
                    continue;
                }
                source.fill(groups.leader(group), &mut runs, observer)?;
                set.clear();
                source.each(&runs, observer, |hashes, first| {
                    for index in ones(sieve.held(hashes)) {
                        if let Some(rank) = ranks.rank(hashes[index as usize]) {
                            memory::push(&mut set, (rank, first + index), WHAT)?;
                        }
                    }
                    Ok(())
                })?;
                sorting::sort_by_key(&mut set, observer, |&entry| entry)?;
                verify::keep_distinct(&mut set, &runs.terms, source.words(), observer)?;
                lengths.push(set.len());
                memory::append(&mut found, &set, WHAT, observer)?;
            }
            Ok((lengths, found))
        })?;
        let distinct = ranks.len();
        drop((ranks, sieve));
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

    /// The sieve with the shingles of every group.
    fn sieve(
        source: &Source<'_>,
        groups: &Groups,
        cut: &[Range<usize>],
        observer: &dyn Observer,
    ) -> Result<Sieve> {
        let (mut shingles, mut pace) = (0, Pace::default());
        for group in 0..groups.len() {
            pace.step(1, observer)?;
            shingles += source.units(groups.leader(group));
        }
        let sieve = Sieve::new(shingles)?;
        parallel::map_blocks(cut, observer, |block| {
            let mut runs = Runs::default();
            for group in block {
                source.fill(groups.leader(group), &mut runs, observer)?;
                source.each(&runs, observer, |hashes, _| {
                    sieve.put(hashes);
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(sieve)
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

    /// Number of shingles of a group that no other group has, of those that may be near another.
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
