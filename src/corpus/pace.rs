//! Pace: asking the observer often enough inside long loops, and not more often.
//!
//! A loop says how much it did; every so many steps the observer is asked. What is watched, and
//! what stops, is not known here.

use crate::error::Result;
use crate::observer::Observer;

/// Cheap steps (a term, a comparison, a number added) between two looks: well below a millisecond.
const STEPS: usize = 1 << 15;

/// Counts the work of one loop.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    done: usize,
}

impl Pace {
    /// `amount` cheap steps are done.
    #[inline]
    pub fn step(&mut self, amount: usize, observer: &dyn Observer) -> Result<()> {
        self.done = self.done.saturating_add(amount);
        if self.done >= STEPS {
            self.done = 0;
            return observer.check();
        }
        Ok(())
    }
}
