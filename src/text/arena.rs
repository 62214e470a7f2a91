//! The documents of a corpus, wherever their bytes live, behind one `text(row)`.
//!
//! Text is never copied or changed here: a normal form is a view over types, and every offset that
//! leaves the crate indexes the text as it came in. Bytes may be owned, borrowed from a foreign
//! buffer through [`TextSource`], or a selection of another arena's rows. Parts of them can be masked
//! (`masks.rs`): they stay in the text, and nobody who asks for its `pieces` sees them.

use std::sync::Arc;

use super::masks::{self, Masks, Span};
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::{Observer, Silent};

/// Rows between two looks at the observer.
const ROWS_BETWEEN_CHECKS: usize = 1 << 14;

/// Somebody else's texts, already known to be UTF-8.
pub trait TextSource: Send + Sync {
    /// Number of texts.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text at `index`, which is below `len()`; a missing text is empty.
    fn text(&self, index: usize) -> &str;
}

/// Texts in one buffer of our own.
#[derive(Debug, Clone, Default)]
pub struct OwnedTexts {
    bytes: String,
    ends: Vec<usize>,
}

impl OwnedTexts {
    /// Texts with room for `count` of them.
    pub fn with_room(count: usize) -> Result<Self> {
        let mut owned = Self::default();
        room(owned.ends.try_reserve_exact(count), count, "documents")?;
        Ok(owned)
    }

    /// Appends to the text that is being written; `end` closes it.
    pub fn write(&mut self, piece: &str) -> Result<()> {
        let needed = self.bytes.len().saturating_add(piece.len());
        room(self.bytes.try_reserve(piece.len()), needed, "bytes of text")?;
        self.bytes.push_str(piece);
        Ok(())
    }

    /// Ends the text that was written.
    pub fn end(&mut self) -> Result<()> {
        room(self.ends.try_reserve(1), self.ends.len(), "documents")?;
        self.ends.push(self.bytes.len());
        Ok(())
    }

    /// Bytes written so far.
    #[must_use]
    pub fn written(&self) -> usize {
        self.bytes.len()
    }

    /// Appends one text.
    pub fn push(&mut self, text: &str) -> Result<()> {
        self.write(text)?;
        self.end()
    }
}

/// The error of an allocation that failed.
fn room(
    outcome: std::result::Result<(), std::collections::TryReserveError>,
    amount: usize,
    what: &str,
) -> Result<()> {
    outcome.map_err(|_| {
        Error::Memory(Cause::sentence(format!(
            "{amount} {what} do not fit in memory; work on parts of the corpus, or pass Arrow columns, \
             which are not copied."
        )))
    })
}

impl TextSource for OwnedTexts {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn text(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }
}

enum Rows {
    /// Chunks in order, each with the row after its last one.
    Chunks(Vec<(Box<dyn TextSource>, usize)>),
    /// Rows of another arena.
    Selection(Arc<Arena>, Vec<u32>),
    /// Another arena with masks, its own among them.
    Masked(Arc<Arena>, Masks),
}

/// The documents of a corpus.
pub struct Arena {
    rows: Rows,
    bytes: usize,
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Arena({} documents, {} bytes)", self.len(), self.bytes)
    }
}

