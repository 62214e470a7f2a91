//! Arrays of numbers for numpy: in the type that is asked for, with one copy.
//!
//! Pages that nobody has touched yet cost more than the copy itself, so that the workers of the
//! call share them. What the numbers mean is not known here.

use rayon::prelude::*;

use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Numbers between two questions to the observer: well below a millisecond.
const STEP: usize = 1 << 16;

/// The numbers in another type.
pub(crate) fn converted<From: Copy + Sync, To: bytemuck::Zeroable + Send>(
    numbers: &[From],
    what: &str,
    observer: &dyn Observer,
    convert: impl Fn(From) -> To + Sync,
) -> Result<Vec<To>> {
    let mut array = memory::zeroed::<To>(numbers.len(), what)?;
    let steps = array.par_chunks_mut(STEP).zip(numbers.par_chunks(STEP));
    steps.try_for_each(|(to, from)| {
        observer.check()?;
        for (to, &from) in to.iter_mut().zip(from) {
            *to = convert(from);
        }
        Ok(())
    })?;
    Ok(array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn every_number_is_converted() {
        let numbers: Vec<u32> = (0..200_000).collect();
        let found = converted(&numbers, "a test", &Silent, i64::from).unwrap();
        assert!(found.iter().copied().eq(0..200_000));
    }
}
