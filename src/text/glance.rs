//! What a byte tells at a glance: where words begin and end without the tables of Unicode.

use super::bitmap::starts_letter;
use super::bounds;

/// What a byte is at the start of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Space,
    Word,
    Sign,
    /// `@` and `#`.
    Sigil,
    /// It depends on the character.
    Rules,
}

/// What each byte is at the start of a token.
#[expect(clippy::cast_possible_truncation, reason = "it counts bytes")]
pub(super) const LEADS: [Lead; 256] = {
    let mut leads = [Lead::Sign; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        leads[byte] = match value {
            b' ' | b'\t'..=b'\r' => Lead::Space,
            // A line that words are joined by is for the rules, as characters beyond ASCII are.
            b'_' | 0x80.. => Lead::Rules,
            b'@' | b'#' => Lead::Sigil,
            _ if value.is_ascii_alphanumeric() => Lead::Word,
            _ => Lead::Sign,
        };
        byte += 1;
    }
    leads
};

/// What a byte means for the word before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// The word ends.
    End,
    /// It may go on after a sign.
    Sign,
    /// It depends on the character.
    Rules,
}

/// What each byte means for the word before it.
#[expect(clippy::cast_possible_truncation, reason = "it counts bytes")]
pub(super) const FOLLOWS: [Follow; 256] = {
    let mut follows = [Follow::End; 256];
    let mut byte = 0;
    while byte < 256 {
        follows[byte] = match byte as u8 {
            b'.' | b'\'' | b',' | b';' | b':' => Follow::Sign,
            b'_' | 0x80.. => Follow::Rules,
            _ => Follow::End,
        };
        byte += 1;
    }
    follows
};

/// The bytes of a quote, a dash or an ellipsis at `at` that stands alone, and no mark follows.
#[inline]
pub(super) fn typographic(bytes: &[u8], at: usize) -> Option<usize> {
    let &[first, second, third] = bytes.get(at..at + 3)?.first_chunk::<3>()?;
    let alone = first == 0xE2 && second == 0x80 && matches!(third, 0x93 | 0x94 | 0x98..=0x9E | 0xA2 | 0xA6);
    (alone && is_plain(bytes, at + 3)).then_some(3)
}

/// Whether the character at `at` is known to be no mark on the one before it, at a glance.
#[inline]
pub(super) fn is_plain(bytes: &[u8], at: usize) -> bool {
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
