//! Passages for Python.

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::reuse::Given;
use super::run::{read, run};
use crate::reuse::edits::{self, Span};
use crate::reuse::near::Unit;
use crate::reuse::passages::{self as search, Extent, Options, Passage};

/// Finds the passages that documents share: columns by name, and what was left out.
#[pyfunction]
#[pyo3(signature = (tokens, min_tokens, characters, scope, max_documents=None, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each option of the public function"
)]
pub(crate) fn passages<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    min_tokens: usize,
    characters: bool,
    scope: Given<'py>,
    max_documents: Option<u32>,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options {
        unit: Unit::of(characters),
        min_tokens,
        max_documents,
        patience: None,
        aligned: true,
    };
    let (view, scope) = (tokens.view.clone(), scope.scope());
    let (found, extent) = run(py, threads, progress, |observer| {
        search::passages(&view, &options, &scope, observer)
    })?;
    columns(py, &found, extent)
}

/// Where the two sides of each of some passages of two documents differ, in code points.
#[pyfunction]
pub(crate) fn passage_edits(
    py: Python<'_>,
    tokens: &Tokens,
    rows: (usize, usize),
    passages: Vec<(Span, Span)>,
    min_tokens: usize,
    characters: bool,
) -> PyResult<Vec<Vec<(Span, Span)>>> {
    tokens.check(rows.0.max(rows.1))?;
    let found = read(py, |observer| {
        edits::edits(
            &tokens.view,
            Unit::of(characters),
            min_tokens,
            rows,
            &passages,
            observer,
        )
    })?;
    let spans = |edits: Vec<edits::Edit>| edits.into_iter().map(|edit| (edit.left, edit.right)).collect();
    Ok(found.into_iter().map(spans).collect())
}

fn columns<'py>(py: Python<'py>, passages: &[Passage], extent: Extent) -> PyResult<Bound<'py, PyDict>> {
    let columns = PyDict::new(py);
    let set = |name: &str, pick: fn(&Passage) -> u32| {
        let values: Vec<i64> = passages.iter().map(|found| pick(found).into()).collect();
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
    let identities = passages.iter().map(|found| found.edits.identity());
    columns.set_item("identity", identities.collect::<Vec<f64>>().into_pyarray(py))?;
    columns.set_item("left_out", extent.left_out)?;
    columns.set_item("capped", extent.capped)?;
    columns.set_item("candidates", extent.candidates)?;
    Ok(columns)
}
