//! Stop words, as a view compares them.
//!
//! A stop word goes through the tokenizer of the texts: a list that was written for other rules would
//! leave its parts in the text, or miss them. What is dropped from a text is decided in `views.rs`.

use super::pace::Pace;
use super::tokenizer::Tokenizer;
use super::views::Settings;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::text::kinds::Kind;
use crate::text::tailoring::Language;

/// The keys of some stop words, by the tokenizer and the settings of a view.
///
/// A word that the tokenizer cuts is dropped part by part: with French rules `c'est` drops `c'` and
/// `est`; of its parts only words and numbers count. Elided forms of listed words are dropped with
/// them where the tokenizer splits them off. A phrase, with white space inside, would drop
/// words that mean something alone: in a list of a language (`listed`) it is left out, in a list of
/// the caller's own it is refused; where a pattern makes tokens with white space, it is one of them.
pub fn keys<S: AsRef<str>>(
    words: &[S],
    listed: bool,
    tokenizer: Tokenizer<'_>,
    settings: &Settings,
    observer: &dyn Observer,
) -> Result<Vocabulary> {
    let mut single = memory::with_capacity(words.len(), "stop words")?;
    for word in words.iter().map(|word| word.as_ref().trim()) {
        // The tokens of a pattern may hold white space.
        if tokenizer.pattern.is_some() || !word.contains(char::is_whitespace) {
            single.push(word);
        } else if !listed {
            let shown: String = word.chars().take(60).collect();
            return Err(Error::parameter(
                "stop_words",
                &format!("'{shown}'"),
                "a stop word is one word, without white space",
                "list its words one by one, if each of them may go",
            ));
        }
    }
    let tokens = tokenizer.tokens(&single, observer)?;
    let (mut keys, mut pace) = (Vocabulary::new(), Pace::default());
    for (row, word) in single.iter().enumerate() {
        // Of a phrase no part is dropped.
        let ids = tokens
            .ids(row)
            .iter()
            .filter(|_| !word.contains(char::is_whitespace));
        for &id in ids {
            pace.step(64, observer)?;
            let is_part = matches!(tokens.kinds()[id as usize], Kind::Word | Kind::Number);
            if tokens.ids(row).len() == 1 || is_part {
                keys.intern(&settings.key(tokens.types().term(id)))?;
            }
        }
        // A token of the text may still be the whole word, as `l'` is that ends here.
        let key = settings.key(word);
        keys.intern(&key)?;
        if listed && tokenizer.tailoring.elision != Language::Any {
            // Lists hold `le`, `que` or `della`, and texts `l'`, `qu'` and `dell'`.
            keys.intern(&format!("{key}'"))?;
            let mut elided = key.into_owned();
            if elided.pop().is_some_and(|vowel| "aeio".contains(vowel)) {
                keys.intern(&format!("{elided}'"))?;
            }
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use crate::text::tailoring::Tailoring;

    fn listed(words: &[&str], language: Language, settings: &Settings) -> Vec<String> {
        let tokenizer = Tokenizer {
            tailoring: Tailoring::all(language),
            pattern: None,
            hyphens_join: false,
        };
        let keys = keys(words, true, tokenizer, settings, &Silent).unwrap();
        keys.iter().map(str::to_owned).collect()
    }

    #[test]
    fn stop_words_are_cut_as_the_texts_are() {
        let surface = Settings::surface();
        assert_eq!(listed(&["Don’t"], Language::Any, &surface), ["don't"]);
        let french = listed(&["c’est", "aujourd'hui", "que"], Language::French, &surface);
        for key in ["c'", "est", "aujourd'hui", "que", "qu'"] {
            assert!(french.iter().any(|found| found == key), "{key}");
        }
        assert_eq!(
            listed(&["a priori", "a-t-il"], Language::Any, &surface),
            ["a", "t", "il", "a-t-il"]
        );
        let plain = Settings {
            strip_accents: true,
            ..Settings::surface()
        };
        assert_eq!(listed(&["e\u{301}té"], Language::Any, &plain), ["ete"]);
    }

    #[test]
    fn a_phrase_of_the_callers_own_is_refused() {
        let tokenizer = Tokenizer {
            tailoring: Tailoring::all(Language::Any),
            pattern: None,
            hyphens_join: false,
        };
        let refused = keys(&["new york"], false, tokenizer, &Settings::surface(), &Silent);
        assert!(refused.unwrap_err().to_string().contains("one word"));
    }
}
