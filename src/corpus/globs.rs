//! Globs: words with wildcards, and which of many terms they match.
//!
//! `*` stands for any characters, `?` for one; a backslash makes either of them an ordinary sign.
//! A glob matches a whole term. Case is the caller's business; terms come with one small letter
//! sigma ([`one_sigma`]), since which of the two a word has depends on what a glob hides.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::pace::Pace;
use super::sorting;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "a dictionary";

/// A part of a glob between two stars.
#[derive(Debug, Clone, Default, PartialEq)]
struct Segment {
    /// Its signs; `None` is one character, whichever.
    signs: Vec<Option<char>>,
    /// Its text, where every sign is given.
    text: Option<String>,
}

impl Segment {
    fn of(signs: Vec<Option<char>>) -> Self {
        let text = signs.iter().copied().collect();
        Self { signs, text }
    }

    /// What follows the segment at the start of a term.
    fn strip_prefix<'term>(&self, term: &'term str) -> Option<&'term str> {
        let mut rest = term.chars();
        self.signs
            .iter()
            .all(|sign| {
                rest.next()
                    .is_some_and(|found| sign.is_none_or(|wanted| wanted == found))
            })
            .then_some(rest.as_str())
    }

    /// What stands before the segment at the end of a term.
    fn strip_suffix<'term>(&self, term: &'term str) -> Option<&'term str> {
        let mut rest = term.chars();
        self.signs
            .iter()
            .rev()
            .all(|sign| {
                rest.next_back()
                    .is_some_and(|found| sign.is_none_or(|wanted| wanted == found))
            })
            .then_some(rest.as_str())
    }

    /// What follows the first place of the segment.
    fn find<'term>(
        &self,
        term: &'term str,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<Option<&'term str>> {
        if let Some(text) = &self.text {
            pace.step(term.len(), observer)?;
            return Ok(term.find(text.as_str()).map(|place| &term[place + text.len()..]));
        }
        let mut rest = term;
        loop {
            pace.step(self.signs.len(), observer)?;
            if let Some(after) = self.strip_prefix(rest) {
                return Ok(Some(after));
            }
            let mut next = rest.chars();
            if next.next().is_none() {
                return Ok(None);
            }
            rest = next.as_str();
        }
    }
}

/// A word with wildcards.
#[derive(Debug, Clone, PartialEq)]
pub struct Glob {
    /// What stands between the stars; one segment is a glob without a star.
    segments: Vec<Segment>,
}

impl Glob {
    /// The glob that is written so.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let written = one_sigma(written);
        let (mut segments, mut signs) = (Vec::new(), Vec::new());
        let mut characters = written.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' => segments.push(Segment::of(std::mem::take(&mut signs))),
                '?' => signs.push(None),
                '\\' => signs.push(Some(characters.next().unwrap_or('\\'))),
                other => signs.push(Some(other)),
            }
        }
        segments.push(Segment::of(signs));
        Self { segments }
    }

    /// Whether it matches whatever stands there.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        self.segments.len() > 1 && self.segments.iter().all(|segment| segment.signs.is_empty())
    }

    /// Whether a term matches. Takes time in the length of the term, times that of the segments with
    /// a question mark.
    pub fn matches(&self, term: &str, pace: &mut Pace, observer: &dyn Observer) -> Result<bool> {
        pace.step(8, observer)?;
        let (Some((first, others)), true) = (self.segments.split_first(), self.segments.len() > 1) else {
            return Ok(self.segments[0].strip_prefix(term) == Some(""));
        };
        let Some((last, middle)) = others.split_last() else {
            return Ok(false);
        };
        let Some(mut rest) = first.strip_prefix(term).and_then(|rest| last.strip_suffix(rest)) else {
            return Ok(false);
        };
        for segment in middle {
            match segment.find(rest, pace, observer)? {
                Some(after) => rest = after,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The given signs at its start.
    fn beginning(&self) -> String {
        given(
            self.segments
                .first()
                .into_iter()
                .flat_map(|segment| &segment.signs),
        )
    }

    /// The given signs at its end, last first.
    fn ending(&self) -> String {
        given(
            self.segments
                .last()
                .into_iter()
                .flat_map(|segment| segment.signs.iter().rev()),
        )
    }
}

fn given<'sign>(signs: impl Iterator<Item = &'sign Option<char>>) -> String {
    signs.map_while(|sign| *sign).collect()
}

/// A term with one small letter sigma: a final `ς` becomes `σ`.
#[must_use]
pub fn one_sigma(term: &str) -> Cow<'_, str> {
    if term.contains('ς') {
        Cow::Owned(term.replace('ς', "σ"))
    } else {
        Cow::Borrowed(term)
    }
}

/// A term as it is read from its end.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Backwards<'term>(&'term str);

impl Ord for Backwards<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.chars().rev().cmp(other.0.chars().rev())
    }
}

impl PartialOrd for Backwards<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Terms in two orders, in which those with one beginning, or one ending, stand together.
#[derive(Debug)]
pub struct Index<'terms> {
    terms: &'terms Vocabulary,
    forwards: Option<Vec<u32>>,
    backwards: Option<Vec<u32>>,
}

