//! Near duplicates against brute force on real term tuples, and shared runs against the texts.

// Clippy knows tests, but not the functions that tests call.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;

use nutgraf::corpus::tokens::Tokens;
use nutgraf::corpus::views::{Runs, Settings, View};
use nutgraf::observer::Silent;
use nutgraf::parallel;
use nutgraf::reuse::near::{
    self, Kind, Linkage, NearDuplicates, Options, Pair, Part, Scope, SharedRun, Unit,
};
use nutgraf::text::arena::Arena;
use nutgraf::text::pattern::Pattern;
use nutgraf::text::tailoring::{Language, Tailoring};
use proptest::prelude::*;

pub(crate) fn view<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> View {
    let arena = Arc::new(Arena::from_texts(texts).unwrap());
    let pattern = Pattern::new(r"\w+|[^\w\s]").unwrap();
    let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), Some(&pattern), &Silent).unwrap();
    let settings = Settings {
        lower: true,
        ..Settings::surface()
    };
    View::new(Arc::new(tokens), settings, &Silent).unwrap()
}

fn gapped(texts: &[String]) -> View {
    let settings = Settings {
        min_length: 2,
        ..Settings::surface()
    };
    View::new(Arc::clone(view(texts).tokens()), settings, &Silent).unwrap()
}

fn options(threshold: f64, shingle: usize) -> Options {
    Options {
        threshold,
        shingle,
        across_gaps: false,
        ..Options::default()
    }
}

fn build(view: &View, options: &Options) -> NearDuplicates {
    NearDuplicates::build(view, options, &Scope::default(), &Silent).unwrap()
}

/// The terms of a document as its shingles see them.
fn runs(view: &View, options: &Options, row: usize) -> Vec<Vec<u32>> {
    if options.unit == Unit::Char {
        let lower = view.tokens().arena().text(row).to_lowercase();
        let mut characters: Vec<u32> = Vec::new();
        for character in lower.chars() {
            let space = character.is_whitespace();
            if !(space && characters.last() == Some(&32)) {
                characters.push(if space { 32 } else { character as u32 });
            }
        }
        return vec![characters];
    }
    let mut runs = Runs::default();
    view.runs(row, options.across_gaps, &mut runs, &Silent).unwrap();
    runs.iter().map(<[u32]>::to_vec).collect()
}

/// Whether two documents may pair.
fn may_pair(scope: &Scope, left: usize, right: usize) -> bool {
    let sides = scope
        .second
        .is_none_or(|second| (left < second as usize) != (right < second as usize));
    let labels = scope
        .labels
        .as_ref()
        .is_none_or(|labels| labels[left] >= 0 && labels[right] >= 0 && labels[left] != labels[right]);
    let moments = scope.moments.as_ref().is_none_or(|moments| {
        let (left, right) = (moments[left], moments[right]);
        left > i64::MIN && right > i64::MIN && (left - right).abs() <= scope.window
    });
    sides && labels && moments
}

/// What the search should give, from all pairs.
fn brute_force(view: &View, options: &Options, scope: &Scope) -> (Vec<Pair>, Vec<u32>) {
    let sequences: Vec<_> = (0..view.documents())
        .map(|row| runs(view, options, row))
        .collect();
    let sets: Vec<BTreeSet<&[u32]>> = sequences
        .iter()
        .map(|runs| runs.iter().flat_map(|run| run.windows(options.shingle)).collect())
        .collect();
    let mut pairs = Vec::new();
    let mut labels: Vec<u32> = (0..).take(sets.len()).collect();
    for left in 0..sets.len() {
        for right in left + 1..sets.len() {
            let (here, there) = (sets[left].len(), sets[right].len());
            if here == 0 || there == 0 || !may_pair(scope, left, right) {
                continue;
            }
            let shared = sets[left].intersection(&sets[right]).count() as f64;
            let union = sets[left].union(&sets[right]).count() as f64;
            let near = shared / union >= options.threshold;
            let smaller = here.min(there);
            let part = options
                .containment
                .is_some_and(|least| smaller >= near::PART_SHINGLES && shared / smaller as f64 >= least);
            if !near && !part {
                continue;
            }
            pairs.push(Pair {
                left: u32::try_from(left).unwrap(),
                right: u32::try_from(right).unwrap(),
                similarity: shared / union,
                jaccard: shared / union,
                containment_left: shared / here as f64,
                containment_right: shared / there as f64,
                identical: sequences[left] == sequences[right],
                near,
                part: part.then_some(if here <= there { Part::Left } else { Part::Right }),
            });
            if !near {
                continue;
            }
            let (old, new) = (labels[left].max(labels[right]), labels[left].min(labels[right]));
            for label in &mut labels {
                if *label == old {
                    *label = new;
                }
            }
        }
    }
    (pairs, labels)
}

