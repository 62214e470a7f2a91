//! Categories: where the values of a dictionary stand in the documents, and how often.
//!
//! A match is a run of tokens of the text, also of words that the view drops; it counts where the
//! view keeps one of them, at the first that it keeps. Rates stay rates per kept token.

use std::sync::Arc;

use super::counts::Counts;
use super::dictionary::{Definition, Dictionary};
use super::pace::Pace;
use super::selection::Selection;
use super::sorting;
use super::tokenizer::Tokenizer;
use super::views::View;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "categories";

/// Inside what a longer match hides a shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// Inside one category.
    Category,
    /// Inside the whole dictionary.
    Dictionary,
}

/// One match that counts: its category, and its first and last token in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The category.
    pub category: u32,
    /// The first token, counted on the surface.
    pub first: u32,
    /// The last token.
    pub last: u32,
}

/// The occurrences of categories in every document.
#[derive(Debug)]
pub struct Categories {
    view: View,
    names: Arc<Vocabulary>,
    indptr: Vec<usize>,
    found: Vec<Occurrence>,
    totals: Vec<u64>,
}

/// Bytes that [`Categories::build`] needs at its peak.
#[must_use]
pub fn estimate(view: &View) -> u64 {
    let types = view.tokens().types();
    let matches = 24 * view.tokens().len() as u64 / 4;
    matches + 40 * view.documents() as u64 + 40 * types.len() as u64 + 2 * types.bytes() as u64
}

/// The occurrences of one block of documents.
#[derive(Default)]
struct Block {
    lengths: Vec<usize>,
    totals: Vec<u64>,
    found: Vec<Occurrence>,
}

/// A match: its category, the first token that the view keeps, where it begins and what follows.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Match {
    category: u32,
    place: u32,
    start: u32,
    end: u32,
}

impl Match {
    fn length(&self) -> u32 {
        self.end - self.start
    }
}

