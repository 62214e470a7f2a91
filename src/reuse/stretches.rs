//! Stretches: the pieces of a document that could be page furniture, each with a hash of its words.
//!
//! A stretch is a line. A line that is too long for a paragraph is what scraping left of many; it is
//! cut where white space is wide, and then into sentences. What has no letter is none: a row of stars
//! says nothing, and a column of numbers is evidence.

use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::text::abbreviations::Rules;
use crate::text::arena::Arena;
use crate::text::sentences;

pub(super) const WHAT: &str = "page furniture";

/// Words from which a line is cut into sentences.
const FLAT: u32 = 60;

/// Characters of white space that part a long line as a line break would.
const WIDE: usize = 3;

/// Bytes of a line from which a column may have ended it.
const COLUMN: usize = 40;

/// Words of a stretch from which it can be a sentence.
const SENTENCE: u32 = 3;

/// A line of a document, or a part of a long one, in bytes.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is told by itself")]
pub(super) struct Stretch {
    /// Hash of the words, with one space between them.
    pub(super) hash: u64,
    pub(super) row: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Words; two signs of a script without spaces are one.
    pub(super) words: u32,
    /// Whether it reads like a sentence: it ends in a stop, or in a sign after which something comes.
    pub(super) prose: bool,
    /// Whether it is a part of a line.
    pub(super) part: bool,
    /// Whether its sentence goes on in the next line, or began in the one before, as in text that is set
    /// in columns: what such a line says is not said by all of a line.
    pub(super) wrapped: bool,
    /// Whether it has a digit: an entry of a table is no furniture because others are like it.
    pub(super) figures: bool,
}

impl Stretch {
    pub(super) fn text(self, arena: &Arena) -> &str {
        &arena.text(self.row as usize)[self.start as usize..self.end as usize]
    }
}

/// Whether two stretches have the same words.
pub(super) fn same(left: &str, right: &str) -> bool {
    left == right || left.split_whitespace().eq(right.split_whitespace())
}

/// Cuts documents into stretches.
pub(super) struct Cutter<'a> {
    arena: &'a Arena,
    rules: &'a Rules,
    observer: &'a dyn Observer,
    pace: Pace,
    row: u32,
    words: String,
    pub(super) found: Vec<Stretch>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(arena: &'a Arena, rules: &'a Rules, observer: &'a dyn Observer) -> Self {
        Self {
            arena,
            rules,
            observer,
            pace: Pace::default(),
            row: 0,
            words: String::new(),
            found: Vec::new(),
        }
    }

    /// Adds the stretches of a document, what is masked left out.
    pub(super) fn cut(&mut self, row: usize) -> Result<()> {
        self.row = u32::try_from(row).unwrap_or(u32::MAX);
        let arena = self.arena;
        for (at, piece) in arena.pieces(row) {
            let (mut start, mut before) = (at, "");
            for line in piece.split(is_line_end) {
                self.pace.step(4 + line.len() / 4, self.observer)?;
                if is_unfinished(before) && line.trim_start().starts_with(char::is_lowercase) {
                    self.wrap(row);
                }
                if !goes_on(before, line) {
                    self.line(start, line)?;
                    if closes(before, line) {
                        self.wrap(row);
                    }
                }
                before = line;
                // Every line end that `split` takes is followed by a line.
                start += line.len();
                start += piece[start - at..].chars().next().map_or(0, char::len_utf8);
            }
        }
        Ok(())
    }

    /// Marks the last stretch as a part of what stands on several lines.
    fn wrap(&mut self, row: usize) {
        if let Some(last) = self.found.last_mut().filter(|last| last.row as usize == row) {
            last.wrapped = true;
        }
    }

    fn line(&mut self, at: usize, line: &str) -> Result<()> {
        if self.read(line) <= FLAT {
            return self.add(at, line, false);
        }
        let (mut wide, mut start, mut gap) = (0, 0, 0);
        for (offset, character) in line.char_indices() {
            if !character.is_whitespace() {
                if wide >= WIDE {
                    self.sentences(at + start, &line[start..gap])?;
                    start = offset;
                }
                wide = 0;
                continue;
            }
            if wide == 0 {
                gap = offset;
            }
            wide += 1;
        }
        self.sentences(at + start, &line[start..])
    }

    fn sentences(&mut self, at: usize, text: &str) -> Result<()> {
        let mut spans = Vec::new();
        sentences::scan(text, self.rules, self.observer, &mut |sentence| {
            // A heading that a dash parts from its paragraph belongs to it.
            if text[sentence.start..].trim_start().starts_with(['–', '—', '-'])
                && let Some((_, end)) = spans.last_mut()
            {
                *end = sentence.end;
                return Ok(());
            }
            memory::push(&mut spans, (sentence.start, sentence.end), WHAT)
        })?;
        for (start, end) in spans {
            self.read(&text[start..end]);
            self.add(at + start, &text[start..end], true)?;
        }
        Ok(())
    }

    /// Leaves the words of a text in `words`, and counts them.
    fn read(&mut self, text: &str) -> u32 {
        self.words.clear();
        let (mut words, mut signs) = (0, 0);
        for word in text.split_whitespace() {
            if !self.words.is_empty() {
                self.words.push(' ');
            }
            self.words.push_str(word);
            words += 1;
            if !word.is_ascii() {
                signs += word.chars().filter(|&sign| is_dense(sign)).count();
            }
        }
        // A document has fewer words than bytes, and those fit 32 bits.
        words + u32::try_from(signs / 2).unwrap_or(u32::MAX)
    }

    fn add(&mut self, at: usize, text: &str, part: bool) -> Result<()> {
        let inner = text.trim_start();
        let (start, inner) = (at + text.len() - inner.len(), inner.trim_end());
        if !inner.chars().any(char::is_alphabetic) {
            return Ok(());
        }
        let words = self.read(inner);
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let stretch = Stretch {
            hash: hash::bytes64(self.words.as_bytes()),
            row: self.row,
            start: narrow(start),
            end: narrow(start + inner.len()),
            words,
            prose: words >= SENTENCE && reads_on(inner),
            part,
            wrapped: false,
            figures: inner.chars().any(char::is_numeric),
        };
        memory::push(&mut self.found, stretch, WHAT)
    }
}

