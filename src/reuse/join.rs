//! The join: every pair of groups whose sets are near enough, and no other.
//!
//! A prefix filter over ranks (rare shingles first) with filters on length and position gives
//! candidate pairs; `verify` decides. Exact: a filter drops a pair only when the threshold is out
//! of its reach. Pairs of documents are not made here.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::exact::Groups;
use super::index::{Index, Posting, Walk};
use super::pairing::Pairing;
use super::rule::Rule;
use super::sets::Sets;
use super::shingles::{Source, narrow};
use super::verify::{self, Side};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Ranks probed in one block; a rank can meet many postings.
pub(super) const BLOCK_RANKS: usize = 1 << 14;

const WHAT: &str = "the search for similar documents";

/// Two groups that are near enough, counted on real terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VerifiedPair {
    /// The group with the smaller number.
    pub(super) left: u32,
    /// The other group.
    pub(super) right: u32,
    /// Shingles in both.
    pub(super) shared: u32,
}

/// What a search did; the same for any number of threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Candidate pairs of groups that had to be verified.
    pub candidates: u64,
    /// Postings met, and shingles compared.
    pub steps: u64,
    /// Seeds of noisy copies that so many documents have that not all of them were compared.
    pub crowds: u64,
}

impl Work {
    pub(super) fn add(&mut self, more: Self) {
        self.candidates += more.candidates;
        self.steps += more.steps;
        self.crowds += more.crowds;
    }
}

/// Work space of one worker, used again by later blocks.
pub(super) struct Scratch {
    /// The last turn that met each group, plus one.
    met: Vec<u32>,
    /// The turn whose terms are in `left`, plus one.
    filled: usize,
    left: Runs,
    right: Runs,
    pace: Pace,
    pub(super) work: Work,
}

impl Scratch {
    pub(super) fn new(groups: usize) -> Result<Self> {
        Ok(Self {
            met: memory::zeroed(groups, WHAT)?,
            filled: 0,
            left: Runs::default(),
            right: Runs::default(),
            pace: Pace::default(),
            work: Work::default(),
        })
    }

    /// The next entry of a walk, which is a step whether or not there is one.
    pub(super) fn next(&mut self, walk: &mut Walk<'_>, observer: &dyn Observer) -> Result<Option<Posting>> {
        let next = walk.next();
        self.step(observer)?;
        Ok(next)
    }

    /// Counts a step.
    pub(super) fn step(&mut self, observer: &dyn Observer) -> Result<()> {
        self.work.steps += 1;
        self.pace.step(1, observer)
    }
}

/// Work spaces of all workers.
pub(super) struct Spare {
    groups: usize,
    kept: Mutex<Vec<Scratch>>,
}

impl Spare {
    pub(super) fn new(groups: usize) -> Self {
        Self {
            groups,
            kept: Mutex::new(Vec::new()),
        }
    }

    /// Lends a work space; gives back what was done with it beside the result.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut Scratch) -> Result<T>) -> Result<(T, Work)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = match kept {
            Some(scratch) => scratch,
            None => Scratch::new(self.groups)?,
        };
        scratch.work = Work::default();
        let done = work(&mut scratch)?;
        let counted = scratch.work;
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(scratch);
        Ok((done, counted))
    }
}

/// Two sets of shingles meet under a rule.
pub(super) struct Join<'sets> {
    pub(super) source: &'sets Source<'sets>,
    pub(super) groups: &'sets Groups,
    pub(super) sets: &'sets Sets,
    pub(super) pairing: &'sets Pairing,
    pub(super) rule: Rule,
    /// Pairs that are near by this rule are known already.
    pub(super) known: Option<Rule>,
    /// Groups by size.
    pub(super) order: Vec<u32>,
}

impl<'sets> Join<'sets> {
    pub(super) fn new(
        source: &'sets Source<'sets>,
        groups: &'sets Groups,
        sets: &'sets Sets,
        pairing: &'sets Pairing,
        rule: Rule,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut order = memory::collect(0..narrow(groups.len())?, WHAT, observer)?;
        sorting::sort_by_key(&mut order, observer, |&group: &u32| {
            (sets.sizes()[group as usize], group)
        })?;
        Ok(Self {
            source,
            groups,
            sets,
            pairing,
            rule,
            known: None,
            order,
        })
    }

