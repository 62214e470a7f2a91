//! An allocation that fails is an error, never the end of the process.
//!
//! A binary of its own with its own allocator. For each job it starts itself again and again: the
//! first time the first allocation of a mebibyte or more fails, the next time the second, and so on
//! until the job needs no more of them. Each run must end in `Error::Memory` or in the right answer,
//! and the same job without a failing allocator, in the same process, must give the right answer.

#![allow(
    unsafe_code,
    reason = "a global allocator is unsafe to write; this one only counts"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "this is a test"
)]

mod reuse;

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nutgraf::corpus::categories::{Categories, Nesting};
use nutgraf::corpus::counts::Counts;
use nutgraf::corpus::dictionary::Definition;
use nutgraf::corpus::external::Matrix;
use nutgraf::corpus::selection::{Selection, Skips};
use nutgraf::corpus::tokenizer::Tokenizer;
use nutgraf::corpus::tokens::Tokens;
use nutgraf::corpus::views::{Settings, View};
use nutgraf::corpus::weights::Bm25;
use nutgraf::error::{Error, Result};
use nutgraf::hash;
use nutgraf::memory;
use nutgraf::observer::Silent;
use nutgraf::parallel;
use nutgraf::stats::keyness::{self, Copies, Side};
use nutgraf::text::arena::Arena;
use nutgraf::text::tailoring::{Language, Tailoring};

/// What counts as large.
const LARGE: usize = 1 << 20;

/// Large allocations until one fails; `usize::MAX` is never.
static LEFT: AtomicUsize = AtomicUsize::new(usize::MAX);

struct Failing;

/// Whether this allocation fails. Only the one that takes the count from 1 to 0 does.
fn fails(size: usize) -> bool {
    if size < LARGE {
        return false;
    }
    let step = |left: usize| (left != usize::MAX && left > 0).then(|| left - 1);
    LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
}

// SAFETY: everything is done by the system's allocator; null is an answer that callers must take.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if fails(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if fails(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if fails(size) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Documents of `words` words out of many, every fourth a copy with a changed end.
fn texts(documents: usize, words: usize, vocabulary: u64) -> Vec<String> {
    let mut numbers = Numbers(7);
    let mut texts: Vec<String> = Vec::new();
    for document in 0..documents {
        let mut text = String::new();
        if document % 4 == 3 {
            text.push_str(&texts[document - 1]);
        } else {
            for _ in 0..words {
                // Small numbers often, large ones seldom.
                let word = numbers.below(vocabulary) * numbers.below(vocabulary) / vocabulary;
                let _ = write!(text, "w{word} ");
            }
        }
        if document % 8 == 3 {
            text.push_str("and an end of its own");
        }
        texts.push(text);
    }
    texts
}

fn arena(documents: usize, words: usize, vocabulary: u64) -> Arc<Arena> {
    Arc::new(Arena::from_texts(texts(documents, words, vocabulary)).unwrap())
}

fn tokens(arena: &Arc<Arena>) -> Result<Tokens> {
    Tokens::build(arena, Tailoring::all(Language::Any), None, &Silent)
}

fn view(documents: usize, words: usize, vocabulary: u64) -> View {
    let tokens = tokens(&arena(documents, words, vocabulary)).unwrap();
    View::new(Arc::new(tokens), Settings::surface(), &Silent).unwrap()
}

fn selection(longest: usize) -> Selection {
    Selection {
        shortest: 1,
        longest,
        min_documents: 2,
        max_documents: usize::MAX,
        max_terms: usize::MAX,
        across_gaps: false,
        skips: Skips::default(),
    }
}

/// A short text that differs when the result does.
fn digest(values: impl IntoIterator<Item = u64>) -> String {
    // Value by value: the test itself must not make large arrays.
    let digest = values.into_iter().fold(0u64, |digest, value| {
        hash::bytes64(&(digest ^ value.rotate_left(17)).wrapping_add(value).to_le_bytes())
    });
    format!("{:016x}", black_box(digest))
}

fn of_counts(counts: &Counts) -> String {
    let cells = counts.indices.iter().chain(&counts.data);
    digest(
        cells
            .map(|&value| u64::from(value))
            .chain([counts.terms.len() as u64]),
    )
}