fn all_pairs(found: &NearDuplicates) -> Vec<Pair> {
    found.pairs(None, usize::MAX, &Silent).unwrap()
}

fn check(view: &View, options: &Options, scope: &Scope) {
    let (pairs, labels) = brute_force(view, options, scope);
    let mut before = None;
    for (threads, patience) in [(1, u64::MAX), (3, u64::MAX), (1, 0), (3, 0)] {
        let workers = parallel::workers(Some(threads)).unwrap();
        let options = Options { patience, ..*options };
        let found = workers
            .pool()
            .install(|| NearDuplicates::build(view, &options, scope, &Silent))
            .unwrap();
        if scope.second.is_none() {
            assert_eq!(found.labels(), labels);
        }
        let mut work = found.work();
        if patience > 0 {
            assert_eq!(found.pair_count(), Some(pairs.len() as u64));
        }
        workers
            .pool()
            .install(|| found.complete(view, u64::MAX, &Silent))
            .unwrap();
        assert_eq!(found.pair_count(), Some(pairs.len() as u64));
        assert_eq!(all_pairs(&found), pairs);
        // In any batches, the same pairs.
        for size in [1, 3] {
            let (mut batches, mut last) = (Vec::new(), None);
            loop {
                let batch = found.pairs(last, size, &Silent).unwrap();
                let Some(end) = batch.last() else { break };
                last = Some((end.left, end.right));
                batches.extend(batch);
            }
            assert_eq!(batches, pairs);
        }
        // The same work for any number of threads.
        if threads == 1 {
            before = Some(work);
        }
        assert_eq!(before.get_or_insert(work), &mut work);
    }
}

/// The similarity of any two documents is that of their pair.
fn check_similarity(view: &View, options: &Options) {
    let (pairs, _) = brute_force(view, options, &Scope::default());
    let everyone: Vec<(u32, u32)> = (0..).take(view.documents()).map(|row| (0, row)).collect();
    let similar = build(view, options)
        .similarity_to(view, &everyone, &Silent)
        .unwrap();
    for pair in pairs.iter().filter(|pair| pair.left == 0) {
        assert!((similar[pair.right as usize] - pair.similarity).abs() < f64::EPSILON);
    }
}

/// Stars, step by step.
fn check_stars(view: &View, options: &Options, scope: &Scope) {
    let options = Options {
        linkage: Linkage::Star,
        ..*options
    };
    let (pairs, _) = brute_force(view, &options, scope);
    let found = NearDuplicates::build(view, &options, scope, &Silent).unwrap();
    assert_eq!(all_pairs(&found), pairs);
    let near = |left: u32, right: u32| {
        let rows = (left.min(right), left.max(right));
        let is_near = |pair: &&Pair| pair.near && (pair.left, pair.right) == rows;
        left == right || pairs.iter().any(|pair| is_near(&pair))
    };
    let labels = found.labels();
    let documents: Vec<u32> = (0..).take(view.documents()).collect();
    for &row in &documents {
        let star: Vec<u32> = documents
            .iter()
            .copied()
            .filter(|&other| labels[other as usize] == labels[row as usize])
            .collect();
        assert_eq!(star[0], labels[row as usize]);
        assert!(
            star.iter()
                .any(|&centre| star.iter().all(|&member| near(centre, member)))
        );
    }
}

