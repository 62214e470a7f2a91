//! Tokens, views and counts for Python.

use std::sync::Arc;

use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;

use super::errors::raise;
use super::run::run;
use super::text::Texts;
use crate::corpus::counts::{self, Selection};
use crate::corpus::tokens;
use crate::corpus::views::{self, Settings, View};
use crate::corpus::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::observer::Observer;
use crate::text::kinds::{Kind, KindSet};
use crate::text::pattern::Pattern;
use crate::text::stems::{self, Stemmer};
use crate::text::words::Language;

/// A view of tokens; the surface is the view that changes nothing.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Tokens {
    pub(crate) view: View,
}

/// Tokenizes every document.
#[pyfunction]
#[pyo3(signature = (texts, language=None, pattern=None, threads=None, progress=None))]
pub(crate) fn tokenize(
    py: Python<'_>,
    texts: &Texts,
    language: Option<&str>,
    pattern: Option<&str>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Tokens> {
    let arena = texts.arena();
    let language = language.map_or(Language::Any, Language::of);
    let pattern = pattern.map(Pattern::new).transpose().map_err(raise)?;
    let view = run(py, threads, progress, |observer| {
        let tokens = tokens::Tokens::build(arena, language, pattern.as_ref(), observer)?;
        View::new(Arc::new(tokens), Settings::surface(), observer)
    })?;
    Ok(Tokens { view })
}

/// The stop words of a language.
#[pyfunction]
pub(crate) fn stop_words(language: &str) -> PyResult<Vec<&'static str>> {
    stems::stop_words(language).map(<[_]>::to_vec).map_err(raise)
}

/// One array over all documents, made from the kept tokens of each.
fn flat(view: &View, each: impl Fn(usize, &mut Vec<u32>) -> Result<()>) -> Result<Vec<u32>> {
    let mut all = Vec::new();
    for row in 0..view.documents() {
        each(row, &mut all)?;
    }
    Ok(all)
}

#[pymethods]
impl Tokens {
    fn __len__(&self) -> usize {
        self.view.documents()
    }

    /// Number of kept tokens.
    #[getter]
    fn size(&self, py: Python<'_>) -> usize {
        py.detach(|| {
            (0..self.view.documents())
                .map(|row| self.view.kept(row).count())
                .sum()
        })
    }

    /// Term ids, uint32.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let view = &self.view;
        let ids = run(py, None, None, |_| {
            flat(view, |row, all| {
                all.extend(view.kept(row).map(|(term, _)| term));
                Ok(())
            })
        })?;
        Ok(ids.into_pyarray(py))
    }

    /// Row pointers, int64.
    #[getter]
    fn indptr<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        let view = &self.view;
        let mut end = 0;
        std::iter::once(0)
            .chain((0..view.documents()).map(|row| {
                end += i64::try_from(view.kept(row).count()).unwrap_or(i64::MAX);
                end
            }))
            .collect::<Vec<_>>()
            .into_pyarray(py)
    }

    /// First code point of each token inside its document, uint32.
    #[getter]
    fn starts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let starts = run(py, None, None, |observer| {
            flat(&self.view, |row, all| {
                all.extend(spans(&self.view, row, observer)?.into_iter().map(|span| span.0));
                Ok(())
            })
        })?;
        Ok(starts.into_pyarray(py))
    }

    /// Code point after each token inside its document, uint32.
    #[getter]
    fn ends<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let ends = run(py, None, None, |observer| {
            flat(&self.view, |row, all| {
                all.extend(spans(&self.view, row, observer)?.into_iter().map(|span| span.1));
                Ok(())
            })
        })?;
        Ok(ends.into_pyarray(py))
    }

    /// Every term, in the order of the ids.
    #[getter]
    fn vocabulary(&self) -> Vec<&str> {
        self.view.terms().iter().collect()
    }

    /// The terms of one document.
    fn terms(&self, row: usize) -> Vec<&str> {
        self.view
            .kept(row)
            .map(|(term, _)| self.view.terms().term(term))
            .collect()
    }

    /// The code-point spans of one document, int64 of shape (n, 2).
    fn spans<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyArray2<i64>>> {
        let spans = run(py, None, None, |observer| spans(&self.view, row, observer))?;
        let rows: Vec<Vec<i64>> = spans
            .iter()
            .map(|&(start, end)| vec![start.into(), end.into()])
            .collect();
        if rows.is_empty() {
            return Ok(PyArray2::zeros(py, [0, 2], false));
        }
        Ok(PyArray2::from_vec2(py, &rows)?)
    }

    /// Another view of the same tokens.
    #[pyo3(signature = (lower, fold_punctuation, hyphens_join, stem, stop_words, min_length, kinds))]
    #[expect(clippy::too_many_arguments, reason = "one argument for each switch of a view")]
    fn view(
        &self,
        py: Python<'_>,
        lower: bool,
        fold_punctuation: bool,
        hyphens_join: bool,
        stem: Option<&str>,
        stop_words: Option<Vec<String>>,
        min_length: usize,
        kinds: Option<Vec<String>>,
    ) -> PyResult<Self> {
        let settings = Settings {
            kinds: kinds.as_deref().map(kind_set).transpose().map_err(raise)?,
            fold_punctuation,
            lower,
            stop_words: stop_words.as_deref().map(stop_list).transpose().map_err(raise)?,
            stem: stem.map(Stemmer::new).transpose().map_err(raise)?,
            min_length,
        };
        let surface = Arc::clone(self.view.tokens());
        let view = run(py, None, None, |observer| {
            let joined = || surface.joined(observer).map(Arc::new);
            let tokens = if hyphens_join {
                joined()?
            } else {
                Arc::clone(&surface)
            };
            View::new(tokens, settings, observer)
        })?;
        Ok(Self { view })
    }

    /// Counts the terms of each document.
    #[pyo3(signature = (shortest, longest, min_documents, max_documents, across_gaps, threads=None, progress=None))]
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
        across_gaps: bool,
        threads: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Counts> {
        let selection = Selection {
            shortest,
            longest,
            min_documents,
            max_documents,
            across_gaps,
        };
        let counts = run(py, threads, progress, |observer| {
            counts::Counts::build(&self.view, selection, observer)
        })?;
        Ok(Counts {
            counts: Arc::new(counts),
        })
    }
}

