//! Keyness: which terms the target uses more, or less, than the reference.
//!
//! Puts the rooms beside it together: units, effect sizes, the permutation test and what holds over
//! all terms. Rows come in the order of the term ids; sorting and wording are the caller's.

use super::adjust::benjamini_hochberg;
use super::contingency::Contingency;
use super::permutation;
use super::sampling::Labelings;
pub use super::units::{Copies, Side};
use super::units::{Unit, Units};
use crate::corpus::counts::Counts;
use crate::corpus::pace::Pace;
use crate::error::{Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "keyness";

/// Up to this many labelings all of them are listed.
pub const EXACT_LABELINGS: f64 = 200_000.0;

/// How the test is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Random labelings when they are too many to list: 1 to the limit of that name.
    pub permutations: usize,
    /// Whether to test at all; without, every p is NaN.
    pub test: bool,
    /// What a unit of several documents contributes.
    pub copies: Copies,
    /// Seed of the random labelings.
    pub seed: u64,
    /// Terms that cannot reach this p stay out of the families; in (0, 1).
    pub alpha: f64,
}

/// A comparison of target and reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyness {
    /// Every term that occurs in a unit, in the order of the term ids.
    pub rows: Vec<Row>,
    /// Units of the target, shared ones included.
    pub units_target: usize,
    /// Units of the reference, shared ones included.
    pub units_reference: usize,
    /// Clusters with members on both sides, which stay there in every labeling.
    pub shared_units: usize,
    /// Number of labelings: product over the strata of `C(n, n1)`, of one-sided units; may be
    /// infinite.
    pub labelings: f64,
    /// Whether all labelings were listed.
    pub exact: bool,
    /// Labelings done.
    pub permutations: usize,
    /// The smallest p that the design can give: 2 ÷ labelings when every stratum is balanced and
    /// no unit is shared, else 1 ÷ labelings; at least 1 ÷ (permutations + 1) for random ones.
    pub p_floor: f64,
    /// What the rates are rates of.
    pub estimand: &'static str,
}

/// One term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Term id.
    pub term: u32,
    /// Occurrences in the target under the estimand.
    pub target: f64,
    /// Occurrences in the reference under the estimand.
    pub reference: f64,
    /// Occurrences per word of the target.
    pub target_rate: f64,
    /// Occurrences per word of the reference.
    pub reference_rate: f64,
    /// Documents of the target with the term, copies included.
    pub target_docs: u32,
    /// Documents of the reference with the term, copies included.
    pub reference_docs: u32,
    /// [`Contingency::g2`].
    pub g2: f64,
    /// [`Contingency::log_ratio`].
    pub log_ratio: f64,
    /// Two-sided p: share of labelings with `|T| >= |T_obs|`, or `(1 + x) / (1 + B)` of `B` random
    /// ones (Davison and Hinkley 1997, Bootstrap Methods, §4.3).
    pub p: f64,
    /// [`benjamini_hochberg`] over the terms that can reach alpha; NaN for the others.
    pub p_adjusted: f64,
    /// Single-step max-T over the same terms (Westfall and Young 1993); NaN for the others.
    pub p_max_t: f64,
    /// [`Units::floor_of_term`], never below the floor of the design.
    pub p_floor: f64,
    /// On the side with the higher rate (the target when equal): the largest share that one
    /// document has in the term's occurrences, copies included.
    pub top_share: f64,
    /// Whether the difference rests on more than one text: on the side with the higher rate, the
    /// unit that holds the document with most occurrences (the first such) is left out, with its
    /// tokens. `log_ratio` must keep its sign and at least half its size, and the term must still
    /// occur on that side. The unit and not the document alone, because its copies carry the same
    /// text. False where `log_ratio` is 0.
    pub survives_dropping_one: bool,
}

