//! The shingle sets of those groups that have a candidate, kept to verify them.
//!
//! Who is a candidate is told by `lsh`; what two sets share is counted by `verify`.

use super::exact::Groups;
use super::join::VerifiedPair;
use super::rule::Rule;
use super::shingles::{Source, narrow};
use super::verify::{self, Side};
use crate::corpus::pace::Pace;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Marks a group without a set.
const NONE: u32 = u32::MAX;

const WHAT: &str = "shingles of candidate pairs";

/// Sets by hash, each with a place of every shingle.
pub(super) struct Kept<'sets> {
    source: &'sets Source<'sets>,
    groups: &'sets Groups,
    rule: Rule,
    /// The set of each group, if it is kept.
    of: Vec<u32>,
    ends: Vec<usize>,
    keys: Vec<u64>,
    places: Vec<u32>,
}

/// Terms of the documents that are compared, used again for the next pair.
#[derive(Default)]
pub(super) struct Worker {
    /// The group whose terms are in `left`, plus one.
    filled: usize,
    left: Runs,
    right: Runs,
}

impl<'sets> Kept<'sets> {
    /// The sets of all groups that are among `wanted`, where one may stand more than once.
    pub(super) fn build(
        source: &'sets Source<'sets>,
        groups: &'sets Groups,
        rule: Rule,
        wanted: &[u32],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut of = memory::filled(&NONE, groups.len(), WHAT, observer)?;
        let (mut listed, mut pace) = (Vec::new(), Pace::default());
        for &group in wanted {
            pace.step(2, observer)?;
            of[group as usize] = 0;
        }
        for (group, index) in of.iter_mut().enumerate() {
            pace.step(1, observer)?;
            if *index != NONE {
                *index = narrow(listed.len())?;
                memory::push(&mut listed, group, WHAT)?;
            }
        }
        observer.expect(listed.len());
        let cut = source.blocks(listed.len(), |index| groups.leader(listed[index]));
        let made = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut set, mut pace) = (Runs::default(), Vec::new(), Pace::default());
            let mut sizes = memory::with_capacity(block.len(), WHAT)?;
            let (mut keys, mut places) = (Vec::new(), Vec::new());
            for &group in &listed[block] {
                source.fill(groups.leader(group), &mut runs, observer)?;
                source.set(&runs, observer, &mut set)?;
                sizes.push(set.len());
                memory::reserve(&mut keys, set.len(), WHAT)?;
                memory::reserve(&mut places, set.len(), WHAT)?;
                for &(key, place) in &set {
                    pace.step(1, observer)?;
                    keys.push(key);
                    places.push(place);
                }
            }
            Ok((sizes, (keys, places)))
        })?;
        let (sizes, sets): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let (keys, places): (Vec<_>, Vec<_>) = sets.into_iter().unzip();
        let mut ends = memory::concat(sizes, WHAT, observer)?;
        let mut total = 0;
        for end in &mut ends {
            pace.step(1, observer)?;
            total += *end;
            *end = total;
        }
        Ok(Self {
            source,
            groups,
            rule,
            of,
            ends,
            keys: parallel::concat(keys, WHAT, observer)?,
            places: parallel::concat(places, WHAT, observer)?,
        })
    }

    fn side<'runs>(&'runs self, group: u32, runs: &'runs Runs) -> Side<'runs, u64> {
        let index = self.of[group as usize] as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let range = start..self.ends[index];
        Side {
            keys: &self.keys[range.clone()],
            places: &self.places[range],
            terms: &runs.terms,
        }
    }

    /// The pair of two groups whose sets are kept, if they are near enough.
    pub(super) fn verify(
        &self,
        left: u32,
        right: u32,
        worker: &mut Worker,
        observer: &dyn Observer,
    ) -> Result<Option<VerifiedPair>> {
        let size = |group: u32| self.side(group, &Runs::default()).keys.len();
        let (size_left, size_right) = (size(left), size(right));
        if !self.rule.holds(size_left.min(size_right), size_left, size_right) {
            return Ok(None);
        }
        if worker.filled != left as usize + 1 {
            worker.filled = 0;
            self.source
                .fill(self.groups.leader(left as usize), &mut worker.left, observer)?;
            worker.filled = left as usize + 1;
        }
        self.source
            .fill(self.groups.leader(right as usize), &mut worker.right, observer)?;
        let shared = verify::shared(
            &self.side(left, &worker.left),
            &self.side(right, &worker.right),
            self.source.words(),
            observer,
        )?;
        if !self.rule.holds(shared, size_left, size_right) {
            return Ok(None);
        }
        Ok(Some(VerifiedPair {
            left,
            right,
            shared: narrow(shared)?,
        }))
    }
}
