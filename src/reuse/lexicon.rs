//! A lexicon of page furniture: what a line says when it is no part of an article.
//!
//! Rules are written by people, one phrase each, and come in as data. They are compared in lower case,
//! with white space, apostrophes and dashes folded and the signs around a line left out; a phrase
//! begins and ends where words do, and `*` stands for a few words.

use crate::error::{Error, Result};
use crate::text::normalize;

use super::stretches::is_dense;

/// Bytes that a `*` stands for, at most.
const GAP: usize = 60;

/// Where a phrase must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The line is the phrase.
    Whole,
    /// The line begins with it.
    Start,
    /// The line ends with it.
    End,
    /// Anywhere in the line.
    In,
    /// At the beginning of a line that may be of any length; only the phrase is furniture.
    Phrase,
    /// The line is made of such phrases, at least two.
    Items,
}

impl At {
    /// The place as rules write it.
    pub fn of(name: &str) -> Result<Self> {
        Ok(match name {
            "whole" => Self::Whole,
            "start" => Self::Start,
            "end" => Self::End,
            "in" => Self::In,
            "phrase" => Self::Phrase,
            "items" => Self::Items,
            _ => {
                let rule = "a place is whole, start, end, in, phrase or items";
                return Err(Error::parameter("lexicon", &name, rule, "write one of these"));
            }
        })
    }
}

/// What follows a line of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing that is furniture for that reason.
    Nothing,
    /// A list of links: entries, or headlines up to the end.
    Links,
    /// Short lines up to the end: comments, the text of a theme.
    Tail,
}

/// A kind of furniture.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// Words of a line of this kind, at most.
    pub words: u32,
    /// What follows.
    pub then: Then,
}

/// One phrase.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The kind, by its number.
    pub kind: usize,
    /// The name under which rows tell it.
    pub name: String,
    /// Where the phrase must stand.
    pub at: At,
    /// The phrase.
    pub phrase: String,
}

/// Rules by the first byte of their phrases.
#[derive(Debug)]
pub struct Lexicon {
    kinds: Vec<Kind>,
    rules: Vec<Rule>,
    parts: Vec<Vec<String>>,
    firsts: Vec<Vec<u32>>,
}

/// What a line looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// Its words.
    pub(super) words: u32,
    /// Whether it reads like a sentence.
    pub(super) prose: bool,
    /// Whether it is a part of a line.
    pub(super) part: bool,
}

/// A rule that a line follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) rule: usize,
    /// Where the furniture ends, in bytes of the line.
    pub(super) end: usize,
}

impl Lexicon {
    /// A lexicon of these rules; of two that a line follows the first one counts.
    pub fn new(kinds: Vec<Kind>, rules: Vec<Rule>) -> Result<Self> {
        let (mut parts, mut firsts) = (Vec::with_capacity(rules.len()), vec![Vec::new(); 256]);
        for (number, rule) in (0u32..).zip(&rules) {
            let mut folded = Folded::default();
            folded.read(&rule.phrase, true);
            let Some(&first) = folded.text.as_bytes().first().filter(|&&first| first != b'*') else {
                let rule_text = "a phrase begins with a word";
                return Err(Error::parameter(
                    "lexicon",
                    &rule.phrase,
                    rule_text,
                    "write the word first",
                ));
            };
            firsts[first as usize].push(number);
            parts.push(
                folded
                    .text
                    .split('*')
                    .map(|part| part.trim().to_owned())
                    .collect(),
            );
        }
        Ok(Self {
            kinds,
            rules,
            parts,
            firsts,
        })
    }

    pub(super) fn kind(&self, rule: usize) -> &Kind {
        &self.kinds[self.rules[rule].kind]
    }

    /// The kinds.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The first rule that a line of this form follows.
    pub(super) fn find(&self, line: &Folded, form: Form) -> Option<Match> {
        let text = line.text.as_str();
        let mut best: Option<Match> = None;
        let mut at_word = true;
        for (at, character) in text.char_indices() {
            if at_word || is_dense(character) {
                for &number in &self.firsts[text.as_bytes()[at] as usize] {
                    let number = number as usize;
                    if best.is_some_and(|best| best.rule <= number) {
                        break;
                    }
                    if let Some(end) = self.follows(number, line, at, form) {
                        best = Some(Match { rule: number, end });
                        break;
                    }
                }
            }
            at_word = !character.is_alphanumeric();
            if at > LONGEST {
                break;
            }
        }
        best
    }

