//! Signatures, and near duplicates found by them, for Python.

use numpy::{Element, IntoPyArray, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::errors::raise;
use super::reuse::{Given, How, NearDuplicates};
use super::run::run;
use crate::reuse::bands::Bands;
use crate::reuse::lsh::Extent;
use crate::reuse::minhash::{self, Slot};
use crate::reuse::near::{self, Options, Unit};

/// Finds pairs of documents by their signatures; tells what the search covered too.
#[pyfunction]
#[pyo3(signature = (tokens, how, scope, recall, slots, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each part of the search"
)]
pub(crate) fn near_duplicates_sketched<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    how: How,
    scope: Given<'py>,
    recall: f64,
    slots: usize,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(NearDuplicates, Bound<'py, PyDict>)> {
    let options = how.options();
    let bands = Bands::choose(options.threshold, recall, slots).map_err(raise)?;
    let (scope, view) = (scope.scope(), tokens.view.clone());
    let (found, extent) = run(py, threads, progress, |observer| {
        let (found, extent) = near::NearDuplicates::sketched(&view, &options, &scope, bands, observer)?;
        Ok((NearDuplicates { found, view }, extent))
    })?;
    Ok((found, covered(py, options.threshold, &extent)?))
}

/// What a search covered, by name.
fn covered<'py>(py: Python<'py>, threshold: f64, extent: &Extent) -> PyResult<Bound<'py, PyDict>> {
    let covered = PyDict::new(py);
    let expected = PyDict::new(py);
    for tenth in 1..=10 {
        let similarity = f64::from(tenth) / 10.0;
        expected.set_item(format!("{similarity:.1}"), extent.bands.recall(similarity))?;
    }
    covered.set_item("bands", extent.bands.count)?;
    covered.set_item("rows", extent.bands.rows)?;
    covered.set_item("recall_at_threshold", extent.bands.recall(threshold))?;
    covered.set_item("recall_at", expected)?;
    covered.set_item("candidates", extent.candidates)?;
    covered.set_item("whole", extent.whole)?;
    covered.set_item("left_out", extent.left_out)?;
    Ok(covered)
}

/// Signatures, shape (documents, slots), in slots of 16, 32 or 64 bits.
#[pyfunction]
#[pyo3(signature = (tokens, shingle, characters, across_gaps, slots, bits, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each option of the public function"
)]
pub(crate) fn signatures<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    shingle: usize,
    characters: bool,
    across_gaps: bool,
    slots: usize,
    bits: u8,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = Options {
        shingle,
        unit: Unit::of(characters),
        across_gaps,
        ..Options::default()
    };
    let how = (options, slots);
    match bits {
        16 => array::<u16>(py, tokens, how, threads, progress),
        32 => array::<u32>(py, tokens, how, threads, progress),
        _ => array::<u64>(py, tokens, how, threads, progress),
    }
}

/// Signatures in slots of one width.
fn array<'py, S: Slot + Element>(
    py: Python<'py>,
    tokens: &Tokens,
    (options, slots): (Options, usize),
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let view = &tokens.view;
    let made = run(py, threads, progress, |observer| {
        minhash::signatures::<S>(view, &options, slots, observer)
    })?;
    let shaped = made.into_pyarray(py).reshape([view.documents(), slots])?;
    Ok(shaped.into_any())
}
