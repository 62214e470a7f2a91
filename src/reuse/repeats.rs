//! Repeats: what a document says again.
//!
//! A document is read from left to right. Where the next `shortest` terms stood before, the run is
//! followed as far as it goes (`Found`), as in the compression of Ziv and Lempel (1977): it may run
//! into itself, so that one phrase again and again is one repeat from its second time on. No later
//! window of `shortest` terms that stood before stays uncovered. Then runs with the same distance
//! grow over a few other words, and neighbors that belong together become one repeat.
//!
//! The first place of each window is all that is kept of it, so the work is linear in the document
//! whatever it says. Following a run to the left could be repeated work; it has a budget, and documents
//! in which that ended are counted: there a repeat may be told in more pieces.

use hashbrown::HashTable;

use crate::corpus::pace::Pace;
use crate::corpus::views::{Runs, View};
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "repeats";

/// Terms that may differ on either side before a repeat goes on, and equal ones that must follow.
const GAP: usize = 8;
const RESUMED: usize = 4;

/// Terms between two repeats that belong together, at most; and the least share of the shorter one.
const BETWEEN: usize = 60;

/// Terms that may be followed to the left, for each term of the document.
const BUDGET: usize = 32;

/// A stretch of a document that stood before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeat {
    /// The document.
    pub row: usize,
    /// First code point of the later place, and the one after it.
    pub later: (u32, u32),
    /// The same of the earlier place.
    pub first: (u32, u32),
    /// Words of the later place.
    pub tokens: usize,
    /// Share of the words of the longer place that stand in both.
    pub identity: f64,
}

/// All repeats, in the order of the documents and then of the later places.
#[derive(Debug)]
pub struct Repeats {
    /// The repeats.
    pub repeats: Vec<Repeat>,
    /// Documents whose budget ended.
    pub capped: usize,
}

impl Repeats {
    /// Finds the repeats of at least `shortest` terms in every document. Removed tokens end no run.
    pub fn build(view: &View, shortest: usize, observer: &dyn Observer) -> Result<Self> {
        observer.expect(view.documents());
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 8, |row| {
            view.tokens().ids(row).len()
        });
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let (mut search, mut repeats, mut capped) = (Search::new(shortest), Vec::new(), 0);
            for row in rows {
                view.runs(row, true, &mut search.runs, observer)?;
                search.find(observer)?;
                search.join(observer)?;
                capped += usize::from(search.budget == 0);
                search.tell(view, row, &mut repeats, observer)?;
            }
            Ok((repeats, capped))
        })?;
        let capped = blocks.iter().map(|&(_, capped)| capped).sum();
        let repeats = blocks.into_iter().map(|(repeats, _)| repeats).collect();
        Ok(Self {
            repeats: memory::concat(repeats, WHAT, observer)?,
            capped,
        })
    }
}

/// Terms that stood before: those of `later` are those of `first`, but for gaps.
#[derive(Debug, Clone, Copy)]
struct Found {
    later: usize,
    later_end: usize,
    first: usize,
    first_end: usize,
    /// Terms that stand in both.
    same: usize,
}

impl Found {
    /// Whether the places follow each other so closely that a run has met itself.
    fn meets_itself(self) -> bool {
        self.first_end >= self.later
    }
}

/// What is kept from document to document: room for the work.
struct Search {
    shortest: usize,
    runs: Runs,
    /// The first place of every window, under its hash.
    places: HashTable<(u64, u32)>,
    hashes: Vec<u64>,
    found: Vec<Found>,
    budget: usize,
}

impl Search {
    fn new(shortest: usize) -> Self {
        Self {
            shortest,
            runs: Runs::default(),
            places: HashTable::new(),
            hashes: Vec::new(),
            found: Vec::new(),
            budget: 0,
        }
    }

