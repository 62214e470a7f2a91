//! Segments: which tokens of a corpus begin a sentence, and which a paragraph.
//!
//! One bit a token for each, in the order of the tokens of all documents. The bounds come from
//! `text/sentences.rs`, but a token is never cut in two: a bound inside a token is no bound, and
//! what it would have parted stays one sentence.

use std::ops::Range;

use super::pace::Pace;
use super::tokens::Tokens;
use super::views::View;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
pub use crate::text::abbreviations::Rules;
use crate::text::sentences::{self, Sentence};

const WHAT: &str = "sentences";

/// Sentences and paragraphs of all documents, as bits over their tokens.
#[derive(Debug)]
pub struct Segments {
    /// The first token of each document, among those of all.
    firsts: Vec<usize>,
    sentences: Vec<u64>,
    paragraphs: Vec<u64>,
}

/// The bits of one block of documents.
#[derive(Default)]
struct Block {
    tokens: usize,
    sentences: Vec<u64>,
    paragraphs: Vec<u64>,
}

/// Bytes that [`Segments::build`] needs at its peak.
#[must_use]
pub fn estimate(tokens: usize, documents: usize) -> u64 {
    tokens as u64 / 2 + 8 * documents as u64
}

impl Segments {
    /// Finds the sentences of every document, in parallel by blocks of documents.
    pub fn build(tokens: &Tokens, rules: &Rules, observer: &dyn Observer) -> Result<Self> {
        memory::admit(estimate(tokens.len(), tokens.documents()), "finding sentences")?;
        observer.expect(tokens.documents());
        let arena = tokens.arena();
        let cut = parallel::blocks(arena.len(), parallel::BLOCK_BYTES, |row| arena.text(row).len());
        let blocks = parallel::map_blocks(&cut, observer, |rows| block(tokens, rules, rows, observer))?;
        let mut firsts = memory::with_capacity(tokens.documents(), WHAT)?;
        let (mut first, mut pace) = (0, Pace::default());
        for row in 0..tokens.documents() {
            pace.step(1, observer)?;
            firsts.push(first);
            first += tokens.ids(row).len();
        }
        let words = tokens.len().div_ceil(64);
        let mut sentences = memory::zeroed(words, WHAT)?;
        let mut paragraphs = memory::zeroed(words, WHAT)?;
        let mut at = 0;
        for block in blocks {
            lay(&mut sentences, at, &block.sentences, observer)?;
            lay(&mut paragraphs, at, &block.paragraphs, observer)?;
            at += block.tokens;
        }
        Ok(Self {
            firsts,
            sentences,
            paragraphs,
        })
    }

    /// Whether a token of a document begins a sentence.
    #[must_use]
    pub fn begins_sentence(&self, row: usize, place: usize) -> bool {
        bit(&self.sentences, self.firsts[row] + place)
    }

    /// Whether a token begins a segment of this unit.
    #[must_use]
    pub fn begins(&self, unit: Unit, row: usize, place: usize) -> bool {
        match unit {
            Unit::Sentence => self.begins_sentence(row, place),
            Unit::Paragraph => self.begins_paragraph(row, place),
        }
    }

    /// For each kept token of a view whether it is the first one of its segment. The view must be of
    /// the tokens that these segments were built of.
    pub fn starts(&self, view: &View, unit: Unit, observer: &dyn Observer) -> Result<Vec<bool>> {
        let tokens = view.tokens();
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
            tokens.ids(row).len()
        });
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let (mut starts, mut pace) = (Vec::new(), Pace::default());
            for row in rows {
                let mut seen = 0;
                for (_, place) in view.kept(row) {
                    pace.step(1 + place - seen, observer)?;
                    // The start itself may have been dropped; then the next kept token stands for it.
                    let first = (seen..=place).any(|place| self.begins(unit, row, place));
                    memory::push(&mut starts, first, WHAT)?;
                    seen = place + 1;
                }
            }
            Ok(starts)
        })?;
        memory::concat(blocks, WHAT, observer)
    }

    /// Whether a token of a document begins a paragraph, and with it a sentence.
    #[must_use]
    pub fn begins_paragraph(&self, row: usize, place: usize) -> bool {
        bit(&self.paragraphs, self.firsts[row] + place)
    }
}

fn bit(bits: &[u64], place: usize) -> bool {
    bits[place / 64] >> (place % 64) & 1 == 1
}

/// Lays the bits of a block over all bits, from bit `at` on.
fn lay(bits: &mut [u64], at: usize, block: &[u64], observer: &dyn Observer) -> Result<()> {
    let (mut word, shift, mut pace) = (at / 64, at % 64, Pace::default());
    for &part in block {
        pace.step(1, observer)?;
        // The last part may be shorter than it is wide; what lies outside is zero.
        if part << shift != 0 {
            bits[word] |= part << shift;
        }
        if shift > 0 && part >> (64 - shift) != 0 {
            bits[word + 1] |= part >> (64 - shift);
        }
        word += 1;
    }
    Ok(())
}