    /// Where the furniture ends if a line follows a rule with the phrase at `at`.
    fn follows(&self, number: usize, line: &Folded, at: usize, form: Form) -> Option<usize> {
        let rule = &self.rules[number];
        // A credit ends without a stop, and so does a head.
        let heads = rule.at == At::Start && self.kinds[rule.kind].then != Then::Nothing;
        if form.prose && (heads || rule.at == At::End) {
            return None;
        }
        // What is left of a flattened text may begin anywhere: two words are too few to know it by.
        let short =
            matches!(rule.at, At::Whole | At::Start) && self.parts[number].concat().split(' ').count() < 3;
        if form.part && short && self.parts[number].concat().is_ascii() {
            return None;
        }
        if rule.at != At::Phrase && form.words > self.kinds[rule.kind].words {
            return None;
        }
        if at > 0 && matches!(rule.at, At::Whole | At::Start | At::Phrase | At::Items) {
            return None;
        }
        let text = line.text.as_str();
        let end = stands(&self.parts[number], text, at)?;
        let whole = line.source(text.len());
        match rule.at {
            At::Start | At::In => Some(whole),
            At::Whole | At::End => (end == text.len()).then_some(whole),
            At::Phrase => Some(line.source(end)),
            At::Items => self.only_items(rule.kind, text, end).then_some(whole),
        }
    }

    /// Whether the rest of a line is items of one kind, and one at least.
    fn only_items(&self, kind: usize, text: &str, mut at: usize) -> bool {
        let mut items = 1;
        loop {
            let rest = text[at..].trim_start_matches(|sign: char| !sign.is_alphanumeric());
            at = text.len() - rest.len();
            let Some(&first) = rest.as_bytes().first() else {
                return items > 1;
            };
            let item = |&&number: &&u32| {
                let rule = &self.rules[number as usize];
                rule.at == At::Items && rule.kind == kind
            };
            let ends = self.firsts[first as usize].iter().filter(item);
            match ends
                .filter_map(|&number| stands(&self.parts[number as usize], text, at))
                .max()
            {
                Some(end) => at = end,
                None => return false,
            }
            items += 1;
        }
    }
}

/// Bytes of a line that are looked at.
const LONGEST: usize = 2000;

/// Where a phrase ends that begins at `at`.
fn stands(parts: &[String], text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    for (number, part) in parts.iter().enumerate() {
        let rest = &text[end..];
        if number == 0 {
            if !rest.starts_with(part.as_str()) {
                return None;
            }
            end += part.len();
        } else if part.is_empty() {
            // A star at the end: the rest of the line, if it is short.
            end = if rest.len() <= GAP {
                text.len()
            } else {
                return None;
            };
        } else {
            let offset = rest.find(part.as_str()).filter(|&offset| offset <= GAP)?;
            end += offset + part.len();
        }
    }
    let before = text[..end]
        .chars()
        .next_back()
        .is_some_and(|sign| sign.is_alphanumeric() && !is_dense(sign));
    let after = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (!(before && after)).then_some(end)
}

/// A line as rules see it.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte the one of the line where what it came from ends.
    ends: Vec<u32>,
    /// Whether a sign of a list stood before it.
    pub(super) entry: bool,
}

