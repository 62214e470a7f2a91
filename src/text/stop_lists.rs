//! Lists of stop words of languages: a short one by default, a long one by name.
//!
//! The short lists hold what grammar needs and are Snowball's, or Lucene's where Snowball has none
//! (`stop_words/`, with their licences). The long ones are those of the Stopwords ISO collection, which
//! also hold words that make news (`state`, `million`, `world`). How a list is compared with a text is
//! decided in `corpus/stop_words.rs`.

use super::languages;
use crate::error::{Error, Result};

/// What stands before a language to ask for its list of Stopwords ISO.
const ISO: &str = "iso:";

/// The short lists, in the order of their codes.
const SHORT: &[(&str, &str)] = &[
    ("ar", include_str!("stop_words/ar.txt")),
    ("bg", include_str!("stop_words/bg.txt")),
    ("ca", include_str!("stop_words/ca.txt")),
    ("cs", include_str!("stop_words/cs.txt")),
    ("da", include_str!("stop_words/da.txt")),
    ("de", include_str!("stop_words/de.txt")),
    ("en", include_str!("stop_words/en.txt")),
    ("es", include_str!("stop_words/es.txt")),
    ("eu", include_str!("stop_words/eu.txt")),
    ("fa", include_str!("stop_words/fa.txt")),
    ("fi", include_str!("stop_words/fi.txt")),
    ("fr", include_str!("stop_words/fr.txt")),
    ("ga", include_str!("stop_words/ga.txt")),
    ("gl", include_str!("stop_words/gl.txt")),
    ("hi", include_str!("stop_words/hi.txt")),
    ("hu", include_str!("stop_words/hu.txt")),
    ("hy", include_str!("stop_words/hy.txt")),
    ("id", include_str!("stop_words/id.txt")),
    ("it", include_str!("stop_words/it.txt")),
    ("lv", include_str!("stop_words/lv.txt")),
    ("nl", include_str!("stop_words/nl.txt")),
    ("no", include_str!("stop_words/no.txt")),
    ("pt", include_str!("stop_words/pt.txt")),
    ("ro", include_str!("stop_words/ro.txt")),
    ("ru", include_str!("stop_words/ru.txt")),
    ("st", include_str!("stop_words/st.txt")),
    ("sv", include_str!("stop_words/sv.txt")),
    ("th", include_str!("stop_words/th.txt")),
    ("tr", include_str!("stop_words/tr.txt")),
];

/// The stop words of a language, by code or by English name; of Stopwords ISO where `iso:` stands before
/// it, or where there is no other list.
pub fn stop_words(language: &str) -> Result<Vec<&'static str>> {
    let (asked, only_iso) = match language.strip_prefix(ISO) {
        Some(rest) => (rest, true),
        None => (language, false),
    };
    let code = languages::found(asked).map(listed_as);
    let short = code.and_then(|code| SHORT.iter().find(|(each, _)| *each == code));
    if let Some((_, list)) = short.filter(|_| !only_iso) {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        return Ok(lines.flat_map(str::split_whitespace).collect());
    }
    let long = stop_words::lookup(asked).or_else(|| stop_words::lookup(code?));
    long.map(<[_]>::to_vec).ok_or_else(|| missing(language, only_iso))
}

/// There is no such list; which ones there are.
fn missing(language: &str, only_iso: bool) -> Error {
    let mut codes = stop_words::available_languages().to_vec();
    if !only_iso {
        codes.extend(SHORT.iter().map(|(code, _)| *code));
        codes.sort_unstable();
        codes.dedup();
    }
    Error::parameter(
        "stop_words",
        &format!("'{}'", language.chars().take(60).collect::<String>()),
        "there is no list for that language",
        &format!(
            "pass your own list of words, None, or one of {}",
            codes.join(", ")
        ),
    )
}

/// The code under which a language has its resources: one serves both ways of writing Norwegian.
pub(super) fn listed_as(code: &'static str) -> &'static str {
    match code {
        "nb" | "nn" => "no",
        "fil" => "tl",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_of_a_language() {
        for name in [
            "en",
            "EN",
            "eng",
            "english",
            "English",
            "en-GB",
            "iso:en",
            "iso:English",
        ] {
            let list = stop_words(name).unwrap();
            assert!(list.contains(&"the"), "{name}");
            assert_eq!(list.contains(&"million"), name.starts_with(ISO), "{name}");
        }
        assert_eq!(stop_words("nb").unwrap(), stop_words("no").unwrap());
        assert_eq!(stop_words("pl").unwrap(), stop_words("iso:pl").unwrap());
        for name in ["xx", "iso:xx", "iso:", ""] {
            let message = stop_words(name).unwrap_err().to_string();
            assert!(message.contains("fi, fr") && message.len() < 440, "{message}");
        }
    }

    #[test]
    fn thirty_languages_and_more_have_lists() {
        let listed = stop_words::available_languages();
        assert!(listed.len() >= 50);
        for code in listed {
            let list = stop_words(&format!("{ISO}{code}")).unwrap();
            assert!(list.len() > 20, "{code}");
            assert!(languages::found(code).is_some(), "{code}");
        }
        assert!(SHORT.is_sorted());
        for (code, _) in SHORT {
            let mut list = stop_words(code).unwrap();
            let many = list.len();
            list.sort_unstable();
            list.dedup();
            assert!(many > 40 && list.len() == many, "{code}");
            assert_eq!(languages::found(code), Some(*code));
            assert!(!list.iter().any(|word| word.contains(['#', '|'])), "{code}");
        }
    }
}
