//! The join: every pair of groups whose sets are similar enough, and no other.
//!
//! A prefix filter over ranks (rare shingles first) with filters on length and position gives
//! candidate pairs; `verify` decides. Exact: a filter drops a pair only when the threshold is out
//! of its reach. Pairs of documents are not made here.

use std::sync::{Mutex, PoisonError};

use super::exact::Groups;
use super::shingles::{Sets, Source, narrow};
use super::verify::{self, Rule, Side};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Steps (postings, or keys compared) between two questions to the observer.
const CHECK_STEPS: usize = 1 << 17;

/// Ranks probed in one block; a rank can meet many postings.
const BLOCK_RANKS: usize = 1 << 14;

const WHAT: &str = "the search for similar documents";

/// Two groups whose similarity reaches the threshold, counted on real terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct VerifiedPair {
    /// The group with the smaller number.
    pub(super) left: u32,
    /// The other group.
    pub(super) right: u32,
    /// Shingles in both.
    pub(super) shared: u32,
}

/// An indexed shingle of a group.
#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// The place of the group in the order of sizes.
    turn: u32,
    /// The place of the shingle among the group's shingles that have a rank.
    place: u32,
}

/// Work space of one worker, used again by later blocks.
struct Scratch {
    /// The last turn that met each group, plus one.
    met: Vec<u32>,
    left: Runs,
    right: Runs,
}

struct Join<'sets> {
    source: &'sets Source<'sets>,
    groups: &'sets Groups,
    sets: &'sets Sets,
    rule: Rule,
    /// Groups by size: who probes later is never smaller.
    order: Vec<u32>,
    ends: Vec<usize>,
    postings: Vec<Posting>,
}

/// Every pair of groups at or above the threshold, by (left, right), and the number of candidate
/// pairs that had to be verified.
pub(super) fn join(
    source: &Source<'_>,
    groups: &Groups,
    sets: &Sets,
    rule: Rule,
    observer: &dyn Observer,
) -> Result<(Vec<VerifiedPair>, u64)> {
    let join = Join::new(source, groups, sets, rule, observer)?;
    let count = groups.len();
    observer.expect(count);
    let cut = parallel::blocks(count, BLOCK_RANKS, |turn| {
        sets.ranks(join.order[turn] as usize).len()
    });
    let spare: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());
    let found = parallel::map_blocks(&cut, observer, |turns| {
        let kept = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = match kept {
            Some(scratch) => scratch,
            None => Scratch {
                met: memory::zeroed(count, WHAT)?,
                left: Runs::default(),
                right: Runs::default(),
            },
        };
        let (mut pairs, mut candidates) = (Vec::new(), 0u64);
        for turn in turns {
            candidates += join.probe(turn, &mut scratch, &mut pairs, observer)?;
        }
        spare.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        Ok((pairs, candidates))
    })?;
    let candidates = found.iter().map(|(_, candidates)| candidates).sum();
    let parts = found.into_iter().map(|(pairs, _)| pairs).collect();
    let mut pairs = memory::concat(parts, WHAT, observer)?;
    sorting::sort_by_key(&mut pairs, observer, |pair| (pair.left, pair.right))?;
    Ok((pairs, candidates))
}

impl<'sets> Join<'sets> {
    fn new(
        source: &'sets Source<'sets>,
        groups: &'sets Groups,
        sets: &'sets Sets,
        rule: Rule,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut pace = Pace::default();
        let mut order = memory::with_capacity(groups.len(), WHAT)?;
        for group in 0..narrow(groups.len())? {
            pace.step(1, observer)?;
            order.push(group);
        }
        sorting::sort_by_key(&mut order, observer, |&group: &u32| {
            (sets.sizes()[group as usize], group)
        })?;
        // Partners that probe are at least as large, so the prefix for two equal sizes is enough.
        let indexed = |group: usize| {
            let size = sets.size(group);
            let prefix = (size + 1).saturating_sub(rule.needed(size, size));
            prefix
                .saturating_sub(sets.alone(group))
                .min(sets.ranks(group).len())
        };
        let mut ends = memory::zeroed::<usize>(sets.distinct(), WHAT)?;
        for group in 0..groups.len() {
            pace.step(32, observer)?;
            for &rank in &sets.ranks(group)[..indexed(group)] {
                pace.step(1, observer)?;
                ends[rank as usize] += 1;
            }
        }
        let mut total = 0;
        for end in &mut ends {
            pace.step(1, observer)?;
            total += std::mem::replace(end, total);
        }
        let mut postings = memory::filled(&Posting::default(), total, WHAT, observer)?;
        for (turn, &group) in (0..).zip(&order) {
            pace.step(32, observer)?;
            let group = group as usize;
            for (place, &rank) in (0..).zip(&sets.ranks(group)[..indexed(group)]) {
                pace.step(4, observer)?;
                let next = &mut ends[rank as usize];
                postings[*next] = Posting { turn, place };
                *next += 1;
            }
        }
        Ok(Self {
            source,
            groups,
            sets,
            rule,
            order,
            ends,
            postings,
        })
    }

