//! Crowds: so many documents with one seed that not every two of them can be laid side by side.
//!
//! A page that thousands of documents share would make millions of pairs to look at. How many, at least,
//! is known from the seeds alone. Where it is more than the search has patience for, documents of a crowd
//! meet a few of it: those before them by length, and the shortest. That links clusters, mostly, in time
//! that grows with the number of documents. The rarest seeds are followed as ever. Documents that meet for
//! whatever reason are compared by all they share.

use std::cmp::Reverse;

use super::seeds::Seeds;
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "documents that share a seed";

/// Units in one block of documents.
const BLOCK_UNITS: usize = 1 << 17;

/// The shortest documents of a crowd, which the others meet.
const SHORTEST: usize = 2;

/// Documents of a crowd that one meets which is a little longer.
const BEFORE: usize = 2;

/// Documents of all its crowds that one document meets: those with which it shares most of them.
const MOST_MET: usize = 16;

/// Comparisons a document for which seeds that fewer documents have are followed all the same.
const FOLLOWED: u64 = 4;

/// The groups of seeds that are crowds, and who meets whom because of them.
pub(super) struct Crowds {
    /// By group.
    is_crowd: Vec<bool>,
    ends: Vec<usize>,
    partners: Vec<u32>,
    /// How many groups are crowds.
    pub(super) seeds: u64,
}

impl Crowds {
    /// The crowds, if comparing all documents that share a seed takes more than so many comparisons.
    pub(super) fn find(
        sequences: &Sequences<'_>,
        seeds: &Seeds,
        patience: u64,
        allows: impl Fn(u32, u32) -> bool,
        observer: &dyn Observer,
    ) -> Result<Option<Self>> {
        let mut counts = memory::with_capacity(seeds.groups(), WHAT)?;
        let (mut rows, mut pace) = (Vec::new(), Pace::default());
        for group in 0..narrow(seeds.groups())? {
            seeds.rows(group, &mut rows, &mut pace, observer)?;
            counts.push(narrow(rows.len())?);
        }
        let sums = meetings(seeds, &counts, sequences.documents(), observer)?;
        if sums.last().is_none_or(|&sum| sum / 2 <= patience) {
            return Ok(None);
        }
        // Sums rise with the power; groups of one document make none.
        let followed = FOLLOWED * sequences.documents() as u64;
        let power = sums.partition_point(|&sum| sum / 2 <= followed);
        let most = 1 << power.saturating_sub(1);
        let is_crowd: Vec<bool> = memory::collect(counts.iter().map(|&count| count > most), WHAT, observer)?;
        let turns = turns(sequences, observer)?;
        let mut met = Vec::new();
        for (group, _) in (0..).zip(&is_crowd).filter(|&(_, &crowd)| crowd) {
            seeds.rows(group, &mut rows, &mut pace, observer)?;
            sorting::sort_by_key(&mut rows, observer, |&row| turns[row as usize])?;
            for (at, &row) in rows.iter().enumerate() {
                pace.step(64, observer)?;
                // A look at a few, because not every two may meet.
                let allowed = |&&other: &&u32| allows(row.min(other), row.max(other));
                let before = rows[at.saturating_sub(MOST_MET)..at].iter().rev();
                let shortest = rows[..at.min(MOST_MET)].iter();
                let before = before.filter(allowed).take(BEFORE);
                for &other in before.chain(shortest.filter(allowed).take(SHORTEST)) {
                    memory::push(&mut met, (row, other), WHAT)?;
                }
            }
        }
        let (ends, partners) = chosen(met, &turns, observer)?;
        let seeds = is_crowd.iter().filter(|&&crowd| crowd).count() as u64;
        Ok(Some(Self {
            is_crowd,
            ends,
            partners,
            seeds,
        }))
    }

    /// Whether so many documents have a seed that not all of them meet.
    pub(super) fn has(&self, group: u32) -> bool {
        self.is_crowd[group as usize]
    }

    /// The documents in rows before its own that a document meets in crowds.
    pub(super) fn partners(&self, row: usize) -> &[u32] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.partners[start..self.ends[row]]
    }
}

