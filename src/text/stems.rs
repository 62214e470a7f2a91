//! Language resources applied per type: Snowball stems and stop-word lists.

use std::fmt;

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
    /// The stemmer of a language, by code (`en`) or name (`english`).
    pub fn new(language: &str) -> Result<Self> {
        match frostem::Stemmer::try_from_name(language) {
            Ok(inner) => Ok(Self { inner }),
            Err(_) => Err(Error::parameter(
                "stem",
                &format!("{language:?}"),
                "Snowball has no stemmer of that name",
                "pass a language such as \"en\" or \"english\", or None",
            )),
        }
    }

    /// The stem of a word in lower case; a longer form than `MAX_STEMMED_BYTES` is its own stem.
    #[must_use]
    pub fn stem(self, word: &str) -> String {
        if word.len() > MAX_STEMMED_BYTES {
            return word.to_owned();
        }
        self.inner.stem(word).into_owned()
    }
}

/// The stop words of a language (the Stopwords ISO lists).
pub fn stop_words(language: &str) -> Result<&'static [&'static str]> {
    stop_words::lookup(language).ok_or_else(|| {
        Error::parameter(
            "stop_words",
            &format!("{language:?}"),
            "there is no list for that language",
            "pass a two-letter code such as \"en\", or your own list of words",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_and_stop_words_of_a_language() {
        assert_eq!(Stemmer::new("en").unwrap().stem("running"), "run");
        assert!(Stemmer::new("klingon").is_err());
        assert!(stop_words("en").unwrap().contains(&"the"));
        assert!(stop_words("xx").is_err());
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
