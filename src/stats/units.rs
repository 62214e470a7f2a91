//! Documents become units: what a labeling moves from one side to the other.
//!
//! A unit is a document or, with clusters, the members of one cluster on one side. A cluster with
//! members on both sides is a shared unit: its two parts stay where they are in every labeling and
//! enter as constants. No p-value is computed here, and no labeling is chosen.

use super::sampling::{Draw, combinations};
use crate::corpus::counts::Counts;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;

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
    /// Its documents, rising.
    pub documents: Vec<usize>,
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
#[derive(Debug, Clone)]
pub struct Units {
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
        let (mut one_sided, shared) = group(counts, side, clusters, strata, copies);
        // By first document inside a stratum: swapping the sides keeps the order.
        one_sided.sort_by_key(|unit| (unit.stratum, unit.documents[0]));
        let (draws, marked_target) = draws(&one_sided)?;
        let mut fixed = [Fixed::default(); 2];
        for unit in &shared {
            let side = &mut fixed[usize::from(!unit.target)];
            side.units += 1;
            side.length += unit.length;
            side.square += unit.length * unit.length;
        }
        let mut built = Self {
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
    pub fn postings(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        self.posting_units[range.clone()]
            .iter()
            .map(|&unit| unit as usize)
            .zip(self.posting_counts[range].iter().copied())
    }

    /// Turns the rows of the documents into postings of the terms.
    fn post(&mut self, counts: &Counts, copies: Copies, observer: &dyn Observer) -> Result<()> {
        let mut sums = vec![0u64; counts.terms.len()];
        let mut units_with = vec![0usize; counts.terms.len()];
        let (mut touched, mut lengths) = (Vec::new(), Vec::with_capacity(self.units.len()));
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (index, unit) in self.units.iter().enumerate() {
            if index % 256 == 0 {
                observer.check()?;
            }
            for &document in &unit.documents {
                for (term, occurrences) in counts.row(document) {
                    if sums[term as usize] == 0 {
                        touched.push(term);
                    }
                    sums[term as usize] += u64::from(occurrences);
                }
            }
            let members = divisor(unit.documents.len(), copies);
            lengths.push(touched.len());
            for term in touched.drain(..) {
                units_with[term as usize] += 1;
                columns.push(term);
                values.push(std::mem::take(&mut sums[term as usize]) as f64 / members);
            }
        }
        // Where the next posting of each term goes.
        let mut next = vec![0usize; counts.terms.len()];
        self.starts.push(0);
        let mut end = 0;
        for (term, &units) in (0u32..).zip(&units_with) {
            next[term as usize] = end;
            if units > 0 {
                end += units;
                self.terms.push(term);
                self.starts.push(end);
            }
        }
        self.posting_units = vec![0; end];
        self.posting_counts = vec![0.0; end];
        let mut filled = 0;
        for (unit, length) in (0u32..).zip(lengths) {
            for position in filled..filled + length {
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

/// One-sided units, and the parts of the shared ones.
fn group(
    counts: &Counts,
    side: &[Side],
    clusters: Option<&[u32]>,
    strata: Option<&[i64]>,
    copies: Copies,
) -> (Vec<Unit>, Vec<Unit>) {
    let mut documents: Vec<usize> = (0..side.len())
        .filter(|&row| side[row] != Side::Neither)
        .collect();
    if let Some(clusters) = clusters {
        documents.sort_by_key(|&row| (clusters[row], row));
    }
    let together = |left: &usize, right: &usize| clusters.is_some_and(|label| label[*left] == label[*right]);
    let (mut one_sided, mut shared) = (Vec::new(), Vec::new());
    for cluster in documents.chunk_by(together) {
        let mut parts: Vec<Unit> = [Side::Target, Side::Reference]
            .into_iter()
            .filter_map(|which| {
                let members: Vec<usize> = cluster
                    .iter()
                    .copied()
                    .filter(|&row| side[row] == which)
                    .collect();
                let tokens: u64 = members.iter().map(|&row| counts.totals[row]).sum();
                let stratum = members
                    .iter()
                    .map(|&row| strata.map_or(0, |strata| strata[row]))
                    .min()?;
                (tokens > 0).then(|| Unit {
                    length: tokens as f64 / divisor(members.len(), copies),
                    documents: members,
                    target: which == Side::Target,
                    stratum,
                })
            })
            .collect();
        if parts.len() == 2 {
            shared.append(&mut parts);
        } else {
            one_sided.append(&mut parts);
        }
    }
    (one_sided, shared)
}

/// What a labeling picks in each stratum, and whether marked means target.
///
/// The smaller side is picked, and the side that is smaller over all strata is marked: fewest
/// steps. A tie goes to the side of the first unit, so that swapping target and reference gives
/// the same labelings with the sides swapped.
fn draws(units: &[Unit]) -> Result<(Vec<Draw>, bool)> {
    let smaller_is_target = |units: &[Unit]| {
        let target = units.iter().filter(|unit| unit.target).count();
        match (2 * target).cmp(&units.len()) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => units.first().is_none_or(|unit| unit.target),
        }
    };
    let whole = |count: usize| {
        u32::try_from(count).map_err(|_| {
            Error::Limit(Cause::sentence(
                "A comparison holds at most 4,294,967,295 documents; compare fewer at once.",
            ))
        })
    };
    let marked_target = smaller_is_target(units);
    let (mut draws, mut start) = (Vec::new(), 0);
    for stratum in units.chunk_by(|left, right| left.stratum == right.stratum) {
        let picked_target = smaller_is_target(stratum);
        draws.push(Draw {
            start: whole(start)?,
            units: whole(stratum.len())?,
            picks: whole(stratum.iter().filter(|unit| unit.target == picked_target).count())?,
            marks: picked_target == marked_target,
        });
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