impl Categories {
    /// Looks for the values of a dictionary in the documents of a view.
    pub fn build(
        view: &View,
        definition: &Definition,
        nesting: Nesting,
        tokenizer: Tokenizer<'_>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        memory::admit(estimate(view), "looking up a dictionary")?;
        observer.expect(view.documents());
        let mut names = Vocabulary::new();
        for name in &definition.names {
            names.intern(name)?;
        }
        if names.len() < definition.names.len() {
            let rule = "two categories have one name";
            return Err(Error::parameter(
                "dictionary",
                &"a dict",
                rule,
                "give each its own",
            ));
        }
        let dictionary = Dictionary::new(definition, view, tokenizer, observer)?;
        let cut = parallel::blocks(view.documents(), parallel::BLOCK_BYTES / 4, |row| {
            view.tokens().ids(row).len()
        });
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let (mut block, mut search) = (Block::default(), Search::new(&dictionary, view, nesting));
            for row in rows {
                search.document(row, observer)?;
                block.close(&search.matches, view, row, observer)?;
            }
            Ok(block)
        })?;
        let mut indptr = memory::with_capacity(view.documents() + 1, WHAT)?;
        let mut totals = memory::with_capacity(view.documents(), WHAT)?;
        let mut end = 0;
        indptr.push(end);
        for block in &blocks {
            for length in &block.lengths {
                end += length;
                indptr.push(end);
            }
            totals.extend_from_slice(&block.totals);
        }
        let found = blocks.into_iter().map(|block| block.found).collect();
        Ok(Self {
            view: view.clone(),
            names: Arc::new(names),
            indptr,
            found: memory::concat(found, WHAT, observer)?,
            totals,
        })
    }

    /// The view that was looked at.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The categories, in the order of the dictionary.
    #[must_use]
    pub fn names(&self) -> &Arc<Vocabulary> {
        &self.names
    }

    /// Row pointers, one more than there are documents.
    #[must_use]
    pub fn indptr(&self) -> &[usize] {
        &self.indptr
    }

    /// The occurrences of all documents: by first token, last token and category.
    #[must_use]
    pub fn all(&self) -> &[Occurrence] {
        &self.found
    }

    /// The occurrences of a document.
    #[must_use]
    pub fn row(&self, row: usize) -> &[Occurrence] {
        &self.found[self.indptr[row]..self.indptr[row + 1]]
    }

    /// The code-point spans of the occurrences of a document.
    pub fn spans(&self, row: usize, observer: &dyn Observer) -> Result<Vec<(u32, u32)>> {
        let found = self.row(row);
        let after = found.iter().map(|each| each.last as usize + 1).max().unwrap_or(0);
        let tokens = self.view.tokens().spans(row, 0..after, observer)?;
        let span = |each: &Occurrence| (tokens[each.first as usize].0, tokens[each.last as usize].1);
        memory::collect(found.iter().map(span), WHAT, observer)
    }

    /// How often each category stands in each document: one column each, also where it stands in
    /// none. `selection` may limit document frequencies; a category is no n-gram.
    pub fn counts(&self, selection: Selection, observer: &dyn Observer) -> Result<Counts> {
        if (selection.shortest, selection.longest) != (1, 1) {
            return Err(Error::parameter(
                "ngram_range",
                &format!("({}, {})", selection.shortest, selection.longest),
                "categories of a dictionary have no neighbours to join",
                "leave it out, or count the view without its dictionary",
            ));
        }
        observer.expect(self.totals.len());
        let mut counts = Counts {
            terms: Arc::clone(&self.names),
            indptr: memory::with_capacity(self.totals.len() + 1, WHAT)?,
            indices: Vec::new(),
            data: Vec::new(),
            totals: memory::collect(self.totals.iter().copied(), WHAT, observer)?,
        };
        counts.indptr.push(0);
        let (mut row_ids, mut pace) = (Vec::new(), Pace::default());
        for row in 0..self.totals.len() {
            row_ids.clear();
            memory::reserve(&mut row_ids, self.row(row).len(), WHAT)?;
            row_ids.extend(self.row(row).iter().map(|each| each.category));
            sorting::sort_by_key(&mut row_ids, observer, |&category| category)?;
            pace.step(8 + row_ids.len(), observer)?;
            for equal in row_ids.chunk_by(|left, right| left == right) {
                memory::push(&mut counts.indices, equal[0], WHAT)?;
                // A document holds fewer tokens than 32 bits can count, and one occurrence at each.
                memory::push(
                    &mut counts.data,
                    u32::try_from(equal.len()).unwrap_or(u32::MAX),
                    WHAT,
                )?;
            }
            counts.indptr.push(counts.indices.len());
            observer.advance(1);
        }
        if selection.min_documents <= 1 && selection.max_documents >= self.totals.len() {
            return Ok(counts);
        }
        counts.limited(selection, observer)
    }
}

impl Block {
    fn close(&mut self, matches: &[Match], view: &View, row: usize, observer: &dyn Observer) -> Result<()> {
        memory::push(&mut self.lengths, matches.len(), WHAT)?;
        let (mut total, mut pace) = (0, Pace::default());
        for &id in view.tokens().ids(row) {
            pace.step(1, observer)?;
            total += u64::from(view.keeps(id));
        }
        memory::push(&mut self.totals, total, WHAT)?;
        memory::reserve(&mut self.found, matches.len(), WHAT)?;
        self.found.extend(matches.iter().map(|each| Occurrence {
            category: each.category,
            first: each.start,
            last: each.end - 1,
        }));
        Ok(())
    }
}

/// The search through one document after the other.
struct Search<'search> {
    dictionary: &'search Dictionary,
    view: &'search View,
    nesting: Nesting,
    matches: Vec<Match>,
    waiting: Vec<(u32, usize)>,
    /// By token, the last group of matches that covers it.
    covered: Vec<u32>,
    group: u32,
}