/// Whether a line goes on with the sentence of the line before, as in text that is set in columns: the
/// last word of a paragraph is no furniture because many paragraphs end with it.
fn goes_on(before: &str, line: &str) -> bool {
    before.trim_end().len() >= COLUMN
        && line.trim_start().starts_with(char::is_lowercase)
        && is_unfinished(before)
}

/// Whether a line has words, and ends before its sentence does.
fn is_unfinished(line: &str) -> bool {
    line.trim_end()
        .ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, ',' | ';' | '-' | '–' | '—' | '"'))
        && line.contains(char::is_alphabetic)
}

/// Whether a line ends the sentence of the line before, as its last word: "Home.".
fn closes(before: &str, line: &str) -> bool {
    let (before, line) = (before.trim_end(), line.trim_end());
    let word = before.split_whitespace().next_back().unwrap_or_default();
    before.len() >= COLUMN
        && word.starts_with(char::is_lowercase)
        && is_unfinished(before)
        && line.ends_with('.')
        && !line.ends_with("..")
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A letter of a script that is written without spaces.
pub(super) fn is_dense(character: char) -> bool {
    matches!(character, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a line ends in a stop, or in a sign after which something must come.
fn reads_on(line: &str) -> bool {
    let quotes = |sign: char| {
        matches!(
            sign,
            '"' | '\'' | '”' | '’' | '»' | '«' | ')' | ']' | '」' | '』' | '“'
        )
    };
    line.trim_end_matches(quotes).ends_with([
        '.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', ',', ';', ':', '،', '؛', '、', '，', '；', '：',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn cut(text: &str) -> Vec<(String, bool, bool)> {
        let arena = Arena::from_texts([text]).unwrap();
        let rules = Rules::of(None).unwrap();
        let mut cutter = Cutter::new(&arena, &rules, &Silent);
        cutter.cut(0).unwrap();
        let told = |stretch: &Stretch| (stretch.text(&arena).to_owned(), stretch.prose, stretch.part);
        cutter.found.iter().map(told).collect()
    }

    #[test]
    fn lines_are_stretches_and_those_without_a_letter_none() {
        let told = cut("  Read  more \r\n***\n\n12 %\u{2028}It rains again.\n\n");
        let (more, rains) = ("Read  more".to_owned(), "It rains again.".to_owned());
        assert_eq!(told, [(more, false, false), (rains, true, false)]);
    }

    #[test]
    fn a_line_that_was_many_is_cut_at_wide_gaps_and_sentences() {
        let long = "word ".repeat(60);
        let told = cut(&format!(
            "Press Room     News {long} end. Next one here.\u{a0}  Email"
        ));
        let texts: Vec<&str> = told.iter().map(|(text, ..)| text.as_str()).collect();
        assert_eq!(texts[0], "Press Room");
        assert_eq!(texts[2..], ["Next one here.", "Email"]);
        assert!(told.iter().all(|&(.., part)| part));
    }

    #[test]
    fn signs_without_spaces_are_half_a_word() {
        let told = cut("谈判周一开始了。\n分享");
        assert_eq!((told[0].1, told[1].1), (true, false));
    }
}
