//! Language resources applied per type: Snowball stems and stop-word lists.

use std::fmt;

use crate::error::{Error, Result};

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

    /// The stem of a word in lower case.
    #[must_use]
    pub fn stem(self, word: &str) -> String {
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
}