/// Compares target and reference term by term.
///
/// `side`, `clusters` and `strata` have one entry per document; documents with equal cluster labels
/// are copies; a unit's stratum is the smallest of its documents' strata.
pub fn keyness(
    counts: &Counts,
    side: &[Side],
    clusters: Option<&[u32]>,
    strata: Option<&[i64]>,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Keyness> {
    keyness_with_limit(counts, side, clusters, strata, options, EXACT_LABELINGS, observer)
}

/// [`keyness`] with another limit on listing all labelings, so that tests can compare both ways.
#[doc(hidden)]
pub fn keyness_with_limit(
    counts: &Counts,
    side: &[Side],
    clusters: Option<&[u32]>,
    strata: Option<&[i64]>,
    options: &Options,
    exact_labelings: f64,
    observer: &dyn Observer,
) -> Result<Keyness> {
    validate(counts, side, clusters, strata, options)?;
    observer.check()?;
    memory::admit(estimate(counts), "keyness")?;
    let units = Units::build(counts, side, clusters, strata, options.copies, observer)?;
    let labelings = units.labelings();
    let distinct = clusters.is_some() && options.copies == Copies::Once;
    let mut result = Keyness {
        rows: describe(counts, &units, observer)?,
        units_target: units.on_side(true),
        units_reference: units.on_side(false),
        shared_units: units.shared,
        labelings,
        exact: false,
        permutations: 0,
        p_floor: f64::NAN,
        estimand: if distinct {
            "occurrences per word over the distinct texts of a side: copies count once"
        } else {
            "occurrences per word over all texts of a side"
        },
    };
    if options.test {
        result.exact = labelings <= exact_labelings;
        test(&units, options, &mut result, observer)?;
    }
    Ok(result)
}

/// Bytes that [`keyness`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(counts: &Counts) -> u64 {
    let (cells, terms) = (counts.indices.len() as u64, counts.terms.len() as u64);
    24 * cells + 300 * terms + 80 * counts.documents() as u64
}

fn validate(
    counts: &Counts,
    side: &[Side],
    clusters: Option<&[u32]>,
    strata: Option<&[i64]>,
    options: &Options,
) -> Result<()> {
    let lengths = [
        ("target", Some(side.len())),
        ("clusters", clusters.map(<[u32]>::len)),
        ("strata", strata.map(<[i64]>::len)),
    ];
    for (name, length) in lengths {
        if let Some(length) = length.filter(|&length| length != counts.documents()) {
            return Err(Error::parameter(
                name,
                &format_args!("{length} long"),
                &format!("there are {} documents", counts.documents()),
                "pass one value per document",
            ));
        }
    }
    let most = limits::PERMUTATIONS.most();
    if !(1..=most).contains(&options.permutations) {
        return Err(Error::parameter(
            "permutations",
            &options.permutations,
            &format!("it must be a whole number from 1 to {most}, the limit permutations"),
            &format!(
                "pass 9999 to start, or {}",
                limits::PERMUTATIONS.remedy(options.permutations as u64)
            ),
        ));
    }
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        return Err(Error::parameter(
            "alpha",
            &options.alpha,
            "it must lie between 0 and 1, both excluded",
            "pass 0.05 to start",
        ));
    }
    Ok(())
}

/// Fills in every p.
fn test(units: &Units, options: &Options, result: &mut Keyness, observer: &dyn Observer) -> Result<()> {
    let mut draws = memory::with_capacity(units.draws.len(), WHAT)?;
    draws.extend_from_slice(&units.draws);
    let labelings = if result.exact {
        Labelings::all(draws, units.movable)
    } else {
        Labelings::random(draws, units.movable, options.seed, options.permutations as u64)
    };
    let done = labelings.count();
    result.permutations = usize::try_from(done).unwrap_or(usize::MAX);
    result.p_floor = units.floor();
    if !result.exact {
        result.p_floor = result.p_floor.max(1.0 / (1 + done) as f64);
    }
    // Chosen by where the term stands, not by which side: looking at labels would spoil max-T.
    let reachable = options.alpha * (1.0 + permutation::TOLERANCE);
    let (mut family, mut pace) = (Vec::new(), Pace::default());
    for (position, row) in result.rows.iter_mut().enumerate() {
        pace.step(units.draws.len() + units.postings(position).len() + 32, observer)?;
        row.p_floor = units.floor_of_term(position).max(result.p_floor);
        if row.p_floor <= reachable {
            memory::push(&mut family, position, WHAT)?;
        }
    }
    let tally = permutation::run(units, &labelings, &family, observer)?;
    let share = |&reached: &u64| {
        if result.exact {
            reached as f64 / done as f64
        } else {
            (1 + reached) as f64 / (1 + done) as f64
        }
    };
    for (row, reached) in result.rows.iter_mut().zip(&tally.reached) {
        pace.step(1, observer)?;
        row.p = share(reached);
    }
    let of_family = family.iter().map(|&position| result.rows[position].p);
    let of_family = memory::collect(of_family, WHAT, observer)?;
    let adjusted = benjamini_hochberg(&of_family, observer)?;
    for ((position, adjusted), max_t) in family.into_iter().zip(adjusted).zip(&tally.family_reached) {
        pace.step(1, observer)?;
        result.rows[position].p_adjusted = adjusted;
        result.rows[position].p_max_t = share(max_t);
    }
    Ok(())
}

