//! Shared runs: which stretches of two documents are equal, word by word.
//!
//! For showing what a pair has in common. Nothing here decides whether documents are near
//! duplicates, and a changed word ends a run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::{Runs, View};
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "runs of shared words";

/// Terms in a seed, unless shorter runs are asked for.
const SEED_TERMS: usize = 5;

/// Places of one seed that are followed, from the start of the right document: a phrase that
/// stands there more often would make the work quadratic.
const MOST_PLACES: usize = 64;

/// Term comparisons after which the longest runs found so far are the answer. Only texts made of
/// one phrase again and again come near.
const MOST_STEPS: usize = 1 << 25;

/// A stretch of equal words in two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedRun {
    /// First code point on the left.
    pub left_start: u32,
    /// Code point after the last on the left.
    pub left_end: u32,
    /// First code point on the right.
    pub right_start: u32,
    /// Code point after the last on the right.
    pub right_end: u32,
    /// Number of words.
    pub words: u32,
}

/// Equal terms: so many, from so far on both sides.
#[derive(Debug, Clone, Copy)]
struct Match {
    length: usize,
    left: usize,
    right: usize,
}

/// The longest runs of at least `shortest` equal terms, in the order of the left document. The
/// longest is taken first (the earlier on the left, then on the right, between equals); no term
/// belongs to two runs. Removed tokens do not end a run.
pub fn shared_runs(
    view: &View,
    left: usize,
    right: usize,
    shortest: usize,
    observer: &dyn Observer,
) -> Result<Vec<SharedRun>> {
    let (mut left_runs, mut right_runs) = (Runs::default(), Runs::default());
    view.runs(left, true, &mut left_runs, observer)?;
    view.runs(right, true, &mut right_runs, observer)?;
    let shortest = shortest.max(1);
    let matches = matches(&left_runs.terms, &right_runs.terms, shortest, observer)?;
    let mut chosen = choose(
        matches,
        (left_runs.terms.len(), right_runs.terms.len()),
        shortest,
        observer,
    )?;
    sorting::sort_by_key(&mut chosen, observer, |found| found.right)?;
    let right_spans = spans(view, right, &right_runs, &chosen, |found| found.right, observer)?;
    let both = chosen.iter().copied().zip(right_spans);
    let mut both: Vec<(Match, (u32, u32))> = memory::collect(both, WHAT, observer)?;
    sorting::sort_by_key(&mut both, observer, |(found, _)| found.left)?;
    sorting::sort_by_key(&mut chosen, observer, |found| found.left)?;
    let left_spans = spans(view, left, &left_runs, &chosen, |found| found.left, observer)?;
    let run = |((found, right), left): ((Match, (u32, u32)), (u32, u32))| SharedRun {
        left_start: left.0,
        left_end: left.1,
        right_start: right.0,
        right_end: right.1,
        // A document has fewer tokens than bytes, and those fit 32 bits.
        words: u32::try_from(found.length).unwrap_or(u32::MAX),
    };
    memory::collect(both.into_iter().zip(left_spans).map(run), WHAT, observer)
}

/// Code-point spans of runs that rise on this side.
fn spans(
    view: &View,
    row: usize,
    runs: &Runs,
    chosen: &[Match],
    start: impl Fn(&Match) -> usize,
    observer: &dyn Observer,
) -> Result<Vec<(u32, u32)>> {
    // The last token of a run of one word is the first: asked for once, since places must rise.
    let places = chosen.iter().flat_map(|found| {
        let (first, last) = (start(found), start(found) + found.length - 1);
        std::iter::once(first).chain((last > first).then_some(last))
    });
    let places = places.map(|place| runs.places[place] as usize);
    let mut bounds = view.tokens().spans(row, places, observer)?.into_iter();
    let mut spans = memory::with_capacity(chosen.len(), WHAT)?;
    for found in chosen {
        let Some(first) = bounds.next() else { break };
        let last = if found.length > 1 {
            bounds.next()
        } else {
            Some(first)
        };
        spans.push((first.0, last.map_or(first.1, |last| last.1)));
    }
    Ok(spans)
}

/// Matches that cannot be made longer on either side.
fn matches(left: &[u32], right: &[u32], shortest: usize, observer: &dyn Observer) -> Result<Vec<Match>> {
    let seed = shortest.min(SEED_TERMS);
    let hashed = |(place, terms)| (hash::terms64(terms), place);
    let mut places: Vec<(u64, usize)> =
        memory::collect(right.windows(seed).enumerate().map(hashed), WHAT, observer)?;
    sorting::sort_by_key(&mut places, observer, |&place| place)?;
    let (mut found, mut pace) = (Vec::new(), Pace::default());
    let mut steps = 0;
    for (start, terms) in left.windows(seed).enumerate() {
        pace.step(64, observer)?;
        let wanted = hash::terms64(terms);
        let first = places.partition_point(|&(hash, _)| hash < wanted);
        let same = places[first..].iter().take_while(|&&(hash, _)| hash == wanted);
        for &(_, other) in same.take(MOST_PLACES) {
            if start > 0 && other > 0 && left[start - 1] == right[other - 1] {
                continue;
            }
            let equal = left[start..].iter().zip(&right[other..]);
            let length = equal.take_while(|(left, right)| left == right).count();
            steps += length + 1;
            pace.step(length + 8, observer)?;
            if length >= shortest {
                let known = Match {
                    length,
                    left: start,
                    right: other,
                };
                memory::push(&mut found, known, WHAT)?;
            }
            if steps > MOST_STEPS {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// Takes the longest match, takes its terms out of the others, and so on.
fn choose(
    matches: Vec<Match>,
    lengths: (usize, usize),
    shortest: usize,
    observer: &dyn Observer,
) -> Result<Vec<Match>> {
    let mut taken_left = memory::filled(&false, lengths.0, WHAT, observer)?;
    let mut taken_right = memory::filled(&false, lengths.1, WHAT, observer)?;
    let ranked = |found: Match| (found.length, Reverse(found.left), Reverse(found.right));
    let mut heap: BinaryHeap<_> = memory::collect(matches.into_iter().map(ranked), WHAT, observer)?.into();
    let (mut chosen, mut pace) = (Vec::new(), Pace::default());
    let mut steps = 0;
    while let Some((length, Reverse(left), Reverse(right))) = heap.pop() {
        steps += length;
        pace.step(length + 32, observer)?;
        if steps > MOST_STEPS {
            break;
        }
        // The pieces that no chosen run has touched; the match itself if it is whole.
        let mut start = 0;
        for index in 0..=length {
            let free = index < length && !taken_left[left + index] && !taken_right[right + index];
            if free {
                continue;
            }
            let piece = index - start;
            if piece == length {
                taken_left[left..left + length].fill(true);
                taken_right[right..right + length].fill(true);
                memory::push(&mut chosen, Match { length, left, right }, WHAT)?;
            } else if piece >= shortest {
                heap.try_reserve(1)
                    .map_err(|_| memory::refused(24 * heap.len(), WHAT))?;
                heap.push((piece, Reverse(left + start), Reverse(right + start)));
            }
            start = index + 1;
        }
    }
    Ok(chosen)
}
