//! Concordance: every match of a query with the words around it (keyword in context).
//!
//! Matches are found through the postings of the rarest word and compared at its neighbours. They
//! are sorted by rows, by words or by what a caller knows about the documents, and only those that
//! will be seen get their offsets. The text itself is not copied here.

use std::cmp::Ordering;

use super::pace::Pace;
use super::postings::Postings;
use super::queries::Terms;
use super::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::arena::CodePoints;

const WHAT: &str = "a concordance";

/// Matches that one job looks at.
const BLOCK: usize = 1 << 14;

/// One in so many tokens: with more places to look at, reading all tokens in their order is faster
/// than sorting.
const DENSE: usize = 16;

/// Words that are compared when lines are sorted.
const COMPARED: usize = 32;

/// Words whose ranks are kept beside a match while it is sorted.
const HEAD: usize = 4;

/// Bytes of text that a word of the window may have, on average: a page without spaces stays out.
const WORD_BYTES: usize = 400;

/// The order of the lines; equal ones stand as in the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// As in the corpus.
    Corpus,
    /// By the words before the match, the nearest first.
    Left,
    /// By the words after the match.
    Right,
    /// By the matched words.
    Node,
    /// By a number for each document.
    Documents(Vec<i64>),
}

/// A match: document, token of the document where it begins, and its number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    row: u32,
    place: u32,
    words: u32,
}

/// One line of a concordance: bytes of its document, and the match in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// The document.
    pub row: usize,
    /// Where the text before the match begins.
    pub from: usize,
    /// Where the match begins.
    pub start: usize,
    /// Where the match ends.
    pub end: usize,
    /// Where the text after the match ends.
    pub to: usize,
    /// The match in code points.
    pub span: (usize, usize),
}

/// The lines that were asked for, and how many matches there are.
#[derive(Debug)]
pub struct Concordance {
    /// The first lines in the order that was asked for.
    pub lines: Vec<Line>,
    /// All matches.
    pub matches: usize,
}

impl Concordance {
    /// Finds every match of one of `readings`, and the first `most` lines with `window` kept tokens on
    /// each side.
    pub fn build(
        postings: &Postings,
        readings: &[Vec<Terms>],
        window: usize,
        order: &Order,
        most: usize,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut found = Vec::new();
        for words in readings {
            let more = matches(postings, words, observer)?;
            if found.is_empty() {
                found = more;
            } else {
                memory::append(&mut found, &more, WHAT, observer)?;
                sorting::sort_by_key(&mut found, observer, |&found| found)?;
                found.dedup();
            }
        }
        let total = found.len();
        sort(&mut found, postings, window, order, observer)?;
        found.truncate(most);
        memory::admit(found.len() as u64 * line_bytes(window), WHAT)?;
        Ok(Self {
            lines: lines(postings, &found, window, observer)?,
            matches: total,
        })
    }
}

/// Bytes that a line needs at its peak, its three strings in Python included: see `docs/limits.md`.
fn line_bytes(window: usize) -> u64 {
    300 + 16 * window as u64
}

/// A place or a row fits 32 bits: `Postings` and the limit on documents see to it.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Every match, in the order of the corpus.
fn matches(postings: &Postings, words: &[Terms], observer: &dyn Observer) -> Result<Vec<Match>> {
    let count = |terms: &Terms| match terms {
        Terms::One(term) => postings.places(*term).len(),
        Terms::Some(flags) => (0..)
            .zip(flags)
            .filter(|&(_, &flag)| flag)
            .map(|(term, _)| postings.places(term).len())
            .sum(),
        Terms::Any => postings.len(),
    };
    let rarest = (0..words.len())
        .map(|word| (count(&words[word]), word))
        .min()
        .unwrap_or((0, 0));
    let (places, word) = rarest;
    if places == 0 {
        return Ok(Vec::new());
    }
    let gathered;
    let candidates = match &words[word] {
        Terms::One(term) => postings.places(*term),
        Terms::Some(flags) if places <= postings.len() / DENSE => {
            gathered = gather(postings, flags, places, observer)?;
            &gathered
        }
        _ => return dense(postings, words, observer),
    };
    let parts = parallel::blocks(candidates.len(), BLOCK, |_| 0);
    observer.expect(candidates.len());
    let found = parallel::map_blocks(&parts, observer, |part| {
        let (mut found, mut steps) = (Vec::new(), Pace::default());
        for &candidate in &candidates[part] {
            steps.step(16 + words.len(), observer)?;
            let row = postings.row(candidate);
            let bounds = postings.bounds(row);
            let place = (candidate as usize - bounds.start).checked_sub(word);
            if let Some(place) = place.filter(|place| place + words.len() <= bounds.len())
                && stands(postings, words, row, place)
            {
                let found_here = Match {
                    row: narrow(row),
                    place: narrow(place),
                    words: narrow(words.len()),
                };
                memory::push(&mut found, found_here, WHAT)?;
            }
        }
        Ok(found)
    })?;
    memory::concat(found, WHAT, observer)
}

