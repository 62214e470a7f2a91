//! Cues: the words beside an agency's name that say what it is doing there ("contributed to this
//! report", "Foto:", "сообщает"), and how they are found before or after a place in a text.
//!
//! Case does not count, and a space of a cue is any white space. Which cue means what is decided in
//! `places.rs`. Every look is bounded, so that a search stays linear in the text.

use std::collections::BTreeMap;

/// Bytes on one side of a name that are looked at.
pub(super) const REACH: usize = 200;

/// Longest cue, in characters.
pub(super) const LONGEST: usize = 80;

/// Words between a cue and a name, such as those of a photographer.
pub(super) const GAP: usize = 9;

/// Cues of one meaning.
#[derive(Debug, Default)]
pub(super) struct Cues {
    /// By the last character, each in the order of reading, the longest first.
    ending: BTreeMap<char, Vec<Vec<char>>>,
    /// By the first character.
    starting: BTreeMap<char, Vec<Vec<char>>>,
}

impl Cues {
    pub(super) fn new(texts: &[String]) -> Self {
        let mut cues = Self::default();
        for text in texts {
            let signs: Vec<char> = text.trim().chars().flat_map(char::to_lowercase).collect();
            if let (Some(&first), Some(&last), true) = (signs.first(), signs.last(), signs.len() <= LONGEST) {
                cues.ending.entry(last).or_default().push(signs.clone());
                cues.starting.entry(first).or_default().push(signs);
            }
        }
        for list in cues.ending.values_mut().chain(cues.starting.values_mut()) {
            list.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        }
        cues
    }

    /// Where the longest cue begins that ends at `at`, white space aside.
    pub(super) fn before(&self, text: &str, at: usize) -> Option<usize> {
        let at = trimmed_before(text, at);
        let last = lower(text[..at].chars().next_back()?);
        self.ending.get(&last)?.iter().find_map(|cue| {
            let start = followed(cue.iter().rev(), text[..at].chars().rev())?;
            let start = at - start;
            (!joined(text, start, cue[0])).then_some(start)
        })
    }

    /// Where the longest cue ends that begins at `at`, white space aside.
    pub(super) fn after(&self, text: &str, at: usize) -> Option<usize> {
        let at = trimmed_after(text, at);
        let first = lower(text[at..].chars().next()?);
        self.starting.get(&first)?.iter().find_map(|cue| {
            let end = at + followed(cue.iter(), text[at..].chars())?;
            let last = *cue.last()?;
            let goes_on = is_word(last) && text[end..].chars().next().is_some_and(is_word);
            (!goes_on).then_some(end)
        })
    }

    /// Whether a word is one of these cues.
    pub(super) fn is(&self, word: &str) -> bool {
        self.after(word, 0) == Some(word.len())
    }

    /// Where a cue begins and ends that stands before `at` with at most `gap` words between, each of
    /// which could be part of a name.
    pub(super) fn before_name(
        &self,
        text: &str,
        at: usize,
        gap: usize,
        between: &Cues,
    ) -> Option<(usize, usize)> {
        let mut at = at;
        for words in 0..=gap {
            if let Some(start) = self.before(text, at) {
                return Some((start, trimmed_before(text, at)));
            }
            if words == gap {
                break;
            }
            at = between.name_word_before(text, at)?;
        }
        None
    }

    /// Where the word before `at` begins if it could be part of a name: it starts with a capital, a
    /// digit or a letter without case, or is one of these cues. Lines and sentences are not left.
    pub(super) fn name_word_before(&self, text: &str, at: usize) -> Option<usize> {
        let end = trimmed_before(text, at);
        if text[end..at].contains(['\n', '\r', '\u{2028}', '\u{2029}']) || end == 0 {
            return None;
        }
        if let Some(start) = self.before(text, end) {
            return Some(start);
        }
        let head = floor(text, end.saturating_sub(REACH));
        let start = text[head..end]
            .char_indices()
            .rev()
            .take_while(|(_, sign)| !sign.is_whitespace() && !is_opener(*sign))
            .last()
            .map_or(end, |(offset, _)| head + offset);
        let word = &text[start..end];
        let bare = word.trim_end_matches([',', '/', '-', '–', '&', '\'', '’', ';']);
        (!bare.is_empty() && is_name_word(bare)).then_some(start)
    }
}

