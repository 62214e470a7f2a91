//! The word scanner: Unicode's word bounds (UAX #29) with declared tailorings.
//!
//! Every stretch of text that is not white space becomes a token; the scanner drops nothing. The
//! tailorings, all on:
//!
//! * URLs, e-mail addresses, @handles and #hashtags stay whole;
//! * abbreviations of single letters keep their last dot (`U.S.`, `a.m.`);
//! * a full stop that scraping left without a space splits (`said.The`);
//! * French and Italian elided articles split when the language says so (`l’` + `accord`);
//! * a format character (zero-width joiner, byte-order mark, soft hyphen) belongs to the token
//!   it touches.
//!
//! Hyphens split, as in UAX #29. White space ends every token, so a document is scanned piece by
//! piece, and only a piece with a character outside ASCII goes to the Unicode tables.

use unicode_segmentation::UnicodeSegmentation;

use crate::error::Result;
use crate::observer::{Observer, Silent};
use crate::text::addresses::whole;
use crate::text::pieces;
use crate::text::scripts::{self, Complex};
use crate::text::tailoring::tailored;
use crate::text::watch::{Watch, find};

/// How much text is scanned between two looks at the observer.
const CHECK_BYTES: usize = 1 << 15;

/// Pieces of this many bytes go to `pieces.rs`, which can be stopped inside one.
const LONG: usize = 1 << 14;

/// Languages with rules of their own in the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// No rules beyond those that hold everywhere.
    #[default]
    Any,
    /// Elided `l’`, `d’`, `qu’` … are tokens; `aujourd’hui` is one word.
    French,
    /// Elided `l’`, `dell’`, `un’` … are tokens.
    Italian,
}

impl Language {
    /// The rules for a language code such as `fr` or `fr-CA`.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code
            .split(['-', '_'])
            .next()
            .unwrap_or("")
            .to_ascii_lowercase()
            .as_str()
        {
            "fr" => Self::French,
            "it" => Self::Italian,
            _ => Self::Any,
        }
    }
}

/// What the scanner calls with the byte bounds of each token.
pub type Emit<'a> = &'a mut dyn FnMut(usize, usize) -> Result<()>;

/// Calls `emit` with the byte bounds of every token of `text`, in order.
pub fn scan(text: &str, language: Language, observer: &dyn Observer, emit: Emit<'_>) -> Result<()> {
    let bytes = text.as_bytes();
    let mut watch = Watch::new(observer);
    let mut cuts = Vec::new();
    let (mut at, mut checked) = (0, 0);
    while at < bytes.len() {
        if at - checked >= CHECK_BYTES {
            watch.ask()?;
            checked = at;
        }
        if let Some(width) = space_at(text, at) {
            at += width;
            continue;
        }
        let mut end = at;
        let mut ascii = true;
        let long = bytes.len().min(at + LONG);
        while end < long && space_at(text, end).is_none() {
            ascii &= bytes[end].is_ascii();
            end += char_width(bytes[end]);
        }
        if end - at >= LONG {
            end = piece_end(text, end, &mut watch)?;
            pieces::scan(&text[at..end], language, &mut watch, &mut |start, stop| {
                emit(at + start, at + stop)
            })?;
            (at, checked) = (end, end);
            continue;
        }
        cuts.clear();
        cut_piece(&text[at..end], ascii, language, &mut watch, &mut cuts)?;
        let mut start = at;
        for &cut in &cuts {
            emit(start, at + cut)?;
            start = at + cut;
        }
        at = end;
    }
    Ok(())
}

/// Where the white space after a long piece begins, looked for from `at`.
fn piece_end(text: &str, at: usize, watch: &mut Watch<'_>) -> Result<usize> {
    let found = find(&text[at..], char::is_whitespace, watch)?;
    Ok(found.map_or(text.len(), |space| at + space))
}

