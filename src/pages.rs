//! Large arrays on large pages.
//!
//! The system hands out memory in pages of 4 KiB and clears each when it is first touched, which for an
//! array of hundreds of megabytes takes as long as the work on it. Where the system has larger pages
//! (Linux, 2 MiB) it may be asked for them, and then looking around in a large table is cheaper too.
//! Everywhere else these are arrays like others.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use memmap2::MmapMut;

use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Bytes from which large pages are asked for.
const LARGE: usize = 2 << 20;

/// Elements that are copied between two looks at the observer.
const STEP: usize = 1 << 16;

/// An array whose length does not change.
pub struct Array<T> {
    store: Store<T>,
}

enum Store<T> {
    Small(Vec<T>),
    Large(MmapMut, PhantomData<T>),
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self {
            store: Store::Small(Vec::new()),
        }
    }
}

impl<T: Pod> Array<T> {
    /// `count` zeros, which cost nothing until they are touched.
    pub fn zeroed(count: usize, what: &str) -> Result<Self> {
        let bytes = count.saturating_mul(size_of::<T>());
        if bytes < LARGE {
            let store = Store::Small(memory::zeroed(count, what)?);
            return Ok(Self { store });
        }
        let map = MmapMut::map_anon(bytes).map_err(|_| memory::refused(bytes, what))?;
        // Advice: where it is not taken, the pages are small ones.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Ok(Self {
            store: Store::Large(map, PhantomData),
        })
    }

    /// A copy of `values`.
    pub fn copied(values: &[T], what: &str, observer: &dyn Observer) -> Result<Self> {
        let mut array = Self::zeroed(values.len(), what)?;
        for (place, step) in array.chunks_mut(STEP).zip(values.chunks(STEP)) {
            observer.check()?;
            place.copy_from_slice(step);
        }
        Ok(array)
    }
}

impl<T: Pod> Deref for Array<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.store {
            Store::Small(values) => values,
            Store::Large(map, _) => bytemuck::cast_slice(map),
        }
    }
}

impl<T: Pod> DerefMut for Array<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.store {
            Store::Small(values) => values,
            Store::Large(map, _) => bytemuck::cast_slice_mut(map),
        }
    }
}

impl<T: Pod> fmt::Debug for Array<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Array({} elements)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::observer::Silent;

    #[test]
    fn small_and_large_arrays_hold_what_they_should() {
        for count in [0, 3, LARGE / 4 - 1, LARGE / 4, LARGE] {
            let values: Vec<u32> = (0..).take(count).collect();
            let array = Array::copied(&values, "a test", &Silent).unwrap();
            assert!(*array == values[..]);
            let mut zeros = Array::<u64>::zeroed(count, "a test").unwrap();
            assert!(zeros.iter().all(|&value| value == 0) && zeros.len() == count);
            if let Some(last) = zeros.last_mut() {
                *last = 7;
            }
            assert_eq!(zeros.iter().sum::<u64>(), if count > 0 { 7 } else { 0 });
        }
        assert!(Array::<u8>::default().is_empty());
    }

    #[test]
    fn what_cannot_be_had_is_an_error() {
        let refused = Array::<u64>::zeroed(usize::MAX / 16, "a test");
        assert!(matches!(refused, Err(Error::Memory(_))));
        assert!(Array::<u64>::zeroed(usize::MAX, "a test").is_err());
    }
}
