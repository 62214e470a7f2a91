//! One term in two corpora: the four counts, and every measure that follows from them.
//!
//! All measures come from one struct, so that they agree on the counts. They serve ranking and
//! comparison with other tools; none of them is a test. Significance comes from permuting units
//! (`permutation`), because the words of one text do not occur independently.

/// Occurrences of a term in target and reference, with the words of both sides.
///
/// Counts are `f64` because a unit may contribute the mean of its copies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contingency {
    /// Occurrences in the target.
    pub a: f64,
    /// Occurrences in the reference.
    pub b: f64,
    /// Words of the target.
    pub n1: f64,
    /// Words of the reference.
    pub n2: f64,
}

impl Contingency {
    /// Occurrences per word of the target, `a / n1`; NaN for a target without words.
    #[must_use]
    pub fn target_rate(&self) -> f64 {
        self.a / self.n1
    }

    /// Occurrences per word of the reference, `b / n2`; NaN for a reference without words.
    #[must_use]
    pub fn reference_rate(&self) -> f64 {
        self.b / self.n2
    }

    /// Signed log-likelihood ratio over the four cells `a`, `b`, `n1 - a`, `n2 - b`:
    /// `2 Σ O ln(O / E)` with `E` = row sum × column sum ÷ total (Dunning 1993, Computational
    /// Linguistics 19:61–74); negative when the target rate is below the reference rate.
    ///
    /// The two-cell form that some corpus tools print leaves out the other words, and differs.
    ///
    /// Skip-grams of one repeated word can be more than there are words; then a word offers several
    /// places, as many on both sides: the words of both are multiplied by the least number that
    /// leaves no cell negative, which keeps the ratio of the rates.
    #[must_use]
    pub fn g2(&self) -> f64 {
        let places = (self.a / self.n1).max(self.b / self.n2).max(1.0);
        let (n1, n2) = (self.n1 * places, self.n2 * places);
        let total = n1 + n2;
        let (with, without) = (self.a + self.b, total - self.a - self.b);
        let cell = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 {
                observed * (observed * total / (row * column)).ln()
            } else {
                0.0
            }
        };
        let sum = cell(self.a, with, n1)
            + cell(self.b, with, n2)
            + cell(n1 - self.a, without, n1)
            + cell(n2 - self.b, without, n2);
        // Rounding can leave a tiny negative sum where the rates are equal.
        let size = (2.0 * sum).max(0.0);
        if self.a * self.n2 < self.b * self.n1 {
            -size
        } else {
            size
        }
    }

    /// Binary logarithm of the rate ratio, `log2((a / n1) / (b / n2))`, with 0.5 occurrences in
    /// place of a zero (Hardie 2014, "Log Ratio: an informal introduction"), but never on the other
    /// side of 0 than the difference of the rates.
    ///
    /// At the rate of the side that has the term, the side without it is expected to have `b n1 / n2`
    /// occurrences. Where that is less than the half that stands for none, Hardie's value would say
    /// that the side without the term uses it more. Its absence there tells nothing: 0. So does a
    /// term that occurs on neither side.
    #[must_use]
    pub fn log_ratio(&self) -> f64 {
        if self.a <= 0.0 && self.b <= 0.0 {
            return 0.0;
        }
        let filled = |count: f64| if count > 0.0 { count } else { 0.5 };
        // A difference of logarithms, not the logarithm of a quotient: swapping the sides then
        // flips the sign to the last bit.
        let ratio = (filled(self.a) * self.n2).log2() - (filled(self.b) * self.n1).log2();
        if self.a <= 0.0 {
            ratio.min(0.0)
        } else if self.b <= 0.0 {
            ratio.max(0.0)
        } else {
            ratio
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table of small sides, and halves and thirds as copies that count once give them.
    fn tables() -> impl Iterator<Item = Contingency> {
        let counts = [0.0, 1.0 / 3.0, 0.5, 1.0, 2.0, 3.0, 7.0];
        let sizes = [1.0, 2.0, 3.0, 5.0, 10.0, 1000.0];
        counts.into_iter().flat_map(move |a| {
            counts.into_iter().flat_map(move |b| {
                sizes
                    .into_iter()
                    .flat_map(move |n1| sizes.into_iter().map(move |n2| Contingency { a, b, n1, n2 }))
            })
        })
    }

    #[test]
    fn no_measure_contradicts_the_rates() {
        for table in tables() {
            let swapped = Contingency {
                a: table.b,
                b: table.a,
                n1: table.n2,
                n2: table.n1,
            };
            let (g2, ratio) = (table.g2(), table.log_ratio());
            assert!(g2.is_finite() && ratio.is_finite(), "{table:?} {g2} {ratio}");
            let difference = table.a * table.n2 - table.b * table.n1;
            assert!(ratio * difference >= 0.0, "{table:?} {ratio}");
            assert!(g2 * difference >= 0.0, "{table:?} {g2}");
            assert!(swapped.log_ratio() + ratio == 0.0, "{table:?}");
            // Blank only where fewer than half an occurrence would be expected.
            let expected = f64::max(table.a * table.n2 / table.n1, table.b * table.n1 / table.n2);
            if difference != 0.0 && (table.a > 0.0 && table.b > 0.0 || expected > 0.5 + 1e-9) {
                assert!(ratio * difference > 0.0, "{table:?} {ratio}");
            }
        }
    }

    #[test]
    fn more_occurrences_than_words_leave_the_rates_as_they_are() {
        let table = Contingency {
            a: 60.0,
            b: 20.0,
            n1: 20.0,
            n2: 20.0,
        };
        let places = Contingency {
            n1: 60.0,
            n2: 60.0,
            ..table
        };
        assert!((table.g2() - places.g2()).abs() < 1e-12);
        assert!((table.log_ratio() - 3f64.log2()).abs() < 1e-12);
    }
}
