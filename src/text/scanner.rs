//! The machine behind `words.rs`: tokens one after another, the plain ones by a glance and a run of
//! bits, the others by the rules.

use memchr::memchr;

use super::addresses;
use super::bitmap::{Bitmap, WINDOW, starts_letter};
use super::bounds;
use super::glance::{FOLLOWS, Follow, LEADS, Lead, is_format, is_plain, typographic};
use super::scripts::{self, Complex};
use super::tailoring::{Language, Tailoring, is_elided, is_initials, is_run_on};
use super::watch::{Watch, find};
use crate::error::Result;
use crate::observer::Observer;

/// How much text is scanned between two looks at the observer.
const LOOK: usize = 1 << 15;

/// Steps that one stretch of the bitmap counts for, in a word that goes on and on.
const STRETCH: usize = WINDOW;

/// Scans one text.
pub(super) struct Scanner<'text, 'observer, E> {
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
    /// At the beginning of a text.
    pub(super) fn new(
        text: &'text str,
        tailoring: Tailoring,
        observer: &'observer dyn Observer,
        emit: E,
    ) -> Self {
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

    /// Scans everything.
    pub(super) fn run(&mut self) -> Result<()> {
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
            let after = self.run_end(next)?;
            if sign == b'.' {
                if self.tailoring.run_on && is_run_on(&self.text[at..end], &self.text[next..after]) {
                    (self.emit)(at, end)?;
                    return Ok(end);
                }
                dotted = true;
            }
            if matches!(sign, b'.' | b':') && self.is_address(next) {
                break;
            }
            end = after;
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
        let mut start = at;
        if self.tailoring.spaces {
            if first.is_whitespace() {
                return Ok(at + first.len_utf8());
            }
            // Format characters with nothing before them belong to what follows.
            if is_format(first) {
                let rest = &text[at..];
                start = at + find(rest, |sign| !is_format(sign), &mut self.watch)?.unwrap_or(rest.len());
                if text[start..].chars().next().is_none_or(char::is_whitespace) {
                    (self.emit)(at, start)?;
                    return Ok(start);
                }
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
        if self.tailoring.spaces {
            if let Some(space) = find(&text[start..end], char::is_whitespace, &mut self.watch)? {
                end = self.without_spaces(start, start + space, end)?;
            }
        } else if find(&text[at..end], |sign| !sign.is_whitespace(), &mut self.watch)?.is_none() {
            return Ok(end);
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
    use proptest::sample::subsequence;

    use super::*;
    use crate::observer::Silent;
    use crate::text::words::tests::{NEWS, tokens};

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

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn the_fast_paths_find_what_the_rules_find(news in NEWS, any in ".{0,24}", some in subsequence(&Tailoring::NAMES[..], 0..=6)) {
            for text in [&news, &any] {
                for language in [Language::Any, Language::French, Language::Italian] {
                    for these in [Tailoring::all(language), Tailoring::named(&some, language).unwrap()] {
                        proptest::prop_assert_eq!(tokens(text, these), slowly(text, these));
                    }
                }
            }
        }
    }
}
