//! Documents become units: what a labeling moves from one side to the other.
//!
//! A unit is a document or, with clusters, the members of one cluster on one side. A cluster with
//! members on both sides is a shared unit: its two parts stay where they are in every labeling and
//! enter as constants. No p-value is computed here, and no labeling is chosen.

use std::ops::Range;

use super::sampling::{Draw, combinations};
use crate::corpus::counts::Counts;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "the units of a comparison";

/// Which side of the comparison a document stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The documents in question.
    Target,
    /// The documents they are compared with.
    Reference,
    /// Not part of the comparison.
    Neither,
}

/// What a unit of several documents contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// The mean counts and the mean length of its members: each distinct text counts once.
    Once,
    /// The sums over its members: each published text counts.
    All,
}

/// One unit: its documents on one side.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Where its documents stand in [`Units::documents`].
    pub members: Range<usize>,
    /// The first of them.
    pub first: u32,
    /// Whether they are in the target.
    pub target: bool,
    /// Its smallest stratum.
    pub stratum: i64,
    /// Tokens under the estimand.
    pub length: f64,
}

/// Sums over some units for one term: `Σ x`, `Σ x²`, `Σ x n`.
pub type Sums = [f64; 3];

/// Sums of lengths over the shared parts of one side.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fixed {
    /// Number of parts.
    pub units: usize,
    /// `Σ n`.
    pub length: f64,
    /// `Σ n²`.
    pub square: f64,
}

/// The units of a comparison, with the counts of every term in them.
#[derive(Debug)]
pub struct Units {
    /// The documents of all units; those of one stand together, rising.
    pub documents: Vec<u32>,
    /// One-sided units by stratum and first document, then the parts of the shared ones.
    pub units: Vec<Unit>,
    /// How many of `units` are one-sided; only these are permuted.
    pub movable: usize,
    /// Clusters with members on both sides.
    pub shared: usize,
    /// The strata of the one-sided units, and what a labeling picks in each.
    pub draws: Vec<Draw>,
    /// Whether a marked bit of a labeling means target.
    pub marked_target: bool,
    /// Shared parts in the target and in the reference.
    pub fixed: [Fixed; 2],
    /// Terms that occur in some unit, rising.
    pub terms: Vec<u32>,
    /// For each of `terms`, where its postings start; one more than there are terms.
    pub starts: Vec<usize>,
    /// Units with the term, rising.
    pub posting_units: Vec<u32>,
    /// Occurrences of the term in that unit, under the estimand.
    pub posting_counts: Vec<f64>,
}

impl Units {
    /// Groups the documents into units and gathers the counts of each.
    ///
    /// A unit without tokens is left out: it has no rate. The slices have one entry per document.
    pub fn build(
        counts: &Counts,
        side: &[Side],
        clusters: Option<&[u32]>,
        strata: Option<&[i64]>,
        copies: Copies,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let (documents, mut one_sided, shared) = group(counts, side, clusters, strata, copies, observer)?;
        // By first document inside a stratum: swapping the sides keeps the order.
        order_units(&mut one_sided, observer)?;
        let (draws, marked_target) = draws(&one_sided, observer)?;
        let mut fixed = [Fixed::default(); 2];
        for unit in &shared {
            let side = &mut fixed[usize::from(!unit.target)];
            side.units += 1;
            side.length += unit.length;
            side.square += unit.length * unit.length;
        }
        let mut built = Self {
            documents,
            movable: one_sided.len(),
            shared: shared.len() / 2,
            units: one_sided,
            draws,
            marked_target,
            fixed,
            terms: Vec::new(),
            starts: Vec::new(),
            posting_units: Vec::new(),
            posting_counts: Vec::new(),
        };
        memory::reserve(&mut built.units, shared.len(), WHAT)?;
        built.units.extend(shared);
        for (target, name) in [(true, "target"), (false, "reference")] {
            if built.on_side(target) == 0 {
                return Err(Error::parameter(
                    name,
                    &"empty",
                    "both sides need at least one document with tokens",
                    "select other documents",
                ));
            }
        }
        built.post(counts, copies, observer)?;
        Ok(built)
    }

