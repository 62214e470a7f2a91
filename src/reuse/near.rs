//! Near duplicates: the door to the search for documents that are the same, or nearly.
//!
//! Exact: the pairs are those that comparing all sets of shingles with each other would give. What
//! two documents share word by word is told by [`shared_runs`]; reuse of a part is not a near
//! duplicate.

use super::clusters::Clusters;
use super::exact::Groups;
use super::join::{self, VerifiedPair};
pub use super::runs::{SharedRun, shared_runs};
use super::shingles::{Sets, Source, narrow};
use super::verify::{self, Rule, Side};
use crate::corpus::views::{Runs, View};
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;
use crate::parallel;

/// Terms in the longest shingle.
pub const MAX_SHINGLE: usize = 64;

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
        if !(1..=MAX_SHINGLE).contains(&self.shingle) {
            return Err(Error::parameter(
                "shingle",
                &self.shingle,
                &format!("it must be a whole number from 1 to {MAX_SHINGLE}"),
                "pass 5 for words or 12 for characters",
            ));
        }
        Ok(())
    }
}

/// Two documents whose similarity reaches the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Jaccard similarity: shared shingles over all shingles of both.
    pub similarity: f64,
    /// Share of the left document's shingles that the right one has.
    pub containment_left: f64,
    /// Share of the right document's shingles that the left one has.
    pub containment_right: f64,
    /// Whether both have the same terms in the same order, with gaps at the same places.
    pub identical: bool,
}

/// How near the documents of a pair are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The same terms in the same order.
    Identical,
    /// Similarity from 0.9.
    Copy,
    /// Similarity from 0.7.
    LightEdits,
    /// Similarity from 0.5.
    HeavyEdits,
    /// Below that.
    Partial,
}

impl Kind {
    /// Every kind, from nearest to farthest.
    pub const ALL: [Self; 5] = [
        Self::Identical,
        Self::Copy,
        Self::LightEdits,
        Self::HeavyEdits,
        Self::Partial,
    ];

    /// The name that users read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Copy => "copy",
            Self::LightEdits => "light edits",
            Self::HeavyEdits => "heavy edits",
            Self::Partial => "partial",
        }
    }
}

