//! Queries: what a user looks for, word by word, and which terms that is.
//!
//! A query is cut into words as the texts were, then brought into the normal form of their view, so
//! that `U.S.-led` and `Don’t` find what they would be in a text. `*` stands for any characters and
//! `?` for one; while the words are cut, letters stand in for them, so that `e-m*` is cut as
//! `e-mail` is. What the postings say about the terms is asked elsewhere.

use std::borrow::Cow;

use super::globs::{Glob, one_sigma};
use super::pace::Pace;
use super::postings::Postings;
use super::tokenizer::Tokenizer;
use super::tokens::Tokens;
use super::views::Settings;
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::kinds::Kind;
use crate::text::pattern::Pattern;

const WHAT: &str = "a query";

/// Terms that one job compares with a word of a query.
const BLOCK: usize = 1 << 13;

/// Most words of a query: each costs time at every match, and longer texts are for `reuse`.
const WORDS: usize = 100;

/// Letters of a script (Lisu) that hardly any query holds; two that it does not hold stand in for `*` and
/// `?`.
const LETTERS: std::ops::RangeInclusive<char> = '\u{A4D0}'..='\u{A4F7}';

/// One word of a query.
#[derive(Debug)]
enum Word {
    /// A term as it is written in the view.
    Literal(String),
    /// A term with `*` or `?` in it.
    Glob(Glob),
    /// A term that a regular expression matches.
    Regex(Box<Pattern>),
    /// Any token.
    Any,
}

/// The terms that one word of a query stands for.
#[derive(Debug)]
pub enum Terms {
    /// One term, which the view may drop: it was asked for by name.
    One(u32),
    /// Terms that the view keeps: a flag for each.
    Some(Vec<bool>),
    /// Every term that the view keeps.
    Any,
}

/// What a user looks for: at least one word.
#[derive(Debug)]
pub struct Query {
    words: Vec<Word>,
}

impl Query {
    /// Reads a query of literal words and globs.
    pub fn new(
        query: &str,
        tokenizer: Tokenizer<'_>,
        settings: &Settings,
        observer: &dyn Observer,
    ) -> Result<Self> {
        short_enough(query)?;
        let mut free = LETTERS.filter(|&letter| !query.contains(letter));
        let (Some(many), Some(one)) = (free.next(), free.next()) else {
            return Err(refused(
                query,
                "it holds nearly every Lisu letter",
                "look for less at once",
            ));
        };
        let text = stood_in(query, many, one);
        let mut words = Vec::new();
        for form in cut(&text, [many, one], tokenizer, observer)? {
            words.push(word(&form, many, one, settings));
        }
        Self::of(words, query)
    }

    /// Reads a query of regular expressions, one a token, with white space between them.
    pub fn of_regexes(query: &str, settings: &Settings) -> Result<Self> {
        short_enough(query)?;
        let flag = if settings.lower { "i" } else { "" };
        let mut words = Vec::new();
        for part in query.split_whitespace() {
            // First as it was written, so that an error shows that.
            Pattern::new(part)?;
            let whole = Pattern::new(&format!(r"\A(?{flag}:{part})\z"))?;
            words.push(Word::Regex(Box::new(whole)));
        }
        Self::of(words, query)
    }

    fn of(words: Vec<Word>, query: &str) -> Result<Self> {
        if words.is_empty() {
            return Err(refused(
                query,
                "it holds no word",
                "pass a word, several, or a part of one such as \"limit*\"",
            ));
        }
        if words.len() > WORDS {
            return Err(refused(
                query,
                &format!("it holds {} words, and {WORDS} are the most", words.len()),
                "look for a part of it",
            ));
        }
        Ok(Self { words })
    }

    /// The terms of each word; `None` when one of them is nowhere.
    pub fn terms(&self, postings: &Postings, observer: &dyn Observer) -> Result<Option<Vec<Terms>>> {
        let all = postings.all().terms();
        let mut found = Vec::with_capacity(self.words.len());
        for word in &self.words {
            found.push(match word {
                Word::Any => Terms::Any,
                Word::Literal(term) => match all.id(term) {
                    Some(id) => Terms::One(id),
                    None => return Ok(None),
                },
                Word::Glob(glob) => Terms::Some(fitting(postings, observer, |term| {
                    glob.matches(&one_sigma(term), &mut Pace::default(), observer)
                })?),
                Word::Regex(pattern) => Terms::Some(fitting(postings, observer, |term| {
                    matches(pattern, term, observer)
                })?),
            });
        }
        Ok(Some(found))
    }
}

