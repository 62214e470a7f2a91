//! Agency credits for Python: the lexicon comes in as lists, the credits go out as columns.

use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::lists::{names, strings};
use super::run::{read, run};
use super::text::Texts;
use crate::memory;
use crate::reuse::credits::{self, Credit, Lexicon, PLACES, Rule, Spelling, Strength};

/// What arrays made here are for, as an error names it.
const WHAT: &str = "an array of credits";

/// A spelling: its text, the number of its agency, and the number of its strength.
type Spelled = (String, usize, usize);

/// The names of agencies, and the cues beside them.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Agencies {
    names: Vec<String>,
    lexicon: Lexicon,
}

#[pymethods]
impl Agencies {
    #[new]
    fn new(
        py: Python<'_>,
        names: Vec<String>,
        pictures: Vec<bool>,
        spellings: Vec<Spelled>,
        cues: Vec<(String, Vec<String>)>,
    ) -> PyResult<Self> {
        let spellings: Vec<Spelling> = spellings.into_iter().map(spelling).collect();
        let lexicon = read(py, |_| Lexicon::new(&spellings, pictures, &cues))?;
        Ok(Self { names, lexicon })
    }

    /// The credits of all texts, as columns.
    #[pyo3(signature = (texts, threads=None, progress=None))]
    fn credits<'py>(
        &self,
        py: Python<'py>,
        texts: &Texts,
        threads: Option<usize>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let arena = texts.arena();
        let found = run(py, threads, progress, |observer| {
            credits::find(arena, &self.lexicon, observer)
        })?;
        let columns = PyDict::new(py);
        columns.set_item("row", numbers(py, &found, |credit| credit.row)?)?;
        columns.set_item("start", numbers(py, &found, |credit| credit.points.0)?)?;
        columns.set_item("end", numbers(py, &found, |credit| credit.points.1)?)?;
        self.words(py, &found, texts, &columns)?;
        Ok(columns)
    }
}

impl Agencies {
    /// The columns of text, and whether the text is credited.
    fn words<'py>(
        &self,
        py: Python<'py>,
        found: &[Credit],
        texts: &Texts,
        columns: &Bound<'py, PyDict>,
    ) -> PyResult<()> {
        let agencies: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let rules = Rule::ALL.map(Rule::name);
        let credited = read(py, |observer| {
            memory::collect(
                found.iter().map(|credit| credit.rule.credits_text()),
                WHAT,
                observer,
            )
        })?;
        let slices = found
            .iter()
            .map(|credit| &texts.arena().text(credit.row)[credit.bytes.0..credit.bytes.1]);
        columns.set_item(
            "agency",
            names(py, found.iter().map(|credit| credit.agency), &agencies)?,
        )?;
        columns.set_item(
            "place",
            names(py, found.iter().map(|credit| credit.rule.place()), &PLACES)?,
        )?;
        columns.set_item("credits_text", credited.into_pyarray(py))?;
        columns.set_item(
            "rule",
            names(py, found.iter().map(|credit| credit.rule as usize), &rules)?,
        )?;
        columns.set_item("text", strings(py, slices)?)
    }
}

fn spelling((text, agency, strength): Spelled) -> Spelling {
    let strength = Strength::ALL.get(strength).copied().unwrap_or(Strength::Code);
    Spelling {
        text,
        agency,
        strength,
    }
}

/// One column of numbers, int64.
fn numbers<'py>(
    py: Python<'py>,
    found: &[Credit],
    pick: fn(&Credit) -> usize,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let wide = |credit| i64::try_from(pick(credit)).unwrap_or(i64::MAX);
    let values = read(py, |observer| {
        memory::collect(found.iter().map(wide), WHAT, observer)
    })?;
    Ok(values.into_pyarray(py))
}
