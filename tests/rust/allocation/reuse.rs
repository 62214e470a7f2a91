//! Jobs that find reuse: see `main.rs`.

use std::fmt::Write as _;
use std::sync::Arc;

use nutgraf::corpus::views::{Settings, View};
use nutgraf::error::Result;
use nutgraf::observer::Silent;
use nutgraf::reuse::bands::Bands;
use nutgraf::reuse::credits::{self, Spelling, Strength};
use nutgraf::reuse::furniture::Search;
use nutgraf::reuse::lexicon::{At, Kind, Lexicon, Rule, Then};
use nutgraf::reuse::minhash;
use nutgraf::reuse::near::{self, Linkage, NearDuplicates, Options, Scope, Unit};
use nutgraf::reuse::passages::{self, passages};
use nutgraf::reuse::recurring::Sources;
use nutgraf::reuse::repeats::Repeats;
use nutgraf::text::arena::Arena;
use nutgraf::text::masks::Span;

use super::{Job, digest, texts, tokens, view};

pub(super) const JOBS: [&str; 18] = [
    "near duplicates of words",
    "near duplicates of characters",
    "equal documents",
    "pairs",
    "similarity",
    "containment",
    "against another corpus",
    "across labels, within days",
    "stars",
    "noisy copies",
    "signatures",
    "minhash",
    "passages of words",
    "passages of letters",
    "repeats",
    "furniture",
    "credits",
    "masks",
];

fn options(unit: Unit) -> Options {
    Options {
        threshold: 0.5,
        shingle: if unit == Unit::Char { 12 } else { 5 },
        unit,
        across_gaps: false,
        ..Options::default()
    }
}

fn near(view: &View, unit: Unit) -> Result<NearDuplicates> {
    NearDuplicates::build(view, &options(unit), &Scope::default(), &Silent)
}

fn of_near(found: &NearDuplicates) -> String {
    digest(
        found
            .labels()
            .iter()
            .map(|&label| u64::from(label))
            .chain(found.pair_count()),
    )
}

/// Searches once; what was found in short.
pub(super) fn near_duplicates(view: &View) -> Result<String> {
    Ok(of_near(&near(view, Unit::Word)?))
}

/// Documents some of which say again what they said, or are one after another.
fn seen(texts: Vec<String>) -> View {
    let arena = Arc::new(Arena::from_texts(texts).unwrap());
    View::new(Arc::new(tokens(&arena).unwrap()), Settings::surface(), &Silent).unwrap()
}

/// Documents of words of their own, every second of which is the one before it and a word more.
fn copies(documents: usize, words: usize) -> View {
    let text = |row: usize| {
        let mut text = String::new();
        for word in 0..words {
            let _ = write!(text, "a{}b{word} ", row / 2);
        }
        text + if row % 2 == 1 { "more" } else { "" }
    };
    seen((0..documents).map(text).collect())
}

/// Many short documents of so many lines, and one that is long.
fn lines(documents: usize, lines: usize, line: impl Fn(usize, usize) -> String) -> Vec<String> {
    let text = |document: usize, lines: usize| {
        let mut text = String::new();
        for number in 0..lines {
            let _ = writeln!(text, "{}", line(document, number));
        }
        text
    };
    let mut all: Vec<String> = (0..documents).map(|document| text(document, lines)).collect();
    all.push(text(documents, documents * lines));
    all
}

fn furniture() -> Lexicon {
    let kinds = [("links", Then::Links), ("tail", Then::Tail)].map(|(name, then)| Kind {
        name: name.to_owned(),
        words: 8,
        then,
    });
    let rules = [(0, "read more"), (1, "comments")].map(|(kind, phrase)| Rule {
        kind,
        name: phrase.to_owned(),
        at: At::Start,
        phrase: phrase.to_owned(),
    });
    Lexicon::new(kinds.to_vec(), rules.to_vec()).unwrap()
}