    /// The same search under another rule, without the pairs that are near by this one.
    pub(super) fn beside(self, rule: Rule) -> Self {
        Self {
            known: Some(self.rule),
            rule,
            ..self
        }
    }

    pub(super) fn group(&self, turn: usize) -> usize {
        self.order[turn] as usize
    }

    /// How many ranks of a group others see; shingles without a rank come first.
    pub(super) fn shown(&self, group: usize) -> usize {
        self.ranked(group, self.rule.shown(self.sets.size(group)))
    }

    fn ranked(&self, group: usize, shingles: usize) -> usize {
        let ranks = self.sets.ranks(group).len();
        shingles.saturating_sub(self.sets.alone(group)).min(ranks)
    }

    /// The ranks with which the group at `turn` looks for others.
    pub(super) fn probed(&self, turn: usize) -> &[u32] {
        let group = self.group(turn);
        let count = self.ranked(group, self.rule.probed(self.sets.size(group)));
        &self.sets.ranks(group)[..count]
    }

    /// The turns among which the group at `turn` looks for others.
    pub(super) fn partners(&self, turn: usize) -> Range<usize> {
        match self.rule {
            Rule::Similarity(_) => {
                let smallest = self.rule.smallest_partner(self.sets.size(self.group(turn)));
                let small = |&other: &u32| self.sets.size(other as usize) < smallest;
                self.order.partition_point(small).min(turn)..turn
            }
            _ => turn + 1..self.order.len(),
        }
    }

