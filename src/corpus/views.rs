//! Views: what counts as a term, as a map over types.
//!
//! Tokens keep their surface forms for ever; a view says which types it drops and which term each
//! other one becomes. That costs time in the number of types, not of tokens, and offsets stay those
//! of the original text.

use std::sync::Arc;

use super::pace::Pace;
use super::tokens::Tokens;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::text::kinds::{Kind, KindSet};
use crate::text::normalize;
use crate::text::stems::Stemmer;

/// Marks a type that a view removes.
const REMOVED: u32 = u32::MAX;

const WHAT: &str = "a view of tokens";

/// What a view does to a type, in this order: punctuation, case, stop words, stem, length.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Kinds of token that are kept; `None` keeps every token, as the scanner found it.
    pub kinds: Option<KindSet>,
    /// Typographic apostrophes and dashes become plain ones.
    pub fold_punctuation: bool,
    /// Full Unicode lower case.
    pub lower: bool,
    /// Words to drop, already folded and in lower case.
    pub stop_words: Option<Arc<Vocabulary>>,
    /// Snowball stems of one language.
    pub stem: Option<Stemmer>,
    /// Terms with fewer code points are dropped.
    pub min_length: usize,
}

impl Settings {
    /// Every token, as it stands.
    #[must_use]
    pub fn surface() -> Self {
        Self {
            kinds: None,
            fold_punctuation: false,
            lower: false,
            stop_words: None,
            stem: None,
            min_length: 0,
        }
    }
}

/// Tokens as one analysis sees them.
#[derive(Debug, Clone)]
pub struct View {
    tokens: Arc<Tokens>,
    settings: Settings,
    map: Arc<Vec<u32>>,
    terms: Arc<Vocabulary>,
}

/// The terms of one document, cut where a removed token stood.
#[derive(Debug, Default, Clone)]
pub struct Runs {
    /// Term ids, in text order.
    pub terms: Vec<u32>,
    /// The token of the document (counted on the surface) behind each term.
    pub places: Vec<u32>,
    /// Where each run ends in `terms`; the last one is `terms.len()`. Empty without terms.
    pub ends: Vec<usize>,
}

impl Runs {
    /// The runs, in text order: no n-gram or shingle may reach beyond one of them.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let run = &self.terms[start..end];
            start = end;
            run
        })
    }
}

impl View {
    /// The view of `tokens` under `settings`.
    pub fn new(tokens: Arc<Tokens>, settings: Settings, observer: &dyn Observer) -> Result<Self> {
        let mut terms = Vocabulary::new();
        let mut map = memory::with_capacity(tokens.types().len(), WHAT)?;
        let mut pace = Pace::default();
        for (form, &kind) in tokens.types().iter().zip(tokens.kinds()) {
            pace.step(64 + form.len(), observer)?;
            // Surface ids are ranks of first occurrence, so terms interned in their order are too.
            map.push(match term_of(form, kind, &settings) {
                Some(term) => terms.intern(&term)?,
                None => REMOVED,
            });
        }
        Ok(Self {
            tokens,
            settings,
            map: Arc::new(map),
            terms: Arc::new(terms),
        })
    }

    /// The tokens behind the view.
    #[must_use]
    pub fn tokens(&self) -> &Arc<Tokens> {
        &self.tokens
    }

    /// What the view does to a type.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.tokens.documents()
    }

    /// The terms, in the order of their first occurrence.
    #[must_use]
    pub fn terms(&self) -> &Arc<Vocabulary> {
        &self.terms
    }

    /// Term and token place of each kept token of a document, in text order.
    pub fn kept(&self, row: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        self.tokens
            .ids(row)
            .iter()
            .enumerate()
            .map(|(place, &id)| (self.map[id as usize], place))
            .filter(|&(term, _)| term != REMOVED)
    }

    /// The term of one token, unless the view removes it.
    #[must_use]
    pub fn term_at(&self, row: usize, place: usize) -> Option<u32> {
        let term = self.map[self.tokens.ids(row)[place] as usize];
        (term != REMOVED).then_some(term)
    }

    /// Fills `runs` with the terms of a document. With `across_gaps`, or where nothing was removed,
    /// the document is one run.
    pub fn runs(
        &self,
        row: usize,
        across_gaps: bool,
        runs: &mut Runs,
        observer: &dyn Observer,
    ) -> Result<()> {
        runs.terms.clear();
        runs.places.clear();
        runs.ends.clear();
        let tokens = self.tokens.ids(row).len();
        memory::reserve(&mut runs.terms, tokens, WHAT)?;
        memory::reserve(&mut runs.places, tokens, WHAT)?;
        let (mut expected, mut pace) = (0, Pace::default());
        for (place, &id) in self.tokens.ids(row).iter().enumerate() {
            pace.step(1, observer)?;
            let term = self.map[id as usize];
            if term == REMOVED {
                continue;
            }
            if place != expected && !across_gaps && !runs.terms.is_empty() {
                memory::push(&mut runs.ends, runs.terms.len(), WHAT)?;
            }
            runs.terms.push(term);
            // A document holds fewer tokens than bytes, and those fit 32 bits.
            runs.places.push(u32::try_from(place).unwrap_or(u32::MAX));
            expected = place + 1;
        }
        if !runs.terms.is_empty() {
            memory::push(&mut runs.ends, runs.terms.len(), WHAT)?;
        }
        Ok(())
    }
}

/// The term that a type becomes, unless it is dropped.
#[must_use]
pub fn term_of(form: &str, kind: Kind, settings: &Settings) -> Option<String> {
    if settings.kinds.is_some_and(|kinds| !kinds.contains(kind)) {
        return None;
    }
    let mut term = form.to_owned();
    if settings.fold_punctuation {
        term = normalize::fold_punctuation(&term);
    }
    if let Some(stop_words) = &settings.stop_words
        && stop_words.id(&stop_form(form)).is_some()
    {
        return None;
    }
    if settings.lower {
        term = normalize::lower(&term);
    }
    if let Some(stemmer) = &settings.stem {
        term = stemmer.stem(&term);
    }
    (term.chars().count() >= settings.min_length).then_some(term)
}

/// The form under which stop words are compared: whatever the case and the apostrophe.
#[must_use]
pub fn stop_form(word: &str) -> String {
    normalize::lower(&normalize::fold_punctuation(word))
}
