//! Stars: clusters in which every member is near the centre.
//!
//! Unlike clusters that grow link by link, a star cannot chain: a drifts to b and b to c, but c is in
//! the star of a only if it is near a. Centres are chosen from the one with most neighbours on; a
//! document goes to the first centre that it is near. Which pairs are near is not decided here.

use std::cmp::Reverse;

use super::exact::Groups;
use super::found::Found;
use super::pairing::Pairing;
use super::rule::Rule;
use super::shingles::{Source, narrow};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::Runs;
use crate::error::Result;
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "clusters around centres";

/// Marks what belongs to no star yet.
const FREE: u32 = u32::MAX;

/// Everything that stars are made of.
pub(super) struct Stars<'found> {
    pub(super) source: &'found Source<'found>,
    pub(super) groups: &'found Groups,
    pub(super) sizes: &'found [u32],
    pub(super) pairing: &'found Pairing,
    pub(super) found: &'found Found,
    pub(super) rule: Rule,
}

/// What comes first becomes a centre first.
type Turn = (Reverse<u64>, Reverse<u64>, u128, u32);

impl Stars<'_> {
    /// The smallest row of the star of each document.
    ///
    /// Centres come by number of neighbours, then length, then a hash of the text, so that the order
    /// of documents does not matter; only of equal documents with as many neighbours, not all of which
    /// may pair, the first row comes first.
    pub(super) fn labels(&self, observer: &dyn Observer) -> Result<Vec<u32>> {
        let texts = self.texts(observer)?;
        if self.pairing.is_plain() {
            self.of_groups(&texts, observer)
        } else {
            self.of_documents(&texts, observer)
        }
    }

    /// The groups near a group by the rule of clusters, without itself.
    fn near(&self, group: usize) -> impl Iterator<Item = usize> {
        let size = move |group: usize| self.sizes[group] as usize;
        let near = self.found.neighbors(group).iter();
        near.filter(move |near| {
            self.rule
                .holds(near.shared as usize, size(group), size(near.group as usize))
        })
        .map(|near| near.group as usize)
    }

    /// Length and hash of the text of each group, whichever documents it stands among.
    fn texts(&self, observer: &dyn Observer) -> Result<Vec<(u64, u128)>> {
        let cut = self
            .source
            .blocks(self.groups.len(), |group| self.groups.leader(group));
        let texts = parallel::map_blocks(&cut, observer, |block| {
            let (mut runs, mut texts) = (Runs::default(), memory::with_capacity(block.len(), WHAT)?);
            let mut pace = Pace::default();
            for group in block {
                self.source.fill(self.groups.leader(group), &mut runs, observer)?;
                let mut hash = hash::Sequence::default();
                for &term in &runs.terms {
                    pace.step(8, observer)?;
                    hash.terms(&self.source.portable(term));
                }
                hash.cuts(&runs.ends);
                texts.push((runs.terms.len() as u64, hash.finish()));
            }
            Ok(texts)
        })?;
        memory::concat(texts, WHAT, observer)
    }

    /// Stars of whole groups: equal documents have the same neighbours.
    fn of_groups(&self, texts: &[(u64, u128)], observer: &dyn Observer) -> Result<Vec<u32>> {
        let count = self.groups.len();
        let (mut turns, mut pace) = (memory::with_capacity::<Turn>(count, WHAT)?, Pace::default());
        for (group, &(length, hash)) in texts.iter().enumerate() {
            let mut degree = self.groups.members(group).len() as u64 - 1;
            for other in self.near(group) {
                pace.step(4, observer)?;
                degree += self.groups.members(other).len() as u64;
            }
            turns.push((Reverse(degree), Reverse(length), hash, narrow(group)?));
        }
        sorting::sort_by_key(&mut turns, observer, |&turn| turn)?;
        let mut stars = memory::filled(&FREE, count, WHAT, observer)?;
        for &(_, _, _, centre) in &turns {
            pace.step(4, observer)?;
            if stars[centre as usize] != FREE {
                continue;
            }
            stars[centre as usize] = centre;
            for other in self.near(centre as usize) {
                pace.step(4, observer)?;
                if stars[other] == FREE {
                    stars[other] = centre;
                }
            }
        }
        let mut documents = memory::with_capacity(self.groups.documents(), WHAT)?;
        for row in 0..self.groups.documents() {
            pace.step(4, observer)?;
            documents.push(match self.groups.of(row) {
                Some(group) => narrow(self.groups.leader(stars[group] as usize))?,
                None => narrow(row)?,
            });
        }
        named(&documents, observer)
    }

    /// Stars of documents, where not every two of them may pair.
    fn of_documents(&self, texts: &[(u64, u128)], observer: &dyn Observer) -> Result<Vec<u32>> {
        let count = self.groups.documents();
        let (mut turns, mut pace) = (Vec::new(), Pace::default());
        for row in 0..narrow(count)? {
            pace.step(4, observer)?;
            let Some(group) = self.groups.of(row as usize) else {
                continue;
            };
            let mut degree = 0;
            for other in std::iter::once(group).chain(self.near(group)) {
                pace.step(64, observer)?;
                degree += self.pairing.count(self.groups, other, row);
            }
            let (length, hash) = texts[group];
            memory::push(&mut turns, (Reverse(degree), Reverse(length), hash, row), WHAT)?;
        }
        sorting::sort_by_key(&mut turns, observer, |&turn: &Turn| turn)?;
        let mut stars = memory::filled(&FREE, count, WHAT, observer)?;
        for &(_, _, _, centre) in &turns {
            let Some(group) = self
                .groups
                .of(centre as usize)
                .filter(|_| stars[centre as usize] == FREE)
            else {
                continue;
            };
            stars[centre as usize] = centre;
            for other in std::iter::once(group).chain(self.near(group)) {
                pace.step(64, observer)?;
                for row in self.pairing.partners(self.groups, other, centre, None) {
                    pace.step(4, observer)?;
                    if stars[row as usize] == FREE {
                        stars[row as usize] = centre;
                    }
                }
            }
        }
        for (row, star) in (0..).zip(&mut stars) {
            pace.step(1, observer)?;
            if *star == FREE {
                *star = row;
            }
        }
        named(&stars, observer)
    }
}

/// Clusters by their smallest rows, from any other member that names them.
fn named(stars: &[u32], observer: &dyn Observer) -> Result<Vec<u32>> {
    let mut names = memory::filled(&FREE, stars.len(), WHAT, observer)?;
    let mut labels = memory::with_capacity(stars.len(), WHAT)?;
    let mut pace = Pace::default();
    for (row, &star) in (0..).zip(stars) {
        pace.step(2, observer)?;
        let name = &mut names[star as usize];
        *name = (*name).min(row);
        labels.push(*name);
    }
    Ok(labels)
}