/// The bits of some documents.
fn block(tokens: &Tokens, rules: &Rules, rows: Range<usize>, observer: &dyn Observer) -> Result<Block> {
    let count: usize = rows.clone().map(|row| tokens.ids(row).len()).sum();
    let mut block = Block {
        tokens: 0,
        sentences: memory::zeroed(count.div_ceil(64), WHAT)?,
        paragraphs: memory::zeroed(count.div_ceil(64), WHAT)?,
    };
    for row in rows {
        let base = block.tokens;
        each(tokens, row, rules, observer, &mut |sentence, place| {
            let (word, mask) = ((base + place) / 64, 1 << ((base + place) % 64));
            if place < tokens.ids(row).len() {
                block.sentences[word] |= mask;
                block.paragraphs[word] |= if sentence.opens { mask } else { 0 };
            }
            Ok(())
        })?;
        block.tokens += tokens.ids(row).len();
    }
    Ok(block)
}

/// Calls `take` with each sentence of a document that begins in no token, and with the place of
/// the first token that begins in it or after it.
fn each(
    tokens: &Tokens,
    row: usize,
    rules: &Rules,
    observer: &dyn Observer,
    take: &mut dyn FnMut(Sentence, usize) -> Result<()>,
) -> Result<()> {
    let (ids, starts) = (tokens.ids(row), tokens.starts(row));
    let (mut place, mut steps) = (0, Pace::default());
    let mut emit = |sentence: Sentence| {
        steps.step(4, observer)?;
        while place < ids.len() && (starts[place] as usize) < sentence.start {
            steps.step(1, observer)?;
            place += 1;
        }
        let before = place.checked_sub(1);
        let inside = before.is_some_and(|before| {
            starts[before] as usize + tokens.types().term(ids[before]).len() > sentence.start
        });
        if inside { Ok(()) } else { take(sentence, place) }
    };
    // Masked text parts sentences, and paragraphs too.
    for (at, piece) in tokens.arena().pieces(row) {
        sentences::scan(piece, rules, observer, &mut |sentence| {
            emit(Sentence {
                start: at + sentence.start,
                end: at + sentence.end,
                ..sentence
            })
        })?;
    }
    Ok(())
}

/// What a document is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Sentences.
    Sentence,
    /// Paragraphs.
    Paragraph,
}

/// The byte spans of the sentences or paragraphs of one document, without the white space around
/// them.
pub fn spans(
    tokens: &Tokens,
    row: usize,
    unit: Unit,
    rules: &Rules,
    observer: &dyn Observer,
) -> Result<Vec<(usize, usize)>> {
    let mut starts = Vec::new();
    each(tokens, row, rules, observer, &mut |sentence, _| {
        if unit == Unit::Sentence || sentence.opens {
            memory::push(&mut starts, sentence.start, WHAT)?;
        }
        Ok(())
    })?;
    let (text, mut masks) = (
        tokens.arena().text(row),
        tokens.arena().masks(row).iter().peekable(),
    );
    let (mut spans, mut pace) = (memory::with_capacity(starts.len(), WHAT)?, Pace::default());
    for (number, &start) in starts.iter().enumerate() {
        let mut after = starts.get(number + 1).copied().unwrap_or(text.len());
        while masks.next_if(|mask| (mask.0 as usize) < start).is_some() {
            pace.step(1, observer)?;
        }
        if let Some(mask) = masks.peek() {
            after = after.min(mask.0 as usize);
        }
        let mut end = after;
        // Backwards over white space, which may be long, and is passed once.
        for (offset, character) in text[start..after].char_indices().rev() {
            pace.step(4, observer)?;
            if !character.is_whitespace() {
                end = start + offset + character.len_utf8();
                break;
            }
        }
        spans.push((start, end));
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::views::Settings;
    use crate::observer::Silent;
    use crate::text::arena::Arena;
    use crate::text::pattern::Pattern;
    use crate::text::tailoring::{Language, Tailoring};

    fn view(texts: &[String], pattern: Option<&str>) -> View {
        let pattern = pattern.map(|pattern| Pattern::new(pattern).unwrap());
        let arena = Arc::new(Arena::from_texts(texts).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), pattern.as_ref(), &Silent).unwrap();
        View::new(Arc::new(tokens), Settings::surface(), &Silent).unwrap()
    }

    #[test]
    fn bits_stand_at_the_first_tokens_across_words_and_blocks() {
        // 63 and 65 tokens a document, and more than one block.
        let texts: Vec<String> = (0..4000)
            .map(|row| format!("{}. B c.\n\nD", "a ".repeat(57 + row % 3)))
            .collect();
        let view = view(&texts, None);
        let segments = Segments::build(view.tokens(), &Rules::of(None).unwrap(), &Silent).unwrap();
        for row in 0..texts.len() {
            let last = view.tokens().ids(row).len() - 1;
            for place in 0..=last {
                let (second, third) = (last - 3, last);
                assert_eq!(
                    segments.begins_sentence(row, place),
                    [0, second, third].contains(&place)
                );
                assert_eq!(segments.begins_paragraph(row, place), [0, third].contains(&place));
            }
        }
        let starts = segments.starts(&view, Unit::Sentence, &Silent).unwrap();
        assert_eq!(starts.iter().filter(|&&start| start).count(), 3 * texts.len());
    }

    #[test]
    fn a_bound_inside_a_token_is_none() {
        let text = "aa be. Cc day. Ee".to_owned();
        let view = view(&[text], Some(r"be\. Cc|\w+"));
        let rules = Rules::of(Some("fr")).unwrap();
        let spans = |unit| spans(view.tokens(), 0, unit, &rules, &Silent).unwrap();
        assert_eq!(spans(Unit::Sentence), [(0, 14), (15, 17)]);
        assert_eq!(spans(Unit::Paragraph), [(0, 17)]);
    }
}
