//! The permutation test: how often a relabeling of the units does as much as the labels at hand.
//!
//! The statistic is studentized: `T = (r1 - r2) / SE`, where the pooled rate of a side is
//! `r1 = Σ x / Σ n` over its units and `SE²` is the sum over the sides of the linearized
//! between-unit variance `m / (m - 1) · Σ (x - r1 n)² / (Σ n)²` (Cochran 1977, Sampling
//! Techniques, §6.3, the ratio estimate), never below the pooled Poisson variance
//! `r (1 / n1 + 1 / n2)`. A side of one unit has no between-unit variance and adds 0. Pooled G² as
//! a statistic is not calibrated when lengths and group sizes both differ; this is.
//!
//! A labeling is summed over the postings of one side only; the other side follows by subtraction.
//! Which terms are tested, and what is concluded, is decided in `keyness`.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::adjust::Ladder;
use super::sampling::{LANES, Labelings};
use super::units::Units;
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "the permutation test";

/// `|T|` counts as at least `|T_obs|` when it reaches it but for this share: rounding.
pub const TOLERANCE: f64 = 1e-9;

/// A difference of rates below this share of their sum is rounding, not a difference.
const NOTHING: f64 = 1e-12;

/// Postings between two looks at the observer.
const STEP: usize = 1 << 12;

/// How many labelings reached what was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// For each term, the labelings with `|T| >= |T_obs|`.
    pub reached: Vec<u64>,
    /// For each term of the family, the labelings whose largest `|T|` over the family is at least
    /// the term's `|T_obs|`.
    pub family_reached: Vec<u64>,
}

/// What does not depend on the labeling, for one term.
struct Constants {
    /// Sums over the shared parts of the marked side.
    fixed: [f64; 3],
    /// Sums over all units.
    all: [f64; 3],
}

/// What does not depend on the term, for each labeling of a block.
struct Sides {
    /// Marked, then other side: `1 / Σ n`, `Σ n²` and `m / (m - 1) / (Σ n)²`.
    inverse: [[f64; LANES]; 2],
    square: [[f64; LANES]; 2],
    spread: [[f64; LANES]; 2],
    length: [[f64; LANES]; 2],
    /// `(1 / n1 + 1 / n2) / (n1 + n2)`: times `Σ x` it is the Poisson variance.
    poisson: [f64; LANES],
}

/// A test ready to run on blocks of labelings.
struct Test<'a> {
    units: &'a Units,
    lengths: Vec<f64>,
    constants: Vec<Constants>,
    /// Lengths over all units: `Σ n`, `Σ n²`.
    total: [f64; 2],
    /// Number of units on the marked and on the other side.
    sizes: [usize; 2],
}

/// Work space and sums of one worker, used again by later blocks.
struct Scratch {
    words: Vec<u64>,
    order: Vec<u32>,
    reached: Vec<u64>,
    histogram: Vec<u64>,
}

impl Scratch {
    fn new(terms: usize, bins: usize) -> Result<Self> {
        Ok(Self {
            words: Vec::new(),
            order: Vec::new(),
            reached: memory::zeroed(terms, WHAT)?,
            histogram: memory::zeroed(bins, WHAT)?,
        })
    }
}