    /// The documents of a unit, rising.
    pub fn documents_of(&self, unit: &Unit) -> impl Iterator<Item = usize> {
        self.documents[unit.members.clone()]
            .iter()
            .map(|&document| document as usize)
    }

    /// Number of units on a side, the shared ones included.
    #[must_use]
    pub fn on_side(&self, target: bool) -> usize {
        self.units.iter().filter(|unit| unit.target == target).count()
    }

    /// Number of labelings: the product over the strata of `C(n, n1)`.
    #[must_use]
    pub fn labelings(&self) -> f64 {
        self.draws
            .iter()
            .map(|draw| combinations(draw.units as usize, draw.picks as usize))
            .product()
    }

    /// The smallest p that the design can give: 2 ÷ labelings when every labeling has a mirror
    /// image with the same `|T|`, else 1 ÷ labelings.
    ///
    /// A mirror image needs balanced strata, and no shared units: their parts stay where they are.
    #[must_use]
    pub fn floor(&self) -> f64 {
        let balanced = self.draws.iter().all(|draw| 2 * draw.picks == draw.units);
        let mirrored = if balanced && self.shared == 0 { 2.0 } else { 1.0 };
        (mirrored / self.labelings()).min(1.0)
    }

    /// The smallest p that the term can reach, from the number of one-sided units with it alone:
    /// the share of labelings that put all of them on the side where that is rarest, a product of
    /// `C(n - k, n1 - k) / C(n, n1)` over the strata. Where both sides are as rare, both labelings
    /// are as extreme and the shares add up. (Adding them always would bar every term that a small
    /// side alone uses: with three articles of 10 against 30 the target's share is .012, the
    /// reference's .41.) Where a side cannot hold all of them, one labeling can still be the most
    /// extreme. Looks at the units and never at their sides.
    #[must_use]
    pub fn floor_of_term(&self, row: usize) -> f64 {
        let postings = &self.posting_units[self.starts[row]..self.starts[row + 1]];
        let movable = &postings[..postings.partition_point(|&unit| (unit as usize) < self.movable)];
        if movable.is_empty() {
            return 1.0;
        }
        // One side is the picked one in some strata and the other one elsewhere.
        let (mut marked, mut unmarked) = (1.0, 1.0);
        for draw in &self.draws {
            let first = movable.partition_point(|&unit| unit < draw.start);
            let last = movable.partition_point(|&unit| unit < draw.start + draw.units);
            let with_term = u32::try_from(last - first).unwrap_or(u32::MAX);
            let picked = rarest_share(draw.units, draw.picks, with_term);
            let left = rarest_share(draw.units, draw.units - draw.picks, with_term);
            marked *= if draw.marks { picked } else { left };
            unmarked *= if draw.marks { left } else { picked };
        }
        let both: f64 = marked + unmarked;
        let balanced = (marked - unmarked).abs() <= 1e-12 * both;
        f64::min(
            if balanced {
                both
            } else {
                f64::min(marked, unmarked)
            },
            1.0,
        )
    }

    /// Sums for one term over the shared parts of target and reference.
    #[must_use]
    pub fn fixed_sums(&self, row: usize) -> [Sums; 2] {
        let mut sums = [[0.0; 3]; 2];
        for (unit, x) in self.postings(row).filter(|(unit, _)| *unit >= self.movable) {
            let side = usize::from(!self.units[unit].target);
            for (sum, part) in sums[side].iter_mut().zip([x, x * x, x * self.units[unit].length]) {
                *sum += part;
            }
        }
        sums
    }

