//! N-grams and skip-grams, as terms of their own.
//!
//! An n-gram is `n` terms of one document, in text order. With skips, each two neighbours of it may
//! have so many tokens between them as one of the skips says; `{0}` is the plain n-gram. The gaps
//! that removed tokens left are places like any other, which no n-gram may use, unless n-grams
//! reach across gaps: then removed tokens do not count. Within sentences or paragraphs no n-gram
//! leaves its own. This is what quanteda's `tokens_ngrams` does, after `padding = TRUE` and `FALSE`.
//!
//! N-grams are counted as sequences of ids (`trie.rs`); their names are spelled once, at the end, for
//! those that the limits on document frequency keep. Ids are ranks of first occurrence: by the
//! document, by the first word, by the length, then by the skips, the shorter first.

use std::sync::Arc;

use rayon::prelude::*;

use super::alphabet::Alphabet;
use super::counts::{Counts, WHAT};
use super::occurrences::{Block, count_block};
use super::segments::{Segments, Unit};
use super::selection::Selection;
use super::shards::{Parts, Shards};
use super::views::View;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// How the words of an n-gram are joined.
pub const SEPARATOR: &str = " ";

/// What no n-gram may leave.
#[derive(Debug, Clone, Copy)]
pub enum Within<'a> {
    /// The document.
    Document,
    /// The sentences or paragraphs of it.
    Segments(&'a Segments, Unit),
}

/// Bytes that counting the n-grams of a view needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, selection: &Selection) -> u64 {
    let (tokens, documents) = (view.tokens().len() as u64, view.documents() as u64);
    let skips = u64::from(selection.skips.count());
    let grams = |words: usize| {
        let ways = skips.saturating_pow(u32::try_from(words - 1).unwrap_or(u32::MAX));
        ways.saturating_mul(if words == 1 { 9 } else { 16 + 20 * words as u64 })
    };
    (selection.shortest..=selection.longest)
        .map(grams)
        .fold(0u64, u64::saturating_add)
        .saturating_mul(tokens)
        .saturating_add(32 * documents)
}

/// Counts the n-grams of a view.
pub fn count(
    view: &View,
    selection: Selection,
    within: Within<'_>,
    observer: &dyn Observer,
) -> Result<Counts> {
    selection.check()?;
    memory::admit(estimate(view, &selection), "counting")?;
    observer.expect(view.documents());
    let tokens = view.tokens();
    let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
        tokens.ids(row).len()
    });
    let alphabet = Alphabet::of(view.terms(), observer)?;
    let mut blocks = parallel::map_blocks(&cut, observer, |rows| {
        count_block(view, &alphabet, selection, within, rows, observer)
    })?;
    let mut shards = Shards::of(&mut blocks, observer)?;
    let kept = selection.min_documents.max(1)..=selection.max_documents;
    let names = shards.name(&blocks, &alphabet, &kept, observer)?;
    blocks
        .par_iter_mut()
        .enumerate()
        .try_for_each(|(number, block)| {
            let ids = shards.ids(number, block, observer)?;
            block.parts = Parts::default();
            block.rename(&ids, observer)
        })?;
    drop(shards);
    joined(names, blocks, observer)
}

/// One matrix from the blocks.
fn joined(names: Vocabulary, mut blocks: Vec<Block>, observer: &dyn Observer) -> Result<Counts> {
    let documents: usize = blocks.iter().map(|block| block.lengths.len()).sum();
    let mut indptr = memory::with_capacity(documents + 1, WHAT)?;
    let mut totals = memory::with_capacity(documents, WHAT)?;
    indptr.push(0);
    let mut end = 0;
    for block in &blocks {
        observer.check()?;
        for length in &block.lengths {
            end += length;
            indptr.push(end);
        }
        totals.extend_from_slice(&block.totals);
    }
    // Each part is freed once it is copied.
    let mut gather = |pick: fn(&mut Block) -> &mut Vec<u32>| {
        let parts = blocks.iter_mut().map(|block| std::mem::take(pick(block)));
        memory::concat(parts.collect(), WHAT, observer)
    };
    Ok(Counts {
        indices: gather(|block| &mut block.indices)?,
        data: gather(|block| &mut block.data)?,
        terms: Arc::new(names),
        indptr,
        totals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::selection::Skips;
    use crate::corpus::tokens::Tokens;
    use crate::corpus::views::Settings;
    use crate::observer::Silent;
    use crate::text::arena::Arena;
    use crate::text::pattern::Pattern;
    use crate::text::tailoring::{Language, Tailoring};

    fn view(texts: &[&str], pattern: Option<&str>, without: &[&str]) -> View {
        let pattern = pattern.map(|pattern| Pattern::new(pattern).unwrap());
        let arena = Arc::new(Arena::from_texts(texts).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), pattern.as_ref(), &Silent).unwrap();
        let mut stop_words = Vocabulary::new();
        for word in without {
            stop_words.intern(word).unwrap();
        }
        let settings = Settings {
            stop_words: Some(Arc::new(stop_words)),
            ..Settings::surface()
        };
        View::new(Arc::new(tokens), settings, &Silent).unwrap()
    }

    fn terms(view: &View, range: (usize, usize), skips: &[usize], across_gaps: bool) -> Vec<String> {
        let selection = Selection {
            shortest: range.0,
            longest: range.1,
            across_gaps,
            skips: Skips::of(skips).unwrap(),
            ..Selection::words()
        };
        let counts = count(view, selection, Within::Document, &Silent).unwrap();
        counts.terms.iter().map(str::to_owned).collect()
    }

    #[test]
    fn ngrams_after_removal_are_those_of_quanteda() {
        let view = view(&["a b c d e f g"], None, &["b", "e"]);
        let rows = [
            (2, 0, true, "a c|c d|d f|f g"),
            (3, 0, true, "a c d|c d f|d f g"),
            (2, 2, true, "a f|c g"),
            (2, 0, false, "c d|f g"),
            (3, 0, false, ""),
            (2, 2, false, "a d|c f|d g"),
        ];
        for (words, skip, across_gaps, expected) in rows {
            let found = terms(&view, (words, words), &[skip], across_gaps);
            assert_eq!(found.join("|"), expected, "{words} {skip}");
        }
    }

    #[test]
    fn one_name_is_one_term() {
        let view = view(&["x y z", "x,y z"], Some(r"x y|y z|\w"), &[]);
        assert_eq!(
            terms(&view, (1, 2), &[0], false),
            ["x y", "x y z", "z", "x", "y z"]
        );
    }

    #[test]
    fn a_sequence_before_its_first_occurrence_is_no_term() {
        // "x" is a beginning of "x y" long before it is a term.
        let view = view(&["x y q", "x"], Some(r"x y|\w"), &[]);
        assert_eq!(terms(&view, (1, 2), &[0], false), ["x y", "x y q", "q", "x"]);
    }
}
