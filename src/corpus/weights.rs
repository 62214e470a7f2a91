//! What a count weighs: tf-idf, BM25 and relative frequency.
//!
//! One weight for each cell, in the order of the cells, written where the caller wants it, whose
//! memory may be faster to fill for the first time than ours. Every formula stands beside its
//! function; sums run along a row in the order of its columns, so the result is the same bytes for
//! any number of threads.

use super::counts::{Counts, WHAT};
use super::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Cells that are weighed between two questions to the observer.
const STEP: usize = 1 << 14;

/// What the row of a document is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// Nothing.
    None,
    /// The sum of absolute weights.
    L1,
    /// The square root of the sum of squared weights.
    L2,
}

/// What stands for the frequency of a term in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// The count.
    Count,
    /// 1 + log(count).
    Logarithm,
    /// The count over the tokens of the document.
    Share,
}

/// How rare terms gain: log((N + s) / (df + s)) + a, where s and a are 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idf {
    /// Whether s is 1: as if one more document held every term.
    pub smooth: bool,
    /// Whether a is 1: terms of all documents keep a weight.
    pub plus_one: bool,
}

/// The options of [`Counts::tfidf`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TfIdf {
    /// What stands for the frequency in a document.
    pub frequency: Frequency,
    /// How rare terms gain, if they do.
    pub idf: Option<Idf>,
    /// Base of every logarithm.
    pub base: f64,
    /// What each row is divided by at last.
    pub norm: Norm,
}

/// The options of [`Counts::bm25`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bm25 {
    /// How soon more occurrences stop to matter.
    pub k1: f64,
    /// How far the length of a document matters, from 0 to 1.
    pub b: f64,
    /// Robertson's idf and numerator in place of Lucene's.
    pub robertson: bool,
}

/// A logarithm; the usual bases have functions of their own, which round better than a quotient.
#[allow(clippy::float_cmp, reason = "only the exact constants have a function")]
fn logarithm(value: f64, base: f64) -> f64 {
    if base == std::f64::consts::E {
        value.ln()
    } else if base == 10.0 {
        value.log10()
    } else if base == 2.0 {
        value.log2()
    } else {
        value.ln() / base.ln()
    }
}

impl Counts {
    /// Weighs every cell: `of_row` sees the row once, `weigh` gets what it said, the term and the
    /// count.
    fn weighted(
        &self,
        norm: Norm,
        of_row: impl Fn(usize) -> f64 + Sync,
        weigh: impl Fn(f64, usize, f64) -> f64 + Sync,
        weights: &mut [f64],
        observer: &dyn Observer,
    ) -> Result<()> {
        self.write(weights, observer, |row, weights, pace| {
            let (start, known) = (self.indptr[row], of_row(row));
            let cells = start..start + weights.len();
            let (terms, counts) = (&self.indices[cells.clone()], &self.data[cells]);
            let steps = terms.chunks(STEP).zip(counts.chunks(STEP));
            for (step, (terms, counts)) in weights.chunks_mut(STEP).zip(steps) {
                pace.step(step.len(), observer)?;
                for ((weight, &term), &count) in step.iter_mut().zip(terms).zip(counts) {
                    *weight = weigh(known, term as usize, f64::from(count));
                }
            }
            divide(weights, norm, pace, observer)
        })
    }

    /// One number for each term, from the documents it stands in; without such documents 0.
    fn of_terms(&self, of: impl Fn(f64) -> f64, observer: &dyn Observer) -> Result<Vec<f64>> {
        let frequencies = self.document_frequencies(observer)?;
        let numbers = frequencies.iter().map(|&documents| {
            if documents == 0 {
                0.0
            } else {
                of(f64::from(documents))
            }
        });
        memory::collect(numbers, WHAT, observer)
    }

    /// tf · (log((N + s) / (df + s)) + a), each row divided by its norm.
    pub fn tfidf(&self, options: &TfIdf, weights: &mut [f64], observer: &dyn Observer) -> Result<()> {
        let documents = self.documents() as f64;
        let idf = match options.idf {
            None => memory::filled(&1.0, self.terms.len(), WHAT, observer)?,
            Some(Idf { smooth, plus_one }) => {
                let (smooth, plus_one) = (f64::from(u8::from(smooth)), f64::from(u8::from(plus_one)));
                let of = |frequency| {
                    let ratio = (documents + smooth) / (frequency + smooth);
                    logarithm(ratio, options.base) + plus_one
                };
                self.of_terms(of, observer)?
            }
        };
        let length = |row: usize| self.totals[row] as f64;
        match options.frequency {
            Frequency::Count => {
                let weigh = |_, term: usize, count| count * idf[term];
                self.weighted(options.norm, length, weigh, weights, observer)
            }
            Frequency::Logarithm => {
                let weigh = |_, term: usize, count| (logarithm(count, options.base) + 1.0) * idf[term];
                self.weighted(options.norm, length, weigh, weights, observer)
            }
            Frequency::Share => {
                let weigh = |total, term: usize, count| count / total * idf[term];
                self.weighted(options.norm, length, weigh, weights, observer)
            }
        }
    }

