//! Near duplicates: the door to the search for documents that are the same, or nearly.
//!
//! Exact: the pairs are those that comparing all sets of shingles with each other would give. What
//! two documents share word by word is told by [`shared_runs`]; reuse of a part is not a near
//! duplicate.

use super::bands::Bands;
use super::clusters::Clusters;
use super::exact::Groups;
use super::join::{self, VerifiedPair};
use super::lsh::{self, Extent};
pub use super::pairs::{Kind, Pair, kind};
pub use super::runs::{SharedRun, shared_runs};
use super::shingles::{Sets, Source, narrow};
use super::verify::{self, Rule, Side};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::{Runs, View};
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "near duplicates";

/// Rows between two marks in the list of pairs.
const MARK: usize = 1 << 10;

/// What a shingle is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Terms of the view.
    Word,
    /// Characters of the text in lower case, each stretch of white space as one space.
    Char,
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The least similarity of a pair, in (0, 1].
    pub threshold: f64,
    /// Terms in a shingle.
    pub shingle: usize,
    /// What a shingle is made of.
    pub unit: Unit,
    /// Whether shingles of words reach over removed tokens.
    pub across_gaps: bool,
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        // A comparison with NaN is false, so NaN is refused too.
        if !(self.threshold > 0.0 && self.threshold <= 1.0) {
            return Err(Error::parameter(
                "threshold",
                &self.threshold,
                "it must lie above 0 and not above 1",
                "pass 0.5 to start",
            ));
        }
        let most = limits::SHINGLE.most();
        if !(1..=most).contains(&self.shingle) {
            return Err(Error::parameter(
                "shingle",
                &self.shingle,
                &format!("it must be a whole number from 1 to {most}, the limit shingle"),
                &format!(
                    "pass 5 for words or 12 for characters, or {}",
                    limits::SHINGLE.remedy(self.shingle as u64)
                ),
            ));
        }
        Ok(())
    }
}

/// A group that is near another one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Neighbor {
    pub(super) group: u32,
    pub(super) shared: u32,
}

/// Groups of identical documents, and the verified pairs of groups.
#[derive(Debug)]
pub struct NearDuplicates {
    pub(super) options: Options,
    pub(super) groups: Groups,
    pub(super) sizes: Vec<u32>,
    /// Where the neighbors of each group end.
    pub(super) ends: Vec<usize>,
    pub(super) neighbors: Vec<Neighbor>,
    pub(super) labels: Vec<u32>,
    pub(super) candidates: u64,
    /// Pairs whose smaller row lies before every [`MARK`]-th row; at the end, all of them.
    pub(super) marks: Vec<u64>,
}

/// Bytes that [`NearDuplicates::build`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, unit: Unit) -> u64 {
    let units = match unit {
        Unit::Word => view.tokens().len(),
        Unit::Char => view.tokens().arena().bytes(),
    };
    12 * units as u64 + 64 * view.documents() as u64
}

impl NearDuplicates {
    /// Finds every pair of documents at or above the threshold.
    pub fn build(view: &View, options: &Options, observer: &dyn Observer) -> Result<Self> {
        options.check()?;
        let source = Source::new(view, *options);
        memory::admit(estimate(view, options.unit), "the search for near duplicates")?;
        let groups = Groups::build(&source, observer)?;
        let sets = Sets::build(&source, &groups, observer)?;
        let rule = Rule {
            threshold: options.threshold,
        };
        let (pairs, candidates) = join::join(&source, &groups, &sets, rule, observer)?;
        Self::with(*options, groups, sets.into_sizes(), &pairs, candidates, observer)
    }

    /// Finds pairs by signatures that are cut into bands: none is wrong, some may be missed.
    pub fn sketched(
        view: &View,
        options: &Options,
        bands: Bands,
        observer: &dyn Observer,
    ) -> Result<(Self, Extent)> {
        options.check()?;
        let source = Source::new(view, *options);
        let needed = estimate(view, options.unit) + lsh::estimate(view, bands);
        memory::admit(needed, "the search for near duplicates")?;
        let groups = Groups::build(&source, observer)?;
        let rule = Rule {
            threshold: options.threshold,
        };
        let most = lsh::patience(groups.len());
        let found = lsh::pairs(&source, &groups, rule, bands, most, observer)?;
        let (sizes, extent) = (found.sizes, found.extent);
        let found = Self::with(*options, groups, sizes, &found.pairs, extent.candidates, observer)?;
        Ok((found, extent))
    }

    /// Puts together what a search has found.
    fn with(
        options: Options,
        groups: Groups,
        sizes: Vec<u32>,
        pairs: &[VerifiedPair],
        candidates: u64,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let labels = labels(&groups, pairs, observer)?;
        let (ends, neighbors) = neighbors(groups.len(), pairs, observer)?;
        let mut found = Self {
            options,
            groups,
            sizes,
            ends,
            neighbors,
            labels,
            candidates,
            marks: Vec::new(),
        };
        found.mark(observer)?;
        Ok(found)
    }

