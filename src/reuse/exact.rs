//! Equal documents: the same terms in the same order, with gaps at the same places.
//!
//! They collapse into groups before anything else, so that a text with ten thousand copies costs
//! no more than ten thousand texts. Documents without a shingle belong to no group.

use super::shingles::{Source, narrow};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Marks a document without a group.
const NONE: u32 = u32::MAX;

const WHAT: &str = "groups of equal documents";

/// Terms that are hashed or compared between two looks at the observer.
const STEP: usize = 1 << 16;

/// A document and its hash, in two halves: a `u128` would be padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hashed {
    high: u64,
    low: u64,
    row: u32,
}

impl Hashed {
    fn new(hash: u128, row: u32) -> Self {
        // Masked or shifted: nothing is lost.
        #[allow(clippy::cast_possible_truncation)]
        let (high, low) = ((hash >> 64) as u64, hash as u64);
        Self { high, low, row }
    }

    fn has_hash_of(self, other: Self) -> bool {
        (self.high, self.low) == (other.high, other.low)
    }
}

/// Groups of equal documents, in the order of their first rows.
#[derive(Debug)]
pub(super) struct Groups {
    of: Vec<u32>,
    ends: Vec<usize>,
    members: Vec<u32>,
}

impl Groups {
    /// The groups of all documents.
    pub(super) fn build(source: &Source<'_>, observer: &dyn Observer) -> Result<Self> {
        let documents = source.documents();
        narrow(documents)?;
        observer.expect(documents);
        let cut = source.blocks(documents, |row| row);
        let hashed = parallel::map_blocks(&cut, observer, |rows| {
            let mut runs = Runs::default();
            let mut found = memory::with_capacity(rows.len(), WHAT)?;
            for row in rows {
                observer.check()?;
                source.fill(row, &mut runs, observer)?;
                if source.is_long_enough(&runs) {
                    found.push(Hashed::new(hash_of(&runs, observer)?, narrow(row)?));
                }
            }
            Ok(found)
        })?;
        let mut hashed = memory::concat(hashed, WHAT, observer)?;
        sorting::sort_by_key(&mut hashed, observer, |&hashed| hashed)?;
        let leaders = Self::leaders(source, &hashed, observer)?;
        drop(hashed);
        Self::number(documents, leaders, observer)
    }

    /// The first row equal to each row, as (leader, row).
    fn leaders(source: &Source<'_>, hashed: &[Hashed], observer: &dyn Observer) -> Result<Vec<(u32, u32)>> {
        let mut firsts: Vec<u32> = memory::with_capacity(hashed.len(), WHAT)?;
        let (mut first, mut pace) = (0, Pace::default());
        for index in 0..hashed.len() {
            pace.step(1, observer)?;
            if !hashed[first].has_hash_of(hashed[index]) {
                first = index;
            }
            firsts.push(narrow(first)?);
        }
        observer.expect(hashed.len());
        let cut = source.blocks(hashed.len(), |index| hashed[index].row as usize);
        let equal = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut first_runs, mut filled) = (Runs::default(), Runs::default(), None);
            let mut equal = memory::with_capacity(block.len(), WHAT)?;
            for index in block {
                observer.check()?;
                let first = firsts[index] as usize;
                if first == index {
                    equal.push(true);
                    continue;
                }
                if filled != Some(first) {
                    source.fill(hashed[first].row as usize, &mut first_runs, observer)?;
                    filled = Some(first);
                }
                source.fill(hashed[index].row as usize, &mut runs, observer)?;
                equal.push(same(&runs, &first_runs, observer)?);
            }
            Ok(equal)
        })?;
        let mut leaders = memory::with_capacity(hashed.len(), WHAT)?;
        let mut others: Vec<Hashed> = Vec::new();
        let (mut runs, mut other_runs) = (Runs::default(), Runs::default());
        for (index, equal) in equal.into_iter().flatten().enumerate() {
            pace.step(1, observer)?;
            let found = hashed[index];
            if equal {
                leaders.push((hashed[firsts[index] as usize].row, found.row));
                continue;
            }
            // Two texts with one 128-bit hash: nobody has seen that yet, but it must not be wrong.
            source.fill(found.row as usize, &mut runs, observer)?;
            let mut leader = found.row;
            for other in others.iter().filter(|other| other.has_hash_of(found)) {
                source.fill(other.row as usize, &mut other_runs, observer)?;
                if same(&runs, &other_runs, observer)? {
                    leader = other.row;
                    break;
                }
            }
            leaders.push((leader, found.row));
            if leader == found.row {
                memory::push(&mut others, found, WHAT)?;
            }
        }
        Ok(leaders)
    }

    /// Numbers groups by their leaders.
    pub(super) fn number(
        documents: usize,
        mut leaders: Vec<(u32, u32)>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        sorting::sort_by_key(&mut leaders, observer, |&pair| pair)?;
        let mut groups = Self {
            of: memory::filled(&NONE, documents, WHAT, observer)?,
            ends: Vec::new(),
            members: memory::with_capacity(leaders.len(), WHAT)?,
        };
        let mut pace = Pace::default();
        let mut before = None;
        for (leader, row) in leaders {
            pace.step(1, observer)?;
            if before != Some(leader) {
                before = Some(leader);
                memory::push(&mut groups.ends, groups.members.len(), WHAT)?;
            }
            groups.members.push(row);
            groups.of[row as usize] = narrow(groups.ends.len() - 1)?;
            if let Some(end) = groups.ends.last_mut() {
                *end = groups.members.len();
            }
        }
        Ok(groups)
    }

    /// Number of groups.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Number of documents, with and without a group.
    pub(super) fn documents(&self) -> usize {
        self.of.len()
    }

    /// The group of a document, unless it is too short.
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        Some(self.of[row])
            .filter(|&group| group != NONE)
            .map(|group| group as usize)
    }

    /// The rows of a group, rising.
    pub(super) fn members(&self, group: usize) -> &[u32] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.members[start..self.ends[group]]
    }

    /// The first row of a group; it stands for all.
    pub(super) fn leader(&self, group: usize) -> usize {
        self.members(group)[0] as usize
    }
}

/// The hash of the terms of a document and of the places at which they are cut.
fn hash_of(runs: &Runs, observer: &dyn Observer) -> Result<u128> {
    let mut hash = hash::Sequence::default();
    for step in runs.terms.chunks(STEP) {
        observer.check()?;
        hash.terms(step);
    }
    for step in runs.ends.chunks(STEP) {
        observer.check()?;
        hash.cuts(step);
    }
    Ok(hash.finish())
}

/// Whether two documents have the same terms and are cut at the same places.
fn same(left: &Runs, right: &Runs, observer: &dyn Observer) -> Result<bool> {
    if (left.terms.len(), left.ends.len()) != (right.terms.len(), right.ends.len()) {
        return Ok(false);
    }
    for (left, right) in left.terms.chunks(STEP).zip(right.terms.chunks(STEP)) {
        observer.check()?;
        if left != right {
            return Ok(false);
        }
    }
    Ok(left.ends == right.ends)
}
