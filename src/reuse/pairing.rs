//! Which documents may pair: of two corpora, of different labels, or not far apart in time.
//!
//! Members of a group of equal documents stand here by moment, so that the partners of a document
//! are one stretch of them, in which runs of its own label are passed over in one step. Whether
//! texts are near each other is not known here.

use std::ops::Range;

use super::exact::Groups;
use super::scope::Scope;
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "documents by label and date";

/// Members in an order of their own.
#[derive(Debug, Default)]
struct Sorted {
    /// By (group, side, moment, row).
    rows: Vec<u32>,
    ends: Vec<usize>,
    /// By (group, side, label, moment, row).
    labelled: Vec<u32>,
    /// The first place after, and the place after the last one before, with another label; both
    /// inside the group and the side.
    next: Vec<u32>,
    previous: Vec<u32>,
}

/// What is known of a group without its members.
#[derive(Debug, Clone, Copy)]
struct Summary {
    first: i64,
    last: i64,
    /// The label of all members, if they have but one.
    label: Option<i64>,
    sides: [bool; 2],
}

/// The members of groups and their partners.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    scope: Scope,
    sorted: Option<Sorted>,
    summaries: Vec<Summary>,
}

/// Members of one group and side by moment, and where they begin among all.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'rows> {
    pub(super) rows: &'rows [u32],
    offset: usize,
}

impl Stretch<'_> {
    /// The place among the members of all groups.
    pub(super) fn absolute(&self, at: usize) -> usize {
        self.offset + at
    }

    /// The same as a number of 32 bits.
    pub(super) fn number(&self, at: usize) -> Result<u32> {
        narrow(self.offset + at)
    }

    /// Back from there.
    pub(super) fn place(&self, number: u32) -> usize {
        number as usize - self.offset
    }
}

impl Pairing {
    pub(super) fn new(scope: &Scope, groups: &Groups, observer: &dyn Observer) -> Result<Self> {
        scope.check(groups.documents())?;
        let mut pairing = Self {
            scope: scope.copied(observer)?,
            ..Self::default()
        };
        if pairing.is_plain() {
            return Ok(pairing);
        }
        if scope.labels.is_some() || scope.moments.is_some() {
            pairing.sorted = Some(Sorted::new(scope, groups, observer)?);
        }
        let (mut pace, mut summaries) = (Pace::default(), memory::with_capacity(groups.len(), WHAT)?);
        for group in 0..groups.len() {
            let mut summary = Summary {
                first: i64::MAX,
                last: i64::MIN,
                label: None,
                sides: [false; 2],
            };
            for side in [false, true] {
                for (index, &row) in pairing.stretch(groups, group, side).rows.iter().enumerate() {
                    pace.step(4, observer)?;
                    let fresh = index == 0 && !summary.sides[0];
                    let label = scope.label(row);
                    summary.label = summary
                        .label
                        .filter(|&one| one == label)
                        .or(fresh.then_some(label));
                    summary.first = summary.first.min(scope.moment(row));
                    summary.last = summary.last.max(scope.moment(row));
                    summary.sides[usize::from(side)] = true;
                }
            }
            summaries.push(summary);
        }
        pairing.summaries = summaries;
        Ok(pairing)
    }

    /// Whether any two documents may pair.
    pub(super) fn is_plain(&self) -> bool {
        self.scope.second.is_none() && self.scope.labels.is_none() && self.scope.moments.is_none()
    }

    /// Whether pairs are those of two corpora.
    pub(super) fn is_of_two(&self) -> bool {
        self.scope.second.is_some()
    }

    /// What was asked for.
    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether members of two groups may pair, as far as that can be told at a glance: "no" is final.
    pub(super) fn may_meet(&self, left: usize, right: usize) -> bool {
        if self.summaries.is_empty() {
            return true;
        }
        let (left, right) = (&self.summaries[left], &self.summaries[right]);
        let sides = match self.scope.second {
            Some(_) => (left.sides[0] && right.sides[1]) || (left.sides[1] && right.sides[0]),
            None => left.sides[0] && right.sides[0],
        };
        let labels = self.scope.labels.is_none() || left.label.is_none() || left.label != right.label;
        let apart = left
            .first
            .max(right.first)
            .saturating_sub(left.last.min(right.last));
        sides && labels && apart <= self.scope.window
    }

