//! Sequences: a document as a row of units that can be compared, words or letters.
//!
//! Words are the terms of a view, across removed tokens. Letters are letters and digits alone, in
//! lower case and without accents: white space, punctuation and hyphens at the ends of lines are
//! what a scanner of print gets wrong first. Spans lead back to the text.

use unicode_normalization::char::decompose_canonical;

use super::near::Unit;
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::views::{Runs, View};
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::text::arena::{Arena, CodePoints};

const WHAT: &str = "a document to compare";

/// Where sequences come from.
#[derive(Clone, Copy)]
pub(super) struct Sequences<'view> {
    view: &'view View,
    unit: Unit,
    /// The rows that are compared, if not all are.
    rows: Option<&'view [u32]>,
}

/// One document.
#[derive(Default)]
pub(super) struct Sequence {
    runs: Runs,
}

impl Sequence {
    /// The units, in text order.
    pub(super) fn units(&self) -> &[u32] {
        &self.runs.terms
    }
}

impl<'view> Sequences<'view> {
    pub(super) fn new(view: &'view View, unit: Unit) -> Self {
        Self {
            view,
            unit,
            rows: None,
        }
    }

    /// Some documents, which then count from 0.
    pub(super) fn of(view: &'view View, unit: Unit, rows: &'view [u32]) -> Self {
        Self {
            view,
            unit,
            rows: Some(rows),
        }
    }

    fn row(&self, number: usize) -> usize {
        self.rows.map_or(number, |rows| rows[number] as usize)
    }

    /// Number of documents.
    pub(super) fn documents(&self) -> usize {
        self.rows.map_or(self.view.documents(), <[u32]>::len)
    }

    /// About how many units a document has.
    pub(super) fn cost(&self, number: usize) -> usize {
        let row = self.row(number);
        match self.unit {
            Unit::Word => self.view.tokens().ids(row).len(),
            Unit::Char => self.view.tokens().arena().text(row).len(),
        }
    }

    /// What is compared.
    pub(super) fn unit(&self) -> Unit {
        self.unit
    }

    /// The hash of the text of each term, where words are compared.
    pub(super) fn spelled(&self, observer: &dyn Observer) -> Result<Vec<u64>> {
        match self.unit {
            Unit::Word => self.view.hashes(observer),
            Unit::Char => Ok(Vec::new()),
        }
    }

    /// The text of a document.
    pub(super) fn text(&self, number: u32) -> &'view str {
        self.view.tokens().arena().text(self.row(number as usize))
    }

    /// Makes the sequence of a document.
    pub(super) fn fill(&self, number: usize, sequence: &mut Sequence, observer: &dyn Observer) -> Result<()> {
        let row = self.row(number);
        match self.unit {
            Unit::Word => self.view.runs(row, true, &mut sequence.runs, observer),
            Unit::Char => letters(self.view.tokens().arena(), row, &mut sequence.runs, observer),
        }
    }

    /// The code points that each range of units covers; ranges are not empty.
    pub(super) fn spans(
        &self,
        number: usize,
        sequence: &Sequence,
        ranges: &[(u32, u32)],
        observer: &dyn Observer,
    ) -> Result<Vec<(u32, u32)>> {
        let places = &sequence.runs.places;
        let bounds = |&(start, end): &(u32, u32)| (places[start as usize], places[end as usize - 1]);
        match self.unit {
            Unit::Char => {
                let span = |range| {
                    let (first, last) = bounds(range);
                    (first, last + 1)
                };
                memory::collect(ranges.iter().map(span), WHAT, observer)
            }
            Unit::Word => {
                // Places must be asked for in rising order; ranges may overlap.
                let mut asked = memory::with_capacity(2 * ranges.len(), WHAT)?;
                for range in ranges {
                    let (first, last) = bounds(range);
                    asked.extend([first, last]);
                }
                asked.sort_unstable();
                asked.dedup();
                let rising = asked.iter().map(|&place| place as usize);
                let found = self.view.tokens().spans(self.row(number), rising, observer)?;
                let at = |place| found[asked.partition_point(|&other| other < place)];
                let span = |range| {
                    let (first, last) = bounds(range);
                    (at(first).0, at(last).1)
                };
                memory::collect(ranges.iter().map(span), WHAT, observer)
            }
        }
    }
}

/// Fills `runs` with the letters and digits of a text that are not masked; places are code points.
fn letters(arena: &Arena, row: usize, runs: &mut Runs, observer: &dyn Observer) -> Result<()> {
    runs.terms.clear();
    runs.places.clear();
    runs.ends.clear();
    let text = arena.text(row);
    memory::reserve(&mut runs.terms, text.len() / 2, WHAT)?;
    memory::reserve(&mut runs.places, text.len() / 2, WHAT)?;
    let (mut pace, mut points) = (Pace::default(), CodePoints::new(text));
    for (start, piece) in arena.pieces(row) {
        let first = narrow(points.at(start))?;
        for (place, character) in (first..).zip(piece.chars()) {
            pace.step(1, observer)?;
            if let Some(letter) = letter(character) {
                memory::push(&mut runs.terms, letter.into(), WHAT)?;
                memory::push(&mut runs.places, place, WHAT)?;
            }
        }
    }
    if !runs.terms.is_empty() {
        runs.ends.push(runs.terms.len());
    }
    Ok(())
}

/// A letter or digit in lower case and without accents. An accent is none, on its own or in a letter.
fn letter(character: char) -> Option<char> {
    if character.is_ascii() {
        let letter = character.to_ascii_lowercase();
        return letter.is_ascii_alphanumeric().then_some(letter);
    }
    let mut base = None;
    decompose_canonical(character, |part| {
        base = base.or(part.is_alphanumeric().then_some(part));
    });
    base.map(|base| base.to_lowercase().next().unwrap_or(base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    #[test]
    fn letters_are_low_and_plain_and_know_their_places() {
        let mut runs = Runs::default();
        let arena = Arena::from_texts(["Él-\ngar, 3%", "E\u{301}l"]).unwrap();
        letters(&arena, 0, &mut runs, &Silent).unwrap();
        let found: String = runs
            .terms
            .iter()
            .filter_map(|&term| char::from_u32(term))
            .collect();
        assert_eq!(found, "elgar3");
        assert_eq!(runs.places, [0, 1, 4, 5, 6, 9]);
        letters(&arena, 1, &mut runs, &Silent).unwrap();
        assert_eq!(runs.places, [0, 2]);
    }
}
