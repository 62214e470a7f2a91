//! Counts of groups: the rows of each group added up.

use std::sync::Arc;

use super::counts::{Counts, WHAT};
use super::pace::Pace;
use super::sorting;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

impl Counts {
    /// Adds up the rows of each group; `groups[d]` is the group of document `d`, below `count`.
    pub fn grouped(&self, groups: &[usize], count: usize, observer: &dyn Observer) -> Result<Self> {
        let (ends, members) = self.members(groups, count, observer)?;
        let mut result = Self {
            terms: Arc::clone(&self.terms),
            indptr: memory::with_capacity(count + 1, WHAT)?,
            indices: Vec::new(),
            data: Vec::new(),
            totals: memory::with_capacity(count, WHAT)?,
        };
        result.indptr.push(0);
        observer.expect(count);
        let mut sums = memory::zeroed::<u32>(self.terms.len(), WHAT)?;
        let (mut touched, mut pace, mut start) = (Vec::new(), Pace::default(), 0);
        for end in ends {
            let mut total = 0u64;
            for &document in &members[start..end] {
                pace.step(4, observer)?;
                total += self.totals[document];
                for (term, occurrences) in self.row(document) {
                    pace.step(1, observer)?;
                    let sum = &mut sums[term as usize];
                    if *sum == 0 {
                        memory::push(&mut touched, term, WHAT)?;
                    }
                    *sum = sum.checked_add(occurrences).ok_or_else(|| self.too_often(term))?;
                }
            }
            start = end;
            result.take(&mut sums, &mut touched, observer)?;
            result.totals.push(total);
            observer.advance(1);
        }
        Ok(result)
    }

    /// The documents of each group behind each other, and where each group ends.
    fn members(
        &self,
        groups: &[usize],
        count: usize,
        observer: &dyn Observer,
    ) -> Result<(Vec<usize>, Vec<usize>)> {
        let wrong = groups.iter().find(|&&group| group >= count);
        if wrong.is_some() || groups.len() != self.documents() {
            return Err(Error::Input(Cause::sentence(format!(
                "There are {} groups of {} documents, of which none may be {count} or more; pass one group a \
                 document.",
                groups.len(),
                self.documents()
            ))));
        }
        let mut ends = memory::zeroed::<usize>(count, WHAT)?;
        let mut pace = Pace::default();
        for &group in groups {
            pace.step(1, observer)?;
            ends[group] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            pace.step(1, observer)?;
            total += std::mem::replace(end, total);
        }
        let mut members = memory::zeroed::<usize>(groups.len(), WHAT)?;
        for (document, &group) in groups.iter().enumerate() {
            pace.step(1, observer)?;
            members[ends[group]] = document;
            ends[group] += 1;
        }
        Ok((ends, members))
    }

    fn too_often(&self, term: u32) -> Error {
        let shown: String = self.terms.term(term).chars().take(40).collect();
        Error::Limit(Cause::sentence(format!(
            "The term {shown:?} occurs more than {} times in one group, more than 32 bits can count; form smaller \
             groups.",
            u32::MAX
        )))
    }

    /// Moves the touched sums into a new row and clears them.
    fn take(&mut self, sums: &mut [u32], touched: &mut Vec<u32>, observer: &dyn Observer) -> Result<()> {
        sorting::sort_by_key(touched, observer, |&term| term)?;
        memory::reserve(&mut self.indices, touched.len(), WHAT)?;
        memory::reserve(&mut self.data, touched.len(), WHAT)?;
        let mut pace = Pace::default();
        for term in touched.drain(..) {
            pace.step(1, observer)?;
            self.indices.push(term);
            self.data.push(std::mem::take(&mut sums[term as usize]));
        }
        self.indptr.push(self.indices.len());
        Ok(())
    }
}