/// For each power of two: the sum over documents of the others in the largest of their groups that have
/// no more documents than that. Following these groups takes half as many comparisons, or more.
fn meetings(seeds: &Seeds, counts: &[u32], documents: usize, observer: &dyn Observer) -> Result<Vec<u64>> {
    let largest = counts.iter().copied().max().unwrap_or(0);
    let powers = (u32::BITS - largest.leading_zeros()) as usize + 1;
    let mut sorted: Vec<u32> = memory::collect(0..narrow(counts.len())?, WHAT, observer)?;
    sorting::sort_by_key(&mut sorted, observer, |&group| (counts[group as usize], group))?;
    let mut sums = memory::filled(&0, powers, WHAT, observer)?;
    let mut most = memory::filled(&0, documents, WHAT, observer)?;
    let (mut rows, mut pace) = (Vec::new(), Pace::default());
    let (mut sum, mut at) = (0, 0);
    for (power, slot) in sums.iter_mut().enumerate() {
        while let Some(&group) = sorted.get(at)
            && u64::from(counts[group as usize]) <= 1 << power
        {
            at += 1;
            let others = u64::from(counts[group as usize]).saturating_sub(1);
            seeds.rows(group, &mut rows, &mut pace, observer)?;
            for &row in &rows {
                // Groups come by size.
                sum += others - std::mem::replace(&mut most[row as usize], others);
            }
        }
        *slot = sum;
    }
    Ok(sums)
}

/// Of what documents met in all crowds, those that they met most often; by the later row.
fn chosen(
    mut met: Vec<(u32, u32)>,
    turns: &[u32],
    observer: &dyn Observer,
) -> Result<(Vec<usize>, Vec<u32>)> {
    sorting::sort_by_key(&mut met, observer, |&pair| pair)?;
    let (mut pairs, mut often, mut pace) = (Vec::new(), Vec::new(), Pace::default());
    for own in met.chunk_by(|one, other| one.0 == other.0) {
        pace.step(8 * own.len(), observer)?;
        often.clear();
        for same in own.chunk_by(|one, other| one == other) {
            let (row, other) = same[0];
            let entry = (
                Reverse(same.len()),
                turns[other as usize],
                row.max(other),
                row.min(other),
            );
            memory::push(&mut often, entry, WHAT)?;
        }
        sorting::sort_by_key(&mut often, observer, |&entry| entry)?;
        for &(.., later, other) in often.iter().take(MOST_MET) {
            memory::push(&mut pairs, (later, other), WHAT)?;
        }
    }
    drop(met);
    sorting::sort_by_key(&mut pairs, observer, |&pair| pair)?;
    pairs.dedup();
    let mut ends = memory::filled(&0, turns.len(), WHAT, observer)?;
    for &(row, _) in &pairs {
        pace.step(1, observer)?;
        ends[row as usize] += 1;
    }
    let mut total = 0;
    for end in &mut ends {
        pace.step(1, observer)?;
        total += *end;
        *end = total;
    }
    let partners = memory::collect(pairs.iter().map(|&(_, other)| other), WHAT, observer)?;
    Ok((ends, partners))
}

/// The turn of each document by length and by what it says, so that the order of rows decides nothing.
fn turns(sequences: &Sequences<'_>, observer: &dyn Observer) -> Result<Vec<u32>> {
    let documents = sequences.documents();
    let cut = parallel::blocks(documents, BLOCK_UNITS, |row| sequences.cost(row));
    let keys = parallel::map_blocks(&cut, observer, |rows| {
        let mut sequence = Sequence::default();
        let mut keys = memory::with_capacity(rows.len(), WHAT)?;
        for row in rows {
            sequences.fill(row, &mut sequence, observer)?;
            let mut hash = hash::Sequence::default();
            hash.terms(sequence.units());
            keys.push((sequence.units().len(), hash.finish(), narrow(row)?));
        }
        Ok(keys)
    })?;
    let mut keys = memory::concat(keys, WHAT, observer)?;
    sorting::sort_by_key(&mut keys, observer, |&key| key)?;
    let mut turns = memory::filled(&0, documents, WHAT, observer)?;
    let mut pace = Pace::default();
    for (turn, &(_, _, row)) in (0..).zip(&keys) {
        pace.step(4, observer)?;
        turns[row as usize] = turn;
    }
    Ok(turns)
}
