//! Agencies: the names by which they are known, found in a text between word borders.
//!
//! The lexicon comes from outside. Names are looked for as they are spelled, all at once
//! (Aho and Corasick 1975), the longest at the leftmost place; names beside each other make one group
//! ("AFP/Getty Images"). What a group does in the text is decided in `places.rs`.

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::cues::{Cues, REACH, ceil, floor, is_spaceless, trimmed_after};
use crate::corpus::pace::Pace;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "credits";

/// Bytes that are searched between two looks at the observer.
const STEP: usize = 1 << 20;

/// Names that one group may have.
const GROUP: usize = 12;

/// How much a spelling says without what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A name that means nothing else.
    Name,
    /// Letters that mean the agency where they are cited: "AP".
    Abbreviation,
    /// Letters or words that also mean something else: a credit by its place only.
    Code,
    /// "agencies", which names nobody.
    Unnamed,
    /// A phrase that is a credit on its own: "wire reports".
    Phrase,
}

impl Strength {
    /// All of them, as they are numbered outside.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Abbreviation,
        Self::Code,
        Self::Unnamed,
        Self::Phrase,
    ];
}

/// One spelling of one agency.
#[derive(Debug, Clone)]
pub struct Spelling {
    /// As it stands in texts.
    pub text: String,
    /// The number of the agency.
    pub agency: usize,
    /// What it says on its own.
    pub strength: Strength,
}

/// An agency named in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) agency: usize,
    pub(super) strength: Strength,
}

/// The spellings of all agencies.
#[derive(Debug)]
pub(super) struct Agencies {
    automaton: AhoCorasick,
    meanings: Vec<(usize, Strength)>,
    longest: usize,
}

impl Agencies {
    /// An automaton for the spellings; the first of equal ones counts.
    pub(super) fn new(spellings: &[Spelling]) -> Result<Self> {
        let (mut texts, mut meanings) = (Vec::new(), Vec::new());
        for spelling in spellings {
            for text in broken(&spelling.text) {
                memory::push(&mut texts, text, WHAT)?;
                memory::push(&mut meanings, (spelling.agency, spelling.strength), WHAT)?;
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&texts)
            .map_err(|error| {
                Error::Limit(Cause::sentence(format!(
                    "The names of agencies cannot be searched for ({error}); pass fewer of them."
                )))
            })?;
        let longest = texts.iter().map(String::len).max().unwrap_or(0);
        Ok(Self {
            automaton,
            meanings,
            longest,
        })
    }

    /// Calls `take` with every group of mentions, in order.
    pub(super) fn scan(
        &self,
        text: &str,
        cues: &Joints,
        observer: &dyn Observer,
        take: &mut dyn FnMut(&[Mention]) -> Result<()>,
    ) -> Result<()> {
        let mut group: Vec<Mention> = Vec::new();
        let (mut at, mut pace) = (0, Pace::default());
        while at < text.len() {
            let to = text.len().min(at + STEP);
            let input = Input::new(text).span(at..text.len().min(to + self.longest));
            let Some(found) = self.automaton.find(input).filter(|found| found.start() < to) else {
                observer.check()?;
                at = to;
                continue;
            };
            pace.step(256 + (found.end() - at) / 8, observer)?;
            let (agency, strength) = self.meanings[found.pattern().as_usize()];
            let mention = Mention {
                start: found.start(),
                end: found.end(),
                agency,
                strength,
            };
            at = mention.end;
            if !stands_alone(text, &mention) || cues.is_other(text, &mention) {
                continue;
            }
            if let Some(last) = group.last_mut() {
                // "Agence France-Presse (AFP)" is one name.
                let short = last.agency == mention.agency && text[last.end..mention.start].trim() == "(";
                if let (true, Some(')')) = (short, text[mention.end..].chars().next()) {
                    last.end = mention.end + 1;
                    continue;
                }
            }
            let joins = group.len() < GROUP
                && group
                    .last()
                    .is_some_and(|last| cues.joins(text, last.end, mention.start));
            if !joins && !group.is_empty() {
                take(&group)?;
                group.clear();
            }
            group.push(mention);
        }
        if group.is_empty() { Ok(()) } else { take(&group) }
    }
}

/// What stands between and beside names.
#[derive(Debug, Default)]
pub(super) struct Joints {
    /// Between two names of one group: "/", "and".
    pub(super) joiners: Cues,
    /// After a name that makes it another thing: "Institute".
    pub(super) other_after: Cues,
    /// Before it: "Thomson".
    pub(super) other_before: Cues,
}

impl Joints {
    /// Whether what stands between two mentions joins them.
    fn joins(&self, text: &str, end: usize, start: usize) -> bool {
        let between = &text[end..start];
        if between.len() > 24 || between.contains(['\n', '\r']) {
            return false;
        }
        between.trim().is_empty()
            || self
                .joiners
                .after(text, end)
                .is_some_and(|joined| trimmed_after(text, joined) == start)
    }