/// The kind of a pair; the first that fits.
#[must_use]
pub fn kind(pair: &Pair) -> Kind {
    match pair.similarity {
        _ if pair.identical => Kind::Identical,
        similarity if similarity >= 0.9 => Kind::Copy,
        similarity if similarity >= 0.7 => Kind::LightEdits,
        similarity if similarity >= 0.5 => Kind::HeavyEdits,
        _ => Kind::Partial,
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
}

impl NearDuplicates {
    /// Finds every pair of documents at or above the threshold.
    pub fn build(view: &View, options: &Options, observer: &dyn Observer) -> Result<Self> {
        options.check()?;
        let source = Source::new(view, *options);
        let groups = Groups::build(&source, observer)?;
        let sets = Sets::build(&source, &groups, observer)?;
        let rule = Rule {
            threshold: options.threshold,
        };
        let (pairs, candidates) = join::join(&source, &groups, &sets, rule, observer)?;
        let labels = labels(&groups, &pairs)?;
        let (ends, neighbors) = neighbors(groups.len(), &pairs);
        observer.check()?;
        Ok(Self {
            options: *options,
            groups,
            sizes: sets.into_sizes(),
            ends,
            neighbors,
            labels,
            candidates,
        })
    }

    /// For each document the smallest row of its cluster: all that pairs link, step by step.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of pairs, without making them.
    #[must_use]
    pub fn pair_count(&self) -> u64 {
        let size = |group: usize| self.groups.members(group).len() as u64;
        (0..self.groups.len())
            .map(|group| {
                let larger = self.neighbors(group).iter().map(|near| near.group as usize);
                let across: u64 = larger.filter(|&near| near > group).map(size).sum();
                size(group) * (size(group) - 1) / 2 + size(group) * across
            })
            .sum()
    }

    /// The pairs, by (left, right); made one document at a time.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        (0..self.groups.documents()).flat_map(|row| self.pairs_of(row))
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
            pairs[block]
                .iter()
                .map(|&(left, right)| {
                    observer.check()?;
                    let groups = (self.groups.of(left as usize), self.groups.of(right as usize));
                    match groups {
                        _ if left == right => return Ok(1.0),
                        (Some(left), Some(right)) if left == right => return Ok(1.0),
                        (Some(_), Some(_)) => {}
                        _ => return Ok(0.0),
                    }
                    left_set.fill(&source, left, observer)?;
                    right_set.fill(&source, right, observer)?;
                    let shared = verify::shared(&left_set.side(), &right_set.side(), source.words());
                    Ok(verify::similarity(
                        shared,
                        left_set.keys.len(),
                        right_set.keys.len(),
                    ))
                })
                .collect::<Result<Vec<f64>>>()
        })?;
        Ok(found.concat())
    }

    pub(super) fn neighbors(&self, group: usize) -> &[Neighbor] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.neighbors[start..self.ends[group]]
    }

    /// The pairs in which `row` is the smaller row.
    fn pairs_of(&self, row: usize) -> Vec<Pair> {
        let Some(group) = self.groups.of(row) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        let mut add = |other: usize, shared: u32, identical: bool| {
            let (left, right) = (self.sizes[group], self.sizes[other]);
            let members = self.groups.members(other);
            let after = members.partition_point(|&member| member as usize <= row);
            pairs.extend(members[after..].iter().map(|&member| Pair {
                // `row` is below `member`, which fits.
                left: u32::try_from(row).unwrap_or(member),
                right: member,
                similarity: verify::similarity(shared as usize, left as usize, right as usize),
                containment_left: f64::from(shared) / f64::from(left),
                containment_right: f64::from(shared) / f64::from(right),
                identical,
            }));
        };
        add(group, self.sizes[group], true);
        for near in self.neighbors(group) {
            add(near.group as usize, near.shared, false);
        }
        pairs.sort_unstable_by_key(|pair| pair.right);
        pairs
    }
}

/// The smallest row of the cluster of each document.
pub(super) fn labels(groups: &Groups, pairs: &[VerifiedPair]) -> Result<Vec<u32>> {
    let mut clusters = Clusters::new(narrow(groups.len())?);
    for pair in pairs {
        clusters.link(pair.left, pair.right);
    }
    // Groups are numbered by their first rows, so the smallest group has the smallest row.
    (0..groups.documents())
        .map(|row| match groups.of(row) {
            Some(group) => narrow(groups.leader(clusters.root(narrow(group)?) as usize)),
            None => narrow(row),
        })
        .collect()
}

/// The pairs seen from both sides, in compressed rows.
pub(super) fn neighbors(groups: usize, pairs: &[VerifiedPair]) -> (Vec<usize>, Vec<Neighbor>) {
    let mut ends = vec![0; groups];
    for pair in pairs {
        ends[pair.left as usize] += 1;
        ends[pair.right as usize] += 1;
    }
    let mut total = 0;
    for end in &mut ends {
        let count = *end;
        *end = total;
        total += count;
    }
    let mut neighbors = vec![Neighbor::default(); total];
    for pair in pairs {
        for (group, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
            let next = &mut ends[group as usize];
            neighbors[*next] = Neighbor {
                group: other,
                shared: pair.shared,
            };
            *next += 1;
        }
    }
    (ends, neighbors)
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
        source.fill(row as usize, &mut self.runs);
        source.set(&self.runs, observer, &mut self.set)?;
        self.keys.clear();
        self.places.clear();
        self.keys.extend(self.set.iter().map(|&(hash, _)| hash));
        self.places.extend(self.set.iter().map(|&(_, place)| place));
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
