//! Lists of stop words, as Python shows them. What a view leaves out is told in `views.rs`.

use pyo3::prelude::*;

use super::errors::raise;
use crate::text::stop_lists;

/// The list of stop words of a language, in the order of code points.
#[pyfunction]
pub(crate) fn stop_words(language: &str) -> PyResult<Vec<&'static str>> {
    let mut words = stop_lists::stop_words(language).map_err(raise)?;
    words.sort_unstable();
    Ok(words)
}
