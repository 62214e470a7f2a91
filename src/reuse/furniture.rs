//! Page furniture: what stands around articles, found by two sorts of evidence.
//!
//! *Recurs*: a line stands word for word in several texts of one source. That is enough for a line
//! that is no sentence. Outlets also say the same sentence in several articles, and that is what
//! somebody may want to count; so a sentence, and a line with figures, is furniture only where some articles
//! begin with it, where it ends a tenth of them, where it stands in half of them, or where a rule knows it. *Suspected*: what
//! one document alone can show, by a rule of the lexicon or by its form: a headline of its own, a
//! caption that stands twice, a list of links. A wrong mask deletes evidence, so what is in doubt is none.

use std::ops::Range;

use super::frames::Frames;
use super::lexicon::{At, Folded, Form, Lexicon, Match, Then};
use super::recurring::{Recurring, Sources};
use super::stretches::{Cutter, Stretch, WHAT};
use crate::corpus::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::abbreviations::Rules;
use crate::text::arena::{Arena, CodePoints};

/// Lines among which a headline of the article is looked for.
const HEAD: usize = 12;

/// Words of a link, and of a line below an article, at most.
const LINK: u32 = 25;
const COMMENT: u32 = 15;

/// Words of a caption that stands twice, and bytes of what the second has more, at most.
const CAPTION: std::ops::RangeInclusive<u32> = 8..=60;
const CREDIT: usize = 40;

/// What speaks for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It recurs; the rule of the lexicon that it follows besides.
    Recurs(Option<usize>),
    /// It follows a rule of the lexicon.
    Rule(usize),
    /// The title of the article stands there.
    Title,
    /// A caption stands there twice.
    Caption,
    /// Nothing but hashtags.
    Hashtags,
}

/// A place of page furniture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The document.
    pub row: usize,
    /// Bytes.
    pub bytes: (u32, u32),
    /// Code points.
    pub span: (u32, u32),
    /// What speaks for it.
    pub why: Why,
    /// Lines, or sentences of a long line.
    pub stretches: u32,
    /// Whether it is a part of a line.
    pub part: bool,
    /// In how many texts of its source it stands; 1 for what is suspected.
    pub times: u32,
    /// Words.
    pub words: u32,
}

/// What to look for, and in what.
pub struct Search<'a> {
    /// The documents.
    pub arena: &'a Arena,
    /// Their titles, empty where there is none.
    pub titles: Option<&'a Arena>,
    /// What belongs together.
    pub sources: Sources<'a>,
    /// What rules know.
    pub lexicon: &'a Lexicon,
}

impl<'a> Search<'a> {
    /// A search for all that is known of these documents.
    #[must_use]
    pub fn new(
        arena: &'a Arena,
        titles: Option<&'a Arena>,
        sources: Sources<'a>,
        lexicon: &'a Lexicon,
    ) -> Self {
        // A title for each document, or nothing can be said about titles.
        let titles = titles.filter(|titles| titles.len() == arena.len());
        Self {
            arena,
            titles,
            sources,
            lexicon,
        }
    }

    /// The kind of a place: what a rule says, else its form.
    #[must_use]
    pub fn kind(&self, place: &Place) -> &str {
        match place.why {
            Why::Recurs(Some(rule)) | Why::Rule(rule) => &self.lexicon.kind(rule).name,
            Why::Recurs(None) if place.stretches > 1 => "block",
            Why::Recurs(None) if place.part => "sentence",
            Why::Recurs(None) => "line",
            Why::Title => "title",
            Why::Caption => "caption",
            Why::Hashtags => "tags",
        }
    }

    /// The rule that a place follows.
    #[must_use]
    pub fn rule(&self, place: &Place) -> &str {
        match place.why {
            Why::Recurs(Some(rule)) | Why::Rule(rule) => &self.lexicon.rules()[rule].name,
            Why::Recurs(None) => "recurs",
            Why::Title => "title.repeated",
            Why::Caption => "caption.repeated",
            Why::Hashtags => "tags.hashtags",
        }
    }

