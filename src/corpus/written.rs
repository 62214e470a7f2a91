//! What people write, a query or a value of a dictionary, as the words that it may mean.
//!
//! It is cut as the texts were, so that `U.S.-led` finds what it would be in a text. Besides, what stands
//! between white space is read as it stands where it is a term: tokens made with a pattern such as
//! `[A-Z]\w+` are terms in lower case that the pattern would not match again. `*` stands for any
//! characters and `?` for one; while words are cut, letters stand in for them, so that `e-m*` is cut as
//! `e-mail` is. Where the words stand in the texts is asked elsewhere.

use super::tokenizer::Tokenizer;
use super::tokens::Tokens;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::observer::Observer;

/// Letters that stand for wildcards while words are cut: those of Linear A, which join words as other
/// letters do, have neither case nor accents, and are in no newspaper.
const STAND_INS: std::ops::RangeInclusive<char> = '\u{10600}'..='\u{10736}';

/// Most words of a query or a value: each costs time at every match, and longer texts are for `reuse`.
pub const MOST_WORDS: usize = 100;

/// Most parts between white space that are read as one term.
const LONGEST_TERM: usize = 16;

/// One word, spelled as terms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A term.
    Literal(String),
    /// A term with wildcards; `*` alone is any token.
    Glob(String),
}

impl Word {
    /// Whether it is a star, which stands for any token.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Glob(glob) if glob == "*")
    }
}

/// What words are compared with.
pub struct Lexicon<'lexicon> {
    /// How terms are spelled; without a stem where the second argument is false, since half a word has
    /// none.
    pub spell: &'lexicon dyn Fn(&str, bool) -> String,
    /// The terms.
    pub terms: &'lexicon Vocabulary,
    /// Whether some of them hold white space.
    pub spaced: bool,
}

/// Whether some terms hold white space; only those of a pattern hold more than that between digits.
#[must_use]
pub fn is_spaced(terms: &Vocabulary, tokenizer: Tokenizer<'_>) -> bool {
    tokenizer.pattern.is_some() && terms.iter().any(|term| term.contains(char::is_whitespace))
}

/// What was written, with letters for its wildcards.
#[derive(Debug)]
pub struct Written {
    text: String,
    any: char,
    one: char,
}

impl Written {
    /// Reads the wildcards, and the backslashes that make ordinary signs of them; `None` if the text
    /// leaves no letter to stand in for them.
    #[must_use]
    pub fn of(value: &str) -> Option<Self> {
        let mut free = STAND_INS.filter(|&letter| !value.contains(letter));
        let (any, one) = (free.next()?, free.next()?);
        let mut text = String::with_capacity(value.len());
        let mut characters = value.chars().peekable();
        while let Some(character) = characters.next() {
            text.push(match character {
                '*' => any,
                '?' => one,
                '\\' => characters
                    .next_if(|next| matches!(next, '*' | '?' | '\\'))
                    .unwrap_or('\\'),
                other => other,
            });
        }
        Some(Self { text, any, one })
    }

