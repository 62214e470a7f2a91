//! Snowball stems, word by word.

use std::borrow::Cow;
use std::fmt;

use super::languages;
use super::stop_lists::listed_as;
use crate::error::{Error, Result};

/// Longest form that is stemmed, in bytes. Snowball's rules take time in the square of a word's
/// length, and no language has words of this length.
pub const MAX_STEMMED_BYTES: usize = 1_000;

/// A Snowball stemmer of one language.
#[derive(Clone, Copy)]
pub struct Stemmer {
    inner: frostem::Stemmer,
}

impl fmt::Debug for Stemmer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Stemmer({})", self.inner.algorithm().name())
    }
}

impl Stemmer {
    /// The stemmer of a language, by code (`en`, `pt-BR`), by English name or by the name of one of
    /// Snowball's algorithms (`porter`).
    pub fn new(language: &str) -> Result<Self> {
        let named = frostem::Algorithm::from_name(language).ok();
        let found = named.or_else(|| {
            let code = listed_as(languages::found(language)?);
            let mut all = frostem::Algorithm::all().iter().copied();
            all.find(|each| languages::found(each.name()) == Some(code))
        });
        if let Some(algorithm) = found {
            let inner = frostem::Stemmer::new(algorithm);
            return Ok(Self { inner });
        }
        let all = frostem::Algorithm::all().iter().map(|each| each.name());
        let mut codes: Vec<&str> = all.map(|name| languages::found(name).unwrap_or(name)).collect();
        codes.sort_unstable();
        Err(Error::parameter(
            "stem",
            &format!("'{}'", shortened(language)),
            "Snowball has no stemmer of that name",
            &format!("pass None or one of {}", codes.join(", ")),
        ))
    }

    /// The stem of a word in lower case; a longer form than `MAX_STEMMED_BYTES` is its own stem.
    #[must_use]
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        if word.len() > MAX_STEMMED_BYTES {
            return Cow::Borrowed(word);
        }
        self.inner.stem(word)
    }
}

/// The beginning of what was written, as a sentence shows it.
fn shortened(written: &str) -> String {
    written.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_of_a_language() {
        for name in ["en", "EN", "eng", "english", "English", "en-GB"] {
            assert_eq!(Stemmer::new(name).unwrap().stem("running"), "run");
        }
        assert_eq!(Stemmer::new("pt-BR").unwrap().stem("cantando"), "cant");
        let message = Stemmer::new("klingon").unwrap_err().to_string();
        assert!(message.contains("fi, fr") && message.len() < 400, "{message}");
    }

    #[test]
    fn every_algorithm_has_a_name() {
        for algorithm in frostem::Algorithm::all() {
            assert_eq!(
                Stemmer::new(algorithm.name()).unwrap().inner.algorithm(),
                *algorithm
            );
        }
    }

    #[test]
    fn a_form_of_any_length_is_stemmed_or_left_alone() {
        let longest = format!("{}running", "x".repeat(MAX_STEMMED_BYTES - 7));
        let stemmer = Stemmer::new("en").unwrap();
        assert_eq!(stemmer.stem(&longest), longest.trim_end_matches("ning"));
        let longer = format!("x{longest}");
        assert_eq!(stemmer.stem(&longer), longer);
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_a_stemmer(text in "\\PC{0,24}", letters in "[a-zéßяήσικα'ا-يகக்ें]{0,24}") {
            for language in frostem::Algorithm::all() {
                let stemmer = Stemmer::new(language.name()).unwrap();
                for form in [&text, &letters] {
                    // A stem is at most its word and a letter or two.
                    proptest::prop_assert!(stemmer.stem(form).len() <= form.len() + 8);
                }
            }
        }
    }
}
