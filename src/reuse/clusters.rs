//! Clusters: what verified pairs link, directly or through others.
//!
//! A union-find over groups of equal documents, or over documents where not every two of them may
//! pair. It never sees a candidate pair that was not verified, and it does not choose
//! representatives.

use super::exact::Groups;
use super::join::VerifiedPair;
use super::pairing::{Pairing, Stretch};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "clusters";

/// Clusters under construction: every one points to a smaller one, or to itself.
pub(super) struct Clusters {
    parents: Vec<u32>,
}

impl Clusters {
    /// Every one in `0..count` on its own.
    pub(super) fn new(count: u32, observer: &dyn Observer) -> Result<Self> {
        let parents = memory::collect(0..count, WHAT, observer)?;
        Ok(Self { parents })
    }

    /// The smallest of the cluster of `one`.
    pub(super) fn root(&mut self, mut one: u32) -> u32 {
        while self.parents[one as usize] != one {
            let parent = self.parents[one as usize];
            // Halving the path keeps later look-ups short.
            self.parents[one as usize] = self.parents[parent as usize];
            one = self.parents[one as usize];
        }
        one
    }

    /// Links the clusters of two.
    pub(super) fn link(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        // The smaller one stays the root, so the order of links cannot be seen in the result.
        self.parents[left.max(right) as usize] = left.min(right);
    }

    /// The root of every one.
    pub(super) fn roots(&mut self, observer: &dyn Observer) -> Result<Vec<u32>> {
        let count = narrow(self.parents.len())?;
        let (mut pace, mut roots) = (Pace::default(), memory::with_capacity(self.parents.len(), WHAT)?);
        for one in 0..count {
            pace.step(8, observer)?;
            roots.push(self.root(one));
        }
        Ok(roots)
    }
}

/// The smallest row of the cluster of each document, from the pairs that link.
pub(super) fn labels(
    groups: &Groups,
    pairing: &Pairing,
    pairs: impl Iterator<Item = VerifiedPair>,
    observer: &dyn Observer,
) -> Result<Vec<u32>> {
    if !pairing.is_plain() {
        return linked(groups, pairing, pairs, observer);
    }
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

/// The same where not every two documents may pair.
fn linked(
    groups: &Groups,
    pairing: &Pairing,
    pairs: impl Iterator<Item = VerifiedPair>,
    observer: &dyn Observer,
) -> Result<Vec<u32>> {
    let documents = narrow(groups.documents())?;
    let mut links = Links {
        groups,
        pairing,
        clusters: Clusters::new(documents, observer)?,
        low: memory::collect(0..documents, WHAT, observer)?,
        high: memory::collect(0..documents, WHAT, observer)?,
        pace: Pace::default(),
    };
    for group in 0..groups.len() {
        links.inside(group, observer)?;
    }
    for pair in pairs {
        let (left, right) = (pair.left as usize, pair.right as usize);
        let larger = pairing.members(groups, left).len() > pairing.members(groups, right).len();
        let (small, large) = if larger { (right, left) } else { (left, right) };
        links.between(small, large, observer)?;
    }
    links.clusters.roots(observer)
}

/// Links between documents.
///
/// Inside a group it is enough to link each member with its nearest partner before it and after it.
/// Take a pair with x before y. The nearest partner p before y is x, or stands between them. If p and
/// x have two labels they are a pair that is nearer, so by induction they are linked. Else all members
/// between p and y have the label of y, and likewise, with q the first partner after x, all between x
/// and q have the label of x; then q stands just after p, and x–q, q–p, p–y are nearer pairs.
///
/// Between two groups a member also reaches the whole run of one label before its nearest partner,
/// since nothing inside the run links it.
struct Links<'a> {
    groups: &'a Groups,
    pairing: &'a Pairing,
    clusters: Clusters,
    /// For a place among the members: places from `low` to `high` are known to be linked.
    low: Vec<u32>,
    high: Vec<u32>,
    pace: Pace,
}

impl Links<'_> {
    fn inside(&mut self, group: usize, observer: &dyn Observer) -> Result<()> {
        for &row in self.pairing.members(self.groups, group) {
            self.pace.step(64, observer)?;
            let stretch = self.pairing.others(self.groups, group, row);
            for at in self.pairing.nearest(stretch, row).into_iter().flatten() {
                self.clusters.link(row, stretch.rows[at]);
            }
        }
        Ok(())
    }

    fn between(&mut self, small: usize, large: usize, observer: &dyn Observer) -> Result<()> {
        for &row in self.pairing.members(self.groups, small) {
            self.pace.step(64, observer)?;
            let stretch = self.pairing.others(self.groups, large, row);
            let [before, later] = self.pairing.nearest(stretch, row);
            if let Some(at) = before {
                self.clusters.link(row, stretch.rows[at]);
                self.spread(stretch, at, row, false, observer)?;
            }
            if let Some(at) = later {
                self.clusters.link(row, stretch.rows[at]);
                self.spread(stretch, at, row, true, observer)?;
            }
        }
        Ok(())
    }

    /// Links the rest of a run of one label, as far as `row` may pair with it.
    fn spread(
        &mut self,
        stretch: Stretch<'_>,
        at: usize,
        row: u32,
        up: bool,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut at = at;
        loop {
            self.pace.step(16, observer)?;
            let known = if up { &mut self.high } else { &mut self.low };
            at = stretch.place(end(known, stretch.number(at)?));
            let Some(further) = (if up { Some(at + 1) } else { at.checked_sub(1) }) else {
                return Ok(());
            };
            let (here, Some(&there)) = (stretch.rows[at], stretch.rows.get(further)) else {
                return Ok(());
            };
            if !self.pairing.same_label(here, there) || !self.pairing.allows(row, there) {
                return Ok(());
            }
            self.clusters.link(here, there);
            let (first, last) = if up { (at, further) } else { (further, at) };
            self.high[stretch.absolute(first)] = stretch.number(last)?;
            self.low[stretch.absolute(last)] = stretch.number(first)?;
        }
    }
}

/// Follows what is known to its end.
fn end(known: &mut [u32], mut place: u32) -> u32 {
    while known[place as usize] != place {
        let next = known[place as usize];
        known[place as usize] = known[next as usize];
        place = known[place as usize];
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn the_smallest_one_names_the_cluster() {
        let mut clusters = Clusters::new(5, &Silent).unwrap();
        clusters.link(4, 3);
        clusters.link(1, 3);
        assert_eq!(clusters.roots(&Silent), Ok(vec![0, 1, 2, 1, 1]));
    }
}
