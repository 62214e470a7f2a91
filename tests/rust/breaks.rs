//! Unicode's own test of word bounds: without tailorings the scanner finds what the standard says.

use nutgraf::error::Result;
use nutgraf::observer::Silent;
use nutgraf::text::tailoring::Tailoring;
use nutgraf::text::words;

const FILE: &str = include_str!("../golden/WordBreakTest.txt");

/// A line separator: a word breaks before and after it, whatever stands there.
const SEPARATOR: char = '\u{2028}';

/// Each sample, as the segments that it falls into.
fn samples() -> Option<Vec<Vec<String>>> {
    let sign = |code: &str| u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
    let segment = |codes: &str| -> Option<String> {
        codes
            .split_whitespace()
            .filter(|&code| code != "×")
            .map(sign)
            .collect()
    };
    let lines = FILE.lines().filter(|line| line.starts_with('÷'));
    lines
        .map(|line| line.trim_matches('÷').split('÷').map(segment).collect())
        .collect()
}

fn scanned(text: &str) -> Result<Vec<&str>> {
    let mut found = Vec::new();
    words::scan(text, Tailoring::none(), &Silent, |start, end| {
        found.push(&text[start..end]);
        Ok(())
    })?;
    Ok(found)
}

fn is_token(segment: &str) -> bool {
    !segment.chars().all(char::is_whitespace)
}

#[test]
fn the_file_is_of_the_version_that_the_tables_have() {
    let (major, minor, update) = unicode_segmentation::UNICODE_VERSION;
    let name = format!("# WordBreakTest-{major}.{minor}.{update}.txt");
    assert_eq!(FILE.lines().next(), Some(name.as_str()));
    assert_eq!(samples().map(|all| all.len()), Some(1944));
}

#[test]
fn without_tailorings_every_sample_breaks_where_unicode_says() {
    for sample in samples().unwrap() {
        let expected: Vec<&String> = sample.iter().filter(|segment| is_token(segment)).collect();
        assert_eq!(scanned(&sample.concat()).unwrap(), expected, "{sample:?}");
    }
}

#[test]
fn the_samples_break_so_wherever_they_stand_in_a_long_text() {
    let samples = samples().unwrap();
    let expected: Vec<&String> = samples
        .iter()
        .flatten()
        .filter(|segment| is_token(segment))
        .collect();
    let parts: Vec<String> = samples.iter().map(|sample| sample.concat()).collect();
    let text = parts.join(SEPARATOR.to_string().as_str());
    // Shifted against the windows in which the scanner looks.
    for shift in 0..64 {
        let before = "\n".repeat(shift);
        assert_eq!(scanned(&format!("{before}{text}")).unwrap(), expected, "{shift}");
    }
}
