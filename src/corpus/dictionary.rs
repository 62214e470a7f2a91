//! Dictionaries: words, globs and phrases that stand for categories, ready to be looked for.
//!
//! A value goes through the tokenizer of the texts and is spelled as the view spells, so that what
//! is compared was made in one way. Its words are matched against types, once; what is left for the
//! texts is a tree over the words of each value. Which matches count is decided in `categories.rs`.

use std::collections::BTreeMap;

use super::globs::{Glob, Index, one_sigma};
use super::pace::Pace;
use super::sorting;
use super::tokenizer::Tokenizer;
use super::tokens::Tokens;
use super::views::{Settings, View};
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::text::normalize::{self, NormalForm};

const WHAT: &str = "a dictionary";

/// The key of what no word can match.
const NO_KEY: u32 = u32::MAX;

/// Letters that stand for wildcards while a value is cut into tokens: those of Linear A, which join
/// words as other letters do, have neither case nor accents, and are in no newspaper.
const STAND_INS: std::ops::RangeInclusive<char> = '\u{10600}'..='\u{10736}';

/// Most tokens of one value.
const MOST_WORDS: usize = 100;

/// What a caller says: categories, and values that stand for them.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The categories, in their order.
    pub names: Vec<String>,
    /// The values: words with `*` and `?`, or several with white space between.
    pub values: Vec<String>,
    /// The category of each value.
    pub owners: Vec<u32>,
    /// Whether case does not matter.
    pub fold_case: bool,
}

impl Definition {
    /// Refuses parts that do not belong together.
    fn check(&self) -> Result<()> {
        let owned = self
            .owners
            .iter()
            .all(|&owner| (owner as usize) < self.names.len());
        if owned && self.owners.len() == self.values.len() {
            return Ok(());
        }
        let rule = "each value needs one category of those that are named";
        Err(refused("", rule, "pass a dict of categories"))
    }
}

/// A node of the tree of values.
#[derive(Debug, Default)]
struct Node {
    /// Categories of the values that end here, rising.
    categories: Vec<u32>,
    /// Whether longer values go on from here.
    goes_on: bool,
}

/// A dictionary for the types of one view.
#[derive(Debug)]
pub struct Dictionary {
    /// Where the words that match a type begin in `words`, by type; one more than there are types.
    starts: Vec<u32>,
    words: Vec<u32>,
    nodes: Vec<Node>,
    /// From the root, by a word, to a node; 0, the root itself, where nothing begins with the word.
    roots: [Vec<u32>; 2],
    /// From any other node, by a word, to a node.
    edges: BTreeMap<(u32, u32), u32>,
}

/// The words of all values, each once.
#[derive(Default)]
struct Words {
    literals: Vocabulary,
    globs: Vocabulary,
}

impl Words {
    /// The number of a word: literals are even, globs odd.
    fn number(&mut self, word: &str, is_glob: bool) -> Result<u32> {
        let (list, odd) = if is_glob {
            (&mut self.globs, 1)
        } else {
            (&mut self.literals, 0)
        };
        Ok((list.intern(word)? << 1) | odd)
    }
}

/// What terms and words are compared by: apostrophes, dashes and encoding never matter, as for stop
/// words.
fn key(spelled: &str, settings: &Settings, fold_case: bool) -> String {
    let wanted = settings.normal_form.unwrap_or(NormalForm::Nfc);
    let folded = normalize::normal(spelled, wanted);
    let folded = normalize::fold_punctuation(&folded);
    if fold_case {
        let low = normalize::lower_in(&folded, settings.case);
        one_sigma(&normalize::normal(&low, wanted)).into_owned()
    } else {
        one_sigma(&folded).into_owned()
    }
}

impl Dictionary {
    /// The dictionary for the types of a view.
    pub fn new(
        definition: &Definition,
        view: &View,
        tokenizer: Tokenizer<'_>,
        observer: &dyn Observer,
    ) -> Result<Self> {
        definition.check()?;
        let mut words = Words::default();
        let mut dictionary = Self {
            starts: Vec::new(),
            words: Vec::new(),
            nodes: vec![Node::default()],
            roots: [Vec::new(), Vec::new()],
            edges: BTreeMap::new(),
        };
        let values = definition.values.iter().map(|value| Written::of(value));
        let written = memory::collect(values, WHAT, observer)?;
        let cut = tokenizer.tokens(written.iter().map(|value| &value.text), observer)?;
        let mut pace = Pace::default();
        for (row, value) in written.iter().enumerate() {
            pace.step(64 + value.text.len(), observer)?;
            let numbers = value.words(row, &cut, definition, view.settings(), &mut words)?;
            dictionary.add(&numbers, definition.owners[row])?;
        }
        for node in &mut dictionary.nodes {
            node.categories.sort_unstable();
            node.categories.dedup();
        }
        dictionary.match_types(&words, view, definition.fold_case, observer)?;
        Ok(dictionary)
    }

