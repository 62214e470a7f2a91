//! `MinHash`: a document becomes a row of numbers, of which two documents share about as large a part as
//! their similarity is.
//!
//! Fast similarity sketching (Dahlgaard, Knudsen and Thorup, 2017): every slot agrees with
//! probability J, as with one permutation a slot, but shingles are hashed a few times instead of once
//! for each slot. Two signatures of one text are equal on any machine and in any corpus, since nothing
//! here depends on ids of terms. Which documents are alike is not decided here.
//!
//! The form, fixed for ever within [`VERSION`]. The key of a shingle of words is
//! `hash::hashes64` of the `hash::bytes64` of its terms; of characters, `hash::terms64` of its
//! code points. In round i = 0, 1, … every key has h = `hash::round64(key, i)`. While i is below the
//! number k of slots, h goes to slot ⌊h·k / 2⁶⁴⌋; round k + j fills slot j alone. The first
//! round that reaches a slot fills it with the smallest i·2⁴⁸ + h mod 2⁴⁸; the round in which no slot is
//! left empty is the last one. Narrow slots are the lowest bits. Without a shingle all bits are set.

use bytemuck::Zeroable;

use super::near::{Options, Unit};
use super::shingles::Source;
use crate::corpus::pace::Pace;
use crate::corpus::views::{Runs, View};
use crate::error::{Error, Result};
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Raised when any signature changes.
pub const VERSION: u32 = 1;

/// The most slots of a signature.
pub const MOST_SLOTS: usize = 4096;

/// A slot that no shingle has reached.
const EMPTY: u64 = u64::MAX;

/// Bits of a hash that stay in a slot.
const KEPT: u32 = 48;

/// Keys between two steps.
const STEP: usize = 1 << 10;

const WHAT: &str = "signatures";

/// Refuses a number of slots that no signature has.
pub(super) fn check(slots: usize) -> Result<()> {
    if (1..=MOST_SLOTS).contains(&slots) {
        return Ok(());
    }
    Err(Error::parameter(
        "slots",
        &slots,
        &format!("it must be a whole number from 1 to {MOST_SLOTS}"),
        "pass 128 to start",
    ))
}

/// What a slot is kept as.
pub trait Slot: Copy + Send + Sync + Zeroable {
    /// The lowest bits of a slot.
    fn of(value: u64) -> Self;
}

macro_rules! slots {
    ($($width:ty),*) => {$(
        impl Slot for $width {
            #[expect(clippy::allow_attributes, reason = "one width is not narrower")]
            #[allow(clippy::cast_possible_truncation, reason = "the lowest bits are meant")]
            fn of(value: u64) -> Self {
                value as Self
            }
        }
    )*};
}

slots!(u16, u32, u64);

/// Makes signatures of documents.
pub(super) struct Sketcher<'view> {
    source: &'view Source<'view>,
    /// The hash of each term; none for characters.
    terms: Vec<u64>,
}

/// Work space of one worker.
#[derive(Default)]
pub(super) struct Scratch {
    hashes: Vec<u64>,
    keys: Vec<u64>,
    pace: Pace,
}

impl<'view> Sketcher<'view> {
    pub(super) fn new(source: &'view Source<'view>, observer: &dyn Observer) -> Result<Self> {
        let terms = match source.unit() {
            Unit::Word => source.view().hashes(observer)?,
            Unit::Char => Vec::new(),
        };
        Ok(Self { source, terms })
    }

    /// Fills the slots with the signature of the shingles that start at some places of a document.
    pub(super) fn fill(
        &self,
        runs: &Runs,
        places: impl Iterator<Item = u32>,
        scratch: &mut Scratch,
        slots: &mut [u64],
        observer: &dyn Observer,
    ) -> Result<()> {
        let words = self.source.words();
        let Scratch { hashes, keys, pace } = scratch;
        hashes.clear();
        keys.clear();
        if self.source.unit() == Unit::Word {
            memory::reserve(hashes, runs.terms.len(), WHAT)?;
            for &term in &runs.terms {
                pace.step(1, observer)?;
                hashes.push(self.terms[term as usize]);
            }
        }
        for place in places {
            pace.step(4 + words / 2, observer)?;
            let shingle = place as usize..place as usize + words;
            let key = match self.source.unit() {
                Unit::Word => hash::hashes64(&hashes[shingle]),
                Unit::Char => hash::terms64(&runs.terms[shingle]),
            };
            memory::push(keys, key, WHAT)?;
        }
        sketch(keys, slots, pace, observer)
    }
}

/// Fills the slots with the signature of a set of keys; a key may come more than once.
fn sketch(keys: &[u64], slots: &mut [u64], pace: &mut Pace, observer: &dyn Observer) -> Result<()> {
    slots.fill(EMPTY);
    let count = slots.len();
    let mut empty = if keys.is_empty() { 0 } else { count };
    for round in 0..2 * count {
        if empty == 0 {
            break;
        }
        let own = round.checked_sub(count);
        if own.is_some_and(|own| slots[own] != EMPTY) {
            continue;
        }
        for step in keys.chunks(STEP) {
            pace.step(2 * step.len(), observer)?;
            for &key in step {
                let hash = hash::round64(key, round as u64);
                let slot = &mut slots[own.unwrap_or_else(|| place(hash, count))];
                empty -= usize::from(*slot == EMPTY);
                *slot = value(hash, round).min(*slot);
            }
        }
    }
    Ok(())
}

