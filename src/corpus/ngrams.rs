//! Runs of neighbouring terms, as terms of their own.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::counts::{Block, WHAT};
use super::pace::Pace;
use super::selection::Selection;
use super::sorting;
use super::views::{Runs, View};
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// How the words of an n-gram are joined.
pub const SEPARATOR: &str = " ";

/// Calls `emit` with each n-gram of `run`, from `shortest` to `longest` words: by start, then by
/// length.
pub fn each(
    run: &[u32],
    shortest: usize,
    longest: usize,
    mut emit: impl FnMut(&[u32]) -> Result<()>,
) -> Result<()> {
    for start in 0..run.len() {
        for length in shortest..=longest.min(run.len() - start) {
            emit(&run[start..start + length])?;
        }
    }
    Ok(())
}

/// Writes the words of an n-gram into `name`.
pub fn spell(view: &View, gram: &[u32], name: &mut String) -> Result<()> {
    name.clear();
    for (index, &term) in gram.iter().enumerate() {
        if index > 0 {
            name.push_str(SEPARATOR);
        }
        memory::push_str(name, view.terms().term(term), "n-grams")?;
    }
    Ok(())
}

/// Adds the n-gram to a vocabulary of n-grams.
pub fn intern(view: &View, gram: &[u32], name: &mut String, grams: &mut Vocabulary) -> Result<u32> {
    spell(view, gram, name)?;
    grams.intern(name)
}

/// Counts the n-grams of blocks of documents: their vocabulary, and the blocks under its ids.
pub(super) fn count(
    view: &View,
    selection: Selection,
    cut: &[Range<usize>],
    observer: &dyn Observer,
) -> Result<(Arc<Vocabulary>, Vec<Block>)> {
    let blocks = parallel::map_blocks(cut, observer, |rows| count_block(view, selection, rows, observer))?;
    common_ids(blocks, observer)
}

/// Counts the n-grams of some documents under ids of their own.
fn count_block(
    view: &View,
    selection: Selection,
    rows: Range<usize>,
    observer: &dyn Observer,
) -> Result<(Vocabulary, Block)> {
    let (mut grams, mut block) = (Vocabulary::new(), Block::with_rows(rows.len())?);
    let (mut runs, mut found, mut name) = (Runs::default(), Vec::new(), String::new());
    let mut pace = Pace::default();
    for row in rows {
        found.clear();
        pace.step(32, observer)?;
        view.runs(row, selection.across_gaps, &mut runs, observer)?;
        for run in runs.iter() {
            each(run, selection.shortest, selection.longest, |gram| {
                pace.step(8 + gram.len(), observer)?;
                let id = intern(view, gram, &mut name, &mut grams)?;
                memory::push(&mut found, id, WHAT)
            })?;
        }
        block.close(row, &mut found, observer)?;
    }
    Ok((grams, block))
}

/// Gives the n-grams of all blocks common ids: ranks of first occurrence, in block order.
fn common_ids(
    blocks: Vec<(Vocabulary, Block)>,
    observer: &dyn Observer,
) -> Result<(Arc<Vocabulary>, Vec<Block>)> {
    let mut terms = Vocabulary::new();
    let (mut maps, mut kept) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len()));
    let mut pace = Pace::default();
    for (grams, block) in blocks {
        let mut map = memory::with_capacity(grams.len(), WHAT)?;
        for gram in grams.iter() {
            pace.step(32, observer)?;
            map.push(terms.intern(gram)?);
        }
        maps.push(map);
        kept.push(block);
    }
    let pairs = kept.par_iter_mut().zip(&maps);
    pairs.try_for_each(|(block, map)| rename(block, map, observer))?;
    Ok((Arc::new(terms), kept))
}

/// Puts a block under common ids, each row in their order.
fn rename(block: &mut Block, map: &[u32], observer: &dyn Observer) -> Result<()> {
    let (mut row, mut pace, mut start) = (Vec::new(), Pace::default(), 0);
    for &length in &block.lengths {
        row.clear();
        memory::reserve(&mut row, length, WHAT)?;
        for place in start..start + length {
            pace.step(1, observer)?;
            row.push((map[block.indices[place] as usize], block.data[place]));
        }
        sorting::sort_by_key(&mut row, observer, |&(term, _)| term)?;
        for (offset, &(term, count)) in row.iter().enumerate() {
            pace.step(1, observer)?;
            block.indices[start + offset] = term;
            block.data[start + offset] = count;
        }
        pace.step(4, observer)?;
        start += length;
    }
    Ok(())
}
