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
use super::occurrences::{Block, count_block, lengthen};
use super::pace::Pace;
use super::segments::{Segments, Unit};
use super::selection::Selection;
use super::trie::{self, Node, ROOT, Trie};
use super::views::View;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// How the words of an n-gram are joined.
pub const SEPARATOR: &str = " ";

/// Marks an n-gram that is not kept.
pub(super) const DROPPED: u32 = u32::MAX;

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

/// The n-grams of all blocks.
struct All {
    nodes: Vec<Node>,
    /// For each block the id among all of each of its n-grams.
    maps: Vec<Vec<u32>>,
    /// In how many documents each stands.
    documents: Vec<u32>,
}

impl All {
    /// Gives the n-grams of all blocks common ids: ranks of first use, in the order of the blocks.
    fn of(blocks: &mut [Block], observer: &dyn Observer) -> Result<Self> {
        let (mut grams, mut documents) = (Trie::default(), Vec::new());
        let (mut maps, mut pace) = (Vec::with_capacity(blocks.len()), Pace::default());
        for block in blocks {
            let map = grams.merge(&std::mem::take(&mut block.nodes), observer)?;
            lengthen(&mut documents, grams.len())?;
            for (&id, more) in map.iter().zip(std::mem::take(&mut block.documents)) {
                pace.step(1, observer)?;
                documents[id as usize] += more;
            }
            maps.push(map);
        }
        Ok(Self {
            nodes: grams.into_nodes(),
            maps,
            documents,
        })
    }

    /// The last id of each n-gram, and the names under them.
    fn named(
        &self,
        blocks: &[Block],
        alphabet: &Alphabet<'_>,
        selection: Selection,
        observer: &dyn Observer,
    ) -> Result<(Vec<u32>, Vocabulary)> {
        let mut ids = memory::filled(&DROPPED, self.nodes.len(), WHAT, observer)?;
        let mut names = Names {
            all: self,
            alphabet,
            kept: selection.min_documents.max(1)..=selection.max_documents,
            names: Vocabulary::new(),
            words: Vec::new(),
            name: String::new(),
        };
        let mut pace = Pace::default();
        if !alphabet.splits() {
            for id in 0..self.nodes.len() {
                pace.step(1, observer)?;
                names.take(id, &mut ids, &mut pace, observer)?;
            }
        }
        for (block, map) in blocks.iter().zip(&self.maps) {
            for &gram in block.order.iter().flatten() {
                pace.step(1, observer)?;
                names.take(map[gram as usize] as usize, &mut ids, &mut pace, observer)?;
            }
        }
        Ok((ids, names.names))
    }
}

/// Names, as they are given out.
struct Names<'a> {
    all: &'a All,
    alphabet: &'a Alphabet<'a>,
    kept: std::ops::RangeInclusive<usize>,
    names: Vocabulary,
    words: Vec<u32>,
    name: String,
}

impl Names<'_> {
    /// Gives an n-gram its name and its last id, if it is kept and has none.
    fn take(&mut self, id: usize, ids: &mut [u32], pace: &mut Pace, observer: &dyn Observer) -> Result<()> {
        if ids[id] != DROPPED || !self.kept.contains(&(self.all.documents[id] as usize)) {
            return Ok(());
        }
        trie::sequence(
            &self.all.nodes,
            u32::try_from(id).unwrap_or(ROOT),
            &mut self.words,
        )?;
        self.name.clear();
        for (number, &word) in self.words.iter().enumerate() {
            pace.step(16, observer)?;
            if number > 0 {
                memory::push_str(&mut self.name, SEPARATOR, WHAT)?;
            }
            memory::push_str(&mut self.name, self.alphabet.name(word), WHAT)?;
        }
        ids[id] = self.names.intern(&self.name)?;
        Ok(())
    }
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
    let all = All::of(&mut blocks, observer)?;
    let (ids, names) = all.named(&blocks, &alphabet, selection, observer)?;
    let maps = all.maps;
    blocks
        .par_iter_mut()
        .zip(&maps)
        .try_for_each(|(block, map)| block.rename(|gram| ids[map[gram as usize] as usize], observer))?;
    drop((maps, ids));
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
    use crate::text::words::Language;

    fn view(texts: &[&str], pattern: Option<&str>, without: &[&str]) -> View {
        let pattern = pattern.map(|pattern| Pattern::new(pattern).unwrap());
        let arena = Arc::new(Arena::from_texts(texts).unwrap());
        let tokens = Tokens::build(&arena, Language::Any, pattern.as_ref(), &Silent).unwrap();
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
        let rows: [((usize, usize), &[usize], bool, &[&str]); 6] = [
            ((2, 2), &[0], true, &["a c", "c d", "d f", "f g"]),
            ((3, 3), &[0], true, &["a c d", "c d f", "d f g"]),
            ((2, 2), &[2], true, &["a f", "c g"]),
            ((2, 2), &[0], false, &["c d", "f g"]),
            ((3, 3), &[0], false, &[]),
            ((2, 2), &[2], false, &["a d", "c f", "d g"]),
        ];
        for (range, skips, across_gaps, expected) in rows {
            assert_eq!(
                terms(&view, range, skips, across_gaps),
                expected,
                "{range:?} {skips:?}"
            );
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