    /// Adds the words of a value to the tree.
    fn add(&mut self, numbers: &[u32], category: u32) -> Result<()> {
        let mut node = 0u32;
        for &number in numbers {
            self.nodes[node as usize].goes_on = true;
            let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            node = if node == 0 {
                // Literals are even and globs odd, each kind numbered from 0.
                let (roots, place) = (&mut self.roots[number as usize & 1], number as usize >> 1);
                if roots.len() <= place {
                    memory::reserve(roots, place + 1 - roots.len(), WHAT)?;
                    roots.resize(place + 1, 0);
                }
                if roots[place] == 0 {
                    roots[place] = next;
                }
                roots[place]
            } else {
                *self.edges.entry((node, number)).or_insert(next)
            };
            if node == next {
                memory::push(&mut self.nodes, Node::default(), WHAT)?;
            }
        }
        self.nodes[node as usize].categories.push(category);
        Ok(())
    }

    /// Says which words match each type.
    fn match_types(
        &mut self,
        words: &Words,
        view: &View,
        fold_case: bool,
        observer: &dyn Observer,
    ) -> Result<()> {
        let types = view.tokens().types();
        let (mut keys, mut pace) = (Vocabulary::new(), Pace::default());
        let mut key_of = memory::with_capacity(types.len(), WHAT)?;
        for form in types.iter() {
            pace.step(64 + form.len(), observer)?;
            if form.is_empty() {
                // Masked text matches nothing.
                key_of.push(NO_KEY);
                continue;
            }
            let spelled = view.settings().spell(form, true);
            key_of.push(keys.intern(&key(&spelled, view.settings(), fold_case))?);
        }
        let globs = memory::collect(words.globs.iter().map(Glob::new), WHAT, observer)?;
        let index = Index::new(&keys, &globs, observer)?;
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (id, literal) in (0u32..).zip(words.literals.iter()) {
            pace.step(32, observer)?;
            if let Some(key) = keys.id(literal) {
                memory::push(&mut found, (key, id << 1), WHAT)?;
            }
        }
        for (id, glob) in (0u32..).zip(&globs) {
            index.each(glob, &mut pace, observer, |key| {
                if found.len() == found.capacity() {
                    memory::admit(24 * found.len() as u64, WHAT)?;
                }
                memory::push(&mut found, (key, (id << 1) | 1), WHAT)
            })?;
        }
        sorting::sort_by_key(&mut found, observer, |&pair| pair)?;
        self.spread(&found, &key_of, keys.len(), observer)
    }

    /// Turns pairs of a key and a word, rising, into the words of each type.
    fn spread(
        &mut self,
        found: &[(u32, u32)],
        key_of: &[u32],
        keys: usize,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut pace = Pace::default();
        let mut first = memory::zeroed::<u32>(keys + 1, WHAT)?;
        for &(key, _) in found {
            pace.step(1, observer)?;
            first[key as usize + 1] += 1;
        }
        for key in 0..keys {
            first[key + 1] += first[key];
        }
        memory::reserve_exact(&mut self.starts, key_of.len() + 1, WHAT)?;
        self.starts.push(0);
        for &key in key_of {
            let here = match key {
                NO_KEY => &[],
                key => &found[first[key as usize] as usize..first[key as usize + 1] as usize],
            };
            pace.step(1 + here.len(), observer)?;
            memory::reserve(&mut self.words, here.len(), WHAT)?;
            self.words.extend(here.iter().map(|&(_, word)| word));
            self.starts.push(
                u32::try_from(self.words.len())
                    .map_err(|_| memory::refused(self.words.len() * size_of::<u32>(), WHAT))?,
            );
        }
        Ok(())
    }

    /// The node after another.
    fn child(&self, node: u32, word: u32) -> Option<u32> {
        if node > 0 {
            return self.edges.get(&(node, word)).copied();
        }
        let child = self.roots[word as usize & 1].get(word as usize >> 1);
        child.copied().filter(|&child| child > 0)
    }

