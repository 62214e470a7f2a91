//! Labelings of units: their number, their listing one by one, and their random drawing.
//!
//! A labeling is addressed by its index alone, in the exact list and under Monte Carlo, so that it
//! is the same for any number of threads. What is done with a labeling is not known here.

use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "labelings";

/// Units that are written between two looks at the observer.
const STEP: usize = 1 << 15;

/// Labelings that are worked on together, one per bit of a word.
pub const LANES: usize = 64;

/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): the
/// `counter`-th group of four random words under a key.
#[must_use]
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [high0, low0] = split(u64::from(counter[0]) * 0xD251_1F53);
        let [high1, low1] = split(u64::from(counter[2]) * 0xCD9E_8D57);
        counter = [
            high1 ^ counter[1] ^ key[0],
            low1,
            high0 ^ counter[3] ^ key[1],
            low0,
        ];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// High and low half.
fn split(value: u64) -> [u32; 2] {
    // Masked or shifted: nothing is lost.
    #[allow(clippy::cast_possible_truncation)]
    let halves = [(value >> 32) as u32, value as u32];
    halves
}

/// The random numbers of one labeling, fixed by the seed and the labeling's index.
#[derive(Debug)]
struct Stream {
    key: [u32; 2],
    index: [u32; 2],
    group: u64,
    words: [u32; 4],
    used: usize,
}

impl Stream {
    fn new(seed: u64, index: u64) -> Self {
        let ([high, low], [index_high, index_low]) = (split(seed), split(index));
        Self {
            key: [low, high],
            index: [index_low, index_high],
            group: 0,
            words: [0; 4],
            used: 4,
        }
    }

    fn next(&mut self) -> u32 {
        if self.used == 4 {
            let [high, low] = split(self.group);
            self.words = philox([low, high, self.index[0], self.index[1]], self.key);
            self.group += 1;
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// A whole number below `bound`, all equally likely (Lemire 2019, arXiv:1805.10941).
    fn below(&mut self, bound: u32) -> u32 {
        let refused = bound.wrapping_neg() % bound;
        loop {
            let [high, low] = split(u64::from(self.next()) * u64::from(bound));
            if low >= refused {
                return high;
            }
        }
    }
}

/// Units of one stratum: which they are, how many of them a labeling picks, and what picking says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// First unit.
    pub start: u32,
    /// Number of units.
    pub units: u32,
    /// Number of picked units, at most half of them.
    pub picks: u32,
    /// Whether picked units get the bit, or all the others.
    pub marks: bool,
}

impl Draw {
    /// Whether a labeling of this stratum leaves no choice.
    fn settled(&self) -> bool {
        self.picks == 0
    }
}

/// Number of ways to pick `picks` of `units`, infinite beyond the range of `f64`.
#[must_use]
pub fn combinations(units: usize, picks: usize) -> f64 {
    let picks = picks.min(units.saturating_sub(picks));
    let mut ways = 1.0;
    for step in 1..=picks {
        ways = ways * (units - picks + step) as f64 / step as f64;
        if ways.is_infinite() {
            break;
        }
    }
    ways
}

/// The same as a whole number, the largest one standing for all that do not fit.
fn whole_combinations(units: u64, picks: u64) -> u64 {
    if picks > units {
        return 0;
    }
    let mut ways = 1u128;
    for step in 1..=u128::from(picks.min(units - picks)) {
        let factor = u128::from(units) - u128::from(picks.min(units - picks)) + step;
        ways = match ways.checked_mul(factor) {
            Some(product) => product / step,
            None => return u64::MAX,
        };
        if ways > u128::from(u64::MAX) {
            return u64::MAX;
        }
    }
    u64::try_from(ways).unwrap_or(u64::MAX)
}

/// Labelings by index: all of them, or random ones.
#[derive(Debug, Clone)]
pub struct Labelings {
    draws: Vec<Draw>,
    units: usize,
    /// The seed of random labelings; `None` lists all of them.
    seed: Option<u64>,
    count: u64,
}

impl Labelings {
    /// Every labeling, once.
    #[must_use]
    pub fn all(draws: Vec<Draw>, units: usize) -> Self {
        let count = draws
            .iter()
            .map(|draw| whole_combinations(u64::from(draw.units), u64::from(draw.picks)))
            .fold(1, u64::saturating_mul);
        Self {
            draws,
            units,
            seed: None,
            count,
        }
    }

    /// `count` random labelings, each equally likely to be any of them.
    #[must_use]
    pub fn random(draws: Vec<Draw>, units: usize, seed: u64, count: u64) -> Self {
        Self {
            draws,
            units,
            seed: Some(seed),
            count,
        }
    }