/// Documents over few words, so that shingles meet, repeat and are equal; some start from another.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(vec!["a", "bb", "cc", "dd", "é", "Bb", "ee", "."]);
    let document = prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "));
    prop::collection::vec(document, 0..16).prop_flat_map(|base| {
        let count = base.len();
        prop::collection::vec((0..count.max(1), prop::bool::ANY), 0..12).prop_map(move |copies| {
            let mut texts = base.clone();
            for (from, edit) in copies {
                if let Some(text) = base.get(from) {
                    texts.push(if edit {
                        format!("{text} cc  dd")
                    } else {
                        text.clone()
                    });
                }
            }
            texts
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_equals_brute_force(
        texts in texts(),
        tenths in 1..=10u32,
        shingle in 1..=3usize,
        across_gaps: bool,
        chars: bool,
    ) {
        let options = Options {
            threshold: f64::from(tenths) / 10.0,
            shingle,
            unit: if chars { Unit::Char } else { Unit::Word },
            across_gaps,
            ..Options::default()
        };
        check(&view(&texts), &options, &Scope::default());
        check(&gapped(&texts), &options, &Scope::default());
        check_similarity(&view(&texts), &options);
        check_stars(&view(&texts), &options, &Scope::default());
    }

    #[test]
    fn the_scope_restricts_pairs_and_links(
        texts in texts(),
        draws in prop::collection::vec((-1..3i64, 0..9i64, 0..40u8), 40),
        tenths in 1..=10u32,
        labelled: bool,
        dated: bool,
        split in prop::option::of(0..20u32),
        window in 0..5u8,
        shingle in 1..=3usize,
    ) {
        let view = view(&texts);
        let count = view.documents();
        let moment = |&(_, moment, gap): &(i64, i64, u8)| if gap == 0 { i64::MIN } else { moment };
        let scope = Scope {
            second: split.map(|second| second.min(u32::try_from(count).unwrap())),
            labels: labelled.then(|| draws[..count].iter().map(|draw| draw.0).collect()),
            moments: dated.then(|| draws[..count].iter().map(moment).collect()),
            window: if dated { window.into() } else { 0 },
        };
        let options = options(f64::from(tenths) / 10.0, shingle);
        check(&view, &options, &scope);
        if scope.second.is_none() {
            check_stars(&view, &options, &scope);
        }
    }

    #[test]
    fn parts_are_found_in_wholes(
        cuts in prop::collection::vec((0..200usize, 40..160usize, 0..30usize, 0..4u32), 1..9),
        tenths in 3..=10u32,
        containment in 3..=10u32,
    ) {
        let texts: Vec<String> = cuts
            .iter()
            .enumerate()
            .map(|(row, &(start, length, own, kind))| {
                let shared = (start..start + length).map(|word| format!("w{word}"));
                let more = (0..own + 20 * kind as usize).map(|word| format!("own{row}x{word}"));
                shared.chain(more).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let options = Options {
            containment: Some(f64::from(containment) / 10.0),
            ..options(f64::from(tenths) / 10.0, 2)
        };
        check(&view(&texts), &options, &Scope::default());
        let scope = Scope {
            labels: Some((0..).map(|row| row % 2).take(texts.len()).collect()),
            ..Scope::default()
        };
        check(&view(&texts), &options, &scope);
    }

    #[test]
    fn shared_runs_are_equal_words_on_both_sides(left in "[abé ]{0,60}", right in "[abé ]{0,60}", shortest in 1..4usize) {
        let view = view([&left, &right]);
        let words = |text: &str, start: u32, end: u32| -> Vec<String> {
            let piece: String = text.chars().skip(start as usize).take((end - start) as usize).collect();
            piece.split_whitespace().map(str::to_owned).collect()
        };
        let found = near::shared_runs(&view, 0, 1, shortest, &Silent).unwrap();
        for run in &found {
            let here = words(&left, run.left_start, run.left_end);
            prop_assert_eq!(here.len(), run.words as usize);
            prop_assert!(here.len() >= shortest);
            prop_assert_eq!(here, words(&right, run.right_start, run.right_end));
        }
        prop_assert!(found.is_sorted_by(|one, next| one.left_end <= next.left_start));
        let mut right_side: Vec<_> = found.iter().map(|run| (run.right_start, run.right_end)).collect();
        right_side.sort_unstable();
        prop_assert!(right_side.is_sorted_by(|one, next| one.1 <= next.0));
    }
}

#[test]
fn ten_thousand_equal_documents_are_one_cluster() {
    let text = "one two three four five six seven eight nine ten";
    let view = view(std::iter::repeat_n(text, 10_000));
    let found = build(&view, &options(0.5, 5));
    assert_eq!(found.pair_count(), Some(49_995_000));
    assert!(found.labels().iter().all(|&label| label == 0));
    assert_eq!(found.work().candidates, 0);
    let first = found.pairs(None, 1, &Silent).unwrap()[0];
    // The middle of a row with thousands of pairs, without the others.
    let middle = found.pairs(Some((1, 5_001)), 2, &Silent).unwrap();
    let rows: Vec<(u32, u32)> = middle.iter().map(|pair| (pair.left, pair.right)).collect();
    assert_eq!(rows, [(1, 5_002), (1, 5_003)]);
    assert_eq!(
        found.pairs(Some((9_997, 9_999)), 9, &Silent).unwrap()[0].left,
        9_998
    );
    assert!(found.pairs(Some((9_998, 9_999)), 9, &Silent).unwrap().is_empty());
    assert_eq!(
        (first.left, first.right, near::kind(&first)),
        (0, 1, Kind::Identical)
    );
}

#[test]
fn documents_without_a_shingle_never_pair() {
    let view = view(["", "", "one two", "one two", "one two three", "One  two three"]);
    let found = build(&view, &options(0.1, 3));
    assert_eq!(found.labels(), [0, 1, 2, 3, 4, 4]);
    assert_eq!(found.pair_count(), Some(1));
    let similar = found
        .similarity_to(&view, &[(0, 1), (2, 2), (4, 5)], &Silent)
        .unwrap();
    assert!(similar[0] < 0.1 && similar[1] > 0.9 && similar[2] > 0.9);
    assert!(found.similarity_to(&view, &[(0, 6)], &Silent).is_err());
}

#[test]
fn equal_sets_in_another_order_are_copies_not_identical() {
    let view = view(["a b a b a", "a b a b a b"]);
    let found = build(&view, &options(1.0, 2));
    let kinds: Vec<_> = all_pairs(&found)
        .iter()
        .map(|pair| near::kind(pair).name())
        .collect();
    assert_eq!(kinds, ["copy"]);
}

#[test]
fn parameters_outside_their_rule_are_refused() {
    let view = view(["one"]);
    for (threshold, shingle) in [(f64::NAN, 5), (0.0, 5), (1.1, 5), (0.5, 0), (0.5, 1 << 20)] {
        assert!(
            NearDuplicates::build(&view, &options(threshold, shingle), &Scope::default(), &Silent).is_err()
        );
    }
}

#[test]
fn shared_runs_rows() {
    let view = view([
        "Eins: the cat sat on thé mat. Then it slept well all day",
        "it slept well all night, and the cat sat on thé mat",
    ]);
    let run = |left_start, left_end, right_start, right_end, words| SharedRun {
        left_start,
        left_end,
        right_start,
        right_end,
        words,
    };
    assert_eq!(
        near::shared_runs(&view, 0, 1, 3, &Silent).unwrap(),
        [run(6, 28, 29, 51, 6), run(35, 52, 0, 17, 4)]
    );
    assert!(near::shared_runs(&view, 0, 1, 7, &Silent).unwrap().is_empty());
}

#[test]
fn shared_runs_of_repetition_end() {
    let text = "na ".repeat(10_000);
    let view = view([&text, &text]);
    let found = near::shared_runs(&view, 0, 1, 5, &Silent).unwrap();
    assert_eq!(found.iter().map(|run| run.words).collect::<Vec<_>>(), [10_000]);
}