impl Terms {
    /// Whether a term is one of these; whether the view keeps the token is not asked.
    #[inline]
    #[must_use]
    pub fn hold(&self, term: u32) -> bool {
        match self {
            Self::One(one) => *one == term,
            Self::Some(flags) => flags[term as usize],
            Self::Any => true,
        }
    }

    /// Whether only tokens count that the view keeps.
    #[must_use]
    pub fn only_kept(&self) -> bool {
        !matches!(self, Self::One(_))
    }
}

fn refused(query: &str, rule: &str, remedy: &str) -> Error {
    let shown: String = query.chars().take(60).collect();
    Error::parameter("pattern", &format!("{shown:?}"), rule, remedy)
}

fn short_enough(query: &str) -> Result<()> {
    let most = limits::PATTERN_BYTES.most();
    if query.len() <= most {
        return Ok(());
    }
    let shown: String = query.chars().take(60).collect();
    Err(Error::Pattern(Cause::parameter(
        "pattern",
        &format!("{shown:?} … ({} bytes long)", query.len()),
        &format!("the limit is {most} bytes"),
        &format!(
            "look for less at once, or {}",
            limits::PATTERN_BYTES.remedy(query.len() as u64)
        ),
    )))
}

/// The query with letters for its wild cards, and without the backslashes that protect others.
fn stood_in(query: &str, many: char, one: char) -> String {
    let mut text = String::with_capacity(query.len() + 16);
    let mut signs = query.chars().peekable();
    while let Some(sign) = signs.next() {
        text.push(match sign {
            '\\' => match signs.next_if(|&next| matches!(next, '*' | '?' | '\\')) {
                Some(protected) => protected,
                None => sign,
            },
            '*' => many,
            '?' => one,
            _ => sign,
        });
    }
    text
}

/// The words of a query, cut as the texts were.
fn cut(
    text: &str,
    wild: [char; 2],
    tokenizer: Tokenizer<'_>,
    observer: &dyn Observer,
) -> Result<Vec<String>> {
    let Some(pattern) = tokenizer.pattern else {
        let tokens = tokenizer.tokens([text], observer)?;
        return Ok(mended(text, &tokens, wild));
    };
    let mut words = Vec::new();
    for part in text.split_whitespace() {
        if part.contains(wild) {
            words.push(part.to_owned());
            continue;
        }
        pattern.scan(part, observer, &mut |start, end| {
            words.push(part[start..end].to_owned());
            Ok(())
        })?;
    }
    Ok(words)
}

/// The tokens of a query. Where words are written without spaces a wild card would be cut off the word
/// that it touches, so it is put back.
fn mended(text: &str, tokens: &Tokens, wild: [char; 2]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut end = 0;
    for (&id, &start) in tokens.ids(0).iter().zip(tokens.starts(0)) {
        let (form, start) = (tokens.types().term(id), start as usize);
        let (before, after) = (text[..start].chars().next_back(), form.chars().next());
        let touches = start == end
            && before.is_some_and(char::is_alphanumeric)
            && after.is_some_and(char::is_alphanumeric)
            && before.is_some_and(|sign| wild.contains(&sign))
                != after.is_some_and(|sign| wild.contains(&sign));
        match words.last_mut() {
            Some(word) if touches => word.push_str(form),
            _ => words.push(form.to_owned()),
        }
        end = start + form.len();
    }
    words
}

/// A word in the normal form of a view.
fn word(form: &str, many: char, one: char, settings: &Settings) -> Word {
    if form.chars().all(|sign| sign == many) {
        return Word::Any;
    }
    let normal = |settings: &Settings| {
        let term = settings.term(form, Kind::of(form));
        term.map(Cow::into_owned).unwrap_or_default()
    };
    if !form.contains([many, one]) {
        return Word::Literal(normal(settings));
    }
    // Half a word has no stem.
    let term = normal(&Settings {
        stem: None,
        ..settings.clone()
    });
    let mut written = String::with_capacity(term.len());
    for sign in term.chars() {
        match sign {
            _ if sign == many => written.push('*'),
            _ if sign == one => written.push('?'),
            '*' | '?' | '\\' => written.extend(['\\', sign]),
            _ => written.push(sign),
        }
    }
    Word::Glob(Glob::new(&written))
}