    /// Whether two documents may pair.
    pub(super) fn allows(&self, left: u32, right: u32) -> bool {
        left != right && self.scope.allows(left, right)
    }

    /// Whether a document may pair with any.
    pub(super) fn is_in(&self, row: u32) -> bool {
        self.scope.is_in(row)
    }

    /// The members of a group on one side that may pair with any, by moment.
    fn stretch<'rows>(&'rows self, groups: &'rows Groups, group: usize, side: bool) -> Stretch<'rows> {
        let (rows, offset) = match &self.sorted {
            None => (groups.members(group), 0),
            Some(sorted) => {
                let range = sorted.range(group);
                (&sorted.rows[range.clone()], range.start)
            }
        };
        let cut = match self.scope.second {
            Some(second) => rows.partition_point(|&row| row < second),
            None => rows.len(),
        };
        let here = if side { cut..rows.len() } else { 0..cut };
        Stretch {
            rows: &rows[here.clone()],
            offset: offset + here.start,
        }
    }

    /// The members of a group among which partners of a document are: those of the other corpus.
    pub(super) fn others<'rows>(
        &'rows self,
        groups: &'rows Groups,
        group: usize,
        row: u32,
    ) -> Stretch<'rows> {
        let side = self.scope.second.is_some() && !self.scope.side(row);
        self.stretch(groups, group, side)
    }

    /// All members of a group that may pair with any.
    pub(super) fn members<'rows>(&'rows self, groups: &'rows Groups, group: usize) -> &'rows [u32] {
        match &self.sorted {
            None => groups.members(group),
            Some(sorted) => &sorted.rows[sorted.range(group)],
        }
    }

    /// The places of a stretch whose moments lie near enough to that of a document.
    fn near(&self, rows: &[u32], row: u32) -> Range<usize> {
        if self.scope.moments.is_none() {
            return 0..rows.len();
        }
        let moment = self.scope.moment(row);
        let low = moment.saturating_sub(self.scope.window);
        let high = moment.saturating_add(self.scope.window);
        let first = rows.partition_point(|&other| self.scope.moment(other) < low);
        first..first + rows[first..].partition_point(|&other| self.scope.moment(other) <= high)
    }

    /// How many partners a document has in a group.
    pub(super) fn count(&self, groups: &Groups, group: usize, row: u32) -> u64 {
        if !self.is_in(row) {
            return 0;
        }
        let stretch = self.others(groups, group, row);
        let near = self.near(stretch.rows, row);
        let own = groups.of(row as usize) == Some(group);
        let hidden = match &self.sorted {
            Some(sorted) if self.scope.labels.is_some() => {
                let label = self.scope.label(row);
                let labelled = &sorted.labelled[stretch.offset..stretch.offset + stretch.rows.len()];
                let first = labelled.partition_point(|&other| self.scope.label(other) < label);
                let last =
                    first + labelled[first..].partition_point(|&other| self.scope.label(other) == label);
                // The document itself is one of its label.
                self.near(&labelled[first..last], row).len()
            }
            _ => usize::from(own && !self.is_of_two()),
        };
        (near.len() - hidden) as u64
    }

    /// The partners of a document in a group whose rows lie above `above`. Where moments do not
    /// matter they come by row.
    pub(super) fn partners<'rows>(
        &'rows self,
        groups: &'rows Groups,
        group: usize,
        row: u32,
        above: Option<u32>,
    ) -> impl Iterator<Item = u32> + 'rows {
        let stretch = self.others(groups, group, row);
        let near = if self.is_in(row) {
            self.near(stretch.rows, row)
        } else {
            0..0
        };
        let mut at = near.start;
        if let Some(above) = above.filter(|_| self.scope.moments.is_none()) {
            at = stretch.rows.partition_point(|&other| other <= above);
        }
        std::iter::from_fn(move || {
            while at < near.end {
                if let Some(after) = self.run_end(stretch, at, row) {
                    at = after;
                    continue;
                }
                let other = stretch.rows[at];
                at += 1;
                if other != row && above.is_none_or(|above| other > above) {
                    return Some(other);
                }
            }
            None
        })
    }

    /// Where the run of the document's own label that begins at a place ends, if there is one.
    fn run_end(&self, stretch: Stretch<'_>, at: usize, row: u32) -> Option<usize> {
        let sorted = self.sorted.as_ref().filter(|_| self.scope.labels.is_some())?;
        let same = self.scope.label(stretch.rows[at]) == self.scope.label(row);
        same.then(|| sorted.next[stretch.offset + at] as usize - stretch.offset)
    }

    /// The places in a stretch of the nearest partner before a document and of the nearest one after
    /// it, by (moment, row).
    pub(super) fn nearest(&self, stretch: Stretch<'_>, row: u32) -> [Option<usize>; 2] {
        let key = |row: u32| (self.scope.moment(row), row);
        let rows = stretch.rows;
        let here = rows.partition_point(|&other| key(other) < key(row));
        let after = here + usize::from(rows.get(here) == Some(&row));
        let (mut before, mut later) = (here.checked_sub(1), Some(after).filter(|&at| at < rows.len()));
        if let Some(sorted) = self.sorted.as_ref().filter(|_| self.scope.labels.is_some()) {
            let own = |at: usize| self.scope.label(rows[at]) == self.scope.label(row);
            if let Some(at) = before.filter(|&at| own(at)) {
                before = (sorted.previous[stretch.offset + at] as usize).checked_sub(stretch.offset + 1);
            }
            if let Some(at) = later.filter(|&at| own(at)) {
                later = Some(sorted.next[stretch.offset + at] as usize - stretch.offset)
                    .filter(|&at| at < rows.len());
            }
        }
        [before, later].map(|found| found.filter(|&at| self.allows(row, rows[at])))
    }

    /// Whether two documents have one label.
    pub(super) fn same_label(&self, left: u32, right: u32) -> bool {
        self.scope.labels.is_some() && self.scope.label(left) == self.scope.label(right)
    }
}