    fn is_other(&self, text: &str, mention: &Mention) -> bool {
        let near =
            |sign: Option<char>| sign.is_some_and(|sign| sign == ' ' || sign == '/' || sign == '\u{A0}');
        near(text[mention.end..].chars().next())
            && self.other_after.after(text, slash(text, mention.end)).is_some()
            || near(text[..mention.start].chars().next_back())
                && self.other_before.before(text, mention.start).is_some()
    }
}

/// The place after a slash that stands at `at`.
fn slash(text: &str, at: usize) -> usize {
    at + usize::from(text[at..].starts_with('/'))
}

/// A spelling, and what it becomes where a line is broken inside it.
fn broken(spelling: &str) -> Vec<String> {
    let mut spellings = vec![spelling.to_owned()];
    for (at, sign) in spelling.char_indices().filter(|(_, sign)| *sign == ' ').take(4) {
        for other in ["\n", "\u{A0}"] {
            spellings.push(format!(
                "{}{other}{}",
                &spelling[..at],
                &spelling[at + sign.len_utf8()..]
            ));
        }
    }
    spellings
}

/// Whether a mention is a word of its own, and no part of an address or a handle.
fn stands_alone(text: &str, mention: &Mention) -> bool {
    let (before, after) = (&text[..mention.start], &text[mention.end..]);
    let found = &text[mention.start..mention.end];
    let letter = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() && !is_spaceless(sign));
    let (first, last) = (found.chars().next(), found.chars().next_back());
    if letter(last) && (letter(after.chars().next()) && !is_hangul(last) || goes_on(after)) {
        return false;
    }
    if letter(first) && letter(before.chars().next_back()) && !after_clitic(before, first) {
        return false;
    }
    !before.ends_with(['@', '#', '_']) && !in_address(text, mention)
}

/// Whether a word goes on across a sign: "AP-style", "reuters.com".
fn goes_on(after: &str) -> bool {
    let mut signs = after.chars();
    match (signs.next(), signs.next()) {
        (Some('.'), Some(next)) => next.is_lowercase() || next.is_ascii_digit(),
        (Some('-'), Some(next)) => next.is_alphanumeric() && !is_spaceless(next),
        (Some('_' | '@'), _) => true,
        _ => false,
    }
}

fn is_hangul(sign: Option<char>) -> bool {
    sign.is_some_and(|sign| matches!(u32::from(sign), 0xAC00..=0xD7AF))
}

fn is_arabic(sign: char) -> bool {
    matches!(u32::from(sign), 0x0620..=0x065F | 0x0670..=0x06D3)
}

/// Whether an Arabic name has nothing but prefixes before it in its word: "لرويترز".
fn after_clitic(before: &str, first: Option<char>) -> bool {
    if !first.is_some_and(is_arabic) {
        return false;
    }
    let head = floor(before, before.len().saturating_sub(16));
    let prefix: Vec<char> = before[head..]
        .chars()
        .rev()
        .take_while(|&sign| is_arabic(sign) || sign == 'ـ')
        .collect();
    let prefix: String = prefix.into_iter().rev().filter(|&sign| sign != 'ـ').collect();
    matches!(
        prefix.as_str(),
        "و" | "ف" | "ب" | "ل" | "ك" | "لل" | "ول" | "وب" | "ال" | "وال"
    )
}

/// Whether the word around a mention is a web or mail address.
fn in_address(text: &str, mention: &Mention) -> bool {
    let head = floor(text, mention.start.saturating_sub(REACH));
    let start = text[head..mention.start]
        .rfind(char::is_whitespace)
        .map_or(head, |at| head + at);
    let tail = ceil(text, mention.end + 64);
    let end = text[mention.end..tail]
        .find(char::is_whitespace)
        .map_or(tail, |at| mention.end + at);
    let word = &text[start..end];
    word.contains("://") || word.contains("www.") || word.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn groups(text: &str) -> Vec<Vec<&str>> {
        let spelling = |text: &str, agency, strength| Spelling {
            text: text.to_owned(),
            agency,
            strength,
        };
        let agencies = Agencies::new(&[
            spelling("AP", 0, Strength::Abbreviation),
            spelling("Associated Press", 0, Strength::Name),
            spelling("Reuters", 1, Strength::Name),
            spelling("رويترز", 1, Strength::Name),
            spelling("新华社", 2, Strength::Name),
        ])
        .unwrap();
        let list = |texts: &[&str]| Cues::new(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        let joints = Joints {
            joiners: list(&["/", ",", "and", "and the"]),
            other_after: list(&["Institute", "course"]),
            other_before: list(&["Thomson"]),
        };
        let mut found = Vec::new();
        agencies
            .scan(text, &joints, &Silent, &mut |group| {
                found.push(group.iter().map(|one| &text[one.start..one.end]).collect());
                Ok(())
            })
            .unwrap();
        found
    }

    #[test]
    fn names_stand_alone_and_in_groups() {
        for (text, expected) in [
            (
                "AP, Reuters and the Associated\nPress",
                vec![vec!["AP", "Reuters", "Associated\nPress"]],
            ),
            ("AP said. Reuters did.", vec![vec!["AP"], vec!["Reuters"]]),
            ("APs MAP AP-style AP_1 @AP #AP AP.com a@AP.org", vec![]),
            ("https://x.org/AP/1 www.Reuters.com/AP", vec![]),
            ("Reuters Institute, Thomson Reuters, AP course", vec![]),
            ("AP-", vec![vec!["AP"]]),
            (
                "the Associated Press (AP) and Reuters",
                vec![vec!["Associated Press (AP)", "Reuters"]],
            ),
            ("لرويترز ورويترز برويترزا", vec![vec!["رويترز"], vec!["رويترز"]]),
            ("据新华社报道", vec![vec!["新华社"]]),
            ("Putin.AP", vec![vec!["AP"]]),
        ] {
            assert_eq!(groups(text), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_are_searched_in_steps() {
        let text = format!("{}Reuters{}AP", "x ".repeat(STEP / 2 - 2), " y".repeat(STEP));
        assert_eq!(groups(&text), [["Reuters"]]);
    }
}