/// Counts, over the labelings, how often each term reaches its observed `|T|`, and how often the
/// maximum over the family does. `family` holds rows of `units.terms`.
pub fn run(units: &Units, labelings: &Labelings, family: &[usize], observer: &dyn Observer) -> Result<Tally> {
    let test = Test::new(units, observer)?;
    let reach = |square: f64| square * (1.0 - TOLERANCE) * (1.0 - TOLERANCE);
    let thresholds = memory::collect(test.observed(observer)?.into_iter().map(reach), WHAT, observer)?;
    let of_family = memory::collect(family.iter().map(|&row| thresholds[row]), WHAT, observer)?;
    let ladder = Ladder::new(&of_family, observer)?;
    let mut in_family = memory::filled(&false, thresholds.len(), WHAT, observer)?;
    for &row in family {
        in_family[row] = true;
    }
    observer.expect(usize::try_from(labelings.count()).unwrap_or(usize::MAX));
    let blocks = labelings.count().div_ceil(LANES as u64);
    let spare: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());
    (0..blocks).into_par_iter().try_for_each(|block| {
        observer.check()?;
        let kept = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = match kept {
            Some(scratch) => scratch,
            None => Scratch::new(thresholds.len(), ladder.bins())?,
        };
        let Scratch {
            words,
            order,
            reached,
            histogram,
        } = &mut scratch;
        let lanes = labelings.fill(block * LANES as u64, words, order, observer)?;
        let mut maxima = [0.0f64; LANES];
        test.block(words, lanes, observer, |row, squares| {
            let threshold = thresholds[row];
            reached[row] += squares.iter().filter(|&&square| square >= threshold).count() as u64;
            if in_family[row] {
                for (maximum, &square) in maxima.iter_mut().zip(squares) {
                    *maximum = maximum.max(square);
                }
            }
        })?;
        for &maximum in &maxima[..lanes] {
            histogram[ladder.bin(maximum)] += 1;
        }
        observer.advance(lanes);
        spare.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        Ok(())
    })?;
    // Whole numbers are added, so that it does not matter which worker did what.
    let mut sum = Scratch::new(thresholds.len(), ladder.bins())?;
    for scratch in spare.into_inner().unwrap_or_else(PoisonError::into_inner) {
        add(&mut sum.reached, &scratch.reached, observer)?;
        add(&mut sum.histogram, &scratch.histogram, observer)?;
    }
    Ok(Tally {
        reached: sum.reached,
        family_reached: ladder.reached(&sum.histogram, observer)?,
    })
}

/// The observed `|T|` of each term of `units.terms`.
pub fn statistics(units: &Units, observer: &dyn Observer) -> Result<Vec<f64>> {
    let squares = Test::new(units, observer)?.observed(observer)?;
    memory::collect(squares.into_iter().map(f64::sqrt), WHAT, observer)
}

fn add(sums: &mut [u64], parts: &[u64], observer: &dyn Observer) -> Result<()> {
    let mut pace = Pace::default();
    for (sum, part) in sums.iter_mut().zip(parts) {
        pace.step(1, observer)?;
        *sum += part;
    }
    Ok(())
}

impl<'a> Test<'a> {
    fn new(units: &'a Units, observer: &dyn Observer) -> Result<Self> {
        let marked = usize::from(!units.marked_target);
        let lengths = memory::collect(units.units.iter().map(|unit| unit.length), WHAT, observer)?;
        let mut constants = memory::with_capacity(units.terms.len(), WHAT)?;
        let mut pace = Pace::default();
        for row in 0..units.terms.len() {
            pace.step(4, observer)?;
            let mut all = [0.0; 3];
            for (unit, x) in units.postings(row) {
                pace.step(2, observer)?;
                for (sum, part) in all.iter_mut().zip([x, x * x, x * lengths[unit]]) {
                    *sum += part;
                }
            }
            constants.push(Constants {
                fixed: units.fixed_sums(row)[marked],
                all,
            });
        }
        let on_marked = units.on_side(units.marked_target);
        Ok(Self {
            total: [
                lengths.iter().sum(),
                lengths.iter().map(|length: &f64| length * length).sum(),
            ],
            sizes: [on_marked, units.units.len() - on_marked],
            units,
            lengths,
            constants,
        })
    }

    /// `T²` of each term under the labels at hand.
    fn observed(&self, observer: &dyn Observer) -> Result<Vec<f64>> {
        let marked = self.units.units[..self.units.movable]
            .iter()
            .map(|unit| u64::from(unit.target == self.units.marked_target));
        let words = memory::collect(marked, WHAT, observer)?;
        let mut squares = memory::zeroed(self.units.terms.len(), WHAT)?;
        self.block(&words, 1, observer, |row, found| squares[row] = found[0])?;
        Ok(squares)
    }

