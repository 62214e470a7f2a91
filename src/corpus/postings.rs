//! Postings: where every term of a corpus stands, so that a search reads its matches only.
//!
//! A place is one number, counted through all documents, so that a token costs four bytes. Every
//! token has its postings, also one that the view drops: whoever reads the text around a match, or
//! looks for `e-mail` where punctuation does not count, still finds it.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::pace::Pace;
use super::sorting;
use super::views::{Settings, View};
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::normalize;

const WHAT: &str = "postings";

/// Where every term of a view stands.
#[derive(Debug)]
pub struct Postings {
    view: View,
    /// The same tokens in the same normal form, none of them dropped.
    all: View,
    /// Tokens before each document, and in all.
    bounds: Vec<usize>,
    /// Where the places of each term begin, and the number of places.
    starts: Vec<usize>,
    places: Vec<u32>,
    /// The rank of each term by its lower case, from 1; equal ones have one rank.
    ranks: Vec<u32>,
}

/// Bytes that [`Postings::build`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View) -> u64 {
    let (tokens, types) = (view.tokens().len() as u64, view.tokens().types().len() as u64);
    4 * tokens + 80 * types + 8 * view.documents() as u64
}

impl Postings {
    /// Counts every term, then writes every place: a counting sort, in which each thread owns a range
    /// of terms, so that the result is the same for any number of them.
    pub fn build(view: &View, observer: &dyn Observer) -> Result<Self> {
        memory::admit(estimate(view), "the postings of a concordance")?;
        let settings = Settings {
            kinds: None,
            stop_words: None,
            min_length: 0,
            ..view.settings().clone()
        };
        let all = View::new(view.tokens().clone(), settings, observer)?;
        let mut pace = Pace::default();
        let mut bounds = memory::with_capacity(view.documents() + 1, WHAT)?;
        bounds.push(0);
        let mut end = 0;
        for row in 0..view.documents() {
            pace.step(1, observer)?;
            end += view.tokens().ids(row).len();
            bounds.push(end);
        }
        if u32::try_from(end).is_err() {
            return Err(Error::Limit(Cause::sentence(format!(
                "The corpus has {end} tokens, but a concordance reaches {} of them; search parts of the corpus.",
                u32::MAX
            ))));
        }
        observer.expect(2 * view.documents());
        let starts = counted(&all, observer)?;
        let places = placed(&all, &bounds, &starts, observer)?;
        let ranks = ranked(all.terms(), observer)?;
        Ok(Self {
            view: view.clone(),
            all,
            bounds,
            starts,
            places,
            ranks,
        })
    }

    /// The view whose tokens these are.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The same view with every token kept; its terms are those that have postings.
    #[must_use]
    pub fn all(&self) -> &View {
        &self.all
    }

    /// Whether the view keeps a token.
    #[must_use]
    pub fn keeps(&self, row: usize, place: usize) -> bool {
        self.view.term_at(row, place).is_some()
    }

    /// The places of a term, rising.
    #[must_use]
    pub fn places(&self, term: u32) -> &[u32] {
        let term = term as usize;
        &self.places[self.starts[term]..self.starts[term + 1]]
    }

