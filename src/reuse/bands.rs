//! Bands: how many slots of a signature must agree, and how often that is tried.
//!
//! A signature is cut into bands of some rows; two documents are a candidate pair when all rows of a
//! band agree. At similarity J a pair becomes a candidate with probability 1 − (1 − J^rows)^bands
//! (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, 3.4). What is in a slot is told
//! by `minhash`.

use super::minhash;
use crate::error::{Error, Result};

/// Bands of equally many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands.
    pub count: usize,
    /// Slots in each of them.
    pub rows: usize,
}

impl Bands {
    /// The most rows for which enough bands fit into `slots` that pairs at the threshold, or above, are
    /// candidates with probability `recall` or more: more rows are fewer false candidates.
    pub fn choose(threshold: f64, recall: f64, slots: usize) -> Result<Self> {
        minhash::check(slots)?;
        // A comparison with NaN is false, so NaN is refused too.
        if !(recall > 0.0 && recall < 1.0) {
            return Err(Error::parameter(
                "recall",
                &recall,
                "it must lie above 0 and below 1",
                "pass 0.99 to start, or method=\"exact\" to find every pair",
            ));
        }
        let mut chosen = None;
        let mut agree = 1.0;
        for rows in 1..=slots {
            agree *= threshold;
            match Self::enough(1.0 - agree, 1.0 - recall, slots / rows) {
                Some(count) => chosen = Some(Self { count, rows }),
                // Every further row asks for more slots.
                None => break,
            }
        }
        chosen.ok_or_else(|| {
            let most = minhash::MOST_SLOTS;
            let remedy = match Self::enough(1.0 - threshold, 1.0 - recall, most) {
                Some(needed) => format!("pass slots={needed} or more"),
                None => "pass a higher threshold or method=\"exact\"".to_owned(),
            };
            let rule = format!("they are too few for a recall of {recall} at a threshold of {threshold}");
            Error::parameter("slots", &slots, &rule, &remedy)
        })
    }

    /// The fewest bands, up to `most`, that all fail with probability `lost` or less, when each fails
    /// with probability `fails`.
    fn enough(fails: f64, lost: f64, most: usize) -> Option<usize> {
        // Multiplied, not raised to a power: that may differ between platforms in its last bit.
        let mut all = 1.0;
        (1..=most).find(|_| {
            all *= fails;
            all <= lost
        })
    }

    /// Slots of all bands.
    #[must_use]
    pub fn slots(self) -> usize {
        self.count * self.rows
    }

    /// The probability that a pair of this similarity is a candidate.
    #[must_use]
    pub fn recall(self, similarity: f64) -> f64 {
        let agree: f64 = (0..self.rows).map(|_| similarity).product();
        let none: f64 = (0..self.count).map(|_| 1.0 - agree).product();
        1.0 - none
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_rows_that_fit_are_chosen() {
        // Threshold, recall and slots; bands and rows by hand.
        let rows = [
            (0.5, 0.99, 288, 72, 4),
            (0.8, 0.99, 288, 32, 9),
            (0.8, 0.99, 208, 26, 8),
            (0.5, 0.99, 287, 35, 3),
            (0.5, 0.9, 128, 18, 3),
            (1.0, 0.99, 128, 1, 128),
            (0.01, 0.99, 459, 459, 1),
        ];
        for (threshold, recall, slots, count, rows) in rows {
            let bands = Bands::choose(threshold, recall, slots).unwrap();
            assert_eq!(bands, Bands { count, rows });
            assert!(bands.recall(threshold) >= recall);
            assert!(bands.slots() <= slots);
        }
    }

    #[test]
    fn the_recall_is_the_formula_and_rises() {
        let bands = Bands { count: 72, rows: 4 };
        for (similarity, expected) in [
            (0.0, 0.0),
            (0.3, 1.0 - (1.0 - 0.0081f64).powi(72)),
            (0.5, 0.990_407_5),
            (1.0, 1.0),
        ] {
            assert!((bands.recall(similarity) - expected).abs() < 1e-6);
        }
        assert!((1..100).all(|step| {
            let similarity = f64::from(step) / 100.0;
            bands.recall(similarity) <= bands.recall(similarity + 0.01)
        }));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (threshold, recall, slots, words) in [
            (0.5, 0.0, 128, "recall is 0, but"),
            (0.5, 1.0, 128, "recall is 1, but"),
            (0.5, f64::NAN, 128, "recall is NaN, but"),
            (0.5, 0.99, 0, "slots is 0, but"),
            (0.5, 0.99, minhash::MOST_SLOTS + 1, "slots is 4097, but"),
            (0.5, 0.99, 6, "pass slots=7 or more"),
            (0.001, 0.99, 288, "pass a higher threshold"),
        ] {
            let error = Bands::choose(threshold, recall, slots).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