    /// Shows a group to those that look for it later.
    pub(super) fn show(
        &self,
        index: &mut Index,
        turn: usize,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<()> {
        let group = self.group(turn);
        let (ranks, size) = (self.sets.ranks(group), self.sets.size(group));
        let turn = narrow(turn)?;
        for (place, &rank) in (0..).zip(&ranks[..self.shown(group)]) {
            pace.step(8, observer)?;
            let reach = self.rule.reach(ranks.len() - place as usize, size);
            index.append(rank, Posting { turn, place }, reach);
        }
        Ok(())
    }

    /// The index that shows every group.
    pub(super) fn index(&self, observer: &dyn Observer) -> Result<Index> {
        let groups = self.order.iter().map(|&group| group as usize);
        let mut index = Index::with_room(self.sets, groups, |group| self.shown(group), observer)?;
        let mut pace = Pace::default();
        for turn in 0..self.order.len() {
            self.show(&mut index, turn, &mut pace, observer)?;
        }
        Ok(index)
    }

    /// Blocks of about equal work.
    pub(super) fn blocks(&self, ranks: usize) -> Vec<Range<usize>> {
        parallel::blocks(self.order.len(), ranks, |turn| {
            self.sets.ranks(self.group(turn)).len()
        })
    }

    /// Every pair, by (left, right), and the work that was done; nothing if that takes more than
    /// `patience` steps. An error once there are more than `most` pairs.
    pub(super) fn pairs(
        &self,
        index: &Index,
        most: u64,
        patience: u64,
        observer: &dyn Observer,
    ) -> Result<Option<(Vec<VerifiedPair>, Work)>> {
        let cut = self.blocks(BLOCK_RANKS);
        observer.expect(self.order.len());
        let spare = Spare::new(self.order.len());
        let (total, steps) = (AtomicU64::new(0), AtomicU64::new(0));
        let found = parallel::map_blocks(&cut, observer, |turns| {
            spare.lend(|scratch| {
                let mut pairs = Vec::new();
                for turn in turns {
                    let (known, done) = (pairs.len(), scratch.work.steps);
                    if steps.load(Ordering::Relaxed) > patience {
                        break;
                    }
                    self.probe(index, turn, scratch, &mut pairs, observer)?;
                    steps.fetch_add(scratch.work.steps - done, Ordering::Relaxed);
                    let new = (pairs.len() - known) as u64;
                    if total.fetch_add(new, Ordering::Relaxed) + new > most {
                        return Err(too_many(most));
                    }
                }
                Ok(pairs)
            })
        })?;
        // Who stops early does so because all together do more, whichever worker came how far.
        if steps.into_inner() > patience {
            return Ok(None);
        }
        let mut work = Work::default();
        let mut parts = memory::with_capacity(found.len(), WHAT)?;
        for (pairs, counted) in found {
            work.add(counted);
            parts.push(pairs);
        }
        let mut pairs = memory::concat(parts, WHAT, observer)?;
        sorting::sort_by_key(&mut pairs, observer, |pair| (pair.left, pair.right))?;
        Ok(Some((pairs, work)))
    }

    /// Meets the group at `turn` with those among which it looks.
    fn probe(
        &self,
        index: &Index,
        turn: usize,
        scratch: &mut Scratch,
        pairs: &mut Vec<VerifiedPair>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let partners = self.partners(turn);
        let size = self.sets.sizes()[self.group(turn)];
        for (place, &rank) in self.probed(turn).iter().enumerate() {
            let mut walk = index.walk(index.between(index.list(rank), &partners), size);
            while let Some(posting) = scratch.next(&mut walk, observer)? {
                if let Some(pair) = self.meet(turn, place, posting, scratch, observer)? {
                    memory::push(pairs, pair, WHAT)?;
                }
            }
        }
        Ok(())
    }

    /// Meets the group at `turn`, at one of its ranks, with another one; tells whether they are a
    /// pair. They must not have met at a rarer shingle that both have, or they are passed over.
    pub(super) fn meet(
        &self,
        turn: usize,
        place: usize,
        posting: Posting,
        scratch: &mut Scratch,
        observer: &dyn Observer,
    ) -> Result<Option<VerifiedPair>> {
        let met = &mut scratch.met[posting.turn as usize];
        if *met as usize == turn + 1 {
            return Ok(None);
        }
        *met = narrow(turn + 1)?;
        // This is the first shingle that both have: all the others come after it, on both sides.
        // Neither group can have one before it that the index does not show.
        let (group, other) = (self.group(turn), self.group(posting.turn as usize));
        let (ranks, other_ranks) = (self.sets.ranks(group), self.sets.ranks(other));
        let (size, other_size) = (self.sets.size(group), self.sets.size(other));
        let there = posting.place as usize;
        let most = (ranks.len() - place).min(other_ranks.len() - there);
        if !self.rule.holds(most, size, other_size) || !self.pairing.may_meet(group, other) {
            return Ok(None);
        }
        scratch.work.candidates += 1;
        scratch.work.steps += (ranks.len() + other_ranks.len()) as u64;
        let needed = self.rule.needed(size, other_size);
        if !verify::may_share(&ranks[place..], &other_ranks[there..], needed, observer)? {
            return Ok(None);
        }
        if scratch.filled != turn + 1 {
            scratch.filled = 0;
            self.source
                .fill(self.groups.leader(group), &mut scratch.left, observer)?;
            scratch.filled = turn + 1;
        }
        self.source
            .fill(self.groups.leader(other), &mut scratch.right, observer)?;
        let shared = verify::shared(
            &self.side(group, &scratch.left),
            &self.side(other, &scratch.right),
            self.source.words(),
            observer,
        )?;
        let known = self
            .known
            .is_some_and(|known| known.holds(shared, size, other_size));
        if known || !self.rule.holds(shared, size, other_size) {
            return Ok(None);
        }
        Ok(Some(VerifiedPair {
            left: narrow(group.min(other))?,
            right: narrow(group.max(other))?,
            shared: narrow(shared)?,
        }))
    }

    fn side<'runs>(&'runs self, group: usize, runs: &'runs Runs) -> Side<'runs, u32> {
        Side {
            keys: self.sets.ranks(group),
            places: self.sets.places(group),
            terms: &runs.terms,
        }
    }
}

/// More pairs than somebody wants to have.
fn too_many(most: u64) -> Error {
    Error::Limit(
        Cause::sentence(format!(
            "There are more than max_pairs={most} pairs; use iter_pairs() to take them in batches, or \
             clusters and labels, which need no pairs."
        ))
        .about("max_pairs"),
    )
}