    /// The words that match a type.
    fn words_of(&self, id: u32) -> &[u32] {
        let index = id as usize;
        &self.words[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    /// Calls `take` with the category, the first token and the token after the last one, of every
    /// match that begins at `start`; one match may be found in several ways.
    pub fn each(
        &self,
        ids: &[u32],
        start: usize,
        waiting: &mut Vec<(u32, usize)>,
        pace: &mut Pace,
        observer: &dyn Observer,
        mut take: impl FnMut(u32, usize) -> Result<()>,
    ) -> Result<()> {
        waiting.clear();
        if self.words_of(ids[start]).is_empty() {
            return Ok(());
        }
        memory::push(waiting, (0, start), WHAT)?;
        while let Some((node, at)) = waiting.pop() {
            for &word in self.words_of(ids[at]) {
                pace.step(8, observer)?;
                let Some(child) = self.child(node, word) else {
                    continue;
                };
                let reached = &self.nodes[child as usize];
                for &category in &reached.categories {
                    take(category, at + 1)?;
                }
                if reached.goes_on && at + 1 < ids.len() {
                    memory::push(waiting, (child, at + 1), WHAT)?;
                }
            }
        }
        Ok(())
    }
}

/// A value whose wildcards are letters.
struct Written {
    text: String,
    any: char,
    one: char,
}

impl Written {
    fn of(value: &str) -> Self {
        let mut free = STAND_INS.filter(|&letter| !value.contains(letter));
        let (any, one) = (free.next().unwrap_or('*'), free.next().unwrap_or('?'));
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
        Self { text, any, one }
    }

    /// The numbers of its words.
    fn words(
        &self,
        row: usize,
        cut: &Tokens,
        definition: &Definition,
        settings: &Settings,
        words: &mut Words,
    ) -> Result<Vec<u32>> {
        let (ids, value) = (cut.ids(row), &definition.values[row]);
        if ids.is_empty() {
            return Err(refused(
                value,
                "no token is made of it, so that nothing could match",
                "leave it out",
            ));
        }
        if ids.len() > MOST_WORDS {
            let rule = format!(
                "it has {} tokens and at most {MOST_WORDS} can be looked for",
                ids.len()
            );
            return Err(refused(value, &rule, "look for a part of it"));
        }
        let (mut numbers, mut anything) = (Vec::with_capacity(ids.len()), true);
        for &id in ids {
            let form = cut.types().term(id);
            let is_glob = form.contains([self.any, self.one]);
            let spelled = settings.spell(form, !is_glob);
            let mut word = key(&spelled, settings, definition.fold_case);
            anything &= is_glob && word.chars().all(|sign| sign == self.any);
            if is_glob {
                word = self.glob(&word);
            }
            numbers.push(words.number(&word, is_glob)?);
        }
        if anything {
            let rule = "it would match every token";
            return Err(refused(
                value,
                rule,
                "give it a letter, as in 'tariff*', or leave it out",
            ));
        }
        Ok(numbers)
    }

    /// A word with its wildcards, and what could be mistaken for them marked.
    fn glob(&self, word: &str) -> String {
        let mut glob = String::with_capacity(word.len());
        for sign in word.chars() {
            if sign == self.any {
                if !glob.ends_with('*') || glob.ends_with("\\*") {
                    glob.push('*');
                }
            } else if sign == self.one {
                glob.push('?');
            } else {
                if matches!(sign, '*' | '?' | '\\') {
                    glob.push('\\');
                }
                glob.push(sign);
            }
        }
        glob
    }
}

fn refused(value: &str, rule: &str, remedy: &str) -> Error {
    let shown: String = value.chars().take(60).collect();
    Error::parameter("dictionary", &format!("'{shown}'"), rule, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_letters_until_a_value_is_cut() {
        let written = Written::of(r"a*b? \* \x");
        assert_eq!(written.text, "a\u{10600}b\u{10601} * \\x");
        assert_eq!(written.glob("a\u{10600}\u{10600}b\u{10601}*"), r"a*b?\*");
        // A text in Linear A keeps its letters.
        let minoan = Written::of("\u{10600}*");
        assert_eq!(minoan.text, "\u{10600}\u{10601}");
        assert_eq!(minoan.glob(&minoan.text), "\u{10600}*");
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let definition = Definition {
            names: vec!["a".into()],
            values: vec!["x".into()],
            owners: vec![1],
            fold_case: true,
        };
        assert!(definition.check().is_err());
    }
}
