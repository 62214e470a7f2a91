//! Term statistics for Python.

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::counts::Counts;
use super::run::run;
use crate::stats::keyness::{Copies, Keyness, Options, Row, Side};

/// Reads one column of a row.
type Pick<T> = fn(&Row) -> T;

/// Compares two sets of documents; columns and facts about the design.
#[pyfunction]
#[pyo3(signature = (counts, side, clusters, strata, permutations, test, once, seed, threads=None, progress=None))]
#[expect(
    clippy::too_many_arguments,
    reason = "one argument for each option of the public function"
)]
pub(crate) fn keyness<'py>(
    py: Python<'py>,
    counts: &Counts,
    side: PyReadonlyArray1<'py, u8>,
    clusters: Option<PyReadonlyArray1<'py, u32>>,
    strata: Option<PyReadonlyArray1<'py, i64>>,
    permutations: usize,
    test: bool,
    once: bool,
    seed: u64,
    threads: Option<usize>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>)> {
    let copies = if once { Copies::Once } else { Copies::All };
    let options = Options {
        permutations,
        test,
        copies,
        seed,
        alpha: 0.05,
    };
    let side: Vec<Side> = side.as_array().iter().map(|&number| side_of(number)).collect();
    let clusters = clusters.map(|labels| labels.as_array().to_vec());
    let strata = strata.map(|numbers| numbers.as_array().to_vec());
    let (found, columns) = run(py, threads, progress, |observer| {
        let found = crate::stats::keyness::keyness(
            &counts.counts,
            &side,
            clusters.as_deref(),
            strata.as_deref(),
            &options,
            observer,
        )?;
        let columns = Columns::of(&found.rows);
        Ok((found, columns))
    })?;
    Ok((columns.dict(py)?, design(py, &found)?))
}

fn side_of(number: u8) -> Side {
    match number {
        1 => Side::Target,
        2 => Side::Reference,
        _ => Side::Neither,
    }
}

/// The rows turned into columns, which takes a while for millions of terms.
struct Columns {
    whole: Vec<(&'static str, Vec<i64>)>,
    numbers: Vec<(&'static str, Vec<f64>)>,
    survives: Vec<bool>,
}

impl Columns {
    fn of(rows: &[Row]) -> Self {
        let numbers: [(&str, Pick<f64>); 11] = [
            ("target", |row| row.target),
            ("reference", |row| row.reference),
            ("target_rate", |row| row.target_rate),
            ("reference_rate", |row| row.reference_rate),
            ("g2", |row| row.g2),
            ("log_ratio", |row| row.log_ratio),
            ("p", |row| row.p),
            ("p_adjusted", |row| row.p_adjusted),
            ("p_max_t", |row| row.p_max_t),
            ("p_floor", |row| row.p_floor),
            ("top_share", |row| row.top_share),
        ];
        let whole: [(&str, Pick<i64>); 3] = [
            ("term", |row| row.term.into()),
            ("target_docs", |row| row.target_docs.into()),
            ("reference_docs", |row| row.reference_docs.into()),
        ];
        Self {
            whole: whole
                .map(|(name, pick)| (name, rows.iter().map(pick).collect()))
                .into(),
            numbers: numbers
                .map(|(name, pick)| (name, rows.iter().map(pick).collect()))
                .into(),
            survives: rows.iter().map(|row| row.survives_dropping_one).collect(),
        }
    }

    fn dict(self, py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let columns = PyDict::new(py);
        for (name, values) in self.whole {
            columns.set_item(name, values.into_pyarray(py))?;
        }
        for (name, values) in self.numbers {
            columns.set_item(name, values.into_pyarray(py))?;
        }
        columns.set_item("survives_dropping_one", self.survives.into_pyarray(py))?;
        Ok(columns)
    }
}

fn design<'py>(py: Python<'py>, found: &Keyness) -> PyResult<Bound<'py, PyDict>> {
    let design = PyDict::new(py);
    design.set_item("units_target", found.units_target)?;
    design.set_item("units_reference", found.units_reference)?;
    design.set_item("shared_units", found.shared_units)?;
    design.set_item("labelings", found.labelings)?;
    design.set_item("exact", found.exact)?;
    design.set_item("labelings_used", found.permutations)?;
    design.set_item("p_floor", found.p_floor)?;
    design.set_item("estimand", found.estimand)?;
    Ok(design)
}
