//! Equal documents: the same terms in the same order, with gaps at the same places.
//!
//! They collapse into groups before anything else, so that a text with ten thousand copies costs
//! no more than ten thousand texts. Documents without a shingle belong to no group.

use super::shingles::{Source, narrow};
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::hash;
use crate::observer::Observer;
use crate::parallel;

/// Marks a document without a group.
const NONE: u32 = u32::MAX;

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
            let mut found = Vec::new();
            for row in rows {
                observer.check()?;
                source.fill(row, &mut runs);
                if source.is_long_enough(&runs) {
                    found.push((hash::sequence128(&runs.terms, &runs.ends), narrow(row)?));
                }
            }
            Ok(found)
        })?;
        let mut hashed = hashed.concat();
        hashed.sort_unstable();
        let leaders = Self::leaders(source, &hashed, observer)?;
        observer.check()?;
        Ok(Self::number(documents, leaders))
    }

    /// The first row equal to each row, as (leader, row).
    fn leaders(
        source: &Source<'_>,
        hashed: &[(u128, u32)],
        observer: &dyn Observer,
    ) -> Result<Vec<(u32, u32)>> {
        let firsts: Vec<usize> = (0..hashed.len())
            .scan(0, |first, index| {
                if hashed[*first].0 != hashed[index].0 {
                    *first = index;
                }
                Some(*first)
            })
            .collect();
        observer.expect(hashed.len());
        let cut = source.blocks(hashed.len(), |index| hashed[index].1 as usize);
        let equal = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut first_runs, mut filled) = (Runs::default(), Runs::default(), None);
            let mut equal = Vec::with_capacity(block.len());
            for index in block {
                let first = firsts[index];
                if first == index {
                    equal.push(true);
                    continue;
                }
                observer.check()?;
                if filled != Some(first) {
                    source.fill(hashed[first].1 as usize, &mut first_runs);
                    filled = Some(first);
                }
                source.fill(hashed[index].1 as usize, &mut runs);
                equal.push(runs.terms == first_runs.terms && runs.ends == first_runs.ends);
            }
            Ok(equal)
        })?;
        let mut leaders = Vec::with_capacity(hashed.len());
        let mut others: Vec<(u128, u32)> = Vec::new();
        let (mut runs, mut other_runs) = (Runs::default(), Runs::default());
        for (index, equal) in equal.into_iter().flatten().enumerate() {
            let (hash, row) = hashed[index];
            if equal {
                leaders.push((hashed[firsts[index]].1, row));
                continue;
            }
            // Two texts with one 128-bit hash: nobody has seen that yet, but it must not be wrong.
            observer.check()?;
            source.fill(row as usize, &mut runs);
            let known = others.iter().find(|&&(other_hash, other)| {
                source.fill(other as usize, &mut other_runs);
                other_hash == hash && runs.terms == other_runs.terms && runs.ends == other_runs.ends
            });
            leaders.push((known.map_or(row, |&(_, other)| other), row));
            if known.is_none() {
                others.push((hash, row));
            }
        }
        Ok(leaders)
    }

    /// Numbers groups by their leaders.
    pub(super) fn number(documents: usize, mut leaders: Vec<(u32, u32)>) -> Self {
        leaders.sort_unstable();
        let mut groups = Self {
            of: vec![NONE; documents],
            ends: Vec::new(),
            members: Vec::with_capacity(leaders.len()),
        };
        for (group, rows) in (0..).zip(leaders.chunk_by(|left, right| left.0 == right.0)) {
            for &(_, row) in rows {
                groups.of[row as usize] = group;
                groups.members.push(row);
            }
            groups.ends.push(groups.members.len());
        }
        groups
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
