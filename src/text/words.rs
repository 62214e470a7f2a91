//! The word scanner: Unicode's word bounds (UAX #29) with declared tailorings (`tailoring.rs`).
//!
//! Every stretch of text that is not white space becomes a token; the scanner drops nothing, and
//! hyphens split, as in UAX #29. Words of plain letters are runs of bits (`bitmap.rs`), and what
//! follows them mostly decides by one byte. Only a token that touches another character goes through
//! the rules one character after another (`bounds.rs`).

use memchr::memchr;

use super::addresses;
use super::bitmap::{Bitmap, WINDOW, starts_letter};
use super::bounds;
use super::scripts::{self, Complex};
use super::tailoring::{Language, Tailoring, is_elided, is_initials, is_run_on};
use super::watch::{Watch, find};
use crate::error::Result;
use crate::observer::Observer;

/// What a scanner calls with the byte bounds of each token.
pub type Emit<'a> = &'a mut dyn FnMut(usize, usize) -> Result<()>;

/// What a byte is at the start of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Space,
    Word,
    Sign,
    /// `@` and `#`.
    Sigil,
    /// Part of a character beyond ASCII.
    High,
}

/// What each byte is at the start of a token.
#[expect(clippy::cast_possible_truncation, reason = "it counts bytes")]
const LEADS: [Lead; 256] = {
    let mut leads = [Lead::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        leads[byte] = match value {
            b' ' | b'\t'..=b'\r' => Lead::Space,
            b'_' => Lead::Word,
            b'@' | b'#' => Lead::Sigil,
            0x80.. => Lead::High,
            _ if value.is_ascii_alphanumeric() => Lead::Word,
            _ => Lead::Sign,
        };
        byte += 1;
    }
    leads
};

/// What a byte means for the word before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// The word ends.
    End,
    /// It may go on after a sign.
    Sign,
    /// It depends on the character.
    High,
}

/// What each byte means for the word before it.
#[expect(clippy::cast_possible_truncation, reason = "it counts bytes")]
const FOLLOWS: [Follow; 256] = {
    let mut follows = [Follow::End; 256];
    let mut byte = 0;
    while byte < 256 {
        follows[byte] = match byte as u8 {
            b'.' | b'\'' | b',' | b';' | b':' => Follow::Sign,
            0x80.. => Follow::High,
            _ => Follow::End,
        };
        byte += 1;
    }
    follows
};

/// How much text is scanned between two looks at the observer.
const LOOK: usize = 1 << 15;

/// Steps that one stretch of the bitmap counts for, in a word that goes on and on.
const STRETCH: usize = WINDOW;

/// Calls `emit` with the byte bounds of every token of `text`, in order.
pub fn scan(
    text: &str,
    tailoring: Tailoring,
    observer: &dyn Observer,
    emit: impl FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    Scanner::new(text, tailoring, observer, emit).run()
}

/// Characters that are not signs of their own (Unicode category Cf, as far as text has them).
pub(super) fn is_format(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Whether a character is a mark on the one before it, by Unicode's word rules.
pub(super) fn is_mark(character: char) -> bool {
    matches!(bounds::known(character).0, bounds::Class::Extend) && !is_format(character)
}

/// The bytes of a quote, a dash or an ellipsis at `at` that stands alone, and no mark follows.
#[inline]
fn typographic(bytes: &[u8], at: usize) -> Option<usize> {
    let &[first, second, third] = bytes.get(at..at + 3)?.first_chunk::<3>()?;
    let alone = first == 0xE2 && second == 0x80 && matches!(third, 0x93 | 0x94 | 0x98..=0x9E | 0xA2 | 0xA6);
    (alone && is_plain(bytes, at + 3)).then_some(3)
}

/// Whether the character at `at` is known to be no mark on the one before it, at a glance.
#[inline]
fn is_plain(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(0..0x80) => true,
        Some(&lead) => match (lead, bytes.get(at + 1), bytes.get(at + 2)) {
            (0xC2, Some(0xA0 | 0xAB | 0xBB), _) => true,
            (0xE2, Some(0x80), Some(third)) => matches!(third, 0x93 | 0x94 | 0x98..=0x9E | 0xA2 | 0xA6),
            (_, Some(&next), _) => starts_letter(lead, next),
            _ => false,
        },
    }
}

