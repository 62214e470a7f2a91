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
    spans: Vec<Span>,
    blocks: Vec<Block>,
    len: usize,
    distinct: usize,
}

/// Where the ranks of a group stand: in which block, and from where to where in it.
#[derive(Clone, Copy)]
struct Span {
    block: u32,
    start: u32,
    end: u32,
}

/// The ranks of neighbouring groups, and the first term of the shingle behind each. Blocks stay as they
/// were made: one array of all would be there twice while it is filled.
struct Block {
    ranks: Vec<u32>,
    places: Vec<u32>,
}

impl Block {
    fn of(found: &[(u32, u32)], observer: &dyn Observer) -> Result<Self> {
        let (ranks, places) = (
            found.iter().map(|entry| entry.0),
            found.iter().map(|entry| entry.1),
        );
        Ok(Self {
            ranks: memory::collect(ranks, WHAT, observer)?,
            places: memory::collect(places, WHAT, observer)?,
        })
    }
}

/// Documents whose sets are made, block by block.
struct Making<'source> {
    source: &'source Source<'source>,
    groups: &'source Groups,
    rules: &'source [Rule],
    cut: Vec<Range<usize>>,
}

impl Making<'_> {
    fn fill(&self, group: usize, runs: &mut Runs, observer: &dyn Observer) -> Result<()> {
        self.source.fill(self.groups.leader(group), runs, observer)
    }

    /// Empties a set that has too little in common with others to be near any.
    fn empty_unless_open<T>(&self, set: &mut Vec<T>, size: usize) {
        if !self.rules.iter().any(|rule| rule.may_hold(set.len(), size)) {
            set.clear();
        }
    }

    /// The first pass: the sieve with the shingles of every group.
    fn sieve(&self, observer: &dyn Observer) -> Result<Sieve> {
        let (mut shingles, mut pace) = (0, Pace::default());
        for group in 0..self.groups.len() {
            pace.step(1, observer)?;
            shingles += self.source.units(self.groups.leader(group));
        }
        let sieve = Sieve::new(shingles)?;
        parallel::map_blocks(&self.cut, observer, |groups| {
            let mut runs = Runs::default();
            for group in groups {
                self.fill(group, &mut runs, observer)?;
                self.source.each(&runs, observer, |hashes, _| {
                    sieve.put(hashes);
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(sieve)
    }

    /// The second pass over some groups: for each its size and whether it may be near another, and what
    /// those have in the sieve.
    fn count(
        &self,
        groups: Range<usize>,
        sieve: &Sieve,
        observer: &dyn Observer,
    ) -> Result<(Vec<(u32, bool)>, Counted)> {
        let (mut runs, mut set) = (Runs::default(), Vec::new());
        let mut known = memory::with_capacity(groups.len(), WHAT)?;
        let (mut hashes, mut pace) = (Vec::new(), Pace::default());
        for group in groups {
            self.fill(group, &mut runs, observer)?;
            let held = |hashes: &[u64]| sieve.held(hashes);
            let alone = self.source.set_of(&runs, held, observer, &mut set)?;
            let size = alone + set.len();
            self.empty_unless_open(&mut set, size);
            known.push((narrow(size)?, !set.is_empty()));
            memory::reserve(&mut hashes, set.len(), WHAT)?;
            for &(hash, _) in &set {
                pace.step(1, observer)?;
                hashes.push(hash);
            }
        }
        drop((runs, set));
        Ok((known, Counted::of(hashes, observer)?))
    }

    /// The third pass over some groups: how many ranks each has, and which.
    fn rank(
        &self,
        groups: Range<usize>,
        known: &[(u32, bool)],
        (sieve, order): (&Sieve, &Order),
        observer: &dyn Observer,
    ) -> Result<(Vec<usize>, Block)> {
        let (mut runs, mut set) = (Runs::default(), Vec::new());
        let mut lengths = memory::with_capacity(groups.len(), WHAT)?;
        let mut found = Vec::new();
        for group in groups {
            let (size, is_open) = known[group];
            set.clear();
            if is_open {
                self.fill(group, &mut runs, observer)?;
                self.source.each(&runs, observer, |hashes, first| {
                    for index in ones(sieve.held(hashes)) {
                        if let Some(rank) = order.rank(hashes[index as usize]) {
                            memory::push(&mut set, (rank, first + index), WHAT)?;
                        }
                    }
                    Ok(())
                })?;
                sorting::sort_by_key(&mut set, observer, |&entry| entry)?;
                verify::keep_distinct(&mut set, &runs.terms, self.source.words(), observer)?;
                self.empty_unless_open(&mut set, size as usize);
            }
            lengths.push(set.len());
            memory::append(&mut found, &set, WHAT, observer)?;
        }
        drop((runs, set));
        Ok((lengths, Block::of(&found, observer)?))
    }
}

impl Sets {
    /// The shingle sets of every group, as far as pairs that hold to one of the rules need them.
    pub(super) fn build(
        source: &Source<'_>,
        groups: &Groups,
        rules: &[Rule],
        observer: &dyn Observer,
    ) -> Result<Self> {
        observer.expect(3 * groups.len());
        let making = Making {
            source,
            groups,
            rules,
            cut: source.blocks(groups.len(), |group| groups.leader(group)),
        };
        let sieve = making.sieve(observer)?;
        let counted = parallel::map_blocks(&making.cut, observer, |groups| {
            making.count(groups, &sieve, observer)
        })?;
        let (known, counted): (Vec<_>, Vec<_>) = counted.into_iter().unzip();
        let known = memory::concat(known, WHAT, observer)?;
        let order = Order::of(&counted, observer)?;
        drop(counted);
        let ranked = parallel::map_blocks(&making.cut, observer, |groups| {
            making.rank(groups, &known, (&sieve, &order), observer)
        })?;
        let mut sets = Self {
            sizes: memory::collect(known.iter().map(|&(size, _)| size), WHAT, observer)?,
            spans: memory::with_capacity(groups.len(), WHAT)?,
            blocks: memory::with_capacity(ranked.len(), WHAT)?,
            len: 0,
            distinct: order.len(),
        };
        for (lengths, block) in ranked {
            observer.check()?;
            let (number, mut start) = (narrow(sets.blocks.len())?, 0);
            for length in lengths {
                let end = start + narrow(length)?;
                sets.spans.push(Span {
                    block: number,
                    start,
                    end,
                });
                start = end;
            }
            sets.len += block.ranks.len();
            sets.blocks.push(block);
        }
        Ok(sets)
    }

    fn span(&self, group: usize) -> (&Block, Range<usize>) {
        let Span { block, start, end } = self.spans[group];
        (&self.blocks[block as usize], start as usize..end as usize)
    }

    /// Number of ranks in all sets.
    pub(super) fn len(&self) -> usize {
        self.len
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
        self.size(group) - self.ranks(group).len()
    }

    /// The ranks of a group's shingles, rising.
    pub(super) fn ranks(&self, group: usize) -> &[u32] {
        let (block, range) = self.span(group);
        &block.ranks[range]
    }

    /// The first term of the shingle behind each rank.
    pub(super) fn places(&self, group: usize) -> &[u32] {
        let (block, range) = self.span(group);
        &block.places[range]
    }

    /// The sizes, once nothing else is needed.
    pub(super) fn into_sizes(self) -> Vec<u32> {
        self.sizes
    }
}
