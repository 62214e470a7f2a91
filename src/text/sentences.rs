//! Sentences and paragraphs: their bounds, found from left to right in time linear in the text.
//!
//! The stops and the idea are those of UAX #29, the doubts are settled as Punkt does (Kiss and Strunk
//! 2006), by rules instead of training. A full stop is no end before a lower-case letter; after an
//! initial (`J. R. Smith`), letters with dots, a listed abbreviation or a word without a vowel, what
//! follows decides (`abbreviations.rs`); where the language writes ordinals with a full stop,
//! a number of one or two digits or a Roman one is an end only before a word that often opens
//! sentences. Question and exclamation marks are no end before a lower-case letter (“Why?” he
//! asked). Quotes and brackets that touch the stop belong to the sentence before, and so does a French
//! guillemet after a space. Line breaks are judged in `lines.rs`. Thai, Lao, Khmer and Burmese
//! write no full stop: there only line breaks, their own signs and question or exclamation marks end.
//!
//! Not known here: sentences inside a quotation that goes on, and what only meaning could tell.

use super::abbreviations::{Kind, LONGEST, Rules};
use super::lines::{Break, Gap, Lines};
use super::stops::{self, Stop};
use super::watch::Watch;
use crate::error::Result;
use crate::observer::Observer;

/// Openers that are looked through for the first word of a sentence.
const OPENERS: usize = 6;

/// One sentence of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Its first byte, no white space.
    pub start: usize,
    /// The byte after it; no white space stands before.
    pub end: usize,
    /// Whether it is the first of a paragraph.
    pub opens: bool,
}

/// What [`scan`] calls with each sentence.
pub type Emit<'a> = &'a mut dyn FnMut(Sentence) -> Result<()>;

/// Calls `emit` with every sentence of `text`, in order. Nothing but white space lies between them.
pub fn scan(text: &str, rules: &Rules, observer: &dyn Observer, emit: Emit<'_>) -> Result<()> {
    let mut watch = Watch::new(observer);
    let lines = Lines::of(text, &mut watch)?;
    let scanner = Scanner {
        text,
        rules,
        lines,
        watch,
        start: 0,
        opens: true,
    };
    scanner.run(emit)
}

struct Scanner<'a> {
    text: &'a str,
    rules: &'a Rules,
    lines: Lines,
    watch: Watch<'a>,
    /// Where the sentence began that is being read, and whether a paragraph began with it.
    start: usize,
    opens: bool,
}

