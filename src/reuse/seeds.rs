//! Seeds: short rows of units that stand in several documents.
//!
//! Winnowing picks, of every few neighbouring rows, the one with the least hash: whatever two
//! documents share over a stretch of a promised length, they share a picked row at the same place
//! of it. With a window of one every row is picked. A seed is only a hint; `matches` looks at the units.

use std::collections::VecDeque;
use std::ops::Range;

use super::near::Unit;
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "seeds of passages";

/// Units in one block of documents.
const BLOCK_UNITS: usize = 1 << 17;

/// Places of one seed in one document that are followed. A text made of one phrase again and again
/// has more, and each of them would meet each of the other document.
const MOST_PLACES: usize = 64;

/// How seeds are picked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picking {
    /// Units in a seed.
    pub(super) length: usize,
    /// Neighbouring rows of which one is picked.
    pub(super) window: usize,
}

impl Picking {
    /// Seeds of at most `length` units, one in every stretch of `promised`.
    pub(super) fn new(length: usize, promised: usize) -> Self {
        let length = length.min(promised).max(1);
        Self {
            length,
            window: (promised + 1).saturating_sub(length).max(1),
        }
    }

    /// Calls `emit` with hash and place of every picked row, in text order.
    fn each<U>(
        self,
        units: &[U],
        hash: impl Fn(&[U]) -> u64,
        observer: &dyn Observer,
        mut emit: impl FnMut(u64, u32) -> Result<()>,
    ) -> Result<()> {
        // Places whose hashes are smaller than all that follow them; the first is the least.
        let mut least: VecDeque<(u64, u32)> = VecDeque::new();
        let (mut pace, mut picked) = (Pace::default(), None);
        for (place, row) in (0..).zip(units.windows(self.length)) {
            pace.step(4 + self.length, observer)?;
            let hash = hash(row);
            // Of equal hashes the last: the choice depends on the window alone.
            while least.back().is_some_and(|&(other, _)| other >= hash) {
                least.pop_back();
            }
            least.push_back((hash, place));
            if least
                .front()
                .is_some_and(|&(_, first)| first as usize + self.window <= place as usize)
            {
                least.pop_front();
            }
            if place as usize + 1 >= self.window
                && let Some(&(hash, first)) = least.front()
                && picked != Some(first)
            {
                picked = Some(first);
                emit(hash, first)?;
            }
        }
        Ok(())
    }
}

/// A seed and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    hash: u64,
    row: u32,
    place: u32,
}

/// A place of a seed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Posting {
    pub(super) row: u32,
    pub(super) place: u32,
}

/// The seeds that stand in more than one document.
pub(super) struct Seeds {
    postings: Vec<Posting>,
    /// Where the postings of each group (one hash) end.
    ends: Vec<usize>,
    /// The groups of each document with its places, in text order.
    own: Vec<(u32, u32)>,
    own_ends: Vec<usize>,
    /// Seeds that stand in more documents than were asked for, and are left out.
    pub(super) left_out: u64,
    /// Further places of seeds that stand in one document very often.
    pub(super) capped: u64,
}

impl Seeds {
    /// The seeds of all documents; those of more than `most` documents are left out.
    pub(super) fn build(
        sequences: &Sequences<'_>,
        picking: Picking,
        second: Option<u32>,
        most: Option<u32>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let documents = sequences.documents();
        // Numbers of terms depend on the order of documents; what is picked must not.
        let spelled = sequences.spelled(observer)?;
        observer.expect(documents);
        let cut = parallel::blocks(documents, BLOCK_UNITS, |row| sequences.cost(row));
        let found = parallel::map_blocks(&cut, observer, |rows| {
            let (mut sequence, mut seeds, mut hashes) = (Sequence::default(), Vec::new(), Vec::new());
            for row in rows {
                sequences.fill(row, &mut sequence, observer)?;
                let (units, row) = (sequence.units(), narrow(row)?);
                let emit = |hash, place| memory::push(&mut seeds, Seed { hash, row, place }, WHAT);
                if sequences.unit() == Unit::Char {
                    picking.each(units, hash::terms64, observer, emit)?;
                    continue;
                }
                hashes.clear();
                memory::reserve(&mut hashes, units.len(), WHAT)?;
                hashes.extend(units.iter().map(|&term| spelled[term as usize]));
                picking.each(&hashes, hash::hashes64, observer, emit)?;
            }
            Ok(seeds)
        })?;
        let mut all = memory::concat(found, WHAT, observer)?;
        sorting::sort_by_key(&mut all, observer, |&seed| seed)?;
        let mut seeds = Self {
            postings: Vec::new(),
            ends: Vec::new(),
            own: Vec::new(),
            own_ends: memory::zeroed(documents, WHAT)?,
            left_out: 0,
            capped: 0,
        };
        let mut pace = Pace::default();
        for same in all.chunk_by(|one, other| one.hash == other.hash) {
            pace.step(same.len(), observer)?;
            let apart = same.windows(2).filter(|pair| pair[0].row != pair[1].row).count() + 1;
            let (first, last) = (same[0].row, same[same.len() - 1].row);
            let across = second.is_none_or(|second| first < second && last >= second);
            if apart < 2 || !across {
                continue;
            }
            if most.is_some_and(|most| apart > most as usize) {
                seeds.left_out += 1;
                continue;
            }
            for there in same.chunk_by(|one, other| one.row == other.row) {
                seeds.capped += there.len().saturating_sub(MOST_PLACES) as u64;
                for seed in &there[..there.len().min(MOST_PLACES)] {
                    let posting = Posting {
                        row: seed.row,
                        place: seed.place,
                    };
                    memory::push(&mut seeds.postings, posting, WHAT)?;
                    seeds.own_ends[seed.row as usize] += 1;
                }
            }
            memory::push(&mut seeds.ends, seeds.postings.len(), WHAT)?;
        }
        drop(all);
        seeds.turn(observer)?;
        Ok(seeds)
    }