/// Whether a pattern that is bound to both ends matches.
fn matches(pattern: &Pattern, term: &str, observer: &dyn Observer) -> Result<bool> {
    let mut found = false;
    pattern.scan(term, observer, &mut |_, _| {
        found = true;
        Ok(())
    })?;
    Ok(found)
}

/// Asks about every term, in parallel.
fn fitting(
    postings: &Postings,
    observer: &dyn Observer,
    fits: impl Fn(&str) -> Result<bool> + Sync,
) -> Result<Vec<bool>> {
    let terms = postings.all().terms();
    let parts = parallel::blocks(terms.len(), BLOCK, |_| 0);
    observer.expect(terms.len());
    let flags = parallel::map_blocks(&parts, observer, |ids| {
        let mut flags = memory::with_capacity(ids.len(), WHAT)?;
        let mut pace = Pace::default();
        for id in ids {
            pace.step(16, observer)?;
            // Ids are 32 bits wide.
            flags.push(fits(terms.term(u32::try_from(id).unwrap_or(u32::MAX)))?);
        }
        Ok(flags)
    })?;
    memory::concat(flags, WHAT, observer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use crate::text::tailoring::{Language, Tailoring};

    /// Whether a query is cut into these words; globs stand behind a `~`, as they are written.
    fn is_cut(query: &str, joined: bool, expected: &str) -> bool {
        let tokenizer = Tokenizer {
            tailoring: Tailoring::all(Language::Any),
            pattern: None,
            hyphens_join: joined,
        };
        let settings = Settings {
            lower: true,
            fold_punctuation: true,
            ..Settings::surface()
        };
        let query = Query::new(query, tokenizer, &settings, &Silent).unwrap();
        let is = |(word, expected): (&Word, &str)| match word {
            Word::Literal(term) => term == expected,
            Word::Glob(glob) => expected.strip_prefix('~').map(Glob::new).as_ref() == Some(glob),
            Word::Any => expected == "any",
            Word::Regex(_) => false,
        };
        let expected: Vec<&str> = expected.split(' ').collect();
        expected.len() == query.words.len() && query.words.iter().zip(expected).all(is)
    }

    #[test]
    fn queries_are_cut_like_texts() {
        for (query, expected) in [
            ("No limits*", "no ~limits*"),
            ("U.S.-led e-m*", "u.s. - led e - ~m*"),
            ("* ** a*b*c", "any any ~a*b*c"),
            ("?", "~?"),
            (r"\* \? \\ a\*b", r"* ? \ a * b"),
            ("总* *ไทย", "~总* ~*ไทย"),
            ("Don’t “no", "don't \" no"),
            ("*@x.org", "~*@x.org"),
        ] {
            assert!(is_cut(query, false, expected), "{query}");
        }
        assert!(is_cut("e-m* U.S.-led", true, "~e-m* u.s.-led"));
    }

    #[test]
    fn letters_that_stand_in_are_not_those_of_the_query() {
        assert!(is_cut("\u{A4D0}* \u{A4D1}", false, "~\u{A4D0}* \u{A4D1}"));
        let all: String = LETTERS.collect();
        let tokenizer = Tokenizer {
            tailoring: Tailoring::all(Language::Any),
            pattern: None,
            hyphens_join: false,
        };
        assert!(Query::new(&all, tokenizer, &Settings::surface(), &Silent).is_err());
    }

    #[test]
    fn a_glob_needs_room_for_both_ends() {
        let settings = Settings::surface();
        let Word::Glob(glob) = word("ab*ba", '*', '?', &settings) else {
            unreachable!();
        };
        for (term, fits) in [("aba", false), ("abba", true), ("ab ba", true), ("abab", false)] {
            assert_eq!(
                glob.matches(term, &mut Pace::default(), &Silent),
                Ok(fits),
                "{term}"
            );
        }
    }
}
