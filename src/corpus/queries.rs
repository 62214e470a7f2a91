//! Queries: what a user looks for, word by word, and which terms that is.
//!
//! How a query becomes words is told in `written.rs`; what the postings say about the terms is asked
//! in `concordance.rs`.

use super::globs::{Glob, one_sigma};
use super::pace::Pace;
use super::postings::Postings;
use super::tokenizer::Tokenizer;
use super::views::{Settings, View};
use super::written::{self, Lexicon, MOST_WORDS, Written};
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::pattern::Pattern;

const WHAT: &str = "a query";

/// Terms that one job compares with a word of a query.
const BLOCK: usize = 1 << 13;

/// One word of a query.
#[derive(Debug)]
enum Word {
    /// A term as it is written in the view.
    Literal(String),
    /// A term with `*` or `?` in it.
    Glob(Glob),
    /// A term that a regular expression matches.
    Regex(Box<Pattern>),
    /// Any term.
    Any,
}

impl From<written::Word> for Word {
    fn from(word: written::Word) -> Self {
        match word {
            written::Word::Literal(term) => Self::Literal(term),
            any if any.is_any() => Self::Any,
            written::Word::Glob(glob) => Self::Glob(Glob::new(&glob)),
        }
    }
}

/// The terms that one word of a query stands for.
#[derive(Debug)]
pub enum Terms {
    /// One term, which was asked for by name.
    One(u32),
    /// A flag for each term.
    Some(Vec<bool>),
    /// Every term.
    Any,
}

/// What a user looks for: at least one word, in one reading or in several.
#[derive(Debug)]
pub struct Query {
    readings: Vec<Vec<Word>>,
}

impl Query {
    /// Reads a query of literal words and globs, for a view that keeps every token.
    pub fn new(query: &str, tokenizer: Tokenizer<'_>, view: &View, observer: &dyn Observer) -> Result<Self> {
        short_enough(query)?;
        let Some(written) = Written::of(query) else {
            return Err(refused(
                query,
                "it holds nearly every letter of Linear A",
                "look for less at once",
            ));
        };
        let cut = tokenizer.tokens([written.text()], observer)?;
        let lexicon = Lexicon {
            spell: &|form, stemmed| view.settings().spell(form, stemmed).into_owned(),
            terms: view.terms(),
            spaced: written::is_spaced(view.terms(), tokenizer),
        };
        let readings = written.readings(&cut, 0, tokenizer, &lexicon, observer)?;
        let words = |reading: Vec<_>| reading.into_iter().map(Word::from).collect();
        Self::of(readings.into_iter().map(words).collect(), query)
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
        Self::of(vec![words], query)
    }

    fn of(readings: Vec<Vec<Word>>, query: &str) -> Result<Self> {
        if readings.iter().all(Vec::is_empty) {
            return Err(refused(
                query,
                "it holds no word",
                "pass a word, several, or a part of one such as \"limit*\"",
            ));
        }
        if readings.iter().any(|words| words.len() > MOST_WORDS) {
            return Err(refused(
                query,
                &format!("it holds more than {MOST_WORDS} words, which are the most"),
                "look for a part of it",
            ));
        }
        Ok(Self { readings })
    }

    /// The terms of each word of each reading; none of a reading with a word that is nowhere.
    pub fn terms(&self, postings: &Postings, observer: &dyn Observer) -> Result<Vec<Vec<Terms>>> {
        let mut found = Vec::with_capacity(self.readings.len());
        for reading in &self.readings {
            found.extend(terms(reading, postings, observer)?);
        }
        Ok(found)
    }
}

fn terms(words: &[Word], postings: &Postings, observer: &dyn Observer) -> Result<Option<Vec<Terms>>> {
    let all = postings.all().terms();
    let mut found = Vec::with_capacity(words.len());
    for word in words {
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

impl Terms {
    /// Whether a term is one of these.
    #[inline]
    #[must_use]
    pub fn hold(&self, term: u32) -> bool {
        match self {
            Self::One(one) => *one == term,
            Self::Some(flags) => flags[term as usize],
            Self::Any => true,
        }
    }

    /// Whether it was asked for by name, so that it may be punctuation that the view drops.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self, Self::One(_))
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
