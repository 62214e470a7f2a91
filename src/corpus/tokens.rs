//! The tokens of many documents: surface forms, where each stood, and nothing lost.
//!
//! A token is eight bytes: the id of its surface form and the byte at which it starts inside its
//! document. Its length is the length of its form. Any normal form is a map over types
//! (`views.rs`), never a second pass over the text.

use std::sync::Arc;

use rayon::prelude::*;

use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;
use crate::parallel;
use crate::text::arena::{Arena, CodePoints};
use crate::text::kinds::Kind;
use crate::text::pattern::Pattern;
use crate::text::words::{self, Language};

/// Every token of a corpus, in compressed rows.
#[derive(Debug)]
pub struct Tokens {
    arena: Arc<Arena>,
    indptr: Vec<usize>,
    ids: Vec<u32>,
    starts: Vec<u32>,
    types: Vocabulary,
    kinds: Vec<Kind>,
}

/// What one block of documents found on its own, before ids are made common.
struct Block {
    lengths: Vec<u32>,
    ids: Vec<u32>,
    starts: Vec<u32>,
    types: Vocabulary,
}

impl Block {
    fn new() -> Self {
        Self {
            lengths: Vec::new(),
            ids: Vec::new(),
            starts: Vec::new(),
            types: Vocabulary::new(),
        }
    }

    fn push(&mut self, text: &str, start: usize, end: usize) -> Result<()> {
        self.ids.push(self.types.intern(&text[start..end])?);
        self.starts.push(narrow(start)?);
        Ok(())
    }
}

/// Fits an offset into the width that the arena guarantees.
fn narrow(offset: usize) -> Result<u32> {
    u32::try_from(offset)
        .map_err(|_| Error::Internal(Cause::sentence("An offset passed the limit on documents unseen.")))
}

