//! The slow part of the scanner: a word by Unicode's rules, and what the tailorings make of it.
//!
//! What text is plain enough not to come here is decided in `scanner.rs`.

use super::bounds;
use super::glance::{is_format, is_plain};
use super::scanner::Scanner;
use super::scripts::{self, Complex};
use super::tailoring::{Language, is_elided, is_initials, is_run_on, is_titled};
use super::watch::find;
use crate::error::Result;

/// Most bytes of initials before a word that was run onto them: a longer row of letters and dots is no
/// name, and is not looked at again at every dot.
const INITIALS: usize = 32;

impl<E: FnMut(usize, usize) -> Result<()>> Scanner<'_, '_, E> {
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
    pub(super) fn slow(&mut self, at: usize) -> Result<usize> {
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
        // Most words of Arabic, Greek and Hebrew have letters alone and a sign behind them that no
        // tailoring looks at.
        let letters = bounds::letters_end(text, start);
        if letters > start && matches!(text.as_bytes().get(letters), Some(b' ' | b'\n' | b',' | b')')) {
            self.watch.spend(letters - start)?;
            (self.emit)(at, letters)?;
            return Ok(letters);
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
        let (elision, run_on) = (self.tailoring.elision, self.tailoring.run_on);
        let sign = |sign: char| {
            matches!(sign, '.' | ':')
                || sign == '_' && run_on
                || elision != Language::Any && matches!(sign, '\'' | '’' | '‘')
        };
        while let Some(offset) = find(&self.text[from..end], sign, &mut self.watch)? {
            let place = from + offset;
            from = place + self.text[place..].chars().next().map_or(1, char::len_utf8);
            match self.bytes[place] {
                b'.' | b':' if start < place && self.is_address_after(from) => {
                    let end = self.with_initial_dot(start, place)?;
                    (self.emit)(start, end)?;
                    return Ok(end);
                }
                b'.' | b':' => {
                    let (left, right) = (&self.text[start..place], &self.text[from..end]);
                    let initials = run_on
                        && self.bytes[place] == b'.'
                        && left.len() <= INITIALS
                        && is_titled(right)
                        && is_initials(left, &mut self.watch)?;
                    if initials && self.tailoring.initials {
                        (self.emit)(start, from)?;
                    } else if initials || run_on && is_run_on(left, right) {
                        (self.emit)(start, place)?;
                        (self.emit)(place, from)?;
                    } else {
                        continue;
                    }
                }
                b'_' => {
                    let row = self.row_end(place, end)?;
                    if row == from {
                        continue;
                    }
                    from = row;
                    if start < place {
                        (self.emit)(start, place)?;
                    }
                    if from == end {
                        return self.finish(place, end);
                    }
                    (self.emit)(place, from)?;
                    if self.is_address_after(from) {
                        return Ok(from);
                    }
                }
                _ if from < end && !quoted && is_elided(&self.text[start..place], elision) => {
                    (self.emit)(start, from)?;
                    if self.is_address_after(from) {
                        return Ok(from);
                    }
                }
                _ => {
                    quoted = true;
                    continue;
                }
            }
            (start, quoted) = (from, false);
        }
        let end = match self.mark_before_digit(end) {
            Some(width) if !quoted && is_elided(&self.text[start..end], elision) => end + width,
            _ => {
                let dotted = self.with_initial_dot(start, end)?;
                let takes = dotted > end || self.bytes[end - 1].is_ascii_digit();
                let possessive = if takes { self.possessive(dotted)? } else { None };
                possessive.unwrap_or(dotted)
            }
        };
        self.finish(start, end)
    }

    /// The last part of a word. Unicode breaks at a space of no width; where spaces are tailored it
    /// stays with the word before it.
    fn finish(&mut self, start: usize, end: usize) -> Result<usize> {
        let end = if self.tailoring.spaces {
            let rest = &self.text[end..self.limit];
            end + find(rest, |sign| !is_format(sign), &mut self.watch)?.unwrap_or(rest.len())
        } else {
            end
        };
        (self.emit)(start, end)?;
        Ok(end)
    }

    /// The end of the row of `_` at `at`, with the marks on the last one; that of the sign if it is
    /// one alone.
    fn row_end(&mut self, at: usize, end: usize) -> Result<usize> {
        let row = &self.text[at..end];
        let signs = find(row, |sign| sign != '_', &mut self.watch)?.unwrap_or(row.len());
        if signs == 1 {
            return Ok(at + 1);
        }
        let marks = &row[signs..];
        let length = find(marks, |sign| !bounds::clings(sign), &mut self.watch)?;
        Ok(at + signs + length.unwrap_or(marks.len()))
    }

    /// The end of the possessive `'s` at `at`, if it stands there and its word ends with it.
    pub(super) fn possessive(&mut self, at: usize) -> Result<Option<usize>> {
        if !self.tailoring.possessives || at >= self.limit {
            return Ok(None);
        }
        let letter = match &self.bytes[at..self.limit] {
            [b'\'', b's' | b'S', ..] => at + 1,
            [0xE2, 0x80, 0x98 | 0x99, b's' | b'S', ..] => at + 3,
            _ => return Ok(None),
        };
        let end = bounds::end(&self.text[..self.limit], letter, &mut self.watch)?;
        Ok((end == letter + 1).then_some(end))
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