    /// The rank of a term among all, by lower case and code point.
    #[must_use]
    pub fn rank(&self, term: u32) -> u32 {
        self.ranks[term as usize]
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The places of a document.
    #[must_use]
    pub fn bounds(&self, row: usize) -> Range<usize> {
        self.bounds[row]..self.bounds[row + 1]
    }

    /// The document that holds a place.
    #[must_use]
    pub fn row(&self, place: u32) -> usize {
        // Documents without tokens end where they begin; the last one that begins here has some.
        self.bounds.partition_point(|&start| start <= place as usize) - 1
    }
}

/// Where the places of each term begin.
fn counted(all: &View, observer: &dyn Observer) -> Result<Vec<usize>> {
    let terms = all.terms().len();
    let mut starts = memory::zeroed::<usize>(terms + 1, WHAT)?;
    // As many parts as threads: each counts on its own, and a sum has no order. Fewer where most terms
    // are rare, so that the counts take half a byte a token, and those of one part.
    let parts = rayon::current_num_threads().min(1 + all.tokens().len() / (8 * terms + 1));
    let part = all.documents().div_ceil(parts).max(1);
    let parts: Vec<Range<usize>> = (0..all.documents())
        .step_by(part)
        .map(|row| row..all.documents().min(row + part))
        .collect();
    let counts = parallel::map_blocks(&parts, observer, |rows| {
        let mut counts = memory::zeroed::<u32>(terms, WHAT)?;
        let mut pace = Pace::default();
        for row in rows {
            pace.step(1, observer)?;
            for (term, _) in all.kept(row) {
                pace.step(1, observer)?;
                counts[term as usize] += 1;
            }
        }
        Ok(counts)
    })?;
    let (mut end, mut pace) = (0, Pace::default());
    for term in 0..terms {
        pace.step(1 + counts.len(), observer)?;
        starts[term] = end;
        end += counts.iter().map(|counts| counts[term] as usize).sum::<usize>();
    }
    starts[terms] = end;
    Ok(starts)
}

/// The places of all terms, in the order of the terms.
fn placed(all: &View, bounds: &[usize], starts: &[usize], observer: &dyn Observer) -> Result<Vec<u32>> {
    let total = starts[starts.len() - 1];
    let mut places = memory::zeroed::<u32>(total, WHAT)?;
    let threads = rayon::current_num_threads();
    let (mut jobs, mut left, mut first) = (Vec::new(), places.as_mut_slice(), 0);
    for job in 1..=threads {
        // A job ends with the term that fills its share.
        let last = if job == threads {
            starts.len() - 1
        } else {
            starts.partition_point(|&start| start < total / threads * job)
        };
        let last = last.clamp(first, starts.len() - 1);
        let (here, after) = left.split_at_mut(starts[last] - starts[first]);
        left = after;
        jobs.push((first..last, here));
        first = last;
    }
    jobs.into_par_iter().try_for_each(|(terms, places)| {
        let mut next = memory::with_capacity(terms.len(), WHAT)?;
        next.extend(
            starts[terms.clone()]
                .iter()
                .map(|&start| start - starts[terms.start]),
        );
        let mut pace = Pace::default();
        for (row, &base) in bounds[..bounds.len() - 1].iter().enumerate() {
            pace.step(1, observer)?;
            for (term, place) in all.kept(row) {
                pace.step(1, observer)?;
                let Some(next) = (term as usize)
                    .checked_sub(terms.start)
                    .and_then(|term| next.get_mut(term))
                else {
                    continue;
                };
                // All places together fit 32 bits, which was asked at the beginning.
                places[*next] = u32::try_from(base + place).unwrap_or(u32::MAX);
                *next += 1;
            }
            if terms.end + 1 == starts.len() {
                observer.advance(1);
            }
        }
        Ok(())
    })?;
    Ok(places)
}

/// Ranks terms by their lower case.
fn ranked(terms: &Vocabulary, observer: &dyn Observer) -> Result<Vec<u32>> {
    let mut pace = Pace::default();
    let mut lower = memory::with_capacity::<Cow<'_, str>>(terms.len(), WHAT)?;
    for term in terms.iter() {
        pace.step(16 + term.len(), observer)?;
        lower.push(normalize::lower(term));
    }
    // Ids are 32 bits wide.
    let last = u32::try_from(terms.len()).unwrap_or(u32::MAX);
    let mut sorted: Vec<u32> = memory::collect(0..last, WHAT, observer)?;
    sorting::sort_by_key(&mut sorted, observer, |&term| {
        (lower[term as usize].as_ref(), term)
    })?;
    let mut ranks = memory::zeroed::<u32>(terms.len(), WHAT)?;
    let (mut rank, mut before) = (0, None);
    for &term in &sorted {
        pace.step(4, observer)?;
        let here = lower[term as usize].as_ref();
        if before != Some(here) {
            rank += 1;
        }
        before = Some(here);
        ranks[term as usize] = rank;
    }
    Ok(ranks)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::tokens::Tokens;
    use crate::observer::Silent;
    use crate::text::arena::{Arena, OwnedTexts};
    use crate::text::kinds::KindSet;
    use crate::text::tailoring::{Language, Tailoring};

    fn view(texts: &[&str]) -> View {
        let mut owned = OwnedTexts::default();
        for text in texts {
            owned.push(text).unwrap();
        }
        let arena = Arc::new(Arena::from_chunks(vec![Box::new(owned)], &Silent).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), None, &Silent).unwrap();
        let settings = Settings {
            kinds: Some(KindSet::WORDS),
            lower: true,
            ..Settings::surface()
        };
        View::new(Arc::new(tokens), settings, &Silent).unwrap()
    }

    #[test]
    fn every_token_is_found_under_its_term() {
        let texts = ["", "A truce, a TRUCE!", "", "No truce: a lie", "", ""];
        let view = view(&texts);
        for threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let postings = pool.install(|| Postings::build(&view, &Silent)).unwrap();
            let mut seen = 0;
            for (id, term) in (0..).zip(postings.all().terms().iter()) {
                for &place in postings.places(id) {
                    let row = postings.row(place);
                    let place = place as usize - postings.bounds(row).start;
                    assert_eq!(postings.all().term_at(row, place), Some(id));
                    assert_eq!(
                        postings.keeps(row, place),
                        term.chars().all(char::is_alphanumeric)
                    );
                    seen += 1;
                }
                assert!(postings.places(id).is_sorted());
            }
            assert_eq!((seen, postings.len()), (11, 11));
        }
    }

    #[test]
    fn nothing_has_no_postings() {
        for texts in [&[][..], &[""], &["", " "]] {
            let postings = Postings::build(&view(texts), &Silent).unwrap();
            assert!(postings.is_empty());
        }
    }
}
