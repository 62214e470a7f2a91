//! Passages for Python.

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::run::run;
use crate::error::Result;
use crate::observer::Observer;
use crate::reuse::near::Unit;
use crate::reuse::pairing::Pairing;
use crate::reuse::passages::{Options, Passage, Passages};

/// Which documents may be compared, as Python says it.
pub(crate) fn pairing(
    first: Option<usize>,
    labels: Option<PyReadonlyArray1<'_, u32>>,
    moments: Option<(PyReadonlyArray1<'_, i64>, i64)>,
) -> Pairing {
    Pairing {
        first,
        labels: labels.map(|labels| labels.as_array().to_vec()),
        moments: moments.map(|(moments, most)| (moments.as_array().to_vec(), most)),
    }
}

/// Finds the passages that documents share: columns by name, and what was left out.
#[pyfunction]
#[pyo3(signature = (
    tokens, min_tokens, characters, max_documents=None, first=None, labels=None, moments=None,
    threads=None, progress=None
))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each option of the public function"
)]
pub(crate) fn passages<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    min_tokens: usize,
    characters: bool,
    max_documents: Option<u32>,
    first: Option<usize>,
    labels: Option<PyReadonlyArray1<'_, u32>>,
    moments: Option<(PyReadonlyArray1<'_, i64>, i64)>,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options {
        unit: if characters { Unit::Char } else { Unit::Word },
        min_tokens,
        max_documents,
        pairing: pairing(first, labels, moments),
    };
    let view = tokens.view.clone();
    let found = run(py, threads, progress, |observer: &dyn Observer| -> Result<Passages> {
        Passages::build(&view, &options, observer)
    })?;
    columns(py, &found)
}

fn columns<'py>(py: Python<'py>, passages: &Passages) -> PyResult<Bound<'py, PyDict>> {
    let columns = PyDict::new(py);
    let set = |name: &str, pick: fn(&Passage) -> u32| {
        let values: Vec<i64> = passages.found.iter().map(|found| pick(found).into()).collect();
        columns.set_item(name, values.into_pyarray(py))
    };
    set("left_row", |found| found.left)?;
    set("left_start", |found| found.left_span.0)?;
    set("left_end", |found| found.left_span.1)?;
    set("right_row", |found| found.right)?;
    set("right_start", |found| found.right_span.0)?;
    set("right_end", |found| found.right_span.1)?;
    set("tokens", |found| found.edits.matched)?;
    set("changed", |found| found.edits.changed)?;
    set("added", |found| found.edits.added)?;
    set("removed", |found| found.edits.removed)?;
    let identities = passages.found.iter().map(|found| found.edits.identity());
    columns.set_item("identity", identities.collect::<Vec<f64>>().into_pyarray(py))?;
    columns.set_item("left_out", passages.left_out)?;
    columns.set_item("capped", passages.capped)?;
    columns.set_item("candidates", passages.candidates)?;
    Ok(columns)
}
