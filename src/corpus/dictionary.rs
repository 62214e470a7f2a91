//! Dictionaries: words, globs and phrases that stand for categories, ready to be looked for.
//!
//! How a value becomes words is told in `written.rs`. They are matched against types, once; what is left
//! for the texts is a tree over the words of each value. Which matches count is decided in
//! `categories.rs`.

use std::collections::BTreeMap;

use super::globs::{Glob, Index, one_sigma};
use super::pace::Pace;
use super::sorting;
use super::tokenizer::Tokenizer;
use super::views::{Settings, View};
use super::vocabulary::Vocabulary;
use super::written::{self, Lexicon, MOST_WORDS, Word, Written};
use crate::error::{Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::text::normalize::{self, NormalForm};

const WHAT: &str = "a dictionary";

/// The key of what no word can match.
const NO_KEY: u32 = u32::MAX;

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
    fn number(&mut self, word: &Word) -> Result<u32> {
        match word {
            Word::Literal(term) => Ok(self.literals.intern(term)? << 1),
            Word::Glob(glob) => Ok((self.globs.intern(glob)? << 1) | 1),
        }
    }

    /// The numbers of the words of a value, in one of its readings.
    fn numbers(&mut self, reading: &[Word], value: &str) -> Result<Vec<u32>> {
        if reading.len() > MOST_WORDS {
            let rule = format!("it has more than {MOST_WORDS} tokens, which are the most");
            return Err(refused(value, &rule, "look for a part of it"));
        }
        if reading.iter().all(Word::is_any) {
            let rule = "it would match every token";
            return Err(refused(
                value,
                rule,
                "give it a letter, as in 'tariff*', or leave it out",
            ));
        }
        reading.iter().map(|word| self.number(word)).collect()
    }
}

/// The types of a view as words are compared with them.
struct Keys {
    all: Vocabulary,
    /// The key of each type.
    of_types: Vec<u32>,
}

impl Keys {
    fn of(view: &View, fold_case: bool, observer: &dyn Observer) -> Result<Self> {
        let types = view.tokens().types();
        let (mut all, mut pace) = (Vocabulary::new(), Pace::default());
        let mut of_types = memory::with_capacity(types.len(), WHAT)?;
        for form in types.iter() {
            pace.step(64 + form.len(), observer)?;
            if form.is_empty() {
                // Masked text matches nothing.
                of_types.push(NO_KEY);
                continue;
            }
            of_types.push(all.intern(&key(form, true, view.settings(), fold_case))?);
        }
        Ok(Self { all, of_types })
    }
}

/// What terms and words are compared by: apostrophes, dashes and encoding never matter, as for stop
/// words. With `stemmed` false a stemmer is left out.
fn key(form: &str, stemmed: bool, settings: &Settings, fold_case: bool) -> String {
    let wanted = settings.normal_form.unwrap_or(NormalForm::Nfc);
    let spelled = settings.spell(form, stemmed);
    let folded = normalize::normal(&spelled, wanted);
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
        let mut written = memory::with_capacity(definition.values.len(), WHAT)?;
        for value in &definition.values {
            let rule = "it holds nearly every letter of Linear A";
            written.push(Written::of(value).ok_or_else(|| refused(value, rule, "leave it out"))?);
        }
        let cut = tokenizer.tokens(written.iter().map(Written::text), observer)?;
        let keys = Keys::of(view, definition.fold_case, observer)?;
        let lexicon = Lexicon {
            spell: &|form, stemmed| key(form, stemmed, view.settings(), definition.fold_case),
            terms: &keys.all,
            spaced: written::is_spaced(&keys.all, tokenizer),
        };
        let mut pace = Pace::default();
        for (row, (value, written)) in definition.values.iter().zip(&written).enumerate() {
            pace.step(64 + value.len(), observer)?;
            let readings = written.readings(&cut, row, tokenizer, &lexicon, observer)?;
            if readings.iter().all(Vec::is_empty) {
                let rule = "no token is made of it, so that nothing could match";
                return Err(refused(value, rule, "leave it out"));
            }
            for reading in readings {
                dictionary.add(&words.numbers(&reading, value)?, definition.owners[row])?;
            }
        }
        for node in &mut dictionary.nodes {
            node.categories.sort_unstable();
            node.categories.dedup();
        }
        dictionary.match_types(&words, view, &keys, observer)?;
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
        keys: &Keys,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut pace = Pace::default();
        let globs = memory::collect(words.globs.iter().map(Glob::new), WHAT, observer)?;
        let index = Index::new(&keys.all, &globs, observer)?;
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (id, literal) in (0u32..).zip(words.literals.iter()) {
            pace.step(32, observer)?;
            if let Some(key) = keys.all.id(literal) {
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
        self.spread(&found, keys, view, observer)
    }

    /// Turns pairs of a key and a word, rising, into the words of each type.
    fn spread(
        &mut self,
        found: &[(u32, u32)],
        keys: &Keys,
        view: &View,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut pace = Pace::default();
        let mut first = memory::zeroed::<u32>(keys.all.len() + 1, WHAT)?;
        for &(key, _) in found {
            pace.step(1, observer)?;
            first[key as usize + 1] += 1;
        }
        for key in 0..keys.all.len() {
            first[key + 1] += first[key];
        }
        memory::reserve_exact(&mut self.starts, keys.of_types.len() + 1, WHAT)?;
        self.starts.push(0);
        for (id, &key) in (0u32..).zip(&keys.of_types) {
            let here = match key {
                NO_KEY => &[],
                key => &found[first[key as usize] as usize..first[key as usize + 1] as usize],
            };
            pace.step(1 + here.len(), observer)?;
            memory::reserve(&mut self.words, here.len(), WHAT)?;
            let (here, is_met) = (here.iter().map(|&(_, word)| word), view.is_met(id));
            self.words.extend(here.filter(|word| is_met || word & 1 == 0));
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

fn refused(value: &str, rule: &str, remedy: &str) -> Error {
    let shown: String = value.chars().take(60).collect();
    Error::parameter("dictionary", &format!("'{shown}'"), rule, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

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