/// The slot of a hash, among `count`.
#[expect(clippy::cast_possible_truncation, reason = "it is below the count")]
fn place(hash: u64, count: usize) -> usize {
    ((u128::from(hash) * count as u128) >> 64) as usize
}

/// What a hash leaves in its slot.
fn value(hash: u64, round: usize) -> u64 {
    (round as u64) << KEPT | hash & ((1 << KEPT) - 1)
}

/// Bytes that [`signatures`] needs at its peak, with slots of so many bytes.
#[must_use]
pub fn estimate(view: &View, slots: usize, width: usize) -> u64 {
    let parts = 2 * slots as u64 * width as u64;
    parts * view.documents() as u64 + 8 * view.terms().len() as u64
}

/// The signatures of all documents, one after the other.
pub fn signatures<S: Slot>(
    view: &View,
    options: &Options,
    slots: usize,
    observer: &dyn Observer,
) -> Result<Vec<S>> {
    check(slots)?;
    options.check()?;
    memory::admit(estimate(view, slots, size_of::<S>()), WHAT)?;
    let source = Source::new(view, *options);
    let sketcher = Sketcher::new(&source, observer)?;
    observer.expect(source.documents());
    let cut = source.blocks(source.documents(), |row| row);
    let made = parallel::map_blocks(&cut, observer, |rows| {
        let (mut runs, mut set) = (Runs::default(), Vec::new());
        let (mut scratch, mut wide) = (Scratch::default(), memory::zeroed(slots, WHAT)?);
        let mut made = memory::with_capacity(rows.len() * slots, WHAT)?;
        for row in rows {
            observer.check()?;
            source.fill(row, &mut runs, observer)?;
            source.set(&runs, observer, &mut set)?;
            let places = set.iter().map(|&(_, place)| place);
            sketcher.fill(&runs, places, &mut scratch, &mut wide, observer)?;
            made.extend(wide.iter().map(|&slot| S::of(slot)));
        }
        Ok(made)
    })?;
    parallel::concat(made, WHAT, observer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn sketched(keys: &[u64], count: usize) -> Vec<u64> {
        let mut slots = vec![0; count];
        sketch(keys, &mut slots, &mut Pace::default(), &Silent).unwrap();
        slots
    }

    /// The form as it is written above, slot by slot.
    fn plain(keys: &[u64], count: usize) -> Vec<u64> {
        (0..count)
            .map(|slot| {
                let reach = |round: usize| {
                    keys.iter()
                        .map(|&key| hash::round64(key, round as u64))
                        .filter(|&hash| {
                            let place = (u128::from(hash) * count as u128) >> 64;
                            place == slot as u128 && round < count || round == count + slot
                        })
                        .map(|hash| (round as u64) * (1 << 48) + hash % (1 << 48))
                        .min()
                };
                (0..2 * count).find_map(reach).unwrap_or(u64::MAX)
            })
            .collect()
    }

    fn keys(from: u64, to: u64) -> Vec<u64> {
        (from..to)
            .map(|number| hash::bytes64(&number.to_le_bytes()))
            .collect()
    }

    #[test]
    fn signatures_are_those_of_the_definition() {
        for (size, count) in [(0, 4), (1, 1), (1, 9), (2, 33), (7, 16), (40, 12), (500, 64)] {
            let mut keys = keys(0, size);
            let expected = plain(&keys, count);
            assert_eq!(sketched(&keys, count), expected, "{size} keys, {count} slots");
            // Neither order nor repetition of keys is seen.
            keys.reverse();
            keys.extend(keys.clone());
            assert_eq!(sketched(&keys, count), expected);
        }
    }

    #[test]
    fn equal_slots_are_as_frequent_as_the_similarity() {
        // Small sets fill most slots late, large ones in the first round.
        for (shared, alone) in [(1u64, 1), (4, 1), (20, 10), (100, 50), (400, 50), (300, 300)] {
            let similarity = shared as f64 / (shared + 2 * alone) as f64;
            let (slots, times) = (128, 200);
            let mut equal = 0;
            for seed in 0..times {
                let base = seed * 1_000_000;
                let left = keys(base, base + shared + alone);
                let mut right = keys(base, base + shared);
                right.extend(keys(base + 500_000, base + 500_000 + alone));
                let (left, right) = (sketched(&left, slots), sketched(&right, slots));
                equal += left
                    .iter()
                    .zip(&right)
                    .filter(|(left, right)| left == right)
                    .count();
            }
            let found = equal as f64 / (slots as f64 * times as f64);
            // Slots that are independent would have this error; two signatures have no more.
            let error = (similarity * (1.0 - similarity) / (slots as f64 * times as f64)).sqrt();
            // Tiny sets draw the same few hashes again and again, so their slots vary together.
            let bound = 5.0 * error + 0.02 / (shared + alone) as f64;
            assert!((found - similarity).abs() < bound, "{found} for {similarity}");
        }
    }
}
