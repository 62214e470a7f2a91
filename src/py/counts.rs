//! Document-term counts for Python, their weights, and counts out of parts.

use std::sync::Arc;

use bytemuck::Zeroable;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::errors::raise;
use super::lists::{SLICE, owned, strings};
use super::numbers::{converted, filled};
use super::run::read;
use crate::corpus::counts;
use crate::corpus::external::Matrix;
use crate::corpus::stored::{self, StoredCounts};
use crate::corpus::weights::{Bm25, Frequency, Idf, Norm, TfIdf};
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

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

    /// Row pointers, int32 or, if `wide`, int64.
    fn indptr<'py>(&self, py: Python<'py>, wide: bool) -> PyResult<Bound<'py, PyAny>> {
        let counts = &self.counts.indptr;
        if wide {
            return array(py, counts, |end| i64::try_from(end).unwrap_or(i64::MAX));
        }
        array(py, counts, |end| i32::try_from(end).unwrap_or(i32::MAX))
    }

    /// Columns, int32 or, if `wide`, int64.
    fn indices<'py>(&self, py: Python<'py>, wide: bool) -> PyResult<Bound<'py, PyAny>> {
        if wide {
            return array(py, &self.counts.indices, i64::from);
        }
        array(py, &self.counts.indices, u32::cast_signed)
    }

    /// Occurrences, int64.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        array(py, &self.counts.data, i64::from)
    }

    /// Words of each document, int64.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        array(py, &self.counts.totals, signed)
    }

    /// Occurrences of each term in all documents, int64.
    #[getter]
    fn frequency<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let found = read(py, |observer| self.counts.frequencies(observer))?;
        array(py, &found, signed)
    }

    /// Documents that each term stands in, int64.
    #[getter]
    fn document_frequency<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let found = read(py, |observer| self.counts.document_frequencies(observer))?;
        array(py, &found, i64::from)
    }

    /// The column of a term.
    fn column(&self, term: &str) -> Option<u32> {
        self.counts.terms.id(term)
    }

    /// Terms and counts of one row.
    fn row<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for (place, (term, count)) in self.counts.row(row).enumerate() {
            if place % SLICE == 0 {
                py.check_signals()?;
            }
            found.set_item(self.counts.terms.term(term), count)?;
        }
        Ok(found)
    }

    /// Weights by tf-idf; `frequency` is count, logarithm or share.
    #[expect(
        clippy::too_many_arguments,
        reason = "one argument for each option of the public method"
    )]
    fn tfidf<'py>(
        &self,
        py: Python<'py>,
        frequency: &str,
        use_idf: bool,
        smooth: bool,
        plus_one: bool,
        base: f64,
        norm: Option<&str>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let options = TfIdf {
            frequency: frequency_of(frequency),
            idf: use_idf.then_some(Idf { smooth, plus_one }),
            base,
            norm: norm_of(norm),
        };
        self.weighted(py, |weights, observer| {
            self.counts.tfidf(&options, weights, observer)
        })
    }

    /// Weights by BM25.
    fn bm25<'py>(
        &self,
        py: Python<'py>,
        k1: f64,
        b: f64,
        robertson: bool,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let options = Bm25 { k1, b, robertson };
        self.weighted(py, |weights, observer| {
            self.counts.bm25(&options, weights, observer)
        })
    }

    /// Relative frequencies.
    fn relative<'py>(&self, py: Python<'py>, per: f64) -> PyResult<Bound<'py, PyArray1<f64>>> {
        self.weighted(py, |weights, observer| {
            self.counts.relative(per, weights, observer)
        })
    }

    /// These rows, and those of other counts under them.
    fn stacked(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        read(py, |observer| self.counts.stacked(&other.counts, observer)).map(Self::of)
    }

    /// Some columns, whose numbers rise.
    fn columns(&self, py: Python<'_>, kept: PyReadonlyArray1<'_, u32>) -> PyResult<Self> {
        let kept = kept.as_slice()?;
        let terms = self.counts.terms.len();
        if kept.iter().any(|&term| term as usize >= terms) {
            return Err(raise(Error::Input(Cause::sentence(
                "There are not as many columns.",
            ))));
        }
        read(py, |observer| self.counts.columns(kept, observer)).map(Self::of)
    }

    /// The sums of each group of documents.
    fn grouped(&self, py: Python<'_>, groups: PyReadonlyArray1<'_, i64>, count: usize) -> PyResult<Self> {
        let inside = |&group: &i64| usize::try_from(group).ok().filter(|&group| group < count);
        let groups: Option<Vec<usize>> = groups.as_array().iter().map(inside).collect();
        let groups = groups
            .filter(|groups| groups.len() == self.counts.documents())
            .ok_or_else(|| raise(Error::Input(Cause::sentence("Groups and documents do not fit."))))?;
        read(py, |observer| self.counts.grouped(&groups, count, observer)).map(Self::of)
    }
}

impl Counts {
    fn of(counts: counts::Counts) -> Self {
        Self {
            counts: Arc::new(counts),
        }
    }

    /// One weight for each cell.
    fn weighted<'py>(
        &self,
        py: Python<'py>,
        weigh: impl FnOnce(&mut [f64], &dyn Observer) -> Result<()> + Send,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let cells = self.counts.data.len();
        memory::admit(8 * cells as u64, "weighting").map_err(raise)?;
        filled(py, cells, "weights", weigh)
    }
}

/// An array for numpy, in the type that `convert` gives.
fn array<'py, From: Copy + Sync, To: numpy::Element + Zeroable>(
    py: Python<'py>,
    numbers: &[From],
    convert: impl Fn(From) -> To + Sync + Send,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(converted(py, numbers, WHAT, convert)?.into_any())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn frequency_of(name: &str) -> Frequency {
    match name {
        "logarithm" => Frequency::Logarithm,
        "share" => Frequency::Share,
        _ => Frequency::Count,
    }
}

fn norm_of(name: Option<&str>) -> Norm {
    match name {
        Some("l1") => Norm::L1,
        Some("l2") => Norm::L2,
        _ => Norm::None,
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
    read(py, |observer| stored::counts(&terms, &parts, observer)).map(Counts::of)
}

/// Counts from a matrix of somebody else's; what no count can be is told.
#[pyfunction]
pub(crate) fn counts_from_matrix(
    py: Python<'_>,
    terms: &Bound<'_, PyList>,
    indptr: PyReadonlyArray1<'_, i64>,
    indices: PyReadonlyArray1<'_, i64>,
    data: PyReadonlyArray1<'_, i64>,
    totals: Option<PyReadonlyArray1<'_, i64>>,
) -> PyResult<Counts> {
    let terms = owned(terms)?;
    let matrix = Matrix {
        indptr: indptr.as_slice()?,
        indices: indices.as_slice()?,
        data: data.as_slice()?,
        totals: totals.as_ref().map(PyReadonlyArray1::as_slice).transpose()?,
    };
    read(py, |observer| matrix.counts(&terms, observer)).map(Counts::of)
}
