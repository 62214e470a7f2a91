//! Corpora made to be slow: the work of the search for near duplicates grows with their size.
//!
//! Work is counted, never timed: postings met, shingles compared, candidates verified.

// Clippy knows tests, but not the functions that tests call.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use nutgraf::observer::Silent;
use nutgraf::reuse::near::{NearDuplicates, Options, Scope, Work};

use crate::reuse::view;

/// The largest growth of work when a corpus is doubled.
const GROWTH: f64 = 2.3;

/// Words that stand in one document alone.
fn own(row: usize, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |word| format!("o{row}x{word}"))
}

fn page(words: usize) -> impl Iterator<Item = String> {
    (0..words).map(|word| format!("p{word}"))
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// Nine tenths are the page, the rest is a document's own.
fn furniture(count: usize) -> Vec<String> {
    (0..count)
        .map(|row| joined(page(135).chain(own(row, 15))))
        .collect()
}

/// The same page with more or less beside it.
fn uneven(count: usize) -> Vec<String> {
    (0..count)
        .map(|row| joined(page(90).chain(own(row, row * 37 % 200))))
        .collect()
}

/// One token, more or less often.
fn token(count: usize) -> Vec<String> {
    (0..count).map(|row| "said ".repeat(6 + row)).collect()
}

fn equal(count: usize) -> Vec<String> {
    vec![joined(page(20)); count]
}

/// Each document is the one before it with one other word.
fn drift(count: usize) -> Vec<String> {
    let mut words: Vec<String> = page(120).collect();
    (0..count)
        .map(|row| {
            words[row * 47 % 120] = format!("e{row}");
            words.join(" ")
        })
        .collect()
}

/// Words of sixteen letters and digits with one `FxHash`: of two halves, the second undoes the first.
fn colliding() -> Vec<String> {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz012345";
    let (mut found, mut state) = (Vec::new(), 1u64);
    for _ in 0..1 << 23 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let first: [u8; 8] = std::array::from_fn(|place| {
            LETTERS[usize::from((state >> (20 + 5 * place)).to_le_bytes()[0] & 31)]
        });
        let half = u64::from_le_bytes(first).wrapping_mul(FACTOR);
        let second = (half.rotate_left(5) ^ 7).to_le_bytes();
        if second.iter().all(u8::is_ascii_alphanumeric) {
            found.push(String::from_utf8([first, second].concat()).unwrap());
        }
    }
    found
}

fn search(texts: &[String], threshold: f64) -> (NearDuplicates, Work) {
    let options = Options {
        threshold,
        ..Options::default()
    };
    let found = NearDuplicates::build(&view(texts), &options, &Scope::default(), &Silent).unwrap();
    let work = found.work();
    (found, work)
}

fn clusters(found: &NearDuplicates) -> usize {
    found.labels().iter().collect::<BTreeSet<_>>().len()
}

type Make = fn(usize) -> Vec<String>;

#[test]
fn twice_the_documents_are_twice_the_work() {
    let rows: [(&str, Make, usize, f64, Option<usize>); 12] = [
        ("equal", equal, 2_000, 0.5, Some(1)),
        ("furniture, all pairs true", furniture, 1_000, 0.5, Some(1)),
        ("furniture, far below", furniture, 1_000, 0.05, Some(1)),
        ("furniture, just true", furniture, 1_000, 0.79, Some(1)),
        ("furniture, just false", furniture, 1_000, 0.82, None),
        ("furniture, all pairs false", furniture, 1_000, 0.95, None),
        ("uneven", uneven, 1_500, 0.5, None),
        ("uneven, low", uneven, 1_500, 0.2, None),
        ("one token", token, 400, 0.5, Some(1)),
        ("one token, all of it", token, 400, 1.0, Some(1)),
        ("drift", drift, 800, 0.5, Some(1)),
        ("drift, low", drift, 800, 0.2, Some(1)),
    ];
    for (name, make, count, threshold, expected) in rows {
        let (found, work) = search(&make(count), threshold);
        let (twice, more) = search(&make(2 * count), threshold);
        for (one, other) in [(work.steps, more.steps), (work.candidates, more.candidates)] {
            // A few thousand are nothing, and a search that gave up did what it may do at most.
            let one = one.max(5_000) as f64;
            assert!(other as f64 <= GROWTH * one, "{name}: {work:?}, {more:?}");
        }
        if let Some(expected) = expected {
            assert_eq!(
                (clusters(&found), clusters(&twice)),
                (expected, expected),
                "{name}"
            );
        }
    }
}

