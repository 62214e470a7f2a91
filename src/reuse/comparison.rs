//! Comparison: every allowed pair of documents that share a seed, laid side by side.
//!
//! `seeds` proposes, `matches` looks at the units, `chains` puts together what belongs together and
//! `alignment` counts the edits. What is made of the stretches that come out is decided by whoever
//! asked: passages, or how much of a document stands in another one.

use super::alignment::{self, Cells, Edits, Way};
use super::chains::{self, Chain};
use super::crowds::Crowds;
use super::matches;
use super::near::Unit;
use super::seeds::{Picking, Seeds};
use super::sequences::{Sequence, Sequences};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "documents to compare";

/// Hits in one block of documents.
const BLOCK_HITS: usize = 1 << 16;

/// What to look for.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is compared: words, or letters and digits.
    pub unit: Unit,
    /// The shortest run that is found without exception; shorter ones with few edits between them
    /// count together.
    pub min_tokens: usize,
    /// Seeds that stand in more documents are left out.
    pub max_documents: Option<u32>,
    /// How many comparisons may be made before documents of a crowd meet only a few of it.
    pub patience: Option<u64>,
    /// Whether what lies between two matches is aligned; otherwise it counts as changed.
    pub aligned: bool,
}

/// What two documents share, in units of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) left: (u32, u32),
    pub(super) right: (u32, u32),
    pub(super) edits: Edits,
}

impl Stretch {
    /// The same seen from the other side.
    fn turned(self) -> Self {
        Self {
            left: self.right,
            right: self.left,
            edits: Edits {
                added: self.edits.removed,
                removed: self.edits.added,
                ..self.edits
            },
        }
    }
}

/// Two documents and what they share, the best stretch first.
pub(super) struct Compared<'pair> {
    pub(super) rows: (u32, u32),
    pub(super) left: &'pair Sequence,
    pub(super) right: &'pair Sequence,
    pub(super) stretches: &'pair [Stretch],
}

/// What was looked at, and what was not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    /// Pairs of documents that share a seed and were compared.
    pub candidates: u64,
    /// Seeds that were left out because too many documents have them.
    pub left_out: u64,
    /// Places that were left out because one document has a seed there very often.
    pub capped: u64,
    /// Seeds that so many documents have that not all of them met.
    pub crowds: u64,
}

/// Units in a seed: longer ones stand in fewer documents that share nothing else.
pub(super) fn seed_length(unit: Unit) -> usize {
    match unit {
        Unit::Word => 8,
        Unit::Char => 16,
    }
}

/// Bytes that a comparison needs at its peak, without what is made of it: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, unit: Unit) -> u64 {
    let units = match unit {
        Unit::Word => 48 * view.tokens().len(),
        Unit::Char => 24 * view.tokens().arena().bytes(),
    };
    units as u64 + 16 * view.documents() as u64
}