/// Occurrences of one term in the real documents of one side.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    documents: u32,
    occurrences: u64,
    most: u32,
    /// The document with most occurrences, and its unit.
    top: usize,
    top_unit: usize,
}

/// Every column but the p-values.
fn describe(counts: &Counts, units: &Units, observer: &dyn Observer) -> Result<Vec<Row>> {
    let mut spreads = memory::filled(&[Spread::default(); 2], counts.terms.len(), WHAT, observer)?;
    let mut lengths = [0.0; 2];
    let mut pace = Pace::default();
    for (index, unit) in units.units.iter().enumerate() {
        pace.step(4, observer)?;
        let side = usize::from(!unit.target);
        lengths[side] += unit.length;
        for document in units.documents_of(unit) {
            pace.step(4, observer)?;
            for (term, occurrences) in counts.row(document) {
                pace.step(2, observer)?;
                let spread = &mut spreads[term as usize][side];
                spread.documents += 1;
                spread.occurrences += u64::from(occurrences);
                let first = occurrences == spread.most && document < spread.top;
                if occurrences > spread.most || first {
                    spread.most = occurrences;
                    (spread.top, spread.top_unit) = (document, index);
                }
            }
        }
    }
    let mut rows = memory::with_capacity(units.terms.len(), WHAT)?;
    for (position, &term) in units.terms.iter().enumerate() {
        pace.step(32 + units.postings(position).len(), observer)?;
        rows.push(describe_term(
            units,
            position,
            term,
            &spreads[term as usize],
            lengths,
        ));
    }
    Ok(rows)
}

fn describe_term(units: &Units, position: usize, term: u32, spreads: &[Spread; 2], lengths: [f64; 2]) -> Row {
    let mut sums = [0.0; 2];
    for (unit, x) in units.postings(position) {
        sums[usize::from(!units.units[unit].target)] += x;
    }
    let table = Contingency {
        a: sums[0],
        b: sums[1],
        n1: lengths[0],
        n2: lengths[1],
    };
    let higher = usize::from(table.a * table.n2 < table.b * table.n1);
    let spread = spreads[higher];
    Row {
        term,
        target: table.a,
        reference: table.b,
        target_rate: table.target_rate(),
        reference_rate: table.reference_rate(),
        target_docs: spreads[0].documents,
        reference_docs: spreads[1].documents,
        g2: table.g2(),
        log_ratio: table.log_ratio(),
        p: f64::NAN,
        p_adjusted: f64::NAN,
        p_max_t: f64::NAN,
        p_floor: f64::NAN,
        top_share: f64::from(spread.most) / spread.occurrences as f64,
        survives_dropping_one: survives(units, position, spread.top_unit, higher, table),
    }
}

/// Whether the log ratio keeps its sign and half its size without one unit of the higher side.
fn survives(units: &Units, position: usize, dropped: usize, higher: usize, table: Contingency) -> bool {
    let Unit { length, .. } = &units.units[dropped];
    let x = units
        .postings(position)
        .find(|&(unit, _)| unit == dropped)
        .map_or(0.0, |(_, x)| x);
    let mut without = table;
    let (count, tokens) = if higher == 0 {
        (&mut without.a, &mut without.n1)
    } else {
        (&mut without.b, &mut without.n2)
    };
    *count -= x;
    *tokens -= length;
    // Means of copies do not subtract exactly; a real rest is at least one share of one occurrence.
    if *count <= 1e-9 * x || *tokens <= 1e-9 * length {
        return false;
    }
    let (before, after) = (table.log_ratio(), without.log_ratio());
    before * after > 0.0 && 2.0 * after.abs() >= before.abs()
}
