//! Clusters: what verified pairs link, directly or through others.
//!
//! A union-find over groups of equal documents. It never sees a candidate pair that was not
//! verified, and it does not choose representatives.

use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Clusters under construction: every group points to a smaller one, or to itself.
pub(super) struct Clusters {
    parents: Vec<u32>,
}

impl Clusters {
    /// Every group in `0..groups` on its own.
    pub(super) fn new(groups: u32, observer: &dyn Observer) -> Result<Self> {
        let mut parents = memory::with_capacity(groups as usize, "clusters")?;
        let mut pace = Pace::default();
        for group in 0..groups {
            pace.step(1, observer)?;
            parents.push(group);
        }
        Ok(Self { parents })
    }

    /// The smallest group of the cluster of `group`.
    pub(super) fn root(&mut self, mut group: u32) -> u32 {
        while self.parents[group as usize] != group {
            let parent = self.parents[group as usize];
            // Halving the path keeps later look-ups short.
            self.parents[group as usize] = self.parents[parent as usize];
            group = self.parents[group as usize];
        }
        group
    }

    /// Links the clusters of two groups.
    pub(super) fn link(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        // The smaller group stays the root, so the order of links cannot be seen in the result.
        self.parents[left.max(right) as usize] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn the_smallest_group_names_the_cluster() {
        let mut clusters = Clusters::new(5, &Silent).unwrap();
        clusters.link(4, 3);
        clusters.link(1, 3);
        let roots: Vec<u32> = (0..5).map(|group| clusters.root(group)).collect();
        assert_eq!(roots, [0, 1, 2, 1, 1]);
    }
}