/// The spans of the kept tokens of one document.
fn spans(view: &View, row: usize, observer: &dyn Observer) -> Result<Vec<(u32, u32)>> {
    view.tokens()
        .spans(row, view.kept(row).map(|(_, place)| place), observer)
}

fn kind_set(names: &[String]) -> Result<KindSet> {
    let known = |name: &String| {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| {
                let all = Kind::ALL.map(Kind::name).join(", ");
                Error::parameter(
                    "kinds",
                    &format!("{name:?}"),
                    "there is no such kind of token",
                    &format!("choose from {all}"),
                )
            })
    };
    Ok(KindSet::of(&names.iter().map(known).collect::<Result<Vec<_>>>()?))
}

fn stop_list(words: &[String]) -> Result<Arc<Vocabulary>> {
    let mut list = Vocabulary::new();
    for word in words {
        list.intern(&views::stop_form(word))?;
    }
    Ok(Arc::new(list))
}

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

    /// The terms, in the order of the columns.
    #[getter]
    fn terms(&self) -> Vec<&str> {
        self.counts.terms.iter().collect()
    }

    /// Row pointers, int64.
    #[getter]
    fn indptr<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        let wide = |&end: &usize| i64::try_from(end).unwrap_or(i64::MAX);
        self.counts
            .indptr
            .iter()
            .map(wide)
            .collect::<Vec<_>>()
            .into_pyarray(py)
    }

    /// Columns, uint32.
    #[getter]
    fn indices<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u32>> {
        self.counts.indices.clone().into_pyarray(py)
    }

    /// Occurrences, int64.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        self.counts
            .data
            .iter()
            .map(|&count| i64::from(count))
            .collect::<Vec<_>>()
            .into_pyarray(py)
    }

    /// Counted tokens of each document, int64.
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        let wide = |&total: &u64| i64::try_from(total).unwrap_or(i64::MAX);
        self.counts
            .totals
            .iter()
            .map(wide)
            .collect::<Vec<_>>()
            .into_pyarray(py)
    }

    /// The sums of each group of documents.
    fn grouped(&self, py: Python<'_>, groups: Vec<usize>, count: usize) -> PyResult<Self> {
        let counts = run(py, None, None, |observer| {
            self.counts.grouped(&groups, count, observer)
        })?;
        Ok(Self {
            counts: Arc::new(counts),
        })
    }
}
