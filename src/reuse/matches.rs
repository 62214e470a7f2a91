//! Matches: what two documents have in common without any change, as long as it can be made.
//!
//! A hit says that a seed stands at two places. Here it is checked on the units themselves and made
//! longer in both directions. How matches belong together is the business of `chains`.

use super::alignment::narrow;
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "matches of two documents";

/// Equal units: so many, from so far on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) length: u32,
}

impl Match {
    pub(super) fn left_end(self) -> u32 {
        self.left + self.length
    }

    pub(super) fn right_end(self) -> u32 {
        self.right + self.length
    }

    /// How much farther the right place is than the left one; equal along a run.
    fn diagonal(self) -> i64 {
        i64::from(self.right) - i64::from(self.left)
    }
}

/// The longest matches through the places in `hits` (left, right), in the order of the left
/// document. A seed has `seed` units; of equal hashes that hide different units nothing comes.
pub(super) fn longest(
    left: &[u32],
    right: &[u32],
    hits: &mut [(u32, u32)],
    seed: usize,
    observer: &dyn Observer,
) -> Result<Vec<Match>> {
    let (mut found, mut pace): (Vec<Match>, _) = (Vec::new(), Pace::default());
    hits.sort_unstable_by_key(|&(left, right)| (i64::from(right) - i64::from(left), left));
    for &(here, there) in &*hits {
        pace.step(8, observer)?;
        let at = Match {
            left: here,
            right: there,
            length: 0,
        };
        if let Some(last) = found.last()
            && last.diagonal() == at.diagonal()
            && here < last.left_end()
        {
            continue;
        }
        let (start, other) = (here as usize, there as usize);
        let ahead = equal(left[start..].iter().zip(&right[other..]));
        if ahead < seed {
            continue;
        }
        let back = equal(left[..start].iter().rev().zip(right[..other].iter().rev()));
        pace.step(ahead + back, observer)?;
        let whole = Match {
            left: here - narrow(back),
            right: there - narrow(back),
            length: narrow(back + ahead),
        };
        memory::push(&mut found, whole, WHAT)?;
    }
    found.sort_unstable();
    Ok(found)
}

fn equal<'units>(pairs: impl Iterator<Item = (&'units u32, &'units u32)>) -> usize {
    pairs.take_while(|(left, right)| left == right).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn hits_grow_and_merge_and_lies_vanish() {
        let left = [1, 2, 3, 4, 5, 9, 9];
        let right = [8, 1, 2, 3, 4, 5, 7];
        let mut hits = [(2, 3), (1, 2), (5, 0)];
        let found = longest(&left, &right, &mut hits, 2, &Silent).unwrap();
        let whole = Match {
            left: 0,
            right: 1,
            length: 5,
        };
        assert_eq!(found, [whole]);
    }
}
