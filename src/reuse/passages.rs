//! Passages: the stretches of text that two documents share, with what was edited in them.
//!
//! `seeds` proposes, `matches` looks at the units, `chains` puts together what belongs together and
//! `alignment` counts the edits. A shared run of the promised length is found without exception.
//! Who took from whom is not asked here.

use super::alignment::{Cells, Edits};
use super::chains::{self, Chain};
use super::matches;
use super::near::Unit;
use super::pairing::Pairing;
use super::seeds::{Picking, Seeds};
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use std::sync::atomic::{AtomicU64, Ordering};

const WHAT: &str = "passages";

/// Hits in one block of documents.
const BLOCK_HITS: usize = 1 << 16;

/// What to look for.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is compared: words, or letters and digits.
    pub unit: Unit,
    /// The shortest run that is found without exception; shorter ones with edits between them
    /// count together.
    pub min_tokens: usize,
    /// Seeds that stand in more documents are left out.
    pub max_documents: Option<u32>,
    /// Which documents are compared.
    pub pairing: Pairing,
}

/// A stretch of text that two documents share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Code points on the left, from and up to.
    pub left_span: (u32, u32),
    /// Code points on the right.
    pub right_span: (u32, u32),
    /// What is the same, and what was edited.
    pub edits: Edits,
}

/// All passages, and what was not looked at.
#[derive(Debug)]
pub struct Passages {
    /// By left row, right row, and place on the left.
    pub found: Vec<Passage>,
    /// Seeds that were left out because too many documents have them.
    pub left_out: u64,
    /// Places that were left out because one document has a seed there very often.
    pub capped: u64,
    /// Pairs of documents that share a seed and were compared.
    pub candidates: u64,
}

/// Units in a seed: longer ones stand in fewer documents that share nothing else.
pub(super) fn seed_length(unit: Unit) -> usize {
    match unit {
        Unit::Word => 8,
        Unit::Char => 16,
    }
}

/// Bytes that [`Passages::build`] needs at its peak, without the passages: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, unit: Unit) -> u64 {
    let units = match unit {
        Unit::Word => view.tokens().len(),
        Unit::Char => view.tokens().arena().bytes(),
    };
    24 * units as u64 + 16 * view.documents() as u64
}

impl Passages {
    /// Finds the passages of every allowed pair of documents.
    pub fn build(view: &View, options: &Options, observer: &dyn Observer) -> Result<Self> {
        options.pairing.check(view.documents())?;
        memory::admit(estimate(view, options.unit), "the search for passages")?;
        let sequences = Sequences::new(view, options.unit);
        let picking = Picking::new(seed_length(options.unit), options.min_tokens);
        let seeds = Seeds::build(&sequences, picking, &options.pairing, options.max_documents, observer)?;
        let documents = sequences.documents();
        observer.expect(documents);
        let cut = parallel::blocks(documents, BLOCK_HITS, |row| {
            let meets = |&(group, _): &(u32, u32)| seeds.postings(group).len();
            seeds.of(row).iter().map(meets).sum()
        });
        let (most, count) = (limits::PASSAGES.value(), AtomicU64::new(0));
        let parts = parallel::map_blocks(&cut, observer, |rows| {
            let mut pairs = Pairs::new(sequences, &seeds, options, picking.length);
            for row in rows {
                pairs.meet(row, observer)?;
            }
            let so_far =
                count.fetch_add(pairs.found.len() as u64, Ordering::Relaxed) + pairs.found.len() as u64;
            if most.is_some_and(|most| so_far > most) {
                return Err(too_many(most.unwrap_or(so_far)));
            }
            Ok((pairs.found, pairs.candidates))
        })?;
        let candidates = parts.iter().map(|(_, candidates)| candidates).sum();
        let parts = parts.into_iter().map(|(found, _)| found).collect();
        let mut found = memory::concat(parts, WHAT, observer)?;
        sorting::sort_by_key(&mut found, observer, |found: &Passage| {
            (found.left, found.right, found.left_span, found.right_span)
        })?;
        Ok(Self {
            found,
            left_out: seeds.left_out,
            capped: seeds.capped,
            candidates,
        })
    }
}

fn too_many(most: u64) -> Error {
    Error::Limit(Cause::sentence(format!(
        "There are more than {most} passages, the limit passages; mask what a source repeats \
         (Corpus.without(furniture(corpus))), pass max_documents=100 to leave out what more documents share, \
         compare across sources only, or {}.",
        limits::PASSAGES.remedy(most.saturating_add(1))
    )))
}

/// The work of one block: documents met with those before them.
struct Pairs<'work> {
    sequences: Sequences<'work>,
    seeds: &'work Seeds,
    options: &'work Options,
    /// Units in a seed.
    seed: usize,
    left: Sequence,
    right: Sequence,
    /// Row and place there, and place here, of every seed that both have.
    hits: Vec<(u32, u32, u32)>,
    places: Vec<(u32, u32)>,
    cells: Cells,
    found: Vec<Passage>,
    candidates: u64,
}

