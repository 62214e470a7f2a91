//! Unicode's word bounds (UAX #29) one word after another, in text of any length.
//!
//! `unicode_segmentation` finds the same bounds; but it reads a word in one go, and a word may be as
//! long as the document. This machine follows its rules and asks the observer on the way. What class
//! a character is of shows in how that crate joins it to known ones, which is asked once for each
//! character of the process and kept.

use std::sync::atomic::{AtomicU8, Ordering};

use unicode_segmentation::UnicodeSegmentation;

use super::watch::Watch;
use crate::error::Result;

/// Class of each character and whether it is a picture, as `known` packs them; 0 where nobody
/// asked yet. Whoever asks first writes what everybody else would have written, so no lock is needed,
/// and pages that no text touches stay untouched.
static KNOWN: [AtomicU8; char::MAX as usize + 1] = [const { AtomicU8::new(0) }; char::MAX as usize + 1];

/// In `KNOWN`: a picture.
const PICTURE: u8 = 0x80;

/// The word-break property of a character, as far as the rules tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    Letter,
    Hebrew,
    Numeric,
    Katakana,
    Connector,
    Regional,
    /// Zero-width joiner.
    Joiner,
    /// Marks and format characters, which belong to what they follow.
    Extend,
    SingleQuote,
    DoubleQuote,
    MidLetter,
    MidNumber,
    MidBoth,
    /// White space of which a row stays together.
    Space,
    /// The end of a line, beside which every word ends.
    Newline,
    Other,
}

impl Class {
    const ALL: [Self; 16] = [
        Self::Letter,
        Self::Hebrew,
        Self::Numeric,
        Self::Katakana,
        Self::Connector,
        Self::Regional,
        Self::Joiner,
        Self::Extend,
        Self::SingleQuote,
        Self::DoubleQuote,
        Self::MidLetter,
        Self::MidNumber,
        Self::MidBoth,
        Self::Space,
        Self::Newline,
        Self::Other,
    ];
}

/// Where the machine stands inside a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Letter,
    Hebrew,
    Numeric,
    Katakana,
    Connector,
    /// One half of a flag.
    Half,
    /// Nothing but marks may follow, or a picture after a joiner.
    Closed,
    /// Nothing may follow.
    Ended,
    /// White space, which more of it may follow.
    Space,
    /// After a quote behind a Hebrew letter: the word goes on if a letter follows.
    HebrewQuote,
    /// After a sign that belongs to the word only if the right class follows.
    Wants(Want),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Letter,
    Hebrew,
    Numeric,
}

/// The end of the word that starts at `start`, which is inside the text and a bound.
pub(super) fn end(text: &str, start: usize, watch: &mut Watch<'_>) -> Result<usize> {
    let mut characters = text[start..].char_indices();
    let Some((_, first)) = characters.next() else {
        return Ok(start);
    };
    if text[start..].starts_with("\r\n") {
        return Ok(start + 2);
    }
    let (class, _) = known(first);
    let mut state = match class {
        Class::Letter => State::Letter,
        Class::Hebrew => State::Hebrew,
        Class::Numeric => State::Numeric,
        Class::Katakana => State::Katakana,
        Class::Connector => State::Connector,
        Class::Regional => State::Half,
        Class::Space => State::Space,
        Class::Newline => State::Ended,
        _ => State::Closed,
    };
    let mut joiner = class == Class::Joiner;
    // Where a sign stood that is waiting for the right class.
    let mut sign = 0;
    for (offset, character) in characters {
        watch.spend(1)?;
        let place = start + offset;
        let (class, picture) = known(character);
        if matches!(class, Class::Extend | Class::Joiner) && state != State::Ended {
            joiner = class == Class::Joiner;
            if state == State::Space {
                state = State::Closed;
            }
            continue;
        }
        let glued = std::mem::replace(&mut joiner, false);
        if glued && picture {
            state = State::Closed;
            continue;
        }
        match follow(state, class) {
            Some(next) => {
                if matches!(next, State::Wants(_)) {
                    sign = place;
                }
                state = next;
            }
            None if matches!(state, State::Wants(_)) => return Ok(sign),
            None => return Ok(place),
        }
    }
    Ok(if matches!(state, State::Wants(_)) {
        sign
    } else {
        text.len()
    })
}

/// The end of the row of letters at `start` that are one or two bytes long, without a mark or sign.
pub(super) fn letters_end(text: &str, start: usize) -> usize {
    let (bytes, mut end) = (text.as_bytes(), start);
    loop {
        end += match bytes[end..] {
            [letter, ..] if letter.is_ascii_alphabetic() => 1,
            [lead @ 0xC2..0xE0, next, ..] => {
                let code = u32::from(lead & 0x1F) << 6 | u32::from(next & 0x3F);
                let is_letter = |sign| matches!(known(sign).0, Class::Letter | Class::Hebrew);
                if !char::from_u32(code).is_some_and(is_letter) {
                    return end;
                }
                2
            }
            _ => return end,
        };
    }
}

