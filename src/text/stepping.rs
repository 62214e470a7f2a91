//! Searches that can be stopped: the matches of a pattern, found step by step.
//!
//! The engine behind `pattern.rs` cannot be asked to pause, and one search of a long text may take
//! it minutes. This one finds the same matches (leftmost, then most preferred, as everywhere) with
//! the same lazy automaton, but steps it itself and asks the observer as it goes. Forward steps
//! find where a match ends, backward steps where it starts. Where the lazy automaton cannot go on,
//! `simulation.rs` searches from the same place.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_automata::util::prefilter::Prefilter;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;

use super::simulation::{Memory, Simulation};
use super::watch::Watch;
use crate::error::Result;

/// Bytes of a walk along known states that count as one step.
const WALK: usize = 16;

/// Bytes walked along known states before they are counted.
const STRETCH: usize = 1 << 14;

/// A pattern, ready to be stepped.
#[derive(Debug)]
pub(super) struct Stepper {
    forward: DFA,
    backward: DFA,
    simulation: Simulation,
    /// Finds what a match may begin with, where that is a few strings.
    beginnings: Option<Prefilter>,
    /// Steps that a new state of the lazy automaton is worth.
    weight: usize,
}

/// The memory of one search after another.
#[derive(Debug)]
pub(super) struct Strides {
    forward: Cache,
    backward: Cache,
    simulation: Option<Memory>,
}

/// What the lazy automaton says.
enum Answer {
    /// The match ends (or starts) here.
    Here(usize),
    /// There is no match.
    Nowhere,
    /// It cannot tell.
    Unknown,
}

