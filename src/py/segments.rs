//! Sentences and paragraphs for Python, as code-point spans and as marks on tokens.

use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;

use super::corpus::Tokens;
use super::errors::raise;
use super::run::{read, run};
use crate::corpus::ngrams::Within;
use crate::corpus::pace::Pace;
use crate::corpus::segments::{self, Unit};
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::text::abbreviations::Rules;
use crate::text::arena::CodePoints;
use crate::text::languages;
use crate::text::sentences;

const WHAT: &str = "an array of sentences";

/// Which tokens of a corpus begin a sentence or a paragraph.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Segments {
    pub(crate) segments: Arc<segments::Segments>,
}

#[pymethods]
impl Segments {
    /// For each kept token whether it is the first of its sentence (or paragraph), bool.
    fn starts<'py>(
        &self,
        py: Python<'py>,
        tokens: &Tokens,
        paragraphs: bool,
    ) -> PyResult<Bound<'py, PyArray1<bool>>> {
        let starts = read(py, |observer| {
            self.segments.starts(&tokens.view, unit(paragraphs), observer)
        })?;
        Ok(starts.into_pyarray(py))
    }
}

impl Segments {
    /// What n-grams may not leave.
    pub(crate) fn within(&self, paragraphs: bool) -> Within<'_> {
        Within::Segments(&self.segments, unit(paragraphs))
    }
}

fn unit(paragraphs: bool) -> Unit {
    if paragraphs {
        Unit::Paragraph
    } else {
        Unit::Sentence
    }
}

/// The rules for a language as users write it: a code, a locale or a name.
fn rules(language: Option<&str>) -> Result<Rules> {
    let code = language.map(|written| languages::code("language", written));
    Rules::of(code.transpose()?)
}

/// Finds the sentences and paragraphs of every document.
#[pyfunction]
#[pyo3(signature = (tokens, language=None, threads=None, progress=None))]
pub(crate) fn find_segments(
    py: Python<'_>,
    tokens: &Tokens,
    language: Option<&str>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Segments> {
    let rules = rules(language).map_err(raise)?;
    let segments = run(py, threads, progress, |observer| {
        segments::Segments::build(tokens.view.tokens(), &rules, observer)
    })?;
    Ok(Segments {
        segments: Arc::new(segments),
    })
}

/// The code-point spans of the sentences (or paragraphs) of one document, int64 of shape (n, 2).
#[pyfunction]
#[pyo3(signature = (tokens, row, language, paragraphs))]
pub(crate) fn segment_spans<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    row: usize,
    language: Option<&str>,
    paragraphs: bool,
) -> PyResult<Bound<'py, PyArray2<i64>>> {
    tokens.check(row)?;
    let rules = rules(language).map_err(raise)?;
    let surface = tokens.view.tokens();
    let table = read(py, |observer| {
        let spans = segments::spans(surface, row, unit(paragraphs), &rules, observer)?;
        points(surface.arena().text(row), &spans, observer)
    })?;
    Ok(table.into_pyarray(py))
}

/// The code-point spans of the sentences of a text, int64 of shape (n, 2).
#[pyfunction]
#[pyo3(signature = (text, language=None))]
pub(crate) fn sentence_spans<'py>(
    py: Python<'py>,
    text: &str,
    language: Option<&str>,
) -> PyResult<Bound<'py, PyArray2<i64>>> {
    let rules = Rules::of(language).map_err(raise)?;
    let table = read(py, |observer| {
        let mut spans = Vec::new();
        sentences::scan(text, &rules, observer, &mut |sentence| {
            memory::push(&mut spans, (sentence.start, sentence.end), WHAT)
        })?;
        points(text, &spans, observer)
    })?;
    Ok(table.into_pyarray(py))
}

/// Byte spans as a table of code points.
fn points(text: &str, spans: &[(usize, usize)], observer: &dyn Observer) -> Result<Array2<i64>> {
    let (mut points, mut pace) = (CodePoints::new(text), Pace::default());
    let mut flat = memory::with_capacity(2 * spans.len(), WHAT)?;
    for &(start, end) in spans {
        for byte in [start, end] {
            pace.step(32, observer)?;
            flat.push(i64::try_from(points.at(byte)).unwrap_or(i64::MAX));
        }
    }
    Array2::from_shape_vec((spans.len(), 2), flat)
        .map_err(|error| Error::Internal(Cause::sentence(format!("Spans have no table: {error}."))))
}