impl<'terms> Index<'terms> {
    /// An index of some terms, for some globs.
    pub fn new(terms: &'terms Vocabulary, globs: &[Glob], observer: &dyn Observer) -> Result<Self> {
        let count = u32::try_from(terms.len()).unwrap_or(u32::MAX);
        let all = || -> Result<Vec<u32>> {
            let mut order = memory::with_capacity(terms.len(), WHAT)?;
            order.extend(0..count);
            Ok(order)
        };
        let begins = |glob: &Glob| !glob.beginning().is_empty();
        let mut index = Self {
            terms,
            forwards: None,
            backwards: None,
        };
        if globs.iter().any(begins) {
            let mut order = all()?;
            sorting::sort_by_key(&mut order, observer, |&id| terms.term(id))?;
            index.forwards = Some(order);
        }
        if globs
            .iter()
            .any(|glob| !begins(glob) && !glob.ending().is_empty())
        {
            let mut order = all()?;
            sorting::sort_by_key(&mut order, observer, |&id| Backwards(terms.term(id)))?;
            index.backwards = Some(order);
        }
        Ok(index)
    }

    /// Calls `take` with each term that a glob matches, in no order that means something.
    pub fn each(
        &self,
        glob: &Glob,
        pace: &mut Pace,
        observer: &dyn Observer,
        mut take: impl FnMut(u32) -> Result<()>,
    ) -> Result<()> {
        let (beginning, ending) = (glob.beginning(), glob.ending());
        let among = if !beginning.is_empty() {
            self.forwards
                .as_ref()
                .map(|order| within(order, |id| compare(self.terms.term(id).chars(), &beginning)))
        } else if !ending.is_empty() {
            self.backwards
                .as_ref()
                .map(|order| within(order, |id| compare(self.terms.term(id).chars().rev(), &ending)))
        } else {
            None
        };
        if let Some(among) = among {
            for &id in among {
                if glob.matches(self.terms.term(id), pace, observer)? {
                    take(id)?;
                }
            }
            return Ok(());
        }
        for (id, term) in self.terms.iter().enumerate() {
            if glob.matches(term, pace, observer)? {
                take(u32::try_from(id).unwrap_or(u32::MAX))?;
            }
        }
        Ok(())
    }
}

/// The part of an order that compares as equal.
fn within(order: &[u32], compared: impl Fn(u32) -> Ordering) -> &[u32] {
    let first = order.partition_point(|&id| compared(id).is_lt());
    let length = order[first..].partition_point(|&id| compared(id).is_eq());
    &order[first..first + length]
}

/// How the beginning of a term compares with `wanted`.
fn compare(mut term: impl Iterator<Item = char>, wanted: &str) -> Ordering {
    for wanted in wanted.chars() {
        match term.next() {
            None => return Ordering::Less,
            Some(found) if found != wanted => return found.cmp(&wanted),
            Some(_) => {}
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn matches(glob: &str, term: &str) -> bool {
        Glob::new(glob)
            .matches(&one_sigma(term), &mut Pace::default(), &Silent)
            .unwrap()
    }

    #[test]
    fn named_rows() {
        let rows = [
            ("tariff*", "tariff", true),
            ("tariff*", "tariffs", true),
            ("tariff*", "a tariff", false),
            ("*tariff", "antitariff", true),
            ("t?riff", "tariff", true),
            ("t?riff", "triff", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXc", false),
            ("a*a", "a", false),
            ("*?*", "", false),
            ("*", "", true),
            ("*b?*", "ab", false),
            ("*b?d*", "abbcd", true),
            ("caf?", "café", true),
            (r"\*", "*", true),
            (r"\*", "x", false),
            (r"a\", r"a\", true),
            ("οδο*", "οδος", true),
            ("οδος*", "οδοστρωμα", true),
        ];
        for (glob, term, wanted) in rows {
            assert_eq!(matches(glob, term), wanted, "{glob} {term}");
        }
        assert!(
            Glob::new("**").is_anything() && !Glob::new("?*").is_anything() && !Glob::new("").is_anything()
        );
    }

    #[test]
    fn an_endless_term_takes_no_endless_time() {
        let term = "a".repeat(1 << 20);
        assert!(!matches("*a*a*a*a*a*b*", &term));
        assert!(matches("a*a?a*a", &term));
    }

    /// The obvious matcher.
    fn obvious(glob: &[char], term: &[char]) -> bool {
        match (glob.split_first(), term.split_first()) {
            (None, _) => term.is_empty(),
            (Some((&'*', rest)), _) => {
                obvious(rest, term) || term.split_first().is_some_and(|(_, term)| obvious(glob, term))
            }
            (Some((&sign, rest)), Some((&found, term))) => {
                (sign == '?' || sign == found) && obvious(rest, term)
            }
            (Some(_), None) => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn globs_match_what_the_obvious_matcher_does(glob in "[ab?*é]{0,8}", term in "[abé]{0,10}") {
            let signs = |text: &str| text.chars().collect::<Vec<_>>();
            proptest::prop_assert_eq!(matches(&glob, &term), obvious(&signs(&glob), &signs(&term)));
        }

        #[test]
        fn the_index_finds_what_matches(globs in proptest::collection::vec("[ab?*é]{1,5}", 1..4),
                                        terms in proptest::collection::vec("[abé]{0,5}", 0..12)) {
            let mut all = Vocabulary::new();
            for term in &terms {
                all.intern(term).unwrap();
            }
            let globs: Vec<Glob> = globs.iter().map(|glob| Glob::new(glob)).collect();
            let index = Index::new(&all, &globs, &Silent).unwrap();
            for glob in &globs {
                let (mut found, mut pace) = (Vec::new(), Pace::default());
                index.each(glob, &mut pace, &Silent, |id| { found.push(id); Ok(()) }).unwrap();
                found.sort_unstable();
                let wanted: Vec<u32> = (0u32..).zip(all.iter())
                    .filter(|(_, term)| glob.matches(term, &mut Pace::default(), &Silent).unwrap())
                    .map(|(id, _)| id).collect();
                proptest::prop_assert_eq!(found, wanted);
            }
        }
    }
}
