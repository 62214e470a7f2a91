//! Lines of a document: which of them end a sentence, and which were only broken to fit a width.
//!
//! Wire copy and mail are *hard-wrapped*: a line ends where the next word would have passed the
//! width. The width of a document is the one that 95 in 100 of its lines keep, from 30 to 128
//! characters. The document is wrapped if two in five of its lines are *carried* on by a lower-case
//! letter without a stop before it; or if at least four lines follow each other and most of them are
//! *full*, so that the first word of the next one had no room; or if there are fewer lines, of 55 to 80
//! characters, and most are full. In a wrapped document a line counts as full from four fifths of the
//! width on, for copies of copies are ragged.
//!
//! What a line break is, first match wins:
//!
//! 1. a blank line, U+2029 or a form feed: a paragraph;
//! 2. before a bullet or a number of a list: a line of its own;
//! 3. before a lower-case letter, if no stop stands before it: nothing but white space;
//! 4. before an indent that is deeper by two or more: a paragraph;
//! 5. in a wrapped document after a full line, and after a comma: nothing but white space;
//! 6. else a line of its own: a headline, an entry of a list, a caption. In a document without blank
//!    lines or indents, not wrapped, of whose lines at least half end in a stop, it is a paragraph.

use super::stops;
use super::watch::Watch;
use crate::error::Result;

/// The widest line that may be a wrapped one, in characters.
const WIDEST: usize = 128;

/// The narrowest width of a wrapped document.
const NARROWEST: usize = 30;

/// Widths at which a document of fewer than four lines may be wrapped.
const SHORT: std::ops::RangeInclusive<usize> = 55..=80;

/// What white space between two words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// There is none.
    Nothing,
    /// Goes on in the same line, or as if it did.
    Space,
    /// The line ends a sentence.
    Line,
    /// The line ends a paragraph.
    Paragraph,
}

/// White space, and what it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    /// The byte after it.
    pub(super) next: usize,
    pub(super) kind: Break,
}

/// How the lines of one document are laid out.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Lines {
    /// Characters from which a line is full; 0 unless the document is hard-wrapped.
    width: usize,
    /// Whether each line is a paragraph.
    paragraphs: bool,
    /// Where the line began that is being read, and how far it is indented.
    start: usize,
    indent: usize,
}

/// A line that is not blank.
#[derive(Default, Clone, Copy)]
struct Line {
    /// Characters, at most `WIDEST + 1`.
    length: usize,
    /// Characters of its first word.
    word: usize,
    indent: usize,
    /// Whether it begins with a lower-case letter.
    lower: bool,
    /// Whether it ends in a stop.
    ended: bool,
}

impl Line {
    /// Reads a line, none when it is blank. Of a very long one only both ends are read.
    fn of(text: &str) -> Option<Self> {
        let blank = |character: &char| character.is_whitespace();
        let indent: usize = text
            .chars()
            .take(2 * WIDEST)
            .take_while(blank)
            .map(char::len_utf8)
            .sum();
        let inner = &text[indent..];
        let tail: usize = inner
            .chars()
            .rev()
            .take(2 * WIDEST)
            .take_while(blank)
            .map(char::len_utf8)
            .sum();
        let inner = &inner[..inner.len() - tail];
        (!inner.is_empty()).then(|| Self {
            length: indent.min(WIDEST) + length(inner),
            word: first_word(inner),
            indent,
            lower: inner.chars().next().is_some_and(stops::lower),
            ended: ended(inner),
        })
    }

    /// Whether the next line's first word had no room here.
    fn full(self, word: usize, width: usize) -> bool {
        self.length + 1 + word > width
    }
}

/// Characters of a text, but no more than need be known.
fn length(text: &str) -> usize {
    if text.len() > 4 * WIDEST {
        return WIDEST + 1;
    }
    text.chars().take(WIDEST + 1).count()
}

/// Characters of the first word.
fn first_word(text: &str) -> usize {
    let characters = text.chars().take(WIDEST);
    characters
        .take_while(|character| !character.is_whitespace())
        .count()
}

/// Whether a line ends in a stop, quotes and brackets aside.
fn ended(line: &str) -> bool {
    let last = line
        .chars()
        .rev()
        .take(4)
        .find(|&character| !stops::closes(character));
    last.is_some_and(|last| stops::stop(last, None).is_some())
}

/// Calls `take` with each line of a text, none where it is blank.
fn each(text: &str, watch: &mut Watch<'_>, mut take: impl FnMut(Option<Line>)) -> Result<()> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let mut end = start;
        for part in bytes[start..].chunks(1 << 12) {
            watch.spend(1 + part.len() / 16)?;
            let found = part.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            end += found.unwrap_or(part.len());
            if found.is_some() {
                break;
            }
        }
        watch.spend(8)?;
        take(Line::of(&text[start..end]));
        start = end + 1 + usize::from(bytes[end..].starts_with(b"\r\n"));
    }
    Ok(())
}

impl Lines {
    /// Looks at the lines of a document.
    pub(super) fn of(text: &str, watch: &mut Watch<'_>) -> Result<Self> {
        let (mut lines, mut long, mut pairs, mut ends, mut indents, mut carried) = (0, 0usize, 0, 0, 0, 0);
        let (mut blank, mut before) = (false, None::<Line>);
        let mut lengths = [0usize; WIDEST + 1];
        each(text, watch, |line| {
            if let Some(line) = line {
                lines += 1;
                match lengths.get_mut(line.length) {
                    Some(count) => *count += 1,
                    None => long += 1,
                }
                if let Some(before) = before {
                    pairs += 1;
                    ends += usize::from(before.ended);
                    carried += usize::from(line.lower && !before.ended);
                    indents += usize::from(line.indent >= before.indent + 2);
                }
            } else {
                blank |= before.is_some();
            }
            before = line;
        })?;
        let width = width(&lengths, lines);
        let mut found = Self::default();
        if long * 20 <= lines && width >= NARROWEST && pairs > 0 {
            let (mut full, mut before) = (0usize, None::<Line>);
            each(text, watch, |line| {
                if let (Some(before), Some(line)) = (before, line) {
                    full += usize::from(before.full(line.word, width));
                }
                before = line;
            })?;
            let enough = pairs >= 3 || SHORT.contains(&width);
            if carried * 5 >= pairs * 2 || enough && full * 2 > pairs {
                found.width = width - width / 5;
            }
        }
        found.paragraphs = !blank && indents == 0 && found.width == 0 && ends * 2 >= pairs;
        Ok(found)
    }

