//! Ranks: the order of the shingles that several groups have, from rare to common.
//!
//! Hashes are counted in parts, so that they are sorted in parallel and the largest array in memory is
//! that of the hashes themselves. What the shingles are is not known here.

use rayon::prelude::*;

use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Parts into which hashes are cut to be counted, by their upper byte.
const PARTS: usize = 256;

const WHAT: &str = "shingles";

/// The hashes of one block of groups, cut into parts by their upper byte.
pub(super) struct Counted {
    hashes: Vec<u64>,
    ends: Vec<usize>,
}

/// The part of a hash.
fn part(hash: u64) -> usize {
    usize::from(hash.to_be_bytes()[0])
}

impl Counted {
    pub(super) fn of(found: Vec<u64>, observer: &dyn Observer) -> Result<Self> {
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
        // The hashes of a document that is a block of its own are in order already.
        let sorted = found.is_sorted();
        let mut hashes = memory::zeroed(if sorted { 0 } else { total }, WHAT)?;
        for &hash in &found {
            steps.step(1, observer)?;
            let place = &mut next[part(hash)];
            if let Some(there) = hashes.get_mut(*place) {
                *there = hash;
            }
            *place += 1;
        }
        // After filling, the next place of each part is its end.
        Ok(Self {
            hashes: if sorted { found } else { hashes },
            ends: next,
        })
    }

    fn part(&self, part: usize) -> &[u64] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.hashes[start..self.ends[part]]
    }
}

/// The hashes that occur at least twice, and their ranks by (frequency, hash).
pub(super) struct Order {
    hashes: Vec<u64>,
    ranks: Vec<u32>,
    starts: Vec<u32>,
    shift: u32,
}

impl Order {
    pub(super) fn of(blocks: &[Counted], observer: &dyn Observer) -> Result<Self> {
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

    /// Number of ranks.
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// The rank of a hash, if it has one.
    pub(super) fn rank(&self, hash: u64) -> Option<u32> {
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