/// Compares all pairs that are allowed, of two corpora if there is a `second` one; `keep` takes what it
/// wants from each into the list of its block, and `after` sees how much a block gave.
pub(super) fn compare<T: Copy + Send>(
    sequences: Sequences<'_>,
    options: &Options,
    second: Option<u32>,
    allows: impl Fn(u32, u32) -> bool + Sync,
    observer: &dyn Observer,
    keep: impl Fn(&Compared<'_>, &mut Vec<T>) -> Result<()> + Sync,
    after: impl Fn(usize) -> Result<()> + Sync,
) -> Result<(Vec<T>, Extent)> {
    let length = seed_length(options.unit);
    let picking = match options.unit {
        // Every run of so many words is a seed, so that no luck decides about edited passages.
        Unit::Word => Picking::new(length, length.min(options.min_tokens)),
        Unit::Char => Picking::new(length, options.min_tokens),
    };
    let seeds = Seeds::build(&sequences, picking, second, options.max_documents, observer)?;
    let documents = sequences.documents();
    let crowds = match options.patience {
        Some(patience) => Crowds::find(&sequences, &seeds, patience, &allows, observer)?,
        None => None,
    };
    observer.expect(documents);
    let cut = parallel::blocks(documents, BLOCK_HITS, |row| {
        let is_crowd = |group: u32| crowds.as_ref().is_some_and(|crowds| crowds.has(group));
        let meets = |&(group, _): &(u32, u32)| {
            if is_crowd(group) {
                1
            } else {
                seeds.postings(group).len()
            }
        };
        seeds.of(row).iter().map(meets).sum()
    });
    let parts = parallel::map_blocks(&cut, observer, |rows| {
        let mut pairs = Pairs {
            sequences,
            seeds: &seeds,
            crowds: crowds.as_ref(),
            options,
            seed: picking.length,
            left: Sequence::default(),
            right: Sequence::default(),
            hits: Vec::new(),
            places: Vec::new(),
            cells: Cells::default(),
            found: Vec::new(),
            candidates: 0,
        };
        for row in rows {
            pairs.meet(row, &allows, &keep, observer)?;
        }
        after(pairs.found.len())?;
        Ok((pairs.found, pairs.candidates))
    })?;
    let extent = Extent {
        candidates: parts.iter().map(|(_, candidates)| candidates).sum(),
        left_out: seeds.left_out,
        capped: seeds.capped,
        crowds: crowds.map_or(0, |crowds| crowds.seeds),
    };
    drop(seeds);
    let parts = parts.into_iter().map(|(found, _)| found).collect();
    Ok((memory::concat(parts, WHAT, observer)?, extent))
}

/// The work of one block: documents met with those before them.
struct Pairs<'work, T> {
    sequences: Sequences<'work>,
    seeds: &'work Seeds,
    crowds: Option<&'work Crowds>,
    options: &'work Options,
    /// Units in a seed.
    seed: usize,
    left: Sequence,
    right: Sequence,
    /// Row and place there, and place here, of every seed that both have.
    hits: Vec<(u32, u32, u32)>,
    places: Vec<(u32, u32)>,
    cells: Cells,
    found: Vec<T>,
    candidates: u64,
}

