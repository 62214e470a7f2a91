//! From many p-values to one statement about all of them.
//!
//! The step-up adjustment for lists and the tally behind the single-step max-T. Which terms belong
//! to the family is decided in `keyness`, from the design alone and never from the p-values.

use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "p-values";

/// The positions of numbers in rising order; equal ones by position.
fn order_of(numbers: &[f64], observer: &dyn Observer) -> Result<Vec<usize>> {
    let mut order = memory::collect(0..numbers.len(), WHAT, observer)?;
    sorting::sort_by_key(&mut order, observer, |&position: &usize| {
        Rank(numbers[position], position)
    })?;
    Ok(order)
}

/// A number and its position, with a total order.
#[derive(Debug, Clone, Copy)]
struct Rank(f64, usize);

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank {}

/// Adjusted p-values that control the false discovery rate: for the `i`-th smallest of `m`,
/// `min over j >= i of p_(j) m / j`, at most 1 (Benjamini and Hochberg 1995, JRSS B 57:289–300).
///
/// In the order of the input.
pub fn benjamini_hochberg(p: &[f64], observer: &dyn Observer) -> Result<Vec<f64>> {
    let order = order_of(p, observer)?;
    let mut adjusted = memory::zeroed(p.len(), WHAT)?;
    let (mut smallest, mut pace) = (1.0f64, Pace::default());
    for (rank, &position) in order.iter().enumerate().rev() {
        pace.step(1, observer)?;
        smallest = smallest.min(p[position] * p.len() as f64 / (rank + 1) as f64);
        adjusted[position] = smallest;
    }
    Ok(adjusted)
}

/// How many labelings had a maximum at least as large as each threshold (Westfall and Young 1993,
/// single-step max-T), kept as a histogram: memory grows with the family, not with the labelings.
#[derive(Debug)]
pub struct Ladder {
    /// Thresholds, rising.
    steps: Vec<f64>,
    /// For each threshold of the input, its place among `steps`.
    places: Vec<usize>,
}

impl Ladder {
    /// A ladder over the thresholds of a family, in any order.
    pub fn new(thresholds: &[f64], observer: &dyn Observer) -> Result<Self> {
        let order = order_of(thresholds, observer)?;
        let mut places = memory::zeroed(thresholds.len(), WHAT)?;
        let mut steps = memory::with_capacity(thresholds.len(), WHAT)?;
        let mut pace = Pace::default();
        for (place, &position) in order.iter().enumerate() {
            pace.step(1, observer)?;
            places[position] = place;
            steps.push(thresholds[position]);
        }
        Ok(Self { steps, places })
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
    pub fn reached(&self, histogram: &[u64], observer: &dyn Observer) -> Result<Vec<u64>> {
        let mut above = memory::zeroed::<u64>(self.steps.len(), WHAT)?;
        let (mut sum, mut pace) = (0, Pace::default());
        for place in (0..self.steps.len()).rev() {
            pace.step(1, observer)?;
            sum += histogram[place + 1];
            above[place] = sum;
        }
        memory::collect(self.places.iter().map(|&place| above[place]), WHAT, observer)
    }
}
