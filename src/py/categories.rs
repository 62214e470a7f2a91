//! Categories of a dictionary for Python: as tokens whose terms are the categories.

use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::corpus::Tokens;
use super::counts::Counts;
use super::errors::raise;
use super::lists::{owned, strings};
use super::run::{read, run};
use super::segments::Segments;
use super::views::Switches;
use crate::corpus::categories::{self, Nesting};
use crate::corpus::dictionary::Definition;
use crate::corpus::selection::{Selection, Skips};
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of categories";

/// The occurrences of the categories of a dictionary.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Categories {
    inner: categories::Categories,
}

/// What a caller says about a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Spelled<'py> {
    names: Bound<'py, PyList>,
    values: Bound<'py, PyList>,
    owners: Vec<u32>,
    fold_case: bool,
    nested_in_category: bool,
}

/// Looks for the values of a dictionary among tokens.
#[pyfunction]
#[pyo3(signature = (tokens, switches, dictionary, threads=None, progress=None))]
pub(crate) fn look_up(
    py: Python<'_>,
    tokens: &Tokens,
    switches: Switches,
    dictionary: Spelled<'_>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Categories> {
    let (definition, nesting) = dictionary.definition()?;
    let pattern = switches.pattern().map_err(raise)?;
    let tokenizer = switches.tokenizer(pattern.as_ref()).map_err(raise)?;
    let inner = run(py, threads, progress, |observer| {
        categories::Categories::build(&tokens.view, &definition, nesting, tokenizer, observer)
    })?;
    Ok(Categories { inner })
}

impl Spelled<'_> {
    fn definition(self) -> PyResult<(Definition, Nesting)> {
        let nesting = if self.nested_in_category {
            Nesting::Category
        } else {
            Nesting::Dictionary
        };
        let definition = Definition {
            names: owned(&self.names)?,
            values: owned(&self.values)?,
            owners: self.owners,
            fold_case: self.fold_case,
        };
        Ok((definition, nesting))
    }
}

#[pymethods]
impl Categories {
    fn __len__(&self) -> usize {
        self.inner.view().documents()
    }

    /// Number of occurrences.
    #[getter]
    fn size(&self) -> usize {
        self.inner.all().len()
    }

    /// The category of each occurrence, uint32.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let ids = read(py, |observer| {
            let ids = self.inner.all().iter().map(|each| each.category);
            memory::collect(ids, WHAT, observer)
        })?;
        Ok(ids.into_pyarray(py))
    }

    /// Row pointers, int64.
    #[getter]
    fn indptr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let wide = |&end: &usize| i64::try_from(end).unwrap_or(i64::MAX);
        let pointers = read(py, |observer| {
            memory::collect(self.inner.indptr().iter().map(wide), WHAT, observer)
        })?;
        Ok(pointers.into_pyarray(py))
    }

    /// First code point of each occurrence inside its document, uint32.
    #[getter]
    fn starts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let starts = read(py, |observer| self.bounds(|span| span.0, observer))?;
        Ok(starts.into_pyarray(py))
    }

    /// Code point after each occurrence inside its document, uint32.
    #[getter]
    fn ends<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let ends = read(py, |observer| self.bounds(|span| span.1, observer))?;
        Ok(ends.into_pyarray(py))
    }

    /// Every category, in the order of the dictionary.
    #[getter]
    fn vocabulary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        strings(py, self.inner.names().iter())
    }

    /// Number of categories.
    #[getter]
    fn term_count(&self) -> usize {
        self.inner.names().len()
    }

    /// The categories in one document, or the first of them.
    #[pyo3(signature = (row, most=None))]
    fn terms<'py>(&self, py: Python<'py>, row: usize, most: Option<usize>) -> PyResult<Bound<'py, PyList>> {
        self.check(row)?;
        let found = self.inner.row(row).iter().take(most.unwrap_or(usize::MAX));
        strings(py, found.map(|each| self.inner.names().term(each.category)))
    }

    /// The code-point spans of one document, int64 of shape (n, 2).
    fn spans<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyArray2<i64>>> {
        self.check(row)?;
        let table = read(py, |observer| {
            let spans = self.inner.spans(row, observer)?;
            let mut flat = memory::with_capacity(2 * spans.len(), WHAT)?;
            let wide = |&(start, end): &(u32, u32)| [i64::from(start), i64::from(end)];
            flat.extend(spans.iter().flat_map(wide));
            Array2::from_shape_vec((spans.len(), 2), flat)
                .map_err(|error| Error::Internal(Cause::sentence(format!("Spans have no table: {error}."))))
        })?;
        Ok(table.into_pyarray(py))
    }

    /// Counts the categories of each document.
    #[pyo3(signature = (shortest, longest, min_documents, max_documents, max_terms, across_gaps, skips, segments=None, paragraphs=false, threads=None, progress=None))]
    #[expect(clippy::too_many_arguments, reason = "as for tokens that are words")]
    fn counts(
        &self,
        py: Python<'_>,
        shortest: usize,
        longest: usize,
        min_documents: usize,
        max_documents: usize,
        max_terms: usize,
        across_gaps: bool,
        skips: Vec<usize>,
        segments: Option<&Segments>,
        paragraphs: bool,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Counts> {
        let selection = Selection {
            shortest,
            longest,
            min_documents,
            max_documents,
            max_terms,
            across_gaps,
            skips: Skips::of(&skips).map_err(raise)?,
        };
        // Categories have no neighbours, wherever sentences end.
        let _ = (segments, paragraphs);
        let counts = run(py, threads, progress, |observer| {
            self.inner.counts(selection, observer)
        })?;
        Ok(Counts {
            counts: Arc::new(counts),
        })
    }
}

impl Categories {
    /// One side of the spans of all documents.
    fn bounds(&self, side: fn((u32, u32)) -> u32, observer: &dyn Observer) -> Result<Vec<u32>> {
        let mut all = memory::with_capacity(self.inner.all().len(), WHAT)?;
        for row in 0..self.inner.view().documents() {
            observer.check()?;
            all.extend(self.inner.spans(row, observer)?.into_iter().map(side));
        }
        Ok(all)
    }

    fn check(&self, row: usize) -> PyResult<()> {
        if row < self.inner.view().documents() {
            return Ok(());
        }
        let rule = format!(
            "does not exist: there are {} documents",
            self.inner.view().documents()
        );
        Err(raise(Error::Input(Cause::row(row, &rule, "rows count from 0"))))
    }
}
