//! The tokens of many documents: surface forms, where each stood, and nothing lost.
//!
//! A token is eight bytes: the id of its surface form and the byte at which it starts inside its
//! document. Its length is the length of its form. Any normal form is a map over types
//! (`views.rs`), never a second pass over the text. How they are made is in `assembly.rs`.
//!
//! Where text is masked stands a token without a character, the *gap*, between what is before and
//! after. Every view removes it, so that to n-grams a mask is what a removed word is.

use std::sync::Arc;

use super::assembly::{self, Sink};
use super::pace::Pace;
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::pages::Array;
use crate::text::arena::{Arena, CodePoints};
use crate::text::kinds::Kind;
use crate::text::pattern::Pattern;
use crate::text::tailoring::Tailoring;
use crate::text::words;

/// What the arrays are for, as an error names it.
pub(super) const WHAT: &str = "tokens";

/// Every token of a corpus, in blocks of whole documents.
#[derive(Debug)]
pub struct Tokens {
    arena: Arc<Arena>,
    blocks: Vec<Block>,
    types: Arc<Vocabulary>,
    kinds: Vec<Kind>,
}

/// The tokens of some consecutive documents, in compressed rows.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The document after the last one.
    pub(super) end_row: usize,
    /// The tokens of all blocks up to the last one here.
    pub(super) end_token: usize,
    /// Where each document's tokens begin here, and where the last one's end.
    pub(super) indptr: Vec<u32>,
    /// Surface forms.
    pub(super) ids: Array<u32>,
    /// Bytes inside the document.
    pub(super) starts: Array<u32>,
}

impl Block {
    /// Where the tokens of a document stand here.
    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let first = self.end_row - (self.indptr.len() - 1);
        self.indptr[row - first] as usize..self.indptr[row - first + 1] as usize
    }
}

/// Bytes that [`Tokens::build`] needs at its peak for a text of so many bytes: see `docs/limits.md`.
#[must_use]
pub fn estimate(bytes: usize, documents: usize) -> u64 {
    5 * bytes as u64 / 2 + 16 * documents as u64
}

/// Fits an offset into the width that the arena guarantees.
pub(super) fn narrow(offset: usize) -> Result<u32> {
    u32::try_from(offset)
        .map_err(|_| Error::Internal(Cause::sentence("An offset passed the limit on documents unseen.")))
}

impl Tokens {
    /// Tokenizes every document: words by UAX #29 with tailorings, or the matches of a pattern.
    ///
    /// Ids are ranks of first occurrence for any number of threads.
    pub fn build(
        arena: &Arc<Arena>,
        tailoring: Tailoring,
        pattern: Option<&Pattern>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        memory::admit(estimate(arena.bytes(), arena.len()), "tokenizing")?;
        let scan = |row: usize, sink: &mut Sink<'_>| {
            let (text, mut masks) = (arena.text(row), arena.masks(row).iter().peekable());
            for (at, piece) in arena.pieces(row) {
                while let Some(mask) = masks.next_if(|mask| (mask.0 as usize) < at) {
                    sink.push(text, mask.0 as usize, mask.0 as usize)?;
                }
                let mut take = |start, end| sink.push(text, at + start, at + end);
                match pattern {
                    Some(pattern) => pattern.scan(piece, observer, &mut take)?,
                    None => words::scan(piece, tailoring, observer, take)?,
                }
            }
            Ok(())
        };
        let (blocks, types) = assembly::assemble(arena, scan, observer)?;
        let kinds = if pattern.is_some() {
            memory::filled(&Kind::Word, types.len(), WHAT, observer)?
        } else {
            assembly::kinds(&types, observer)?
        };
        Ok(Self {
            arena: Arc::clone(arena),
            blocks,
            types: Arc::new(types),
            kinds,
        })
    }

    /// The same tokens with hyphenated words put back together: a word, a hyphen and a word that
    /// touch become one token (`e-mail`). The scanner splits them because scraped text also uses
    /// hyphens as dashes.
    pub fn joined(&self, observer: &dyn Observer) -> Result<Self> {
        let join = |row: usize, sink: &mut Sink<'_>| self.join_row(row, sink, observer);
        let (blocks, types) = assembly::assemble(&self.arena, join, observer)?;
        let kinds = assembly::kinds(&types, observer)?;
        Ok(Self {
            arena: Arc::clone(&self.arena),
            blocks,
            types: Arc::new(types),
            kinds,
        })
    }

    fn join_row(&self, row: usize, joined: &mut Sink<'_>, observer: &dyn Observer) -> Result<()> {
        let text = self.arena.text(row);
        let (forms, begins) = (self.ids(row), self.starts(row));
        let end_of = |at: usize| begins[at] as usize + self.types.length(forms[at]);
        let (mut at, mut pace) = (0, Pace::default());
        while at < forms.len() {
            pace.step(32, observer)?;
            let mut last = at;
            while last + 2 < forms.len()
                && end_of(last) == begins[last + 1] as usize
                && end_of(last + 1) == begins[last + 2] as usize
                && self.is_hyphen(forms[last + 1])
                && self.is_part(forms[last])
                && self.is_part(forms[last + 2])
            {
                pace.step(32, observer)?;
                last += 2;
            }
            joined.push(text, begins[at] as usize, end_of(last))?;
            at = last + 1;
        }
        Ok(())
    }

    fn is_hyphen(&self, id: u32) -> bool {
        matches!(self.types.term(id), "-" | "\u{2010}" | "\u{2011}")
    }

    fn is_part(&self, id: u32) -> bool {
        // A gap has no character; under a pattern it would pass for a word.
        matches!(self.kinds[id as usize], Kind::Word | Kind::Number) && self.types.length(id) > 0
    }

    /// The documents.
    #[must_use]
    pub fn arena(&self) -> &Arc<Arena> {
        &self.arena
    }

    /// Number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.end_row)
    }

    /// Number of tokens in all documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.end_token)
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The surface forms.
    #[must_use]
    pub fn types(&self) -> &Arc<Vocabulary> {
        &self.types
    }

    /// Whether masked text left a gap between tokens of some document.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.types.id("").is_some()
    }

    /// The kind of each surface form.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    #[inline]
    fn block(&self, row: usize) -> &Block {
        &self.blocks[self.blocks.partition_point(|block| block.end_row <= row)]
    }

    /// The surface ids of a document.
    #[must_use]
    pub fn ids(&self, row: usize) -> &[u32] {
        let block = self.block(row);
        &block.ids[block.range(row)]
    }

    /// The bytes at which the tokens of a document start.
    #[must_use]
    pub fn starts(&self, row: usize) -> &[u32] {
        let block = self.block(row);
        &block.starts[block.range(row)]
    }

    /// The tokens of all documents before this one; of all documents for the row after the last.
    #[must_use]
    pub fn before(&self, row: usize) -> usize {
        if row >= self.documents() {
            return self.len();
        }
        let block = self.block(row);
        block.end_token - block.ids.len() + block.range(row).start
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
            let end = start + self.types.length(ids[place]);
            let span = (narrow(points.at(start))?, narrow(points.at(end))?);
            memory::push(&mut spans, span, WHAT)?;
        }
        Ok(spans)
    }
}
