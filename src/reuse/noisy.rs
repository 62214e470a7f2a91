//! Noisy copies: reprints with cuts, hyphenated lines and misread letters.
//!
//! Sets of shingles fail where one letter in ten is wrong. Here two documents are near when letters
//! and digits of the shorter one lie in passages that both share; what is shared is found by
//! `comparison`. A text that quotes another one shares little of itself, and is told apart by that.

use super::comparison::{Compared, Options, compare};
use super::exact::Groups;
use super::join::{VerifiedPair, Work};
use super::near::{self, Unit};
use super::pairing::Pairing;
use super::rule::Rule;
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::Result;
use crate::memory;
use crate::observer::{Observer, Silent};
use crate::parallel;

const WHAT: &str = "noisy copies";

/// The shortest run of letters that two copies are sure to be compared for: half a line of print.
const SHORTEST: usize = 40;

/// Letters and digits of a few places differ: what lies between two matches need not be aligned.
const LETTERS: Options = Options {
    unit: Unit::Char,
    min_tokens: SHORTEST,
    max_documents: None,
    patience: None,
    aligned: false,
};

/// Letters in one block of documents.
const BLOCK_LETTERS: usize = 1 << 18;

/// Bytes that the search needs at its peak, without its pairs: see `docs/limits.md`.
pub(super) fn estimate(view: &View) -> u64 {
    let (texts, documents) = (view.tokens().arena().bytes(), view.documents());
    7 * texts as u64 / 4 + 64 * documents as u64
}

/// The number of letters and digits of each group's documents.
pub(super) fn sizes(view: &View, groups: &Groups, observer: &dyn Observer) -> Result<Vec<u32>> {
    let leaders = leaders(groups, observer)?;
    let sequences = Sequences::of(view, Unit::Char, &leaders);
    let cut = parallel::blocks(leaders.len(), BLOCK_LETTERS, |row| sequences.cost(row));
    let parts = parallel::map_blocks(&cut, observer, |rows| {
        let mut sequence = Sequence::default();
        let mut sizes = memory::with_capacity(rows.len(), WHAT)?;
        for row in rows {
            sequences.fill(row, &mut sequence, observer)?;
            sizes.push(narrow(sequence.units().len())?);
        }
        Ok(sizes)
    })?;
    memory::concat(parts, WHAT, observer)
}

/// Every allowed pair of groups that is near or contained, by (left, right), unless there are crowds.
/// What they share is counted on the side of the shorter one.
pub(super) fn pairs(
    view: &View,
    groups: &Groups,
    pairing: &Pairing,
    sizes: &[u32],
    options: &near::Options,
    patience: u64,
    observer: &dyn Observer,
) -> Result<(Vec<VerifiedPair>, Work)> {
    let leaders = leaders(groups, observer)?;
    let rules = [Some(options.similar()), options.contained()];
    let keep = |pair: &Compared<'_>, found: &mut Vec<VerifiedPair>| -> Result<()> {
        let (left, right) = pair.rows;
        let (here, there) = (sizes[left as usize] as usize, sizes[right as usize] as usize);
        let shared = shared(pair);
        let holds = |rule: &Rule| rule.holds(shared as usize, here, there);
        if rules.iter().flatten().any(holds) {
            memory::push(found, VerifiedPair { left, right, shared }, WHAT)?;
        }
        Ok(())
    };
    let allows = |left: u32, right: u32| pairing.may_meet(left as usize, right as usize);
    let sequences = Sequences::of(view, Unit::Char, &leaders);
    let how = Options {
        patience: Some(patience),
        ..LETTERS
    };
    let (mut found, extent) = compare(sequences, &how, None, allows, observer, keep, |_| Ok(()))?;
    sorting::sort_by_key(&mut found, observer, |pair| (pair.left, pair.right))?;
    let work = Work {
        candidates: extent.candidates,
        crowds: extent.crowds,
        ..Work::default()
    };
    Ok((found, work))
}

/// How near any two documents are.
pub(super) fn similarities(view: &View, rows: &[(u32, u32)], observer: &dyn Observer) -> Result<Vec<f64>> {
    let sequences = Sequences::new(view, Unit::Char);
    observer.expect(rows.len());
    let cut = parallel::blocks(rows.len(), BLOCK_LETTERS, |at| {
        sequences.cost(rows[at].1 as usize)
    });
    let parts = parallel::map_blocks(&cut, observer, |block| {
        let mut found = memory::with_capacity(block.len(), WHAT)?;
        for &(left, right) in &rows[block] {
            let alone = [left, right];
            let two = Sequences::of(view, Unit::Char, &alone);
            let keep = |pair: &Compared<'_>, found: &mut Vec<f64>| -> Result<()> {
                let shorter = pair.left.units().len().min(pair.right.units().len());
                memory::push(found, f64::from(shared(pair)) / shorter as f64, WHAT)
            };
            let (shares, _) = compare(two, &LETTERS, None, |_, _| true, &Silent, keep, |_| Ok(()))?;
            found.push(if left == right {
                1.0
            } else {
                shares.first().copied().unwrap_or(0.0)
            });
            observer.check()?;
        }
        Ok(found)
    })?;
    memory::concat(parts, WHAT, observer)
}

/// The row of the document that stands for each group.
fn leaders(groups: &Groups, observer: &dyn Observer) -> Result<Vec<u32>> {
    let mut leaders = memory::with_capacity(groups.len(), WHAT)?;
    for group in 0..groups.len() {
        if group % 4096 == 0 {
            observer.check()?;
        }
        leaders.push(narrow(groups.leader(group))?);
    }
    Ok(leaders)
}

/// The letters of the shorter of two texts that both share; of the left one if they are equally long.
fn shared(pair: &Compared<'_>) -> u32 {
    if pair.left.units().len() <= pair.right.units().len() {
        covered(pair.stretches.iter().map(|stretch| stretch.left))
    } else {
        covered(pair.stretches.iter().map(|stretch| stretch.right))
    }
}

/// How many units lie in at least one stretch.
fn covered(stretches: impl Iterator<Item = (u32, u32)>) -> u32 {
    let mut stretches: Vec<(u32, u32)> = stretches.collect();
    stretches.sort_unstable();
    let (mut sum, mut reach) = (0, 0);
    for (start, end) in stretches {
        let start = start.max(reach);
        if end > start {
            sum += end - start;
            reach = end;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_counts_once() {
        assert_eq!(covered([(5, 9), (0, 3), (2, 4), (6, 7)].into_iter()), 8);
        assert_eq!(covered([].into_iter()), 0);
    }
}