impl<T> Pairs<'_, T> {
    /// Meets a document with those before it.
    fn meet(
        &mut self,
        row: usize,
        allows: &impl Fn(u32, u32) -> bool,
        keep: &impl Fn(&Compared<'_>, &mut Vec<T>) -> Result<()>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let (here, mut pace) = (narrow(row)?, Pace::default());
        self.hits.clear();
        let (seeds, crowds) = (self.seeds, self.crowds);
        let is_crowd = |group: u32| crowds.is_some_and(|crowds| crowds.has(group));
        for &(group, place) in seeds.of(row).iter().filter(|&&(group, _)| !is_crowd(group)) {
            for posting in seeds.postings(group) {
                pace.step(1, observer)?;
                if posting.row >= here {
                    break;
                }
                if allows(posting.row, here) {
                    memory::push(&mut self.hits, (posting.row, posting.place, place), WHAT)?;
                }
            }
        }
        if let Some(crowds) = crowds {
            // Who is met at all, for whatever reason, is compared by all that both have.
            let mut others = memory::collect(self.hits.iter().map(|hit| hit.0), WHAT, observer)?;
            memory::append(&mut others, crowds.partners(row), WHAT, observer)?;
            sorting::sort_by_key(&mut others, observer, |&other| other)?;
            others.dedup();
            for &(group, place) in seeds.of(row).iter().filter(|&&(group, _)| is_crowd(group)) {
                for &other in &others {
                    pace.step(8, observer)?;
                    for posting in seeds.postings_in(group, other) {
                        memory::push(&mut self.hits, (other, posting.place, place), WHAT)?;
                    }
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
            self.places
                .extend(same.iter().map(|&(_, left, right)| (left, right)));
            let left = same[0].0;
            self.sequences.fill(left as usize, &mut self.left, observer)?;
            let stretches = self.stretches((left, here), observer)?;
            if !stretches.is_empty() {
                let compared = Compared {
                    rows: (left, here),
                    left: &self.left,
                    right: &self.right,
                    stretches: &stretches,
                };
                keep(&compared, &mut self.found)?;
            }
        }
        self.hits = hits;
        Ok(())
    }

    /// What the two documents at hand share, through the places at hand.
    fn stretches(&mut self, rows: (u32, u32), observer: &dyn Observer) -> Result<Vec<Stretch>> {
        self.candidates += 1;
        let (left, right) = (self.left.units(), self.right.units());
        // What is found must not depend on the order of the documents: of equal choices, each step
        // takes the first one on one side. Words are numbered by that order, so texts are asked.
        let (one, other) = (self.sequences.text(rows.0), self.sequences.text(rows.1));
        let turned = one > other;
        let (left, right) = if turned { (right, left) } else { (left, right) };
        if turned {
            self.places
                .iter_mut()
                .for_each(|place| *place = (place.1, place.0));
        }
        let matches = matches::longest(left, right, &mut self.places, self.seed, observer)?;
        let (unit, least) = (self.options.unit, self.options.min_tokens);
        // What is the same beside a chain may make it long enough.
        let shortest = if unit == Unit::Word {
            least.min(self.seed)
        } else {
            least
        };
        let chains = chains::chains(&matches, unit, shortest, observer)?;
        let mut found = memory::with_capacity(chains.len(), WHAT)?;
        for chain in &chains {
            observer.check()?;
            let room = Room::around(chain, &chains, &found, (left.len(), right.len()));
            let stretch = stretch(&mut self.cells, self.options, (left, right), chain, &room);
            if chains::is_worth(chain, unit, least) || stretch.edits.is_worth(least) {
                found.push(stretch);
            }
        }
        if turned {
            for stretch in &mut found {
                *stretch = Stretch::turned(*stretch);
            }
        }
        Ok(found)
    }
}

/// How far a chain may be continued: to the next chain on either side, and to what a better one has
/// been continued to, so that no two grow into each other.
struct Room {
    left: (usize, usize),
    right: (usize, usize),
}

impl Room {
    fn around(chain: &Chain, chains: &[Chain], found: &[Stretch], (left, right): (usize, usize)) -> Self {
        let (first, last) = (chain[0], chain[chain.len() - 1]);
        let mut room = Self {
            left: (0, left),
            right: (0, right),
        };
        let others = chains.iter().map(|other| {
            let (start, end) = (other[0], other[other.len() - 1]);
            ((start.left, end.left_end()), (start.right, end.right_end()))
        });
        for (on_left, on_right) in others.chain(found.iter().map(|stretch| (stretch.left, stretch.right))) {
            narrow_to(&mut room.left, (first.left, last.left_end()), on_left);
            narrow_to(&mut room.right, (first.right, last.right_end()), on_right);
        }
        room
    }
}

/// Keeps room around a stretch out of another one beside it.
fn narrow_to(room: &mut (usize, usize), own: (u32, u32), other: (u32, u32)) {
    if other.1 <= own.0 {
        room.0 = room.0.max(other.1 as usize);
    }
    if other.0 >= own.1 {
        room.1 = room.1.min(other.0 as usize);
    }
}

/// Aligns what lies between the matches of a chain, and continues it at both ends.
fn stretch(
    cells: &mut Cells,
    options: &Options,
    (left, right): (&[u32], &[u32]),
    chain: &Chain,
    room: &Room,
) -> Stretch {
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    let mut edits = Edits::default();
    for found in chain {
        edits.matched += found.length;
    }
    for pair in chain.windows(2) {
        let here = &left[pair[0].left_end() as usize..pair[1].left as usize];
        let there = &right[pair[0].right_end() as usize..pair[1].right as usize];
        edits.add(if options.aligned {
            cells.between(here, there)
        } else {
            Edits::unknown(here.len(), there.len())
        });
    }
    let following = (
        &left[last.left_end() as usize..room.left.1],
        &right[last.right_end() as usize..room.right.1],
    );
    let preceding = (
        &left[room.left.0..first.left as usize],
        &right[room.right.0..first.right as usize],
    );
    let (after_left, after_right, after) = cells.follow(options.unit, Way::Ahead, following.0, following.1);
    let (before_left, before_right, before) = cells.follow(options.unit, Way::Back, preceding.0, preceding.1);
    edits.add(after);
    edits.add(before);
    Stretch {
        left: (
            first.left - alignment::narrow(before_left),
            last.left_end() + alignment::narrow(after_left),
        ),
        right: (
            first.right - alignment::narrow(before_right),
            last.right_end() + alignment::narrow(after_right),
        ),
        edits,
    }
}
