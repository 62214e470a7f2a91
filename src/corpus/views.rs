//! Views: what counts as a term, as a map over types.
//!
//! Tokens keep their surface forms for ever; a view says which types it drops and which term each
//! other one becomes. That costs time in the number of types, not of tokens, and offsets stay those
//! of the original text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::pace::Pace;
use super::tokens::Tokens;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::kinds::{Kind, KindSet};
use crate::text::normalize::{self, Case, NormalForm};
use crate::text::stems::Stemmer;

/// Marks a type that a view removes.
const REMOVED: u32 = u32::MAX;

const WHAT: &str = "a view of tokens";

/// Bytes of types in one block: some hundred microseconds of work.
const BLOCK_BYTES: usize = 1 << 16;

/// Forms from this length on are worked on only if the system has room for what may become of them.
const LONG_BYTES: usize = 1 << 16;

/// A form grows at most so many times: one letter of Arabic script is eighteen under NFKC.
const GROWTH: usize = 18;

/// What a view does to a type, in this order: kinds, normal form, punctuation, case, stop words,
/// stem, accents, length.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Kinds of token that are kept; `None` keeps every token, as the scanner found it.
    pub kinds: Option<KindSet>,
    /// The normal form in which terms are spelled; `None` leaves them as they are written.
    pub normal_form: Option<NormalForm>,
    /// Typographic apostrophes and dashes become plain ones.
    pub fold_punctuation: bool,
    /// Full Unicode lower case.
    pub lower: bool,
    /// Whose rules of case hold, for terms and for stop words.
    pub case: Case,
    /// Words to drop, under the keys of [`Settings::key`].
    pub stop_words: Option<Arc<Vocabulary>>,
    /// Snowball stems of one language.
    pub stem: Option<Stemmer>,
    /// Latin, Greek and Cyrillic letters lose their accents.
    pub strip_accents: bool,
    /// Terms with fewer code points are dropped.
    pub min_length: usize,
}

impl Settings {
    /// Every token, as it stands.
    #[must_use]
    pub fn surface() -> Self {
        Self {
            kinds: None,
            normal_form: None,
            fold_punctuation: false,
            lower: false,
            case: Case::Unicode,
            stop_words: None,
            stem: None,
            strip_accents: false,
            min_length: 0,
        }
    }

    /// The key under which stop words are compared: whatever the case, the apostrophe and the
    /// encoding, and whatever the accents where the view drops them.
    #[must_use]
    pub fn key<'form>(&self, form: &'form str) -> Cow<'form, str> {
        let wanted = self.normal_form.unwrap_or(NormalForm::Nfc);
        let mut key = then(Cow::Borrowed(form), |form| normalize::normal(form, wanted));
        key = then(key, normalize::fold_punctuation);
        key = then(key, |form| normalize::lower_in(form, self.case));
        if self.strip_accents {
            key = then(key, normalize::strip_accents);
        }
        then(key, |form| normalize::normal(form, wanted))
    }

    /// How the view spells a form, before it is asked whether the view keeps it. With `stemmed`
    /// false a stemmer is left out.
    #[must_use]
    pub fn spell<'form>(&self, form: &'form str, stemmed: bool) -> Cow<'form, str> {
        let mut term = self.normal(Cow::Borrowed(form));
        if self.fold_punctuation {
            term = then(term, normalize::fold_punctuation);
        }
        if self.lower {
            term = self.normal(then(term, |form| normalize::lower_in(form, self.case)));
        }
        if let Some(stemmer) = self.stem.filter(|_| stemmed) {
            term = then(term, |form| stemmer.stem(form));
        }
        if self.strip_accents {
            // After the stemmer, which knows the accents of its language.
            term = self.normal(then(term, normalize::strip_accents));
        }
        term
    }

    fn normal<'form>(&self, term: Cow<'form, str>) -> Cow<'form, str> {
        match self.normal_form {
            Some(wanted) => then(term, |form| normalize::normal(form, wanted)),
            None => term,
        }
    }

    /// Whether terms are the forms themselves.
    fn spells_nothing(&self) -> bool {
        let plain = self.normal_form.is_none() && !self.fold_punctuation && !self.lower;
        plain && self.stem.is_none() && !self.strip_accents
    }

    /// The term that a type becomes, unless it is dropped.
    fn term<'form>(&self, form: &'form str, kind: Kind) -> Option<Cow<'form, str>> {
        if self.kinds.is_some_and(|kinds| !kinds.contains(kind)) {
            return None;
        }
        if let Some(stop_words) = &self.stop_words
            && stop_words.id(&self.key(form)).is_some()
        {
            return None;
        }
        let term = self.spell(form, true);
        let long = self.min_length <= 1 && !term.is_empty() || is_long(&term, self.min_length);
        long.then_some(term)
    }
}