impl Arena {
    /// An arena over chunks of text, in their order.
    pub fn from_chunks(chunks: Vec<Box<dyn TextSource>>, observer: &dyn Observer) -> Result<Self> {
        let (longest, most) = (limits::DOCUMENT_BYTES.most(), limits::DOCUMENTS.most());
        let (mut row, mut bytes) = (0usize, 0usize);
        let mut counted = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            for index in 0..chunk.len() {
                if index % ROWS_BETWEEN_CHECKS == 0 {
                    observer.check()?;
                }
                let length = chunk.text(index).len();
                if length > longest {
                    return Err(Error::Limit(Cause::row(
                        row + index,
                        &format!("holds {length} bytes, more than the limit document_bytes of {longest}"),
                        "split it into chapters or pages",
                    )));
                }
                bytes += length;
            }
            row += chunk.len();
            counted.push((chunk, row));
        }
        if row > most {
            return Err(Error::Limit(Cause::sentence(format!(
                "The corpus has {row} documents, more than the limit documents of {most}; work on parts of it."
            ))));
        }
        counted.retain(|(chunk, _)| !chunk.is_empty());
        Ok(Self {
            rows: Rows::Chunks(counted),
            bytes,
        })
    }

    /// An arena over texts of our own.
    pub fn from_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut owned = OwnedTexts::default();
        for text in texts {
            owned.push(text.as_ref())?;
        }
        Self::from_chunks(vec![Box::new(owned)], &Silent)
    }

    /// The arena of some rows of this one, in the given order; no text is copied.
    pub fn select(self: &Arc<Self>, rows: &[usize], observer: &dyn Observer) -> Result<Self> {
        let mut kept = Vec::new();
        room(kept.try_reserve_exact(rows.len()), rows.len(), "rows")?;
        let mut bytes = 0;
        for (place, &row) in rows.iter().enumerate() {
            if place % ROWS_BETWEEN_CHECKS == 0 {
                observer.check()?;
            }
            if row >= self.len() {
                return Err(Error::Input(Cause::row(
                    row,
                    &format!("does not exist: the corpus has {} documents", self.len()),
                    "rows count from 0",
                )));
            }
            bytes += self.text(row).len();
            kept.push(u32::try_from(row).map_err(|_| {
                Error::Internal(Cause::sentence("A row passed the limit on documents unseen."))
            })?);
        }
        Ok(Self {
            rows: Rows::Selection(Arc::clone(self), kept),
            bytes,
        })
    }

    /// This arena with spans masked beside those that are so already; no text is copied. Spans may
    /// overlap, but must lie in their documents.
    pub fn without(self: &Arc<Self>, spans: &[Span], observer: &dyn Observer) -> Result<Self> {
        let mut sorted = memory::with_capacity(spans.len(), "masks")?;
        memory::append(&mut sorted, spans, "masks", observer)?;
        sorted.sort_unstable();
        let (text, before) = (|row| self.text(row), |row| self.masks(row));
        let masks = Masks::on_top(self.len(), &sorted, text, before, observer)?;
        // Masks on masks would be asked one after the other.
        let base = match &self.rows {
            Rows::Masked(base, _) => base,
            _ => self,
        };
        Ok(Self {
            rows: Rows::Masked(Arc::clone(base), masks),
            bytes: self.bytes,
        })
    }

    /// The masked spans of a document in bytes: rising, apart from each other, none empty.
    #[must_use]
    pub fn masks(&self, row: usize) -> &[(u32, u32)] {
        match &self.rows {
            Rows::Chunks(_) => &[],
            Rows::Selection(base, rows) => base.masks(rows[row] as usize),
            Rows::Masked(_, masks) => masks.of(row),
        }
    }

    /// What is not masked of a document: its stretches, each with its first byte.
    pub fn pieces(&self, row: usize) -> impl Iterator<Item = (usize, &str)> {
        masks::pieces(self.text(row), self.masks(row))
    }

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Chunks(chunks) => chunks.last().map_or(0, |(_, end)| *end),
            Rows::Selection(_, rows) => rows.len(),
            Rows::Masked(base, _) => base.len(),
        }
    }

    /// Whether there are no documents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of text in all documents.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a document.
    ///
    /// # Panics
    /// When `row` is not below `len()`; the border checks rows that users name.
    #[must_use]
    pub fn text(&self, row: usize) -> &str {
        match &self.rows {
            Rows::Chunks(chunks) => {
                let chunk = chunks.partition_point(|(_, end)| *end <= row);
                let first = if chunk == 0 { 0 } else { chunks[chunk - 1].1 };
                chunks[chunk].0.text(row - first)
            }
            Rows::Selection(base, rows) => base.text(rows[row] as usize),
            Rows::Masked(base, _) => base.text(row),
        }
    }
}

/// Turns byte offsets of one text, asked for in rising order, into code-point offsets.
#[derive(Debug)]
pub struct CodePoints<'text> {
    text: &'text str,
    ascii: bool,
    byte: usize,
    points: usize,
}

impl<'text> CodePoints<'text> {
    /// A map over `text`.
    #[must_use]
    pub fn new(text: &'text str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
            byte: 0,
            points: 0,
        }
    }

    /// The code points before `byte`, which lies on a character border, not before the last one
    /// asked for.
    pub fn at(&mut self, byte: usize) -> usize {
        if self.ascii {
            return byte;
        }
        self.points += self.text.as_bytes()[self.byte..byte]
            .iter()
            .filter(|&&unit| unit & 0xC0 != 0x80)
            .count();
        self.byte = byte;
        self.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_across_chunks_and_selections() {
        let chunk = |texts: &[&str]| -> Box<dyn TextSource> {
            let mut owned = OwnedTexts::with_room(texts.len()).unwrap();
            for text in texts {
                owned.push(text).unwrap();
            }
            Box::new(owned)
        };
        let chunks = vec![chunk(&["a", "b"]), chunk(&[]), chunk(&["", "dé"])];
        let arena = Arc::new(Arena::from_chunks(chunks, &Silent).unwrap());
        let all: Vec<&str> = (0..arena.len()).map(|row| arena.text(row)).collect();
        assert_eq!(all, ["a", "b", "", "dé"]);
        let some = arena.select(&[3, 0], &Silent).unwrap();
        assert_eq!((some.len(), some.bytes(), some.text(0)), (2, 4, "dé"));
        assert!(arena.select(&[4], &Silent).is_err());
    }

    #[test]
    fn a_text_may_be_written_in_pieces() {
        let mut owned = OwnedTexts::default();
        owned.write("one ").unwrap();
        owned.write("té").unwrap();
        owned.end().unwrap();
        owned.push("").unwrap();
        assert_eq!((owned.len(), owned.text(0), owned.text(1)), (2, "one té", ""));
    }

    #[test]
    fn room_that_cannot_exist_is_an_error() {
        let error = OwnedTexts::with_room(usize::MAX / 16).unwrap_err();
        assert!(matches!(error, Error::Memory(_)));
        assert!(error.to_string().contains("do not fit in memory"));
    }

    #[test]
    fn code_points_are_counted_once_along_the_text() {
        let text = "a“é”𝒳z";
        let mut points = CodePoints::new(text);
        for (expected, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.at(byte), expected);
        }
        assert_eq!(points.at(text.len()), text.chars().count());
    }
}
