//! The index of shingles: which groups show a shingle, as lists that can be skipped through.
//!
//! Beside the lists stands, for every stretch of 64 entries and every stretch of such stretches, how
//! large a set can be that still finds a partner in it. A list of a hundred thousand groups that
//! share a page's furniture and nothing else is passed over in one step. What a shingle is and who
//! looks for whom is not known here.

use std::ops::Range;

use super::sets::Sets;
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Entries, or stretches, under one number.
const FAN: usize = 64;

const WHAT: &str = "the search for similar documents";

/// A shingle that a group shows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Posting {
    /// The place of the group in the order of sizes.
    pub(super) turn: u32,
    /// The place of the shingle among the group's shingles that have a rank.
    pub(super) place: u32,
}

/// Lists of postings by rank.
pub(super) struct Index {
    starts: Vec<usize>,
    lengths: Vec<u32>,
    postings: Vec<Posting>,
    /// The farthest reach in each stretch: of entries, of stretches, and so on.
    reaches: Vec<Vec<u32>>,
}

impl Index {
    /// An index without entries, and room for those that the groups show; `shown` tells how many
    /// ranks of a group that is.
    pub(super) fn with_room(
        sets: &Sets,
        groups: impl Iterator<Item = usize>,
        shown: impl Fn(usize) -> usize,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut pace = Pace::default();
        let mut starts = memory::zeroed::<usize>(sets.distinct() + 1, WHAT)?;
        for group in groups {
            pace.step(32, observer)?;
            for &rank in &sets.ranks(group)[..shown(group)] {
                pace.step(2, observer)?;
                starts[rank as usize] += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            pace.step(1, observer)?;
            total += std::mem::replace(start, total);
        }
        let mut reaches = Vec::new();
        let mut stretches = total.div_ceil(FAN);
        while stretches > 0 {
            reaches.push(memory::zeroed(stretches, WHAT)?);
            stretches = if stretches == 1 {
                0
            } else {
                stretches.div_ceil(FAN)
            };
        }
        Ok(Self {
            lengths: memory::zeroed(sets.distinct(), WHAT)?,
            postings: memory::filled(&Posting::default(), total, WHAT, observer)?,
            starts,
            reaches,
        })
    }

    /// Puts an entry at the end of a list, which has room for it.
    pub(super) fn append(&mut self, rank: u32, posting: Posting, reach: u32) {
        let length = &mut self.lengths[rank as usize];
        let mut place = self.starts[rank as usize] + *length as usize;
        *length += 1;
        self.postings[place] = posting;
        for level in &mut self.reaches {
            place /= FAN;
            if level[place] >= reach {
                break;
            }
            level[place] = reach;
        }
    }

    /// Where the list of a rank stands.
    pub(super) fn list(&self, rank: u32) -> Range<usize> {
        let start = self.starts[rank as usize];
        start..start + self.lengths[rank as usize] as usize
    }

    /// The part of a list, sorted by turn, whose turns lie in `turns`.
    pub(super) fn between(&self, list: Range<usize>, turns: &Range<usize>) -> Range<usize> {
        let entries = &self.postings[list.clone()];
        let first = entries.partition_point(|posting| (posting.turn as usize) < turns.start);
        let count = entries[first..].partition_point(|posting| (posting.turn as usize) < turns.end);
        list.start + first..list.start + first + count
    }

    /// Where the entries from `place` on stop being those that `same` tells.
    pub(super) fn while_same(&self, list: &Range<usize>, same: impl Fn(Posting) -> bool) -> usize {
        list.start + self.postings[list.clone()].partition_point(|&posting| same(posting))
    }

    /// The entry at a place.
    pub(super) fn at(&self, place: usize) -> Posting {
        self.postings[place]
    }

    /// The entries of a part of a list that may be partners of a set of `size` shingles.
    pub(super) fn walk(&self, list: Range<usize>, size: u32) -> Walk<'_> {
        Walk {
            index: self,
            list,
            size,
        }
    }

    /// The first place from `at` on, below or at `end`, that does not begin a stretch in which no
    /// set of `size` shingles has a partner.
    fn skip(&self, mut at: usize, end: usize, size: u32) -> usize {
        while at < end && at.is_multiple_of(FAN) {
            let (mut width, mut hopeless) = (FAN, 0);
            for level in &self.reaches {
                if !at.is_multiple_of(width) || level[at / width] >= size {
                    break;
                }
                hopeless = width;
                width *= FAN;
            }
            if hopeless == 0 {
                break;
            }
            at += hopeless;
        }
        at.min(end)
    }
}

/// A way through a list that leaves out stretches without hope.
pub(super) struct Walk<'index> {
    index: &'index Index,
    list: Range<usize>,
    size: u32,
}

impl Iterator for Walk<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        self.list.start = self.index.skip(self.list.start, self.list.end, self.size);
        let place = self.list.next()?;
        Some(self.index.at(place))
    }
}