    /// Finds all runs of equal terms, rising by their later places; two neighbors may overlap.
    fn find(&mut self, observer: &dyn Observer) -> Result<()> {
        self.found.clear();
        self.places.clear();
        let (terms, length) = (&self.runs.terms, self.shortest);
        self.budget = BUDGET.saturating_mul(terms.len()).saturating_add(1);
        if terms.len() <= length {
            return Ok(());
        }
        windows(terms, length, &mut self.hashes, observer)?;
        let places = &mut self.places;
        places
            .try_reserve(self.hashes.len(), |&(hash, _)| hash)
            .map_err(|_| memory::refused(16 * self.hashes.len(), WHAT))?;
        let (mut at, mut pace) = (0, Pace::default());
        while at < self.hashes.len() {
            pace.step(16, observer)?;
            let (hash, window) = (self.hashes[at], &terms[at..at + length]);
            let same = |&(other, first): &(u64, u32)| {
                other == hash && terms[first as usize..first as usize + length] == *window
            };
            let Some(&(_, first)) = places.find(hash, same) else {
                // A document has fewer tokens than bytes, and those fit 32 bits.
                let first = u32::try_from(at).unwrap_or(u32::MAX);
                places.insert_unique(hash, (hash, first), |&(hash, _)| hash);
                at += 1;
                continue;
            };
            pace.step(length, observer)?;
            let first = first as usize;
            let more = equal(&terms[first + length..], &terms[at + length..]);
            pace.step(more, observer)?;
            let found = Found {
                later: at,
                later_end: at + length + more,
                first,
                first_end: first + length + more,
                same: length + more,
            };
            let found = leftwards(terms, found, &mut self.found, &mut self.budget);
            memory::push(&mut self.found, found, WHAT)?;
            // The next window that is not within this run.
            at = (found.later_end + 1 - length).max(at + 1);
        }
        Ok(())
    }

    /// Lets runs grow over other words, and makes one of those that belong together.
    fn join(&mut self, observer: &dyn Observer) -> Result<()> {
        let (terms, mut pace) = (&self.runs.terms, Pace::default());
        for place in 0..self.found.len() {
            let low = if place == 0 {
                0
            } else {
                self.found[place - 1].later_end
            };
            let high = self.found.get(place + 1).map_or(terms.len(), |next| next.later);
            grow(terms, &mut self.found[place], low, high, &mut pace, observer)?;
        }
        // Close ones first: only a long repeat may have a wide gap.
        for widest in [GAP, BETWEEN] {
            let mut kept: usize = 0;
            for place in 0..self.found.len() {
                pace.step(4, observer)?;
                let next = self.found[place];
                if kept > 0 && belong(self.found[kept - 1], next, widest) {
                    let last = &mut self.found[kept - 1];
                    last.same += next.same - last.later_end.saturating_sub(next.later);
                    last.later_end = next.later_end;
                    last.first_end = next.first_end;
                } else {
                    self.found[kept] = next;
                    kept += 1;
                }
            }
            self.found.truncate(kept);
        }
        Ok(())
    }

    /// Adds the repeats of a document in code points.
    fn tell(
        &self,
        view: &View,
        row: usize,
        repeats: &mut Vec<Repeat>,
        observer: &dyn Observer,
    ) -> Result<()> {
        if self.found.is_empty() {
            return Ok(());
        }
        // The places of all tokens once: the earlier places rise in no order.
        let places = self.runs.places.iter().map(|&place| place as usize);
        let spans = view.tokens().spans(row, places, observer)?;
        for found in &self.found {
            // Of what runs into itself the earlier place is what stood before the later one.
            let first_end = found.first_end.min(found.later);
            let (later, first) = (found.later_end - found.later, found.first_end - found.first);
            let repeat = Repeat {
                row,
                later: (spans[found.later].0, spans[found.later_end - 1].1),
                first: (spans[found.first].0, spans[first_end - 1].1),
                tokens: later,
                identity: found.same as f64 / later.max(first) as f64,
            };
            memory::push(repeats, repeat, WHAT)?;
        }
        Ok(())
    }
}

/// The hash of every window of `length` terms, each from the one before.
fn windows(terms: &[u32], length: usize, hashes: &mut Vec<u64>, observer: &dyn Observer) -> Result<()> {
    hashes.clear();
    memory::reserve(hashes, terms.len() + 1 - length, WHAT)?;
    let (mut hash, mut power, mut pace) = (0u64, 1u64, Pace::default());
    let base = BASE;
    for &term in &terms[..length] {
        pace.step(1, observer)?;
        hash = times(hash, base, u64::from(term) + 1);
        power = times(power, base, 0);
    }
    hashes.push(hash::key64(hash, 0, 0));
    for (&gone, &term) in terms.iter().zip(&terms[length..]) {
        pace.step(2, observer)?;
        hash = times(hash, base, u64::from(term) + 1);
        let less = times(power, u64::from(gone) + 1, 0);
        hash = if hash >= less {
            hash - less
        } else {
            hash + PRIME - less
        };
        hashes.push(hash::key64(hash, 0, 0));
    }
    Ok(())
}

