//! Edits: where the two sides of a passage differ, for showing it.
//!
//! Of the many passages that `comparison` counts edits in, few are looked at, so that places of edits
//! are not kept: here two documents are aligned again, inside their passages. Where one passage ends
//! and whether it is one was decided there.

use std::cmp::Ordering;
use std::ops::Range;

use super::alignment::{Cells, Step};
use super::chains;
use super::comparison::seed_length;
use super::matches::{self, Match};
use super::near::Unit;
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "the edits of a passage";

/// Places of one seed that are followed on each side, as in the search.
const MOST_PLACES: usize = 64;

/// Cells of one alignment. Two stretches without any seed in common that are longer than this are
/// shown as different as a whole.
const MOST_CELLS: usize = 1 << 20;

/// From and up to, in code points.
pub type Span = (u32, u32);

/// Units of both sides that stand in the place of each other. One side may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Code points on the left.
    pub left: Span,
    /// Code points on the right.
    pub right: Span,
}

/// The edits inside each of some passages of two documents, in text order.
pub fn edits(
    view: &View,
    unit: Unit,
    min_tokens: usize,
    rows: (usize, usize),
    passages: &[(Span, Span)],
    observer: &dyn Observer,
) -> Result<Vec<Vec<Edit>>> {
    let sequences = Sequences::new(view, unit);
    let left = Side::new(&sequences, rows.0, observer)?;
    let right = Side::new(&sequences, rows.1, observer)?;
    let seed = seed_length(unit).min(min_tokens).max(1);
    // As in the search, what is picked must not depend on the order of the documents.
    let turned = sequences.text(narrow(rows.0)?) > sequences.text(narrow(rows.1)?);
    let mut aligned = memory::with_capacity(passages.len(), WHAT)?;
    for &(here, there) in passages {
        let (here, there) = (left.units_in(here), right.units_in(there));
        let (one, other) = (left.units(&here), right.units(&there));
        let mut parts = if turned {
            differing(other, one, unit, seed, observer)?
        } else {
            differing(one, other, unit, seed, observer)?
        };
        if turned {
            for (one, other) in &mut parts {
                std::mem::swap(one, other);
            }
        }
        let edit = |(one, other): (Range<usize>, Range<usize>)| Edit {
            left: left.span(here.start + one.start..here.start + one.end),
            right: right.span(there.start + other.start..there.start + other.end),
        };
        let found = memory::collect(parts.into_iter().map(edit), WHAT, observer)?;
        aligned.push(found);
    }
    Ok(aligned)
}

/// One document, and where each of its units stands.
struct Side {
    sequence: Sequence,
    spans: Vec<Span>,
}

impl Side {
    fn new(sequences: &Sequences<'_>, row: usize, observer: &dyn Observer) -> Result<Self> {
        let mut sequence = Sequence::default();
        sequences.fill(row, &mut sequence, observer)?;
        let units = narrow(sequence.units().len())?;
        let each = memory::collect((0..units).map(|unit| (unit, unit + 1)), WHAT, observer)?;
        let spans = sequences.spans(row, &sequence, &each, observer)?;
        Ok(Self { sequence, spans })
    }

    /// The units inside a span.
    fn units_in(&self, (start, end): Span) -> Range<usize> {
        let first = self.spans.partition_point(|span| span.0 < start);
        let last = self.spans.partition_point(|span| span.1 <= end);
        first..last.max(first)
    }

    fn units(&self, range: &Range<usize>) -> &[u32] {
        &self.sequence.units()[range.clone()]
    }

    /// The code points of some units; of none, the place behind the unit before them.
    fn span(&self, units: Range<usize>) -> Span {
        let end = |unit: usize| self.spans.get(unit).map_or(0, |span| span.1);
        let behind = units.end.checked_sub(1).map_or(0, end);
        if units.is_empty() {
            return (behind, behind);
        }
        (self.spans[units.start].0, behind)
    }
}

/// Two ranges of units in the place of each other.
type Part = (Range<usize>, Range<usize>);

/// The parts of two stretches that differ, in text order.
fn differing(
    left: &[u32],
    right: &[u32],
    unit: Unit,
    seed: usize,
    observer: &dyn Observer,
) -> Result<Vec<Part>> {
    let mut hits = shared(left, right, seed, observer)?;
    let matches = matches::longest(left, right, &mut hits, seed, observer)?;
    let best = chains::chains(&matches, unit, 1, observer)?.into_iter().next();
    let end = Match {
        left: narrow(left.len())?,
        right: narrow(right.len())?,
        length: 0,
    };
    let (mut cells, mut parts): (_, Vec<Part>) = (Cells::default(), Vec::new());
    let (mut here, mut there) = (0, 0);
    for next in best.into_iter().flatten().chain([end]) {
        observer.check()?;
        let (low, high) = (next.left as usize, next.right as usize);
        between(&mut cells, (left, right), (here..low, there..high), &mut parts)?;
        (here, there) = (next.left_end() as usize, next.right_end() as usize);
    }
    Ok(parts)
}

