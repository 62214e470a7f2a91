//! Document-term counts for Python, in and out of their parts.

use std::sync::Arc;

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::errors::raise;
use super::lists::{owned, strings};
use super::run::read;
use crate::corpus::counts;
use crate::corpus::stored::{self, StoredCounts};
use crate::error::{Cause, Error};
use crate::memory;

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of counts";

/// A document-term matrix.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Counts {
    pub(crate) counts: Arc<counts::Counts>,
}

#[pymethods]
impl Counts {
    fn __len__(&self) -> usize {
        self.counts.documents()
    }

    /// Number of columns.
    #[getter]
    fn term_count(&self) -> usize {
        self.counts.terms.len()
    }

    /// Number of cells that are not zero.
    #[getter]
    fn cell_count(&self) -> usize {
        self.counts.data.len()
    }

    /// The terms, in the order of the columns.
    #[getter]
    fn terms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        strings(py, self.counts.terms.iter())
    }

    /// Row pointers, int64.
    #[getter]
    fn indptr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let wide = |&end: &usize| i64::try_from(end).unwrap_or(i64::MAX);
        let found = read(py, |observer| {
            memory::collect(self.counts.indptr.iter().map(wide), WHAT, observer)
        })?;
        Ok(found.into_pyarray(py))
    }

    /// Columns, uint32.
    #[getter]
    fn indices<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let found = read(py, |observer| {
            memory::collect(self.counts.indices.iter().copied(), WHAT, observer)
        })?;
        Ok(found.into_pyarray(py))
    }

    /// Occurrences, int64.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let wide = |&count: &u32| i64::from(count);
        let found = read(py, |observer| {
            memory::collect(self.counts.data.iter().map(wide), WHAT, observer)
        })?;
        Ok(found.into_pyarray(py))
    }

    /// Counted tokens of each document, int64.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let wide = |&total: &u64| i64::try_from(total).unwrap_or(i64::MAX);
        let found = read(py, |observer| {
            memory::collect(self.counts.totals.iter().map(wide), WHAT, observer)
        })?;
        Ok(found.into_pyarray(py))
    }

    /// The sums of each group of documents.
    fn grouped(&self, py: Python<'_>, groups: PyReadonlyArray1<'_, i64>, count: usize) -> PyResult<Self> {
        let inside = |&group: &i64| usize::try_from(group).ok().filter(|&group| group < count);
        let groups: Option<Vec<usize>> = groups.as_array().iter().map(inside).collect();
        let groups = groups
            .filter(|groups| groups.len() == self.counts.documents())
            .ok_or_else(|| raise(Error::Input(Cause::sentence("Groups and documents do not fit."))))?;
        let counts = read(py, |observer| self.counts.grouped(&groups, count, observer))?;
        Ok(Self {
            counts: Arc::new(counts),
        })
    }
}

/// Counts from the parts that a pickle holds; every part is checked.
#[pyfunction]
pub(crate) fn counts_from_parts(
    py: Python<'_>,
    terms: &Bound<'_, PyList>,
    indptr: PyReadonlyArray1<'_, i64>,
    indices: PyReadonlyArray1<'_, i64>,
    data: PyReadonlyArray1<'_, i64>,
    totals: PyReadonlyArray1<'_, i64>,
) -> PyResult<Counts> {
    let terms = owned(terms)?;
    let parts = StoredCounts {
        indptr: indptr.as_array().to_vec(),
        indices: indices.as_array().to_vec(),
        data: data.as_array().to_vec(),
        totals: totals.as_array().to_vec(),
    };
    let counts = read(py, |observer| stored::counts(&terms, &parts, observer))?;
    Ok(Counts {
        counts: Arc::new(counts),
    })
}
