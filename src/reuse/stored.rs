//! Near duplicates as parts that can be stored, and back again.
//!
//! Stored is what the search found and nothing that follows from it: groups of equal documents, the
//! sizes of their sets and the verified pairs of groups. Clusters are linked anew, so they cannot
//! contradict the pairs. Every part is checked before anything is built from it.

use super::exact::Groups;
use super::join::VerifiedPair;
use super::near::{self, NearDuplicates, Options};
use super::shingles::narrow;
use super::verify::Rule;
use crate::corpus::stored::damaged;
use crate::error::{Error, Result};
use crate::observer::Observer;

/// Rows or pairs between two questions to the observer.
const CHECK_STEPS: usize = 1 << 12;

/// What a search found, in arrays of one width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredPairs {
    /// The group of equal documents of each document, numbered by first rows; -1 without a group.
    pub groups: Vec<i64>,
    /// Shingles in the set of each group.
    pub sizes: Vec<i64>,
    /// The smaller group of each verified pair.
    pub left: Vec<i64>,
    /// The other group.
    pub right: Vec<i64>,
    /// Shingles in both.
    pub shared: Vec<i64>,
    /// Candidate pairs that were verified.
    pub candidates: u64,
}

impl NearDuplicates {
    /// The parts to store.
    pub fn stored(&self, observer: &dyn Observer) -> Result<StoredPairs> {
        let group = |row: usize| match self.groups.of(row) {
            Some(group) => i64::try_from(group).unwrap_or(i64::MAX),
            None => -1,
        };
        let mut stored = StoredPairs {
            groups: (0..self.groups.documents()).map(group).collect(),
            sizes: self.sizes.iter().map(|&size| size.into()).collect(),
            candidates: self.candidates,
            ..StoredPairs::default()
        };
        for group in 0..self.groups.len() {
            if group % CHECK_STEPS == 0 {
                observer.check()?;
            }
            for near in self
                .neighbors(group)
                .iter()
                .filter(|near| near.group as usize > group)
            {
                stored.left.push(narrow(group)?.into());
                stored.right.push(near.group.into());
                stored.shared.push(near.shared.into());
            }
        }
        Ok(stored)
    }
}

/// Near duplicates of `documents` documents from their parts.
pub fn near_duplicates(
    documents: usize,
    options: &Options,
    stored: &StoredPairs,
    observer: &dyn Observer,
) -> Result<NearDuplicates> {
    options.check()?;
    let groups = groups(documents, &stored.groups, observer)?;
    observer.check()?;
    let sizes = sizes(&groups, &stored.sizes)?;
    let pairs = pairs(&sizes, options, stored, observer)?;
    let labels = near::labels(&groups, &pairs, observer)?;
    let (ends, neighbors) = near::neighbors(groups.len(), &pairs, observer)?;
    observer.check()?;
    let mut found = NearDuplicates {
        options: *options,
        groups,
        sizes,
        ends,
        neighbors,
        labels,
        candidates: stored.candidates,
        marks: Vec::new(),
    };
    found.mark(observer)?;
    Ok(found)
}

fn wrong(rule: &str) -> Error {
    damaged("near duplicates", rule)
}

/// Groups whose numbers are ranks of their first rows.
fn groups(documents: usize, stored: &[i64], observer: &dyn Observer) -> Result<Groups> {
    if stored.len() != documents {
        let rule = format!("there are {documents} documents, but groups for {}", stored.len());
        return Err(wrong(&rule));
    }
    let mut firsts = Vec::new();
    let mut leaders = Vec::new();
    for (row, &group) in stored.iter().enumerate() {
        if group == -1 {
            continue;
        }
        let row = narrow(row)?;
        let group = usize::try_from(group).ok().filter(|&group| group <= firsts.len());
        let group = group.ok_or_else(|| wrong("groups must be numbered by their first rows"))?;
        if group == firsts.len() {
            firsts.push(row);
        }
        leaders.push((firsts[group], row));
    }
    Groups::number(documents, leaders, observer)
}

