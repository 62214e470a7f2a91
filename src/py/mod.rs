//! The binding: the only room that knows Python. A list of exports; the work is next door.

#![allow(
    clippy::needless_pass_by_value,
    reason = "PyO3 hands extracted arguments over by value"
)]

use pyo3::prelude::*;

mod arrow;
mod categories;
mod concordance;
mod corpus;
mod counts;
mod credits;
mod errors;
mod furniture;
mod intake;
mod limits;
mod lists;
mod numbers;
mod passages;
mod reuse;
mod run;
mod segments;
mod sketches;
mod stats;
mod stop_words;
mod strings;
mod table;
mod text;
mod views;

/// The compiled core of nutgraf; use the package `nutgraf` instead.
#[pymodule(name = "_nutgraf", gil_used = true)]
mod nutgraf_module {
    #[pymodule_export]
    use super::arrow::arrow_names;
    #[pymodule_export]
    use super::categories::{Categories, look_up};
    #[pymodule_export]
    use super::concordance::{Postings, postings};
    #[pymodule_export]
    use super::corpus::{Tokens, tokenize};
    #[pymodule_export]
    use super::counts::{Counts, counts_from_matrix, counts_from_parts};
    #[pymodule_export]
    use super::credits::Agencies;
    #[pymodule_export]
    use super::furniture::{furniture, repeats};
    #[pymodule_export]
    use super::intake::texts_from_list;
    #[pymodule_export]
    use super::limits::{
        estimate_concordance, estimate_counts, estimate_keyness, estimate_near_duplicates, estimate_noisy,
        estimate_passages, estimate_signatures, estimate_tokenize, limit_table, set_limits,
    };
    #[pymodule_export]
    use super::passages::{passage_edits, passages};
    #[pymodule_export]
    use super::reuse::{NearDuplicates, near_duplicates, near_duplicates_from_parts, shared_runs};
    #[pymodule_export]
    use super::run::{_rehearse, default_threads, set_threads};
    #[pymodule_export]
    use super::segments::{Segments, find_segments, segment_spans, sentence_spans};
    #[pymodule_export]
    use super::sketches::{near_duplicates_sketched, signatures};
    #[pymodule_export]
    use super::stats::keyness;
    #[pymodule_export]
    use super::stop_words::stop_words;
    #[pymodule_export]
    use super::table::ArrowTable;
    #[pymodule_export]
    use super::text::{Texts, texts_from_arrow};
    #[pymodule_export]
    use super::views::{language_code, view};

    /// The version of the package.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
