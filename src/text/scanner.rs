//! The machine behind `words.rs`: tokens one after another, the plain ones by a glance and a run of
//! bits, the others by the rules (`parting.rs`).

use memchr::memchr2;

use super::addresses;
use super::bitmap::{Bitmap, WINDOW, starts_letter};
use super::glance::{FOLLOWS, Follow, LEADS, Lead, is_plain, typographic};
use super::tailoring::{Language, Tailoring, is_elided};
use super::watch::{Watch, find};
use crate::error::Result;
use crate::observer::Observer;

/// How much text is scanned between two looks at the observer.
const LOOK: usize = 1 << 15;

/// Steps that one stretch of the bitmap counts for, in a word that goes on and on.
const STRETCH: usize = WINDOW;

/// Scans one text.
pub(super) struct Scanner<'text, 'observer, E> {
    pub(super) text: &'text str,
    pub(super) bytes: &'text [u8],
    pub(super) tailoring: Tailoring,
    pub(super) watch: Watch<'observer>,
    map: Bitmap<'text>,
    /// Where the plain text ends: at the next address that was found ahead, or with the text.
    pub(super) limit: usize,
    pub(super) emit: E,
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
            let address = self.next_address(at)?;
            self.limit = address.map_or(self.bytes.len(), |(start, _)| start);
            while at < self.limit {
                if at >= look {
                    self.watch.ask()?;
                    look = at + LOOK;
                }
                at = self.step(at)?;
            }
            // Another address may have gone beyond this one, which lies in it.
            if let Some((start, end)) = address
                && at == start
            {
                at = self.whole(start, end)?;
            }
        }
        Ok(())
    }

    /// The first address from `at` that shows by a sign inside it: `@` in mail, `/` on the web.
    fn next_address(&mut self, at: usize) -> Result<Option<(usize, usize)>> {
        if !self.tailoring.addresses {
            return Ok(None);
        }
        let mut from = at;
        while let Some(offset) = self.sign_from(from)? {
            let sign = from + offset;
            if self.bytes[sign] == b'/' {
                if let Some(start) = addresses::host_before(self.text, at, sign) {
                    let end = start + addresses::address_length(&self.text[start..], &mut self.watch)?;
                    return Ok(Some((start, end)));
                }
            } else if let Some(found) = addresses::email_around(self.text, at, sign) {
                return Ok(Some(found));
            }
            from = sign + 1;
        }
        Ok(None)
    }

    /// How far the next `@` or `/` is.
    fn sign_from(&mut self, from: usize) -> Result<Option<usize>> {
        let rest = &self.bytes[from..];
        if rest.len() < 1 << 20 {
            return Ok(memchr2(b'@', b'/', rest));
        }
        find(
            &self.text[from..],
            |sign| matches!(sign, '@' | '/'),
            &mut self.watch,
        )
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
        if bytes[at] == b'_' {
            return self.slow(at);
        }
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
            return self.whole(at, at + length);
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
                b'_' => return self.slow(at),
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
            // `90's`, to which Unicode's rules give the number alone.
            if apostrophe && last.is_ascii_digit() && bytes[next] | 0x20 == b's' {
                return self.slow(at);
            }
            let joined = letters && letter && (last.is_ascii_alphabetic() || last >= 0x80)
                || digits && digit && last.is_ascii_digit();
            if !joined {
                break;
            }
            // Initials, addresses and sentences that were run together are for the rules.
            if letter && matches!(sign, b'.' | b':') {
                return self.slow(at);
            }
            quoted |= apostrophe;
            end = self.run_end(next)?;
        }
        (self.emit)(at, end)?;
        Ok(end)
    }

    /// Whether a web address starts at `at`.
    #[inline]
    pub(super) fn is_address(&self, at: usize) -> bool {
        self.tailoring.addresses
            && matches!(self.bytes[at] | 0x20, b'h' | b'f' | b'w')
            && addresses::is_address(&self.text[at..])
    }

    /// A token that is the web address at `start`, and the format characters before it.
    pub(super) fn address(&mut self, at: usize, start: usize) -> Result<usize> {
        let end = start + addresses::address_length(&self.text[start..], &mut self.watch)?;
        self.whole(at, end)
    }

    /// A token that is an address, a handle or a hashtag, and the possessive behind it.
    fn whole(&mut self, at: usize, end: usize) -> Result<usize> {
        (self.emit)(at, end)?;
        match self.possessive(end)? {
            Some(after) => {
                (self.emit)(end, after)?;
                Ok(after)
            }
            None => Ok(end),
        }
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
            let address = scanner.next_address(at).unwrap();
            scanner.limit = address.map_or(text.len(), |(start, _)| start);
            while at < scanner.limit {
                at = match LEADS[usize::from(text.as_bytes()[at])] {
                    Lead::Sigil => scanner.sigil(at).unwrap(),
                    _ => scanner.slow(at).unwrap(),
                };
            }
            if let Some((start, end)) = address
                && at == start
            {
                at = scanner.whole(start, end).unwrap();
            }
        }
        found
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn the_fast_paths_find_what_the_rules_find(news in NEWS, any in ".{0,24}", some in subsequence(&Tailoring::NAMES[..], 0..=7)) {
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