    /// The postings of a rank, by turn.
    fn postings(&self, rank: u32) -> &[Posting] {
        let rank = rank as usize;
        let start = if rank == 0 { 0 } else { self.ends[rank - 1] };
        &self.postings[start..self.ends[rank]]
    }

    /// Meets the group at `turn` with the groups before it; tells how many candidate pairs it
    /// verified.
    fn probe(
        &self,
        turn: usize,
        scratch: &mut Scratch,
        pairs: &mut Vec<VerifiedPair>,
        observer: &dyn Observer,
    ) -> Result<u64> {
        let (group, turn) = (self.order[turn] as usize, narrow(turn)?);
        let (size, alone, ranks) = (
            self.sets.size(group),
            self.sets.alone(group),
            self.sets.ranks(group),
        );
        let smallest = self.rule.smallest_partner(size);
        let prefix = (size + 1 - smallest).saturating_sub(alone).min(ranks.len());
        let from = self
            .order
            .partition_point(|&other| self.sets.size(other as usize) < smallest);
        let (mut candidates, mut steps, mut filled) = (0, 0, false);
        for (place, &rank) in ranks[..prefix].iter().enumerate() {
            let postings = self.postings(rank);
            let start = postings.partition_point(|posting| (posting.turn as usize) < from);
            for posting in postings[start..].iter().take_while(|posting| posting.turn < turn) {
                steps += 1;
                if steps >= CHECK_STEPS {
                    steps = 0;
                    observer.check()?;
                }
                let met = &mut scratch.met[posting.turn as usize];
                if *met == turn + 1 {
                    continue;
                }
                *met = turn + 1;
                // This is the first shingle that both have: all the others come after it, on both
                // sides. Neither group can have one before it that the index does not show.
                let other = self.order[posting.turn as usize] as usize;
                let (there, other_size) = (posting.place as usize, self.sets.size(other));
                let other_ranks = self.sets.ranks(other);
                let most = (ranks.len() - place).min(other_ranks.len() - there);
                if !self.rule.holds(most, size, other_size) {
                    continue;
                }
                candidates += 1;
                steps += ranks.len() + other_ranks.len();
                let needed = self.rule.needed(size, other_size);
                if !verify::may_share(&ranks[place..], &other_ranks[there..], needed, observer)? {
                    continue;
                }
                if !filled {
                    self.source
                        .fill(self.groups.leader(group), &mut scratch.left, observer)?;
                    filled = true;
                }
                self.source
                    .fill(self.groups.leader(other), &mut scratch.right, observer)?;
                let shared = verify::shared(
                    &self.side(group, &scratch.left),
                    &self.side(other, &scratch.right),
                    self.source.words(),
                    observer,
                )?;
                if self.rule.holds(shared, size, other_size) {
                    let pair = VerifiedPair {
                        left: narrow(group.min(other))?,
                        right: narrow(group.max(other))?,
                        shared: narrow(shared)?,
                    };
                    memory::push(pairs, pair, WHAT)?;
                }
            }
        }
        Ok(candidates)
    }

    fn side<'runs>(&'runs self, group: usize, runs: &'runs Runs) -> Side<'runs, u32> {
        Side {
            keys: self.sets.ranks(group),
            places: self.sets.places(group),
            terms: &runs.terms,
        }
    }
}