    /// The units with a term, and its occurrences there.
    #[must_use]
    pub fn postings(&self, row: usize) -> impl ExactSizeIterator<Item = (usize, f64)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        self.posting_units[range.clone()]
            .iter()
            .map(|&unit| unit as usize)
            .zip(self.posting_counts[range].iter().copied())
    }

    /// Turns the rows of the documents into postings of the terms.
    fn post(&mut self, counts: &Counts, copies: Copies, observer: &dyn Observer) -> Result<()> {
        let mut sums = memory::zeroed::<u64>(counts.terms.len(), WHAT)?;
        let mut units_with = memory::zeroed::<usize>(counts.terms.len(), WHAT)?;
        let mut lengths = memory::with_capacity(self.units.len(), WHAT)?;
        let (mut touched, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut steps = Pace::default();
        for unit in &self.units {
            for document in self.documents_of(unit) {
                steps.step(4, observer)?;
                for (term, occurrences) in counts.row(document) {
                    steps.step(2, observer)?;
                    if sums[term as usize] == 0 {
                        memory::push(&mut touched, term, WHAT)?;
                    }
                    sums[term as usize] += u64::from(occurrences);
                }
            }
            let members = divisor(unit.members.len(), copies);
            lengths.push(touched.len());
            memory::reserve(&mut columns, touched.len(), WHAT)?;
            memory::reserve(&mut values, touched.len(), WHAT)?;
            for term in touched.drain(..) {
                steps.step(2, observer)?;
                units_with[term as usize] += 1;
                columns.push(term);
                values.push(std::mem::take(&mut sums[term as usize]) as f64 / members);
            }
        }
        drop(sums);
        // Where the next posting of each term goes.
        let mut next = memory::zeroed::<usize>(counts.terms.len(), WHAT)?;
        memory::push(&mut self.starts, 0, WHAT)?;
        let mut end = 0;
        for (term, &units) in (0u32..).zip(&units_with) {
            steps.step(1, observer)?;
            next[term as usize] = end;
            if units > 0 {
                end += units;
                memory::push(&mut self.terms, term, WHAT)?;
                memory::push(&mut self.starts, end, WHAT)?;
            }
        }
        self.posting_units = memory::zeroed(end, WHAT)?;
        self.posting_counts = memory::zeroed(end, WHAT)?;
        let mut filled = 0;
        for (unit, length) in (0u32..).zip(lengths) {
            for position in filled..filled + length {
                steps.step(4, observer)?;
                let place = &mut next[columns[position] as usize];
                self.posting_units[*place] = unit;
                self.posting_counts[*place] = values[position];
                *place += 1;
            }
            filled += length;
        }
        Ok(())
    }
}

/// By what the sums of a unit are divided.
fn divisor(members: usize, copies: Copies) -> f64 {
    match copies {
        Copies::Once => members as f64,
        Copies::All => 1.0,
    }
}

/// Puts one-sided units in the order of (stratum, first document).
fn order_units(units: &mut [Unit], observer: &dyn Observer) -> Result<()> {
    let mut order = memory::collect(
        units
            .iter()
            .enumerate()
            .map(|(place, unit)| (unit.stratum, unit.first, place)),
        WHAT,
        observer,
    )?;
    sorting::sort_by_key(&mut order, observer, |&key| key)?;
    // Where each unit comes from becomes where it goes; then every swap puts one into its place.
    let mut goes = memory::zeroed::<usize>(units.len(), WHAT)?;
    let mut pace = Pace::default();
    for (place, &(_, _, from)) in order.iter().enumerate() {
        pace.step(2, observer)?;
        goes[from] = place;
    }
    for place in 0..units.len() {
        while goes[place] != place {
            pace.step(4, observer)?;
            let there = goes[place];
            units.swap(place, there);
            goes.swap(place, there);
        }
    }
    Ok(())
}

