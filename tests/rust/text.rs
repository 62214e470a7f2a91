//! Hostile text and hostile patterns: linear where that can be had, and always stoppable.

use std::sync::atomic::{AtomicUsize, Ordering};

use nutgraf::error::{Error, Result};
use nutgraf::observer::{Observer, Silent};
use nutgraf::text::abbreviations::Rules;
use nutgraf::text::pattern::Pattern;
use nutgraf::text::sentences::{self, Sentence};
use nutgraf::text::tailoring::{Language, Tailoring};
use nutgraf::text::words;

/// Counts how often it is asked, and stops the job at one of the questions.
struct Patience {
    asked: AtomicUsize,
    stops: usize,
}

impl Patience {
    fn until(stops: usize) -> Self {
        Self {
            asked: AtomicUsize::new(0),
            stops,
        }
    }

    fn endless() -> Self {
        Self::until(usize::MAX)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Observer for Patience {
    fn expect(&self, _amount: usize) {}

    fn advance(&self, _amount: usize) {}

    fn cancelled(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) + 1 >= self.stops
    }
}

type Spans = Vec<(usize, usize)>;

fn scanned(text: &str, language: Language, observer: &dyn Observer) -> Result<Spans> {
    let mut spans = Vec::new();
    words::scan(text, Tailoring::all(language), observer, |start, end| {
        spans.push((start, end));
        Ok(())
    })?;
    Ok(spans)
}

fn matched(pattern: &str, text: &str, observer: &dyn Observer) -> Result<Spans> {
    let mut spans = Vec::new();
    Pattern::new(pattern)?.scan(text, observer, &mut |start, end| {
        spans.push((start, end));
        Ok(())
    })?;
    Ok(spans)
}

/// Something to begin with, something to repeat, something to end with, and the number of tokens
/// for so many repetitions.
type Row = (&'static str, &'static str, &'static str, fn(usize) -> usize);

const PIECES: &[Row] = &[
    ("", "^", "", |n| n),
    ("", "x", "", |_| 1),
    ("", "é", "", |_| 1),
    ("", "中", "", |n| n),
    ("", "カ", "", |_| 1),
    ("", "a.b.", "", |_| 1),
    ("", "a.", "", |_| 1),
    ("", "a:", "", |_| 2),
    ("", "Ab.", "", |n| 2 * n),
    ("", "ab.Ab", "", |n| 2 * n + 1),
    ("", "http://", "", |_| 1),
    ("http://x", "/y", "", |_| 1),
    ("http://x", "(", "", |_| 1),
    ("http://x", ")", "", |n| n + 1),
    ("http://x", "((", "))))", |_| 1),
    ("http://x", "()).", "", |_| 4),
    ("http://x", "!", "", |n| n + 1),
    ("", "@", "", |n| n),
    ("@", "x", "", |_| 1),
    ("@x", ".", "", |n| n + 1),
    ("#", "_", "", |_| 2),
    ("", "a@", "", |n| 2 * n),
    ("", "a@a.", "", |n| 2 * n + 2),
    ("", "a@b.cd-", "", |n| 2 * n),
    ("", "(", "", |n| n),
    ("", "l'", "", |n| n + 1),
    ("l'", "l'", "a", |n| n + 2),
    ("a", "\u{301}", "", |_| 1),
    ("", "\u{301}", "", |_| 1),
    ("a:", "\u{301}", "", |_| 2),
    ("", "\u{200D}", "", |_| 1),
    ("", "👩\u{200D}", "", |_| 1),
    ("", "🇫", "", |n| n.div_ceil(2)),
    ("", "🙂", "", |n| n),
    ("", "\u{AD}", "", |_| 1),
    ("a", "\u{200B}", "", |_| 1),
    ("", "א\"", "", |_| 2),
    ("", "1,", "", |_| 2),
    ("", "_", "", |_| 1),
];

#[test]
fn pieces_without_white_space_take_steps_in_proportion_to_their_length() {
    for &(before, unit, after, tokens) in PIECES {
        let mut asked = Vec::new();
        let many = 400_000 / unit.len() / 2 * 2;
        for many in [many, 2 * many] {
            let text = format!("{before}{}{after}", unit.repeat(many));
            let patience = Patience::endless();
            let spans = scanned(&text, Language::French, &patience).unwrap();
            assert_eq!(spans.len(), tokens(many), "{before:?} {unit:?} {after:?}");
            assert_eq!(
                spans.iter().map(|(start, end)| end - start).sum::<usize>(),
                text.len()
            );
            // One look for every 256 KiB at the least.
            assert!(patience.asked() >= text.len() >> 18, "{unit:?}");
            asked.push(patience.asked());
        }
        assert!(asked[1] <= 2 * asked[0] + asked[0] / 4 + 2, "{unit:?}: {asked:?}");
    }
}

#[test]
fn a_scan_stops_at_any_question() {
    for &(before, unit, after, _) in PIECES {
        let text = format!("{before}{}{after}", unit.repeat(400_000 / unit.len()));
        let patience = Patience::endless();
        scanned(&text, Language::French, &patience).unwrap();
        for stops in [1, 2, patience.asked()] {
            let patience = Patience::until(stops);
            let outcome = scanned(&text, Language::French, &patience);
            assert_eq!(outcome.err(), Some(Error::Cancelled), "{unit:?}");
            assert_eq!(patience.asked(), stops, "{unit:?}");
        }
    }
}

#[test]
fn a_search_stops_whatever_the_pattern_and_the_text() {
    let bits: String = (0..1u32 << 20)
        .map(|bit| {
            if bit.wrapping_mul(2_654_435_761) >> 13 & 1 == 1 {
                '1'
            } else {
                '0'
            }
        })
        .collect();
    let words = "é ABCDEFG ".repeat(1 << 17);
    let letters = "A".repeat(10 << 20);
    // Unstopped, the first two would take hours.
    let rows = [
        (r"(?s).*[^A-Z]|[A-Z]", letters.as_str()),
        (r"[01]*1[01]{4000}2", bits.as_str()),
        (r"\b[A-Z]{7}\d\b", words.as_str()),
        (r"(?:\w+ ){10}x\b!", words.as_str()),
        (r"[A-Z]{200}!", letters.as_str()),
    ];
    for (pattern, text) in rows {
        // The last is quick: ten million bytes along known states are worth ten looks.
        for stops in [1, 7] {
            let patience = Patience::until(stops);
            assert_eq!(
                matched(pattern, text, &patience),
                Err(Error::Cancelled),
                "{pattern}"
            );
            assert_eq!(patience.asked(), stops, "{pattern}");
        }
    }
}

#[test]
fn one_search_of_a_long_text_takes_steps_in_proportion_to_its_length() {
    let rows = [
        (r"\b[A-Z]{7}\d\b", "é ABCDEFG "),
        (r"[A-Z]{7}\d", "é ABCDEFG "),
        (r"[ab]*a[ab]{8}c", "abaabbabab"),
        (r"(?:\w+ ){4}x!", "naïve word "),
    ];
    for (pattern, unit) in rows {
        let asked: Vec<usize> = [300_000, 600_000]
            .map(|many| {
                let patience = Patience::endless();
                assert_eq!(matched(pattern, &unit.repeat(many), &patience), Ok(vec![]));
                patience.asked()
            })
            .into();
        assert!(asked[0] >= 1, "{pattern}: {asked:?}");
        assert!(
            asked[1] <= 2 * asked[0] + asked[0] / 4 + 2,
            "{pattern}: {asked:?}"
        );
    }
}

#[test]
fn long_texts_match_as_regex_says() {
    let unit = "The naïve envoy’s 3.5 % truce, said.The  Женева — «мир» 2²x a\u{301}b COVID-19!\n";
    let text = format!("{}end", unit.repeat(4_000));
    // As written by a user, and in the syntax of `regex` with Python's classes spelled out.
    let rows = [
        (r"\w+", r"[\p{L}\p{N}_]+"),
        (r"[^\W\d_]+", r"[^[^\p{L}\p{N}_]\d_]+"),
        (r"\S+", r"[^\s\x1c-\x1f]+"),
        (r"(?m)^\w+|\w+$", r"(?m)^[\p{L}\p{N}_]+|[\p{L}\p{N}_]+$"),
        (
            r"(?i)covid-?19|truce|tru\w+",
            r"(?i)covid-?19|truce|tru[\p{L}\p{N}_]+",
        ),
        (r"[a-z]+?e", r"[a-z]+?e"),
        (r"(?s).{100}", r"(?s).{100}"),
        (r"\p{Cyrillic}+\b", r"\p{Cyrillic}+\b"),
        (r"\A\w+|end\z", r"\A[\p{L}\p{N}_]+|end\z"),
    ];
    for (pattern, spelled) in rows {
        #[expect(clippy::disallowed_methods, reason = "regex is the oracle here")]
        let oracle = regex::Regex::new(spelled).unwrap();
        let expected: Spans = oracle
            .find_iter(&text)
            .map(|found| (found.start(), found.end()))
            .collect();
        assert!(expected.len() > 1, "{pattern}");
        assert_eq!(matched(pattern, &text, &Silent).unwrap(), expected, "{pattern}");
    }
}

#[test]
fn word_bounds_of_long_texts_are_those_of_short_ones() {
    let unit = "naïve te\u{301} m² ½ a\u{200D}b नमस्ते end. ";
    for pattern in [r"\b\w\w+\b", r"\b\w+", r"\B\w"] {
        let short = matched(pattern, unit, &Silent).unwrap();
        let long = matched(pattern, &unit.repeat(5_000), &Silent).unwrap();
        let expected: Spans = (0..5_000)
            .flat_map(|time| {
                short
                    .iter()
                    .map(move |&(start, end)| (start + time * unit.len(), end + time * unit.len()))
            })
            .collect();
        assert!(long == expected, "{pattern}");
    }
}

fn parted(text: &str, observer: &dyn Observer) -> Result<Vec<Sentence>> {
    let mut found = Vec::new();
    sentences::scan(text, &Rules::of(None)?, observer, &mut |sentence| {
        found.push(sentence);
        Ok(())
    })?;
    Ok(found)
}

/// What is repeated, between which beginning and end.
const RUNS: &[(&str, &str, &str)] = &[
    ("", ".", ""),
    ("", ". ", ""),
    ("", "a. ", ""),
    ("", "A. B", ""),
    ("A.", ")", " B"),
    ("A.", " ", "B"),
    ("A", " ", "B. C"),
    ("", "\n", ""),
    ("", " \n", "x"),
    ("a", "\u{a0}", "b"),
    ("", "\u{a0}.", ""),
    ("", "\"", "a"),
    ("A. ", "(", "B"),
    ("", "x", ". B"),
    ("", "x-", ". B"),
    ("", "x\n", ""),
    ("", "X\n- y", ""),
    ("", "。", ""),
    ("", "「。」", ""),
    ("", "न।", ""),
    ("", "\u{1361}", ""),
    ("", "A.[1]", ""),
    ("", "! »", ""),
    ("", "1. ", ""),
    ("", "é", ""),
    ("", "\u{2029}x", ""),
];

#[test]
fn sentences_take_steps_in_proportion_to_the_text_and_stop() {
    for &(before, unit, after) in RUNS {
        let mut asked = Vec::new();
        let many = 2_000_000 / unit.len();
        for many in [many, 2 * many] {
            let text = format!("{before}{}{after}", unit.repeat(many));
            let patience = Patience::endless();
            let found = parted(&text, &patience).unwrap();
            let mut end = 0;
            for sentence in found {
                assert!(text[end..sentence.start].trim().is_empty(), "{unit:?}");
                let inner = &text[sentence.start..sentence.end];
                assert_eq!(inner, inner.trim(), "{unit:?}");
                end = sentence.end;
            }
            assert!(text[end..].trim().is_empty(), "{unit:?}");
            // One look for every mebibyte at the least: below a millisecond of plain text.
            assert!(patience.asked() >= text.len() >> 20, "{unit:?}");
            asked.push(patience.asked());
        }
        assert!(asked[1] <= 2 * asked[0] + asked[0] / 4 + 2, "{unit:?}: {asked:?}");
        let text = format!("{before}{}{after}", unit.repeat(many));
        for stops in [1, asked[0]] {
            let patience = Patience::until(stops);
            assert_eq!(parted(&text, &patience), Err(Error::Cancelled), "{unit:?}");
        }
    }
}

#[test]
fn sentences_of_a_long_text_are_those_of_short_ones() {
    let unit = "Dr. Lee left the U.S. “Why?” he said. Нет.\n\n• a list\n  of 3.5. 終。«Oui !» End\n\n";
    let short = parted(unit, &Silent).unwrap();
    let long = parted(&unit.repeat(5_000), &Silent).unwrap();
    assert_eq!(short.len(), 7);
    assert_eq!(long.len(), 5_000 * short.len());
    for (number, found) in long.iter().enumerate() {
        let (time, expected) = (number / short.len(), short[number % short.len()]);
        let shift = time * unit.len();
        assert_eq!(
            (found.start - shift, found.end - shift, found.opens),
            (expected.start, expected.end, expected.opens)
        );
    }
}
