//! What recurs in the documents of one source, and in how many: copies of one text count once.

use std::ops::Range;

use super::stretches::{Stretch, WHAT, same};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::{Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::text::arena::Arena;

/// Share of a document's words in recurring sentences from which it is a version of another text,
/// and says nothing about furniture.
const VERSION: f64 = 0.3;

/// Which documents can tell what recurs.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The source of each document; negative where it is not known.
    pub of: &'a [i64],
    /// The cluster of each document: copies have one.
    pub clusters: &'a [i64],
    /// In how many documents of a source a stretch stands that recurs.
    pub least: usize,
}

impl<'a> Sources<'a> {
    /// Sources and clusters of so many documents.
    pub fn new(of: &'a [i64], clusters: &'a [i64], least: usize, documents: usize) -> Result<Self> {
        for (name, numbers) in [("by", of), ("clusters", clusters)] {
            if numbers.len() != documents {
                let rule = format!("there are {documents} documents");
                let value = format!("{} values", numbers.len());
                return Err(Error::parameter(name, &value, &rule, "give one per document"));
            }
        }
        Ok(Self { of, clusters, least })
    }
}

/// In how many documents of its source each stretch stands, 0 where it does not recur.
#[derive(Debug)]
pub(super) struct Recurring {
    pub(super) times: Vec<u32>,
    /// Distinct texts of each source.
    texts: Vec<u32>,
    /// For each stretch in how many documents it stands before the one that follows it here.
    pub(super) together: Vec<u32>,
}

impl Recurring {
    /// Counts all stretches; `rows` are those of each document.
    pub(super) fn of(
        arena: &Arena,
        stretches: &[Stretch],
        rows: &[Range<usize>],
        sources: Sources<'_>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut found = Self {
            times: memory::zeroed(stretches.len(), WHAT)?,
            texts: texts(sources, observer)?,
            together: memory::zeroed(stretches.len(), WHAT)?,
        };
        let known = |row: u32| sources.of[row as usize] >= 0;
        let places = stretches.iter().filter(|stretch| known(stretch.row)).count();
        let mut order: Vec<Key> = memory::with_capacity(places, WHAT)?;
        let mut pace = Pace::default();
        for (place, stretch) in stretches.iter().enumerate() {
            pace.step(1, observer)?;
            if known(stretch.row) {
                order.push(Key::new(sources.of, stretch.row, stretch.hash, place));
            }
        }
        sorting::sort_by_key(&mut order, observer, |&key| key)?;
        let equal =
            |left: usize, right: usize| same(stretches[left].text(arena), stretches[right].text(arena));
        let mut every = memory::filled(&true, rows.len(), WHAT, observer)?;
        let vote = |every: &[bool], times: &mut [u32]| {
            times.fill(0);
            count(&order, stretches, sources, every, &equal, times, observer)
        };
        vote(&every, &mut found.times)?;
        if found.leave_versions_out(stretches, rows, &mut every, observer)? {
            vote(&every, &mut found.times)?;
        }
        found.count_pairs(order, stretches, sources, &every, observer)?;
        Ok(found)
    }

    /// Takes the vote from documents that share many sentences with others; whether there are any.
    fn leave_versions_out(
        &self,
        stretches: &[Stretch],
        rows: &[Range<usize>],
        votes: &mut [bool],
        observer: &dyn Observer,
    ) -> Result<bool> {
        let (mut any, mut pace) = (false, Pace::default());
        for (vote, places) in votes.iter_mut().zip(rows) {
            let (mut all, mut recurring) = (0u64, 0u64);
            for place in places.clone() {
                pace.step(1, observer)?;
                let stretch = stretches[place];
                all += u64::from(stretch.words);
                let recurs = self.times[place] > 0 && stretch.prose;
                recurring += if recurs { u64::from(stretch.words) } else { 0 };
            }
            if recurring as f64 > VERSION * all as f64 {
                *vote = false;
                any = true;
            }
        }
        Ok(any)
    }

    /// Counts neighbors that stand together.
    fn count_pairs(
        &mut self,
        mut order: Vec<Key>,
        stretches: &[Stretch],
        sources: Sources<'_>,
        votes: &[bool],
        observer: &dyn Observer,
    ) -> Result<()> {
        order.clear();
        let mut pace = Pace::default();
        for (place, pair) in stretches.windows(2).enumerate() {
            pace.step(1, observer)?;
            let both = self.times[place] > 0 && self.times[place + 1] > 0;
            if both && pair[0].row == pair[1].row {
                let hash = pair[0].hash.rotate_left(23) ^ pair[1].hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                order.push(Key::new(sources.of, pair[0].row, hash, place));
            }
        }
        sorting::sort_by_key(&mut order, observer, |&key| key)?;
        // The stretches themselves were compared; their neighborhood is not worth it.
        count(
            &order,
            stretches,
            sources,
            votes,
            &|_, _| true,
            &mut self.together,
            observer,
        )
    }

    /// The share of a source's texts in which a stretch stands.
    pub(super) fn share(&self, place: usize, source: i64) -> f64 {
        let texts = usize::try_from(source)
            .ok()
            .and_then(|source| self.texts.get(source));
        texts.map_or(0.0, |&texts| {
            f64::from(self.times[place]) / f64::from(texts.max(1))
        })
    }
}