/// The documents of all units, the one-sided units, and the parts of the shared ones.
fn group(
    counts: &Counts,
    side: &[Side],
    clusters: Option<&[u32]>,
    strata: Option<&[i64]>,
    copies: Copies,
    observer: &dyn Observer,
) -> Result<(Vec<u32>, Vec<Unit>, Vec<Unit>)> {
    let mut documents = memory::with_capacity(side.len(), WHAT)?;
    let mut pace = Pace::default();
    for (row, &side) in side.iter().enumerate() {
        pace.step(1, observer)?;
        if side != Side::Neither {
            documents.push(whole(row)?);
        }
    }
    let part = |row: u32| side[row as usize] == Side::Reference;
    if let Some(labels) = clusters {
        sorting::sort_by_key(&mut documents, observer, |&row: &u32| {
            (labels[row as usize], part(row), row)
        })?;
    }
    let label = |row: u32| clusters.map(|labels| labels[row as usize]);
    let (mut one_sided, mut shared) = (Vec::new(), Vec::new());
    let mut start = 0;
    while start < documents.len() {
        let mut parts: [Option<Unit>; 2] = [None, None];
        let of_cluster = label(documents[start]);
        // Without clusters every document is a unit.
        let (mut end, mut first) = (start, true);
        while end < documents.len()
            && (first || (of_cluster.is_some() && label(documents[end]) == of_cluster))
        {
            first = false;
            let from = end;
            let reference = part(documents[from]);
            let (mut tokens, mut stratum) = (0u64, i64::MAX);
            while end < documents.len()
                && (end == from || of_cluster.is_some())
                && label(documents[end]) == of_cluster
                && part(documents[end]) == reference
            {
                pace.step(8, observer)?;
                let row = documents[end] as usize;
                tokens += counts.totals[row];
                stratum = stratum.min(strata.map_or(0, |strata| strata[row]));
                end += 1;
            }
            parts[usize::from(reference)] = (tokens > 0).then(|| Unit {
                length: tokens as f64 / divisor(end - from, copies),
                first: documents[from],
                members: from..end,
                target: !reference,
                stratum,
            });
        }
        start = end;
        let into = if parts.iter().all(Option::is_some) {
            &mut shared
        } else {
            &mut one_sided
        };
        for unit in parts.into_iter().flatten() {
            memory::push(into, unit, WHAT)?;
        }
    }
    Ok((documents, one_sided, shared))
}

fn whole(count: usize) -> Result<u32> {
    u32::try_from(count).map_err(|_| {
        Error::Limit(Cause::sentence(
            "A comparison holds at most 4,294,967,295 documents; compare fewer at once.",
        ))
    })
}

/// What a labeling picks in each stratum, and whether marked means target.
///
/// The smaller side is picked, and the side that is smaller over all strata is marked: fewest
/// steps. A tie goes to the side of the first unit, so that swapping target and reference gives
/// the same labelings with the sides swapped.
fn draws(units: &[Unit], observer: &dyn Observer) -> Result<(Vec<Draw>, bool)> {
    let smaller_is_target = |units: &[Unit]| {
        let target = units.iter().filter(|unit| unit.target).count();
        match (2 * target).cmp(&units.len()) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => units.first().is_none_or(|unit| unit.target),
        }
    };
    let marked_target = smaller_is_target(units);
    let (mut draws, mut start) = (Vec::new(), 0);
    let mut pace = Pace::default();
    for stratum in units.chunk_by(|left, right| left.stratum == right.stratum) {
        pace.step(stratum.len() + 8, observer)?;
        let picked_target = smaller_is_target(stratum);
        let draw = Draw {
            start: whole(start)?,
            units: whole(stratum.len())?,
            picks: whole(stratum.iter().filter(|unit| unit.target == picked_target).count())?,
            marks: picked_target == marked_target,
        };
        memory::push(&mut draws, draw, WHAT)?;
        start += stratum.len();
    }
    Ok((draws, marked_target))
}

/// Share of the ways to choose a side of `side` among `units` that put all of `with_term` on it;
/// where they do not fit, the share of one single way.
fn rarest_share(units: u32, side: u32, with_term: u32) -> f64 {
    let fits = with_term <= side;
    (0..if fits { with_term } else { side })
        .map(|step| {
            let ways = if fits { side - step } else { step + 1 };
            f64::from(ways) / f64::from(units - step)
        })
        .product()
}
