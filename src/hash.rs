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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_values_of_version_1() {
        assert_eq!(VERSION, 1);
        assert_eq!(bytes64(b""), 3_067_939_337_792_491_182);
    }
}
