//! The one hash of this crate: seeded, versioned and the same on every platform.
//!
//! XXH3 with a fixed seed, over little-endian bytes. Whatever is stored or ordered by a hash uses
//! this file, so that a change of the hash is a change of [`VERSION`] and nothing else.

use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3;

/// Raised when any function here changes its answer for any input.
pub const VERSION: u32 = 1;

/// Fixed for ever within a version; spells the package's name.
const SEED: u64 = u64::from_le_bytes(*b"nutgraf1");

/// 64 bits of a byte string.
#[inline]
#[must_use]
pub fn bytes64(bytes: &[u8]) -> u64 {
    xxh3::xxh3_64_with_seed(bytes, SEED)
}

/// An odd number whose bits look random: the golden ratio's.
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// What keys of tables are multiplied with in this process; 0 until first asked.
///
/// It differs from process to process, so that no text can be written whose words all fall into one
/// place. Nothing that a table holds comes out in the table's order, so nothing shows it.
static KEY_SEED: AtomicU64 = AtomicU64::new(0);

/// 64 well-mixed bits of a key, for tables in memory alone: other processes have others.
#[inline]
#[must_use]
pub fn key64(first: u64, last: u64, length: u32) -> u64 {
    let seed = KEY_SEED.load(Ordering::Relaxed);
    let seed = if seed == 0 { new_key_seed() } else { seed };
    fold(fold(first ^ seed, last ^ SEED) ^ u64::from(length), seed)
}

/// Both halves of a product.
#[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let wide = u128::from(left) * u128::from(right);
    (wide >> 64) as u64 ^ wide as u64
}

/// Draws the seed; of threads that come first together, one wins.
#[cold]
fn new_key_seed() -> u64 {
    let drawn = std::hash::RandomState::new().hash_one(SEED) | 1 << 63 | 1;
    match KEY_SEED.compare_exchange(0, drawn, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => drawn,
        Err(first) => first,
    }
}

