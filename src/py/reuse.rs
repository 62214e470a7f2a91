//! Near duplicates for Python.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::run::run;
use crate::corpus::views::View;
use crate::reuse::near::{self, Options, Pair, Unit};
use crate::reuse::runs;

/// Near duplicates, with the tokens they were verified on.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct NearDuplicates {
    found: near::NearDuplicates,
    view: View,
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
    let unit = if characters { Unit::Char } else { Unit::Word };
    let options = Options {
        threshold,
        shingle,
        unit,
        across_gaps,
    };
    let view = tokens.view.clone();
    let found = run(py, threads, progress, |observer| {
        near::NearDuplicates::build(&view, &options, observer)
    })?;
    Ok(NearDuplicates { found, view })
}

#[pymethods]
impl NearDuplicates {
    /// Number of pairs.
    #[getter]
    fn pair_count(&self) -> u64 {
        self.found.pair_count()
    }

    /// Candidate pairs that were verified.
    #[getter]
    fn candidates(&self) -> u64 {
        self.found.candidates()
    }

    /// Cluster of each document, int64.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        self.found
            .labels()
            .iter()
            .map(|&label| i64::from(label))
            .collect::<Vec<_>>()
            .into_pyarray(py)
    }

    /// Columns of `count` pairs from the one numbered `start`.
    fn pairs<'py>(&self, py: Python<'py>, start: u64, count: usize) -> PyResult<Bound<'py, PyDict>> {
        let pairs = run(py, None, None, |observer| {
            self.found.pairs(start, count, observer)
        })?;
        let numbers = |pick: fn(&Pair) -> f64| pairs.iter().map(pick).collect::<Vec<_>>().into_pyarray(py);
        let rows = |pick: fn(&Pair) -> u32| {
            pairs
                .iter()
                .map(|pair| i64::from(pick(pair)))
                .collect::<Vec<_>>()
                .into_pyarray(py)
        };
        let columns = PyDict::new(py);
        columns.set_item("left_row", rows(|pair| pair.left))?;
        columns.set_item("right_row", rows(|pair| pair.right))?;
        columns.set_item("similarity", numbers(|pair| pair.similarity))?;
        columns.set_item("containment_left", numbers(|pair| pair.containment_left))?;
        columns.set_item("containment_right", numbers(|pair| pair.containment_right))?;
        columns.set_item(
            "kind",
            pairs
                .iter()
                .map(|pair| near::kind(pair).name())
                .collect::<Vec<_>>(),
        )?;
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
            .collect::<Result<Vec<_>, std::num::TryFromIntError>>()
            .map_err(wrong)?;
        let found = run(py, None, None, |observer| {
            self.found.similarity_to(&self.view, &pairs, observer)
        })?;
        Ok(found.into_pyarray(py))
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
    let found = run(py, None, None, |observer| {
        runs::shared_runs(&tokens.view, left, right, shortest, observer)
    })?;
    Ok(found
        .into_iter()
        .map(|run| (run.left_start, run.left_end, run.right_start, run.right_end))
        .collect())
}
