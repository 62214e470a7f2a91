//! Passages: the stretches of text that two documents share, with what was edited in them.
//!
//! Found by `comparison`; a shared run of the promised length is found without exception. Who took
//! from whom is not asked here.

use std::sync::atomic::{AtomicU64, Ordering};

use super::alignment::Edits;
use super::comparison::{Compared, compare};
pub use super::comparison::{Extent, Options, estimate};
use super::scope::Scope;
use super::sequences::Sequences;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "passages";

/// A stretch of text that two documents share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Code points on the left, from and up to.
    pub left_span: (u32, u32),
    /// Code points on the right.
    pub right_span: (u32, u32),
    /// What is the same, and what was edited.
    pub edits: Edits,
}

/// The passages of every allowed pair of documents, by left row, right row and place on the left.
pub fn passages(
    view: &View,
    options: &Options,
    scope: &Scope,
    observer: &dyn Observer,
) -> Result<(Vec<Passage>, Extent)> {
    scope.check(view.documents())?;
    memory::admit(estimate(view, options.unit), "the search for passages")?;
    let sequences = Sequences::new(view, options.unit);
    let (most, count) = (limits::PASSAGES.value(), AtomicU64::new(0));
    let keep = |pair: &Compared<'_>, found: &mut Vec<Passage>| -> Result<()> {
        let (left, right) = pair.rows;
        let lefts: Vec<(u32, u32)> = pair.stretches.iter().map(|stretch| stretch.left).collect();
        let rights: Vec<(u32, u32)> = pair.stretches.iter().map(|stretch| stretch.right).collect();
        let lefts = sequences.spans(left as usize, pair.left, &lefts, observer)?;
        let rights = sequences.spans(right as usize, pair.right, &rights, observer)?;
        for (stretch, (left_span, right_span)) in pair.stretches.iter().zip(lefts.into_iter().zip(rights)) {
            let edits = stretch.edits;
            let passage = Passage {
                left,
                right,
                left_span,
                right_span,
                edits,
            };
            memory::push(found, passage, WHAT)?;
        }
        Ok(())
    };
    let after = |more: usize| match most {
        Some(most) if count.fetch_add(more as u64, Ordering::Relaxed) + more as u64 > most => {
            Err(too_many(most))
        }
        _ => Ok(()),
    };
    let allows = |left, right| scope.allows(left, right);
    let (mut found, extent) = compare(sequences, options, scope.second, allows, observer, keep, after)?;
    sorting::sort_by_key(&mut found, observer, |found: &Passage| {
        (found.left, found.right, found.left_span, found.right_span)
    })?;
    Ok((found, extent))
}

fn too_many(most: u64) -> Error {
    Error::Limit(Cause::sentence(format!(
        "There are more than {most} passages, the limit passages; mask what a source repeats with \
         Corpus.without(furniture(corpus)), pass max_documents=100 to leave out what more documents share, \
         compare across sources only, or raise the limit with nutgraf.set_limits(passages=…)."
    )))
}