    /// Number of labelings.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Writes the labelings `first`, `first + 1` … (at most [`LANES`], as many as there are) into
    /// one word per unit, a bit per labeling; returns how many they are. `order` is work space.
    pub fn fill(
        &self,
        first: u64,
        words: &mut Vec<u64>,
        order: &mut Vec<u32>,
        observer: &dyn Observer,
    ) -> Result<usize> {
        let lanes = usize::try_from(self.count.saturating_sub(first)).map_or(LANES, |left| left.min(LANES));
        let every = if lanes == LANES {
            u64::MAX
        } else {
            (1 << lanes) - 1
        };
        words.clear();
        memory::reserve(words, self.units, WHAT)?;
        memory::reserve(order, self.units, WHAT)?;
        let mut pace = Pace::default();
        while words.len() < self.units {
            observer.check()?;
            words.resize(self.units.min(words.len() + STEP), 0);
        }
        for draw in self.draws.iter().filter(|draw| !draw.marks) {
            for part in words[draw.start as usize..][..draw.units as usize].chunks_mut(STEP) {
                pace.step(part.len(), observer)?;
                part.fill(every);
            }
        }
        for lane in 0..lanes {
            let index = first + lane as u64;
            let bit = 1u64 << lane;
            match self.seed {
                None => self.list(index, bit, words, &mut pace, observer)?,
                Some(seed) => {
                    order.clear();
                    for unit in 0..self.units {
                        pace.step(1, observer)?;
                        order.extend(u32::try_from(unit));
                    }
                    self.draw(
                        &mut Stream::new(seed, index),
                        bit,
                        order,
                        words,
                        &mut pace,
                        observer,
                    )?;
                }
            }
        }
        Ok(lanes)
    }

    /// The labeling with an index in the list: one digit per stratum, each digit a combination
    /// in the combinatorial number system (Knuth, TAOCP 4A, 7.2.1.3).
    fn list(
        &self,
        mut index: u64,
        bit: u64,
        words: &mut [u64],
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        for draw in &self.draws {
            pace.step(32, observer)?;
            let ways = whole_combinations(u64::from(draw.units), u64::from(draw.picks));
            let mut rest = index % ways;
            index /= ways;
            let mut end = draw.units;
            for picks in (1..=draw.picks).rev() {
                // A binary search, with a product of as many factors in each step.
                pace.step(32 * (picks as usize + 4), observer)?;
                // The largest unit with at most `rest` combinations below it.
                let (mut low, mut high) = (picks - 1, end);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if whole_combinations(u64::from(middle), u64::from(picks)) <= rest {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                rest -= whole_combinations(u64::from(low), u64::from(picks));
                end = low;
                words[(draw.start + low) as usize] ^= bit;
            }
        }
        Ok(())
    }

    /// A random labeling: the first steps of a Fisher–Yates shuffle in each stratum.
    fn draw(
        &self,
        stream: &mut Stream,
        bit: u64,
        order: &mut [u32],
        words: &mut [u64],
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        for draw in self.draws.iter().filter(|draw| !draw.settled()) {
            let stratum = &mut order[draw.start as usize..][..draw.units as usize];
            for step in 0..draw.picks {
                pace.step(8, observer)?;
                let other = step + stream.below(draw.units - step);
                stratum.swap(step as usize, other as usize);
                words[stratum[step as usize] as usize] ^= bit;
            }
            pace.step(8, observer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn philox_gives_the_published_words() {
        // Known answers of Random123.
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn the_list_holds_every_labeling_once() {
        let draws = vec![
            Draw {
                start: 0,
                units: 5,
                picks: 2,
                marks: true,
            },
            Draw {
                start: 5,
                units: 4,
                picks: 1,
                marks: false,
            },
            Draw {
                start: 9,
                units: 2,
                picks: 0,
                marks: true,
            },
        ];
        let all = Labelings::all(draws, 11);
        assert_eq!(all.count(), 40);
        let (mut seen, mut words) = (Vec::new(), Vec::new());
        assert_eq!(all.fill(0, &mut words, &mut Vec::new(), &Silent), Ok(40));
        for lane in 0..40 {
            let labels: Vec<bool> = words.iter().map(|word| word >> lane & 1 == 1).collect();
            assert_eq!(labels[..5].iter().filter(|&&label| label).count(), 2);
            assert_eq!(labels[5..9].iter().filter(|&&label| label).count(), 3);
            assert!(!labels[9] && !labels[10]);
            seen.push(labels);
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 40);
    }

    #[test]
    fn random_labelings_do_not_depend_on_where_a_block_starts() {
        let draws = vec![Draw {
            start: 0,
            units: 7,
            picks: 3,
            marks: true,
        }];
        let random = Labelings::random(draws, 7, 5, 200);
        let (mut early, mut late) = (Vec::new(), Vec::new());
        random.fill(0, &mut early, &mut Vec::new(), &Silent).unwrap();
        random.fill(10, &mut late, &mut Vec::new(), &Silent).unwrap();
        for (early, late) in early.iter().zip(&late) {
            assert_eq!(early >> 10, late & (u64::MAX >> 10));
        }
    }
}
