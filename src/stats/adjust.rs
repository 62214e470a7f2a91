//! From many p-values to one statement about all of them.
//!
//! The step-up adjustment for lists and the tally behind the single-step max-T. Which terms belong
//! to the family is decided in `keyness`, from the design alone and never from the p-values.

/// Adjusted p-values that control the false discovery rate: for the `i`-th smallest of `m`,
/// `min over j >= i of p_(j) m / j`, at most 1 (Benjamini and Hochberg 1995, JRSS B 57:289–300).
///
/// In the order of the input.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&left, &right| p[left].total_cmp(&p[right]));
    let mut adjusted = vec![1.0; p.len()];
    let mut smallest = 1.0f64;
    for (rank, &position) in order.iter().enumerate().rev() {
        smallest = smallest.min(p[position] * p.len() as f64 / (rank + 1) as f64);
        adjusted[position] = smallest;
    }
    adjusted
}

/// How many labelings had a maximum at least as large as each threshold (Westfall and Young 1993,
/// single-step max-T), kept as a histogram: memory grows with the family, not with the labelings.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// Thresholds, rising.
    steps: Vec<f64>,
    /// For each threshold of the input, its place among `steps`.
    places: Vec<usize>,
}

impl Ladder {
    /// A ladder over the thresholds of a family, in any order.
    #[must_use]
    pub fn new(thresholds: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..thresholds.len()).collect();
        order.sort_by(|&left, &right| thresholds[left].total_cmp(&thresholds[right]));
        let mut places = vec![0; thresholds.len()];
        for (place, &position) in order.iter().enumerate() {
            places[position] = place;
        }
        Self {
            steps: order.iter().map(|&position| thresholds[position]).collect(),
            places,
        }
    }

    /// Number of bins of a histogram over this ladder.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.steps.len() + 1
    }

    /// The bin of a maximum: how many thresholds it reaches.
    #[must_use]
    pub fn bin(&self, maximum: f64) -> usize {
        self.steps.partition_point(|&step| step <= maximum)
    }

    /// For each threshold of the input, how many maxima reached it.
    #[must_use]
    pub fn reached(&self, histogram: &[u64]) -> Vec<u64> {
        let mut above = vec![0; self.steps.len()];
        let mut sum = 0;
        for place in (0..self.steps.len()).rev() {
            sum += histogram[place + 1];
            above[place] = sum;
        }
        self.places.iter().map(|&place| above[place]).collect()
    }
}