fn sizes(groups: &Groups, stored: &[i64]) -> Result<Vec<u32>> {
    let sizes: Option<Vec<u32>> = stored
        .iter()
        .map(|&size| u32::try_from(size).ok().filter(|&size| size > 0))
        .collect();
    sizes
        .filter(|sizes| sizes.len() == groups.len())
        .ok_or_else(|| wrong("every group needs the size of its set, at least 1"))
}

fn pairs(
    sizes: &[u32],
    options: &Options,
    stored: &StoredPairs,
    observer: &dyn Observer,
) -> Result<Vec<VerifiedPair>> {
    let count = stored.left.len();
    if stored.right.len() != count || stored.shared.len() != count {
        return Err(wrong("the columns of pairs must be equally long"));
    }
    let rule = Rule {
        threshold: options.threshold,
    };
    let size = |group: u32| sizes.get(group as usize).map_or(0, |&size| size as usize);
    let mut pairs: Vec<VerifiedPair> = Vec::with_capacity(count);
    for index in 0..count {
        if index % CHECK_STEPS == 0 {
            observer.check()?;
        }
        let field = |values: &[i64]| u32::try_from(values[index]).unwrap_or(u32::MAX);
        let pair = VerifiedPair {
            left: field(&stored.left),
            right: field(&stored.right),
            shared: field(&stored.shared),
        };
        let (left, right, shared) = (size(pair.left), size(pair.right), pair.shared as usize);
        if pair.left >= pair.right || right == 0 {
            return Err(wrong("a pair must name two groups, the smaller one first"));
        }
        if pairs
            .last()
            .is_some_and(|last| (last.left, last.right) >= (pair.left, pair.right))
        {
            return Err(wrong("pairs must be sorted, each of them once"));
        }
        if shared > left.min(right) || !rule.holds(shared, left, right) {
            return Err(wrong(
                "a pair must share as much as the threshold asks for, and no more than it has",
            ));
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use crate::reuse::near::Unit;

    const OPTIONS: Options = Options {
        threshold: 0.5,
        shingle: 5,
        unit: Unit::Word,
        across_gaps: true,
    };

    fn parts() -> StoredPairs {
        StoredPairs {
            groups: vec![0, -1, 1, 0, 2],
            sizes: vec![10, 9, 12],
            left: vec![0, 0],
            right: vec![1, 2],
            shared: vec![8, 9],
            candidates: 3,
        }
    }

    #[test]
    fn sound_parts_come_back_and_go_out_again() {
        let found = near_duplicates(5, &OPTIONS, &parts(), &Silent).unwrap();
        assert_eq!(found.labels(), [0, 1, 0, 0, 0]);
        assert_eq!(found.pair_count(), 5);
        assert_eq!(found.pairs(0, 9, &Silent).unwrap().len(), 5);
        assert_eq!(found.stored(&Silent).unwrap(), parts());
    }

    type Damage = fn(&mut StoredPairs);

    #[test]
    fn every_rule_is_checked() {
        let rows: [(&str, Damage); 12] = [
            ("5 documents", |stored| stored.groups.truncate(4)),
            ("first rows", |stored| stored.groups[0] = 1),
            ("first rows", |stored| stored.groups[2] = -2),
            ("size", |stored| stored.sizes[0] = 0),
            ("size", |stored| stored.sizes.truncate(2)),
            ("columns", |stored| stored.shared.truncate(1)),
            ("two groups", |stored| stored.right[1] = 3),
            ("two groups", |stored| stored.left[0] = 1),
            ("two groups", |stored| stored.left[0] = -1),
            ("sorted", |stored| stored.right[1] = 1),
            ("share", |stored| stored.shared[0] = 1),
            ("share", |stored| stored.shared[0] = 10),
        ];
        for (word, damage) in rows {
            let mut stored = parts();
            damage(&mut stored);
            let error = near_duplicates(5, &OPTIONS, &stored, &Silent).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