    /// All places, in the order of the documents; those of one document do not overlap.
    pub fn places(&self, observer: &dyn Observer) -> Result<Vec<Place>> {
        let count = self.arena.len();
        observer.expect(2 * count);
        let rules = Rules::of(None)?;
        let cut = parallel::blocks(count, parallel::BLOCK_BYTES, |row| self.arena.text(row).len());
        let blocks = parallel::map_blocks(&cut, observer, |rows| {
            let mut cutter = Cutter::new(self.arena, &rules, observer);
            for row in rows {
                cutter.cut(row)?;
            }
            Ok(cutter.found)
        })?;
        let stretches = memory::concat(blocks, WHAT, observer)?;
        let rows = ranges(&stretches, count, observer)?;
        let recurring = Recurring::of(self.arena, &stretches, &rows, self.sources, observer)?;
        let places = parallel::map_blocks(&cut, observer, |block| {
            let mut page = Page::new(self, &recurring);
            let mut places = Vec::new();
            for row in block {
                page.read(row, &stretches, rows[row].clone(), observer)?;
                page.tell(&stretches, rows[row].clone(), &mut places, observer)?;
            }
            Ok(places)
        })?;
        memory::concat(places, WHAT, observer)
    }
}

/// The stretches of each document.
fn ranges(stretches: &[Stretch], count: usize, observer: &dyn Observer) -> Result<Vec<Range<usize>>> {
    let (mut rows, mut at, mut pace) = (memory::with_capacity(count, WHAT)?, 0, Pace::default());
    for row in 0..count {
        let start = at;
        while stretches
            .get(at)
            .is_some_and(|stretch| stretch.row as usize == row)
        {
            pace.step(1, observer)?;
            at += 1;
        }
        rows.push(start..at);
    }
    Ok(rows)
}

/// A stretch that is furniture.
#[derive(Debug, Clone, Copy)]
struct Mark {
    why: Why,
    /// The byte after it in its document: a phrase may be all that is furniture of a line.
    end: u32,
    /// Whether it belongs to the mark of the stretch before.
    goes_on: bool,
}

/// One document at a time.
struct Page<'a> {
    search: &'a Search<'a>,
    recurring: &'a Recurring,
    lines: Vec<Folded>,
    rules: Vec<Option<Match>>,
    marks: Vec<Option<Mark>>,
    title: Folded,
}

impl<'a> Page<'a> {
    fn new(search: &'a Search<'a>, recurring: &'a Recurring) -> Self {
        Self {
            search,
            recurring,
            lines: Vec::new(),
            rules: Vec::new(),
            marks: Vec::new(),
            title: Folded::default(),
        }
    }

    /// Marks what is furniture among the stretches of a document.
    fn read(
        &mut self,
        row: usize,
        stretches: &[Stretch],
        places: Range<usize>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut pace = Pace::default();
        let count = places.len();
        self.rules.clear();
        memory::reserve(&mut self.rules, count, WHAT)?;
        while self.lines.len() < count {
            memory::push(&mut self.lines, Folded::default(), WHAT)?;
        }
        for (line, stretch) in self.lines.iter_mut().zip(&stretches[places.clone()]) {
            line.read(stretch.text(self.search.arena), false);
            pace.step(16 + 2 * line.text.len(), observer)?;
            let form = Form {
                words: stretch.words,
                prose: stretch.prose,
                part: stretch.part,
            };
            let found = self.search.lexicon.find(line, form);
            let phrase = |rule: usize| self.search.lexicon.rules()[rule].at == At::Phrase;
            self.rules
                .push(found.filter(|found| !stretch.wrapped || phrase(found.rule)));
        }
        let here = &stretches[places.clone()];
        self.mark_recurring(here, places.start, self.search.sources.of[row], observer)?;
        self.mark_rules(here);
        self.mark_title(row, here);
        self.mark_captions(here);
        self.mark_followers(here);
        Ok(())
    }