fn of_keyness(found: &keyness::Keyness) -> String {
    digest(found.rows.iter().flat_map(|row| {
        [
            u64::from(row.term),
            row.p.to_bits(),
            row.p_max_t.to_bits(),
            row.g2.to_bits(),
        ]
    }))
}

type Job = Box<dyn Fn() -> Result<String> + Send + Sync>;

/// The jobs of this file; those of finding reuse have a file of their own.
const JOBS: [&str; 12] = [
    "tokenize",
    "one long document",
    "view",
    "joined",
    "categories",
    "counts",
    "counts of n-grams",
    "most frequent terms",
    "group",
    "weights",
    "matrix",
    "keyness",
];

/// Prepares a job; only what it does itself can fail.
#[allow(clippy::too_many_lines, reason = "one arm for each job")]
fn job(name: &str) -> Job {
    match name {
        "tokenize" => {
            let arena = arena(20_000, 20, 300_000);
            Box::new(move || {
                let tokens = tokens(&arena)?;
                Ok(digest((0..tokens.documents()).flat_map(|row| {
                    let ids = tokens.ids(row).iter().zip(tokens.starts(row));
                    ids.map(|(&id, &start)| u64::from(id) << 32 | u64::from(start))
                })))
            })
        }
        "one long document" => {
            let arena = arena(1, 400_000, 300_000);
            Box::new(move || {
                let view = View::new(Arc::new(tokens(&arena)?), Settings::surface(), &Silent)?;
                let counts = Counts::build(
                    &view,
                    Selection {
                        min_documents: 1,
                        ..selection(2)
                    },
                    &Silent,
                )?;
                Ok(of_counts(&counts) + &reuse::near_duplicates(&view)?)
            })
        }
        "view" => {
            let tokens = Arc::new(tokens(&arena(20_000, 20, 300_000)).unwrap());
            Box::new(move || {
                let settings = Settings {
                    lower: true,
                    ..Settings::surface()
                };
                let view = View::new(Arc::clone(&tokens), settings, &Silent)?;
                let spans = view.tokens().spans(0, 0..view.tokens().ids(0).len(), &Silent)?;
                Ok(digest([view.terms().len() as u64, spans.len() as u64]))
            })
        }
        "joined" => {
            let view = view(20_000, 20, 300_000);
            Box::new(move || Ok(digest([view.tokens().joined(&Silent)?.len() as u64])))
        }
        "categories" => {
            let view = view(20_000, 20, 300_000);
            Box::new(move || {
                let definition = Definition {
                    names: vec!["pairs".to_owned(), "ones".to_owned()],
                    values: vec!["?* ?*".to_owned(), "*1*".to_owned()],
                    owners: vec![0, 1],
                    fold_case: true,
                };
                let tokenizer = Tokenizer {
                    tailoring: Tailoring::all(Language::Any),
                    pattern: None,
                    hyphens_join: false,
                };
                let found = Categories::build(&view, &definition, Nesting::Category, tokenizer, &Silent)?;
                let places = found
                    .all()
                    .iter()
                    .map(|each| u64::from(each.first) << 32 | u64::from(each.category));
                Ok(digest(places) + &of_counts(&found.counts(selection(1), &Silent)?))
            })
        }
        "counts" | "counts of n-grams" => {
            let view = view(20_000, 20, 100_000);
            let longest = if name == "counts" { 1 } else { 2 };
            Box::new(move || Ok(of_counts(&Counts::build(&view, selection(longest), &Silent)?)))
        }
        "most frequent terms" => {
            let view = view(20_000, 20, 100_000);
            let selection = Selection {
                max_terms: 50_000,
                ..selection(1)
            };
            Box::new(move || Ok(of_counts(&Counts::build(&view, selection, &Silent)?)))
        }
        "weights" => {
            let counts = Counts::build(&view(20_000, 20, 300_000), selection(1), &Silent).unwrap();
            let options = Bm25 {
                k1: 1.5,
                b: 0.75,
                robertson: false,
            };
            Box::new(move || {
                let mut weights = memory::zeroed(counts.data.len(), "weights")?;
                counts.bm25(&options, &mut weights, &Silent)?;
                Ok(digest(weights.into_iter().map(f64::to_bits)))
            })
        }
        "matrix" => {
            let terms: Vec<String> = (0..100_000).map(|column| format!("t{column}")).collect();
            let (indptr, indices): (Vec<i64>, Vec<i64>) = (vec![0, 100_000], (0..100_000).rev().collect());
            let data = vec![3; 100_000];
            Box::new(move || {
                let matrix = Matrix {
                    indptr: &indptr,
                    indices: &indices,
                    data: &data,
                    totals: None,
                };
                let counts = matrix.counts(&terms, &Silent)?;
                Ok(of_counts(&counts.stacked(&counts, &Silent)?))
            })
        }
        "group" => {
            let counts = Counts::build(&view(20_000, 20, 300_000), selection(1), &Silent).unwrap();
            let groups: Vec<usize> = (0..counts.documents()).map(|row| row / 2).collect();
            Box::new(move || {
                Ok(of_counts(&counts.grouped(
                    &groups,
                    counts.documents(),
                    &Silent,
                )?))
            })
        }
        "keyness" => {
            let few = Counts::build(
                &view(8, 40_000, 200_000),
                Selection {
                    min_documents: 1,
                    ..selection(1)
                },
                &Silent,
            )
            .unwrap();
            let many = Counts::build(&view(150_000, 3, 10_000), selection(1), &Silent).unwrap();
            Box::new(move || {
                let mut all = String::new();
                for counts in [&few, &many] {
                    let side: Vec<Side> = (0..counts.documents())
                        .map(|row| {
                            if row % 2 == 0 {
                                Side::Target
                            } else {
                                Side::Reference
                            }
                        })
                        .collect();
                    let options = keyness::Options {
                        permutations: 64,
                        test: true,
                        copies: Copies::Once,
                        seed: 1,
                        alpha: 0.05,
                    };
                    let clusters: Vec<u32> = (0..)
                        .map(|row: u32| row / 2 * 2 + row % 2)
                        .take(side.len())
                        .collect();
                    let found = keyness::keyness(counts, &side, Some(&clusters), None, &options, &Silent)?;
                    all += &of_keyness(&found);
                }
                Ok(all)
            })
        }
        _ => reuse::job(name),
    }
}

