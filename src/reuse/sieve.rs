//! A sieve: what occurs once falls through, at two bits a slot.
//!
//! Most shingles of a corpus stand in one place and can be shared with nobody. A slot knows whether its
//! hashes came never, once, or more often; a hash that is alone in a slot that was hit once has no equal.
//! Some that have none are held all the same, since they share a slot: what is held must be counted.

use std::sync::atomic::{AtomicU64, Ordering};

use super::shingles::ROW;
use crate::error::Result;
use crate::memory;

/// Slots for each shingle: fewer than one in this many that stand alone is held.
const SLOTS: usize = 4;

/// Slots in a word.
const PER_WORD: usize = 32;

/// The lower bit of a slot says once, the upper one twice.
const ONCE: u64 = 1;
const TWICE: u64 = 2;

/// What occurred how often; filled by many threads, and the same whatever their order.
pub(super) struct Sieve {
    words: Vec<AtomicU64>,
}

impl Sieve {
    /// An empty sieve for so many shingles.
    pub(super) fn new(shingles: usize) -> Result<Self> {
        let words = (shingles * SLOTS).div_ceil(PER_WORD).max(1);
        Ok(Self {
            words: memory::zeroed(words, "the sieve of shingles")?,
        })
    }

    /// The word of a hash, and how far its bits are shifted in it.
    #[expect(clippy::cast_possible_truncation, reason = "it is below the number of words")]
    fn slot(&self, hash: u64) -> (&AtomicU64, u32) {
        let wide = u128::from(hash) * self.words.len() as u128;
        // What is left of the product says where in the word.
        let rest = wide as u64 >> (u64::BITS - PER_WORD.ilog2());
        (&self.words[(wide >> 64) as usize], 2 * rest as u32)
    }

    /// Up to [`ROW`] shingles occurred.
    pub(super) fn put(&self, hashes: &[u64]) {
        // Words are far apart: all are asked for before the first one is needed, and only those are
        // written that change, since a write waits for what was asked before.
        let mut known = [0; ROW];
        for (known, &hash) in known.iter_mut().zip(hashes) {
            let (word, shift) = self.slot(hash);
            *known = word.load(Ordering::Relaxed) >> shift;
        }
        for (&known, &hash) in known.iter().zip(hashes) {
            if known & TWICE == 0 {
                let (word, shift) = self.slot(hash);
                if word.fetch_or(ONCE << shift, Ordering::Relaxed) >> shift & ONCE != 0 {
                    word.fetch_or(TWICE << shift, Ordering::Relaxed);
                }
            }
        }
    }

    /// Which of up to [`ROW`] shingles may have occurred twice: a bit for each, the lowest for the first.
    pub(super) fn held(&self, hashes: &[u64]) -> u64 {
        hashes.iter().rev().fold(0, |held, &hash| {
            let (word, shift) = self.slot(hash);
            held << 1 | word.load(Ordering::Relaxed) >> shift >> 1 & 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash;

    #[test]
    fn it_holds_what_came_twice_and_little_else() {
        let sieve = Sieve::new(20_000).unwrap();
        let hash = |number: u64| hash::round64(number, 7);
        for number in (0..15_000).chain(0..5_000) {
            sieve.put(&[hash(number)]);
        }
        assert!((0..5_000).all(|number| sieve.held(&[hash(number)]) == 1));
        let held = (5_000..15_000)
            .filter(|&number| sieve.held(&[hash(number)]) == 1)
            .count();
        assert!(held < 10_000 / SLOTS, "{held} stand alone and are held");
        assert!(held > 1_000, "a sieve this fine is too large: {held}");
    }

    #[test]
    fn an_empty_sieve_holds_nothing() {
        let sieve = Sieve::new(0).unwrap();
        assert_eq!(sieve.held(&[0, u64::MAX]), 0);
        sieve.put(&[u64::MAX]);
        assert_eq!(sieve.held(&[0, u64::MAX]), 0);
        sieve.put(&[1 << 63, u64::MAX, 1 << 63]);
        assert_eq!(sieve.held(&[0, u64::MAX]), 0b10);
        assert_eq!(sieve.held(&[]), 0);
    }

    #[test]
    fn equal_shingles_of_one_row_are_held() {
        let sieve = Sieve::new(200).unwrap();
        let hashes: Vec<u64> = (0..64).map(|number| hash::round64(number / 2, 1)).collect();
        sieve.put(&hashes);
        assert_eq!(sieve.held(&hashes), u64::MAX);
    }
}