    /// For each document the smallest row of its cluster: all that pairs link, step by step.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of pairs, without making them.
    #[must_use]
    pub fn pair_count(&self) -> u64 {
        self.marks.last().copied().unwrap_or(0)
    }

    /// At most `count` pairs from the one numbered `start`, by (left, right).
    pub fn pairs(&self, start: u64, count: usize, observer: &dyn Observer) -> Result<Vec<Pair>> {
        let end = start.saturating_add(count as u64).min(self.pair_count());
        let mut pairs = Vec::new();
        if start >= end {
            return Ok(pairs);
        }
        let room = usize::try_from(end - start).unwrap_or(usize::MAX);
        memory::reserve_exact(&mut pairs, room, WHAT)?;
        let mark = self.marks.partition_point(|&before| before <= start) - 1;
        let (mut before, mut pace) = (self.marks[mark], Pace::default());
        for row in mark * MARK..self.groups.documents() {
            if before >= end {
                break;
            }
            let here = self.pairs_from(row, &mut pace, observer)?;
            let window = (start.saturating_sub(before), here.min(end - before));
            if window.0 < window.1 {
                self.expand(row, window, &mut pairs, observer)?;
            }
            before += here;
        }
        Ok(pairs)
    }

    /// Candidate pairs of groups that were verified.
    #[must_use]
    pub fn candidates(&self) -> u64 {
        self.candidates
    }

    /// The exact similarity of any two documents, also below the threshold. A document is 1 to
    /// itself; one without shingles is 0 to every other.
    pub fn similarity_to(
        &self,
        view: &View,
        pairs: &[(u32, u32)],
        observer: &dyn Observer,
    ) -> Result<Vec<f64>> {
        let rows = self.groups.documents().min(view.documents());
        if let Some(&(left, right)) = pairs
            .iter()
            .find(|(left, right)| *left.max(right) as usize >= rows)
        {
            return Err(Error::Input(Cause::row(
                left.max(right) as usize,
                &format!("does not exist: there are {rows} documents"),
                "rows count from 0",
            )));
        }
        let source = Source::new(view, self.options);
        observer.expect(pairs.len());
        let cut = source.blocks(pairs.len(), |index| pairs[index].1 as usize);
        let found = parallel::map_blocks(&cut, observer, |block| {
            let (mut left_set, mut right_set) = (Keyed::default(), Keyed::default());
            let mut found = memory::with_capacity(block.len(), WHAT)?;
            for &(left, right) in &pairs[block] {
                observer.check()?;
                let groups = (self.groups.of(left as usize), self.groups.of(right as usize));
                found.push(match groups {
                    _ if left == right => 1.0,
                    (Some(left), Some(right)) if left == right => 1.0,
                    (Some(_), Some(_)) => {
                        left_set.fill(&source, left, observer)?;
                        right_set.fill(&source, right, observer)?;
                        let (left, right) = (left_set.side(), right_set.side());
                        let shared = verify::shared(&left, &right, source.words(), observer)?;
                        verify::similarity(shared, left.keys.len(), right.keys.len())
                    }
                    _ => 0.0,
                });
            }
            Ok(found)
        })?;
        memory::concat(found, WHAT, observer)
    }

