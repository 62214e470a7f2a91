//! Layout: where a place lies in its document: on which line, in which brackets, before what.
//!
//! Nothing here knows agencies. A line that is longer than the reach of a look has no start or no
//! end; first and last lines are found once for a document.

use super::cues::{Cues, REACH, ceil, floor, is_spaceless, is_word, trimmed_after, trimmed_before};

/// Lines that are not blank among which a byline is looked for, and the bytes they may have.
const FIRST: (usize, usize) = (5, 800);

/// Lines that are not blank that count as the last ones, and the bytes they may have.
const LAST: (usize, usize) = (3, 600);

/// Longest bracket around a place and an agency, in bytes: "【ワシントン共同】".
const BRACKET: usize = 60;

/// Words of a dateline.
const PLACE: usize = 9;

/// A document, seen from the places of names.
pub(super) struct Layout<'text> {
    pub(super) text: &'text str,
    /// Where the first lines end.
    first: usize,
    /// Where the last lines begin.
    last: usize,
}

impl<'text> Layout<'text> {
    pub(super) fn of(text: &'text str) -> Self {
        let head = ceil(text, FIRST.1);
        let mut lines = text[..head].split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some((*end, line))
        });
        let first = lines
            .by_ref()
            .filter(|(_, line)| !line.trim().is_empty())
            .nth(FIRST.0 - 1)
            .map_or(head, |(end, _)| end);
        let tail = floor(text, text.len().saturating_sub(LAST.1));
        let mut start = text.len();
        let last = text[tail..]
            .split_inclusive('\n')
            .rev()
            .map(|line| {
                start -= line.len();
                (start, line)
            })
            .filter(|(_, line)| !line.trim().is_empty())
            .nth(LAST.0 - 1)
            .map_or(tail, |(start, _)| start);
        Self { text, first, last }
    }

    /// Whether a place is among the first lines.
    pub(super) fn is_first(&self, at: usize) -> bool {
        at < self.first
    }

    /// Whether a line that begins and ends here is one of the first, and not the last word of a text.
    pub(super) fn is_head(&self, line: usize, end: usize) -> bool {
        self.is_first(line) && !self.ends_text(end)
    }

    /// Whether a place is among the last lines.
    pub(super) fn is_last(&self, at: usize) -> bool {
        at >= self.last
    }

    /// The first sign of the line of a place, white space aside.
    pub(super) fn line_start(&self, at: usize) -> Option<usize> {
        let head = floor(self.text, at.saturating_sub(REACH));
        let start = match self.text[head..at].rfind(is_break) {
            Some(found) => head + found,
            None if head == 0 => 0,
            None => return None,
        };
        Some(trimmed_after(self.text, start).min(at))
    }

    /// The end of the line of a place, white space aside.
    pub(super) fn line_end(&self, at: usize) -> Option<usize> {
        let tail = ceil(self.text, at.saturating_add(REACH));
        let end = match self.text[at..tail].find(is_break) {
            Some(found) => at + found,
            None if tail == self.text.len() => tail,
            None => return None,
        };
        Some(trimmed_before(self.text, end).max(at))
    }

    /// Whether nothing but stops follows on the line of a place.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        let rest = &self.text[at..self.line_end(at).unwrap_or(at)];
        self.line_end(at).is_some() && rest.chars().all(|sign| is_stop(sign) || sign.is_whitespace())
    }

    /// Whether nothing but stops and the letters of those who wrote it follow in the document.
    pub(super) fn ends_text(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.len() <= 40
            && rest.split_whitespace().all(|word| {
                word.chars().all(is_stop)
                    || (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
            })
    }

    /// Whether a sentence ends before a place: a stop, the start of a line, or a wide gap.
    pub(super) fn sentence_before(&self, at: usize) -> bool {
        let end = trimmed_before(self.text, at);
        let gap = &self.text[end..at];
        end == 0
            || gap.contains(is_break)
            || gap.chars().count() >= 3
            || self.text[..end].ends_with([
                '.', '!', '?', '"', '”', '»', '…', '。', '！', '？', '」', '؟', '।',
            ])
    }

    /// The brackets right around a span: where they open, and the byte after they close.
    pub(super) fn brackets(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let before = self.text[..start].trim_end_matches(' ');
        let after = self.text[end..].trim_start_matches(' ');
        let (open, close) = (before.chars().next_back()?, after.chars().next()?);
        let fit = matches!(
            (open, close),
            ('(', ')') | ('[', ']') | ('（', '）') | ('【', '】') | ('/', '/') | ('〔', '〕') | ('{', '}')
        );
        let opens = before.len() - open.len_utf8();
        let closes = self.text.len() - after.len() + close.len_utf8();
        // A slash that opens follows no name.
        let opened = open != '/' || !self.text[..opens].ends_with(is_word);
        (fit && opened && (start - opens).max(closes - end) < 8).then_some((opens, closes))
    }

    /// The brackets around a place and a name, as agencies of East Asia write them: "(서울=연합뉴스)".
    pub(super) fn brackets_with_place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let head = floor(self.text, start.saturating_sub(BRACKET));
        let opens = head + self.text[head..start].rfind(['(', '（', '【', '['])?;
        let inside = &self.text[opens..start];
        let close = match self.text[opens..].chars().next()? {
            '(' => ')',
            '（' => '）',
            '【' => '】',
            _ => ']',
        };
        let names = |sign: char| sign.is_alphabetic() || sign.is_whitespace() || sign == '-';
        let dashed = inside.ends_with('-') && inside.len() > 4 && inside.chars().skip(1).all(names);
        let written = close == '】' || inside.ends_with(['=', '＝']) || close == ')' && dashed;
        let tail = ceil(self.text, end.saturating_add(BRACKET));
        let closes = end + self.text[end..tail].find(close)? + close.len_utf8();
        let whole = &self.text[opens..closes];
        (written && !whole.contains(is_break) && !inside.contains(close)).then_some((opens, closes))
    }

    /// The place after a dash or colon that follows, as after a dateline.
    pub(super) fn dash_after(&self, at: usize) -> Option<usize> {
        let rest = self.text[at..].trim_start_matches(['.', ' ', '\u{A0}', ',']);
        let skipped = self.text.len() - at - rest.len();
        let sign = rest.chars().next()?;
        // Agencies also send "_" for a dash.
        let dash = is_dash(sign) || sign == '_' && rest[1..].starts_with(' ');
        (dash || matches!(sign, ':' | '：') && skipped < 2)
            .then_some(self.text.len() - rest.len() + sign.len_utf8())
            .filter(|_| skipped <= 8)
    }

    /// Whether this could be the place and date of a dateline: capitals, names of months, few words.
    pub(super) fn is_place(&self, start: usize, end: usize, between: &Cues) -> bool {
        let left = &self.text[start..end];
        if left.len() > REACH || left.contains(['!', '?', '"', '“', '”', ';', '؟', '(', ')', '«']) {
            return false;
        }
        let (mut words, mut small, mut caseless) = (0, 0, 0);
        let mut first_is_capital = false;
        for word in left.split([' ', '\u{A0}', '/', ',', '=', '|', '\t']) {
            let bare = word.trim_matches(['.', ':', '-', '–', '—', '•', '*', '>', 'ـ']);
            let Some(letter) = bare.chars().find(|sign| sign.is_alphanumeric()) else {
                continue;
            };
            if words == 0 {
                first_is_capital = bare.chars().all(|sign| !sign.is_lowercase()) && bare.chars().count() > 1;
                if letter.is_lowercase() {
                    return false;
                }
            }
            words += 1;
            small += usize::from(letter.is_lowercase() && bare.chars().count() > 3 && !between.is(bare));
            caseless +=
                usize::from(letter.is_alphabetic() && !letter.is_uppercase() && !letter.is_lowercase());
        }
        // Without capitals only a dash or a date tells a place from other words.
        let dated = left.contains(|sign: char| sign.is_numeric());
        let dashed = left.contains(|sign: char| is_dash(sign) || matches!(sign, ':' | '،'));
        let most = match (dated, dashed) {
            (true, _) => 7,
            (_, true) => 5,
            _ => 2,
        };
        // Without spaces a word may be a sentence.
        let unspaced = left.chars().filter(|&sign| is_spaceless(sign)).count();
        words <= PLACE + 3 * usize::from(dated)
            && caseless <= most
            && unspaced <= PLACE + 3
            && (small == 0 || small <= 2 && (dated || first_is_capital))
    }

    /// Where the capitals begin that stand before a place inside a line: "rose. NEW YORK".
    pub(super) fn capitals_before(&self, at: usize) -> Option<usize> {
        let (mut start, mut place) = (None, at);
        for _ in 0..PLACE {
            let end = trimmed_before(self.text, place);
            let head = floor(self.text, end.saturating_sub(BRACKET));
            let from = self.text[head..end]
                .rfind(char::is_whitespace)
                .map_or(head, |found| head + found + 1);
            let from = ceil(self.text, from);
            let bare = self.text[from..end].trim_end_matches([',', '.', '-']);
            let letters = bare.chars().filter(|sign| sign.is_alphabetic()).count();
            if bare.trim_start_matches("Mc").chars().any(char::is_lowercase) {
                // A country or a month may follow the capitals.
                if start.is_some() || !bare.starts_with(char::is_uppercase) {
                    break;
                }
            } else if letters > 2 {
                start = Some(from);
            } else if letters > 0 || bare.is_empty() {
                break;
            }
            place = from;
        }
        start
    }

    /// Whether letters stand already in the sentence that brackets at a place close.
    pub(super) fn is_said_before(&self, letters: &str, open: usize) -> bool {
        let head = floor(self.text, open.saturating_sub(REACH));
        let before = &self.text[head..open];
        let from = before.rfind(['.', '!', '?', '\n', '\r']).map_or(0, |at| at + 1);
        before[from..]
            .split(|sign: char| !sign.is_alphanumeric())
            .any(|word| word == letters)
    }

    /// Whether a place lies in an entry of a list.
    pub(super) fn is_listed(&self, at: usize) -> bool {
        self.line_start(at)
            .is_some_and(|line| self.text[line..].starts_with(['・', '•', '·', '*', '▪', '■', '●', '◆', '→']))
    }

    /// Whether letters in brackets at a place shorten the words before them: "Press Trust of India (PTI".
    pub(super) fn is_short_for(&self, letters: &str, open: usize) -> bool {
        let head = floor(self.text, open.saturating_sub(REACH));
        let mut wanted = letters.chars().rev().peekable();
        for word in self.text[head..open].rsplit([' ', '-', '\u{A0}', '\n', '/']) {
            let Some(first) = word.chars().find(|sign| sign.is_alphabetic()) else {
                continue;
            };
            match wanted.peek() {
                None => return true,
                Some(&sign) if sign.to_lowercase().eq(first.to_lowercase()) => {
                    wanted.next();
                }
                Some(_) if first.is_lowercase() => {}
                Some(_) => return false,
            }
        }
        wanted.peek().is_none()
    }
}