/// Whether a word looks like a part of a name, an initial or a date.
fn is_name_word(word: &str) -> bool {
    let Some(first) = word.chars().find(|sign| sign.is_alphanumeric()) else {
        return matches!(word, "-" | "–" | "—" | "/" | "&" | "|" | "•");
    };
    // A particle is part of a name: "al-Saedi", "d'Orme".
    let after_particle = word
        .split_once(['-', '\'', '’'])
        .is_some_and(|(head, name)| head.len() <= 3 && name.starts_with(char::is_uppercase));
    if first.is_lowercase() && !after_particle {
        return false;
    }
    match word.chars().next_back() {
        // An initial ("J.") or a short form ("Jr."), and not the end of a sentence.
        Some('.') => word.chars().count() <= 5,
        Some(')' | ']' | '!' | '?' | ';' | ':' | '。' | '؟' | '»' | '”' | '"') => false,
        _ => true,
    }
}

/// Whether a bracket or quotation mark opens with this.
pub(super) fn is_opener(sign: char) -> bool {
    matches!(
        sign,
        '(' | '[' | '（' | '【' | '〔' | '«' | '“' | '„' | '"' | '‘' | '「' | '|'
    )
}

/// The bytes of the text that follow the signs of a cue.
fn followed<'a>(
    cue: impl Iterator<Item = &'a char>,
    mut text: impl Iterator<Item = char> + Clone,
) -> Option<usize> {
    let mut bytes = 0;
    for &wanted in cue {
        let found = text.next()?;
        bytes += found.len_utf8();
        if wanted == ' ' {
            if !found.is_whitespace() {
                return None;
            }
            // White space of a wrapped line may be long, but not without end.
            for _ in 0..8 {
                let mut ahead = text.clone();
                match ahead.next() {
                    Some(more) if more.is_whitespace() => {
                        bytes += more.len_utf8();
                        text = ahead;
                    }
                    _ => break,
                }
            }
        } else if lower(found) != wanted {
            return None;
        }
    }
    Some(bytes)
}

/// Whether what begins at `start` with `first` is the end of a longer word.
fn joined(text: &str, start: usize, first: char) -> bool {
    is_word(first) && text[..start].chars().next_back().is_some_and(is_word)
}

/// One small letter for a character; those that become several stay.
fn lower(sign: char) -> char {
    if sign.is_ascii() {
        return sign.to_ascii_lowercase();
    }
    let mut small = sign.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) => one,
        _ => sign,
    }
}

/// Whether a character makes words longer, in scripts that put spaces between words.
pub(super) fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() && !is_spaceless(sign)
}

/// Chinese characters and the Japanese syllabaries, Thai, Lao, Burmese and Khmer.
pub(super) fn is_spaceless(sign: char) -> bool {
    matches!(u32::from(sign),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

/// The end of what stands before `at`, without white space; a long row of it is not left.
pub(super) fn trimmed_before(text: &str, at: usize) -> usize {
    let head = floor(text, at.saturating_sub(REACH));
    head + text[head..at].trim_end().len()
}

/// The start of what stands after `at`, without white space; a long row of it is not left.
pub(super) fn trimmed_after(text: &str, at: usize) -> usize {
    let tail = ceil(text, at.saturating_add(REACH));
    tail - text[at..tail].trim_start().len()
}

/// The last border between characters at `at` or before it.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// The first border between characters at `at` or after it.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (at..=text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(texts: &[&str]) -> Cues {
        Cues::new(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn cues_stand_before_and_after_a_place() {
        let cues = cues(&["told", "according to", "by"]);
        let text = "He was told  According\n to it. Retold Abby.";
        assert_eq!(cues.before(text, 13), Some(7));
        assert_eq!(cues.before(text, 26), Some(13));
        assert_eq!(cues.after(text, 6), Some(11));
        assert_eq!(cues.after(text, 11), Some(26));
        assert_eq!(cues.before(text, 37), None, "inside a longer word");
        assert_eq!(cues.before(text, 42), None);
    }

    #[test]
    fn names_may_stand_between() {
        let (cues, between) = (cues(&["photo:"]), cues(&["van der"]));
        let at = |text: &str| cues.before_name(text, text.len(), 4, &between);
        assert_eq!(at("A Photo: J. Orme van der Tal/"), Some((2, 8)));
        assert_eq!(at("A photo: a boat of "), None);
        assert_eq!(at("A photo: Orme\nTal/"), None, "another line");
        assert_eq!(at("Photo: One Two Three Four Five "), None);
    }

    #[test]
    fn borders_of_characters_are_found() {
        let text = "aé漢z";
        for at in 0..=text.len() + 2 {
            assert!(text.is_char_boundary(floor(text, at)) && text.is_char_boundary(ceil(text, at)));
        }
        assert_eq!((floor(text, 4), ceil(text, 4)), (3, 6));
    }
}