/// The class of a character, and whether it is a picture.
#[inline]
pub(super) fn known(character: char) -> (Class, bool) {
    let place = &KNOWN[character as usize];
    let packed = place.load(Ordering::Relaxed);
    if packed != 0 {
        return (
            Class::ALL[usize::from(packed & !PICTURE) - 1],
            packed & PICTURE != 0,
        );
    }
    let (class, picture) = (asked(character), joined(&['!', '\u{200D}', character]));
    place.store(
        class as u8 + 1 + if picture { PICTURE } else { 0 },
        Ordering::Relaxed,
    );
    (class, picture)
}

/// Whether a character belongs to the one before it, whatever that is.
pub(super) fn clings(character: char) -> bool {
    matches!(known(character).0, Class::Extend | Class::Joiner)
}

/// The state after a character that belongs to the word (rules `WB3d` and `WB5` to `WB15`).
fn follow(state: State, class: Class) -> Option<State> {
    let plain = match class {
        Class::Letter => Some(State::Letter),
        Class::Hebrew => Some(State::Hebrew),
        Class::Numeric => Some(State::Numeric),
        Class::Connector => Some(State::Connector),
        _ => None,
    };
    let letter = matches!(class, Class::Letter | Class::Hebrew);
    match state {
        State::Hebrew if class == Class::SingleQuote => Some(State::HebrewQuote),
        State::Hebrew if class == Class::DoubleQuote => Some(State::Wants(Want::Hebrew)),
        State::Letter | State::Hebrew => match class {
            Class::MidLetter | Class::MidBoth | Class::SingleQuote => Some(State::Wants(Want::Letter)),
            _ => plain,
        },
        State::Numeric => match class {
            Class::MidNumber | Class::MidBoth | Class::SingleQuote => Some(State::Wants(Want::Numeric)),
            _ => plain,
        },
        State::Katakana => match class {
            Class::Katakana => Some(State::Katakana),
            Class::Connector => Some(State::Connector),
            _ => None,
        },
        State::Connector if class == Class::Katakana => Some(State::Katakana),
        State::Connector => plain,
        State::Half => (class == Class::Regional).then_some(State::Closed),
        State::Space => (class == Class::Space).then_some(State::Space),
        State::Closed | State::Ended => None,
        State::HebrewQuote | State::Wants(Want::Letter) => plain.filter(|_| letter),
        State::Wants(Want::Hebrew) => plain.filter(|_| class == Class::Hebrew),
        State::Wants(Want::Numeric) => plain.filter(|_| class == Class::Numeric),
    }
}

/// Whether some characters are one word.
fn joined(characters: &[char]) -> bool {
    let text: String = characters.iter().collect();
    text.split_word_bounds().nth(1).is_none()
}

/// The class of a character, by the company it keeps.
fn asked(c: char) -> Class {
    let answers = [
        (c == '\u{200D}', Class::Joiner),
        (joined(&['!', c]), Class::Extend),
        (joined(&[c, 'a']) && joined(&[c, 'カ']), Class::Connector),
        (joined(&[c, 'カ']), Class::Katakana),
        (joined(&[c, '_']) && joined(&[c, '\'']), Class::Hebrew),
        (joined(&['a', ':', c]), Class::Letter),
        (joined(&[c, '_']), Class::Numeric),
        (joined(&[c, '🇦']), Class::Regional),
        (joined(&['א', c]), Class::SingleQuote),
        (joined(&['a', c, 'a']) && joined(&['1', c, '1']), Class::MidBoth),
        (joined(&['a', c, 'a']), Class::MidLetter),
        (joined(&['1', c, '1']), Class::MidNumber),
        (joined(&['א', c, 'א']), Class::DoubleQuote),
        (joined(&[c, ' ']), Class::Space),
        (!joined(&[c, '\u{301}']), Class::Newline),
    ];
    answers
        .iter()
        .find_map(|&(is, class)| is.then_some(class))
        .unwrap_or(Class::Other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn words(text: &str) -> Vec<&str> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let stop = end(text, at, &mut Watch::new(&Silent)).unwrap();
            found.push(&text[at..stop]);
            at = stop;
        }
        found
    }

    #[test]
    fn every_character_joins_as_unicode_segmentation_says() {
        let company = [
            "a", "א", "1", "カ", "_", "🇦", "❤", "'", "\"", ":", ".", "\u{200D}", "\u{301}", " ", "\n",
        ];
        for sign in '\0'..=char::MAX {
            // Most planes are empty or ideographs; their beginnings stand for them.
            if u32::from(sign) > 0x2_0000 && u32::from(sign) % 0x1_0000 > 0x1000 {
                continue;
            }
            let mut text = String::new();
            for neighbour in company {
                text.extend([neighbour, sign.encode_utf8(&mut [0; 4]), neighbour]);
            }
            let expected: Vec<&str> = text.split_word_bounds().collect();
            assert_eq!(words(&text), expected, "U+{:04X}", u32::from(sign));
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn bounds_are_those_of_unicode_segmentation(
            text in "[a1_é.:,;'\"’·!^אבカキ中한🇦🇧❤😀🅰ℹ\u{200D}\u{FE0F}\u{1F3FB}\u{301}\u{AD}\u{FEFF}\u{200B}٣ \u{2009}\u{A0}\u{202F}\n\r\u{2028}]{0,16}",
            any in "\\PC{0,16}",
        ) {
            for text in [text, any] {
                let expected: Vec<&str> = text.split_word_bounds().collect();
                proptest::prop_assert_eq!(words(&text), expected);
            }
        }
    }
}
