//! What was found: for each group of equal documents the groups near it, and pairs of documents made
//! from them, as many at once as somebody asks for.
//!
//! Pairs of documents are never kept: a text with ten thousand copies has fifty million of them.

use super::exact::Groups;
use super::join::VerifiedPair;
use super::pairing::Pairing;
use super::pairs::{Pair, Part};
use super::rule::{Rule, similarity};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "near duplicates";

/// A group that is near another one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Neighbor {
    pub(super) group: u32,
    pub(super) shared: u32,
}

/// The groups near each group, in compressed rows.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Where the neighbors of each group end.
    ends: Vec<usize>,
    neighbors: Vec<Neighbor>,
    /// Pairs of documents.
    pub(super) pair_count: u64,
}

impl Found {
    /// The pairs of groups seen from both sides.
    pub(super) fn new(
        groups: &Groups,
        pairing: &Pairing,
        pairs: &[VerifiedPair],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut ends = memory::zeroed::<usize>(groups.len(), WHAT)?;
        let mut pace = Pace::default();
        for pair in pairs {
            pace.step(2, observer)?;
            ends[pair.left as usize] += 1;
            ends[pair.right as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            pace.step(1, observer)?;
            total += std::mem::replace(end, total);
        }
        let mut neighbors = memory::filled(&Neighbor::default(), total, WHAT, observer)?;
        for pair in pairs {
            pace.step(8, observer)?;
            for (group, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
                let next = &mut ends[group as usize];
                neighbors[*next] = Neighbor {
                    group: other,
                    shared: pair.shared,
                };
                *next += 1;
            }
        }
        let pair_count = count(groups, pairing, pairs, observer)?;
        Ok(Self {
            ends,
            neighbors,
            pair_count,
        })
    }

    pub(super) fn neighbors(&self, group: usize) -> &[Neighbor] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.neighbors[start..self.ends[group]]
    }
}

/// Number of pairs of documents, without making them.
fn count(groups: &Groups, pairing: &Pairing, pairs: &[VerifiedPair], observer: &dyn Observer) -> Result<u64> {
    let (mut total, mut pace) = (0u64, Pace::default());
    let size = |group: usize| pairing.members(groups, group).len() as u64;
    for group in 0..groups.len() {
        if pairing.is_plain() {
            pace.step(1, observer)?;
            total += size(group) * (size(group) - 1) / 2;
            continue;
        }
        let mut twice = 0;
        for &row in pairing.members(groups, group) {
            pace.step(64, observer)?;
            twice += pairing.count(groups, group, row);
        }
        total += twice / 2;
    }
    for pair in pairs {
        pace.step(4, observer)?;
        let (left, right) = (pair.left as usize, pair.right as usize);
        if pairing.is_plain() {
            total += size(left) * size(right);
            continue;
        }
        let (small, large) = if size(left) > size(right) {
            (right, left)
        } else {
            (left, right)
        };
        for &row in pairing.members(groups, small) {
            pace.step(64, observer)?;
            total += pairing.count(groups, large, row);
        }
    }
    Ok(total)
}

/// Makes pairs of documents.
pub(super) struct Listing<'found> {
    pub(super) groups: &'found Groups,
    pub(super) sizes: &'found [u32],
    pub(super) pairing: &'found Pairing,
    pub(super) found: &'found Found,
    pub(super) similar: Rule,
    pub(super) contained: Option<Rule>,
}

impl Listing<'_> {
    /// At most `most` pairs that come after a pair of rows, by (left, right).
    pub(super) fn after(
        &self,
        last: Option<(u32, u32)>,
        most: usize,
        observer: &dyn Observer,
    ) -> Result<Vec<Pair>> {
        let (first, mut above) = last.map_or((0, None), |(left, right)| (left, Some(right)));
        let (mut pairs, mut pace) = (Vec::new(), Pace::default());
        let documents = narrow(self.groups.documents())?;
        for row in first..self.pairing.scope().second.unwrap_or(documents) {
            pace.step(8, observer)?;
            if pairs.len() >= most {
                break;
            }
            let above = above.take().unwrap_or(row).max(row);
            self.of_row(row, above, most - pairs.len(), &mut pairs, &mut pace, observer)?;
        }
        Ok(pairs)
    }

    /// Appends the first pairs of one document with others in rows above `above`.
    fn of_row(
        &self,
        row: u32,
        above: u32,
        most: usize,
        pairs: &mut Vec<Pair>,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        let Some(group) = self.groups.of(row as usize) else {
            return Ok(());
        };
        let from = pairs.len();
        let own = Neighbor {
            group: narrow(group)?,
            shared: self.sizes[group],
        };
        for near in std::iter::once(&own).chain(self.found.neighbors(group)) {
            pace.step(16, observer)?;
            let other = near.group as usize;
            // By row, each group need not give more than all together; by moment, all may be late.
            let by_row = self.pairing.scope().moments.is_none();
            let limit = if by_row { most } else { usize::MAX };
            let partners = self.pairing.partners(self.groups, other, row, Some(above));
            for right in partners.take(limit) {
                pace.step(8, observer)?;
                memory::push(pairs, self.pair((row, right), (group, other), near.shared), WHAT)?;
            }
        }
        sorting::sort_by_key(&mut pairs[from..], observer, |pair| pair.right)?;
        pairs.truncate(from.saturating_add(most));
        Ok(())
    }

    fn pair(&self, rows: (u32, u32), groups: (usize, usize), shared: u32) -> Pair {
        let (left, right) = (self.sizes[groups.0], self.sizes[groups.1]);
        let sizes = (left as usize, right as usize);
        let is = |rule: Rule| rule.holds(shared as usize, sizes.0, sizes.1);
        let part = if left <= right { Part::Left } else { Part::Right };
        Pair {
            left: rows.0,
            right: rows.1,
            similarity: self.similar.measure(shared as usize, sizes.0, sizes.1),
            jaccard: similarity(shared as usize, sizes.0, sizes.1),
            containment_left: f64::from(shared) / f64::from(left),
            containment_right: f64::from(shared) / f64::from(right),
            identical: groups.0 == groups.1,
            near: is(self.similar),
            // Noisy copies of each other are no parts: what is contained shares too little of the whole.
            part: (self.contained)
                .filter(|&rule| is(rule) && !(matches!(self.similar, Rule::Reprint(_)) && is(self.similar)))
                .map(|_| part),
        }
    }
}
