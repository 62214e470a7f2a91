//! Abbreviations: when a full stop does not end a sentence, per language.
//!
//! Each list is a small text file beside this one, written for this project. A line holds one kind:
//!
//! * `title`: a name follows (`Dr.`, `Sen.`): never the end of a sentence before a letter;
//! * `number`: a number follows (`No. 5`, `Sept. 11`): not the end before a digit;
//! * `unit`: stands behind a number (`5 км.`, `2018 г.`): the end before a capital letter;
//! * `inner`: stands inside a sentence (`e.g.`, `bzw.`): never the end;
//! * `other`: may stand anywhere (`etc.`, `U.S.`, `Inc.`): the end only if a starter follows;
//! * `starter`: words that often open a sentence and, spelled with a capital, seldom stand inside one.
//!
//! A language without a list has the rules of shape alone: initials, letters with dots, words
//! without a vowel. No language at all means the English, Russian and Ukrainian lists together,
//! whose scripts keep them apart.

use crate::error::Result;
use crate::memory;

const WHAT: &str = "abbreviations";

/// The longest word that can be an abbreviation, in bytes.
pub(super) const LONGEST: usize = 32;

/// The lists, by the code of their language.
const LISTS: [(&str, &str); 13] = [
    ("bg", include_str!("abbreviations/bg.txt")),
    ("de", include_str!("abbreviations/de.txt")),
    ("en", include_str!("abbreviations/en.txt")),
    ("es", include_str!("abbreviations/es.txt")),
    ("fr", include_str!("abbreviations/fr.txt")),
    ("it", include_str!("abbreviations/it.txt")),
    ("nl", include_str!("abbreviations/nl.txt")),
    ("pl", include_str!("abbreviations/pl.txt")),
    ("pt", include_str!("abbreviations/pt.txt")),
    ("ru", include_str!("abbreviations/ru.txt")),
    ("sv", include_str!("abbreviations/sv.txt")),
    ("tr", include_str!("abbreviations/tr.txt")),
    ("uk", include_str!("abbreviations/uk.txt")),
];

/// What stands in for a language that is not told.
const ANY: [&str; 3] = ["en", "ru", "uk"];

/// Languages that write ordinal numbers with a full stop (`3. Oktober`).
const ORDINALS: [&str; 20] = [
    "bs", "cs", "da", "de", "et", "fi", "fo", "hr", "hu", "is", "lb", "lt", "lv", "nb", "nn", "no", "pl",
    "sk", "sl", "sr",
];

/// Languages with words that have no vowel (`vlk`), so that such a word tells nothing.
const VOWELLESS: [&str; 9] = ["bs", "cs", "cy", "hr", "mk", "sh", "sk", "sl", "sr"];

/// What is known of a word before a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Title,
    Number,
    Unit,
    Inner,
    Other,
}

/// The rules of one language.
#[derive(Debug)]
pub struct Rules {
    /// Words with their kinds, sorted.
    words: Vec<(&'static str, Kind)>,
    /// Words that open sentences, sorted.
    starters: Vec<&'static str>,
    /// Whether a number with a full stop may be an ordinal.
    pub(super) ordinals: bool,
    /// Whether a word without a vowel is an abbreviation.
    pub(super) vowelless: bool,
}

impl Rules {
    /// The rules for a language code such as `de` or `de-AT`.
    pub fn of(language: Option<&str>) -> Result<Self> {
        let code = language.map(|code| {
            let main = code.split(['-', '_']).next().unwrap_or("");
            main.to_ascii_lowercase()
        });
        let wanted = |name: &str| code.as_deref().map_or(ANY.contains(&name), |code| code == name);
        let within = |list: &[&str]| code.as_deref().is_some_and(|code| list.contains(&code));
        let mut rules = Self {
            words: Vec::new(),
            starters: Vec::new(),
            ordinals: within(&ORDINALS),
            vowelless: !within(&VOWELLESS),
        };
        for (_, list) in LISTS.iter().filter(|(name, _)| wanted(name)) {
            rules.add(list)?;
        }
        rules.words.sort_by_key(|&(word, _)| word);
        rules.starters.sort_unstable();
        Ok(rules)
    }

