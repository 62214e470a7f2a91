//! Buckets: groups of documents whose signatures agree in a band.
//!
//! Which of them are near each other is not decided here.

use std::ops::Range;

use super::bands::Bands;
use super::exact::Groups;
use super::minhash::{Scratch, Sketcher};
use super::shingles::{Source, narrow};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "signatures in bands";

/// A key of every group for every band: groups with equal rows have equal keys, and few others do.
pub(super) struct Keys {
    pub(super) bands: usize,
    keys: Vec<u32>,
}

impl Keys {
    /// The keys, and the size of the set of every group.
    pub(super) fn build(
        source: &Source<'_>,
        groups: &Groups,
        bands: Bands,
        observer: &dyn Observer,
    ) -> Result<(Self, Vec<u32>)> {
        let sketcher = Sketcher::new(source, observer)?;
        observer.expect(groups.len());
        let cut = source.blocks(groups.len(), |group| groups.leader(group));
        let made = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set, mut scratch) = (Runs::default(), Vec::new(), Scratch::default());
            let mut slots = memory::zeroed(bands.slots(), WHAT)?;
            let mut sizes = memory::with_capacity(block.len(), WHAT)?;
            let mut keys = memory::with_capacity(block.len() * bands.count, WHAT)?;
            for group in block {
                observer.check()?;
                source.fill(groups.leader(group), &mut runs, observer)?;
                source.set(&runs, observer, &mut set)?;
                let places = set.iter().map(|&(_, place)| place);
                sketcher.fill(&runs, places, &mut scratch, &mut slots, observer)?;
                sizes.push(narrow(set.len())?);
                keys.extend(slots.chunks_exact(bands.rows).map(key));
            }
            Ok((sizes, keys))
        })?;
        let (sizes, keys): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let keys = parallel::concat(keys, WHAT, observer)?;
        let bands = bands.count;
        Ok((Self { bands, keys }, memory::concat(sizes, WHAT, observer)?))
    }

    pub(super) fn groups(&self) -> usize {
        self.keys.len() / self.bands
    }

    /// The keys of a group, band by band.
    pub(super) fn of(&self, group: u32) -> &[u32] {
        let start = group as usize * self.bands;
        &self.keys[start..start + self.bands]
    }

    /// Whether two groups agree in a band before this one.
    pub(super) fn agree_before(&self, band: usize, left: u32, right: u32) -> bool {
        let (left, right) = (&self.of(left)[..band], &self.of(right)[..band]);
        left.iter().zip(right).any(|(left, right)| left == right)
    }
}

/// The key of the rows of a band.
fn key(rows: &[u64]) -> u32 {
    let all = rows.iter().fold(0, |all, &slot| hash::round64(all ^ slot, 0));
    (all >> 32) as u32
}

/// Groups that agree in a band, bucket after bucket, band after band; no group alone.
pub(super) struct Buckets {
    /// Rising inside a bucket.
    pub(super) members: Vec<u32>,
    /// How many members of the same bucket come after each.
    pub(super) after: Vec<u32>,
    /// Where the members of each band end.
    pub(super) ends: Vec<usize>,
}

impl Buckets {
    pub(super) fn build(keys: &Keys, observer: &dyn Observer) -> Result<Self> {
        observer.expect(keys.bands);
        let cut = parallel::blocks(keys.bands, 1, |_| 1);
        let found = parallel::map_blocks(&cut, observer, |block| {
            let (mut members, mut after, mut pace) = (Vec::new(), Vec::new(), Pace::default());
            for band in block {
                let mut order = memory::with_capacity(keys.groups(), WHAT)?;
                for group in 0..narrow(keys.groups())? {
                    pace.step(4, observer)?;
                    order.push((keys.of(group)[band], group));
                }
                sorting::sort_by_key(&mut order, observer, |&entry| entry)?;
                for bucket in order.chunk_by(|one, other| one.0 == other.0) {
                    pace.step(bucket.len(), observer)?;
                    if bucket.len() == 1 {
                        continue;
                    }
                    for (&(_, group), after_it) in bucket.iter().zip((0..narrow(bucket.len())?).rev()) {
                        pace.step(4, observer)?;
                        memory::push(&mut members, group, WHAT)?;
                        memory::push(&mut after, after_it, WHAT)?;
                    }
                }
            }
            Ok((members, after))
        })?;
        let mut ends = memory::with_capacity(found.len(), WHAT)?;
        for (members, _) in &found {
            ends.push(ends.last().copied().unwrap_or(0) + members.len());
        }
        let (members, after): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Ok(Self {
            members: memory::concat(members, WHAT, observer)?,
            after: memory::concat(after, WHAT, observer)?,
            ends,
        })
    }

    /// The members of a band.
    pub(super) fn band(&self, band: usize) -> Range<usize> {
        let start = if band == 0 { 0 } else { self.ends[band - 1] };
        start..self.ends[band]
    }

    /// The bucket that begins at a member.
    pub(super) fn bucket(&self, start: usize) -> Range<usize> {
        start..start + 1 + self.after[start] as usize
    }
}