/// The bytes of the white space at `at`, if there is any.
#[inline]
fn space_at(text: &str, at: usize) -> Option<usize> {
    let byte = text.as_bytes()[at];
    if byte.is_ascii() {
        return matches!(byte, b' ' | b'\t'..=b'\r').then_some(1);
    }
    let character = text[at..].chars().next()?;
    character.is_whitespace().then(|| character.len_utf8())
}

/// The bytes of the character that starts with `lead`.
#[inline]
fn char_width(lead: u8) -> usize {
    match lead {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// Pushes the end of every token of a piece without white space.
fn cut_piece(
    piece: &str,
    ascii: bool,
    language: Language,
    watch: &mut Watch<'_>,
    cuts: &mut Vec<usize>,
) -> Result<()> {
    if (piece.contains([':', '@', '#']) || piece.contains("www."))
        && let Some((start, end)) = whole(piece, watch)?
    {
        segment(&piece[..start], ascii, language, 0, watch, cuts)?;
        cuts.push(end);
        return segment(&piece[end..], ascii, language, end, watch, cuts);
    }
    segment(piece, ascii, language, 0, watch, cuts)
}

/// Pushes the ends of the words of a piece, shifted by `base`.
fn segment(
    piece: &str,
    ascii: bool,
    language: Language,
    base: usize,
    watch: &mut Watch<'_>,
    cuts: &mut Vec<usize>,
) -> Result<()> {
    if piece.is_empty() {
        return Ok(());
    }
    let first = cuts.len();
    if ascii || piece.is_ascii() {
        let mut at = 0;
        while at < piece.len() {
            at = ascii_end(piece.as_bytes(), at);
            cuts.push(base + at);
        }
    } else {
        let mut end = 0;
        for (stretch, script) in stretches(piece) {
            if let Some(script) = script {
                let from = end;
                scripts::cut(stretch, script, watch, &mut |bound| {
                    cuts.push(base + from + bound);
                    Ok(())
                })?;
                end += stretch.len();
                continue;
            }
            for word in stretch.split_word_bounds() {
                let attach = cuts.len() > first && end > 0 && word.chars().all(is_format);
                end += word.len();
                if attach {
                    cuts.pop();
                } else if end < piece.len() && word.chars().all(is_format) {
                    // At the start of a piece: it joins the token that follows.
                    continue;
                }
                cuts.push(base + end);
            }
        }
    }
    tailor(piece, language, base, first, watch, cuts)
}

/// The stretches of a piece that belong to scripts without spaces, and those between them.
fn stretches(piece: &str) -> impl Iterator<Item = (&str, Option<Complex>)> {
    let mut rest = piece;
    std::iter::from_fn(move || {
        let script = Complex::of(rest.chars().next()?);
        let end = match script {
            Some(script) => scripts::end(rest, script, &mut Watch::new(&Silent)).unwrap_or(rest.len()),
            None => rest.find(|c| Complex::of(c).is_some()).unwrap_or(rest.len()),
        };
        let (stretch, after) = rest.split_at(end);
        rest = after;
        Some((stretch, script))
    })
}

/// Characters that are not signs of their own (Unicode category Cf, as far as text has them).
pub(super) fn is_format(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The end of the ASCII word that starts at `start`, by UAX #29 (rules `WB5` to `WB13b`).
fn ascii_end(bytes: &[u8], start: usize) -> usize {
    let joins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !joins(bytes[start]) {
        return start + 1;
    }
    let mut at = start + 1;
    loop {
        while at < bytes.len() && joins(bytes[at]) {
            at += 1;
        }
        let (Some(&middle), Some(&next)) = (bytes.get(at), bytes.get(at + 1)) else {
            return at;
        };
        let last = bytes[at - 1];
        let letters = last.is_ascii_alphabetic() && next.is_ascii_alphabetic();
        let digits = last.is_ascii_digit() && next.is_ascii_digit();
        let joined = match middle {
            b'.' | b'\'' => letters || digits,
            b':' => letters,
            b',' | b';' => digits,
            _ => false,
        };
        if !joined {
            return at;
        }
        at += 1;
    }
}

/// Applies the tailorings to the words `cuts[first..]` of a piece.
fn tailor(
    piece: &str,
    language: Language,
    base: usize,
    first: usize,
    watch: &mut Watch<'_>,
    cuts: &mut Vec<usize>,
) -> Result<()> {
    let interesting =
        piece.bytes().any(|byte| byte == b'.') || (language != Language::Any && piece.contains(['\'', '’']));
    if !interesting {
        return Ok(());
    }
    let words: Vec<usize> = cuts.drain(first..).map(|cut| cut - base).collect();
    let mut start = 0;
    let mut index = 0;
    while index < words.len() {
        let after = words.get(index + 1).copied();
        let word = tailored(piece, start, words[index], after, language, watch)?;
        cuts.extend(word.splits().iter().map(|split| base + split));
        cuts.push(base + word.end);
        start = word.end;
        index += if word.took_dot { 2 } else { 1 };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str, language: Language) -> Vec<&str> {
        let mut found = Vec::new();
        scan(text, language, &Silent, &mut |start, end| {
            found.push(&text[start..end]);
            Ok(())
        })
        .unwrap();
        found
    }

    #[test]
    fn named_rows() {
        let rows: &[(&str, &str)] = &[
            (
                "I don't see A U.S.-led e-mail;",
                "I|don't|see|A|U.S.|-|led|e|-|mail|;",
            ),
            (
                "Zelenskyy’s aide’s 3.5 %, 1,500.",
                "Zelenskyy’s|aide’s|3.5|%|,|1,500|.",
            ),
            ("he said.The end. Ph.D.", "he|said|.|The|end|.|Ph.D|."),
            (
                "(https://a.b/c_(d)), www.x.org.",
                "(|https://a.b/c_(d)|)|,|www.x.org|.",
            ),
            ("“@user_1: #tag, me@x.org.", "“|@user_1|:|#tag|,|me@x.org|."),
            ("# 1 @ 9 a.m. sharp", "#|1|@|9|a.m.|sharp"),
            (
                "a\u{AD}b \u{FEFF}c \u{200D} x\u{FEFF}",
                "a\u{AD}b|\u{FEFF}c|\u{200D}|x\u{FEFF}",
            ),
            ("Россия‑Китай: «да»", "Россия|‑|Китай|:|«|да|»"),
            ("10:30 x:y 1;2", "10|:|30|x:y|1;2"),
            (" \u{A0}\u{3000}\n", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(tokens(text, Language::Any).join("|"), *expected, "{text:?}");
        }
    }

    #[test]
    fn elision_splits_only_in_its_language() {
        assert_eq!(
            tokens("L’accord qu'il signe aujourd’hui", Language::of("fr-CA")),
            ["L’", "accord", "qu'", "il", "signe", "aujourd’hui"]
        );
        assert_eq!(tokens("dell'accordo", Language::of("it")), ["dell'", "accordo"]);
        assert_eq!(tokens("L’accord", Language::Any), ["L’accord"]);
    }

    proptest::proptest! {
        #[test]
        fn the_ascii_path_is_that_of_unicode(text in "[ab1_.:,;'@ -]{0,24}") {
            let expected: Vec<&str> = text.split_word_bounds().filter(|word| !word.trim().is_empty()).collect();
            let mut found = Vec::new();
            for piece in text.split_ascii_whitespace() {
                let mut at = 0;
                while at < piece.len() {
                    let end = ascii_end(piece.as_bytes(), at);
                    found.push(&piece[at..end]);
                    at = end;
                }
            }
            proptest::prop_assert_eq!(found, expected);
        }

        #[test]
        fn tokens_and_white_space_are_the_text(text in ".{0,40}") {
            let mut rebuilt = 0;
            for token in tokens(&text, Language::French) {
                proptest::prop_assert!(!token.is_empty());
                rebuilt += token.chars().count();
            }
            let visible = text.chars().filter(|sign| !sign.is_whitespace()).count();
            proptest::prop_assert_eq!(rebuilt, visible);
        }
    }
}