impl<'search> Search<'search> {
    fn new(dictionary: &'search Dictionary, view: &'search View, nesting: Nesting) -> Self {
        Self {
            dictionary,
            view,
            nesting,
            matches: Vec::new(),
            waiting: Vec::new(),
            covered: Vec::new(),
            group: 0,
        }
    }

    /// Leaves the matches of a document that count in `matches`, in text order.
    fn document(&mut self, row: usize, observer: &dyn Observer) -> Result<()> {
        self.matches.clear();
        self.find(row, observer)?;
        if self.matches.is_empty() {
            return Ok(());
        }
        let length = self.matches[0].length();
        if self.matches.iter().any(|each| each.length() != length) {
            self.hide(self.view.tokens().ids(row).len(), observer)?;
        }
        // At one token a category counts once, so that no count passes the number of tokens.
        let place = |each: &Match| (each.category, each.place, each.start, u32::MAX - each.end);
        sorting::sort_by_key(&mut self.matches, observer, place)?;
        self.matches.dedup_by_key(|each| (each.category, each.place));
        sorting::sort_by_key(&mut self.matches, observer, |each| {
            (each.start, each.end, each.category)
        })
    }

    /// Every match with a token that the view keeps.
    fn find(&mut self, row: usize, observer: &dyn Observer) -> Result<()> {
        let ids = self.view.tokens().ids(row);
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let (view, matches, mut pace) = (self.view, &mut self.matches, Pace::default());
        for start in 0..ids.len() {
            pace.step(1, observer)?;
            let waiting = &mut self.waiting;
            self.dictionary
                .each(ids, start, waiting, &mut pace, observer, |category, end| {
                    let Some(offset) = ids[start..end].iter().position(|&id| view.keeps(id)) else {
                        return Ok(());
                    };
                    let found = Match {
                        category,
                        place: narrow(start + offset),
                        start: narrow(start),
                        end: narrow(end),
                    };
                    memory::push(matches, found, WHAT)
                })?;
        }
        Ok(())
    }

    /// Drops the matches every token of which lies in longer ones.
    fn hide(&mut self, tokens: usize, observer: &dyn Observer) -> Result<()> {
        if self.covered.len() < tokens {
            let more = tokens - self.covered.len();
            memory::reserve(&mut self.covered, more, WHAT)?;
            self.covered.resize(tokens, 0);
        }
        // Longer matches come first inside what they hide shorter ones in.
        let nesting = self.nesting;
        let within = |each: &Match| match nesting {
            Nesting::Category => each.category,
            Nesting::Dictionary => 0,
        };
        let order = |each: &Match| (within(each), u32::MAX - each.length(), each.start, each.category);
        sorting::sort_by_key(&mut self.matches, observer, order)?;
        self.matches.dedup();
        let (mut kept, mut at, mut pace) = (0, 0, Pace::default());
        let mut last = None;
        while at < self.matches.len() {
            let first = self.matches[at];
            if last.is_none_or(|last| last != within(&first)) {
                last = Some(within(&first));
                self.next_group();
            }
            // Matches of one length do not hide each other.
            let before = kept;
            while let Some(&next) = self.matches.get(at)
                && next.length() == first.length()
                && within(&next) == within(&first)
            {
                pace.step(next.length() as usize, observer)?;
                let tokens = next.start as usize..next.end as usize;
                if self.covered[tokens].iter().any(|&group| group != self.group) {
                    self.matches[kept] = next;
                    kept += 1;
                }
                at += 1;
            }
            for each in &self.matches[before..kept] {
                pace.step(each.length() as usize, observer)?;
                self.covered[each.start as usize..each.end as usize].fill(self.group);
            }
        }
        self.matches.truncate(kept);
        Ok(())
    }

    /// Begins with nothing covered.
    fn next_group(&mut self) {
        if self.group == u32::MAX {
            self.covered.fill(0);
            self.group = 0;
        }
        self.group += 1;
    }
}