impl Stepper {
    /// Prepares a pattern that never matches the empty string.
    ///
    /// `breadth` is that of `compiled.rs`, `limit` bounds the bytes of each program and `memory`
    /// those of each lazy automaton.
    pub(super) fn new(
        hir: &Hir,
        breadth: usize,
        limit: usize,
        memory: usize,
    ) -> std::result::Result<Self, Box<dyn std::error::Error>> {
        let nfa = |reverse: bool| {
            NFA::compiler()
                .configure(
                    NFA::config()
                        .reverse(reverse)
                        .nfa_size_limit(Some(limit))
                        .which_captures(WhichCaptures::None),
                )
                .build_from_hir(hir)
                .map_err(Box::new)
        };
        let lazy = |nfa: NFA, kind: MatchKind| {
            DFA::builder()
                .configure(
                    DFA::config()
                        .match_kind(kind)
                        .unicode_word_boundary(true)
                        .cache_capacity(memory)
                        .skip_cache_capacity_check(true)
                        .minimum_cache_clear_count(Some(3))
                        .minimum_bytes_per_state(Some(10)),
                )
                .build_from_nfa(nfa)
                .map_err(Box::new)
        };
        let straight = nfa(false)?;
        Ok(Self {
            forward: lazy(straight.clone(), MatchKind::LeftmostFirst)?,
            backward: lazy(nfa(true)?, MatchKind::All)?,
            simulation: Simulation::new(straight),
            beginnings: Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, hir).filter(Prefilter::is_fast),
            weight: 16 + 2 * breadth,
        })
    }

    /// Memory for searches with this pattern.
    pub(super) fn strides(&self) -> Strides {
        Strides {
            forward: self.forward.create_cache(),
            backward: self.backward.create_cache(),
            simulation: None,
        }
    }

    /// The first match at `at` or later; what stands before `at` is seen by word bounds and anchors.
    pub(super) fn find(
        &self,
        strides: &mut Strides,
        text: &[u8],
        at: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<(usize, usize)>> {
        watch.spend(2)?;
        let Some(at) = self.beginning(text, at, watch)? else {
            return Ok(None);
        };
        match self.end(&mut strides.forward, text, at, watch)? {
            Answer::Nowhere => return Ok(None),
            Answer::Here(end) => {
                if let Answer::Here(start) = self.start(&mut strides.backward, text, at, end, watch)? {
                    return Ok(Some((start, end)));
                }
            }
            Answer::Unknown => {}
        }
        self.simulate(strides, text, at, watch)
    }

    /// Where a match may begin, at `at` or later.
    fn beginning(&self, text: &[u8], mut at: usize, watch: &mut Watch<'_>) -> Result<Option<usize>> {
        let Some(beginnings) = &self.beginnings else {
            return Ok(Some(at));
        };
        while at < text.len() {
            let stop = text.len().min(at + STRETCH);
            // A beginning may reach beyond the stretch, but must start in it.
            let span = at..text.len().min(stop + beginnings.max_needle_len());
            let found = beginnings.find(text, span.into());
            watch.spend(
                found
                    .map_or(stop, |found| found.start)
                    .saturating_sub(at)
                    .div_ceil(WALK),
            )?;
            if let Some(found) = found {
                return Ok(Some(found.start));
            }
            at = stop;
        }
        Ok(None)
    }

    /// The same, without the lazy automaton.
    pub(super) fn simulate(
        &self,
        strides: &mut Strides,
        text: &[u8],
        at: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<(usize, usize)>> {
        let memory = strides.simulation.get_or_insert_with(|| self.simulation.memory());
        self.simulation.find(memory, text, at, watch)
    }

    /// Where the first match ends.
    fn end(&self, cache: &mut Cache, text: &[u8], at: usize, watch: &mut Watch<'_>) -> Result<Answer> {
        let dfa = &self.forward;
        let Ok(mut state) = dfa.start_state_forward(cache, &Input::new(text).range(at..)) else {
            return Ok(Answer::Unknown);
        };
        let mut found = Answer::Nowhere;
        let mut place = at;
        cache.search_start(at);
        while place < text.len() {
            let stop = text.len().min(place + STRETCH);
            watch.spend((stop - place).div_ceil(WALK))?;
            while place < stop {
                let byte = text[place];
                let mut next = state;
                if !state.is_tagged() {
                    next = dfa.next_state_untagged(cache, state, byte);
                }
                if next.is_tagged() && (state.is_tagged() || next.is_unknown()) {
                    watch.spend(self.weight)?;
                    cache.search_update(place);
                    match dfa.next_state(cache, state, byte) {
                        Ok(known) => next = known,
                        Err(_) => return Ok(Answer::Unknown),
                    }
                }
                state = next;
                if state.is_tagged() {
                    if state.is_match() {
                        found = Answer::Here(place);
                    } else if state.is_dead() {
                        cache.search_finish(place);
                        return Ok(found);
                    } else if state.is_quit() {
                        cache.search_finish(place);
                        return Ok(Answer::Unknown);
                    }
                }
                place += 1;
            }
        }
        cache.search_finish(place);
        match dfa.next_eoi_state(cache, state) {
            Ok(last) if last.is_match() => Ok(Answer::Here(place)),
            Ok(_) => Ok(found),
            Err(_) => Ok(Answer::Unknown),
        }
    }

    /// Where the match that ends at `end` starts.
    fn start(
        &self,
        cache: &mut Cache,
        text: &[u8],
        at: usize,
        end: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Answer> {
        let dfa = &self.backward;
        let input = Input::new(text).range(at..end).anchored(Anchored::Yes);
        let Ok(mut state) = dfa.start_state_reverse(cache, &input) else {
            return Ok(Answer::Unknown);
        };
        let mut found = Answer::Unknown;
        let mut place = end;
        cache.search_start(end);
        while place > at {
            watch.spend(self.weight)?;
            cache.search_update(place);
            match dfa.next_state(cache, state, text[place - 1]) {
                Ok(next) => state = next,
                Err(_) => return Ok(Answer::Unknown),
            }
            if state.is_tagged() {
                if state.is_match() {
                    found = Answer::Here(place);
                } else if state.is_dead() {
                    cache.search_finish(place);
                    return Ok(found);
                } else if state.is_quit() {
                    cache.search_finish(place);
                    return Ok(Answer::Unknown);
                }
            }
            place -= 1;
        }
        cache.search_finish(place);
        let last = match at.checked_sub(1) {
            Some(before) => dfa.next_state(cache, state, text[before]),
            None => dfa.next_eoi_state(cache, state),
        };
        match last {
            Ok(last) if last.is_match() => Ok(Answer::Here(at)),
            Ok(last) if last.is_quit() => Ok(Answer::Unknown),
            Ok(_) => Ok(found),
            Err(_) => Ok(Answer::Unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::observer::Silent;
    use crate::text::compiled::Compiled;

    type Bounds = Vec<(usize, usize)>;

    /// Every match, with or without the lazy automaton.
    fn matches(stepper: &Stepper, text: &str, lazy: bool) -> Bounds {
        let (mut strides, mut watch) = (stepper.strides(), Watch::new(&Silent));
        let (mut found, mut at) = (Vec::new(), 0);
        loop {
            let next = if lazy {
                stepper.find(&mut strides, text.as_bytes(), at, &mut watch)
            } else {
                stepper.simulate(&mut strides, text.as_bytes(), at, &mut watch)
            };
            let Some((start, end)) = next.unwrap() else {
                return found;
            };
            found.push((start, end));
            at = end;
        }
    }

    /// The matches of `regex`, and those of every way of ours: the engine, the lazy automaton, the
    /// same without memory for its states, and the simulation. `None` where we refuse the pattern.
    fn all_ways(pattern: &str, text: &str) -> Option<(Bounds, [Bounds; 4])> {
        let compiled = Compiled::new(pattern, 10 << 20, 100).ok()?;
        #[expect(clippy::disallowed_methods, reason = "regex is the oracle here")]
        let oracle = regex::Regex::new(pattern).unwrap();
        let expected = oracle
            .find_iter(text)
            .map(|found| (found.start(), found.end()))
            .collect();
        let narrow = compiled.stepper_with(0).unwrap();
        let stepper = compiled.stepper().unwrap();
        let ways = [
            compiled.each(text).collect(),
            matches(stepper, text, true),
            matches(&narrow, text, true),
            matches(stepper, text, false),
        ];
        Some((expected, ways))
    }

    fn pattern() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            4 => "[abé0 ]",
            2 => Just(r"\w".to_owned()),
            2 => Just(r"[\p{L}\p{N}_]".to_owned()),
            2 => Just(".".to_owned()),
            1 => Just(r"\s".to_owned()),
            1 => Just(r"\d".to_owned()),
            1 => Just("[^aé]".to_owned()),
            1 => Just("[a-c0中-龥]".to_owned()),
            2 => Just(r"\b".to_owned()),
            1 => Just(r"\B".to_owned()),
            1 => Just("^".to_owned()),
            1 => Just("$".to_owned()),
            1 => Just(r"\A".to_owned()),
            1 => Just(r"\z".to_owned()),
            1 => Just(r"(?-u:\b)".to_owned()),
            1 => Just(r"\b{start}".to_owned()),
        ];
        let tree = leaf.prop_recursive(4, 24, 4, |inner| {
            let repeat = prop::sample::select(vec!["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}?"]);
            prop_oneof![
                4 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
                2 => prop::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| format!("(?:{})", parts.join("|"))),
                1 => inner.clone().prop_map(|part| format!("({part})")),
                3 => (inner, repeat).prop_map(|(part, often)| format!("(?:{part}){often}")),
            ]
        });
        let flags = prop::sample::select(vec!["", "(?m)", "(?s)", "(?i)", "(?ms)", "(?U)", "(?R)(?m)"]);
        (flags, tree).prop_map(|(flags, tree)| format!("{flags}{tree}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn every_way_finds_what_regex_finds(
            pattern in pattern(),
            text in prop_oneof!["[abAé0 \\n]{0,40}", "[abé中0_ .\u{301}\r\n]{0,24}", "\\PC{0,16}"],
        ) {
            if let Some((expected, ways)) = all_ways(&pattern, &text) {
                for (way, found) in ways.into_iter().enumerate() {
                    prop_assert_eq!(&found, &expected, "{} on {:?}, way {}", pattern, text, way);
                }
            }
        }
    }

    #[test]
    fn named_patterns_find_what_regex_finds() {
        let bits: String = (0..3000u32)
            .map(|bit| {
                if bit.wrapping_mul(2_654_435_761) >> 20 & 1 == 1 {
                    '1'
                } else {
                    '0'
                }
            })
            .collect();
        let rows = [
            (r"[01]*1[01]{12}", bits.as_str(), 1),
            (r"[01]*?1[01]{40}", bits.as_str(), 72),
            (r"(?s).*[^A-Z]|[A-Z]", "ABCABCABC", 9),
            (r"\b[a-z]+\b", "naïve plain né end", 2),
            (r"\b\w\w+\b", "é àb naïve a ok", 3),
            (r"^a|b$", "aab\nab", 2),
            (r"(?m)^a|b$", "aab\nab", 4),
            (r"samwise|sam", "samwise sam", 2),
            (r"\b(?:sam|frodo)\w+", "frodo samwise samé frodos", 3),
        ];
        for (pattern, text, many) in rows {
            let (expected, ways) = all_ways(pattern, text).unwrap();
            assert_eq!(expected.len(), many, "{pattern}");
            for found in ways {
                assert_eq!(found, expected, "{pattern}");
            }
        }
    }
}