struct Scanner<'text, 'observer, E> {
    text: &'text str,
    bytes: &'text [u8],
    tailoring: Tailoring,
    watch: Watch<'observer>,
    map: Bitmap<'text>,
    /// Where the plain text ends: at the next e-mail address or with the text.
    limit: usize,
    emit: E,
}

impl<'text, 'observer, E: FnMut(usize, usize) -> Result<()>> Scanner<'text, 'observer, E> {
    fn new(text: &'text str, tailoring: Tailoring, observer: &'observer dyn Observer, emit: E) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            tailoring,
            watch: Watch::new(observer),
            map: Bitmap::new(text.as_bytes()),
            limit: text.len(),
            emit,
        }
    }

    fn run(&mut self) -> Result<()> {
        let (mut at, mut look) = (0, LOOK);
        while at < self.bytes.len() {
            let email = self.next_email(at)?;
            self.limit = email.map_or(self.bytes.len(), |(start, _)| start);
            while at < self.limit {
                if at >= look {
                    self.watch.ask()?;
                    look = at + LOOK;
                }
                at = self.step(at)?;
            }
            // A web address may have gone beyond the e-mail address in it.
            if let Some((start, end)) = email
                && at == start
            {
                (self.emit)(start, end)?;
                at = end;
            }
        }
        Ok(())
    }

    /// The first e-mail address from `at`.
    fn next_email(&mut self, at: usize) -> Result<Option<(usize, usize)>> {
        if !self.tailoring.addresses {
            return Ok(None);
        }
        let mut from = at;
        while let Some(offset) = self.sign_from(from)? {
            let sign = from + offset;
            if let Some(found) = addresses::email_around(self.text, at, sign) {
                return Ok(Some(found));
            }
            from = sign + 1;
        }
        Ok(None)
    }

    /// How far the next `@` is.
    fn sign_from(&mut self, from: usize) -> Result<Option<usize>> {
        let rest = &self.bytes[from..];
        if rest.len() < 1 << 20 {
            return Ok(memchr(b'@', rest));
        }
        find(&self.text[from..], |sign| sign == '@', &mut self.watch)
    }

    /// Scans what starts at `at`, and says where the next thing starts.
    #[inline]
    fn step(&mut self, at: usize) -> Result<usize> {
        let bytes = self.bytes;
        // In the order of how common they are, as comparisons: a jump through a table is guessed badly.
        let lead = LEADS[usize::from(bytes[at])];
        if lead == Lead::Word {
            let end = self.run_end(at)?;
            if end >= self.limit || FOLLOWS[usize::from(bytes[end])] != Follow::End {
                return self.word(at, end);
            }
            (self.emit)(at, end)?;
            // Most words are followed by one space and a plain character.
            let single = bytes[end] == b' ' && bytes.get(end + 1).is_some_and(u8::is_ascii);
            return Ok(end + usize::from(single));
        }
        if lead == Lead::Space {
            if self.tailoring.spaces || is_plain(bytes, at + 1) {
                return Ok(at + 1);
            }
            return self.slow(at);
        }
        if lead == Lead::Sign {
            return self.sign(at);
        }
        self.rare(at, lead)
    }

    #[inline(never)]
    fn rare(&mut self, at: usize, lead: Lead) -> Result<usize> {
        if lead == Lead::Sigil {
            return self.sigil(at);
        }
        let bytes = self.bytes;
        if starts_letter(bytes[at], bytes[at + 1]) {
            let end = self.run_end(at)?;
            return self.word(at, end);
        }
        if let Some(width) = typographic(bytes, at) {
            (self.emit)(at, at + width)?;
            return Ok(at + width);
        }
        self.slow(at)
    }

    #[inline]
    fn sign(&mut self, at: usize) -> Result<usize> {
        if is_plain(self.bytes, at + 1) {
            (self.emit)(at, at + 1)?;
            return Ok(at + 1);
        }
        self.slow(at)
    }

    fn sigil(&mut self, at: usize) -> Result<usize> {
        if self.tailoring.addresses
            && let Some(length) =
                addresses::sigil_length(&self.text[..at], &self.text[at..], &mut self.watch)?
        {
            (self.emit)(at, at + length)?;
            return Ok(at + length);
        }
        self.sign(at)
    }

    /// The end of the run of plain word characters at `at`.
    #[inline]
    fn run_end(&mut self, at: usize) -> Result<usize> {
        if self.map.holds(at) {
            let end = self.map.run_end(at);
            if end < self.map.end() {
                return Ok(end);
            }
        }
        self.run_end_beyond(at)
    }

    #[inline(never)]
    fn run_end_beyond(&mut self, mut at: usize) -> Result<usize> {
        loop {
            self.watch.spend(STRETCH)?;
            self.map.load(at);
            let mut end = self.map.run_end(at);
            if end < self.map.end() || end == self.bytes.len() {
                return Ok(end);
            }
            while !self.text.is_char_boundary(end) {
                end -= 1;
            }
            at = end;
        }
    }

    /// A token that starts with the run of plain word characters `at..end`, after which something
    /// needs a closer look.
    #[inline(never)]
    fn word(&mut self, at: usize, mut end: usize) -> Result<usize> {
        let bytes = self.bytes;
        let mut dotted = false;
        let mut quoted = false;
        loop {
            if end >= self.limit {
                end = self.limit;
                break;
            }
            let (width, letters, digits) = match bytes[end] {
                b'.' | b'\'' => (1, true, true),
                b',' | b';' => (1, false, true),
                b':' => (1, true, false),
                0..0x80 => break,
                _ => match (bytes[end], bytes.get(end + 1), bytes.get(end + 2)) {
                    (0xE2, Some(0x80), Some(0x98 | 0x99)) => (3, true, true),
                    (0xE2, Some(0x80), Some(0x93 | 0x94 | 0x9A..=0x9E | 0xA2 | 0xA6))
                    | (0xC2, Some(0xA0 | 0xAB | 0xBB), _) => break,
                    _ => return self.slow(at),
                },
            };
            let next = end + width;
            let sign = bytes[end];
            // One look at what follows the sign: is it a letter, a digit, or hard to say?
            let (letter, digit) = match bytes.get(next) {
                None => (false, false),
                Some(&byte @ 0..0x80) => (byte.is_ascii_alphabetic(), byte.is_ascii_digit()),
                Some(&lead) if starts_letter(lead, bytes[next + 1]) => (true, false),
                // A sign that a mark may sit on, or a letter that only the tables know.
                Some(_) if is_plain(bytes, next) => (false, false),
                Some(_) => return self.slow(at),
            };
            let opens = sign == b':' && bytes[next..].starts_with(b"//")
                || sign == b'.' && end - at == 3 && (letter || digit);
            if opens && self.is_address(at) {
                return self.address(at, at);
            }
            if next >= self.limit {
                break;
            }
            let apostrophe = width == 3 || sign == b'\'';
            if apostrophe
                && !quoted
                && (letter || digit)
                && self.tailoring.elision != Language::Any
                && is_elided(&self.text[at..end], self.tailoring.elision)
            {
                (self.emit)(at, next)?;
                return Ok(next);
            }
            let last = bytes[end - 1];
            let joined = letters && letter && (last.is_ascii_alphabetic() || last >= 0x80)
                || digits && digit && last.is_ascii_digit();
            if !joined {
                break;
            }
            quoted |= apostrophe;
            if sign == b'.' {
                if self.tailoring.run_on && is_run_on(&self.text[at..end], &self.text[next..]) {
                    (self.emit)(at, end)?;
                    return Ok(end);
                }
                dotted = true;
            }
            if matches!(sign, b'.' | b':') && self.is_address(next) {
                break;
            }
            end = self.run_end(next)?;
        }
        if dotted && end < self.limit && bytes[end] == b'.' {
            end = self.with_initial_dot(at, end)?;
        }
        (self.emit)(at, end)?;
        Ok(end)
    }

    /// Whether a web address starts at `at`.
    #[inline]
    fn is_address(&self, at: usize) -> bool {
        self.tailoring.addresses
            && matches!(self.bytes[at] | 0x20, b'h' | b'f' | b'w')
            && addresses::is_address(&self.text[at..])
    }

    /// A token that is the web address at `start`, and the format characters before it.
    fn address(&mut self, at: usize, start: usize) -> Result<usize> {
        let end = start + addresses::address_length(&self.text[start..], &mut self.watch)?;
        (self.emit)(at, end)?;
        Ok(end)
    }

    /// The end of a word, with the dot after it if the word is initials.
    fn with_initial_dot(&mut self, start: usize, end: usize) -> Result<usize> {
        let alone = self.tailoring.initials
            && self.bytes[..self.limit].get(end) == Some(&b'.')
            && (is_plain(self.bytes, end + 1)
                || bounds::end(&self.text[..self.limit], end, &mut self.watch)? == end + 1);
        let takes = alone && is_initials(&self.text[start..end], &mut self.watch)?;
        Ok(if takes { end + 1 } else { end })
    }

    /// A token that has a character of which only the tables know what it is.
    #[inline(never)]
    fn slow(&mut self, at: usize) -> Result<usize> {
        let text = &self.text[..self.limit];
        let Some(first) = text[at..].chars().next() else {
            return Ok(self.limit);
        };
        if !self.tailoring.spaces {
            let end = bounds::end(text, at, &mut self.watch)?;
            let blank = find(&text[at..end], |sign| !sign.is_whitespace(), &mut self.watch)?.is_none();
            return if blank { Ok(end) } else { self.split(at, end) };
        }
        if first.is_whitespace() {
            return Ok(at + first.len_utf8());
        }
        // Format characters with nothing before them belong to what follows.
        let mut start = at;
        if is_format(first) {
            let rest = &text[at..];
            start = at + find(rest, |sign| !is_format(sign), &mut self.watch)?.unwrap_or(rest.len());
            if text[start..].chars().next().is_none_or(char::is_whitespace) {
                (self.emit)(at, start)?;
                return Ok(start);
            }
        }
        if self.is_address(start) {
            return self.address(at, start);
        }
        if self.tailoring.scripts
            && let Some(script) = text[start..].chars().next().and_then(Complex::of)
        {
            return self.by_dictionary(at, start, script);
        }
        let mut end = bounds::end(text, start, &mut self.watch)?;
        if let Some(space) = find(&text[start..end], char::is_whitespace, &mut self.watch)? {
            end = self.without_spaces(start, start + space, end)?;
        }
        self.split(at, end)
    }

    /// The words of a run of a script without spaces, of which the first one takes what stands
    /// before it from `at`.
    fn by_dictionary(&mut self, at: usize, start: usize, script: Complex) -> Result<usize> {
        let rest = &self.text[start..self.limit];
        let length = scripts::end(rest, script, &mut self.watch)?;
        let (emit, mut from) = (&mut self.emit, at);
        scripts::cut(&rest[..length], script, &mut self.watch, &mut |end| {
            let word = std::mem::replace(&mut from, start + end);
            emit(word, start + end)
        })?;
        Ok(start + length)
    }

    /// The end of a word that holds white space at `space`: Unicode lets a narrow no-break space join
    /// whatever it touches, and here it joins digits only.
    fn without_spaces(&mut self, start: usize, space: usize, end: usize) -> Result<usize> {
        let mut space = space;
        loop {
            let after = space + self.text[space..].chars().next().map_or(1, char::len_utf8);
            let digit = |sign: Option<char>| sign.is_some_and(char::is_numeric);
            let between = digit(self.text[start..space].chars().next_back())
                && digit(self.text[after..end].chars().next());
            if !between {
                return Ok(space);
            }
            match find(&self.text[after..end], char::is_whitespace, &mut self.watch)? {
                Some(offset) => space = after + offset,
                None => return Ok(end),
            }
        }
    }

    /// Emits the parts of a word by the tailorings.
    fn split(&mut self, at: usize, end: usize) -> Result<usize> {
        let (mut start, mut from) = (at, at);
        let mut quoted = false;
        let elision = self.tailoring.elision;
        let sign = |sign: char| {
            matches!(sign, '.' | ':') || elision != Language::Any && matches!(sign, '\'' | '’' | '‘')
        };
        while let Some(offset) = find(&self.text[from..end], sign, &mut self.watch)? {
            let place = from + offset;
            let width = self.text[place..].chars().next().map_or(1, char::len_utf8);
            from = place + width;
            let cut = match self.bytes[place] {
                b'.' | b':' if start < place && self.is_address_after(from) => {
                    let end = self.with_initial_dot(start, place)?;
                    (self.emit)(start, end)?;
                    return Ok(end);
                }
                b'.' if self.tailoring.run_on
                    && is_run_on(&self.text[start..place], &self.text[from..end]) =>
                {
                    place
                }
                b'.' | b':' => continue,
                _ if from < end && !quoted && is_elided(&self.text[start..place], elision) => from,
                _ => {
                    quoted = true;
                    continue;
                }
            };
            (self.emit)(start, cut)?;
            if cut == place {
                (self.emit)(place, from)?;
            } else if self.is_address_after(from) {
                return Ok(from);
            }
            (start, quoted) = (from, false);
        }
        let end = match self.mark_before_digit(end) {
            Some(width) if !quoted && is_elided(&self.text[start..end], elision) => end + width,
            _ => self.with_initial_dot(start, end)?,
        };
        // Unicode breaks at a zero-width space; here it stays with the word before it.
        let end = if self.tailoring.spaces {
            let rest = &self.text[end..self.limit];
            end + find(rest, |sign| !is_format(sign), &mut self.watch)?.unwrap_or(rest.len())
        } else {
            end
        };
        (self.emit)(start, end)?;
        Ok(end)
    }

    /// The bytes of the apostrophe at `at`, which joins no word to a number (`l’11`).
    fn mark_before_digit(&self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at..self.limit];
        let width = match rest {
            [b'\'', ..] => 1,
            [0xE2, 0x80, 0x98 | 0x99, ..] => 3,
            _ => return None,
        };
        rest.get(width)?.is_ascii_digit().then_some(width)
    }

    fn is_address_after(&self, at: usize) -> bool {
        at < self.limit && self.is_address(at)
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::observer::Silent;

    fn tokens(text: &str, tailoring: Tailoring) -> Vec<&str> {
        let mut found = Vec::new();
        scan(text, tailoring, &Silent, |start, end| {
            found.push(&text[start..end]);
            Ok(())
        })
        .unwrap();
        found
    }

    fn ours(text: &str) -> String {
        tokens(text, Tailoring::all(Language::Any)).join("|")
    }

    /// The tokens as the rules find them one character after another, without the fast paths.
    fn slowly(text: &str, tailoring: Tailoring) -> Vec<&str> {
        let mut found = Vec::new();
        let mut scanner = Scanner::new(text, tailoring, &Silent, |start, end| {
            found.push(&text[start..end]);
            Ok(())
        });
        let mut at = 0;
        while at < text.len() {
            let email = scanner.next_email(at).unwrap();
            scanner.limit = email.map_or(text.len(), |(start, _)| start);
            while at < scanner.limit {
                at = match LEADS[usize::from(text.as_bytes()[at])] {
                    Lead::Sigil => scanner.sigil(at).unwrap(),
                    _ => scanner.slow(at).unwrap(),
                };
            }
            if let Some((start, end)) = email
                && at == start
            {
                (scanner.emit)(start, end).unwrap();
                at = end;
            }
        }
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
            ("over.Then.There", "over|.|Then|.|There"),
            (
                "(https://a.b/c_(d)), www.x.org.",
                "(|https://a.b/c_(d)|)|,|www.x.org|.",
            ),
            (
                "Source:https://a.b/@c?d=e@f.org. WWW.X.org",
                "Source|:|https://a.b/@c?d=e@f.org|.|WWW.X.org",
            ),
            (
                "said.www.x.org https:// x://y",
                "said|.|www.x.org|https|:|/|/|x|:|/|/|y",
            ),
            ("“@user_1: #tag, me@x.org.", "“|@user_1|:|#tag|,|me@x.org|."),
            (
                ".@POTUS and@user C# a#b #1 @1",
                ".|@POTUS|and|@|user|C|#|a|#|b|#|1|@|1",
            ),
            (
                "@paper@news.example, x:me-too@y.org",
                "@paper@news.example|,|x|:|me-too@y.org",
            ),
            ("#élysée #выборы&#39;", "#élysée|#выборы|&|#|39|;"),
            ("# 1 @ 9 a.m. sharp U.S..", "#|1|@|9|a.m.|sharp|U.S.|."),
            (
                "a\u{AD}b \u{FEFF}c \u{200D} x\u{FEFF}",
                "a\u{AD}b|\u{FEFF}c|\u{200D}|x\u{FEFF}",
            ),
            ("Россия‑Китай: «да»", "Россия|‑|Китай|:|«|да|»"),
            ("10:30 x:y 1;2 AIK:are", "10|:|30|x:y|1;2|AIK:are"),
            (
                "1\u{202F}200 fois\u{202F}! 1\u{A0}200",
                "1\u{202F}200|fois|!|1|200",
            ),
            (
                "don`t don\u{02BC}t ’90s ‘quoted’",
                "don|`|t|don\u{02BC}t|’|90s|‘|quoted|’",
            ),
            (
                "cafe\u{301} café naïve Ångström .\u{301}",
                "cafe\u{301}|café|naïve|Ångström|.\u{301}",
            ),
            (" \u{A0}\u{3000}\n\u{85}", ""),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(ours(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn elision_splits_only_in_its_language() {
        let fr = Tailoring::all(Language::of("fr-CA"));
        assert_eq!(
            tokens("L’accord qu'il signe aujourd’hui d’l’État quelqu’un", fr).join("|"),
            "L’|accord|qu'|il|signe|aujourd’hui|d’|l’|État|quelqu’un"
        );
        let it = Tailoring::all(Language::of("it"));
        assert_eq!(
            tokens("dell'accordo l’11 dicembre", it).join("|"),
            "dell'|accordo|l’|11|dicembre"
        );
        assert_eq!(ours("L’accord"), "L’accord");
    }

    #[test]
    fn every_tailoring_has_its_switch() {
        let text = "U.S. said.The me@x.org \u{FEFF}a 1\u{202F}a";
        let off = "U.S|.|said.The|me|@|x.org| \u{FEFF}|a|1\u{202F}a";
        assert_eq!(tokens(text, Tailoring::none()).join("|"), off);
        let rows = [
            ("addresses", "U.S|.|said.The|me@x.org| \u{FEFF}|a|1\u{202F}a"),
            ("initials", "U.S.|said.The|me|@|x.org| \u{FEFF}|a|1\u{202F}a"),
            ("run_on", "U.S|.|said|.|The|me|@|x.org| \u{FEFF}|a|1\u{202F}a"),
            ("spaces", "U.S|.|said.The|me|@|x.org|\u{FEFF}a|1|a"),
        ];
        for (name, expected) in rows {
            let one = Tailoring::named(&[name], Language::Any).unwrap();
            assert_eq!(tokens(text, one).join("|"), expected, "{name}");
        }
        let all = Tailoring::named(&Tailoring::NAMES, Language::Italian);
        assert_eq!(all, Ok(Tailoring::all(Language::Italian)));
        assert!(Tailoring::named(&["all"], Language::Any).is_err());
    }

    #[test]
    fn words_longer_than_a_stretch() {
        for length in [WINDOW - 2, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW] {
            let word = "aé".repeat(length / 3 + 1);
            let text = format!("x {word} {word}'s {}.", "ж".repeat(length));
            let found = tokens(&text, Tailoring::all(Language::Any));
            let possessive = format!("{word}'s");
            assert_eq!(found, ["x", &word, &possessive, &"ж".repeat(length), "."]);
        }
    }

    const NEWS: &str = "(https?://|www\\.|@|#|l’|qu'|aujourd’hui|U\\.S\\.|a\\.m|said\\.The|me@x\\.org|[ab1éÖ×ЖЙ中カאก._:,;)(\"'’“–…@#/ \n\u{AD}\u{A0}\u{202F}\u{200B}\u{200D}\u{301}\u{FE0F}❤🇫🇷-]){0,16}";

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn without_tailorings_the_tokens_are_those_of_unicode_segmentation(news in NEWS, any in ".{0,24}", sign in "\\PC{0,16}") {
            for text in [&news, &any, &sign] {
                let expected: Vec<&str> =
                    text.split_word_bounds().filter(|word| !word.chars().all(char::is_whitespace)).collect();
                proptest::prop_assert_eq!(tokens(text, Tailoring::none()), expected);
            }
        }

        #[test]
        fn the_fast_paths_find_what_the_rules_find(news in NEWS, any in ".{0,24}") {
            for text in [&news, &any] {
                for language in [Language::Any, Language::French, Language::Italian] {
                    let all = Tailoring::all(language);
                    proptest::prop_assert_eq!(tokens(text, all), slowly(text, all));
                }
            }
        }

        #[test]
        fn tokens_and_white_space_are_the_text(news in NEWS, any in ".{0,40}") {
            for text in [&news, &any] {
                let mut end = 0;
                scan(text, Tailoring::all(Language::French), &Silent, |start, stop| {
                    assert!(start < stop && text[end..start].chars().all(char::is_whitespace));
                    end = stop;
                    Ok(())
                }).unwrap();
                proptest::prop_assert!(text[end..].chars().all(char::is_whitespace));
            }
        }
    }
}
