//! One term in two corpora: the four counts, and every measure that follows from them.
//!
//! All measures come from one struct, so that they agree on the counts. They serve ranking and
//! comparison with other tools; none of them is a test. Significance comes from permuting units
//! (`permutation`), because the words of one text do not occur independently.

/// Occurrences of a term in target and reference, with the tokens of both sides.
///
/// Counts are `f64` because a unit may contribute the mean of its copies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contingency {
    /// Occurrences in the target.
    pub a: f64,
    /// Occurrences in the reference.
    pub b: f64,
    /// Tokens of the target.
    pub n1: f64,
    /// Tokens of the reference.
    pub n2: f64,
}

impl Contingency {
    /// Occurrences per token of the target, `a / n1`; NaN for a target without tokens.
    #[must_use]
    pub fn target_rate(&self) -> f64 {
        self.a / self.n1
    }

    /// Occurrences per token of the reference, `b / n2`; NaN for a reference without tokens.
    #[must_use]
    pub fn reference_rate(&self) -> f64 {
        self.b / self.n2
    }

    /// Signed log-likelihood ratio over the four cells `a`, `b`, `n1 - a`, `n2 - b`:
    /// `2 Σ O ln(O / E)` with `E` = row sum × column sum ÷ total (Dunning 1993, Computational
    /// Linguistics 19:61–74); negative when the target rate is below the reference rate.
    ///
    /// The two-cell form that some corpus tools print leaves out the other words, and differs.
    #[must_use]
    pub fn g2(&self) -> f64 {
        let total = self.n1 + self.n2;
        let (with, without) = (self.a + self.b, total - self.a - self.b);
        let cell = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 {
                observed * (observed * total / (row * column)).ln()
            } else {
                0.0
            }
        };
        let sum = cell(self.a, with, self.n1)
            + cell(self.b, with, self.n2)
            + cell(self.n1 - self.a, without, self.n1)
            + cell(self.n2 - self.b, without, self.n2);
        // Rounding can leave a tiny negative sum where the rates are equal.
        let size = (2.0 * sum).max(0.0);
        if self.a * self.n2 < self.b * self.n1 {
            -size
        } else {
            size
        }
    }

    /// Binary logarithm of the rate ratio, `log2((a / n1) / (b / n2))`, with 0.5 occurrences in
    /// place of a zero (Hardie 2014, "Log Ratio: an informal introduction").
    ///
    /// 0 when the term occurs on neither side: there is nothing to compare.
    #[must_use]
    pub fn log_ratio(&self) -> f64 {
        if self.a <= 0.0 && self.b <= 0.0 {
            return 0.0;
        }
        let filled = |count: f64| if count > 0.0 { count } else { 0.5 };
        // A difference of logarithms, not the logarithm of a quotient: swapping the sides then
        // flips the sign to the last bit.
        (filled(self.a) * self.n2).log2() - (filled(self.b) * self.n1).log2()
    }
}
