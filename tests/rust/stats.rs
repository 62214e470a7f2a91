//! Golden values, laws and a slow oracle for keyness.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use nutgraf::corpus::counts::Counts;
use nutgraf::corpus::vocabulary::Vocabulary;
use nutgraf::observer::{Observer, Silent};
use nutgraf::stats::adjust::benjamini_hochberg;
use nutgraf::stats::contingency::Contingency;
use nutgraf::stats::keyness::{Copies, Keyness, Options, Row, Side, keyness, keyness_with_limit};
use proptest::prelude::*;

const OPTIONS: Options = Options {
    permutations: 999,
    test: true,
    copies: Copies::Once,
    seed: 7,
    alpha: 0.05,
};

/// Documents as rows of counts per term, with their lengths.
fn counts(rows: &[Vec<u32>], totals: &[u64]) -> Counts {
    let mut terms = Vocabulary::new();
    for term in 0..rows.first().map_or(0, Vec::len) {
        terms.intern(&term.to_string()).unwrap();
    }
    let mut counts = Counts {
        terms: Arc::new(terms),
        indptr: vec![0],
        indices: Vec::new(),
        data: Vec::new(),
        totals: totals.to_vec(),
    };
    for row in rows {
        for (term, &count) in (0u32..).zip(row) {
            if count > 0 {
                counts.indices.push(term);
                counts.data.push(count);
            }
        }
        counts.indptr.push(counts.indices.len());
    }
    counts
}

fn sides(target: &[bool]) -> Vec<Side> {
    let side = |&target: &bool| if target { Side::Target } else { Side::Reference };
    target.iter().map(side).collect()
}

fn close(left: f64, right: f64, by: f64) -> bool {
    (left - right).abs() <= by
}

#[test]
fn r2_r6_r7_effect_sizes() {
    let wizard = Contingency {
        a: 52.0,
        b: 57.0,
        n1: 50_000.0,
        n2: 75_000.0,
    };
    assert!(close(wizard.g2(), 2.654_064_260_6, 1e-9));
    assert!(close(wizard.log_ratio(), 0.452_512_204_7, 1e-9));
    let toy = Contingency {
        a: 7.0,
        b: 2.0,
        n1: 10.0,
        n2: 9.0,
    };
    assert!(close(toy.g2(), 4.534_939_332_3, 1e-9));
    let letters = [
        (3.0, 2.0, 0.004_751),
        (2.0, 1.0, 0.091_242),
        (6.0, 2.0, 1.274_238),
        (1.0, 4.0, -3.779_441),
        (1.0, 1.0, -0.0649),
        (1.0, 0.0, 1.093_291),
    ];
    for (a, b, g2) in letters {
        let letter = Contingency {
            a,
            b,
            n1: 17.0,
            n2: 12.0,
        };
        assert!(close(letter.g2(), g2, 1e-6), "{letter:?} {}", letter.g2());
    }
    let zero = Contingency {
        a: 0.0,
        b: 4.0,
        n1: 100.0,
        n2: 100.0,
    };
    assert!(close(zero.log_ratio(), -3.0, 1e-12));
}

#[test]
fn r19_benjamini_hochberg() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ];
    // Monotone: the 6th to 8th share the smallest value from their rank upwards.
    let expected = [
        0.0015, 0.003, 0.0095, 0.035_625, 0.0603, 0.063_857, 0.063_857, 0.0645, 0.0765, 0.486, 0.581_182,
        0.714_875, 0.753_231, 0.813_214, 1.0,
    ];
    let adjusted = benjamini_hochberg(&p, &Silent).unwrap();
    for (found, expected) in adjusted.iter().zip(expected) {
        assert!(close(*found, expected, 1e-6), "{found} {expected}");
    }
    assert_eq!(adjusted.iter().filter(|&&p| p <= 0.05).count(), 4);
}

