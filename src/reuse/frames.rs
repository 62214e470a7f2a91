//! Frames: which recurring stretches of an article stand around it.
//!
//! That a stretch recurs is enough for a line that is no sentence, where an article begins or ends.
//! Inside it more is asked for: headings of sections and of tables recur, too, and are the article's own.

use super::recurring::Recurring;
use super::stretches::Stretch;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "furniture";

/// The share of a source's texts from which a line is furniture: three of a thousand are a coincidence.
const PLAIN: f64 = 0.005;

/// The same for a line inside an article, where headings of sections stand that are its own.
const INSIDE: f64 = 0.02;

/// Lines at both ends of an article that are not inside it.
const EDGE: usize = 3;

/// Words of a row of a table, at most.
const ROW: u32 = 20;

/// The same for a sentence: anywhere (and in how many texts then), where articles begin, and where they end.
const ANYWHERE: f64 = 0.5;
const ANYWHERE_TIMES: u32 = 5;
const AT_START: f64 = 0.02;
const AT_END: f64 = 0.1;

/// Words of the sentences that stand in an article, before it and after it, at most.
const INSIDE_WORDS: u32 = 60;
const START_WORDS: u32 = 40;
const END_WORDS: u32 = 120;

/// Words of those stretches that are not marked.
fn words(here: &[Stretch], places: impl Iterator<Item = usize>, marked: &[bool]) -> u32 {
    places.filter(|&at| !marked[at]).map(|at| here[at].words).sum()
}

/// Marks a run of stretches unless it is too long.
fn frame(here: &[Stretch], run: &[usize], most: u32, marked: &mut [bool]) {
    if words(here, run.iter().copied(), marked) <= most {
        for &at in run {
            marked[at] = true;
        }
    }
}

/// The stretches of one article, and what is known of them.
pub(super) struct Frames<'a> {
    pub(super) here: &'a [Stretch],
    /// The number of the first stretch among all.
    pub(super) first: usize,
    pub(super) source: i64,
    pub(super) recurring: &'a Recurring,
}

impl Frames<'_> {
    fn recurs(&self, at: usize) -> bool {
        self.recurring.times[self.first + at] > 0
    }

    /// The share of the texts of the source in which a stretch stands.
    fn share(&self, at: usize) -> f64 {
        self.recurring.share(self.first + at, self.source)
    }

    /// Which stretches are furniture because they recur; `known` are those that a rule knows.
    pub(super) fn marked(&self, known: &dyn Fn(usize) -> bool, observer: &dyn Observer) -> Result<Vec<bool>> {
        let here = self.here;
        let above = (0..here.len())
            .take_while(|&at| self.recurs(at))
            .count()
            .max(EDGE);
        let below = (0..here.len()).rev().take_while(|&at| self.recurs(at)).count();
        let inside = |at: usize| at >= above && at + below.max(EDGE) < here.len();
        let heads_rows = |at: usize| {
            let row = |next: &Stretch| next.figures && !next.prose && next.words <= ROW;
            !here[at].part && here.get(at + 1).is_some_and(row)
        };
        // A line that is no sentence, or known. What stands over rows of figures belongs to them.
        let plain = |at: usize| {
            let sentence = here[at].prose || here[at].part || here[at].figures;
            let frames = if inside(at) {
                self.share(at) >= INSIDE && !heads_rows(at)
            } else {
                self.share(at) >= PLAIN
            };
            self.recurs(at) && (!sentence && frames || known(at))
        };
        let everywhere = |at: usize| {
            self.recurs(at)
                && self.share(at) >= ANYWHERE
                && self.recurring.times[self.first + at] >= ANYWHERE_TIMES
        };
        let mut marked = memory::collect((0..here.len()).map(plain), WHAT, observer)?;
        let mut at = 0;
        while at < here.len() {
            let run = (at..here.len()).take_while(|&at| everywhere(at)).count();
            if words(here, at..at + run, &marked) <= INSIDE_WORDS {
                marked[at..at + run].fill(true);
            }
            at += run + 1;
        }
        // Outwards in: what begins or ends the article goes on from furniture to furniture. A run that is
        // long is no frame but what versions of one article have in common.
        let least = |at: usize| if here[at].part { ANYWHERE } else { AT_END };
        let goes_on =
            |at: usize, least: f64, marked: &[bool]| marked[at] || self.recurs(at) && self.share(at) >= least;
        let mut begins = Vec::new();
        for at in (0..here.len()).take_while(|&at| goes_on(at, AT_START, &marked)) {
            memory::push(&mut begins, at, WHAT)?;
        }
        frame(here, &begins, START_WORDS, &mut marked);
        let mut ends = Vec::new();
        for at in (0..here.len())
            .rev()
            .take_while(|&at| goes_on(at, least(at), &marked))
        {
            memory::push(&mut ends, at, WHAT)?;
        }
        frame(here, &ends, END_WORDS, &mut marked);
        Ok(marked)
    }
}
