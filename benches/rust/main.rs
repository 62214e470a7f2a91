//! Microbenches of the steps from text to counts, each on its own and on one thread.
//!
//! `cargo bench` runs them on the sample articles; `NUTGRAF_BENCH_TEXT=file cargo bench` on the
//! documents of a file, with a NUL between two. A figure from here says where time goes, never how much
//! faster than somebody else nutgraf is: that is for `make bench`.

#![allow(clippy::print_stdout, reason = "it says what it measures on")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nutgraf::corpus::counts::Counts;
use nutgraf::corpus::selection::Selection;
use nutgraf::corpus::tokens::Tokens;
use nutgraf::corpus::views::{Settings, View};
use nutgraf::corpus::vocabulary::Vocabulary;
use nutgraf::observer::Silent;
use nutgraf::text::arena::Arena;
use nutgraf::text::tailoring::{Language, Tailoring};
use nutgraf::text::words;

/// The documents: those of the file that is named, else the sample repeated.
fn documents() -> Vec<String> {
    if let Some(file) = std::env::var_os("NUTGRAF_BENCH_TEXT") {
        let text = std::fs::read_to_string(file).expect("the file that NUTGRAF_BENCH_TEXT names");
        return text.split('\0').map(str::to_owned).collect();
    }
    let sample = include_str!("../../python/nutgraf/sample/articles.jsonl");
    (0..20).flat_map(|_| sample.lines()).map(str::to_owned).collect()
}

fn steps(criterion: &mut Criterion) {
    let documents = documents();
    let tailoring = Tailoring::all(Language::Any);
    let arena = Arc::new(Arena::from_texts(&documents).expect("the documents fit"));
    let surface = Arc::new(Tokens::build(&arena, tailoring, None, &Silent).expect("tokens"));
    println!(
        "{} documents, {} bytes, {} tokens, {} types",
        arena.len(),
        arena.bytes(),
        surface.len(),
        surface.types().len()
    );
    let lower = Settings {
        lower: true,
        ..Settings::surface()
    };
    let view = View::new(Arc::clone(&surface), lower.clone(), &Silent).expect("a view");
    let selection = Selection::words();

    let mut group = criterion.benchmark_group("one thread");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Bytes(arena.bytes() as u64));
    group.bench_function("scan", |bencher| {
        bencher.iter(|| {
            let mut sum = 0;
            for text in &documents {
                words::scan(text, tailoring, &Silent, |start, end| {
                    sum += end - start;
                    Ok(())
                })
                .expect("a scan");
            }
            black_box(sum)
        });
    });
    group.bench_function("scan and intern", |bencher| {
        bencher.iter(|| {
            let mut types = Vocabulary::new();
            let mut sum = 0;
            for text in &documents {
                words::scan(text, tailoring, &Silent, |start, end| {
                    sum += u64::from(types.intern(&text[start..end])?);
                    Ok(())
                })
                .expect("a scan");
            }
            black_box(sum)
        });
    });
    group.bench_function("tokens: ids and offsets", |bencher| {
        bencher.iter(|| Tokens::build(&arena, tailoring, None, &Silent).expect("tokens"));
    });
    group.bench_function("view: lower case", |bencher| {
        bencher.iter(|| View::new(Arc::clone(&surface), lower.clone(), &Silent).expect("a view"));
    });
    group.bench_function("counts of words", |bencher| {
        bencher.iter(|| Counts::build(&view, selection, &Silent).expect("counts"));
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