    pub(super) fn neighbors(&self, group: usize) -> &[Neighbor] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.neighbors[start..self.ends[group]]
    }

    /// Counts the pairs before each mark.
    pub(super) fn mark(&mut self, observer: &dyn Observer) -> Result<()> {
        let documents = self.groups.documents();
        let (mut marks, mut total) = (Vec::new(), 0u64);
        memory::reserve_exact(&mut marks, documents / MARK + 2, WHAT)?;
        let mut pace = Pace::default();
        for row in 0..documents {
            if row % MARK == 0 {
                marks.push(total);
            }
            total += self.pairs_from(row, &mut pace, observer)?;
        }
        marks.push(total);
        self.marks = marks;
        Ok(())
    }

    /// The groups whose members pair with those of a group, itself included, and what is shared.
    fn partners(&self, group: usize) -> impl Iterator<Item = (usize, u32)> {
        let near = self.neighbors(group).iter();
        std::iter::once((group, self.sizes[group])).chain(near.map(|near| (near.group as usize, near.shared)))
    }

    /// The members of a group whose rows are above `row` and below `end`.
    fn between(&self, group: usize, row: usize, end: usize) -> &[u32] {
        let members = self.groups.members(group);
        let first = members.partition_point(|&member| member as usize <= row);
        let last = members.partition_point(|&member| (member as usize) < end);
        &members[first..last.max(first)]
    }

    /// Number of pairs in which `row` is the smaller row.
    fn pairs_from(&self, row: usize, pace: &mut Pace, observer: &dyn Observer) -> Result<u64> {
        pace.step(8, observer)?;
        match self.groups.of(row) {
            Some(group) => self.pairs_below(group, row, self.groups.documents(), pace, observer),
            None => Ok(0),
        }
    }

    /// How many of them have a larger row below `end`.
    fn pairs_below(
        &self,
        group: usize,
        row: usize,
        end: usize,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<u64> {
        let mut count = 0;
        for (other, _) in self.partners(group) {
            pace.step(16, observer)?;
            count += self.between(other, row, end).len() as u64;
        }
        Ok(count)
    }

    /// The smallest row before which `rank` partners of `row` lie.
    fn row_of_rank(&self, group: usize, row: usize, rank: u64, observer: &dyn Observer) -> Result<usize> {
        let (mut low, mut high, mut pace) = (row, self.groups.documents(), Pace::default());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.pairs_below(group, row, middle, &mut pace, observer)? >= rank {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    /// Appends a window of the pairs in which `row` is the smaller row, whatever their number.
    fn expand(
        &self,
        row: usize,
        window: (u64, u64),
        pairs: &mut Vec<Pair>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let Some(group) = self.groups.of(row) else {
            return Ok(());
        };
        let first = self.row_of_rank(group, row, window.0, observer)?;
        let end = self.row_of_rank(group, row, window.1, observer)?;
        let (from, mut pace) = (pairs.len(), Pace::default());
        for (other, shared) in self.partners(group) {
            pace.step(16, observer)?;
            let (left, right) = (self.sizes[group], self.sizes[other]);
            for &member in self.between(other, row.max(first.saturating_sub(1)), end) {
                pace.step(4, observer)?;
                let pair = Pair {
                    left: narrow(row)?,
                    right: member,
                    similarity: verify::similarity(shared as usize, left as usize, right as usize),
                    containment_left: f64::from(shared) / f64::from(left),
                    containment_right: f64::from(shared) / f64::from(right),
                    identical: other == group,
                };
                memory::push(pairs, pair, WHAT)?;
            }
        }
        sorting::sort_by_key(&mut pairs[from..], observer, |pair| pair.right)
    }
}

/// The smallest row of the cluster of each document.
pub(super) fn labels(groups: &Groups, pairs: &[VerifiedPair], observer: &dyn Observer) -> Result<Vec<u32>> {
    let mut clusters = Clusters::new(narrow(groups.len())?, observer)?;
    let mut pace = Pace::default();
    for pair in pairs {
        pace.step(8, observer)?;
        clusters.link(pair.left, pair.right);
    }
    // Groups are numbered by their first rows, so the smallest group has the smallest row.
    let mut labels = memory::with_capacity(groups.documents(), WHAT)?;
    for row in 0..groups.documents() {
        pace.step(8, observer)?;
        labels.push(match groups.of(row) {
            Some(group) => narrow(groups.leader(clusters.root(narrow(group)?) as usize))?,
            None => narrow(row)?,
        });
    }
    Ok(labels)
}

/// The pairs seen from both sides, in compressed rows.
pub(super) fn neighbors(
    groups: usize,
    pairs: &[VerifiedPair],
    observer: &dyn Observer,
) -> Result<(Vec<usize>, Vec<Neighbor>)> {
    let mut ends = memory::zeroed::<usize>(groups, WHAT)?;
    let mut pace = Pace::default();
    for pair in pairs {
        pace.step(2, observer)?;
        ends[pair.left as usize] += 1;
        ends[pair.right as usize] += 1;
    }
    let mut total = 0;
    for end in &mut ends {
        pace.step(1, observer)?;
        total += std::mem::replace(end, total);
    }
    let mut neighbors = memory::filled(&Neighbor::default(), total, WHAT, observer)?;
    for pair in pairs {
        pace.step(8, observer)?;
        for (group, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
            let next = &mut ends[group as usize];
            neighbors[*next] = Neighbor {
                group: other,
                shared: pair.shared,
            };
            *next += 1;
        }
    }
    Ok((ends, neighbors))
}

/// The shingle set of one document, by hash; kept until another one is asked for.
#[derive(Default)]
struct Keyed {
    row: Option<u32>,
    runs: Runs,
    set: Vec<(u64, u32)>,
    keys: Vec<u64>,
    places: Vec<u32>,
}

impl Keyed {
    fn fill(&mut self, source: &Source<'_>, row: u32, observer: &dyn Observer) -> Result<()> {
        if self.row == Some(row) {
            return Ok(());
        }
        self.row = None;
        source.fill(row as usize, &mut self.runs, observer)?;
        source.set(&self.runs, observer, &mut self.set)?;
        self.keys.clear();
        self.places.clear();
        memory::reserve(&mut self.keys, self.set.len(), WHAT)?;
        memory::reserve(&mut self.places, self.set.len(), WHAT)?;
        let mut pace = Pace::default();
        for &(hash, place) in &self.set {
            pace.step(1, observer)?;
            self.keys.push(hash);
            self.places.push(place);
        }
        self.row = Some(row);
        Ok(())
    }

    fn side(&self) -> Side<'_, u64> {
        Side {
            keys: &self.keys,
            places: &self.places,
            terms: &self.runs.terms,
        }
    }
}
