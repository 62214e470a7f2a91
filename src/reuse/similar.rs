//! The similarity of any two documents, whether or not they are a pair.
//!
//! Counted from the documents themselves, on real terms. Nothing is searched here.

use super::near::NearDuplicates;
use super::noisy;
use super::rule::similarity;
use super::shingles::Source;
use super::verify::{self, Side};
use crate::corpus::pace::Pace;
use crate::corpus::views::{Runs, View};
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

const WHAT: &str = "similarities of documents";

impl NearDuplicates {
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
        if self.options.noisy {
            return noisy::similarities(view, pairs, observer);
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
                        similarity(shared, left.keys.len(), right.keys.len())
                    }
                    _ => 0.0,
                });
            }
            Ok(found)
        })?;
        memory::concat(found, WHAT, observer)
    }
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
