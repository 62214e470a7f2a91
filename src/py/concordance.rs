//! Postings and concordances for Python.

use std::sync::Arc;

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Tokens;
use super::lists::strings;
use super::run::{read, run};
use super::views::Switches;
use crate::corpus::concordance::{Concordance, Line, Order};
use crate::corpus::postings::Postings as Built;
use crate::corpus::queries::Query;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of a concordance";

/// Where every term stands.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Postings {
    postings: Arc<Built>,
}

/// Makes the postings of a view.
#[pyfunction]
#[pyo3(signature = (tokens, threads=None, progress=None))]
pub(crate) fn postings(
    py: Python<'_>,
    tokens: &Tokens,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Postings> {
    let built = run(py, threads, progress, |observer| {
        Built::build(&tokens.view, observer)
    })?;
    Ok(Postings {
        postings: Arc::new(built),
    })
}

#[pymethods]
impl Postings {
    /// Looks for a pattern; columns, and the number of matches.
    #[pyo3(signature = (
        pattern, regex, window, order, most, switches, numbers=None, threads=None,
        progress=None
    ))]
    #[expect(
        clippy::too_many_arguments,
        reason = "one argument for each option of the public function"
    )]
    fn concordance<'py>(
        &self,
        py: Python<'py>,
        pattern: &str,
        regex: bool,
        window: usize,
        order: &str,
        most: usize,
        switches: Switches,
        numbers: Option<PyReadonlyArray1<'py, i64>>,
        threads: Option<usize>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyDict>, usize)> {
        let order = order_of(order, numbers.as_ref());
        let found = run(py, threads, progress, |observer| {
            let query = self.query(pattern, regex, &switches, observer)?;
            let terms = query.terms(&self.postings, observer)?;
            Concordance::build(&self.postings, &terms, window, &order, most, observer)
        })?;
        Ok((columns(py, &self.postings, &found.lines)?, found.matches))
    }
}

impl Postings {
    fn query(
        &self,
        pattern: &str,
        regex: bool,
        switches: &Switches,
        observer: &dyn Observer,
    ) -> Result<Query> {
        let all = self.postings.all();
        if regex {
            Query::of_regexes(pattern, all.settings())
        } else {
            let cut = switches.pattern()?;
            Query::new(pattern, switches.tokenizer(cut.as_ref())?, all, observer)
        }
    }
}

fn order_of(order: &str, numbers: Option<&PyReadonlyArray1<'_, i64>>) -> Order {
    match (order, numbers) {
        (_, Some(numbers)) => Order::Documents(numbers.as_array().to_vec()),
        ("left", _) => Order::Left,
        ("right", _) => Order::Right,
        ("node", _) => Order::Node,
        _ => Order::Corpus,
    }
}

/// The columns of lines; left, node and right follow each other in the text.
fn columns<'py>(py: Python<'py>, postings: &Built, lines: &[Line]) -> PyResult<Bound<'py, PyDict>> {
    let arena = postings.view().tokens().arena();
    let columns = PyDict::new(py);
    for (name, pick) in [
        ("row", (|line| line.row) as fn(&Line) -> usize),
        ("start", |line| line.span.0),
        ("end", |line| line.span.1),
    ] {
        let wide = |line| i64::try_from(pick(line)).unwrap_or(i64::MAX);
        let values = read(py, |observer| {
            memory::collect(lines.iter().map(wide), WHAT, observer)
        })?;
        columns.set_item(name, values.into_pyarray(py))?;
    }
    for (name, pick) in [
        (
            "left",
            (|line| (line.from, line.start)) as fn(&Line) -> (usize, usize),
        ),
        ("node", |line| (line.start, line.end)),
        ("right", |line| (line.end, line.to)),
    ] {
        let texts = lines.iter().map(|line| {
            let (from, to) = pick(line);
            &arena.text(line.row)[from..to]
        });
        columns.set_item(name, strings(py, texts)?)?;
    }
    Ok(columns)
}