#[test]
fn r20_bursty_and_spread() {
    let rows: Vec<Vec<u32>> = [[9, 4], [0, 3], [1, 3], [0, 0], [1, 1], [0, 0]]
        .map(Vec::from)
        .to_vec();
    let side = sides(&[true, true, true, false, false, false]);
    let found = keyness(&counts(&rows, &[100; 6]), &side, None, None, &OPTIONS, &Silent).unwrap();
    let (bursty, spread) = (found.rows[0], found.rows[1]);
    assert!(found.exact);
    assert_eq!((found.labelings, found.permutations), (20.0, 20));
    // statistics.md prints 8.6847703650; its own formula gives 8.6847704050 (checked in Python).
    assert!(close(bursty.g2, 8.684_770_405_0, 1e-9) && close(spread.g2, bursty.g2, 1e-12));
    assert!(close(bursty.p, 0.70, 1e-12) && close(spread.p, 0.10, 1e-12));
    assert!(close(found.p_floor, 0.10, 1e-12));
    assert!(spread.p_max_t.is_nan() && spread.p_adjusted.is_nan());
    assert!(close(bursty.top_share, 0.9, 1e-12) && close(spread.top_share, 0.4, 1e-12));
    assert!(!bursty.survives_dropping_one && spread.survives_dropping_one);
    let loose = Options {
        alpha: 0.1,
        ..OPTIONS
    };
    let wide = keyness(&counts(&rows, &[100; 6]), &side, None, None, &loose, &Silent).unwrap();
    assert!(
        wide.rows
            .iter()
            .all(|row| !row.p_max_t.is_nan() || row.p_floor > 0.1)
    );
}

#[test]
fn floors_of_small_designs() {
    let floors = [
        (1, 1.0),
        (3, 0.1),
        (4, 0.028_571_4),
        (5, 0.007_936_5),
        (8, 1.554e-4),
    ];
    for (each, floor) in floors {
        let target: Vec<bool> = (0..2 * each).map(|unit| unit < each).collect();
        let rows = vec![vec![1]; 2 * each];
        let input = counts(&rows, &vec![10; 2 * each]);
        let found = keyness(&input, &sides(&target), None, None, &OPTIONS, &Silent).unwrap();
        assert!(close(found.p_floor, floor, 1e-7), "{each} {}", found.p_floor);
        assert!(close(found.rows[0].p, 1.0, 1e-12));
    }
}

#[test]
fn wrong_parameters_are_refused() {
    let input = counts(&[vec![1], vec![1]], &[5, 5]);
    let side = sides(&[true, false]);
    let with = |side: &[Side], clusters: Option<&[u32]>, strata: Option<&[i64]>, options: Options| {
        let error = keyness(&input, side, clusters, strata, &options, &Silent).unwrap_err();
        error.cause().and_then(|cause| cause.parameter).unwrap()
    };
    assert_eq!(with(&side[..1], None, None, OPTIONS), "target");
    assert_eq!(with(&side, Some(&[1]), None, OPTIONS), "clusters");
    assert_eq!(with(&side, None, Some(&[1]), OPTIONS), "strata");
    assert_eq!(
        with(
            &side,
            None,
            None,
            Options {
                permutations: 0,
                ..OPTIONS
            }
        ),
        "permutations"
    );
    assert_eq!(
        with(
            &side,
            None,
            None,
            Options {
                alpha: f64::NAN,
                ..OPTIONS
            }
        ),
        "alpha"
    );
    assert_eq!(with(&[Side::Reference; 2], None, None, OPTIONS), "target");
    assert_eq!(
        with(&[Side::Target, Side::Neither], None, None, OPTIONS),
        "reference"
    );
}