/// Whether a term has so many code points; its bytes are not all counted.
fn is_long(term: &str, least: usize) -> bool {
    least == 0 || term.chars().nth(least - 1).is_some()
}

/// The next step on a form; a step that borrows left it alone, or cut its end off.
fn then(form: Cow<'_, str>, step: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match form {
        Cow::Borrowed(form) => step(form),
        Cow::Owned(form) => {
            let changed = match step(&form) {
                Cow::Borrowed(same) if same.len() == form.len() => None,
                changed => Some(changed.into_owned()),
            };
            Cow::Owned(changed.unwrap_or(form))
        }
    }
}

/// What becomes of a type.
#[derive(Clone, Copy)]
enum Fate {
    Removed,
    /// Its term is its form.
    Same,
    /// Its term is the next so many bytes of its block.
    Spelled(usize),
}

/// What becomes of the types of a block.
struct Block {
    fates: Vec<Fate>,
    terms: String,
}

impl Block {
    fn of(tokens: &Tokens, rows: Range<usize>, settings: &Settings, observer: &dyn Observer) -> Result<Self> {
        let mut block = Self {
            fates: memory::with_capacity(rows.len(), WHAT)?,
            terms: String::new(),
        };
        let mut pace = Pace::default();
        for row in rows {
            let (form, kind) = (form_at(tokens, row), tokens.kinds()[row]);
            pace.step(32 + form.len(), observer)?;
            if form.len() > LONG_BYTES {
                drop(memory::with_capacity::<u8>(
                    form.len().saturating_mul(GROWTH),
                    WHAT,
                )?);
            }
            block.fates.push(match settings.term(form, kind) {
                None => Fate::Removed,
                Some(term) if *term == *form => Fate::Same,
                Some(term) => {
                    memory::push_str(&mut block.terms, &term, WHAT)?;
                    Fate::Spelled(term.len())
                }
            });
        }
        Ok(block)
    }
}

/// The form of a type; there are fewer types than 32 bits can number.
fn form_at(tokens: &Tokens, row: usize) -> &str {
    tokens.types().term(u32::try_from(row).unwrap_or(u32::MAX))
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
        let types = tokens.types().len();
        let mut terms = Vocabulary::new();
        let mut map = memory::with_capacity(types, WHAT)?;
        let mut pace = Pace::default();
        // Surface ids are ranks of first occurrence, so terms interned in their order are too.
        if settings.kinds.is_none()
            && settings.stop_words.is_none()
            && settings.spells_nothing()
            && settings.min_length <= 1
        {
            for form in tokens.types().iter() {
                pace.step(32 + form.len(), observer)?;
                map.push(terms.intern(form)?);
            }
        } else {
            let cut = parallel::blocks(types, BLOCK_BYTES, |row| 32 + form_at(&tokens, row).len());
            let blocks: Vec<Block> = cut
                .par_iter()
                .map(|rows| Block::of(&tokens, rows.clone(), &settings, observer))
                .collect::<Result<_>>()?;
            for (rows, block) in cut.into_iter().zip(blocks) {
                let mut start = 0;
                for (row, fate) in rows.zip(block.fates) {
                    pace.step(32, observer)?;
                    map.push(match fate {
                        Fate::Removed => REMOVED,
                        Fate::Same => terms.intern(form_at(&tokens, row))?,
                        Fate::Spelled(length) => {
                            start += length;
                            terms.intern(&block.terms[start - length..start])?
                        }
                    });
                }
            }
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

    /// Whether a type is kept.
    #[must_use]
    pub fn keeps(&self, id: u32) -> bool {
        self.map[id as usize] != REMOVED
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