    /// What is to be cut into tokens.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words that it may mean, in one way or in several; `cut` holds its tokens in a row. None where
    /// nothing is there; more than [`MOST_WORDS`] where there are too many, however many.
    pub fn readings(
        &self,
        cut: &Tokens,
        row: usize,
        tokenizer: Tokenizer<'_>,
        lexicon: &Lexicon<'_>,
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<Word>>> {
        // What is too long is refused, so no more of it is read than shows that.
        let parts: Vec<&str> = self.text.split_whitespace().take(MOST_WORDS + 1).collect();
        let mut forms = self.forms(&self.text, cut, row, tokenizer);
        if forms.len() <= MOST_WORDS && self.has_lost(&self.text, &forms) {
            forms = self.cut_apart(&parts, tokenizer, observer)?.concat();
        }
        let words: Vec<Word> = forms.iter().map(|form| self.word(form, lexicon)).collect();
        let is_part = signs(&forms) < signs(&parts);
        let mut readings = Vec::new();
        let found = self.as_it_stands(&parts, &words, tokenizer, lexicon, observer)?;
        // What the pattern left out was meant where it is a term, and a star alone is not what is left.
        let misread = is_part && (found.is_some() || words.iter().all(Word::is_any));
        readings.extend(found);
        if !words.is_empty() && !misread {
            readings.push(words);
        }
        if lexicon.spaced && (2..=MOST_WORDS).contains(&parts.len()) && self.is_wild(&self.text) {
            let whole = vec![self.word(&parts.join(" "), lexicon)];
            if !readings.contains(&whole) {
                readings.push(whole);
            }
        }
        if readings.is_empty() && tokenizer.pattern.is_some() && !parts.is_empty() {
            readings.push(parts.iter().map(|part| self.word(part, lexicon)).collect());
        }
        Ok(readings)
    }

    /// From the left the longest stretch that is a term, and the tokens of what is none; `None` where
    /// that finds no term that is not among `words`.
    fn as_it_stands(
        &self,
        parts: &[&str],
        words: &[Word],
        tokenizer: Tokenizer<'_>,
        lexicon: &Lexicon<'_>,
        observer: &dyn Observer,
    ) -> Result<Option<Vec<Word>>> {
        if parts.len() > MOST_WORDS {
            return Ok(None);
        }
        let (mut stood, mut others, mut start) = (Vec::new(), Vec::new(), 0);
        while start < parts.len() {
            let most = if lexicon.spaced { LONGEST_TERM } else { 1 };
            let ends = start + 1..=(start + most).min(parts.len());
            let term = ends.rev().find_map(|end| {
                let stretch = parts[start..end].join(" ");
                let term = Some((lexicon.spell)(&stretch, true)).filter(|_| !self.is_wild(&stretch));
                term.filter(|term| lexicon.terms.id(term).is_some())
                    .map(|term| (end, Word::Literal(term)))
            });
            if let Some((end, term)) = term {
                stood.push(Some(term));
                start = end;
            } else {
                stood.push(None);
                others.push(parts[start]);
                start += 1;
            }
        }
        if stood.iter().flatten().all(|term| words.contains(term)) {
            return Ok(None);
        }
        let mut others = self.cut_apart(&others, tokenizer, observer)?.into_iter();
        let mut all = Vec::new();
        for term in stood {
            if let Some(term) = term {
                all.push(term);
            } else {
                let forms = others.next().unwrap_or_default();
                all.extend(forms.iter().map(|form| self.word(form, lexicon)));
            }
        }
        Ok(Some(all))
    }

    /// The tokens of each part; a part stays whole where cutting it would lose a wildcard.
    fn cut_apart(
        &self,
        parts: &[&str],
        tokenizer: Tokenizer<'_>,
        observer: &dyn Observer,
    ) -> Result<Vec<Vec<String>>> {
        let cut = tokenizer.tokens(parts, observer)?;
        let forms = parts.iter().enumerate().map(|(row, part)| {
            let forms = self.forms(part, &cut, row, tokenizer);
            if self.has_lost(part, &forms) {
                vec![(*part).to_owned()]
            } else {
                forms
            }
        });
        Ok(forms.collect())
    }

    /// The tokens of a text. Where words are written without spaces a wildcard would be cut off the word
    /// that it touches, so it is put back.
    fn forms(&self, text: &str, tokens: &Tokens, row: usize, tokenizer: Tokenizer<'_>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut end = 0;
        for (&id, &start) in tokens.ids(row).iter().zip(tokens.starts(row)) {
            let (form, start) = (tokens.types().term(id), start as usize);
            let before = text[..start].chars().next_back();
            let sides = [before, form.chars().next()];
            let touches = tokenizer.pattern.is_none()
                && start == end
                && sides.iter().all(|side| side.is_some_and(char::is_alphanumeric))
                && sides
                    .iter()
                    .flatten()
                    .filter(|&&side| self.stands_in(side))
                    .count()
                    == 1;
            let is_full = words.len() > MOST_WORDS;
            match words.last_mut() {
                Some(word) if touches => word.push_str(form),
                _ if is_full => break,
                _ => words.push(form.to_owned()),
            }
            end = start + form.len();
        }
        words
    }

    fn stands_in(&self, sign: char) -> bool {
        sign == self.any || sign == self.one
    }

    fn is_wild(&self, text: &str) -> bool {
        text.contains([self.any, self.one])
    }

    /// Whether tokens hold fewer wildcards than their text.
    fn has_lost(&self, text: &str, forms: &[String]) -> bool {
        let count = |text: &str| text.chars().filter(|&sign| self.stands_in(sign)).count();
        count(text) > forms.iter().map(|form| count(form)).sum()
    }

    /// A word as terms are spelled; what could be mistaken for a wildcard is marked.
    fn word(&self, form: &str, lexicon: &Lexicon<'_>) -> Word {
        if !self.is_wild(form) {
            return Word::Literal((lexicon.spell)(form, true));
        }
        let mut glob = String::with_capacity(form.len() + 8);
        let mut after_star = false;
        for sign in (lexicon.spell)(form, false).chars() {
            let is_star = sign == self.any;
            if is_star && !after_star {
                glob.push('*');
            } else if sign == self.one {
                glob.push('?');
            } else if !is_star {
                if matches!(sign, '*' | '?' | '\\') {
                    glob.push('\\');
                }
                glob.push(sign);
            }
            after_star = is_star;
        }
        Word::Glob(glob)
    }
}

/// Letters and digits.
fn signs<S: AsRef<str>>(parts: &[S]) -> usize {
    let count = |part: &S| {
        part.as_ref()
            .chars()
            .filter(|sign| sign.is_alphanumeric())
            .count()
    };
    parts.iter().map(count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use crate::text::normalize;
    use crate::text::pattern::Pattern;
    use crate::text::tailoring::{Language, Tailoring};

    /// The readings of a text among terms in lower case: words with `_` between them, globs behind `~`.
    fn read(text: &str, pattern: Option<&str>, joined: bool, terms: &[&str]) -> Vec<String> {
        let pattern = pattern.map(|pattern| Pattern::new(pattern).unwrap());
        let tokenizer = Tokenizer {
            tailoring: Tailoring::all(Language::Any),
            pattern: pattern.as_ref(),
            hyphens_join: joined,
        };
        let mut all = Vocabulary::new();
        for term in terms {
            all.intern(term).unwrap();
        }
        let spell = |form: &str, _: bool| normalize::lower(&normalize::fold_punctuation(form)).into_owned();
        let lexicon = Lexicon {
            spell: &spell,
            terms: &all,
            spaced: is_spaced(&all, tokenizer),
        };
        let written = Written::of(text).unwrap();
        let cut = tokenizer.tokens([written.text()], &Silent).unwrap();
        let readings = written.readings(&cut, 0, tokenizer, &lexicon, &Silent).unwrap();
        let shown = |word: &Word| match word {
            Word::Literal(term) => term.clone(),
            Word::Glob(glob) => format!("~{glob}"),
        };
        let join = |reading: &Vec<Word>| reading.iter().map(shown).collect::<Vec<_>>().join("_");
        readings.iter().map(join).collect()
    }

    #[test]
    fn what_is_written_is_cut_like_texts() {
        for (text, expected) in [
            ("No limits*", "no_~limits*"),
            ("U.S.-led e-m*", "u.s._-_led_e_-_~m*"),
            ("* ** a*b*c", "~*_~*_~a*b*c"),
            ("?", "~?"),
            (r"\* \? \\ a\*b \x", r"*_?_\_a_*_b_\_x"),
            ("总* *ไทย", "~总*_~*ไทย"),
            ("Don’t “no", "don't_\"_no"),
            ("*@x.org", "~*@x.org"),
            ("a*b*", "~a*b*"),
        ] {
            assert_eq!(read(text, None, false, &[]), [expected], "{text}");
        }
        assert_eq!(read("e-m* U.S.-led", None, true, &[]), ["~e-m*_u.s.-led"]);
        assert!(read(" ", None, false, &[]).is_empty());
    }

    #[test]
    fn letters_that_stand_in_are_not_those_of_the_text() {
        assert_eq!(
            read("\u{10600}* \u{10601}", None, false, &[]),
            ["~\u{10600}*_\u{10601}"]
        );
        let all: String = STAND_INS.collect();
        assert!(Written::of(&all).is_none());
    }

    #[test]
    fn what_is_a_term_is_read_as_it_stands() {
        let names: &[&str] = &["russia", "vladimir", "putin"];
        let people: &[&str] = &["mr a", "mr", "said"];
        for (text, pattern, terms, expected) in [
            // A pattern that asks for capitals, and a view in lower case.
            ("russia", r"[A-Z]\w+", names, &["russia"][..]),
            ("russ*", r"[A-Z]\w+", names, &["~russ*"]),
            ("Russia", r"[A-Z]\w+", names, &["russia"]),
            ("Vladimir putin", r"[A-Z]\w+", names, &["vladimir_putin"]),
            // What can be neither is looked for as it stands, and found nowhere.
            ("china", r"[A-Z]\w+", names, &["china"]),
            // What the pattern leaves out of texts is left out here.
            ("Russia of Putin", r"[A-Z]\w+", names, &["russia_putin"]),
            // Tokens with white space.
            ("Mr A", r"Mr \w+|\w+", people, &["mr a"]),
            ("mr a said", r"Mr \w+|\w+", people, &["mr a_said", "mr_a_said"]),
            ("Mr *", r"Mr \w+|\w+", people, &["mr_~*", "~mr *"]),
            ("mr *", r"Mr \w+", people, &["mr_~*", "~mr *"]),
            // A wildcard is never lost.
            ("tariff*", r"[a-z]+", &[], &["~tariff*"]),
            ("no-o*", r"\w+", &[], &["no_~o*"]),
        ] {
            assert_eq!(read(text, Some(pattern), false, terms), expected, "{text}");
        }
    }
}
