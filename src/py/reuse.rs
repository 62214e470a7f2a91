//! Near duplicates for Python.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::lists::names;
use super::run::{read, run};
use crate::corpus::views::View;
use crate::memory;
use crate::reuse::near::{self, Options, Unit};
use crate::reuse::pairs::{self, Kind, Pair};
use crate::reuse::runs;
use crate::reuse::stored::{self, StoredPairs};

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of near duplicates";

/// Near duplicates, with the tokens they were verified on.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct NearDuplicates {
    found: near::NearDuplicates,
    view: View,
    /// Counting walks over all groups, and `len` asks often.
    pair_count: u64,
}

impl NearDuplicates {
    pub(super) fn new(found: near::NearDuplicates, view: View) -> Self {
        let pair_count = found.pair_count();
        Self {
            found,
            view,
            pair_count,
        }
    }
}

/// What to look for, as Python names it.
pub(super) fn options(threshold: f64, shingle: usize, characters: bool, across_gaps: bool) -> Options {
    let unit = if characters { Unit::Char } else { Unit::Word };
    Options {
        threshold,
        shingle,
        unit,
        across_gaps,
    }
}

/// Finds every pair of documents whose similarity reaches the threshold.
#[pyfunction]
#[pyo3(signature = (tokens, threshold, shingle, characters, across_gaps, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each option of the public function"
)]
pub(crate) fn near_duplicates(
    py: Python<'_>,
    tokens: &Tokens,
    threshold: f64,
    shingle: usize,
    characters: bool,
    across_gaps: bool,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<NearDuplicates> {
    let options = options(threshold, shingle, characters, across_gaps);
    let view = tokens.view.clone();
    run(py, threads, progress, |observer| {
        let found = near::NearDuplicates::build(&view, &options, observer)?;
        Ok(NearDuplicates::new(found, view))
    })
}

/// Near duplicates from the parts that a pickle holds; every part is checked.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "one argument for each part")]
pub(crate) fn near_duplicates_from_parts(
    py: Python<'_>,
    tokens: &Tokens,
    threshold: f64,
    shingle: usize,
    characters: bool,
    across_gaps: bool,
    groups: PyReadonlyArray1<'_, i64>,
    sizes: PyReadonlyArray1<'_, i64>,
    left: PyReadonlyArray1<'_, i64>,
    right: PyReadonlyArray1<'_, i64>,
    shared: PyReadonlyArray1<'_, i64>,
    candidates: u64,
) -> PyResult<NearDuplicates> {
    let options = options(threshold, shingle, characters, across_gaps);
    let parts = StoredPairs {
        groups: groups.as_array().to_vec(),
        sizes: sizes.as_array().to_vec(),
        left: left.as_array().to_vec(),
        right: right.as_array().to_vec(),
        shared: shared.as_array().to_vec(),
        candidates,
    };
    let view = tokens.view.clone();
    read(py, |observer| {
        let found = stored::near_duplicates(view.documents(), &options, &parts, observer)?;
        Ok(NearDuplicates::new(found, view))
    })
}

#[pymethods]
impl NearDuplicates {
    /// Number of pairs.
    #[getter]
    fn pair_count(&self) -> u64 {
        self.pair_count
    }

    /// Candidate pairs that were verified.
    #[getter]
    fn candidates(&self) -> u64 {
        self.found.candidates()
    }

    /// Cluster of each document, int64.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let wide = |&label: &u32| i64::from(label);
        let labels = read(py, |observer| {
            memory::collect(self.found.labels().iter().map(wide), WHAT, observer)
        })?;
        Ok(labels.into_pyarray(py))
    }

    /// Columns of `count` pairs from the one numbered `start`.
    fn pairs<'py>(&self, py: Python<'py>, start: u64, count: usize) -> PyResult<Bound<'py, PyDict>> {
        let pairs = read(py, |observer| self.found.pairs(start, count, observer))?;
        let numbers = |pick: fn(&Pair) -> f64| pairs.iter().map(pick).collect::<Vec<_>>().into_pyarray(py);
        let rows = |pick: fn(&Pair) -> i64| pairs.iter().map(pick).collect::<Vec<_>>().into_pyarray(py);
        let kinds = Kind::ALL.map(Kind::name);
        let codes = pairs.iter().map(|pair| pairs::kind(pair) as usize);
        let columns = PyDict::new(py);
        columns.set_item("left_row", rows(|pair| pair.left.into()))?;
        columns.set_item("right_row", rows(|pair| pair.right.into()))?;
        columns.set_item("similarity", numbers(|pair| pair.similarity))?;
        columns.set_item("containment_left", numbers(|pair| pair.containment_left))?;
        columns.set_item("containment_right", numbers(|pair| pair.containment_right))?;
        columns.set_item("kind", names(py, codes, &kinds)?)?;
        Ok(columns)
    }

    /// Similarity of each pair of rows, float64.
    fn similarity<'py>(
        &self,
        py: Python<'py>,
        left: PyReadonlyArray1<'py, i64>,
        right: PyReadonlyArray1<'py, i64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let wrong = |_| PyValueError::new_err("rows must not be negative");
        let pairs = left
            .as_array()
            .iter()
            .zip(right.as_array())
            .map(|(&left, &right)| Ok((u32::try_from(left)?, u32::try_from(right)?)))
            .collect::<std::result::Result<Vec<_>, std::num::TryFromIntError>>()
            .map_err(wrong)?;
        let found = read(py, |observer| {
            self.found.similarity_to(&self.view, &pairs, observer)
        })?;
        Ok(found.into_pyarray(py))
    }

    /// The parts to store: arrays of int64 by name, and the number of candidates.
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let stored = read(py, |observer| self.found.stored(observer))?;
        let parts = PyDict::new(py);
        parts.set_item("groups", stored.groups.into_pyarray(py))?;
        parts.set_item("sizes", stored.sizes.into_pyarray(py))?;
        parts.set_item("left", stored.left.into_pyarray(py))?;
        parts.set_item("right", stored.right.into_pyarray(py))?;
        parts.set_item("shared", stored.shared.into_pyarray(py))?;
        parts.set_item("candidates", stored.candidates)?;
        Ok(parts)
    }
}

/// Code-point spans of the runs of words that two documents share.
#[pyfunction]
pub(crate) fn shared_runs(
    py: Python<'_>,
    tokens: &Tokens,
    left: usize,
    right: usize,
    shortest: usize,
) -> PyResult<Vec<(u32, u32, u32, u32)>> {
    tokens.check(left.max(right))?;
    let found = read(py, |observer| {
        runs::shared_runs(&tokens.view, left, right, shortest, observer)
    })?;
    Ok(found
        .into_iter()
        .map(|run| (run.left_start, run.left_end, run.right_start, run.right_end))
        .collect())
}
