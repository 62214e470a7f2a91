//! What the scanner does beyond UAX #29, each with its switch, and what it does to single words.
//!
//! Initials keep their last dot, sentences that were run together are split, and elided articles
//! are split where the language has them. Web addresses and the like are in `addresses.rs`.

use super::bounds;
use super::watch::Watch;
use crate::error::{Error, Result};

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

/// What the scanner does beyond UAX #29.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tailoring {
    /// Web and e-mail addresses, @handles and #hashtags stay whole.
    pub addresses: bool,
    /// Single letters with dots between them keep the last one: `U.S.`, and so do `Ph.D.` and `W.Va.`
    pub initials: bool,
    /// The possessive `'s` stays with initials and numbers, and is one token, which is no word, behind
    /// addresses, handles and hashtags.
    pub possessives: bool,
    /// Sentences without a space between them are parted at the full stop or colon: `said.The`; and
    /// so are words with a row of `_` between them.
    pub run_on: bool,
    /// White space ends every token, but for a narrow no-break space between digits (`1 200`); and
    /// a format character belongs to the token it touches.
    pub spaces: bool,
    /// Scripts without spaces are split into words by dictionaries.
    pub scripts: bool,
    /// Elided articles are tokens, where the language has them.
    pub elision: Language,
}

impl Tailoring {
    /// The switches, by the names that users write.
    pub const NAMES: [&str; 7] = [
        "addresses",
        "initials",
        "possessives",
        "run_on",
        "spaces",
        "scripts",
        "elision",
    ];

    /// Everything on, for a language.
    #[must_use]
    pub fn all(elision: Language) -> Self {
        Self {
            addresses: true,
            initials: true,
            possessives: true,
            run_on: true,
            spaces: true,
            scripts: true,
            elision,
        }
    }

    /// UAX #29 as it stands.
    #[must_use]
    pub fn none() -> Self {
        Self {
            addresses: false,
            initials: false,
            possessives: false,
            run_on: false,
            spaces: false,
            scripts: false,
            elision: Language::Any,
        }
    }

    /// Those of some names, for a language.
    pub fn named<S: AsRef<str>>(names: &[S], language: Language) -> Result<Self> {
        let mut tailoring = Self::none();
        for name in names {
            match name.as_ref() {
                "addresses" => tailoring.addresses = true,
                "initials" => tailoring.initials = true,
                "possessives" => tailoring.possessives = true,
                "run_on" => tailoring.run_on = true,
                "spaces" => tailoring.spaces = true,
                "scripts" => tailoring.scripts = true,
                "elision" => tailoring.elision = language,
                other => {
                    return Err(Error::parameter(
                        "tailorings",
                        &format!("{other:?}"),
                        "there is no such tailoring",
                        &format!("choose from {}, or pass True or False", Self::NAMES.join(", ")),
                    ));
                }
            }
        }
        Ok(tailoring)
    }
}

/// Whether a word is single letters with dots between them, as `U.S` and `a.m` are; one of two letters
/// may stand among them, a small one behind a capital: `Ph.D`, `W.Va`.
pub(super) fn is_initials(word: &str, watch: &mut Watch<'_>) -> Result<bool> {
    let (mut parts, mut singles) = (0, 0);
    for part in word.split('.') {
        watch.spend(part.len() + 1)?;
        let mut letters = part.chars();
        match (letters.next(), letters.next(), letters.next()) {
            (Some(letter), None, _) if letter.is_alphabetic() => singles += 1,
            (Some(first), Some(second), None) if first.is_uppercase() && second.is_lowercase() => {}
            _ => return Ok(false),
        }
        parts += 1;
    }
    Ok(parts > 1 && singles > 0)
}

/// Whether a text starts with a capital and a small letter.
pub(super) fn is_titled(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// Whether two sentences were run together at a full stop or colon, as in `said.The`, `GOP.That` and
/// `More:Trump`: the left one shows two letters, and the right one a capital and a letter, or a word
/// of one letter. After capitals the second letter is a small one, or the word is `I`: nothing must be
/// left of `U.S.A` and `BRK.A`.
pub(super) fn is_run_on(left: &str, right: &str) -> bool {
    let mut before = left.chars().rev();
    let (Some(last), Some(other)) = (before.next(), before.next()) else {
        return false;
    };
    let mut after = right.chars();
    let (Some(first), second) = (after.next(), after.next()) else {
        return false;
    };
    let small = last.is_lowercase() && other.is_alphabetic();
    let capital = last.is_uppercase() && other.is_uppercase();
    if !first.is_uppercase() || !small && !capital {
        return false;
    }
    match second {
        Some(second) if second.is_alphabetic() => small || second.is_lowercase(),
        Some('.' | '_' | ':') => false,
        Some(second) if second.is_alphanumeric() || bounds::clings(second) => false,
        _ if capital => first == 'I',
        _ => matches!(
            first,
            'I' | 'A' | 'À' | 'А' | 'В' | 'И' | 'К' | 'О' | 'С' | 'У' | 'Я'
        ),
    }
}

/// Most bytes of what is elided.
const ELIDED: usize = 14;

/// Whether a word before an apostrophe is an article or pronoun that lost its vowel.
pub(super) fn is_elided(before: &str, language: Language) -> bool {
    const FRENCH: &[&str] = &[
        "l", "d", "j", "m", "t", "s", "n", "c", "ç", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
    ];
    const ITALIAN: &[&str] = &[
        "l", "un", "d", "c", "s", "m", "t", "v", "n", "dell", "all", "nell", "sull", "dall", "coll", "quest",
        "quell", "bell", "sant", "tutt", "dov", "com", "gl",
    ];
    let known = match language {
        Language::Any => return false,
        Language::French => FRENCH,
        Language::Italian => ITALIAN,
    };
    before.len() <= ELIDED && known.contains(&before.to_lowercase().as_str())
}