fn agencies() -> credits::Lexicon {
    const CUES: &str = "joiners other_after other_before between nouns_before nouns_after people byline \
                        photo_before photo_after wire_after text_before text_opening text_after material \
                        follows copyright cited_before cited_after adverbs goes_on";
    let cues: Vec<(String, Vec<String>)> = CUES
        .split(' ')
        .map(|name| (name.to_owned(), vec![name.replace('_', " ")]))
        .collect();
    let spelling = Spelling {
        text: "Mirvane Press".to_owned(),
        agency: 0,
        strength: Strength::Name,
    };
    credits::Lexicon::new(&[spelling], vec![false], &cues).unwrap()
}

fn searched(view: View, options: Options, scope: Scope) -> Job {
    Box::new(move || Ok(of_near(&NearDuplicates::build(&view, &options, &scope, &Silent)?)))
}

/// Prepares a job; only what it does itself can fail.
#[allow(clippy::too_many_lines, reason = "one arm for each job")]
pub(super) fn job(name: &str) -> Job {
    match name {
        "near duplicates of words" | "near duplicates of characters" => {
            let unit = if name.ends_with("words") {
                Unit::Word
            } else {
                Unit::Char
            };
            let view = copies(20_000, if unit == Unit::Char { 4 } else { 24 });
            Box::new(move || Ok(of_near(&near(&view, unit)?)))
        }
        "equal documents" => {
            let view = view(300_000, 5, 20);
            Box::new(move || Ok(of_near(&near(&view, Unit::Word)?)))
        }
        "pairs" => {
            let arena = Arc::new(Arena::from_texts(vec!["one two three four five six"; 1_000]).unwrap());
            let view = View::new(Arc::new(tokens(&arena).unwrap()), Settings::surface(), &Silent).unwrap();
            let found = near(&view, Unit::Word).unwrap();
            Box::new(move || {
                let pairs = found.pairs(Some((0, 10)), 200_000, &Silent)?;
                Ok(digest(
                    pairs
                        .iter()
                        .map(|pair| u64::from(pair.left) << 32 | u64::from(pair.right)),
                ))
            })
        }
        "similarity" => {
            let view = view(1_000, 20, 1_000);
            let found = near(&view, Unit::Word).unwrap();
            let rows: Vec<(u32, u32)> = (0..300_000u32).map(|row| (row % 1_000, row % 7)).collect();
            Box::new(move || {
                let similar = found.similarity_to(&view, &rows, &Silent)?;
                let runs = near::shared_runs(&view, 2, 3, 5, &Silent)?;
                Ok(digest(
                    similar.into_iter().map(f64::to_bits).chain([runs.len() as u64]),
                ))
            })
        }
        "containment" => {
            let options = Options {
                containment: Some(0.8),
                ..options(Unit::Word)
            };
            searched(copies(6_000, 60), options, Scope::default())
        }
        "against another corpus" => {
            let scope = Scope {
                second: Some(8_003),
                ..Scope::default()
            };
            searched(copies(20_000, 24), options(Unit::Word), scope)
        }
        "across labels, within days" => {
            let scope = Scope {
                labels: Some((0..140_000).map(|row| row % 7).collect()),
                moments: Some((0..140_000).map(|row| row / 50).collect()),
                window: 3,
                ..Scope::default()
            };
            searched(view(140_000, 5, 100_000), options(Unit::Word), scope)
        }
        "stars" => {
            let options = Options {
                linkage: Linkage::Star,
                ..options(Unit::Word)
            };
            searched(view(140_000, 6, 100_000), options, Scope::default())
        }
        "noisy copies" => {
            let options = Options {
                noisy: true,
                ..options(Unit::Word)
            };
            searched(copies(8_000, 40), options, Scope::default())
        }
        "signatures" => {
            let view = view(5_000, 30, 200_000);
            Box::new(move || {
                let made: Vec<u64> = minhash::signatures(&view, &options(Unit::Word), 64, &Silent)?;
                Ok(digest(made))
            })
        }
        "minhash" => {
            let (view, options) = (view(20_000, 12, 200_000), options(Unit::Word));
            let bands = Bands::choose(options.threshold, 0.9, 64).unwrap();
            Box::new(move || {
                let scope = Scope::default();
                let (found, extent) = NearDuplicates::sketched(&view, &options, &scope, bands, &Silent)?;
                Ok(of_near(&found) + &digest([extent.candidates]))
            })
        }
        "passages of words" | "passages of letters" => {
            let letters = name.ends_with("letters");
            let options = passages::Options {
                unit: if letters { Unit::Char } else { Unit::Word },
                min_tokens: if letters { 60 } else { 12 },
                max_documents: None,
                patience: None,
                aligned: true,
            };
            let view = if letters {
                copies(8_000, 40)
            } else {
                view(80_000, 14, 60_000)
            };
            Box::new(move || {
                let (found, extent) = passages(&view, &options, &Scope::default(), &Silent)?;
                let places = found.iter().flat_map(|found| {
                    let (left, right) = (found.left_span, found.right_span);
                    [left.0, left.1, right.0, right.1].map(u64::from)
                });
                Ok(digest(places.chain([extent.candidates])))
            })
        }
        "repeats" => {
            let again = |text: String| text.clone() + &text;
            let mut all: Vec<String> = texts(20_000, 15, 60_000).into_iter().map(again).collect();
            all.extend(texts(1, 100_000, 60_000).into_iter().map(again));
            let view = seen(all);
            Box::new(move || {
                let found = Repeats::build(&view, 12, &Silent)?;
                let places = found
                    .repeats
                    .iter()
                    .map(|found| u64::from(found.first.0) << 32 | u64::from(found.later.1));
                Ok(digest(places))
            })
        }
        "furniture" => {
            let line = |document: usize, line: usize| match line % 8 {
                0 => format!("Headline {document} of many pages here"),
                3 => "Follow us on our page".to_owned(),
                6 => format!("Read more from page {line}"),
                _ => format!("Line {line} of article {document} says a little more than that."),
            };
            let all = lines(6_000, 16, line);
            let count = all.len();
            let (sources, clusters): (Vec<i64>, Vec<i64>) = (0..).zip(0..).take(count).collect();
            let sources: Vec<i64> = sources.into_iter().map(|row: i64| row % 3).collect();
            let (arena, titles) = (
                Arena::from_texts(all).unwrap(),
                Arena::from_texts((0..count).map(|row| format!("Headline {row} of many pages here")))
                    .unwrap(),
            );
            let lexicon = furniture();
            Box::new(move || {
                let sources = Sources::new(&sources, &clusters, 3, count)?;
                let found = Search::new(&arena, Some(&titles), sources, &lexicon).places(&Silent)?;
                let places = found
                    .iter()
                    .map(|place| u64::from(place.bytes.0) << 32 | u64::from(place.bytes.1));
                Ok(digest(places))
            })
        }
        "credits" => {
            let all = lines(12_000, 2, |_, line| {
                format!("PORT (Mirvane Press) — Line {line} of an article by Mirvane Press, it says.")
            });
            let (arena, lexicon) = (Arc::new(Arena::from_texts(all).unwrap()), agencies());
            Box::new(move || {
                let found = credits::find(&arena, &lexicon, &Silent)?;
                Ok(digest(
                    found
                        .iter()
                        .flat_map(|credit| [credit.points.0 as u64, credit.row as u64]),
                ))
            })
        }
        "masks" => {
            let arena = Arc::new(Arena::from_texts(texts(100_000, 5, 60_000)).unwrap());
            let spans: Vec<Span> = (0..200_000)
                .map(|span| Span {
                    row: span / 2,
                    start: span % 2 * 4,
                    end: span % 2 * 4 + 3,
                })
                .collect();
            Box::new(move || {
                let masked = Arc::new(arena.without(&spans, &Silent)?);
                let tokens = tokens(&masked)?;
                Ok(digest(
                    (0..tokens.documents()).map(|row| tokens.ids(row).len() as u64),
                ))
            })
        }
        _ => panic!("there is no job {name:?}"),
    }
}
