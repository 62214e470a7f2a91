//! Views: what counts as a term, as a map over types.
//!
//! Tokens keep their surface forms for ever; a view says which types it drops and which term each
//! other one becomes. That costs time in the number of types, not of tokens, and offsets stay those
//! of the original text.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::pace::Pace;
pub use super::settings::Settings;
use super::tokens::Tokens;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::kinds::Kind;
use crate::text::normalize::Case;

/// Marks a type that a view removes.
const REMOVED: u32 = u32::MAX;

const WHAT: &str = "a view of tokens";

/// Bytes of types in one block: some hundred microseconds of work.
const BLOCK_BYTES: usize = 1 << 16;

/// Forms from this length on are worked on only if the system has room for what may become of them.
const LONG_BYTES: usize = 1 << 16;

/// A form grows at most so many times: one letter of Arabic script is eighteen under NFKC.
const GROWTH: usize = 18;

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
        let (mut pace, mut low) = (Pace::default(), String::new());
        for row in rows {
            let (form, kind) = (form_at(tokens, row), tokens.kinds()[row]);
            pace.step(32 + form.len(), observer)?;
            if form.len() > LONG_BYTES {
                drop(memory::with_capacity::<u8>(
                    form.len().saturating_mul(GROWTH),
                    WHAT,
                )?);
            }
            let term = if form.is_empty() {
                // Where text is masked.
                None
            } else if form.is_ascii() && settings.case == Case::Unicode {
                settings.ascii_term(form, kind, &mut low)
            } else {
                settings.term(form, kind)
            };
            block.fates.push(match term {
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
        if settings.changes_nothing() && !tokens.has_gaps() {
            let last = u32::try_from(types).unwrap_or(u32::MAX);
            return Ok(Self {
                map: Arc::new(memory::collect(0..last, WHAT, observer)?),
                terms: Arc::clone(tokens.types()),
                tokens,
                settings,
            });
        }
        let mut terms = Vocabulary::new();
        let mut map = memory::with_capacity(types, WHAT)?;
        let mut pace = Pace::default();
        let cut = parallel::blocks(types, BLOCK_BYTES, |row| 32 + form_at(&tokens, row).len());
        let blocks: Vec<Block> = cut
            .par_iter()
            .map(|rows| Block::of(&tokens, rows.clone(), &settings, observer))
            .collect::<Result<_>>()?;
        // Surface ids are ranks of first occurrence, so terms interned in their order are too.
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

    /// The hash of the text of each term: what does not depend on the numbers of terms, which follow the
    /// order of the documents.
    pub fn hashes(&self, observer: &dyn Observer) -> Result<Vec<u64>> {
        let (mut hashes, mut pace) = (Vec::new(), Pace::default());
        memory::reserve_exact(&mut hashes, self.terms.len(), WHAT)?;
        for term in self.terms.iter() {
            pace.step(8 + term.len() / 8, observer)?;
            hashes.push(hash::bytes64(term.as_bytes()));
        }
        Ok(hashes)
    }

    /// The term of each type; more than there are terms for a type that is removed.
    #[must_use]
    pub fn map(&self) -> &[u32] {
        &self.map
    }

    /// Whether a type is kept.
    #[must_use]
    pub fn keeps(&self, id: u32) -> bool {
        self.map[id as usize] != REMOVED
    }

    /// Whether a wildcard stands for a type: what the view keeps, and words that it drops; never
    /// punctuation, symbols and emoji that it drops, or masked text.
    #[must_use]
    pub fn is_met(&self, id: u32) -> bool {
        let kind = self.tokens.kinds()[id as usize];
        let is_gap = self.tokens.types().length(id) == 0;
        self.keeps(id) || !is_gap && !matches!(kind, Kind::Punctuation | Kind::Symbol | Kind::Emoji)
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
        let ids = self.tokens.ids(row);
        runs.ends.clear();
        for array in [&mut runs.terms, &mut runs.places] {
            array.clear();
            memory::reserve(array, ids.len(), WHAT)?;
            array.resize(ids.len(), 0);
        }
        let (mut kept, mut expected, mut pace) = (0, 0, Pace::default());
        // A document holds fewer tokens than bytes, and those fit 32 bits.
        for (place, &id) in (0..).zip(ids) {
            pace.step(1, observer)?;
            let term = self.map[id as usize];
            // Written without asking, and written over unless it stays: which words go is anybody's guess.
            runs.terms[kept] = term;
            runs.places[kept] = place;
            if !across_gaps && term != REMOVED {
                if place != expected && kept > 0 {
                    memory::push(&mut runs.ends, kept, WHAT)?;
                }
                expected = place + 1;
            }
            kept += usize::from(term != REMOVED);
        }
        runs.terms.truncate(kept);
        runs.places.truncate(kept);
        if !runs.terms.is_empty() {
            memory::push(&mut runs.ends, runs.terms.len(), WHAT)?;
        }
        Ok(())
    }
}