/// Numbers below a prime; windows with one hash are compared term by term, so nothing depends on it.
const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x1234_5678_9ABC_DEF1;

/// `left · right + more` below the prime.
#[expect(clippy::cast_possible_truncation, reason = "what is left is below 2⁶²")]
fn times(left: u64, right: u64, more: u64) -> u64 {
    let wide = u128::from(left) * u128::from(right) + u128::from(more);
    let folded = (wide >> 61) as u64 + (wide as u64 & PRIME);
    if folded >= PRIME { folded - PRIME } else { folded }
}

/// Equal terms at the beginning of two stretches.
fn equal(left: &[u32], right: &[u32]) -> usize {
    left.iter()
        .zip(right)
        .take_while(|(left, right)| left == right)
        .count()
}

/// Equal terms at the end of two stretches.
fn equal_back(left: &[u32], right: &[u32]) -> usize {
    left.iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(|(left, right)| left == right)
        .count()
}

/// Follows a run to the left, and drops the runs before it that lie in it: their words stood at
/// several places, and this run tells which of these goes on.
fn leftwards(terms: &[u32], mut found: Found, before: &mut Vec<Found>, budget: &mut usize) -> Found {
    while let Some(&last) = before.last().filter(|last| last.later_end > found.later) {
        let low = last.later.min(found.later);
        let length = (found.later - low).min(found.first).min(*budget);
        let (later, first) = (found.later - length, found.first - length);
        let same = equal_back(&terms[later..found.later], &terms[first..found.first]);
        *budget -= (same + 1).min(*budget);
        if same < found.later - low {
            break;
        }
        found.later -= same;
        found.first -= same;
        found.same += same;
        before.pop();
    }
    found
}

/// Lets a run grow on both sides over a few words that differ, between `low` and `high`.
fn grow(
    terms: &[u32],
    found: &mut Found,
    low: usize,
    high: usize,
    pace: &mut Pace,
    observer: &dyn Observer,
) -> Result<()> {
    if found.meets_itself() {
        return Ok(());
    }
    loop {
        pace.step(2 * GAP * GAP, observer)?;
        // Neither side may reach the other.
        let earlier = &terms[found.first_end..found.later];
        let later = &terms[found.later_end.min(high)..high];
        let Some((skipped, over)) = resumes(earlier, later, |side, at| side.get(at..at + RESUMED)) else {
            break;
        };
        let same = equal(&earlier[skipped..], &later[over..]);
        pace.step(same, observer)?;
        found.first_end += skipped + same;
        found.later_end += over + same;
        found.same += same;
    }
    loop {
        pace.step(2 * GAP * GAP, observer)?;
        let earlier = &terms[..found.first];
        let later = &terms[low.max(found.first_end).min(found.later)..found.later];
        let back = |side: &'_ [u32], at: usize| -> Option<[u32; RESUMED]> {
            let end = side.len().checked_sub(at)?;
            side.get(end.checked_sub(RESUMED)?..end)?.try_into().ok()
        };
        let Some((skipped, over)) = resumes(earlier, later, back) else {
            break;
        };
        let (left, right) = (earlier.len() - skipped, later.len() - over);
        let same = equal_back(&earlier[..left], &later[..right]);
        pace.step(same, observer)?;
        found.first -= skipped + same;
        found.later -= over + same;
        found.same += same;
    }
    Ok(())
}

/// The fewest terms to skip on both sides so that the next ones are equal.
fn resumes<'side, Next: PartialEq>(
    earlier: &'side [u32],
    later: &'side [u32],
    next: impl Fn(&'side [u32], usize) -> Option<Next>,
) -> Option<(usize, usize)> {
    for total in 0..=2 * GAP {
        for skipped in total.saturating_sub(GAP)..=total.min(GAP) {
            let Some(wanted) = next(earlier, skipped) else {
                continue;
            };
            if next(later, total - skipped).is_some_and(|found| found == wanted) {
                return Some((skipped, total - skipped));
            }
        }
    }
    None
}

