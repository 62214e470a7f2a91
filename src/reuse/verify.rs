//! Verification: how much two sets of shingles really share.
//!
//! Hashes and ranks may only rule a candidate pair out. What is reported was counted here on the
//! terms themselves. Whether it is enough is told by `rule`; finding candidate pairs is the business
//! of `join`.

use std::cmp::Ordering;

use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::observer::Observer;

/// Whether two rising rows of keys share at least `needed` of them. Equal keys do not prove equal
/// shingles, so "yes" still has to be verified; "no" is final.
pub(super) fn may_share(left: &[u32], right: &[u32], needed: usize, observer: &dyn Observer) -> Result<bool> {
    let (mut here, mut there, mut shared) = (0, 0, 0);
    let mut pace = Pace::default();
    while shared < needed {
        pace.step(1, observer)?;
        let rest = (left.len() - here).min(right.len() - there);
        if shared + rest < needed {
            return Ok(false);
        }
        // `rest` is above zero here, since `shared` is below `needed`.
        match left[here].cmp(&right[there]) {
            Ordering::Less => here += 1,
            Ordering::Greater => there += 1,
            Ordering::Equal => {
                shared += 1;
                here += 1;
                there += 1;
            }
        }
    }
    Ok(true)
}

/// One side of a verification: rising keys, where the shingle behind each starts, and the terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'sets, K> {
    /// Hashes or ranks, rising; one for each distinct shingle.
    pub(super) keys: &'sets [K],
    /// The first term of each shingle.
    pub(super) places: &'sets [u32],
    /// The terms of the document.
    pub(super) terms: &'sets [u32],
}

impl<K> Side<'_, K> {
    fn shingle(&self, index: usize, words: usize) -> &[u32] {
        shingle(self.terms, self.places[index], words)
    }
}

/// The shingle of `words` terms that starts at `place`.
pub(super) fn shingle(terms: &[u32], place: u32, words: usize) -> &[u32] {
    let start = place as usize;
    &terms[start..start + words]
}

/// How many shingles two documents share, compared term by term.
pub(super) fn shared<K: Ord>(
    left: &Side<'_, K>,
    right: &Side<'_, K>,
    words: usize,
    observer: &dyn Observer,
) -> Result<usize> {
    let (mut here, mut there, mut shared) = (0, 0, 0);
    let mut pace = Pace::default();
    while here < left.keys.len() && there < right.keys.len() {
        pace.step(1, observer)?;
        match left.keys[here].cmp(&right.keys[there]) {
            Ordering::Less => here += 1,
            Ordering::Greater => there += 1,
            Ordering::Equal => {
                // Different shingles with one key stand side by side: try every combination.
                let (left_end, right_end) = (run_end(left.keys, here), run_end(right.keys, there));
                shared += (here..left_end)
                    .filter(|&index| {
                        let wanted = left.shingle(index, words);
                        (there..right_end).any(|other| right.shingle(other, words) == wanted)
                    })
                    .count();
                (here, there) = (left_end, right_end);
            }
        }
    }
    Ok(shared)
}

/// Where the run of equal keys that starts at `start` ends.
fn run_end<K: Ord>(keys: &[K], start: usize) -> usize {
    let same = keys[start..]
        .iter()
        .take_while(|key| **key == keys[start])
        .count();
    start + same
}

/// Keeps one entry for each distinct shingle. Entries are sorted by key; different shingles with
/// one key all stay.
pub(super) fn keep_distinct<K: PartialEq + Copy>(
    entries: &mut Vec<(K, u32)>,
    terms: &[u32],
    words: usize,
    observer: &dyn Observer,
) -> Result<()> {
    let (mut first, mut kept) = (0, 0);
    let mut steps = Pace::default();
    for index in 0..entries.len() {
        steps.step(words, observer)?;
        let (key, place) = entries[index];
        if entries[first].0 != key {
            first = kept;
        }
        let wanted = shingle(terms, place, words);
        let known = entries[first..kept]
            .iter()
            .any(|&(_, other)| shingle(terms, other, words) == wanted);
        if !known {
            entries[kept] = (key, place);
            kept += 1;
        }
    }
    entries.truncate(kept);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn shingles_with_one_key_are_told_apart() {
        // Places 0 and 1 hold different shingles whose keys collide; place 2 repeats place 0.
        let terms = [7, 8, 7, 8];
        let mut entries = vec![(5u64, 0u32), (5, 1), (5, 2)];
        assert_eq!(keep_distinct(&mut entries, &terms, 2, &Silent), Ok(()));
        assert_eq!(entries, [(5, 0), (5, 1)]);
        let left = Side {
            keys: &[5u64, 5],
            places: &[0, 1],
            terms: &terms,
        };
        let right = Side {
            keys: &[5u64],
            places: &[0],
            terms: &[8, 7],
        };
        assert_eq!(shared(&left, &right, 2, &Silent), Ok(1));
        assert_eq!(shared(&right, &left, 2, &Silent), Ok(1));
        let other = Side {
            keys: &[5u64],
            places: &[0],
            terms: &[8, 9],
        };
        assert_eq!(shared(&left, &other, 2, &Silent), Ok(0));
    }

    #[test]
    fn keys_rule_pairs_out() {
        assert_eq!(may_share(&[1, 2, 3], &[2, 3, 4], 2, &Silent), Ok(true));
        assert_eq!(may_share(&[1, 2, 3], &[2, 3, 4], 3, &Silent), Ok(false));
        assert_eq!(may_share(&[], &[], 0, &Silent), Ok(true));
    }
}