    /// The white space from `at` on; a sentence stands before it.
    pub(super) fn gap(&mut self, text: &str, at: usize, watch: &mut Watch<'_>) -> Result<Gap> {
        let (mut breaks, mut paragraph, mut line, mut after_return) = (0usize, false, at, false);
        let mut next = text.len();
        for (offset, character) in text[at..].char_indices() {
            watch.spend(1)?;
            if !character.is_whitespace() {
                next = at + offset;
                break;
            }
            match character {
                '\n' if after_return => {}
                '\n' | '\r' | '\u{B}' | '\u{85}' | '\u{2028}' => breaks += 1,
                '\u{C}' | '\u{2029}' => paragraph = true,
                _ => {}
            }
            if matches!(
                character,
                '\n' | '\r' | '\u{B}'..='\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            ) {
                line = at + offset + character.len_utf8();
            }
            after_return = character == '\r';
        }
        let kind = if next == text.len() || paragraph || breaks > 1 {
            Break::Paragraph
        } else if breaks == 1 {
            self.line_break(text, at, next, next - line)
        } else if next > at {
            Break::Space
        } else {
            Break::Nothing
        };
        if breaks > 0 || paragraph {
            (self.start, self.indent) = (line, next - line);
        }
        Ok(Gap { next, kind })
    }

    /// What a single line break is: see the head of this file.
    fn line_break(&self, text: &str, end: usize, next: usize, indent: usize) -> Break {
        let (before, after) = (&text[self.start.min(end)..end], &text[next..]);
        let first = after.chars().next().unwrap_or(' ');
        let own = if self.paragraphs {
            Break::Paragraph
        } else {
            Break::Line
        };
        let line = Line {
            length: length(before),
            ..Line::default()
        };
        let wrapped = self.width > 0 && line.full(first_word(after), self.width);
        // `am` + `3. Oktober`, and a dash between two words, may stand where a line was wrapped.
        if entry(after) && !(wrapped && !ended(before) && (stops::dash(first) || first.is_ascii_digit())) {
            return own;
        }
        if stops::lower(first) && !ended(before) {
            return Break::Space;
        }
        if indent >= self.indent + 2 {
            return Break::Paragraph;
        }
        if wrapped || before.ends_with([',', '،', '、', '，']) {
            return Break::Space;
        }
        own
    }
}

/// The length that 95 in 100 lines do not pass.
fn width(lengths: &[usize], lines: usize) -> usize {
    let mut seen = 0;
    lengths
        .iter()
        .position(|count| {
            seen += count;
            seen * 20 >= lines * 19
        })
        .unwrap_or(0)
}

/// Whether a line is an entry of a list: a bullet, `3.`, `3)` or `a)`, then white space.
fn entry(line: &str) -> bool {
    let mut characters = line.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    let mut next = characters.next();
    if stops::bullet(first) {
        return next.is_some_and(char::is_whitespace);
    }
    if first.is_ascii_digit() {
        for _ in 0..2 {
            if next.is_some_and(|next| next.is_ascii_digit()) {
                next = characters.next();
            }
        }
        return matches!(next, Some('.' | ')')) && characters.next().is_some_and(char::is_whitespace);
    }
    first.is_alphabetic() && next == Some(')') && characters.next().is_some_and(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    /// What each run of white space with a line break is.
    fn breaks(text: &str) -> Vec<Break> {
        let mut watch = Watch::new(&Silent);
        let mut lines = Lines::of(text, &mut watch).unwrap();
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(offset) = text[at..].find(char::is_whitespace) {
            let gap = lines.gap(text, at + offset, &mut watch).unwrap();
            if text[at + offset..gap.next].contains(['\n', '\r', '\u{2029}']) {
                found.push(gap.kind);
            }
            at = gap.next;
        }
        found
    }

    #[test]
    fn a_line_break_is_one_of_three_things() {
        use Break::{Line, Paragraph, Space};
        for (text, expected) in [
            ("Head\n\nText", vec![Paragraph]),
            ("Head\r\nText", vec![Line]),
            ("Head\r\n\r\nText", vec![Paragraph]),
            ("Head\u{2029}Text", vec![Paragraph]),
            ("it goes\non. Head\nText", vec![Space, Line]),
            ("One.\nTwo.\nThree.", vec![Paragraph, Paragraph]),
            ("One,\nTwo.\n  Three", vec![Space, Paragraph]),
            ("so:\n- a\n2) b\n• c", vec![Line; 3]),
            ("end\n \n", vec![Paragraph]),
        ] {
            assert_eq!(breaks(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_wrapped_document_is_told_by_its_width() {
        let wrapped = "The talks between both countries will go on in\nGeneva on Monday, and both sides \
                       said that the\nMinisters would come. Nobody knew what the\nUnited Nations would \
                       do about the price of\nFish.";
        assert_eq!(breaks(wrapped), [Break::Space; 4]);
        let list = "Apples and pears\nBananas\nCherries\nDates";
        assert_eq!(breaks(list), [Break::Line; 3]);
    }
}
