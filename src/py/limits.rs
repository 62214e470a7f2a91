//! Limits and estimates of memory for Python.

use pyo3::prelude::*;

use super::corpus::Tokens;
use super::counts::Counts;
use super::errors::raise;
use super::text::Texts;
use crate::corpus::selection::{Selection, Skips};
use crate::corpus::{counts, postings, tokens};
use crate::limits::{self, Limit};
use crate::reuse::{minhash, near, passages};
use crate::stats::keyness;

/// Name, value, default, highest, unit, bounds and the remedy for one call.
type Row = (
    &'static str,
    Option<u64>,
    Option<u64>,
    u64,
    &'static str,
    &'static str,
    &'static str,
);

/// Every limit, a row each.
#[pyfunction]
pub(crate) fn limit_table() -> Vec<Row> {
    let row = |limit: &Limit| {
        (
            limit.name,
            limit.value(),
            limit.default_value(),
            limit.highest,
            limit.unit,
            limit.bounds,
            limit.one_call,
        )
    };
    limits::all().map(row).to_vec()
}

/// Sets limits by name, `None` back to the default: all of them or none.
#[pyfunction]
pub(crate) fn set_limits(values: Vec<(String, Option<u64>)>) -> PyResult<()> {
    limits::set(&values).map_err(raise)
}

/// Bytes that tokenizing these texts needs.
#[pyfunction]
pub(crate) fn estimate_tokenize(texts: &Texts) -> u64 {
    tokens::estimate(texts.arena().bytes(), texts.arena().len())
}

/// Bytes that counting these tokens needs.
#[pyfunction]
pub(crate) fn estimate_counts(
    tokens: &Tokens,
    shortest: usize,
    longest: usize,
    skips: Vec<usize>,
) -> PyResult<u64> {
    let selection = Selection {
        shortest,
        longest,
        skips: Skips::of(&skips).map_err(raise)?,
        ..Selection::words()
    };
    Ok(counts::estimate(&tokens.view, &selection))
}

/// Bytes that the postings of these tokens need.
#[pyfunction]
pub(crate) fn estimate_concordance(tokens: &Tokens) -> u64 {
    postings::estimate(&tokens.view)
}

/// Bytes that the search for near duplicates among these tokens needs.
#[pyfunction]
pub(crate) fn estimate_near_duplicates(tokens: &Tokens, characters: bool, containment: bool) -> u64 {
    near::estimate(&tokens.view, near::Unit::of(characters), containment)
}

/// Bytes that the search for noisy copies among these texts needs.
#[pyfunction]
pub(crate) fn estimate_noisy(tokens: &Tokens) -> u64 {
    near::estimate_noisy(&tokens.view)
}

/// Bytes that the search for passages among these tokens needs without its table.
#[pyfunction]
pub(crate) fn estimate_passages(tokens: &Tokens, characters: bool) -> u64 {
    passages::estimate(&tokens.view, near::Unit::of(characters))
}

/// Bytes that signatures of these documents need, in slots of so many bits.
#[pyfunction]
pub(crate) fn estimate_signatures(tokens: &Tokens, slots: usize, bits: usize) -> u64 {
    minhash::estimate(&tokens.view, slots, bits / 8)
}

/// Bytes that comparing two sets of documents needs.
#[pyfunction]
pub(crate) fn estimate_keyness(counts: &Counts) -> u64 {
    keyness::estimate(&counts.counts)
}