impl Sorted {
    fn new(scope: &Scope, groups: &Groups, observer: &dyn Observer) -> Result<Self> {
        let (mut pace, mut members) = (Pace::default(), memory::with_capacity(groups.documents(), WHAT)?);
        let mut ends = memory::with_capacity(groups.len(), WHAT)?;
        for group in 0..groups.len() {
            for &row in groups.members(group) {
                pace.step(2, observer)?;
                if scope.is_in(row) {
                    members.push((narrow(group)?, row));
                }
            }
            ends.push(members.len());
        }
        sorting::sort_by_key(&mut members, observer, |&(group, row)| {
            (group, scope.side(row), scope.moment(row), row)
        })?;
        let mut sorted = Self {
            rows: memory::collect(members.iter().map(|&(_, row)| row), WHAT, observer)?,
            ends,
            ..Self::default()
        };
        if scope.labels.is_none() {
            return Ok(sorted);
        }
        let count = members.len();
        sorted.next = memory::filled(&narrow(count)?, count, WHAT, observer)?;
        sorted.previous = memory::zeroed(count, WHAT)?;
        // A run ends where the group, the corpus or the label changes.
        let key = |(group, row): (u32, u32)| (group, scope.side(row), scope.label(row));
        let mut start = 0;
        for at in 0..count {
            pace.step(4, observer)?;
            if key(members[at]) != key(members[start]) {
                start = at;
            }
            sorted.previous[at] = narrow(start)?;
        }
        let mut end = count;
        for at in (0..count).rev() {
            pace.step(4, observer)?;
            if at + 1 < count && key(members[at]) != key(members[at + 1]) {
                end = at + 1;
            }
            sorted.next[at] = narrow(end)?;
        }
        sorting::sort_by_key(&mut members, observer, |&(group, row)| {
            (group, scope.side(row), scope.label(row), scope.moment(row), row)
        })?;
        sorted.labelled = memory::collect(members.iter().map(|&(_, row)| row), WHAT, observer)?;
        Ok(sorted)
    }

    fn range(&self, group: usize) -> Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        start..self.ends[group]
    }
}