/// Whether a character ends a line.
pub(super) fn is_break(sign: char) -> bool {
    matches!(
        sign,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Dashes, also the hyphen that stands for one.
pub(super) fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '–' | '—' | '―' | '−' | 'ー' | '=')
}

/// Signs after which a line may end without more to say.
fn is_stop(sign: char) -> bool {
    matches!(
        sign,
        '.' | ',' | ')' | ']' | '*' | '"' | '”' | '»' | '。' | '）' | '/' | ':' | '…' | '-' | '।' | '#'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_sentences_have_bounds() {
        let text = "One.\n\n two three \nfour. Five";
        let layout = Layout::of(text);
        assert_eq!((layout.line_start(9), layout.line_end(9)), (Some(7), Some(16)));
        assert_eq!(
            (layout.line_start(0), layout.line_end(20)),
            (Some(0), Some(text.len()))
        );
        assert!(layout.sentence_before(24) && layout.sentence_before(7) && !layout.sentence_before(11));
        assert!(layout.is_first(text.len() - 1) && layout.is_last(0));
        let long = format!("a\n{}\nb\nc\nd", "x ".repeat(700));
        let layout = Layout::of(&long);
        assert!(layout.is_first(1) && !layout.is_first(1000) && layout.line_start(1000).is_none());
        assert!(layout.is_last(long.len() - 1) && !layout.is_last(1000));
    }

    #[test]
    fn brackets_datelines_and_short_forms() {
        let text = "SEOUL, May 8 (AP) - a";
        let layout = Layout::of(text);
        assert_eq!(layout.brackets(14, 16), Some((13, 17)));
        assert_eq!(layout.dash_after(17), Some(19));
        let none = Cues::default();
        assert!(layout.is_place(0, 12, &none));
        let place = |text: &str| Layout::of(text).is_place(0, text.len(), &none);
        assert!(place("МОСКВА, 8 мая ") && place("Frankfurt am Main ") && place("موسكو - "));
        assert!(!place("He said that the firm ") && !place("the firm ") && !place("Is it? "));
        assert_eq!(
            Layout::of("It rose. NEW YORK, May 8 (").capitals_before(25),
            Some(9)
        );
        assert_eq!(Layout::of("It rose in May (").capitals_before(15), None);
        assert!(Layout::of("Press Trust of India (").is_short_for("PTI", 21));
        assert!(Layout::of("Agence France-Presse (").is_short_for("AFP", 21));
        assert!(!Layout::of("in the state (").is_short_for("PA", 13));
        assert_eq!(
            Layout::of("(서울=AP) x").brackets_with_place("(서울=".len(), "(서울=AP".len()),
            Some((0, 11))
        );
    }
}
