//! Term statistics for Python.

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::corpus::Counts;
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
    side: Vec<u8>,
    clusters: Option<Vec<u32>>,
    strata: Option<Vec<i64>>,
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
    let side: Vec<Side> = side.into_iter().map(side_of).collect();
    let found = run(py, threads, progress, |observer| {
        crate::stats::keyness::keyness(
            &counts.counts,
            &side,
            clusters.as_deref(),
            strata.as_deref(),
            &options,
            observer,
        )
    })?;
    Ok((columns(py, &found.rows)?, design(py, &found)?))
}

fn side_of(number: u8) -> Side {
    match number {
        1 => Side::Target,
        2 => Side::Reference,
        _ => Side::Neither,
    }
}

fn columns<'py>(py: Python<'py>, rows: &[Row]) -> PyResult<Bound<'py, PyDict>> {
    let columns = PyDict::new(py);
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
    let whole: [(&str, Pick<u32>); 3] = [
        ("term", |row| row.term),
        ("target_docs", |row| row.target_docs),
        ("reference_docs", |row| row.reference_docs),
    ];
    for (name, pick) in whole {
        let values: Vec<i64> = rows.iter().map(|row| i64::from(pick(row))).collect();
        columns.set_item(name, values.into_pyarray(py))?;
    }
    for (name, pick) in numbers {
        columns.set_item(name, rows.iter().map(pick).collect::<Vec<_>>().into_pyarray(py))?;
    }
    let survives: Vec<bool> = rows.iter().map(|row| row.survives_dropping_one).collect();
    columns.set_item("survives_dropping_one", survives.into_pyarray(py))?;
    Ok(columns)
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
