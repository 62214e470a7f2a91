//! Unicode's word bounds (UAX #29) one word after another, in text of any length.
//!
//! `unicode_segmentation` finds the same bounds, and finds them for all ordinary pieces; but it
//! reads a word in one go, and a word may be as long as the document. This machine follows its
//! rules and asks the observer on the way. It has no tables: what class a character is of shows in
//! how that crate joins it to known ones, which is asked once for each character and kept.
//!
//! White space never gets here, so the rules about it are left out.

use unicode_segmentation::UnicodeSegmentation;

use super::watch::Watch;
use crate::error::Result;

/// Characters whose class is kept; a power of two.
const KEPT: usize = 1 << 12;

/// The word-break property of a character, as far as the rules tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
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
    Other,
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

/// Finds the words of texts.
pub(super) struct Bounds {
    /// Code point, class, and whether it is a picture.
    kept: Vec<(u32, Class, bool)>,
}

impl Bounds {
    /// Knows no character yet.
    pub(super) fn new() -> Self {
        Self {
            kept: vec![(u32::MAX, Class::Other, false); KEPT],
        }
    }

    /// The end of the word that starts at `start`, which is inside the text and a bound.
    pub(super) fn end(&mut self, text: &str, start: usize, watch: &mut Watch<'_>) -> Result<usize> {
        let mut characters = text[start..].char_indices();
        let Some((_, first)) = characters.next() else {
            return Ok(start);
        };
        let (class, _) = self.class(first);
        let mut state = match class {
            Class::Letter => State::Letter,
            Class::Hebrew => State::Hebrew,
            Class::Numeric => State::Numeric,
            Class::Katakana => State::Katakana,
            Class::Connector => State::Connector,
            Class::Regional => State::Half,
            _ => State::Closed,
        };
        let mut joiner = class == Class::Joiner;
        // Where a sign stood that is waiting for the right class.
        let mut sign = 0;
        for (offset, character) in characters {
            watch.spend(1)?;
            let place = start + offset;
            let (class, picture) = self.class(character);
            if matches!(class, Class::Extend | Class::Joiner) {
                joiner = class == Class::Joiner;
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

    /// The class of a character, and whether it is a picture.
    #[inline]
    fn class(&mut self, character: char) -> (Class, bool) {
        let point = u32::from(character);
        let slot = &mut self.kept[point as usize % KEPT];
        if slot.0 != point {
            *slot = (point, asked(character), joined(&['!', '\u{200D}', character]));
        }
        (slot.1, slot.2)
    }
}

/// The state after a character that belongs to the word (rules `WB5` to `WB13b` and `WB15`).
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
        State::Closed => None,
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
    let known = [
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
    ];
    known
        .iter()
        .find_map(|&(is, class)| is.then_some(class))
        .unwrap_or(Class::Other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn words(text: &str) -> Vec<&str> {
        let mut bounds = Bounds::new();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let end = bounds.end(text, at, &mut Watch::new(&Silent)).unwrap();
            found.push(&text[at..end]);
            at = end;
        }
        found
    }

    #[test]
    fn every_character_joins_as_unicode_segmentation_says() {
        let company = [
            "a", "א", "1", "カ", "_", "🇦", "❤", "'", "\"", ":", ".", "\u{200D}", "\u{301}",
        ];
        for sign in ('\0'..=char::MAX).filter(|sign| !sign.is_whitespace()) {
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
            text in "[a1_é.:,;'\"’·!^אבカキ中한🇦🇧❤😀🅰ℹ\u{200D}\u{FE0F}\u{1F3FB}\u{301}\u{AD}\u{FEFF}\u{200B}٣]{0,16}",
            any in "\\P{White_Space}{0,16}",
        ) {
            for text in [text, any] {
                let expected: Vec<&str> = text.split_word_bounds().collect();
                proptest::prop_assert_eq!(words(&text), expected);
            }
        }
    }
}
