//! The tokens of many documents: surface forms, where each stood, and nothing lost.
//!
//! A token is eight bytes: the id of its surface form and the byte at which it starts inside its
//! document. Its length is the length of its form. Any normal form is a map over types
//! (`views.rs`), never a second pass over the text.

use std::sync::Arc;

use rayon::prelude::*;

use super::pace::Pace;
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::arena::{Arena, CodePoints};
use crate::text::kinds::Kind;
use crate::text::pattern::Pattern;
use crate::text::words::{self, Language};

const WHAT: &str = "tokens";

/// Tokens that are moved between two looks at the observer.
const STEP: usize = 1 << 16;

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
        memory::push(&mut self.ids, self.types.intern(&text[start..end])?, WHAT)?;
        memory::push(&mut self.starts, narrow(start)?, WHAT)
    }
}

/// Bytes that [`Tokens::build`] needs at its peak for a text of so many bytes: see `docs/limits.md`.
#[must_use]
pub fn estimate(bytes: usize, documents: usize) -> u64 {
    5 * bytes as u64 / 2 + 16 * documents as u64
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
        memory::admit(estimate(arena.bytes(), arena.len()), "tokenizing")?;
        observer.expect(arena.len());
        let cut = parallel::blocks(arena.len(), parallel::BLOCK_BYTES, |row| arena.text(row).len());
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let mut block = Block::new();
            memory::reserve_exact(&mut block.lengths, rows.len(), WHAT)?;
            let mut pace = Pace::default();
            for row in rows {
                pace.step(64, observer)?;
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
        let mut indptr = memory::with_capacity(arena.len() + 1, WHAT)?;
        indptr.push(0);
        let mut types = Vocabulary::new();
        let mut maps = Vec::with_capacity(blocks.len());
        let (mut end, mut pace) = (0, Pace::default());
        for block in &blocks {
            observer.check()?;
            for length in &block.lengths {
                end += *length as usize;
                indptr.push(end);
            }
            let mut map = memory::with_capacity(block.types.len(), WHAT)?;
            for form in block.types.iter() {
                pace.step(32, observer)?;
                map.push(types.intern(form)?);
            }
            maps.push(map);
        }
        let mut ids = memory::zeroed(total, WHAT)?;
        let mut starts = memory::zeroed(total, WHAT)?;
        let mut jobs = Vec::with_capacity(blocks.len());
        let (mut ids_left, mut starts_left) = (ids.as_mut_slice(), starts.as_mut_slice());
        for (block, map) in blocks.into_iter().zip(maps) {
            let (ids_here, ids_after) = ids_left.split_at_mut(block.ids.len());
            let (starts_here, starts_after) = starts_left.split_at_mut(block.ids.len());
            (ids_left, starts_left) = (ids_after, starts_after);
            jobs.push((block, map, ids_here, starts_here));
        }
        jobs.into_par_iter()
            .try_for_each(|(block, map, ids, starts)| settle(&block, &map, ids, starts, observer))?;
        let kind = |form| if matched { Kind::Word } else { Kind::of(form) };
        let kinds = memory::collect(types.iter().map(kind), WHAT, observer)?;
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
    pub fn joined(&self, observer: &dyn Observer) -> Result<Self> {
        let mut types = Vocabulary::new();
        let (mut ids, mut starts) = (Vec::new(), Vec::new());
        memory::reserve_exact(&mut ids, self.len(), WHAT)?;
        memory::reserve_exact(&mut starts, self.len(), WHAT)?;
        let mut indptr = memory::with_capacity(self.documents() + 1, WHAT)?;
        indptr.push(0);
        observer.expect(self.documents());
        let mut steps = Pace::default();
        for row in 0..self.documents() {
            let text = self.arena.text(row);
            let (row_ids, row_starts) = (self.ids(row), self.starts(row));
            let end_of = |place: usize| row_starts[place] as usize + self.types.term(row_ids[place]).len();
            let mut place = 0;
            while place < row_ids.len() {
                steps.step(32, observer)?;
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
            steps.step(32, observer)?;
            indptr.push(ids.len());
            observer.advance(1);
        }
        let kinds = memory::collect(types.iter().map(Kind::of), WHAT, observer)?;
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
    pub fn spans(
        &self,
        row: usize,
        places: impl IntoIterator<Item = usize>,
        observer: &dyn Observer,
    ) -> Result<Vec<(u32, u32)>> {
        let (ids, starts) = (self.ids(row), self.starts(row));
        let mut points = CodePoints::new(self.arena.text(row));
        let (mut spans, mut pace) = (Vec::new(), Pace::default());
        for place in places {
            pace.step(32, observer)?;
            let start = starts[place] as usize;
            let end = start + self.types.term(ids[place]).len();
            let span = (narrow(points.at(start))?, narrow(points.at(end))?);
            memory::push(&mut spans, span, WHAT)?;
        }
        Ok(spans)
    }
}

/// Writes the tokens of a block into their places, under the ids that are common to all.
fn settle(
    block: &Block,
    map: &[u32],
    ids: &mut [u32],
    starts: &mut [u32],
    observer: &dyn Observer,
) -> Result<()> {
    let steps = block.ids.chunks(STEP).zip(block.starts.chunks(STEP));
    let places = ids.chunks_mut(STEP).zip(starts.chunks_mut(STEP));
    for ((ids, starts), (block_ids, block_starts)) in places.zip(steps) {
        observer.check()?;
        for (place, id) in ids.iter_mut().zip(block_ids) {
            *place = map[*id as usize];
        }
        starts.copy_from_slice(block_starts);
    }
    Ok(())
}