    fn mark_recurring(
        &mut self,
        here: &[Stretch],
        first: usize,
        source: i64,
        observer: &dyn Observer,
    ) -> Result<()> {
        let rule = |at: usize| {
            self.rules[at]
                .filter(|found| !self.is_phrase(found.rule))
                .map(|found| found.rule)
        };
        let frames = Frames {
            here,
            first,
            source,
            recurring: self.recurring,
        };
        let marked = frames.marked(&|at| rule(at).is_some(), observer)?;
        let joins = |at: usize| at > 0 && marked[at - 1] && self.recurring.together[first + at - 1] > 0;
        let mark = |at: usize| Mark {
            why: Why::Recurs(rule(at)),
            end: here[at].end,
            goes_on: joins(at),
        };
        let marks = (0..here.len()).map(|at| marked[at].then(|| mark(at)));
        self.marks = memory::collect(marks, WHAT, observer)?;
        Ok(())
    }

    fn is_phrase(&self, rule: usize) -> bool {
        self.search.lexicon.rules()[rule].at == At::Phrase
    }

    fn mark_rules(&mut self, here: &[Stretch]) {
        for (at, stretch) in here.iter().enumerate() {
            let tags = || {
                let mut words = self.lines[at].text.split(' ');
                stretch.words >= 3 && words.all(|word| word.len() > 1 && word.starts_with('#'))
            };
            let (why, end) = match self.rules[at] {
                Some(found) => {
                    let end = stretch.start + u32::try_from(found.end).unwrap_or(u32::MAX);
                    (
                        Why::Rule(found.rule),
                        if self.is_phrase(found.rule) {
                            end
                        } else {
                            stretch.end
                        },
                    )
                }
                None if tags() => (Why::Hashtags, stretch.end),
                None => continue,
            };
            self.mark(at, why, end, false);
        }
    }

    fn mark(&mut self, at: usize, why: Why, end: u32, goes_on: bool) {
        if self.marks[at].is_none() {
            self.marks[at] = Some(Mark { why, end, goes_on });
        }
    }

    /// Marks lines that say what the title says.
    fn mark_title(&mut self, row: usize, here: &[Stretch]) {
        let Some(titles) = self.search.titles else { return };
        self.title.read(titles.text(row), false);
        if self.title.text.is_empty() {
            return;
        }
        for (at, stretch) in here.iter().enumerate().take(HEAD) {
            // A word or two may be a headline of a section as well, except where an article begins.
            let is_clear = at == 0 || self.title.text.split(' ').count() >= 3;
            if is_clear && !stretch.part && !stretch.wrapped && self.lines[at].text == self.title.text {
                self.mark(at, Why::Title, stretch.end, false);
            }
        }
    }

    /// Marks captions that stand twice, the second time often with a credit.
    fn mark_captions(&mut self, here: &[Stretch]) {
        for at in 1..here.len() {
            let (first, second) = (&self.lines[at - 1].text, &self.lines[at].text);
            let alike = second.starts_with(first.as_str()) && second.len() <= first.len() + CREDIT;
            let whole = |stretch: &Stretch| !stretch.part && !stretch.wrapped;
            let lines = whole(&here[at - 1]) && whole(&here[at]) && CAPTION.contains(&here[at - 1].words);
            if alike && lines {
                // Without a credit it may be a sentence that was taken twice: once it stays.
                if second.len() > first.len() {
                    self.mark(at - 1, Why::Caption, here[at - 1].end, false);
                }
                let goes_on = self.marks[at - 1].is_some_and(|mark| mark.why == Why::Caption);
                self.mark(at, Why::Caption, here[at].end, goes_on);
            }
        }
    }