    /// `T²` of every term under the labelings of a block, given to `take` term by term.
    fn block(
        &self,
        words: &[u64],
        lanes: usize,
        observer: &dyn Observer,
        mut take: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        let sides = self.sides(words, observer)?;
        let mut squares = [0.0; LANES];
        let mut since = 0;
        for row in 0..self.units.terms.len() {
            let range = self.units.starts[row]..self.units.starts[row + 1];
            let mut sums = [[0.0f64; 4]; LANES];
            let postings = self.units.posting_units[range.clone()]
                .iter()
                .zip(&self.units.posting_counts[range.clone()]);
            for (&unit, &x) in postings {
                since += 1;
                if since >= STEP {
                    observer.check()?;
                    since = 0;
                }
                // Shared parts come last, and have no word.
                let Some(&word) = words.get(unit as usize) else {
                    break;
                };
                let parts = [x, x * x, x * self.lengths[unit as usize], 0.0];
                let mut left = word;
                while left != 0 {
                    let lane = &mut sums[left.trailing_zeros() as usize];
                    for (sum, part) in lane.iter_mut().zip(parts) {
                        *sum += part;
                    }
                    left &= left - 1;
                }
            }
            self.squares(row, &sums, &sides, &mut squares);
            take(row, &squares[..lanes]);
            since += 8;
        }
        Ok(())
    }

    /// Lengths of both sides under each labeling of a block.
    fn sides(&self, words: &[u64], observer: &dyn Observer) -> Result<Sides> {
        let mut pace = Pace::default();
        let fixed = self.units.fixed[usize::from(!self.units.marked_target)];
        let mut length = [[fixed.length; LANES], [0.0; LANES]];
        let mut square = [[fixed.square; LANES], [0.0; LANES]];
        for (&word, &n) in words.iter().zip(&self.lengths) {
            pace.step(8, observer)?;
            let mut left = word;
            while left != 0 {
                let lane = left.trailing_zeros() as usize;
                length[0][lane] += n;
                square[0][lane] += n * n;
                left &= left - 1;
            }
        }
        let mut sides = Sides {
            inverse: [[0.0; LANES]; 2],
            spread: [[0.0; LANES]; 2],
            poisson: [0.0; LANES],
            length,
            square,
        };
        for lane in 0..LANES {
            sides.length[1][lane] = self.total[0] - sides.length[0][lane];
            sides.square[1][lane] = self.total[1] - sides.square[0][lane];
            for side in 0..2 {
                let inverse = 1.0 / sides.length[side][lane];
                let m = self.sizes[side] as f64;
                sides.inverse[side][lane] = inverse;
                sides.spread[side][lane] = if m > 1.0 {
                    m / (m - 1.0) * inverse * inverse
                } else {
                    0.0
                };
            }
            sides.poisson[lane] = (sides.inverse[0][lane] + sides.inverse[1][lane]) / self.total[0];
        }
        Ok(sides)
    }

    /// `T²` of one term from the sums over the one-sided units of the marked side.
    fn squares(&self, row: usize, sums: &[[f64; 4]; LANES], sides: &Sides, squares: &mut [f64; LANES]) {
        let Constants { fixed, all } = &self.constants[row];
        for lane in 0..LANES {
            let marked: [f64; 3] = std::array::from_fn(|part| sums[lane][part] + fixed[part]);
            let other: [f64; 3] = std::array::from_fn(|part| all[part] - marked[part]);
            let variance = |side: usize, [x, xx, xn]: [f64; 3]| {
                let rate = x * sides.inverse[side][lane];
                // Σ (x - r n)², multiplied out; rounding must not make it negative.
                let sum = xx - 2.0 * rate * xn + rate * rate * sides.square[side][lane];
                sum.max(0.0) * sides.spread[side][lane]
            };
            // Products of whole numbers: equal rates give exactly 0.
            let (left, right) = (
                marked[0] * sides.length[1][lane],
                other[0] * sides.length[0][lane],
            );
            let difference = left - right;
            let rates = difference * sides.inverse[0][lane] * sides.inverse[1][lane];
            let between = variance(0, marked) + variance(1, other);
            let square = between.max(all[0] * sides.poisson[lane]);
            squares[lane] = if difference.abs() <= NOTHING * (left + right) {
                0.0
            } else {
                rates * rates / square
            };
        }
    }
}
