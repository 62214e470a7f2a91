//! Chains: which matches of two documents belong to one passage.
//!
//! Matches that follow each other on both sides with little between them are one passage with
//! edits. The best chain is taken first, as in local alignment; a match that is long enough on its
//! own is never lost. Passages may meet on one side, where a document says something twice.

use super::matches::Match;
use super::near::Unit;
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "chains of matches";

/// Matches before a match that it may continue; more are there only where a text is made of one
/// phrase again and again.
const LOOKED_AT: usize = 64;

/// What may lie between two matches of a chain, and what it costs; a matched unit is worth 8.
#[derive(Debug, Clone, Copy)]
struct Gap {
    /// Units on the longer side.
    most: u32,
    /// A unit that both sides have.
    aligned: i64,
    /// A unit that only one side has.
    alone: i64,
}

const WORTH: i64 = 8;

impl Gap {
    fn of(unit: Unit) -> Self {
        match unit {
            // Half of what an equal word is worth: a rewritten sentence ends a passage.
            Unit::Word => Self {
                most: 24,
                aligned: 4,
                alone: 4,
            },
            // Most letters between two matches are equal too, where print was scanned badly.
            Unit::Char => Self {
                most: 96,
                aligned: 2,
                alone: 4,
            },
        }
    }

    /// What it costs to go on from `before` to `next`, and by how much `next` must be cut because
    /// both overlap; None if that cannot be.
    fn cost(self, before: Match, next: Match) -> Option<(i64, u32)> {
        let overlap = before
            .left_end()
            .saturating_sub(next.left)
            .max(before.right_end().saturating_sub(next.right));
        if next.left <= before.left || next.right <= before.right || overlap >= next.length {
            return None;
        }
        let left = next.left + overlap - before.left_end();
        let right = next.right + overlap - before.right_end();
        let (low, high) = (left.min(right), left.max(right));
        (high <= self.most).then(|| {
            (
                i64::from(low) * self.aligned + i64::from(high - low) * self.alone,
                overlap,
            )
        })
    }
}

/// A chain: matches that do not overlap, rising on both sides, with little between them.
pub(super) type Chain = Vec<Match>;

/// The chains worth at least `least` units, the best first. `matches` are in the order of the left
/// document.
pub(super) fn chains(
    matches: &[Match],
    unit: Unit,
    least: usize,
    observer: &dyn Observer,
) -> Result<Vec<Chain>> {
    let gap = Gap::of(unit);
    let mut scores: Vec<i64> = memory::with_capacity(matches.len(), WHAT)?;
    let mut befores: Vec<Option<usize>> = memory::with_capacity(matches.len(), WHAT)?;
    let mut pace = Pace::default();
    for (index, &next) in matches.iter().enumerate() {
        let own = i64::from(next.length) * WORTH;
        let (mut best, mut before) = (own, None);
        for other in (index.saturating_sub(LOOKED_AT)..index).rev() {
            pace.step(4, observer)?;
            if let Some((cost, overlap)) = gap.cost(matches[other], next) {
                let score = own - i64::from(overlap) * WORTH + scores[other] - cost;
                if score > best {
                    (best, before) = (score, Some(other));
                }
            }
        }
        scores.push(best);
        befores.push(before);
    }
    let mut ends: Vec<usize> = memory::collect(0..matches.len(), WHAT, observer)?;
    ends.sort_by_key(|&end| (std::cmp::Reverse(scores[end]), end));
    let mut used = memory::filled(&false, matches.len(), WHAT, observer)?;
    let mut found: Vec<Chain> = Vec::new();
    for end in ends {
        let (mut chain, mut at) = (Vec::new(), Some(end));
        while let Some(index) = at.filter(|&index| !used[index]) {
            pace.step(4, observer)?;
            memory::push(&mut chain, matches[index], WHAT)?;
            used[index] = true;
            at = befores[index];
        }
        chain.reverse();
        let best = best_part(&trimmed(&chain), gap);
        let worth: i64 = score(&best, gap);
        let known = |chain: &Chain| covered(&found, chain);
        if worth >= i64::try_from(least).unwrap_or(i64::MAX).saturating_mul(WORTH) && !known(&best) {
            memory::push(&mut found, best, WHAT)?;
        }
    }
    // What the best chains took and cut may have left out a match that is long enough alone.
    for &whole in matches.iter().filter(|found| found.length as usize >= least) {
        pace.step(4 + found.len(), observer)?;
        if !covered(&found, &[whole]) {
            memory::push(&mut found, vec![whole], WHAT)?;
        }
    }
    Ok(found)
}