/// Whether two neighbors are one repeat: both places go on after a short gap.
fn belong(last: Found, next: Found, widest: usize) -> bool {
    if last.meets_itself() || next.meets_itself() || next.first_end > last.later {
        return false;
    }
    let shorter = (last.later_end - last.later).min(next.later_end - next.later);
    let most = (shorter / 2).clamp(GAP, widest);
    let later = next.later.saturating_sub(last.later_end);
    // Neighbors may overlap, on both sides by as much.
    let overlap = last.later_end.saturating_sub(next.later);
    match (next.first + overlap).checked_sub(last.first_end) {
        Some(first) => later <= most && first <= most,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::corpus::tokens::Tokens;
    use crate::corpus::views::Settings;
    use crate::observer::Silent;
    use crate::text::arena::Arena;
    use crate::text::tailoring::{Language, Tailoring};

    fn found(text: &str, shortest: usize) -> Repeats {
        let arena = Arc::new(Arena::from_texts([text]).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), None, &Silent).unwrap();
        let view = View::new(Arc::new(tokens), Settings::surface(), &Silent).unwrap();
        Repeats::build(&view, shortest, &Silent).unwrap()
    }

    /// Numbers as words, which are as good as a text.
    fn text(terms: impl IntoIterator<Item = usize>) -> String {
        let words: Vec<String> = terms.into_iter().map(|term| format!("w{term}")).collect();
        words.join(" ")
    }

    /// Words and identity of each, in thousandths.
    fn places(repeats: &Repeats) -> Vec<(usize, f64)> {
        let tokens = |found: &Repeat| (found.tokens, (found.identity * 1000.0).round());
        repeats.repeats.iter().map(tokens).collect()
    }

    #[test]
    fn a_text_that_stands_twice_is_one_repeat() {
        let twice = text((0..40).chain(0..40));
        let repeats = found(&twice, 12);
        assert_eq!(places(&repeats), [(40, 1000.0)]);
        let repeat = repeats.repeats[0];
        let slice = |span: (u32, u32)| &twice[span.0 as usize..span.1 as usize];
        assert_eq!(slice(repeat.later), slice(repeat.first));
        assert_eq!(repeat.first.0, 0);
    }

    #[test]
    fn small_differences_do_not_part_a_repeat() {
        // Every ninth word is another one, and seven are missing.
        let again = (0..80).filter(|term| !(33..40).contains(term));
        let again = again.map(|term| if term % 9 == 4 { 900 + term } else { term });
        let repeats = found(&text((0..80).chain(500..520).chain(again)), 8);
        assert_eq!(repeats.repeats.len(), 1, "{:?}", repeats.repeats);
        // After the last other word only three are left.
        assert_eq!(repeats.repeats[0].tokens, 69);
        assert!(repeats.repeats[0].identity > 0.7);
    }

    #[test]
    fn one_phrase_again_and_again_is_one_repeat_from_its_second_time_on() {
        for period in [1, 2, 7, 30] {
            let repeats = found(&text((0..period * 200).map(|at| at % period)), 12);
            assert_eq!(places(&repeats), [(period * 199, 1000.0)], "{period}");
            let repeat = repeats.repeats[0];
            assert!(repeat.first.1 <= repeat.later.0);
        }
    }

    #[test]
    fn a_run_that_goes_on_elsewhere_is_told_from_there() {
        // The opening words stood alone before they stood in the paragraph that is repeated.
        let paragraph = (0..15).chain(100..140);
        let all = (0..15)
            .chain(200..230)
            .chain(paragraph.clone())
            .chain(300..330)
            .chain(paragraph);
        let repeats = found(&text(all), 12);
        assert_eq!(places(&repeats), [(15, 1000.0), (55, 1000.0)]);
        assert_eq!(repeats.capped, 0);
    }

    proptest! {
        /// Slow and obvious: which terms lie in a window that stood before.
        #[test]
        fn no_window_that_stood_before_is_missed(terms in prop::collection::vec(0usize..4, 0..60), shortest in 1usize..7) {
            let text = text(terms.iter().copied());
            let repeats = found(&text, shortest);
            let mut covered = vec![false; text.len()];
            for repeat in &repeats.repeats {
                prop_assert!(repeat.first.0 < repeat.later.0 && repeat.first.1 <= repeat.later.0);
                prop_assert!(repeat.tokens >= shortest && repeat.identity > 0.0 && repeat.identity <= 1.0);
                covered[repeat.later.0 as usize..repeat.later.1 as usize].fill(true);
            }
            let starts: Vec<usize> = (0..terms.len()).map(|at| terms[..at].iter().map(|term| format!("w{term} ").len()).sum()).collect();
            for at in 0..(terms.len() + 1).saturating_sub(shortest) {
                let window = &terms[at..at + shortest];
                if (0..at).any(|first| &terms[first..first + shortest] == window) {
                    for place in at..at + shortest {
                        prop_assert!(covered[starts[place]], "{terms:?} {place}");
                    }
                }
            }
        }
    }
}