impl<'work> Pairs<'work> {
    fn new(
        sequences: Sequences<'work>,
        seeds: &'work Seeds,
        options: &'work Options,
        seed: usize,
    ) -> Self {
        Self {
            sequences,
            seeds,
            options,
            seed,
            left: Sequence::default(),
            right: Sequence::default(),
            hits: Vec::new(),
            places: Vec::new(),
            cells: Cells::default(),
            found: Vec::new(),
            candidates: 0,
        }
    }

    /// Finds the passages that a document shares with those before it.
    fn meet(&mut self, row: usize, observer: &dyn Observer) -> Result<()> {
        let (here, mut pace) = (narrow(row)?, Pace::default());
        self.hits.clear();
        for &(group, place) in self.seeds.of(row) {
            for posting in self.seeds.postings(group) {
                pace.step(1, observer)?;
                if posting.row >= here {
                    break;
                }
                if self.options.pairing.allows(posting.row as usize, row) {
                    memory::push(&mut self.hits, (posting.row, posting.place, place), WHAT)?;
                }
            }
        }
        if self.hits.is_empty() {
            return Ok(());
        }
        sorting::sort_by_key(&mut self.hits, observer, |&hit| hit)?;
        self.sequences.fill(row, &mut self.right, observer)?;
        let hits = std::mem::take(&mut self.hits);
        for same in hits.chunk_by(|one, other| one.0 == other.0) {
            self.places.clear();
            memory::reserve(&mut self.places, same.len(), WHAT)?;
            self.places.extend(same.iter().map(|&(_, left, right)| (left, right)));
            self.compare(same[0].0, here, observer)?;
        }
        self.hits = hits;
        Ok(())
    }

    /// Finds the passages of one pair.
    fn compare(&mut self, left: u32, right: u32, observer: &dyn Observer) -> Result<()> {
        self.candidates += 1;
        self.sequences.fill(left as usize, &mut self.left, observer)?;
        let (here, there) = (self.left.units(), self.right.units());
        let matches = matches::longest(here, there, &mut self.places, self.seed, observer)?;
        let least = self.options.min_tokens;
        let chains = chains::chains(&matches, self.options.unit, least, observer)?;
        if chains.is_empty() {
            return Ok(());
        }
        let mut stretches = memory::with_capacity(chains.len(), WHAT)?;
        for chain in &chains {
            observer.check()?;
            stretches.push(stretch(&mut self.cells, self.options.unit, here, there, chain));
        }
        let lefts: Vec<(u32, u32)> = stretches.iter().map(|found| found.left).collect();
        let rights: Vec<(u32, u32)> = stretches.iter().map(|found| found.right).collect();
        let lefts = self.sequences.spans(left as usize, &self.left, &lefts, observer)?;
        let rights = self.sequences.spans(right as usize, &self.right, &rights, observer)?;
        for (found, (left_span, right_span)) in stretches.iter().zip(lefts.into_iter().zip(rights)) {
            let passage = Passage {
                left,
                right,
                left_span,
                right_span,
                edits: found.edits,
            };
            memory::push(&mut self.found, passage, WHAT)?;
        }
        Ok(())
    }
}

/// A passage in units.
pub(super) struct Stretch {
    pub(super) left: (u32, u32),
    pub(super) right: (u32, u32),
    pub(super) edits: Edits,
}

/// Aligns what lies between the matches of a chain, and continues it at both ends.
fn stretch(cells: &mut Cells, unit: Unit, left: &[u32], right: &[u32], chain: &Chain) -> Stretch {
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let mut edits = Edits::default();
    for found in chain {
        edits.matched += found.length;
    }
    for pair in chain.windows(2) {
        let here = &left[pair[0].left_end() as usize..pair[1].left as usize];
        let there = &right[pair[0].right_end() as usize..pair[1].right as usize];
        edits.add(cells.between(here, there));
    }
    let ahead = |units: &[u32], end: u32, from: usize, count: usize| -> Vec<u32> {
        units[end as usize..].iter().skip(from).take(count).copied().collect()
    };
    let behind = |units: &[u32], start: u32, from: usize, count: usize| -> Vec<u32> {
        units[..start as usize].iter().rev().skip(from).take(count).copied().collect()
    };
    let (after_left, after_right, after) = cells.follow(
        unit,
        |from, count| ahead(left, last.left_end(), from, count),
        |from, count| ahead(right, last.right_end(), from, count),
    );
    let (before_left, before_right, before) = cells.follow(
        unit,
        |from, count| behind(left, first.left, from, count),
        |from, count| behind(right, first.right, from, count),
    );
    edits.add(after);
    edits.add(before);
    // No more than a document has units, which 32 bits can number.
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Stretch {
        left: (first.left - narrow(before_left), last.left_end() + narrow(after_left)),
        right: (first.right - narrow(before_right), last.right_end() + narrow(after_right)),
        edits,
    }
}
