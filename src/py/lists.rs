//! Lists of str for Python, and lists of str from Python, in slices.
//!
//! Making a Python object needs the interpreter, so this cannot go through the door in `run.rs`;
//! instead pending signals are looked at after each slice. What the strings mean is not known here.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// Strings between two looks at signals: about a millisecond.
pub(crate) const SLICE: usize = 1 << 13;

/// A list of str.
pub(crate) fn strings<'py, 'text>(
    py: Python<'py>,
    texts: impl Iterator<Item = &'text str>,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for (number, text) in texts.enumerate() {
        if number % SLICE == 0 {
            py.check_signals()?;
        }
        list.append(text)?;
    }
    Ok(list)
}

/// A list of names out of a few, which share their str objects.
pub(crate) fn names<'py>(
    py: Python<'py>,
    codes: impl Iterator<Item = usize>,
    all: &[&str],
) -> PyResult<Bound<'py, PyList>> {
    let all: Vec<Bound<'py, PyString>> = all.iter().map(|name| PyString::new(py, name)).collect();
    let list = PyList::empty(py);
    for (number, code) in codes.enumerate() {
        if number % SLICE == 0 {
            py.check_signals()?;
        }
        list.append(&all[code])?;
    }
    Ok(list)
}

/// The strings of a list of str.
pub(crate) fn owned(list: &Bound<'_, PyList>) -> PyResult<Vec<String>> {
    let mut texts = Vec::with_capacity(list.len());
    for (number, text) in list.iter().enumerate() {
        if number % SLICE == 0 {
            list.py().check_signals()?;
        }
        texts.push(text.extract()?);
    }
    Ok(texts)
}
