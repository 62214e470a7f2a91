//! Tokens for Python; views are in `views.rs`, counts in `counts.rs`.

use std::ops::Range;
use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyList;
use rayon::prelude::*;

use super::counts::Counts;
use super::errors::raise;
use super::lists::strings;
use super::numbers;
use super::run::{read, run};
use super::segments::Segments;
use super::text::Texts;
use crate::corpus::counts;
use crate::corpus::ngrams::Within;
use crate::corpus::pace::Pace;
use crate::corpus::selection::{Selection, Skips};
use crate::corpus::tokens;
use crate::corpus::views::{Settings, View};
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::languages;
use crate::text::pattern::Pattern;
use crate::text::tailoring::{Language, Tailoring};

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of tokens";

/// A view of tokens; the surface is the view that changes nothing.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Tokens {
    pub(crate) view: View,
}

/// Tokenizes every document.
#[pyfunction]
#[pyo3(signature = (texts, language=None, tailorings=None, pattern=None, threads=None, progress=None))]
pub(crate) fn tokenize(
    py: Python<'_>,
    texts: &Texts,
    language: Option<&str>,
    tailorings: Option<Vec<String>>,
    pattern: Option<&str>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Tokens> {
    let arena = texts.arena();
    let tailoring = rules(language, tailorings.as_deref()).map_err(raise)?;
    let pattern = pattern.map(Pattern::new).transpose().map_err(raise)?;
    let view = run(py, threads, progress, |observer| {
        let tokens = tokens::Tokens::build(arena, tailoring, pattern.as_ref(), observer)?;
        View::new(Arc::new(tokens), Settings::surface(), observer)
    })?;
    Ok(Tokens { view })
}

/// The scanner's rules for a language, which must be one: all of them, or those that are named.
pub(crate) fn rules(language: Option<&str>, tailorings: Option<&[String]>) -> Result<Tailoring> {
    let code = language.map(|written| languages::code("language", written));
    let language = code.transpose()?.map_or(Language::Any, Language::of);
    tailorings.map_or(Ok(Tailoring::all(language)), |names| {
        Tailoring::named(names, language)
    })
}

/// Calls `take` with each kept token of a document, and asks the observer on the way.
fn kept(
    view: &View,
    row: usize,
    observer: &dyn Observer,
    mut take: impl FnMut(u32) -> Result<()>,
) -> Result<()> {
    let mut pace = Pace::default();
    for (term, _) in view.kept(row) {
        pace.step(1, observer)?;
        take(term)?;
    }
    Ok(())
}

/// The spans of the kept tokens of one document.
fn spans(view: &View, row: usize, observer: &dyn Observer) -> Result<Vec<(u32, u32)>> {
    view.tokens()
        .spans(row, view.kept(row).map(|(_, place)| place), observer)
}

/// Kept tokens before each document, and in all.
fn pointers(view: &View, observer: &dyn Observer) -> Result<Vec<i64>> {
    let counts = parallel::map_blocks(&blocks(view), observer, |rows| {
        let mut counts = memory::with_capacity(rows.len(), WHAT)?;
        for row in rows {
            let mut count = 0i64;
            kept(view, row, observer, |_| {
                count += 1;
                Ok(())
            })?;
            counts.push(count);
        }
        Ok(counts)
    })?;
    let mut pointers = memory::concat(counts, WHAT, observer)?;
    let mut end = 0;
    for pointer in &mut pointers {
        end += std::mem::replace(pointer, end);
    }
    memory::push(&mut pointers, end, WHAT)?;
    Ok(pointers)
}

/// Documents that are worked on together.
fn blocks(view: &View) -> Vec<Range<usize>> {
    let tokens = view.tokens();
    let length = |row| tokens.ids(row).len();
    parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, length)
}

/// A number for each kept token: `fill` writes those of one document, in parallel by blocks.
fn each<'py>(
    py: Python<'py>,
    view: &View,
    fill: impl Fn(usize, &mut [u32], &dyn Observer) -> Result<()> + Sync + Send,
) -> PyResult<Bound<'py, PyArray1<u32>>> {
    let pointers = read(py, |observer| pointers(view, observer))?;
    let length = |row: usize| usize::try_from(pointers[row + 1] - pointers[row]).unwrap_or(0);
    let total = (0..view.documents()).map(length).sum();
    numbers::filled(py, total, WHAT, |numbers, observer| {
        let (mut jobs, mut rest) = (Vec::new(), numbers);
        for rows in blocks(view) {
            let (here, after) = rest.split_at_mut(rows.clone().map(length).sum());
            jobs.push((rows, here));
            rest = after;
        }
        jobs.into_par_iter().try_for_each(|(rows, mut here)| {
            for row in rows {
                let (own, after) = here.split_at_mut(length(row));
                fill(row, own, observer)?;
                here = after;
            }
            Ok(())
        })
    })
}

