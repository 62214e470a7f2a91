//! Progress and cancellation, as the core sees them.
//!
//! Workers report to an [`Observer`] and ask it whether to stop. Who listens (a Python callback, a
//! terminal, a test that cancels at step three) is not this room's business. Workers must ask at
//! least every few milliseconds of work, inside a long document too.

use crate::error::{Error, Result};

/// Somebody who watches a job and may stop it.
pub trait Observer: Sync {
    /// More work is known of: `amount` steps join the total.
    fn expect(&self, amount: usize);

    /// `amount` steps are done.
    fn advance(&self, amount: usize);

    /// Whether the job should stop.
    fn cancelled(&self) -> bool;

    /// `Err(Cancelled)` once the job should stop; for use with `?`.
    fn check(&self) -> Result<()> {
        if self.cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Nobody is watching.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn expect(&self, _amount: usize) {}

    fn advance(&self, _amount: usize) {}

    fn cancelled(&self) -> bool {
        false
    }
}
