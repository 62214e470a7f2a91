//! Repeats and page furniture for Python.

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::errors::raise;
use super::lists::{names, strings};
use super::run::run;
use super::text::Texts;
use crate::error::{Error, Result};
use crate::reuse::furniture::{Place, Search, Why};
use crate::reuse::lexicon::{At, Kind, Lexicon, Rule, Then};
use crate::reuse::recurring::Sources;
use crate::reuse::repeats::{Repeat, Repeats};

/// Finds what each document says again; columns, and the number of documents whose budget ended.
#[pyfunction]
#[pyo3(signature = (tokens, shortest, threads=None, progress=None))]
pub(crate) fn repeats<'py>(
    py: Python<'py>,
    tokens: &Tokens,
    shortest: usize,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyDict>, usize)> {
    let found = run(py, threads, progress, |observer| {
        Repeats::build(&tokens.view, shortest, observer)
    })?;
    let whole = |pick: fn(&Repeat) -> usize| whole(py, &found.repeats, pick);
    let identity: Vec<f64> = found.repeats.iter().map(|repeat| repeat.identity).collect();
    let columns = PyDict::new(py);
    columns.set_item("row", whole(|repeat| repeat.row))?;
    columns.set_item("start", whole(|repeat| repeat.later.0 as usize))?;
    columns.set_item("end", whole(|repeat| repeat.later.1 as usize))?;
    columns.set_item("first_start", whole(|repeat| repeat.first.0 as usize))?;
    columns.set_item("first_end", whole(|repeat| repeat.first.1 as usize))?;
    columns.set_item("tokens", whole(|repeat| repeat.tokens))?;
    columns.set_item("identity", identity.into_pyarray(py))?;
    Ok((columns, found.capped))
}

/// One number of each thing, int64.
fn whole<'py, T>(
    py: Python<'py>,
    things: &[T],
    pick: impl Fn(&T) -> usize,
) -> Bound<'py, numpy::PyArray1<i64>> {
    let wide = |thing| i64::try_from(pick(thing)).unwrap_or(i64::MAX);
    things.iter().map(wide).collect::<Vec<_>>().into_pyarray(py)
}

/// A kind as Python writes it: name, most words, what follows.
type WrittenKind = (String, u32, String);
/// A rule as Python writes it: number of the kind, name, place, phrase.
type WrittenRule = (usize, String, String, String);

fn lexicon(kinds: Vec<WrittenKind>, rules: Vec<WrittenRule>) -> Result<Lexicon> {
    let count = kinds.len();
    let kinds = kinds.into_iter().map(|(name, words, then)| {
        let then = match then.as_str() {
            "links" => Then::Links,
            "tail" => Then::Tail,
            _ => Then::Nothing,
        };
        Kind { name, words, then }
    });
    let rules = rules.into_iter().map(|(kind, name, at, phrase)| {
        if kind >= count {
            let rule = "there is no kind of this number";
            return Err(Error::parameter("lexicon", &kind, rule, "list the kind first"));
        }
        let at = At::of(&at)?;
        Ok(Rule {
            kind,
            name,
            at,
            phrase,
        })
    });
    Lexicon::new(kinds.collect(), rules.collect::<Result<_>>()?)
}

/// Finds page furniture; columns.
#[pyfunction]
#[pyo3(signature = (texts, titles, sources, clusters, least, kinds, rules, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each part of the search"
)]
pub(crate) fn furniture<'py>(
    py: Python<'py>,
    texts: &Texts,
    titles: Option<&Texts>,
    sources: PyReadonlyArray1<'py, i64>,
    clusters: PyReadonlyArray1<'py, i64>,
    least: usize,
    kinds: Vec<WrittenKind>,
    rules: Vec<WrittenRule>,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let lexicon = lexicon(kinds, rules).map_err(raise)?;
    let (sources, clusters) = (sources.as_array().to_vec(), clusters.as_array().to_vec());
    let (arena, titles) = (texts.arena(), titles.map(|titles| &**titles.arena()));
    let sources = Sources::new(&sources, &clusters, least, arena.len()).map_err(raise)?;
    let search = Search::new(arena, titles, sources, &lexicon);
    let places = run(py, threads, progress, |observer| search.places(observer))?;
    columns(py, &search, &places)
}

fn columns<'py>(py: Python<'py>, search: &Search<'_>, places: &[Place]) -> PyResult<Bound<'py, PyDict>> {
    let whole = |pick: fn(&Place) -> usize| whole(py, places, pick);
    let text = |place: &Place| place.bytes.0 as usize..place.bytes.1 as usize;
    let recurs = |place: &Place| usize::from(!matches!(place.why, Why::Recurs(_)));
    let columns = PyDict::new(py);
    columns.set_item("row", whole(|place| place.row))?;
    columns.set_item("start", whole(|place| place.span.0 as usize))?;
    columns.set_item("end", whole(|place| place.span.1 as usize))?;
    columns.set_item(
        "evidence",
        names(py, places.iter().map(recurs), &["recurs", "suspected"])?,
    )?;
    columns.set_item(
        "kind",
        strings(py, places.iter().map(|place| search.kind(place)))?,
    )?;
    columns.set_item(
        "rule",
        strings(py, places.iter().map(|place| search.rule(place)))?,
    )?;
    columns.set_item("times", whole(|place| place.times as usize))?;
    columns.set_item("words", whole(|place| place.words as usize))?;
    let texts = places
        .iter()
        .map(|place| &search.arena.text(place.row)[text(place)]);
    columns.set_item("text", strings(py, texts)?)?;
    Ok(columns)
}
