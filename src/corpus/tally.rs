//! How often each term stands in one row, and then the terms in order.
//!
//! A sum for every term of the vocabulary, a bit for every term that stood in the row, and a bit for
//! every word of those bits: reading the bits from front to back gives the terms in order without a
//! sort. Rows with few terms, next to the vocabulary, are sorted instead.

use super::pace::Pace;
use super::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "counts";

/// Terms up to which a row is always sorted.
const FEW: usize = 24;

/// Bits in a word.
const BITS: usize = 64;

/// Tokens that are added between two looks at the observer.
const STEP: usize = 1 << 15;

/// The sums of one row at a time.
pub(super) struct Tally {
    /// One for each term, and a last one for what is not counted.
    sums: Vec<u32>,
    /// Terms of this row, each once, in the order in which they came; and room for more.
    touched: Vec<u32>,
    /// Length of what `touched` holds.
    many: usize,
    /// A bit for each term of this row; all clear between rows.
    bits: Vec<u64>,
    /// A bit for each word of `bits` that is not zero.
    words: Vec<u64>,
}

impl Tally {
    /// Sums of an empty row, for so many terms.
    pub(super) fn new(terms: usize) -> Result<Self> {
        let words = terms.div_ceil(BITS);
        Ok(Self {
            sums: memory::zeroed(terms + 1, WHAT)?,
            touched: Vec::new(),
            many: 0,
            bits: memory::zeroed(words, WHAT)?,
            words: memory::zeroed(words.div_ceil(BITS), WHAT)?,
        })
    }

    /// Adds the tokens of a row, each the term that `map` gives; those that get no term of the
    /// vocabulary are left out.
    pub(super) fn add(&mut self, ids: &[u32], map: &[u32], observer: &dyn Observer) -> Result<()> {
        let last = self.sums.len() - 1;
        for step in ids.chunks(STEP) {
            if ids.len() > STEP {
                observer.check()?;
            }
            // A place for each token, also where most of them repeat: then nothing below branches.
            let needed = self.many + step.len() + 1;
            if self.touched.len() < needed {
                let more = needed - self.touched.len();
                memory::reserve(&mut self.touched, more, WHAT)?;
                self.touched.resize(needed, 0);
            }
            // Its sum is never zero, so that what is not counted never comes into the list.
            self.sums[last] = 1;
            for &id in step {
                let term = map[id as usize];
                let sum = &mut self.sums[last.min(term as usize)];
                self.touched[self.many] = term;
                self.many += usize::from(*sum == 0);
                *sum += 1;
            }
        }
        Ok(())
    }

    /// Moves the sums to the end of `terms` and `sums`, in the order of the terms; the row is empty
    /// then. Tells how many tokens there were.
    #[expect(clippy::cast_possible_truncation, reason = "a term has 32 bits")]
    pub(super) fn take(
        &mut self,
        terms: &mut Vec<u32>,
        sums: &mut Vec<u32>,
        observer: &dyn Observer,
    ) -> Result<u64> {
        memory::reserve(terms, self.many, WHAT)?;
        memory::reserve(sums, self.many, WHAT)?;
        let touched = &mut self.touched[..self.many];
        let (first, mut total) = (terms.len(), 0);
        if touched.len() <= FEW || touched.len() < self.words.len() / 4 {
            sorting::sort_by_key(touched, observer, |&term| term)?;
            terms.extend_from_slice(touched);
        } else {
            let mut pace = Pace::default();
            for &mut term in touched {
                let word = term as usize / BITS;
                self.bits[word] |= 1 << (term as usize % BITS);
                self.words[word / BITS] |= 1 << (word % BITS);
            }
            for (upper, words) in self.words.iter_mut().enumerate() {
                pace.step(1, observer)?;
                while *words != 0 {
                    let word = upper * BITS + words.trailing_zeros() as usize;
                    *words &= *words - 1;
                    let mut bits = std::mem::take(&mut self.bits[word]);
                    while bits != 0 {
                        let term = word * BITS + bits.trailing_zeros() as usize;
                        bits &= bits - 1;
                        terms.push(term as u32);
                    }
                }
            }
        }
        for &term in &terms[first..] {
            let sum = std::mem::take(&mut self.sums[term as usize]);
            total += u64::from(sum);
            sums.push(sum);
        }
        self.many = 0;
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::observer::Silent;

    fn counted(rows: &[Vec<u32>], terms: u32) -> Vec<(Vec<u32>, Vec<u32>, u64)> {
        let map: Vec<u32> = (0..terms).chain([u32::MAX]).collect();
        let mut tally = Tally::new(terms as usize).unwrap();
        rows.iter()
            .map(|row| {
                let (mut found, mut sums) = (Vec::new(), Vec::new());
                tally.add(row, &map, &Silent).unwrap();
                let total = tally.take(&mut found, &mut sums, &Silent).unwrap();
                (found, sums, total)
            })
            .collect()
    }

    fn obvious(rows: &[Vec<u32>], terms: u32) -> Vec<(Vec<u32>, Vec<u32>, u64)> {
        rows.iter()
            .map(|row| {
                let mut sums = BTreeMap::new();
                for &term in row.iter().filter(|&&term| term < terms) {
                    *sums.entry(term).or_insert(0) += 1;
                }
                (
                    sums.keys().copied().collect(),
                    sums.values().copied().collect(),
                    sums.values().map(|&sum| u64::from(sum)).sum(),
                )
            })
            .collect()
    }

    #[test]
    fn long_rows_and_large_vocabularies() {
        let spread = |count: u32, step: u32, terms: u32| {
            (0..count)
                .map(|index| index * step % (terms + 1))
                .collect::<Vec<u32>>()
        };
        for terms in [1, 63, 64, 65, 4096, 300_000] {
            let rows = [
                spread(100_000, 7919, terms),
                Vec::new(),
                spread(50, 104_729, terms),
                vec![terms; 70_000],
                spread(10, 1, terms),
            ];
            assert_eq!(counted(&rows, terms), obvious(&rows, terms), "{terms}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sums_are_those_of_a_map(rows in proptest::collection::vec(proptest::collection::vec(0u32..=90, 0..200), 0..4)) {
            proptest::prop_assert_eq!(counted(&rows, 90), obvious(&rows, 90));
        }
    }
}