/// One run: the `nth` large allocation and, every `stride` runs, a later one fails.
fn child(name: &str, first: usize, count: usize) {
    let job = job(name);
    let workers = parallel::workers(Some(2)).unwrap();
    let reference = workers.pool().install(&job).unwrap();
    let mut refused = 0;
    for nth in first..first + count {
        LEFT.store(nth, Ordering::SeqCst);
        let outcome = workers.pool().install(&job);
        let reached = LEFT.swap(usize::MAX, Ordering::SeqCst) == 0;
        match outcome {
            Ok(answer) => assert_eq!(answer, reference, "allocation {nth}"),
            Err(Error::Memory(cause)) => {
                // What is told is what was needed; an array that grows asks for twice that.
                assert!(
                    cause.needed.is_some_and(|needed| needed >= LARGE as u64 / 2),
                    "{cause:?}"
                );
                refused += 1;
            }
            Err(other) => panic!("allocation {nth}: {other}"),
        }
        if !reached {
            println!("done {refused}");
            return;
        }
        assert_eq!(
            workers.pool().install(&job).unwrap(),
            reference,
            "after allocation {nth}"
        );
    }
    println!("more {refused}");
}

fn jobs() -> impl Iterator<Item = &'static str> {
    JOBS.into_iter().chain(reuse::JOBS)
}

/// Failing allocations that one process tries.
const EACH: usize = 40;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, name, first] = arguments.as_slice()
        && jobs().any(|job| job == name)
    {
        return child(name, first.parse().unwrap(), EACH);
    }
    for name in jobs() {
        let (mut first, mut refused) = (1, 0);
        loop {
            let run = Command::new(std::env::current_exe().unwrap())
                .args([name, &first.to_string()])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&run.stdout).trim().to_owned();
            assert!(
                run.status.success(),
                "{name}, from allocation {first}: {}\n{}",
                run.status,
                String::from_utf8_lossy(&run.stderr)
            );
            let (state, number) = said.split_once(' ').unwrap();
            refused += number.parse::<usize>().unwrap();
            if state == "done" {
                break;
            }
            first += EACH;
        }
        assert!(refused > 0, "{name} made no large allocation that was refused");
        println!("{name}: {refused} large allocations refused, each with an error");
    }
}
