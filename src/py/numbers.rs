//! Arrays of numbers for numpy: in the type that is asked for, with one copy.
//!
//! numpy asks the system for large pages, which are a quarter of the work to touch for the first time;
//! so the memory is numpy's, and the workers of a call fill it. What the numbers mean is not known
//! here.

use bytemuck::Zeroable;
use numpy::{Element, IntoPyArray, PyArray1, PyArrayMethods};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use rayon::prelude::*;

use super::errors::raise;
use super::run::read;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Numbers between two questions to the observer: well below a millisecond.
const STEP: usize = 1 << 16;

/// An array that `fill` has written; memory that numpy does not get is our error.
pub(crate) fn filled<'py, To: Element + Zeroable>(
    py: Python<'py>,
    length: usize,
    what: &str,
    fill: impl FnOnce(&mut [To], &dyn Observer) -> Result<()> + Send,
) -> PyResult<Bound<'py, PyArray1<To>>> {
    // While the interpreter ends nothing can be imported, and objects may still be asked.
    let Ok(numpy) = py.import("numpy") else {
        let mut numbers = memory::zeroed(length, what).map_err(raise)?;
        read(py, |observer| fill(&mut numbers, observer))?;
        return Ok(numbers.into_pyarray(py));
    };
    let made = numpy.call_method1("empty", (length, numpy::dtype::<To>(py)));
    let array = made.map_err(|error| {
        if error.is_instance_of::<PyMemoryError>(py) {
            return raise(memory::refused(length.saturating_mul(size_of::<To>()), what));
        }
        error
    })?;
    let array = array.cast_into::<PyArray1<To>>()?;
    let mut writable = array.readwrite();
    let slice = writable.as_slice_mut()?;
    read(py, |observer| fill(slice, observer))?;
    drop(writable);
    Ok(array)
}

/// The numbers in another type.
pub(crate) fn converted<'py, From: Copy + Sync, To: Element + Zeroable>(
    py: Python<'py>,
    numbers: &[From],
    what: &str,
    convert: impl Fn(From) -> To + Sync + Send,
) -> PyResult<Bound<'py, PyArray1<To>>> {
    filled(py, numbers.len(), what, |array, observer| {
        let steps = array.par_chunks_mut(STEP).zip(numbers.par_chunks(STEP));
        steps.try_for_each(|(to, from)| {
            observer.check()?;
            for (to, &from) in to.iter_mut().zip(from) {
                *to = convert(from);
            }
            Ok(())
        })
    })
}