#[test]
fn a_cancelled_job_stops() {
    struct Stop;
    impl Observer for Stop {
        fn expect(&self, _amount: usize) {}
        fn advance(&self, _amount: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let input = counts(&[vec![1], vec![1]], &[5, 5]);
    assert!(keyness(&input, &sides(&[true, false]), None, None, &OPTIONS, &Stop).is_err());
}

/// The bits of a result: NaN equals itself.
fn bits(row: &Row) -> [u64; 12] {
    [
        row.target,
        row.reference,
        row.target_rate,
        row.reference_rate,
        row.g2,
        row.log_ratio,
        row.p,
        row.p_adjusted,
        row.p_max_t,
        row.p_floor,
        row.top_share,
        f64::from(row.term),
    ]
    .map(f64::to_bits)
}

/// A made-up corpus without a pattern, the same on every run.
fn corpus(documents: usize, terms: usize) -> (Counts, Vec<Side>) {
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let totals: Vec<u64> = (0..documents).map(|_| 50 + next(200)).collect();
    let rows: Vec<Vec<u32>> = (0..documents)
        .map(|_| {
            (0..terms)
                .map(|_| u32::try_from(next(6).saturating_sub(2)).unwrap())
                .collect()
        })
        .collect();
    let target: Vec<bool> = (0..documents).map(|row| row % 3 == 0).collect();
    (counts(&rows, &totals), sides(&target))
}

#[test]
fn one_and_three_threads_give_the_same_bytes() {
    let (input, side) = corpus(60, 30);
    let run = |threads| -> Keyness {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| keyness(&input, &side, None, None, &OPTIONS, &Silent).unwrap())
    };
    let (one, three) = (run(1), run(3));
    assert!(!one.exact && one.permutations == 999);
    let all = |found: &Keyness| found.rows.iter().map(bits).collect::<Vec<_>>();
    assert_eq!(all(&one), all(&three));
}

#[test]
fn random_labelings_come_close_to_all() {
    let (input, side) = corpus(18, 12); // C(18, 6) = 18,564 labelings
    let options = Options {
        permutations: 20_000,
        ..OPTIONS
    };
    let exact = keyness(&input, &side, None, None, &options, &Silent).unwrap();
    let random = keyness_with_limit(&input, &side, None, None, &options, 0.0, &Silent).unwrap();
    assert!(exact.exact && !random.exact && random.permutations == 20_000);
    for (exact, random) in exact.rows.iter().zip(&random.rows) {
        let error = (exact.p * (1.0 - exact.p) / 20_000.0).sqrt();
        assert!(
            close(exact.p, random.p, 4.0 * error + 1e-4),
            "{} {}",
            exact.p,
            random.p
        );
        assert_eq!(exact.p_max_t.is_nan(), random.p_max_t.is_nan());
        if !exact.p_max_t.is_nan() {
            assert!(exact.p_max_t >= exact.p);
            let error = (exact.p_max_t * (1.0 - exact.p_max_t) / 20_000.0).sqrt();
            assert!(close(exact.p_max_t, random.p_max_t, 4.0 * error + 1e-4));
        }
    }
}

/// A random design: counts, lengths, sides, clusters and strata of each document.
#[derive(Debug, Clone)]
struct Design {
    rows: Vec<Vec<u32>>,
    totals: Vec<u64>,
    target: Vec<bool>,
    clusters: Vec<u32>,
    strata: Vec<i64>,
}

fn designs() -> impl Strategy<Value = Design> {
    let document = (
        prop::collection::vec(0..4u32, 3),
        20..60u64,
        any::<bool>(),
        0..9u32,
        0..2i64,
    );
    prop::collection::vec(document, 4..10)
        .prop_map(|documents| {
            let mut design = Design {
                rows: Vec::new(),
                totals: Vec::new(),
                target: Vec::new(),
                clusters: Vec::new(),
                strata: Vec::new(),
            };
            for (row, total, target, cluster, stratum) in documents {
                design.rows.push(row);
                design.totals.push(total);
                design.target.push(target);
                design.clusters.push(cluster);
                design.strata.push(stratum);
            }
            design
        })
        .prop_filter("both sides", |design| {
            design.target.contains(&true) && design.target.contains(&false)
        })
}

/// One unit of the oracle: counts, length, side, stratum; a shared one never moves.
struct Part {
    x: Vec<f64>,
    n: f64,
    target: bool,
    stratum: i64,
    shared: bool,
}

fn parts(design: &Design, copies: Copies) -> Vec<Part> {
    let mut parts = Vec::new();
    for cluster in 0..9 {
        for target in [true, false] {
            let on = |side: bool| {
                let here = move |&row: &usize| design.clusters[row] == cluster && design.target[row] == side;
                (0..design.rows.len()).filter(here).collect::<Vec<_>>()
            };
            let members = on(target);
            if members.is_empty() {
                continue;
            }
            let by = if copies == Copies::Once {
                members.len() as f64
            } else {
                1.0
            };
            let x = |term: usize| {
                members
                    .iter()
                    .map(|&row| f64::from(design.rows[row][term]))
                    .sum::<f64>()
                    / by
            };
            parts.push(Part {
                x: (0..3).map(x).collect(),
                n: members.iter().map(|&row| design.totals[row] as f64).sum::<f64>() / by,
                target,
                stratum: members.iter().map(|&row| design.strata[row]).min().unwrap(),
                shared: !on(!target).is_empty(),
            });
        }
    }
    parts
}

/// |T| straight from its definition.
fn statistic(parts: &[Part], target: &[bool], term: usize) -> f64 {
    let side = |which: bool| {
        let here: Vec<&Part> = parts
            .iter()
            .zip(target)
            .filter(|(_, target)| **target == which)
            .map(|(part, _)| part)
            .collect();
        let x: f64 = here.iter().map(|part| part.x[term]).sum();
        let n: f64 = here.iter().map(|part| part.n).sum();
        let (rate, m) = (x / n, here.len() as f64);
        let squares: f64 = here
            .iter()
            .map(|part| (part.x[term] - rate * part.n).powi(2))
            .sum();
        (
            x,
            n,
            if here.len() > 1 {
                m / (m - 1.0) * squares / (n * n)
            } else {
                0.0
            },
        )
    };
    let ((x1, n1, v1), (x2, n2, v2)) = (side(true), side(false));
    let poisson = (x1 + x2) / (n1 + n2) * (1.0 / n1 + 1.0 / n2);
    let t = ((x1 / n1 - x2 / n2) / (v1 + v2).max(poisson).sqrt()).abs();
    if t < 1e-9 { 0.0 } else { t }
}

/// Share of all labelings that do as much, and their number.
fn oracle(parts: &[Part], term: usize) -> (f64, usize) {
    let observed: Vec<bool> = parts.iter().map(|part| part.target).collect();
    let at_least = statistic(parts, &observed, term) * (1.0 - 1e-9);
    let (mut all, mut reached) = (0, 0);
    for code in 0..1u32 << parts.len() {
        let labels: Vec<bool> = (0..parts.len()).map(|unit| code >> unit & 1 == 1).collect();
        let stays = |(part, label): (&Part, &bool)| !part.shared || part.target == *label;
        let same = |stratum: i64| {
            let count = |labels: &[bool]| {
                let here =
                    |(part, label): &(&Part, &bool)| part.stratum == stratum && !part.shared && **label;
                parts.iter().zip(labels).filter(here).count()
            };
            count(&labels) == count(&observed)
        };
        if parts.iter().zip(&labels).all(stays) && (0..2).all(same) {
            all += 1;
            reached += usize::from(statistic(parts, &labels, term) >= at_least);
        }
    }
    (f64::from(u32::try_from(reached).unwrap()) / all as f64, all)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn p_is_that_of_the_slow_oracle(design in designs(), once in any::<bool>()) {
        let copies = if once { Copies::Once } else { Copies::All };
        let options = Options { copies, ..OPTIONS };
        let found = keyness(
            &counts(&design.rows, &design.totals), &sides(&design.target), Some(&design.clusters),
            Some(&design.strata), &options, &Silent,
        ).unwrap();
        let parts = parts(&design, copies);
        prop_assert_eq!(found.shared_units, parts.iter().filter(|part| part.shared).count() / 2);
        for row in &found.rows {
            let (p, all) = oracle(&parts, row.term as usize);
            prop_assert!(close(found.labelings, all as f64, 1e-9));
            prop_assert!(close(row.p, p, 1e-9), "{} {}", row.p, p);
            prop_assert!(row.p >= found.p_floor - 1e-12);
        }
    }

    #[test]
    fn swapping_the_sides_flips_signs_and_keeps_p(design in designs(), exact in any::<bool>()) {
        let input = counts(&design.rows, &design.totals);
        let limit = if exact { 1e6 } else { 0.0 };
        let run = |target: &[bool]| keyness_with_limit(
            &input, &sides(target), Some(&design.clusters), Some(&design.strata), &OPTIONS, limit, &Silent,
        ).unwrap();
        let swapped: Vec<bool> = design.target.iter().map(|target| !target).collect();
        let (one, other) = (run(&design.target), run(&swapped));
        for (one, other) in one.rows.iter().zip(&other.rows) {
            prop_assert!(close(one.g2, -other.g2, 1e-9) || close(one.g2, 0.0, 1e-9));
            prop_assert!(close(one.log_ratio, -other.log_ratio, 1e-12));
            prop_assert!(close(one.p, other.p, 1e-12));
            prop_assert!(one.survives_dropping_one == other.survives_dropping_one || one.log_ratio.abs() < 1e-9);
        }
    }

    #[test]
    fn copies_in_clusters_leave_p_alone(design in designs(), extra in prop::collection::vec(0..3usize, 10)) {
        let alone: Vec<u32> = (0u32..).take(design.rows.len()).collect();
        let mut copied = Design { clusters: alone.clone(), ..design.clone() };
        for (row, &extra) in (0..design.rows.len()).zip(&extra) {
            for _ in 0..extra {
                copied.rows.push(design.rows[row].clone());
                copied.totals.push(design.totals[row]);
                copied.target.push(design.target[row]);
                copied.clusters.push(alone[row]);
                copied.strata.push(design.strata[row]);
            }
        }
        let run = |design: &Design, clusters: &[u32]| keyness(
            &counts(&design.rows, &design.totals), &sides(&design.target), Some(clusters),
            Some(&design.strata), &OPTIONS, &Silent,
        ).unwrap();
        let (one, many) = (run(&design, &alone), run(&copied, &copied.clusters));
        for (one, many) in one.rows.iter().zip(&many.rows) {
            prop_assert_eq!(one.p.to_bits(), many.p.to_bits());
            prop_assert_eq!(one.log_ratio.to_bits(), many.log_ratio.to_bits());
        }
    }
}
