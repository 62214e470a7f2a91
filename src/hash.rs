//! The one hash of this crate: seeded, versioned and the same on every platform.
//!
//! XXH3 with a fixed seed, over little-endian bytes. Whatever is stored or ordered by a hash uses
//! this file, so that a change of the hash is a change of [`VERSION`] and nothing else.

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
        // In steps or at once: a long row has the hash of its bytes.
        let long: Vec<u32> = (0..1000).collect();
        let bytes: Vec<u8> = long.iter().flat_map(|term| term.to_le_bytes()).collect();
        assert_eq!(terms64(&long), bytes64(&bytes));
    }
}