/// The places of several terms, rising.
fn gather(postings: &Postings, flags: &[bool], count: usize, observer: &dyn Observer) -> Result<Vec<u32>> {
    let mut places = memory::with_capacity(count, WHAT)?;
    let mut steps = Pace::default();
    for (term, &flag) in (0..).zip(flags) {
        steps.step(1, observer)?;
        if flag {
            memory::append(&mut places, postings.places(term), WHAT, observer)?;
        }
    }
    sorting::sort_by_key(&mut places, observer, |&place| place)?;
    Ok(places)
}

/// Every match, by reading all tokens.
fn dense(postings: &Postings, words: &[Terms], observer: &dyn Observer) -> Result<Vec<Match>> {
    let documents = postings.view().documents();
    let parts = parallel::blocks(documents, parallel::BLOCK_BYTES / 4, |row| {
        postings.bounds(row).len()
    });
    observer.expect(documents);
    let found = parallel::map_blocks(&parts, observer, |rows| {
        let (mut found, mut steps) = (Vec::new(), Pace::default());
        for row in rows {
            let tokens = postings.bounds(row).len();
            for place in 0..(tokens + 1).saturating_sub(words.len()) {
                steps.step(2 + words.len(), observer)?;
                if stands(postings, words, row, place) {
                    let found_here = Match {
                        row: narrow(row),
                        place: narrow(place),
                        words: narrow(words.len()),
                    };
                    memory::push(&mut found, found_here, WHAT)?;
                }
            }
        }
        Ok(found)
    })?;
    memory::concat(found, WHAT, observer)
}

/// Whether the words stand at a place, which leaves room for them, and the view keeps one of them.
fn stands(postings: &Postings, words: &[Terms], row: usize, place: usize) -> bool {
    let (view, ids) = (postings.view(), postings.view().tokens().ids(row));
    let ids = &ids[place..place + words.len()];
    words.iter().zip(ids).all(|(terms, &id)| {
        terms.hold(postings.all().map()[id as usize]) && (terms.is_literal() || view.is_met(id))
    }) && ids.iter().any(|&id| view.keeps(id))
}

/// The kept tokens beside a match, the nearest first, as terms.
fn beside(postings: &Postings, found: Match, order: &Order, window: usize) -> impl Iterator<Item = u32> {
    let (row, place, words) = (found.row as usize, found.place as usize, found.words as usize);
    let after = place + words..postings.bounds(row).len();
    let (left, right, most) = match order {
        Order::Left => (0..place, 0..0, window),
        Order::Node => (0..0, place..place + words, words),
        _ => (0..0, after, window),
    };
    let all = *order == Order::Node;
    left.rev()
        .chain(right)
        .filter(move |&place| all || postings.keeps(row, place))
        .take(most.min(COMPARED))
        .filter_map(move |place| postings.all().term_at(row, place))
}

/// A match with the ranks of the first words that it is sorted by; 0 where there are none.
#[derive(Clone, Copy)]
struct Ranked {
    head: [u32; HEAD],
    found: Match,
}

/// What matches are sorted by.
struct Ranking<'a> {
    postings: &'a Postings,
    window: usize,
    order: &'a Order,
}

impl Ranking<'_> {
    fn ranks(&self, found: Match) -> impl Iterator<Item = u32> {
        beside(self.postings, found, self.order, self.window).map(|term| self.postings.rank(term))
    }

    fn ranked(&self, found: Match) -> Ranked {
        let mut head = [0; HEAD];
        for (slot, rank) in head.iter_mut().zip(self.ranks(found)) {
            *slot = rank;
        }
        Ranked { head, found }
    }
}

/// A match as it is compared.
#[derive(Clone, Copy)]
struct Compared<'a> {
    ranked: Ranked,
    by: &'a Ranking<'a>,
}

