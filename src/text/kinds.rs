//! What sort of token a type is: decided once for each type, from its form alone.

use super::addresses::{is_address, is_bare_address};
use super::signs;
use super::watch::parts;

/// What sort of token a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Has a letter.
    Word,
    /// Has a digit and no letter.
    Number,
    /// Punctuation.
    Punctuation,
    /// Any other visible sign.
    Symbol,
    /// A pictograph, a flag or a keycap.
    Emoji,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// An @handle.
    Handle,
    /// A #hashtag.
    Hashtag,
}

impl Kind {
    /// Every kind, in the order of their bits.
    pub const ALL: [Self; 9] = [
        Self::Word,
        Self::Number,
        Self::Punctuation,
        Self::Symbol,
        Self::Emoji,
        Self::Url,
        Self::Email,
        Self::Handle,
        Self::Hashtag,
    ];

    /// The name that users write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Number => "number",
            Self::Punctuation => "punctuation",
            Self::Symbol => "symbol",
            Self::Emoji => "emoji",
            Self::Url => "url",
            Self::Email => "email",
            Self::Handle => "handle",
            Self::Hashtag => "hashtag",
        }
    }

    /// The kind of a surface form, decided by its first 64 KiB: nothing longer is a word.
    #[must_use]
    pub fn of(form: &str) -> Self {
        let form = parts(form).next().unwrap_or(form);
        let more = form.chars().nth(1).is_some();
        if more && (is_address(form) || is_bare_address(form)) {
            Self::Url
        } else if more && form.starts_with('@') && form[1..].contains(char::is_alphanumeric) {
            Self::Handle
        } else if more && form.starts_with('#') && form[1..].contains(char::is_alphanumeric) {
            Self::Hashtag
        } else if form.contains('@') && form.contains(char::is_alphanumeric) {
            Self::Email
        } else if matches!(form, "'s" | "'S" | "’s" | "’S" | "‘s" | "‘S") {
            // The possessive behind a hashtag or the like is a mark, not a word.
            Self::Punctuation
        } else if signs::is_emoji(form) {
            Self::Emoji
        } else if form.contains(char::is_alphabetic) {
            Self::Word
        } else if form.contains(char::is_numeric) {
            Self::Number
        } else if signs::is_punctuation(form) {
            Self::Punctuation
        } else {
            Self::Symbol
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindSet(u16);

impl KindSet {
    /// What a view keeps unless told otherwise: words, numbers, handles and hashtags.
    pub const WORDS: Self = Self::of(&[Kind::Word, Kind::Number, Kind::Handle, Kind::Hashtag]);

    /// The set of some kinds.
    #[must_use]
    pub const fn of(kinds: &[Kind]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < kinds.len() {
            bits |= 1 << kinds[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// Whether a kind is in the set.
    #[must_use]
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_forms() {
        let rows = [
            ("don't", Kind::Word),
            ("COVID-19", Kind::Word),
            ("3.5", Kind::Number),
            ("—", Kind::Punctuation),
            ("%", Kind::Punctuation),
            ("€", Kind::Symbol),
            ("🙂", Kind::Emoji),
            ("🇫🇷", Kind::Emoji),
            ("1\u{FE0F}\u{20E3}", Kind::Emoji),
            ("#\u{20E3}*\u{FE0F}\u{20E3}", Kind::Emoji),
            ("a1\u{FE0F}\u{20E3}", Kind::Word),
            ("❤", Kind::Symbol),
            ("https://a.b", Kind::Url),
            ("t.co/x", Kind::Url),
            ("’s", Kind::Punctuation),
            ("me@x.org", Kind::Email),
            ("@me", Kind::Handle),
            ("#me", Kind::Hashtag),
            ("#", Kind::Punctuation),
            ("@\u{301}", Kind::Punctuation),
            ("和平", Kind::Word),
        ];
        for (form, kind) in rows {
            assert_eq!(Kind::of(form), kind, "{form}");
        }
    }

    #[test]
    fn the_kind_of_an_endless_form_is_that_of_its_beginning() {
        let endless = "\u{301}".repeat(50_000);
        assert_eq!(Kind::of(&format!("{endless}a")), Kind::Symbol);
        assert_eq!(Kind::of(&format!("a{endless}")), Kind::Word);
        assert_eq!(Kind::of(&format!("me@{}", "x".repeat(100_000))), Kind::Email);
    }
}
