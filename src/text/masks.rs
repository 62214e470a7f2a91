//! Masks: spans of documents that no analysis sees, while the text stays as it came in.
//!
//! What is masked is neither cut out nor blanked, so no offset moves and no text is copied. Whoever
//! reads words, sentences or characters reads the pieces between the masks. Here are the spans, in
//! bytes; what a gap means to n-grams is decided in `corpus`.

use super::arena::CodePoints;
use super::watch::Watch;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "masks";

/// A stretch of a document in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The document.
    pub row: usize,
    /// Its first code point.
    pub start: usize,
    /// The code point after it.
    pub end: usize,
}

/// Byte spans of some documents: rising, apart from each other, none empty.
#[derive(Debug, Default)]
pub(super) struct Masks {
    /// The documents that have spans, rising, and where the spans of each end.
    rows: Vec<u32>,
    ends: Vec<usize>,
    spans: Vec<(u32, u32)>,
}

impl Masks {
    /// The spans of a document.
    pub(super) fn of(&self, row: usize) -> &[(u32, u32)] {
        let Ok(place) = self.rows.binary_search_by(|&other| (other as usize).cmp(&row)) else {
            return &[];
        };
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.spans[start..self.ends[place]]
    }

    /// Puts spans (sorted) on top of those that `before` gives of each document.
    pub(super) fn on_top<'text>(
        count: usize,
        spans: &[Span],
        text: impl Fn(usize) -> &'text str,
        before: impl Fn(usize) -> &'text [(u32, u32)],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let (mut masks, mut watch) = (Self::default(), Watch::new(observer));
        let (mut here, mut next) = (Vec::new(), 0);
        for row in 0..count {
            watch.spend(1)?;
            here.clear();
            memory::append(&mut here, before(row), WHAT, observer)?;
            let first = next;
            while spans.get(next).is_some_and(|span| span.row == row) {
                watch.spend(1)?;
                next += 1;
            }
            in_bytes(text(row), &spans[first..next], &mut here, &mut watch)?;
            here.sort_unstable();
            let start = masks.spans.len();
            for &(from, to) in &here {
                watch.spend(1)?;
                match masks.spans[start..].last_mut() {
                    Some(last) if from <= last.1 => last.1 = last.1.max(to),
                    _ => memory::push(&mut masks.spans, (from, to), WHAT)?,
                }
            }
            if masks.spans.len() > start {
                memory::push(&mut masks.rows, narrow(row), WHAT)?;
                memory::push(&mut masks.ends, masks.spans.len(), WHAT)?;
            }
        }
        match spans.get(next) {
            Some(span) => Err(Error::Input(Cause::row(
                span.row,
                &format!("does not exist: the corpus has {count} documents"),
                "take spans that were found in this corpus",
            ))),
            None => Ok(masks),
        }
    }
}

/// A document has fewer bytes than 32 bits can number, and a corpus fewer documents.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Adds the byte spans of some spans of one document, which rise; they must lie in its text.
fn in_bytes(text: &str, spans: &[Span], bytes: &mut Vec<(u32, u32)>, watch: &mut Watch<'_>) -> Result<()> {
    if spans.is_empty() {
        return Ok(());
    }
    // Those that touch become one, so that every bound is passed once.
    let (mut at, mut rest) = (Bytes::new(text), spans);
    while let Some((first, _)) = rest.split_first() {
        let (mut widest, mut many) = (*first, 1);
        while let Some(span) = rest.get(many).filter(|span| span.start <= widest.end) {
            watch.spend(1)?;
            widest.end = widest.end.max(span.end);
            many += 1;
        }
        rest = &rest[many..];
        let (start, end) = (at.of(widest.start, watch)?, at.of(widest.end, watch)?);
        let (Some(start), Some(end)) = (start, end) else {
            return Err(Error::Input(Cause::row(
                first.row,
                &format!(
                    "has a span up to {}, but its text has {} code points",
                    widest.end,
                    CodePoints::new(text).at(text.len())
                ),
                "take spans that were found in this corpus",
            )));
        };
        if start < end {
            memory::push(bytes, (narrow(start), narrow(end)), WHAT)?;
        }
    }
    Ok(())
}

/// Turns code points of one text, asked for in rising order, into bytes.
struct Bytes<'text> {
    text: &'text str,
    ascii: bool,
    byte: usize,
    points: usize,
}

impl<'text> Bytes<'text> {
    fn new(text: &'text str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
            byte: 0,
            points: 0,
        }
    }

    /// The byte at which a code point begins, `None` beyond the end of the text.
    fn of(&mut self, point: usize, watch: &mut Watch<'_>) -> Result<Option<usize>> {
        if self.ascii {
            return Ok((point <= self.text.len()).then_some(point));
        }
        while self.points < point {
            watch.spend(1)?;
            let Some(character) = self.text[self.byte..].chars().next() else {
                return Ok(None);
            };
            self.byte += character.len_utf8();
            self.points += 1;
        }
        Ok(Some(self.byte))
    }
}

/// The pieces of a text between masks, each with its first byte; none is empty.
pub(super) fn pieces<'text>(
    text: &'text str,
    masks: &'text [(u32, u32)],
) -> impl Iterator<Item = (usize, &'text str)> {
    let starts = std::iter::once(0).chain(masks.iter().map(|&(_, end)| end as usize));
    let ends = masks
        .iter()
        .map(|&(start, _)| start as usize)
        .chain(std::iter::once(text.len()));
    starts
        .zip(ends)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| (start, &text[start..end]))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::observer::Silent;
    use crate::text::arena::Arena;

    fn span(row: usize, start: usize, end: usize) -> Span {
        Span { row, start, end }
    }

    #[test]
    fn spans_merge_and_no_text_moves() {
        let base = Arc::new(Arena::from_texts(["dé ja vu", "", "plain text"]).unwrap());
        let spans = [
            span(2, 2, 7),
            span(0, 1, 2),
            span(2, 5, 9),
            span(2, 9, 9),
            span(0, 6, 6),
        ];
        let once = Arc::new(base.without(&spans, &Silent).unwrap());
        assert_eq!(once.masks(0), [(1, 3)]);
        assert_eq!(once.masks(2), [(2, 9)]);
        assert!(base.masks(2).is_empty());
        assert_eq!(once.text(0).as_ptr(), base.text(0).as_ptr());
        let twice = Arc::new(once.without(&[span(2, 0, 2), span(1, 0, 0)], &Silent).unwrap());
        assert_eq!((twice.masks(0), twice.masks(2)), (&[(1, 3)][..], &[(0, 9)][..]));
        let some = twice.select(&[2, 1], &Silent).unwrap();
        assert_eq!((some.masks(0), some.masks(1)), (&[(0, 9)][..], &[][..]));
        assert_eq!(some.pieces(0).collect::<Vec<_>>(), [(9, "t")]);
        assert_eq!(base.pieces(0).collect::<Vec<_>>(), [(0, "dé ja vu")]);
        assert_eq!(base.pieces(1).count(), 0);
    }

    #[test]
    fn spans_outside_are_refused_by_row_and_value() {
        let base = Arc::new(Arena::from_texts(["é", "ab"]).unwrap());
        let refused = |span| base.without(&[span], &Silent).unwrap_err();
        let long = refused(span(0, 0, 2));
        assert_eq!(long.cause().unwrap().row, Some(0));
        assert!(
            long.to_string()
                .contains("has a span up to 2, but its text has 1 code points")
        );
        assert!(refused(span(1, 3, 3)).to_string().contains("Row 1"));
        assert!(refused(span(2, 0, 0)).to_string().contains("2 documents"));
    }
}
