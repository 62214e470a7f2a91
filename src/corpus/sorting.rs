//! Sorting that can be stopped.
//!
//! The sorts of the standard library run to their end, seconds for tens of millions of elements.
//! This one cuts the elements at a pivot, in place, until the pieces are small, and asks the
//! observer on the way. Equal keys come in no particular order, so a key must tell apart whatever
//! a caller could tell apart.

use crate::error::Result;
use crate::observer::Observer;

/// Pieces up to this length are sorted at once: about a millisecond.
const WHOLE: usize = 1 << 15;

/// Elements that are compared between two looks at the observer.
const STEP: usize = 1 << 15;

/// Elements from which the pivot is chosen.
const SAMPLE: usize = 63;

/// Sorts by a key, in parallel when this thread belongs to a pool.
pub fn sort_by_key<T: Copy + Send, K: Ord + Copy>(
    items: &mut [T],
    observer: &dyn Observer,
    key: impl Fn(&T) -> K + Sync,
) -> Result<()> {
    // Unlucky pivots in a row end here; the sort of the standard library is never quadratic.
    let depth = 2 * items.len().max(2).ilog2();
    divide(items, depth, observer, &key)
}

fn divide<T: Copy + Send, K: Ord + Copy>(
    items: &mut [T],
    depth: u32,
    observer: &dyn Observer,
    key: &(impl Fn(&T) -> K + Sync),
) -> Result<()> {
    observer.check()?;
    if items.len() <= WHOLE || depth == 0 {
        items.sort_unstable_by_key(key);
        return Ok(());
    }
    let pivot = pivot(items, key);
    let (smaller, larger) = partition(items, &pivot, observer, key)?;
    let (left, rest) = items.split_at_mut(smaller);
    let right = &mut rest[larger - smaller..];
    // Outside a pool rayon would start its own, which does not live through a fork.
    if rayon::current_thread_index().is_none() {
        divide(left, depth - 1, observer, key)?;
        return divide(right, depth - 1, observer, key);
    }
    let (left, right) = rayon::join(
        || divide(left, depth - 1, observer, key),
        || divide(right, depth - 1, observer, key),
    );
    left.and(right)
}

/// The middle one of a few keys from all over.
fn pivot<T, K: Ord + Copy>(items: &[T], key: &impl Fn(&T) -> K) -> K {
    let step = items.len() / SAMPLE;
    let mut sample: [K; SAMPLE] = std::array::from_fn(|index| key(&items[index * step + step / 2]));
    sample.sort_unstable();
    sample[SAMPLE / 2]
}

/// Moves smaller elements to the front and larger ones to the back; tells where the elements equal
/// to the pivot begin and end.
fn partition<T: Copy, K: Ord>(
    items: &mut [T],
    pivot: &K,
    observer: &dyn Observer,
    key: &impl Fn(&T) -> K,
) -> Result<(usize, usize)> {
    let (mut smaller, mut at, mut larger) = (0, 0, items.len());
    let mut left = STEP;
    while at < larger {
        left -= 1;
        if left == 0 {
            observer.check()?;
            left = STEP;
        }
        match key(&items[at]).cmp(pivot) {
            std::cmp::Ordering::Less => {
                items.swap(smaller, at);
                smaller += 1;
                at += 1;
            }
            std::cmp::Ordering::Equal => at += 1,
            std::cmp::Ordering::Greater => {
                larger -= 1;
                items.swap(at, larger);
            }
        }
    }
    Ok((smaller, larger))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    /// Numbers that look random, below `bound`.
    fn numbers(count: usize, bound: u64) -> Vec<u64> {
        let mut state = 1u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn it_sorts_what_the_standard_library_sorts() {
        let rising: Vec<u64> = (0..200_000).collect();
        let organ: Vec<u64> = (0..100_000).chain((0..100_000).rev()).collect();
        for mut items in [
            numbers(300_000, u64::MAX),
            numbers(300_000, 3),
            vec![5; 200_000],
            rising.iter().rev().copied().collect(),
            rising,
            organ,
            Vec::new(),
        ] {
            let mut expected = items.clone();
            expected.sort_unstable();
            assert_eq!(sort_by_key(&mut items, &Silent, |&item| item), Ok(()));
            assert!(items == expected);
        }
    }
}