impl Tokens {
    /// Tokenizes every document: words by UAX #29 with our tailorings, or the matches of a pattern.
    ///
    /// Blocks of documents are cut by their bytes and merged in their order, so ids are ranks of
    /// first occurrence for any number of threads.
    pub fn build(
        arena: &Arc<Arena>,
        language: Language,
        pattern: Option<&Pattern>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        observer.expect(arena.len());
        let cut = parallel::blocks(arena.len(), parallel::BLOCK_BYTES, |row| arena.text(row).len());
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let mut block = Block::new();
            for row in rows {
                let text = arena.text(row);
                let before = block.ids.len();
                match pattern {
                    Some(pattern) => {
                        pattern.scan(text, observer, &mut |start, end| block.push(text, start, end))?;
                    }
                    None => words::scan(text, language, observer, &mut |start, end| {
                        block.push(text, start, end)
                    })?,
                }
                block.lengths.push(narrow(block.ids.len() - before)?);
            }
            Ok(block)
        })?;
        Self::merge(Arc::clone(arena), blocks, pattern.is_some(), observer)
    }

    fn merge(arena: Arc<Arena>, blocks: Vec<Block>, matched: bool, observer: &dyn Observer) -> Result<Self> {
        let total: usize = blocks.iter().map(|block| block.ids.len()).sum();
        let mut indptr = Vec::with_capacity(arena.len() + 1);
        indptr.push(0);
        let mut end = 0;
        for length in blocks.iter().flat_map(|block| &block.lengths) {
            end += *length as usize;
            indptr.push(end);
        }
        let mut types = Vocabulary::new();
        let maps: Vec<Vec<u32>> = blocks
            .iter()
            .map(|block| {
                observer.check()?;
                block.types.iter().map(|form| types.intern(form)).collect()
            })
            .collect::<Result<_>>()?;
        let mut ids = vec![0; total];
        let mut starts = vec![0; total];
        let mut jobs = Vec::with_capacity(blocks.len());
        let (mut ids_left, mut starts_left) = (ids.as_mut_slice(), starts.as_mut_slice());
        for (block, map) in blocks.into_iter().zip(maps) {
            let (ids_here, ids_after) = ids_left.split_at_mut(block.ids.len());
            let (starts_here, starts_after) = starts_left.split_at_mut(block.ids.len());
            (ids_left, starts_left) = (ids_after, starts_after);
            jobs.push((block, map, ids_here, starts_here));
        }
        jobs.into_par_iter().for_each(|(block, map, ids, starts)| {
            for (place, id) in ids.iter_mut().zip(&block.ids) {
                *place = map[*id as usize];
            }
            starts.copy_from_slice(&block.starts);
        });
        observer.check()?;
        let kinds = types
            .iter()
            .map(|form| if matched { Kind::Word } else { Kind::of(form) })
            .collect();
        Ok(Self {
            arena,
            indptr,
            ids,
            starts,
            types,
            kinds,
        })
    }

    /// The same tokens with hyphenated words put back together: a word, a hyphen and a word that
    /// touch become one token (`e-mail`). The scanner splits them because scraped text also uses
    /// hyphens as dashes.
    pub fn joined(&self) -> Result<Self> {
        let mut types = Vocabulary::new();
        let (mut ids, mut starts) = (Vec::with_capacity(self.len()), Vec::with_capacity(self.len()));
        let mut indptr = vec![0];
        for row in 0..self.documents() {
            let text = self.arena.text(row);
            let (row_ids, row_starts) = (self.ids(row), self.starts(row));
            let end_of = |place: usize| row_starts[place] as usize + self.types.term(row_ids[place]).len();
            let mut place = 0;
            while place < row_ids.len() {
                let start = row_starts[place] as usize;
                let mut last = place;
                while last + 2 < row_ids.len()
                    && end_of(last) == row_starts[last + 1] as usize
                    && end_of(last + 1) == row_starts[last + 2] as usize
                    && self.is_hyphen(row_ids[last + 1])
                    && self.is_part(row_ids[last])
                    && self.is_part(row_ids[last + 2])
                {
                    last += 2;
                }
                ids.push(types.intern(&text[start..end_of(last)])?);
                starts.push(row_starts[place]);
                place = last + 1;
            }
            indptr.push(ids.len());
        }
        let kinds = types.iter().map(Kind::of).collect();
        Ok(Self {
            arena: Arc::clone(&self.arena),
            indptr,
            ids,
            starts,
            types,
            kinds,
        })
    }

    fn is_hyphen(&self, id: u32) -> bool {
        matches!(self.types.term(id), "-" | "\u{2010}" | "\u{2011}")
    }

    fn is_part(&self, id: u32) -> bool {
        matches!(self.kinds[id as usize], Kind::Word | Kind::Number)
    }

    /// The documents.
    #[must_use]
    pub fn arena(&self) -> &Arc<Arena> {
        &self.arena
    }

    /// Number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.indptr.len() - 1
    }

    /// Number of tokens in all documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The surface forms.
    #[must_use]
    pub fn types(&self) -> &Vocabulary {
        &self.types
    }

    /// The kind of each surface form.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The surface ids of a document.
    #[must_use]
    pub fn ids(&self, row: usize) -> &[u32] {
        &self.ids[self.indptr[row]..self.indptr[row + 1]]
    }

    /// The bytes at which the tokens of a document start.
    #[must_use]
    pub fn starts(&self, row: usize) -> &[u32] {
        &self.starts[self.indptr[row]..self.indptr[row + 1]]
    }

    /// Where the tokens at `places` (rising, inside one document) stand, as code-point spans.
    #[must_use]
    pub fn spans(&self, row: usize, places: impl IntoIterator<Item = usize>) -> Vec<(u32, u32)> {
        let (ids, starts) = (self.ids(row), self.starts(row));
        let mut points = CodePoints::new(self.arena.text(row));
        let narrow = |point: usize| u32::try_from(point).unwrap_or(u32::MAX);
        places
            .into_iter()
            .map(|place| {
                let start = starts[place] as usize;
                let end = start + self.types.term(ids[place]).len();
                (narrow(points.at(start)), narrow(points.at(end)))
            })
            .collect()
    }
}