/// 64 bits of a key in a numbered round: another independent hash in every round.
///
/// Step `round` of `SplitMix64` (Steele, Lea and Flood, 2014) from the key.
#[inline]
#[must_use]
pub fn round64(key: u64, round: u64) -> u64 {
    let mut bits = key.wrapping_add(round.wrapping_add(1).wrapping_mul(MIXER));
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// 128 bits of a byte string: equality that still has to be confirmed on the bytes.
#[must_use]
pub fn bytes128(bytes: &[u8]) -> u128 {
    xxh3::xxh3_128_with_seed(bytes, SEED)
}

/// Terms in one step of a hash over terms; a shingle of usual length fits.
const STEP: usize = 64;

/// 64 bits of a row of terms.
#[inline]
#[must_use]
pub fn terms64(terms: &[u32]) -> u64 {
    if cfg!(target_endian = "little") {
        return bytes64(bytemuck::cast_slice(terms));
    }
    let mut bytes = [0; STEP * 4];
    if terms.len() > STEP {
        let mut hasher = xxh3::Xxh3::with_seed(SEED);
        for step in terms.chunks(STEP) {
            hasher.update(spell(step, &mut bytes));
        }
        return hasher.digest();
    }
    bytes64(spell(terms, &mut bytes))
}

/// 64 bits of a few terms, several times as fast as [`terms64`]: for tables in memory alone.
///
/// The same in every process, so that what is sorted by it comes in one order.
#[inline]
#[must_use]
pub fn shingle64(terms: &[u32]) -> u64 {
    let pairs = terms.chunks_exact(2);
    let odd = pairs
        .remainder()
        .first()
        .map_or(0, |&last| 1 << 32 | u64::from(last));
    let mix = |hash: u64, pair: u64| fold(hash ^ pair, MIXER);
    let hash = pairs.fold(SEED, |hash, pair| {
        mix(hash, u64::from(pair[0]) << 32 | u64::from(pair[1]))
    });
    mix(hash, odd)
}

/// 64 bits of a row of hashes.
#[inline]
#[must_use]
pub fn hashes64(row: &[u64]) -> u64 {
    let mut bytes = [0; STEP * 4];
    if row.len() > STEP / 2 {
        let mut hasher = xxh3::Xxh3::with_seed(SEED);
        for hash in row {
            hasher.update(&hash.to_le_bytes());
        }
        return hasher.digest();
    }
    for (place, hash) in bytes.chunks_exact_mut(8).zip(row) {
        place.copy_from_slice(&hash.to_le_bytes());
    }
    bytes64(&bytes[..row.len() * 8])
}

/// 128 bits of a row of terms and of the places at which it is cut, both given piece by piece.
pub struct Sequence {
    hasher: xxh3::Xxh3,
}

impl Default for Sequence {
    fn default() -> Self {
        Self {
            hasher: xxh3::Xxh3::with_seed(SEED),
        }
    }
}

impl Sequence {
    /// The terms come first.
    pub fn terms(&mut self, terms: &[u32]) {
        let mut bytes = [0; STEP * 4];
        for step in terms.chunks(STEP) {
            self.hasher.update(spell(step, &mut bytes));
        }
    }

    /// The cuts come last.
    pub fn cuts(&mut self, cuts: &[usize]) {
        for &cut in cuts {
            self.hasher.update(&(cut as u64).to_le_bytes());
        }
    }

    /// The hash of everything so far.
    #[must_use]
    pub fn finish(&self) -> u128 {
        self.hasher.digest128()
    }
}

/// Writes at most `STEP` terms as bytes.
#[inline]
fn spell<'bytes>(terms: &[u32], bytes: &'bytes mut [u8; STEP * 4]) -> &'bytes [u8] {
    for (place, term) in bytes.chunks_exact_mut(4).zip(terms) {
        place.copy_from_slice(&term.to_le_bytes());
    }
    &bytes[..terms.len().min(STEP) * 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_look_alike_are_mixed_apart() {
        // Each bit of a key decides about the highest and the lowest bits of its hash.
        let places: std::collections::BTreeSet<u64> =
            (0..64).map(|bit| key64(1 << bit, 0, 8) >> 48).collect();
        assert!(places.len() > 60);
        assert_eq!(key64(7, 1, 9), key64(7, 1, 9));
    }

    #[test]
    fn shingles_that_look_alike_are_mixed_apart() {
        // Every two of 2^16 neighbours differ, in the upper half as well as in the lower one.
        for words in 1..8usize {
            let mut hashes: Vec<u64> = (0..1u32 << 16)
                .map(|number| {
                    let terms: Vec<u32> = (0..8).map(|place| number >> (2 * place) & 3).collect();
                    shingle64(&[&terms[..], &[number >> 8, number & 255][..]].concat()[8 - words..])
                })
                .collect();
            hashes.sort_unstable();
            hashes.dedup();
            let uppers: std::collections::BTreeSet<u64> = hashes.iter().map(|hash| hash >> 40).collect();
            let lowers: std::collections::BTreeSet<u64> =
                hashes.iter().map(|hash| hash << 40 >> 40).collect();
            assert_eq!(hashes.len(), 1 << 16);
            // Of 2^16 random numbers below 2^24 about 2^16 - 2^7 differ.
            assert!(uppers.len() > (1 << 16) - 256 && lowers.len() > (1 << 16) - 256);
        }
        assert_ne!(shingle64(&[1]), shingle64(&[1, 0]));
        assert_ne!(shingle64(&[0]), shingle64(&[]));
    }

    #[test]
    fn golden_values_of_version_1() {
        assert_eq!(VERSION, 1);
        assert_eq!(bytes64(b""), 3_067_939_337_792_491_182);
        assert_eq!(terms64(&[]), bytes64(b""));
        assert_eq!(terms64(&[1, 258]), bytes64(&[1, 0, 0, 0, 2, 1, 0, 0]));
        let (mut whole, mut pieces) = (Sequence::default(), Sequence::default());
        whole.terms(&[258, 3]);
        pieces.terms(&[258]);
        pieces.terms(&[3]);
        assert_eq!(whole.finish(), bytes128(&[2, 1, 0, 0, 3, 0, 0, 0]));
        whole.cuts(&[1, 2]);
        pieces.cuts(&[1]);
        pieces.cuts(&[2]);
        assert_eq!(whole.finish(), pieces.finish());
        // The published first outputs of SplitMix64 from 1234567.
        assert_eq!(round64(1_234_567, 0), 6_457_827_717_110_365_317);
        assert_eq!(round64(1_234_567, 1), 3_203_168_211_198_807_973);
        for count in [0, 1, 5, 32, 33, 100] {
            let hashes: Vec<u64> = (1..=count).map(|place| bytes64(&[place])).collect();
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
            assert_eq!(hashes64(&hashes), bytes64(&bytes));
        }
        // In steps or at once: a long row has the hash of its bytes.
        let long: Vec<u32> = (0..1000).collect();
        let bytes: Vec<u8> = long.iter().flat_map(|term| term.to_le_bytes()).collect();
        assert_eq!(terms64(&long), bytes64(&bytes));
    }
}