    /// Marks what follows a head: a list of links, or short lines up to the end.
    fn mark_followers(&mut self, here: &[Stretch]) {
        for at in 0..here.len() {
            let Some(found) = self.rules[at] else { continue };
            let follows: fn(&Self, &Stretch, usize) -> bool = match self.search.lexicon.kind(found.rule).then
            {
                Then::Nothing => continue,
                Then::Links => Self::is_link,
                Then::Tail => |_, stretch, _| stretch.words <= COMMENT,
            };
            let entries = self
                .lines
                .get(at + 1)
                .is_some_and(|line| at + 1 < here.len() && line.entry);
            let mut end = at + 1;
            while end < here.len() && self.marks[end].is_none() && follows(self, &here[end], end) {
                if entries && !self.lines[end].entry {
                    break;
                }
                end += 1;
            }
            // Without signs of a list only the end of the article tells links from what goes on.
            let words = |range: Range<usize>| here[range].iter().map(|stretch| stretch.words).sum::<u32>();
            let rest = (end..here.len()).all(|at| self.marks[at].is_some());
            // Nor can an article be smaller than what stands below it.
            let rest = rest && words(0..at) > words(at..end);
            if entries && self.search.lexicon.kind(found.rule).then == Then::Links || rest {
                for (place, stretch) in here.iter().enumerate().take(end).skip(at + 1) {
                    let joins =
                        matches!(self.marks[place - 1], Some(mark) if mark.why == Why::Rule(found.rule));
                    self.mark(place, Why::Rule(found.rule), stretch.end, joins);
                }
            }
        }
    }

    fn is_link(&self, stretch: &Stretch, at: usize) -> bool {
        let text = stretch.text(self.search.arena);
        let ends = text
            .trim_end_matches(['"', '”', '’', '»', ')'])
            .ends_with(['.', '。', '،', ',', ';', '…', '۔']);
        !stretch.part && !self.lines[at].text.is_empty() && stretch.words <= LINK && !ends
    }

    /// Adds the places of a document in code points.
    fn tell(
        &self,
        stretches: &[Stretch],
        places: Range<usize>,
        told: &mut Vec<Place>,
        observer: &dyn Observer,
    ) -> Result<()> {
        let (first, mut steps) = (places.start, Pace::default());
        let begun = told.len();
        for (at, stretch) in stretches[places].iter().enumerate() {
            steps.step(4, observer)?;
            let Some(mark) = self.marks[at] else { continue };
            let times = match mark.why {
                Why::Recurs(_) => self.recurring.times[first + at],
                _ => 1,
            };
            if let Some(last) = told[begun..].last_mut().filter(|_| mark.goes_on) {
                last.bytes.1 = mark.end;
                last.stretches += 1;
                last.words += stretch.words;
                if let Why::Recurs(rule) = mark.why {
                    last.times = last.times.min(self.recurring.together[first + at - 1]);
                    if last.why == Why::Recurs(None) {
                        last.why = Why::Recurs(rule);
                    }
                }
                continue;
            }
            let place = Place {
                row: stretch.row as usize,
                bytes: (stretch.start, mark.end),
                span: (0, 0),
                why: mark.why,
                stretches: 1,
                part: stretch.part,
                times,
                words: stretch.words,
            };
            memory::push(told, place, WHAT)?;
        }
        let Some(place) = told.get(begun) else {
            return Ok(());
        };
        let text = self.search.arena.text(place.row);
        steps.step(text.len() / 16, observer)?;
        let mut points = CodePoints::new(text);
        for place in &mut told[begun..] {
            let narrow = |point: usize| u32::try_from(point).unwrap_or(u32::MAX);
            let (start, end) = place.bytes;
            place.span = (narrow(points.at(start as usize)), narrow(points.at(end as usize)));
            if matches!(place.why, Why::Rule(rule) if self.is_phrase(rule)) {
                let words = text[start as usize..end as usize].split_whitespace().count();
                place.words = u32::try_from(words).unwrap_or(u32::MAX);
            }
        }
        Ok(())
    }
}