    fn add(&mut self, list: &'static str) -> Result<()> {
        for line in list.lines() {
            let Some((name, words)) = line.split_once(':') else {
                continue;
            };
            let kind = match name {
                "title" => Kind::Title,
                "number" => Kind::Number,
                "inner" => Kind::Inner,
                "unit" => Kind::Unit,
                "other" => Kind::Other,
                _ => {
                    for word in words.split_whitespace().filter(|_| name == "starter") {
                        memory::push(&mut self.starters, word, WHAT)?;
                    }
                    continue;
                }
            };
            for word in words.split_whitespace() {
                memory::push(&mut self.words, (word, kind), WHAT)?;
            }
        }
        Ok(())
    }

    /// Whether the words that open sentences are listed.
    pub(super) fn knows_starters(&self) -> bool {
        !self.starters.is_empty()
    }

    /// Whether a word with a capital often opens a sentence.
    pub(super) fn opens(&self, word: &str) -> bool {
        self.starters.binary_search(&word).is_ok()
    }

    /// What is known of a word, which stands before a full stop.
    pub(super) fn kind(&self, word: &str) -> Option<Kind> {
        if word.len() > LONGEST {
            return None;
        }
        self.listed(word).or_else(|| {
            let mut spelling = Spelling::default();
            let mut characters = word.chars();
            let first = characters.next()?;
            let rest = characters.as_str();
            // `Vgl.` for `vgl.`, and `MR.` for `Mr.`; but `P.` is an initial and no page.
            if rest.is_empty() {
                return None;
            }
            if first.is_uppercase() && !rest.chars().any(char::is_uppercase) {
                spelling.push(first, true)?;
                rest.chars().try_for_each(|next| spelling.push(next, false))?;
            } else if first.is_uppercase() && !rest.chars().any(char::is_lowercase) {
                spelling.push(first, false)?;
                rest.chars().try_for_each(|next| spelling.push(next, true))?;
            }
            self.listed(spelling.as_str())
        })
    }

    fn listed(&self, word: &str) -> Option<Kind> {
        let place = self.words.partition_point(|&(listed, _)| listed < word);
        let &(listed, kind) = self.words.get(place)?;
        (listed == word).then_some(kind)
    }
}

/// A word spelled another way, without an allocation.
#[derive(Default)]
struct Spelling {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Spelling {
    /// Adds a character, in lower case if it is said so; nothing when there is no room.
    fn push(&mut self, character: char, lower: bool) -> Option<()> {
        let written = if lower {
            character.to_lowercase().next()?
        } else {
            character
        };
        let room = self
            .bytes
            .get_mut(self.length..self.length + written.len_utf8())?;
        self.length += written.encode_utf8(room).len();
        Some(())
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_read() {
        for (code, _) in LISTS {
            let rules = Rules::of(Some(code)).unwrap();
            assert!(rules.words.len() > 40 && rules.starters.len() > 40, "{code}");
            assert!(
                rules.words.iter().all(|(word, _)| word.len() <= LONGEST),
                "{code}"
            );
        }
        assert!(Rules::of(Some("xx")).unwrap().words.is_empty());
    }

    #[test]
    fn a_word_is_known_by_its_spelling() {
        let english = Rules::of(Some("en-US")).unwrap();
        for (word, kind) in [
            ("Dr", Some(Kind::Title)),
            ("DR", Some(Kind::Title)),
            ("dr", None),
            ("No", Some(Kind::Number)),
            ("no", None),
            ("E.g", Some(Kind::Inner)),
            ("Inc", Some(Kind::Other)),
            ("Parliament", None),
        ] {
            assert_eq!(english.kind(word), kind, "{word}");
        }
        assert!(english.opens("The") && !english.opens("the"));
        assert_eq!(Rules::of(None).unwrap().kind("г"), Some(Kind::Unit));
    }
}