/// Words of letters that have nothing in common, unlike those with a number in them.
fn scattered(row: usize, count: usize) -> impl Iterator<Item = String> {
    let mut state = row as u64 + 1;
    let mut letter = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + (state >> 33).to_le_bytes()[0] % 26)
    };
    (0..count).map(move |_| (0..7).map(|_| letter()).collect())
}

#[test]
fn noisy_copies_in_crowds_meet_a_few() {
    let furniture: Make = |count| {
        (0..count)
            .map(|row| joined(page(135).chain(scattered(row, 12))))
            .collect()
    };
    let uneven: Make = |count| {
        (0..count)
            .map(|row| joined(page(90).chain(scattered(row, row * 37 % 150))))
            .collect()
    };
    let drift: Make = |count| {
        let mut words: Vec<String> = page(120).collect();
        (0..count)
            .map(|row| {
                words[row * 47 % 120] = scattered(row, 1).collect();
                words.join(" ")
            })
            .collect()
    };
    let rows: [(&str, Make, Option<usize>); 3] = [
        ("furniture", furniture, Some(1)),
        ("uneven", uneven, None),
        ("drift", drift, Some(1)),
    ];
    for (name, make, expected) in rows {
        let search = |count| {
            let options = Options {
                noisy: true,
                ..Options::default()
            };
            NearDuplicates::build(&view(make(count)), &options, &Scope::default(), &Silent).unwrap()
        };
        let (found, twice) = (search(1_600), search(3_200));
        let (one, other) = (found.work().candidates, twice.work().candidates);
        if name == "drift" {
            // Documents drift away from each other: nothing is a crowd, and all pairs are looked at.
            assert_eq!((found.work().crowds, twice.work().crowds), (0, 0));
            assert!(other as f64 <= GROWTH * one as f64, "{one}, {other}");
        } else {
            // Where comparing all takes millions, sixteen a document and four for what few share.
            assert!(found.work().crowds > 0 && twice.work().crowds > 0, "{name}");
            assert!(one <= 20 * 1_600 && other <= 20 * 3_200, "{name}: {one}, {other}");
        }
        if let Some(expected) = expected {
            assert_eq!(
                (clusters(&found), clusters(&twice)),
                (expected, expected),
                "{name}"
            );
        }
    }
}

#[test]
fn fifty_million_pairs_are_counted_only_on_request() {
    let texts = furniture(1_500);
    let view = view(&texts);
    let (found, work) = search(&texts, 0.5);
    assert_eq!((found.pair_count(), clusters(&found)), (None, 1));
    assert_eq!(work.candidates, 1_499);
    let error = found.complete(&view, 1_000, &Silent).unwrap_err();
    assert!(error.to_string().contains("more than max_pairs=1000"), "{error}");
    found.complete(&view, u64::MAX, &Silent).unwrap();
    assert_eq!(found.pair_count(), Some(1_500 * 1_499 / 2));
}

#[test]
fn words_that_collide_elsewhere_are_words_like_others() {
    let words = colliding();
    assert!(words.len() > 40);
    let texts = |words: &[String]| -> Vec<String> {
        let of = |row: usize| (0..60).map(move |place| (row * 7 + place * (row + 1)) % 41);
        (0..300)
            .map(|row| joined(of(row).map(|word| words[word].clone())))
            .collect()
    };
    let plain: Vec<String> = page(41).collect();
    let (found, work) = search(&texts(&words), 0.5);
    let (expected, usual) = search(&texts(&plain), 0.5);
    assert_eq!(found.labels(), expected.labels());
    assert_eq!(work, usual);
}