impl Folded {
    /// Reads the beginning of a line; a `pattern` keeps its stars, and the colon
    /// at its end.
    pub(super) fn read(&mut self, line: &str, pattern: bool) {
        self.text.clear();
        self.ends.clear();
        let kept = |sign: char| {
            sign.is_alphanumeric() || matches!(sign, '©' | '#' | '@') || pattern && matches!(sign, '*' | ':')
        };
        let inner = line.trim_end_matches(|sign: char| !kept(sign));
        let start = inner.len() - inner.trim_start_matches(|sign: char| !kept(sign)).len();
        let head = line[..start].trim();
        self.entry = !head.is_empty()
            && head
                .chars()
                .all(|sign| !matches!(sign, '"' | '“' | '«' | '(' | '[' | '\'' | '‘'));
        let mut before = ' ';
        for (offset, character) in inner[start..].char_indices() {
            let end = start + offset + character.len_utf8();
            if self.text.len() > LONGEST + GAP {
                break;
            }
            let folded = match character {
                '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
                '‐'..='―' => '-',
                '“' | '”' | '„' | '«' | '»' => '"',
                '：' => ':',
                '\u{200e}' | '\u{200f}' | '\u{ad}' | '\u{200b}' | '\u{feff}' => continue,
                other if other.is_whitespace() => ' ',
                other => other,
            };
            if folded == ' ' && before == ' ' {
                continue;
            }
            before = folded;
            if folded.is_ascii() {
                self.text.push(folded.to_ascii_lowercase());
            } else {
                let mut spelled = [0; 4];
                self.text
                    .push_str(&normalize::lower(folded.encode_utf8(&mut spelled)));
            }
            self.ends
                .resize(self.text.len(), u32::try_from(end).unwrap_or(u32::MAX));
        }
    }

    /// The byte of the line after so many folded ones.
    fn source(&self, end: usize) -> usize {
        end.checked_sub(1)
            .and_then(|last| self.ends.get(last))
            .map_or(0, |&end| end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let kind = |name: &str, words| Kind {
            name: name.to_owned(),
            words,
            then: Then::Nothing,
        };
        let rule = |kind, at, phrase: &str| Rule {
            kind,
            name: phrase.to_owned(),
            at,
            phrase: phrase.to_owned(),
        };
        let rules = vec![
            rule(0, At::Whole, "Read more"),
            rule(0, At::Start, "Follow * on Twitter"),
            rule(1, At::End, "photo by *"),
            rule(0, At::In, "your inbox"),
            rule(2, At::Phrase, "image copyright * image caption"),
            rule(3, At::Items, "facebook"),
            rule(3, At::Items, "copy link"),
            rule(0, At::Start, "分享到"),
            rule(0, At::Start, "© *"),
        ];
        let kinds = vec![kind("a", 10), kind("b", 20), kind("c", 0), kind("d", 12)];
        Lexicon::new(kinds, rules).unwrap()
    }

    #[test]
    fn lines_follow_rules() {
        let lexicon = lexicon();
        let mut folded = Folded::default();
        for (line, rule) in [
            ("» READ  MORE:", Some("Read more")),
            ("Read more books", None),
            ("Follow A. B. on Twitter @ab", Some("Follow * on Twitter")),
            ("Follow the money on Twittering", None),
            ("A school, 2 March. Photo by O. Crane", Some("photo by *")),
            ("They took a photo by chance.", None),
            ("News in your inbox, daily", Some("your inbox")),
            ("Facebook | Copy link", Some("facebook")),
            ("Facebook", None),
            ("Facebook said on Monday", None),
            ("分享到微信", Some("分享到")),
            ("© 2031 A. All rights.", Some("© *")),
            ("a b c d e f g h i j k your inbox", None),
        ] {
            folded.read(line, false);
            let words = u32::try_from(line.split_whitespace().count()).unwrap();
            let found = {
                let prose = line.ends_with('.');
                lexicon.find(
                    &folded,
                    Form {
                        words,
                        prose,
                        part: false,
                    },
                )
            };
            assert_eq!(
                found.map(|found| lexicon.rules()[found.rule].name.as_str()),
                rule,
                "{line}"
            );
            assert!(found.is_none_or(|found| line.is_char_boundary(found.end)));
        }
    }

    #[test]
    fn a_phrase_is_all_that_is_furniture() {
        let line = "Image copyright  AFP Image caption The leaders é";
        let mut folded = Folded::default();
        folded.read(line, false);
        let found = lexicon()
            .find(
                &folded,
                Form {
                    words: 90,
                    prose: true,
                    part: true,
                },
            )
            .unwrap();
        assert_eq!(&line[..found.end], "Image copyright  AFP Image caption");
    }

    #[test]
    fn rules_that_could_match_everything_are_refused() {
        let rule = Rule {
            kind: 0,
            name: "x".to_owned(),
            at: At::In,
            phrase: "* on Twitter".to_owned(),
        };
        assert!(Lexicon::new(Vec::new(), vec![rule]).is_err());
        assert!(At::of("somewhere").is_err());
    }
}
