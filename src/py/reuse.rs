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
use crate::reuse::near::{self, Linkage, Options, Scope, Unit, Work};
use crate::reuse::pairs::{self, Kind, Pair};
use crate::reuse::runs;
use crate::reuse::stored::{self, StoredPairs};

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of near duplicates";

/// Which document of a pair is a part of the other, as users read it.
const PARTS: [Option<&str>; 3] = [None, Some("left"), Some("right")];

/// Near duplicates, with the tokens they were verified on.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct NearDuplicates {
    pub(super) found: near::NearDuplicates,
    pub(super) view: View,
}

/// What to look for, by its names in Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct How {
    threshold: f64,
    shingle: usize,
    unit: String,
    across_gaps: bool,
    containment: Option<f64>,
    linkage: String,
    noisy: bool,
}

impl How {
    pub(super) fn options(&self) -> Options {
        let is_char = self.unit == "char";
        let is_star = self.linkage == "star";
        Options {
            threshold: self.threshold,
            shingle: self.shingle,
            unit: Unit::of(is_char),
            across_gaps: self.across_gaps,
            containment: self.containment,
            linkage: if is_star { Linkage::Star } else { Linkage::Single },
            noisy: self.noisy,
            ..Options::default()
        }
    }
}

/// Which documents may pair: where a second corpus begins, labels, moments and how far apart.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Given<'py> {
    second: Option<u32>,
    labels: Option<PyReadonlyArray1<'py, i64>>,
    moments: Option<PyReadonlyArray1<'py, i64>>,
    window: i64,
}

impl Given<'_> {
    pub(crate) fn scope(&self) -> Scope {
        let column =
            |array: &Option<PyReadonlyArray1<'_, i64>>| array.as_ref().map(|array| array.as_array().to_vec());
        Scope {
            second: self.second,
            labels: column(&self.labels),
            moments: column(&self.moments),
            window: self.window,
        }
    }
}

/// What a pickle holds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Parts<'py> {
    groups: PyReadonlyArray1<'py, i64>,
    sizes: PyReadonlyArray1<'py, i64>,
    left: PyReadonlyArray1<'py, i64>,
    right: PyReadonlyArray1<'py, i64>,
    shared: PyReadonlyArray1<'py, i64>,
    whole: bool,
    candidates: u64,
    steps: u64,
}

impl Parts<'_> {
    fn stored(&self, scope: Scope) -> StoredPairs {
        StoredPairs {
            groups: self.groups.as_array().to_vec(),
            sizes: self.sizes.as_array().to_vec(),
            left: self.left.as_array().to_vec(),
            right: self.right.as_array().to_vec(),
            shared: self.shared.as_array().to_vec(),
            whole: self.whole,
            work: Work {
                candidates: self.candidates,
                steps: self.steps,
                ..Work::default()
            },
            scope,
        }
    }
}

/// Finds every pair of documents whose similarity reaches the threshold, or at least their clusters.
#[pyfunction]
#[pyo3(signature = (tokens, how, scope, threads=None, progress=None))]
pub(crate) fn near_duplicates(
    py: Python<'_>,
    tokens: &Tokens,
    how: How,
    scope: Given<'_>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<NearDuplicates> {
    let (options, scope, view) = (how.options(), scope.scope(), tokens.view.clone());
    run(py, threads, progress, |observer| {
        let found = near::NearDuplicates::build(&view, &options, &scope, observer)?;
        Ok(NearDuplicates { found, view })
    })
}

/// Near duplicates from the parts that a pickle holds; every part is checked.
#[pyfunction]
pub(crate) fn near_duplicates_from_parts(
    py: Python<'_>,
    tokens: &Tokens,
    how: How,
    scope: Given<'_>,
    parts: Parts<'_>,
) -> PyResult<NearDuplicates> {
    let (options, parts, view) = (how.options(), parts.stored(scope.scope()), tokens.view.clone());
    run(py, None, None, |observer| {
        let found = stored::near_duplicates(&view, &options, &parts, observer)?;
        Ok(NearDuplicates { found, view })
    })
}

#[pymethods]
impl NearDuplicates {
    /// Number of pairs, or None while they are not known.
    #[getter]
    fn pair_count(&self) -> Option<u64> {
        self.found.pair_count()
    }

    /// Candidate pairs that were verified.
    #[getter]
    fn candidates(&self) -> u64 {
        self.found.work().candidates
    }

    /// Postings met and shingles compared.
    #[getter]
    fn steps(&self) -> u64 {
        self.found.work().steps
    }

    /// Seeds that so many noisy copies have that not all of them were compared.
    #[getter]
    fn crowds(&self) -> u64 {
        self.found.work().crowds
    }

    /// Finds all pairs, unless they are known; refuses more than `most`.
    #[pyo3(signature = (most, threads=None, progress=None))]
    fn complete(
        &self,
        py: Python<'_>,
        most: u64,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        run(py, threads, progress, |observer| {
            self.found.complete(&self.view, most, observer)
        })
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

    /// Columns of at most `most` pairs after a pair of rows.
    fn pairs<'py>(
        &self,
        py: Python<'py>,
        after: Option<(u32, u32)>,
        most: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let pairs = read(py, |observer| self.found.pairs(after, most, observer))?;
        let numbers = |pick: fn(&Pair) -> f64| pairs.iter().map(pick).collect::<Vec<_>>().into_pyarray(py);
        let rows = |pick: fn(&Pair) -> i64| pairs.iter().map(pick).collect::<Vec<_>>().into_pyarray(py);
        let kinds = Kind::ALL.map(Kind::name);
        let codes = pairs.iter().map(|pair| pairs::kind(pair) as usize);
        let parts = pairs
            .iter()
            .map(|pair| pairs::part(pair).map_or(0, |part| 1 + part as usize));
        let columns = PyDict::new(py);
        columns.set_item("left_row", rows(|pair| pair.left.into()))?;
        columns.set_item("right_row", rows(|pair| pair.right.into()))?;
        columns.set_item("similarity", numbers(|pair| pair.similarity))?;
        columns.set_item("containment_left", numbers(|pair| pair.containment_left))?;
        columns.set_item("containment_right", numbers(|pair| pair.containment_right))?;
        columns.set_item("kind", names(py, codes, &kinds)?)?;
        columns.set_item("part", parts.map(|part| PARTS[part]).collect::<Vec<_>>())?;
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
        parts.set_item("whole", stored.whole)?;
        parts.set_item("candidates", stored.work.candidates)?;
        parts.set_item("steps", stored.work.steps)?;
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
