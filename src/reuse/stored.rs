//! Near duplicates as parts that can be stored, and back again.
//!
//! Stored is what the search found and nothing that follows from it: groups of equal documents, the
//! sizes of their sets and the verified pairs of groups. Clusters are linked anew, so they cannot
//! contradict the pairs. Every part is checked before anything is built from it.

use super::exact::Groups;
use super::join::VerifiedPair;
use super::near::{Linkage, NearDuplicates, Options, Scope, Work};
use super::pairing::Pairing;
use super::shingles::{Source, narrow};
use crate::corpus::stored::damaged;
use crate::corpus::views::View;
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
    /// What the search did.
    pub work: Work,
    /// Whether these are all pairs, and not only those that link the clusters.
    pub whole: bool,
    /// Which documents may pair.
    pub scope: Scope,
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
            work: self.work,
            whole: !self.on_request,
            scope: self.pairing.scope().clone(),
            ..StoredPairs::default()
        };
        let mut add = |pair: VerifiedPair| {
            stored.left.push(pair.left.into());
            stored.right.push(pair.right.into());
            stored.shared.push(pair.shared.into());
        };
        // Pairs that somebody asked for meanwhile are no part of what was searched for: what is stored
        // must not depend on who looked.
        let Some(found) = self.found.get().filter(|_| !self.on_request) else {
            self.links.iter().copied().for_each(add);
            return Ok(stored);
        };
        for group in 0..self.groups.len() {
            if group % CHECK_STEPS == 0 {
                observer.check()?;
            }
            let left = narrow(group)?;
            for near in found.neighbors(group).iter().filter(|near| near.group > left) {
                add(VerifiedPair {
                    left,
                    right: near.group,
                    shared: near.shared,
                });
            }
        }
        Ok(stored)
    }
}

/// Near duplicates of the documents of a view from their parts.
pub fn near_duplicates(
    view: &View,
    options: &Options,
    stored: &StoredPairs,
    observer: &dyn Observer,
) -> Result<NearDuplicates> {
    options.check()?;
    let groups = groups(view.documents(), &stored.groups, observer)?;
    observer.check()?;
    let sizes = sizes(&groups, &stored.sizes)?;
    let pairs = pairs(&sizes, options, stored, observer)?;
    let pairing = Pairing::new(&stored.scope, &groups, observer)?;
    if !stored.whole && (options.linkage == Linkage::Star || !(pairing.is_plain() || pairing.is_of_two())) {
        return Err(wrong("clusters of this kind need all pairs"));
    }
    let searched = (*options, groups, pairing, sizes, stored.work);
    NearDuplicates::of(
        searched,
        &Source::new(view, *options),
        pairs,
        !stored.whole,
        observer,
    )
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
    let is_near = |shared: usize, left: usize, right: usize| {
        let contained = options.contained();
        options.similar().holds(shared, left, right)
            || contained.is_some_and(|rule| rule.holds(shared, left, right))
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
        if shared > left.min(right) || !is_near(shared, left, right) {
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
    use std::sync::Arc;

    use super::*;
    use crate::corpus::tokens::Tokens;
    use crate::corpus::views::Settings;
    use crate::observer::Silent;
    use crate::text::arena::Arena;
    use crate::text::tailoring::{Language, Tailoring};

    /// Texts do not matter here, only how many there are.
    fn back(stored: &StoredPairs) -> Result<NearDuplicates> {
        let arena = Arc::new(Arena::from_texts([""; 5]).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), None, &Silent).unwrap();
        let view = View::new(Arc::new(tokens), Settings::surface(), &Silent).unwrap();
        near_duplicates(&view, &Options::default(), stored, &Silent)
    }

    fn parts() -> StoredPairs {
        StoredPairs {
            groups: vec![0, -1, 1, 0, 2],
            sizes: vec![10, 9, 12],
            left: vec![0, 0],
            right: vec![1, 2],
            shared: vec![8, 9],
            work: Work {
                candidates: 3,
                steps: 7,
                ..Work::default()
            },
            whole: true,
            scope: Scope::default(),
        }
    }

    #[test]
    fn sound_parts_come_back_and_go_out_again() {
        let found = back(&parts()).unwrap();
        assert_eq!(found.labels(), [0, 1, 0, 0, 0]);
        assert_eq!(found.pair_count(), Some(5));
        assert_eq!(found.pairs(None, 9, &Silent).unwrap().len(), 5);
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
            let error = back(&stored).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