#[pymethods]
impl Tokens {
    fn __len__(&self) -> usize {
        self.view.documents()
    }

    /// Number of kept tokens.
    #[getter]
    fn size(&self, py: Python<'_>) -> PyResult<i64> {
        let pointers = read(py, |observer| pointers(&self.view, observer))?;
        Ok(pointers.last().copied().unwrap_or(0))
    }

    /// Term ids, uint32.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        each(py, &self.view, |row, ids, observer| {
            let mut places = ids.iter_mut();
            kept(&self.view, row, observer, |term| {
                if let Some(place) = places.next() {
                    *place = term;
                }
                Ok(())
            })
        })
    }

    /// Row pointers, int64.
    #[getter]
    fn indptr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let pointers = read(py, |observer| pointers(&self.view, observer))?;
        Ok(pointers.into_pyarray(py))
    }

    /// First code point of each token inside its document, uint32.
    #[getter]
    fn starts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        self.points(py, |span| span.0)
    }

    /// Code point after each token inside its document, uint32.
    #[getter]
    fn ends<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        self.points(py, |span| span.1)
    }

    /// Every term, in the order of the ids.
    #[getter]
    fn vocabulary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        strings(py, self.view.terms().iter())
    }

    /// Number of terms.
    #[getter]
    fn term_count(&self) -> usize {
        self.view.terms().len()
    }

    /// The terms of one document, or the first of them.
    #[pyo3(signature = (row, most=None))]
    fn terms<'py>(&self, py: Python<'py>, row: usize, most: Option<usize>) -> PyResult<Bound<'py, PyList>> {
        self.check(row)?;
        let kept = self.view.kept(row).take(most.unwrap_or(usize::MAX));
        strings(py, kept.map(|(term, _)| self.view.terms().term(term)))
    }

    /// The code-point spans of one document, int64 of shape (n, 2).
    fn spans<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyArray2<i64>>> {
        self.check(row)?;
        let table = read(py, |observer| {
            let spans = spans(&self.view, row, observer)?;
            let mut flat = memory::with_capacity(2 * spans.len(), WHAT)?;
            flat.extend(
                spans
                    .iter()
                    .flat_map(|&(start, end)| [i64::from(start), i64::from(end)]),
            );
            Array2::from_shape_vec((spans.len(), 2), flat)
                .map_err(|error| Error::Internal(Cause::sentence(format!("Spans have no table: {error}."))))
        })?;
        Ok(table.into_pyarray(py))
    }

    /// Counts the terms of each document.
    #[pyo3(signature = (shortest, longest, min_documents, max_documents, max_terms, across_gaps, skips, segments=None, paragraphs=false, threads=None, progress=None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "one argument for each option of the public function"
    )]
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
        let within = segments.map_or(Within::Document, |segments| segments.within(paragraphs));
        let counts = run(py, threads, progress, |observer| {
            counts::Counts::within(&self.view, selection, within, observer)
        })?;
        Ok(Counts {
            counts: Arc::new(counts),
        })
    }
}

impl Tokens {
    /// One end of the span of each kept token.
    fn points<'py>(
        &self,
        py: Python<'py>,
        end: impl Fn((u32, u32)) -> u32 + Sync + Send,
    ) -> PyResult<Bound<'py, PyArray1<u32>>> {
        each(py, &self.view, |row, points, observer| {
            for (point, span) in points.iter_mut().zip(spans(&self.view, row, observer)?) {
                *point = end(span);
            }
            Ok(())
        })
    }

    /// Refuses a row that does not exist.
    pub(crate) fn check(&self, row: usize) -> PyResult<()> {
        if row < self.view.documents() {
            return Ok(());
        }
        let rule = format!("does not exist: there are {} documents", self.view.documents());
        Err(raise(Error::Input(Cause::row(row, &rule, "rows count from 0"))))
    }
}
