//! The documents of a corpus, wherever their bytes live, behind one `text(row)`.
//!
//! Text is never copied or changed here: a normal form is a view over types, and every offset that
//! leaves the crate indexes the text as it came in. Bytes may be owned, borrowed from a foreign
//! buffer through [`TextSource`], or a selection of another arena's rows.

use std::sync::Arc;

use crate::error::{Cause, Error, Result};

/// Longest document, in bytes: offsets inside a document are 32 bits wide.
pub const MAX_DOCUMENT_BYTES: usize = u32::MAX as usize;

/// Most documents in one corpus: rows are 32 bits wide inside the joins.
pub const MAX_DOCUMENTS: usize = u32::MAX as usize - 1;

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
    /// Appends one text.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }
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

impl<S: AsRef<str>> FromIterator<S> for OwnedTexts {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut owned = Self::default();
        for text in texts {
            owned.push(text.as_ref());
        }
        owned
    }
}

enum Rows {
    /// Chunks in order, each with the row after its last one.
    Chunks(Vec<(Box<dyn TextSource>, usize)>),
    /// Rows of another arena.
    Selection(Arc<Arena>, Vec<u32>),
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
    pub fn from_chunks(chunks: Vec<Box<dyn TextSource>>) -> Result<Self> {
        let (mut row, mut bytes) = (0usize, 0usize);
        let mut counted = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            for index in 0..chunk.len() {
                let length = chunk.text(index).len();
                if length > MAX_DOCUMENT_BYTES {
                    return Err(Error::Limit(Cause::row(
                        row + index,
                        &format!(
                            "holds {length} bytes, more than the limit of {MAX_DOCUMENT_BYTES} a document"
                        ),
                        "split it into chapters or pages",
                    )));
                }
                bytes += length;
            }
            row += chunk.len();
            counted.push((chunk, row));
        }
        if row > MAX_DOCUMENTS {
            return Err(Error::Limit(Cause::sentence(format!(
                "The corpus has {row} documents, more than the limit of {MAX_DOCUMENTS}; work on parts of it."
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
        Self::from_chunks(vec![Box::new(texts.into_iter().collect::<OwnedTexts>())])
    }

    /// The arena of some rows of this one, in the given order; no text is copied.
    pub fn select(self: &Arc<Self>, rows: &[usize]) -> Result<Self> {
        let mut kept = Vec::with_capacity(rows.len());
        let mut bytes = 0;
        for &row in rows {
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

    /// Number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Chunks(chunks) => chunks.last().map_or(0, |(_, end)| *end),
            Rows::Selection(_, rows) => rows.len(),
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
        let chunk =
            |texts: &[&str]| -> Box<dyn TextSource> { Box::new(texts.iter().collect::<OwnedTexts>()) };
        let arena =
            Arc::new(Arena::from_chunks(vec![chunk(&["a", "b"]), chunk(&[]), chunk(&["", "dé"])]).unwrap());
        let all: Vec<&str> = (0..arena.len()).map(|row| arena.text(row)).collect();
        assert_eq!(all, ["a", "b", "", "dé"]);
        let some = arena.select(&[3, 0]).unwrap();
        assert_eq!((some.len(), some.bytes(), some.text(0)), (2, 4, "dé"));
        assert!(arena.select(&[4]).is_err());
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
