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
use crate::observer::Observer;
use crate::text::pattern;

/// How much text is scanned between two looks at the observer.
const CHECK_BYTES: usize = 1 << 18;

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
    let mut cuts = Vec::new();
    let (mut at, mut checked) = (0, 0);
    while at < bytes.len() {
        if at - checked >= CHECK_BYTES {
            observer.check()?;
            checked = at;
        }
        if let Some(width) = space_at(text, at) {
            at += width;
            continue;
        }
        let mut end = at;
        let mut ascii = true;
        while end < bytes.len() && space_at(text, end).is_none() {
            ascii &= bytes[end].is_ascii();
            end += char_width(bytes[end]);
        }
        cuts.clear();
        cut_piece(&text[at..end], ascii, language, &mut cuts);
        let mut start = at;
        for &cut in &cuts {
            emit(start, at + cut)?;
            start = at + cut;
        }
        at = end;
    }
    Ok(())
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
fn cut_piece(piece: &str, ascii: bool, language: Language, cuts: &mut Vec<usize>) {
    if (piece.contains([':', '@', '#']) || piece.contains("www."))
        && let Some((start, end)) = whole(piece)
    {
        segment(&piece[..start], ascii, language, 0, cuts);
        cuts.push(end);
        segment(&piece[end..], ascii, language, end, cuts);
        return;
    }
    segment(piece, ascii, language, 0, cuts);
}

/// The first web address, e-mail address, handle or hashtag of a piece.
fn whole(piece: &str) -> Option<(usize, usize)> {
    let opening =
        piece.find(|sign: char| !matches!(sign, '(' | '[' | '{' | '<' | '"' | '\'' | '“' | '‘' | '«'))?;
    let body = &piece[opening..];
    if is_address(body) {
        return Some((opening, opening + without_tail(body)));
    }
    if let Some(sigil @ ('@' | '#')) = body.chars().next() {
        let name = |sign: char| sign.is_alphanumeric() || sign == '_' || (sigil == '@' && sign == '.');
        let length = body[1..].find(|sign| !name(sign)).unwrap_or(body.len() - 1);
        let length = body[1..=length].trim_end_matches('.').len();
        let named = body[1..=length].contains(char::is_alphabetic);
        return named.then_some((opening, opening + 1 + length));
    }
    pattern::email(body).map(|(start, end)| (opening + start, opening + end))
}

/// Whether a piece starts as a web address does.
pub(super) fn is_address(piece: &str) -> bool {
    let after = |prefix: &str| {
        piece
            .get(..prefix.len())
            .filter(|start| start.eq_ignore_ascii_case(prefix))
            .and_then(|_| piece[prefix.len()..].chars().next())
            .is_some_and(char::is_alphanumeric)
    };
    after("http://") || after("https://") || after("ftp://") || after("www.")
}

/// The length of an address without the punctuation of the sentence around it.
fn without_tail(address: &str) -> usize {
    let end = address
        .find(['"', '<', '>', '“', '”', '»', '«'])
        .unwrap_or(address.len());
    let mut kept = &address[..end];
    loop {
        let trimmed = kept.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…', ']', '}', '*']);
        // A closing bracket belongs to the address only if it was opened there.
        let trimmed = match trimmed.strip_suffix(')') {
            Some(inner) if inner.matches('(').count() <= inner.matches(')').count() => inner,
            _ => trimmed,
        };
        if trimmed.len() == kept.len() {
            return kept.len();
        }
        kept = trimmed;
    }
}

/// Pushes the ends of the words of a piece, shifted by `base`.
fn segment(piece: &str, ascii: bool, language: Language, base: usize, cuts: &mut Vec<usize>) {
    if piece.is_empty() {
        return;
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
        for word in piece.split_word_bounds() {
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
    tailor(piece, language, base, first, cuts);
}

/// Characters that are not signs of their own (Unicode category Cf, as far as text has them).
fn is_format(character: char) -> bool {
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
fn tailor(piece: &str, language: Language, base: usize, first: usize, cuts: &mut Vec<usize>) {
    let interesting =
        piece.bytes().any(|byte| byte == b'.') || (language != Language::Any && piece.contains(['\'', '’']));
    if !interesting {
        return;
    }
    let words: Vec<usize> = cuts.drain(first..).map(|cut| cut - base).collect();
    let mut start = 0;
    let mut index = 0;
    while index < words.len() {
        let mut end = words[index];
        let word = &piece[start..end];
        if let Some(&after) = words.get(index + 1)
            && &piece[end..after] == "."
            && is_initials(word)
        {
            end = after;
            index += 1;
        }
        if let Some(split) = fused(word) {
            cuts.extend([base + start + split, base + start + split + 1]);
        } else if let Some(split) = elided(word, language) {
            cuts.push(base + start + split);
        }
        cuts.push(base + end);
        start = end;
        index += 1;
    }
}

/// Single letters with dots between them, as in `U.S` and `a.m`.
fn is_initials(word: &str) -> bool {
    let mut letters = word.split('.');
    word.contains('.')
        && letters.all(|part| {
            let mut characters = part.chars();
            characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none()
        })
}

/// Where two sentences were run together without a space, as in `said.The`.
fn fused(word: &str) -> Option<usize> {
    let (dot, _) = word.match_indices('.').find(|&(dot, _)| {
        let (before, after) = (&word[..dot], &word[dot + 1..]);
        let mut left = before.chars().rev();
        let mut right = after.chars();
        left.next().is_some_and(char::is_lowercase)
            && left.next().is_some_and(char::is_alphabetic)
            && right.next().is_some_and(char::is_uppercase)
            && right.next().is_some_and(char::is_alphabetic)
    })?;
    Some(dot)
}

/// Where an elided article or pronoun ends, as after `l’`.
fn elided(word: &str, language: Language) -> Option<usize> {
    const FRENCH: &[&str] = &[
        "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
    ];
    const ITALIAN: &[&str] = &[
        "l", "un", "d", "c", "s", "m", "t", "v", "n", "dell", "all", "nell", "sull", "dall", "coll", "quest",
        "quell", "bell", "sant", "tutt", "dov", "com", "gl",
    ];
    let known = match language {
        Language::Any => return None,
        Language::French => FRENCH,
        Language::Italian => ITALIAN,
    };
    let (mark, sign) = word
        .char_indices()
        .find(|&(_, sign)| matches!(sign, '\'' | '’'))?;
    let end = mark + sign.len_utf8();
    let before = word[..mark].to_lowercase();
    (end < word.len() && known.contains(&before.as_str())).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

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