/// Whether a chain is worth at least so many units.
pub(super) fn is_worth(chain: &[Match], unit: Unit, least: usize) -> bool {
    score(chain, Gap::of(unit)) >= i64::try_from(least).unwrap_or(i64::MAX).saturating_mul(WORTH)
}

/// The matches of a chain, each cut where the one before it ends.
fn trimmed(chain: &[Match]) -> Chain {
    let mut cut: Chain = Vec::with_capacity(chain.len());
    for &next in chain {
        let overlap = cut.last().map_or(0, |before| {
            before
                .left_end()
                .saturating_sub(next.left)
                .max(before.right_end().saturating_sub(next.right))
        });
        if overlap < next.length {
            cut.push(Match {
                left: next.left + overlap,
                right: next.right + overlap,
                length: next.length - overlap,
            });
        }
    }
    cut
}

fn score(chain: &[Match], gap: Gap) -> i64 {
    let own: i64 = chain.iter().map(|found| i64::from(found.length) * WORTH).sum();
    let costs: i64 = chain
        .windows(2)
        .map(|pair| gap.cost(pair[0], pair[1]).map_or(i64::MAX / 4, |(cost, _)| cost))
        .sum();
    own - costs
}

/// The part of a chain that is worth most; what better chains took from it may have left too little.
fn best_part(chain: &[Match], gap: Gap) -> Chain {
    let (mut best, mut range) = (i64::MIN, 0..0);
    let (mut here, mut start) = (0, 0);
    for (index, found) in chain.iter().enumerate() {
        let own = i64::from(found.length) * WORTH;
        let joined = index
            .checked_sub(1)
            .and_then(|before| gap.cost(chain[before], *found));
        (here, start) = match joined {
            Some((cost, _)) if here > cost => (here - cost + own, start),
            _ => (own, index),
        };
        if here > best {
            (best, range) = (here, start..index + 1);
        }
    }
    chain[range].to_vec()
}

/// Whether other chains cover a chain on both sides.
fn covered(found: &[Chain], chain: &[Match]) -> bool {
    let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
        return true;
    };
    let inside = |start: u32, end: u32, side: fn(&Match) -> (u32, u32)| {
        // Chains are few; what they cover together is asked step by step.
        let mut at = start;
        while at < end {
            let next = found
                .iter()
                .filter_map(|other| Some((side(other.first()?).0, side(other.last()?).1)))
                .filter(|&(low, high)| low <= at && high > at)
                .map(|(_, high)| high)
                .max();
            match next {
                Some(high) => at = high,
                None => return false,
            }
        }
        true
    };
    inside(first.left, last.left_end(), |found| {
        (found.left, found.left_end())
    }) && inside(first.right, last.right_end(), |found| {
        (found.right, found.right_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn run(left: u32, right: u32, length: u32) -> Match {
        Match { left, right, length }
    }

    #[test]
    fn near_matches_are_one_passage_and_far_ones_two() {
        let matches = [run(0, 3, 10), run(12, 15, 8), run(90, 80, 12)];
        let found = chains(&matches, Unit::Word, 12, &Silent).unwrap();
        assert_eq!(found, [vec![matches[0], matches[1]], vec![matches[2]]]);
    }

    #[test]
    fn what_stands_twice_on_one_side_is_found_twice_and_overlaps_are_cut() {
        let twice = [run(0, 0, 12), run(0, 50, 12)];
        assert_eq!(chains(&twice, Unit::Word, 12, &Silent).unwrap().len(), 2);
        let overlap = [run(0, 0, 10), run(8, 9, 10)];
        let found = chains(&overlap, Unit::Word, 12, &Silent).unwrap();
        assert_eq!(found, [vec![run(0, 0, 10), run(10, 11, 8)]]);
    }

    #[test]
    fn a_long_match_survives_a_better_chain() {
        // The first match serves the better chain; the third is long enough alone.
        let matches = [run(0, 0, 6), run(8, 8, 30), run(8, 60, 12)];
        let found = chains(&matches, Unit::Word, 12, &Silent).unwrap();
        assert!(found.contains(&vec![matches[2]]), "{found:?}");
    }
}