impl Compared<'_> {
    /// The ranks behind those of the head; none where the head is not full.
    fn rest(&self) -> impl Iterator<Item = u32> {
        let full = self.ranked.head[HEAD - 1] > 0;
        let rest = full.then(|| self.by.ranks(self.ranked.found).skip(HEAD));
        rest.into_iter().flatten()
    }
}

impl Ord for Compared<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.ranked.head.cmp(&other.ranked.head))
            .then_with(|| self.rest().cmp(other.rest()))
            .then_with(|| self.ranked.found.cmp(&other.ranked.found))
    }
}

impl PartialOrd for Compared<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Compared<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Compared<'_> {}

/// Sorts matches; they come in the order of the corpus.
fn sort(
    found: &mut [Match],
    postings: &Postings,
    window: usize,
    order: &Order,
    observer: &dyn Observer,
) -> Result<()> {
    match order {
        Order::Corpus => return Ok(()),
        Order::Documents(numbers) => {
            return sorting::sort_by_key(found, observer, |found| (numbers[found.row as usize], *found));
        }
        Order::Node | Order::Left | Order::Right => {}
    }
    let by = Ranking {
        postings,
        window,
        order,
    };
    memory::admit((2 * found.len() * size_of::<Ranked>()) as u64, WHAT)?;
    let parts = parallel::blocks(found.len(), BLOCK, |_| 0);
    observer.expect(found.len());
    let ranked = parallel::map_blocks(&parts, observer, |part| {
        memory::collect(found[part].iter().map(|&found| by.ranked(found)), WHAT, observer)
    })?;
    let mut ranked = memory::concat(ranked, WHAT, observer)?;
    sorting::sort_by_key(&mut ranked, observer, |&ranked| Compared { ranked, by: &by })?;
    for (places, sorted) in found.chunks_mut(BLOCK).zip(ranked.chunks(BLOCK)) {
        observer.check()?;
        for (place, sorted) in places.iter_mut().zip(sorted) {
            *place = sorted.found;
        }
    }
    Ok(())
}

/// The lines of matches, in their order.
fn lines(postings: &Postings, found: &[Match], window: usize, observer: &dyn Observer) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = memory::filled(&Line::default(), found.len(), WHAT, observer)?;
    // In the order of the corpus, so that the code points of a document are counted once.
    let mut sorted: Vec<u32> = memory::collect(0..narrow(found.len()), WHAT, observer)?;
    sorting::sort_by_key(&mut sorted, observer, |&at| (found[at as usize], at))?;
    let mut steps = Pace::default();
    for group in sorted.chunk_by(|&left, &right| found[left as usize].row == found[right as usize].row) {
        let row = found[group[0] as usize].row as usize;
        let text = postings.view().tokens().arena().text(row);
        let mut points = CodePoints::new(text);
        // Matches may overlap, so the last code point that was asked for is not always passed.
        let mut ends = CodePoints::new(text);
        steps.step(text.len() / 16, observer)?;
        for &at in group {
            let line = line(postings, found[at as usize], window, &mut steps, observer)?;
            lines[at as usize] = Line {
                span: (points.at(line.start), ends.at(line.end)),
                ..line
            };
        }
    }
    Ok(lines)
}

/// One line, without its code points.
fn line(
    postings: &Postings,
    found: Match,
    window: usize,
    steps: &mut Pace,
    observer: &dyn Observer,
) -> Result<Line> {
    let tokens = postings.view().tokens();
    let (row, place, words) = (found.row as usize, found.place as usize, found.words as usize);
    let (text, ids, starts) = (tokens.arena().text(row), tokens.ids(row), tokens.starts(row));
    let end_of = |place: usize| starts[place] as usize + tokens.types().term(ids[place]).len();
    let (start, end) = (starts[place] as usize, end_of(place + words - 1));
    let most = window.saturating_mul(WORD_BYTES);
    let (mut from, mut kept) = (start, 0);
    for before in (0..place).rev() {
        steps.step(2, observer)?;
        if kept == window || start - from > most {
            break;
        }
        from = starts[before] as usize;
        kept += usize::from(postings.keeps(row, before));
    }
    let (mut to, mut kept) = (end, 0);
    for after in place + words..ids.len() {
        steps.step(2, observer)?;
        if kept == window || to - end > most {
            break;
        }
        to = end_of(after);
        kept += usize::from(postings.keeps(row, after));
    }
    from = from.max(start.saturating_sub(most));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    to = to.min(end.saturating_add(most));
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    Ok(Line {
        row,
        from,
        start,
        end,
        to,
        span: (0, 0),
    })
}
