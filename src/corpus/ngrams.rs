//! Runs of neighbouring terms, as terms of their own.

use super::views::View;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;

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