    /// Lists the groups of each document.
    fn turn(&mut self, observer: &dyn Observer) -> Result<()> {
        let (mut total, mut pace) = (0, Pace::default());
        for end in &mut self.own_ends {
            pace.step(1, observer)?;
            total += std::mem::replace(end, total);
        }
        self.own = memory::filled(&(0, 0), total, WHAT, observer)?;
        let mut start = 0;
        for (group, &end) in (0..).zip(&self.ends) {
            for posting in &self.postings[start..end] {
                pace.step(2, observer)?;
                let next = &mut self.own_ends[posting.row as usize];
                self.own[*next] = (group, posting.place);
                *next += 1;
            }
            start = end;
        }
        Ok(())
    }

    /// The groups of a document, each with the place of the seed there.
    pub(super) fn of(&self, row: usize) -> &[(u32, u32)] {
        let start = if row == 0 { 0 } else { self.own_ends[row - 1] };
        &self.own[start..self.own_ends[row]]
    }

    /// Number of groups.
    pub(super) fn groups(&self) -> usize {
        self.ends.len()
    }

    /// Fills `rows` with the documents of a group.
    pub(super) fn rows(
        &self,
        group: u32,
        rows: &mut Vec<u32>,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        let postings = self.postings(group);
        pace.step(postings.len(), observer)?;
        rows.clear();
        memory::reserve(rows, postings.len(), WHAT)?;
        rows.extend(postings.iter().map(|posting| posting.row));
        rows.dedup();
        Ok(())
    }

    /// Where the seed of a group stands in one document.
    pub(super) fn postings_in(&self, group: u32, row: u32) -> &[Posting] {
        let postings = self.postings(group);
        let start = postings.partition_point(|posting| posting.row < row);
        let end = postings.partition_point(|posting| posting.row <= row);
        &postings[start..end]
    }

    /// Where the seed of a group stands, by document and place.
    pub(super) fn postings(&self, group: u32) -> &[Posting] {
        &self.postings[self.range(group)]
    }

    fn range(&self, group: u32) -> Range<usize> {
        let group = group as usize;
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        start..self.ends[group]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use proptest::prelude::*;

    fn picked(units: &[u32], picking: Picking) -> Vec<u32> {
        let mut places = Vec::new();
        picking
            .each(units, hash::terms64, &Silent, |_, place| {
                places.push(place);
                Ok(())
            })
            .unwrap();
        places
    }

    proptest! {
        /// Whatever stands around it, a stretch of the promised length has a picked row at the
        /// same place.
        #[test]
        fn a_shared_stretch_shares_a_seed(
            shared in prop::collection::vec(0..4u32, 12..20),
            before in prop::collection::vec(0..4u32, 0..20),
            after in prop::collection::vec(0..4u32, 0..20),
            length in 1..6usize,
        ) {
            let picking = Picking::new(length, 12);
            let alone = picked(&shared, picking);
            let whole: Vec<u32> = [before.clone(), shared.clone(), after].concat();
            let found = picked(&whole, picking);
            let start = u32::try_from(before.len()).unwrap();
            // Windows inside the stretch choose the same wherever it stands.
            prop_assert!(alone.iter().all(|place| found.contains(&(place + start))));
            prop_assert!(!alone.is_empty());
        }
    }

    #[test]
    fn short_promises_pick_short_seeds() {
        let picking = Picking::new(5, 3);
        assert_eq!((picking.length, picking.window), (3, 1));
        assert_eq!(picked(&[1, 2, 3], picking), [0]);
        assert_eq!(picked(&[1, 2], picking), [] as [u32; 0]);
    }
}