    /// idf · tf / (tf + k1 · (1 − b + b · length / mean length)), where Lucene's idf is
    /// log(1 + (N − df + 0.5) / (df + 0.5)); Robertson's lacks the 1 and its tf has (k1 + 1) above.
    pub fn bm25(&self, options: &Bm25, weights: &mut [f64], observer: &dyn Observer) -> Result<()> {
        let Bm25 { k1, b, robertson } = *options;
        let documents = self.documents() as f64;
        let idf = |frequency: f64| {
            let odds = (documents - frequency + 0.5) / (frequency + 0.5);
            if robertson {
                odds.ln() * (k1 + 1.0)
            } else {
                (1.0 + odds).ln()
            }
        };
        let idf = self.of_terms(idf, observer)?;
        let (mut tokens, mut pace) = (0u64, Pace::default());
        for total in &self.totals {
            pace.step(1, observer)?;
            tokens = tokens.saturating_add(*total);
        }
        let mean = tokens as f64 / documents;
        let damping = |row: usize| k1 * (1.0 - b + b * (self.totals[row] as f64 / mean));
        let weigh = |damping, term: usize, count: f64| idf[term] * (count / (count + damping));
        self.weighted(Norm::None, damping, weigh, weights, observer)
    }

    /// count · per / tokens of the row.
    pub fn relative(&self, per: f64, weights: &mut [f64], observer: &dyn Observer) -> Result<()> {
        let length = |row: usize| self.totals[row] as f64;
        let weigh = |total: f64, _, count: f64| count * per / total;
        self.weighted(Norm::None, length, weigh, weights, observer)
    }
}

/// Divides a row by its norm, unless that is 0.
fn divide(weights: &mut [f64], norm: Norm, pace: &mut Pace, observer: &dyn Observer) -> Result<()> {
    let mut sum = 0.0;
    for step in weights.chunks(STEP) {
        pace.step(step.len(), observer)?;
        match norm {
            Norm::None => return Ok(()),
            Norm::L1 => step.iter().for_each(|weight| sum += weight.abs()),
            Norm::L2 => step.iter().for_each(|weight| sum += weight * weight),
        }
    }
    let divisor = if norm == Norm::L2 { sum.sqrt() } else { sum };
    if divisor == 0.0 {
        return Ok(());
    }
    for step in weights.chunks_mut(STEP) {
        pace.step(step.len(), observer)?;
        for weight in step {
            *weight /= divisor;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::vocabulary::Vocabulary;
    use crate::observer::Silent;

    /// Rows of counts, one column for each letter.
    fn counts(rows: &[&[u32]]) -> Counts {
        let mut terms = Vocabulary::new();
        for letter in ["a", "b", "c"] {
            terms.intern(letter).unwrap();
        }
        let (mut indptr, mut indices, mut data) = (vec![0], Vec::new(), Vec::new());
        for row in rows {
            for (term, &count) in (0..).zip(*row) {
                if count > 0 {
                    indices.push(term);
                    data.push(count);
                }
            }
            indptr.push(indices.len());
        }
        let total = |row: &&[u32]| row.iter().copied().map(u64::from).sum();
        Counts {
            terms: Arc::new(terms),
            indptr,
            indices,
            data,
            totals: rows.iter().map(total).collect(),
        }
    }

    type Weigh<'call> = &'call dyn Fn(&Counts, &mut [f64]) -> Result<()>;

    fn weights(counts: &Counts, weigh: Weigh<'_>) -> Vec<f64> {
        let mut weights = vec![0.0; counts.data.len()];
        weigh(counts, &mut weights).unwrap();
        weights
    }

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-9, "{found} {expected}");
        }
    }

    const GUIDE: [&[u32]; 6] = [
        &[3, 0, 1],
        &[2, 0, 0],
        &[3, 0, 0],
        &[4, 0, 0],
        &[3, 2, 0],
        &[3, 0, 2],
    ];

    #[test]
    fn tfidf_of_the_scikit_learn_guide() {
        let mut options = TfIdf {
            frequency: Frequency::Count,
            idf: Some(Idf {
                smooth: true,
                plus_one: true,
            }),
            base: std::f64::consts::E,
            norm: Norm::L2,
        };
        let found = weights(&counts(&GUIDE), &|counts, weights| {
            counts.tfidf(&options, weights, &Silent)
        });
        near(&found[..2], &[0.851_513_35, 0.524_332_93]);
        near(
            &found[5..],
            &[0.554_228_93, 0.832_364_28, 0.630_357_31, 0.776_305_14],
        );
        options.idf = Some(Idf {
            smooth: false,
            plus_one: true,
        });
        let found = weights(&counts(&GUIDE), &|counts, weights| {
            counts.tfidf(&options, weights, &Silent)
        });
        near(&found[..2], &[0.819_409_95, 0.573_207_93]);
        near(
            &found[5..],
            &[0.473_303_39, 0.880_899_48, 0.581_492_61, 0.813_551_69],
        );
    }

    #[test]
    fn rows_without_cells_and_no_rows_at_all() {
        for rows in [&[][..], &[&[0, 0, 0][..], &[][..]][..]] {
            let counts = counts(rows);
            let options = Bm25 {
                k1: 1.5,
                b: 0.75,
                robertson: false,
            };
            assert_eq!(counts.bm25(&options, &mut [], &Silent), Ok(()));
            assert_eq!(counts.relative(1e6, &mut [], &Silent), Ok(()));
        }
    }

    #[test]
    fn the_largest_counts_do_not_wrap() {
        let counts = counts(&[&[u32::MAX, u32::MAX, 0], &[1, 0, u32::MAX]]);
        let most = u64::from(u32::MAX);
        assert_eq!(counts.frequencies(&Silent), Ok(vec![most + 1, most, most]));
        let shares = weights(&counts, &|counts, weights| counts.relative(1.0, weights, &Silent));
        near(&shares[..2], &[0.5, 0.5]);
        near(&shares[2..], &[1.0 / (most + 1) as f64, 1.0]);
    }

    #[test]
    fn other_bases_are_quotients() {
        near(
            &[logarithm(8.0, 4.0), logarithm(8.0, 2.0), logarithm(1000.0, 10.0)],
            &[1.5, 3.0, 3.0],
        );
    }
}