impl Scanner<'_> {
    fn run(mut self, emit: Emit<'_>) -> Result<()> {
        let mut at = self.gap(0)?.next;
        self.start = at;
        while let Some(place) = self.hint(at)? {
            let character = self.text[place..].chars().next().unwrap_or(' ');
            if character.is_whitespace() {
                let end = self.trimmed(place)?;
                let gap = self.gap(end)?;
                if matches!(gap.kind, Break::Line | Break::Paragraph) {
                    self.close(end, gap, emit)?;
                }
                at = gap.next;
                continue;
            }
            let before = self.before(place);
            let Some(stop) = stops::stop(character, before) else {
                at = place + character.len_utf8();
                continue;
            };
            let (end, stop) = self.closed(place, stop, before)?;
            let gap = self.gap(end)?;
            let ends = match gap.kind {
                Break::Line | Break::Paragraph => true,
                Break::Space => self.ends_before_space(place, stop, gap.next),
                Break::Nothing => self.ends_before_word(place, stop, end),
            };
            if ends {
                self.close(end, gap, emit)?;
            }
            at = gap.next;
        }
        let end = self.trimmed(self.text.len())?;
        let gap = Gap {
            next: self.text.len(),
            kind: Break::Paragraph,
        };
        self.close(end, gap, emit)
    }

    /// The sentence ends at `end`; the next one begins after `gap`.
    fn close(&mut self, end: usize, gap: Gap, emit: Emit<'_>) -> Result<()> {
        if end > self.start {
            let (start, opens) = (self.start, self.opens);
            emit(Sentence { start, end, opens })?;
        }
        self.opens = gap.kind == Break::Paragraph || self.opens && end <= self.start;
        self.start = gap.next;
        Ok(())
    }

    fn gap(&mut self, at: usize) -> Result<Gap> {
        self.lines.gap(self.text, at, &mut self.watch)
    }

    /// The next byte from `at` on that may begin a stop or a line break.
    fn hint(&mut self, at: usize) -> Result<Option<usize>> {
        let mut from = at;
        for part in self.text.as_bytes()[at.min(self.text.len())..].chunks(1 << 12) {
            let found = part.iter().position(|&byte| stops::HINTS[usize::from(byte)]);
            self.watch.spend(1 + found.unwrap_or(part.len()) / 16)?;
            if let Some(offset) = found {
                return Ok(Some(from + offset));
            }
            from += part.len();
        }
        Ok(None)
    }

    /// The end of what stands before `at`, without the white space there.
    fn trimmed(&mut self, at: usize) -> Result<usize> {
        for (offset, character) in self.text[self.start..at].char_indices().rev() {
            self.watch.spend(1)?;
            if !character.is_whitespace() {
                return Ok(self.start + offset + character.len_utf8());
            }
        }
        Ok(self.start)
    }

    /// The character before `at`, quotes, brackets and white space aside: it tells the script.
    fn before(&self, at: usize) -> Option<char> {
        let near = self.text[self.start..at].chars().rev().take(3);
        near.clone()
            .find(|&character| !stops::closes(character) && !character.is_whitespace())
    }

    /// Where the stops from `at` on end, with the quotes and brackets that close after them; and the
    /// strongest of the stops.
    fn closed(&mut self, at: usize, first: Stop, before: Option<char>) -> Result<(usize, Stop)> {
        let (mut end, mut strongest, mut count, mut before) = (at, first, 0, before);
        while let Some(character) = self.text[end..].chars().next() {
            self.watch.spend(1)?;
            if let Some(stop) = stops::stop(character, before) {
                strongest = match (strongest, stop) {
                    (Stop::Sure, _) | (_, Stop::Sure) => Stop::Sure,
                    (Stop::Mark, _) | (_, Stop::Mark) => Stop::Mark,
                    (Stop::Full, Stop::Full) if count > 0 => Stop::Ellipsis,
                    (Stop::Ellipsis, _) => Stop::Ellipsis,
                    (_, stop) => stop,
                };
                count += 1;
            } else if !stops::closes(character) || self.begins_quote(end, character) {
                break;
            }
            before = Some(character);
            end += character.len_utf8();
        }
        // `.[12]` is a note, ` »` the end of a French quotation.
        let note = self.text[end..].strip_prefix('[').and_then(|rest| {
            let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
            (digits > 0 && rest.as_bytes().get(digits) == Some(&b']')).then_some(digits + 2)
        });
        end += note.unwrap_or(0);
        let mut characters = self.text[end..].chars();
        if let Some(space @ (' ' | '\u{A0}' | '\u{202F}' | '\u{2009}')) = characters.next()
            && characters.next() == Some('»')
            && characters.next().is_none_or(|next| !next.is_alphanumeric())
        {
            end += space.len_utf8() + '»'.len_utf8();
        }
        Ok((end, strongest))
    }

    /// Whether a quote at `at` belongs to the word after it: `。“我`.
    fn begins_quote(&self, at: usize, quote: char) -> bool {
        stops::may_open(quote)
            && self.text[at + quote.len_utf8()..]
                .chars()
                .next()
                .is_some_and(char::is_alphanumeric)
    }

    /// Whether a stop at `at` ends a sentence when white space follows up to `next`.
    fn ends_before_space(&self, at: usize, stop: Stop, next: usize) -> bool {
        let Some(character) = self.text[next..].chars().next() else {
            return true;
        };
        if stops::goes_on(character) || stops::stop(character, None).is_some() {
            return false;
        }
        let (first, word) = self.first_word(next);
        if stop == Stop::Sure {
            return true;
        }
        if stops::lower(first) {
            return false;
        }
        let before = self.before(at).unwrap_or(' ');
        match stop {
            Stop::Full if stops::stopless(before) || stops::armenian(before) => false,
            Stop::Full => {
                let quoted = stops::opens(character) && !stops::dash(character);
                self.ends_at_full_stop(at, first, word, quoted)
            }
            _ => true,
        }
    }

    /// The first letter or digit of what begins at `at`, quotes and dashes aside, and its word.
    fn first_word(&self, at: usize) -> (char, &str) {
        let mut rest = &self.text[at..];
        for _ in 0..OPENERS {
            match rest.chars().next() {
                Some(character) if stops::opens(character) || character == ' ' => {
                    rest = &rest[character.len_utf8()..];
                }
                _ => break,
            }
        }
        let end = rest
            .char_indices()
            .take(LONGEST)
            .find(|(_, character)| !character.is_alphanumeric() && *character != '-');
        let word = end.map_or("", |(end, _)| &rest[..end]);
        // An initial opens nothing, though `A` may.
        let initial = rest[word.len()..].starts_with('.') && word.chars().nth(1).is_none();
        let word = if initial { "" } else { word };
        (rest.chars().next().unwrap_or(' '), word)
    }

    /// Whether a single full stop at `at` ends a sentence, before a word that is not in lower case.
    fn ends_at_full_stop(&self, at: usize, first: char, next: &str, quoted: bool) -> bool {
        let Some((from, word)) = self.word_before(at) else {
            return true;
        };
        let opens = self.rules.opens(next);
        let heads = self.heads(from);
        let before = self.text[self.start..from].chars().next_back().unwrap_or(' ');
        let part = word.rsplit(['-', '’', '\'']).next().unwrap_or(word);
        if let Some(kind) = self.rules.kind(word).or_else(|| self.rules.kind(part)) {
            return match kind {
                Kind::Title => !first.is_alphabetic(),
                Kind::Number | Kind::Unit => !first.is_numeric(),
                Kind::Inner => false,
                Kind::Other => opens,
            };
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            // `15:16.` is no ordinal, and no ordinal stands before a quote.
            let alone = !matches!(before, ':' | ',' | '/' | '&') && !quoted;
            let ordinal = self.rules.ordinals && word.len() <= 2 && alone;
            return !heads && (!ordinal || opens);
        }
        let mut letters = word.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return !self.looks_abbreviated(word, part) || opens;
        };
        // One letter is an initial or a list's `B.`, but not in `km/h.`; nor is it one in Chinese, or in
        // lower case outside the alphabet (`ý` is a word in Vietnamese).
        let plain = stops::dense(letter) || matches!(before, '/' | '&' | '°');
        let word_of_one = stops::lower(letter) && ('\u{80}'..'\u{370}').contains(&letter);
        let counted = stops::lower(letter) && self.text[..from].trim_end().ends_with(char::is_numeric);
        plain || word_of_one || counted && !self.rules.knows_starters() || opens && !heads
    }

    /// Whether a word has the shape of an abbreviation or, by language, of a Roman ordinal.
    fn looks_abbreviated(&self, word: &str, part: &str) -> bool {
        if word.contains('.') {
            let dense = |part: &str| part.chars().count() <= 3 && part.chars().all(char::is_alphabetic);
            return word.split('.').all(|part| dense(part.trim_start_matches('-')));
        }
        if self.rules.ordinals && part.bytes().all(|byte| b"IVXLCDM".contains(&byte)) {
            return true;
        }
        let vowel =
            |letter: char| !letter.is_ascii_alphabetic() || "aeiouy".contains(letter.to_ascii_lowercase());
        let capitals = !part.chars().any(stops::lower);
        self.rules.vowelless && part.chars().nth(4).is_none() && !capitals && !part.chars().any(vowel)
    }

    /// Whether nothing but openers stands between the start of the sentence and `from`.
    fn heads(&self, from: usize) -> bool {
        let before = &self.text[self.start..from];
        before.len() <= 4 * OPENERS && before.chars().all(stops::opens)
    }

    /// The word that ends at `at` and where it begins, if it is short enough to be an abbreviation.
    fn word_before(&self, at: usize) -> Option<(usize, &str)> {
        let before = &self.text[self.start..at];
        let mut from = before.len();
        let mut characters = before.char_indices().rev().peekable();
        while let Some((offset, character)) = characters.next() {
            // Hebrew writes a quote inside abbreviations; marks belong to the letters of India.
            let hebrew = |&(_, letter): &(usize, char)| ('\u{5D0}'..='\u{5EA}').contains(&letter);
            let inside = character.is_alphanumeric()
                || matches!(character, '.' | '-' | '\'' | '’' | '№' | 'º' | 'ª')
                || stops::indic(character)
                || stops::closes(character) && characters.peek().is_some_and(hebrew);
            if !inside {
                break;
            }
            if before.len() - offset > LONGEST {
                return None;
            }
            from = offset;
        }
        let word = before[from..].trim_start_matches(['.', '-', '\'', '’']);
        (!word.is_empty()).then_some((at - word.len(), word))
    }

    /// Whether a stop ends a sentence when the next one touches it, as in scraped text (`said.The`).
    fn ends_before_word(&self, at: usize, stop: Stop, end: usize) -> bool {
        let Some(next) = self.text[end..].chars().next() else {
            return true;
        };
        let near = self.text[self.start..at].chars().rev().take(4);
        let before = near.clone().find(|near| near.is_alphanumeric()).unwrap_or(' ');
        let quoted = end > at && self.text[at..end].chars().next_back().is_some_and(stops::closes);
        match stop {
            // `「…。」と述べた`: what was said is part of the sentence.
            Stop::Sure if quoted => !stops::goes_on(next) && !matches!(next, 'と' | 'っ'),
            Stop::Sure => !stops::goes_on(next),
            _ if stops::stopless(before) => stop == Stop::Mark && stops::caseless(next),
            _ if stops::caseless(before) && stops::caseless(next) => {
                let word = self
                    .word_before(at)
                    .map_or(LONGEST, |(_, word)| word.chars().count());
                stop == Stop::Mark || word > 2
            }
            _ => {
                let near = self.text[end..].chars().take(OPENERS);
                let mut letters = near.filter(|&letter| !stops::opens(letter));
                let capital = letters.next().is_some_and(char::is_uppercase)
                    && letters.next().is_some_and(stops::lower);
                let plain = self
                    .word_before(at)
                    .is_none_or(|(_, word)| !word.contains('.') && word.chars().nth(1).is_some());
                capital && plain && (before.is_alphabetic() || before.is_ascii_digit())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn sentences<'text>(text: &'text str, language: Option<&str>) -> Vec<(&'text str, bool)> {
        let rules = Rules::of(language).unwrap();
        let mut found = Vec::new();
        scan(text, &rules, &Silent, &mut |sentence| {
            found.push((&text[sentence.start..sentence.end], sentence.opens));
            Ok(())
        })
        .unwrap();
        found
    }

    #[test]
    fn a_full_stop_has_many_uses() {
        for (language, text, expected) in [
            ("en", "Dr. J. R. Smith left the U.S. Senate. “Why?” he said.", 2),
            ("en", "No. 5 rose 3.5 p.c. in Sept. 2012. The rest fell.", 2),
            ("en", "He left at 5 p.m. The rest stayed.", 2),
            ("de", "Am 3. Oktober, d. h. im 19. Jahrhundert. Die Zeit.", 2),
            ("de", "Er ist 30. Die Frau auch.", 2),
            ("fr", "« Oui ! » dit M. Bo. « Non. » Fin.", 3),
            ("hy", "Նա գնաց: Նա ասաց. Վերջ։", 2),
            ("th", "พ.ศ. 2560 ก.ย. จบ", 1),
            ("zh", "他说：“走。”我没走。", 2),
            ("", "", 0),
        ] {
            let found = sentences(text, Some(language));
            assert_eq!(found.len(), expected, "{text}: {found:?}");
        }
    }

    #[test]
    fn the_first_of_a_paragraph_is_told() {
        let text = "\n One. Two.\n\nThree\nFour";
        assert_eq!(
            sentences(text, None),
            [("One.", true), ("Two.", false), ("Three", true), ("Four", false)]
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_white_space_is_left_out(
            text in "[aA1é終न\u{5D0}.!?…。।;:|«»“”\"'()\\[\\]\\-•, \u{A0}\n\r\u{2029}\t]{0,40}",
            any in "\\PC{0,40}",
        ) {
            for text in [text, any] {
                let mut left = String::new();
                let mut end = 0;
                scan(&text, &Rules::of(Some("de")).unwrap(), &Silent, &mut |sentence| {
                    left.push_str(&text[end..sentence.start]);
                    let inner = &text[sentence.start..sentence.end];
                    assert!(!inner.is_empty() && inner == inner.trim());
                    end = sentence.end;
                    Ok(())
                })
                .unwrap();
                left.push_str(&text[end..]);
                proptest::prop_assert!(left.trim().is_empty(), "{left:?}");
            }
        }
    }
}
