//! Memory that may be refused: how arrays that grow with the input are made and grown.
//!
//! An allocation that fails inside `Vec::push` or `collect` ends the process, and no handler can
//! stop that. Everything that can pass a mebibyte is therefore reserved here first, and a refusal
//! is an [`Error::Memory`]. Filling and copying ask the observer on the way. What a job needs in all
//! is estimated beside the job; [`admit`] compares it with the limit.

use bytemuck::Zeroable;

use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::observer::Observer;

/// Elements that are written between two looks at the observer.
const STEP: usize = 1 << 16;

/// The error for `bytes` that the system did not give; `what` follows "for".
#[cold]
#[must_use]
pub fn refused(bytes: usize, what: &str) -> Error {
    Error::Memory(Cause::memory(
        format!(
            "Memory is full: {} for {what} could not be had; nothing was changed. Work on parts of the \
             corpus, free what is no longer needed, or use a machine with more memory.",
            spelled(bytes as u64)
        ),
        bytes as u64,
        None,
    ))
}

#[cold]
fn refused_for<T>(count: usize, what: &str) -> Error {
    refused(count.saturating_mul(size_of::<T>()), what)
}

/// Bytes as people read them.
#[must_use]
pub fn spelled(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let mut unit = 0;
    let mut left = bytes as f64;
    while left >= 1024.0 && unit + 1 < UNITS.len() {
        left /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} bytes")
    } else {
        format!("{left:.1} {}", UNITS[unit])
    }
}

/// What every machine has that runs Python: below this the system is not asked.
const LITTLE: u64 = 16 << 20;

/// Lets a job begin unless it needs more than the limit `memory_bytes`; `what` follows "for".
pub fn admit(needed: u64, what: &str) -> Result<()> {
    if needed <= LITTLE && !limits::MEMORY_BYTES.is_set() {
        return Ok(());
    }
    let Some(allowed) = limits::MEMORY_BYTES.value().filter(|&allowed| needed > allowed) else {
        return Ok(());
    };
    Err(Error::Memory(Cause::memory(
        format!(
            "About {} ({needed} bytes) are needed for {what}, but memory_bytes allows {} ({allowed}); work on \
             parts of the corpus, or pass nutgraf.set_limits(memory_bytes={needed}) if this machine has them.",
            spelled(needed),
            spelled(allowed)
        ),
        needed,
        Some(allowed),
    )))
}

/// An empty array with room for `count` elements.
pub fn with_capacity<T>(count: usize, what: &str) -> Result<Vec<T>> {
    let mut array = Vec::new();
    reserve_exact(&mut array, count, what)?;
    Ok(array)
}

/// `count` zeros, which cost nothing until they are touched.
pub fn zeroed<T: Zeroable>(count: usize, what: &str) -> Result<Vec<T>> {
    bytemuck::try_zeroed_vec(count).map_err(|()| refused_for::<T>(count, what))
}

/// `count` times the same value.
pub fn filled<T: Clone>(value: &T, count: usize, what: &str, observer: &dyn Observer) -> Result<Vec<T>> {
    let mut array = with_capacity(count, what)?;
    while array.len() < count {
        observer.check()?;
        array.resize(count.min(array.len() + STEP), value.clone());
    }
    Ok(array)
}

/// Makes room for `more` elements and no others.
pub fn reserve_exact<T>(array: &mut Vec<T>, more: usize, what: &str) -> Result<()> {
    array
        .try_reserve_exact(more)
        .map_err(|_| refused_for::<T>(array.len().saturating_add(more), what))
}

/// Makes room for `more` elements, and some more so that growing stays cheap.
#[inline]
pub fn reserve<T>(array: &mut Vec<T>, more: usize, what: &str) -> Result<()> {
    if array.capacity() - array.len() >= more {
        return Ok(());
    }
    array
        .try_reserve(more)
        .map_err(|_| refused_for::<T>(array.len().saturating_add(more), what))
}

/// `Vec::push` that may be refused.
#[inline]
pub fn push<T>(array: &mut Vec<T>, value: T, what: &str) -> Result<()> {
    reserve(array, 1, what)?;
    array.push(value);
    Ok(())
}

/// `String::push_str` that may be refused.
#[inline]
pub fn push_str(text: &mut String, more: &str, what: &str) -> Result<()> {
    if text.capacity() - text.len() < more.len() {
        text.try_reserve(more.len())
            .map_err(|_| refused(text.len().saturating_add(more.len()), what))?;
    }
    text.push_str(more);
    Ok(())
}

/// Appends a copy of `part`.
pub fn append<T: Copy>(array: &mut Vec<T>, part: &[T], what: &str, observer: &dyn Observer) -> Result<()> {
    reserve(array, part.len(), what)?;
    for step in part.chunks(STEP) {
        observer.check()?;
        array.extend_from_slice(step);
    }
    Ok(())
}

/// One array from the parts, in their order; each part is freed once it is copied.
pub fn concat<T: Copy>(parts: Vec<Vec<T>>, what: &str, observer: &dyn Observer) -> Result<Vec<T>> {
    let mut all = with_capacity(parts.iter().map(Vec::len).sum(), what)?;
    for part in parts {
        append(&mut all, &part, what, observer)?;
    }
    Ok(all)
}

/// An array of what an iterator gives, which must know its length.
pub fn collect<T>(
    values: impl ExactSizeIterator<Item = T>,
    what: &str,
    observer: &dyn Observer,
) -> Result<Vec<T>> {
    let mut array = with_capacity(values.len(), what)?;
    for (index, value) in values.enumerate() {
        if index % STEP == 0 {
            observer.check()?;
        }
        push(&mut array, value, what)?;
    }
    Ok(array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn what_cannot_be_had_is_an_error_with_its_bytes() {
        let refused = with_capacity::<u64>(usize::MAX / 16, "a test").unwrap_err();
        let cause = refused.cause().unwrap();
        assert_eq!(cause.needed, Some(usize::MAX as u64 / 16 * 8));
        assert!(cause.message.contains("for a test could not be had"));
        assert!(zeroed::<u64>(usize::MAX / 16, "a test").is_err());
        assert!(filled(&1u64, usize::MAX / 16, "a test", &Silent).is_err());
        assert!(push(&mut vec![(); usize::MAX - 1], (), "a test").is_ok());
    }

    #[test]
    fn arrays_hold_what_they_should() {
        assert_eq!(filled(&7u8, 3, "a test", &Silent), Ok(vec![7, 7, 7]));
        assert_eq!(zeroed::<u16>(2, "a test"), Ok(vec![0, 0]));
        assert_eq!(
            concat(vec![vec![1], vec![], vec![2, 3]], "a test", &Silent),
            Ok(vec![1, 2, 3])
        );
        assert_eq!(collect([4, 5].into_iter(), "a test", &Silent), Ok(vec![4, 5]));
    }

    #[test]
    fn bytes_read_well() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (5 << 30, "5.0 GiB"),
        ] {
            assert_eq!(spelled(bytes), expected);
        }
    }
}