/// Adds the parts between two matches that differ.
fn between(
    cells: &mut Cells,
    (left, right): (&[u32], &[u32]),
    (here, there): Part,
    parts: &mut Vec<Part>,
) -> Result<()> {
    if here.is_empty() && there.is_empty() {
        return Ok(());
    }
    if here.is_empty() || there.is_empty() || (here.len() + 1).saturating_mul(there.len() + 1) > MOST_CELLS {
        return memory::push(parts, (here, there), WHAT);
    }
    let (mut one, mut other) = (here.start, there.start);
    let (mut start, mut differs) = ((one, other), false);
    let steps = cells.backwards(&left[here], &right[there]);
    for step in steps.into_iter().rev().map(Some).chain([None]) {
        let same = matches!(step, None | Some(Step::Matched));
        if same && differs {
            memory::push(parts, (start.0..one, start.1..other), WHAT)?;
        }
        if !same && !differs {
            start = (one, other);
        }
        differs = !same;
        one += usize::from(!matches!(step, None | Some(Step::Added)));
        other += usize::from(!matches!(step, None | Some(Step::Removed)));
    }
    Ok(())
}

/// Every two places from which on so many units are equal, or their hashes are.
fn shared(left: &[u32], right: &[u32], seed: usize, observer: &dyn Observer) -> Result<Vec<(u32, u32)>> {
    let (left, right) = (seeds(left, seed, observer)?, seeds(right, seed, observer)?);
    let (mut here, mut there) = (left.as_slice(), right.as_slice());
    let (mut hits, mut pace) = (Vec::new(), Pace::default());
    while let (Some(&(one, _)), Some(&(other, _))) = (here.first(), there.first()) {
        pace.step(1, observer)?;
        let ahead = here.partition_point(|&(hash, _)| hash <= one.min(other));
        let beyond = there.partition_point(|&(hash, _)| hash <= one.min(other));
        if one.cmp(&other) == Ordering::Equal {
            for &(_, place) in &here[..ahead.min(MOST_PLACES)] {
                pace.step(MOST_PLACES, observer)?;
                for &(_, match_place) in &there[..beyond.min(MOST_PLACES)] {
                    memory::push(&mut hits, (place, match_place), WHAT)?;
                }
            }
        }
        (here, there) = (&here[ahead..], &there[beyond..]);
    }
    Ok(hits)
}

/// Hash and place of every row of so many units, by hash.
fn seeds(units: &[u32], seed: usize, observer: &dyn Observer) -> Result<Vec<(u64, u32)>> {
    let each = (0..narrow((units.len() + 1).saturating_sub(seed))?).map(|place| {
        let start = place as usize;
        (hash::terms64(&units[start..start + seed]), place)
    });
    let mut seeds: Vec<(u64, u32)> = memory::collect(each, WHAT, observer)?;
    sorting::sort_by_key(&mut seeds, observer, |&seed| seed)?;
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn parts(left: &[u32], right: &[u32], seed: usize) -> Vec<Part> {
        differing(left, right, Unit::Word, seed, &Silent).unwrap()
    }

    #[test]
    fn each_kind_of_edit_has_its_place() {
        let left = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(parts(&left, &[1, 2, 9, 4, 5, 6, 7, 8], 3), [(2..3, 2..3)]);
        assert_eq!(
            parts(&left, &[1, 2, 4, 5, 6, 7, 8, 9], 3),
            [(2..3, 2..2), (8..8, 7..8)]
        );
        assert_eq!(parts(&left, &left, 3), []);
        assert_eq!(parts(&left, &[], 3), [(0..8, 0..0)]);
    }

    #[test]
    fn without_a_seed_in_common_units_are_aligned_all_the_same() {
        assert_eq!(parts(&[1, 2, 3], &[1, 9, 3], 8), [(1..2, 1..2)]);
        let (low, high): (Vec<u32>, Vec<u32>) = ((0..2000).collect(), (5000..7000).collect());
        assert_eq!(parts(&low, &high, 8), [(0..2000, 0..2000)]);
    }

    #[test]
    fn what_is_not_edited_is_equal() {
        let left: Vec<u32> = (0..400).map(|at| at * 7 % 50).collect();
        let mut right = left.clone();
        right.splice(100..103, [90, 91]);
        right.remove(300);
        right.insert(350, 99);
        let (mut here, mut there) = (0, 0);
        for (one, other) in parts(&left, &right, 8).into_iter().chain([(400..400, 399..399)]) {
            assert_eq!(left[here..one.start], right[there..other.start]);
            (here, there) = (one.end, other.end);
        }
        assert_eq!((here, there), (400, 399));
    }
}