/// A stretch in the order in which equal ones of one source are neighbors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    source: u32,
    hash: u64,
    place: usize,
}

impl Key {
    fn new(sources: &[i64], row: u32, hash: u64, place: usize) -> Self {
        Self {
            source: u32::try_from(sources[row as usize]).unwrap_or(u32::MAX),
            hash,
            place,
        }
    }
}

/// Distinct clusters of each source.
fn texts(sources: Sources<'_>, observer: &dyn Observer) -> Result<Vec<u32>> {
    let pairs = sources.of.iter().copied().zip(sources.clusters.iter().copied());
    let mut pairs = memory::collect(pairs, WHAT, observer)?;
    sorting::sort_by_key(&mut pairs, observer, |&pair| pair)?;
    pairs.dedup();
    let most = pairs.last().and_then(|&(source, _)| usize::try_from(source).ok());
    let mut texts = memory::zeroed::<u32>(most.map_or(0, |most| most + 1), WHAT)?;
    let mut pace = Pace::default();
    for (source, _) in pairs {
        pace.step(1, observer)?;
        if let Ok(source) = usize::try_from(source) {
            texts[source] += 1;
        }
    }
    Ok(texts)
}

/// Writes for each place in how many clusters what stands there stands, if these are enough.
fn count(
    order: &[Key],
    stretches: &[Stretch],
    sources: Sources<'_>,
    votes: &[bool],
    equal: &impl Fn(usize, usize) -> bool,
    times: &mut [u32],
    observer: &dyn Observer,
) -> Result<()> {
    let (mut clusters, mut pace) = (Vec::new(), Pace::default());
    for group in order.chunk_by(|left, right| (left.source, left.hash) == (right.source, right.hash)) {
        pace.step(1 + 4 * group.len(), observer)?;
        if group.len() < sources.least {
            continue;
        }
        clusters.clear();
        memory::reserve(&mut clusters, group.len(), WHAT)?;
        for key in group {
            let row = stretches[key.place].row as usize;
            if votes[row] && equal(group[0].place, key.place) {
                clusters.push(sources.clusters[row]);
            }
        }
        sorting::sort_by_key(&mut clusters, observer, |&cluster| cluster)?;
        clusters.dedup();
        if clusters.len() < sources.least {
            continue;
        }
        for key in group {
            if equal(group[0].place, key.place) {
                times[key.place] = u32::try_from(clusters.len()).unwrap_or(u32::MAX);
            }
        }
    }
    Ok(())
}
