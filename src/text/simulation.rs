//! A pattern's automaton, run state by state: slow, and never at a loss.
//!
//! The lazy automaton of `stepping.rs` cannot see the word bounds of text outside ASCII, and gives
//! up where a pattern has more states than memory. Then all threads of the pattern walk through
//! the text together, in the order of their preference, each with the place where it started. The
//! time is at most the bytes read times the states of the pattern.

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

use super::watch::Watch;
use crate::error::Result;

/// The automaton, and what is known of it beforehand.
#[derive(Debug)]
pub(super) struct Simulation {
    nfa: NFA,
    /// Whether a match may begin with a byte.
    first: [bool; 256],
}

/// Threads that stand in the same place of the text, most preferred first.
#[derive(Debug, Default)]
struct Threads {
    /// State and start of each.
    dense: Vec<(StateID, usize)>,
    /// Where a state stands in `dense`, if it does.
    sparse: Vec<usize>,
}

impl Threads {
    fn insert(&mut self, state: StateID, start: usize) -> bool {
        let slot = &mut self.sparse[state.as_usize()];
        if self.dense.get(*slot).is_some_and(|&(there, _)| there == state) {
            return false;
        }
        *slot = self.dense.len();
        self.dense.push((state, start));
        true
    }
}

/// The memory of a search, used again by the next one.
#[derive(Debug)]
pub(super) struct Memory {
    now: Threads,
    next: Threads,
    stack: Vec<StateID>,
}

impl Simulation {
    /// Prepares an automaton without captures, none of whose matches is empty.
    pub(super) fn new(nfa: NFA) -> Self {
        let mut simulation = Self {
            nfa,
            first: [true; 256],
        };
        let mut memory = simulation.memory();
        simulation.enter(
            &mut memory.now,
            &mut memory.stack,
            simulation.nfa.start_anchored(),
            0,
            None,
        );
        simulation.first = std::array::from_fn(|byte| {
            let byte = u8::try_from(byte).unwrap_or(u8::MAX);
            let mut states = memory.now.dense.iter();
            states.any(|&(state, _)| simulation.after(state, byte).is_some())
        });
        simulation
    }

    /// Memory for searches with this automaton.
    pub(super) fn memory(&self) -> Memory {
        let threads = || Threads {
            dense: Vec::new(),
            sparse: vec![0; self.nfa.states().len()],
        };
        Memory {
            now: threads(),
            next: threads(),
            stack: Vec::new(),
        }
    }

    /// The first match that starts at `at` or later: leftmost, then most preferred.
    pub(super) fn find(
        &self,
        memory: &mut Memory,
        text: &[u8],
        at: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Option<(usize, usize)>> {
        let Memory { now, next, stack } = memory;
        now.dense.clear();
        let mut found = None;
        let mut place = at;
        loop {
            if now.dense.is_empty() {
                if found.is_some() || (place > 0 && self.nfa.is_always_start_anchored()) {
                    break;
                }
                while place < text.len() && !self.first[usize::from(text[place])] {
                    watch.spend(1)?;
                    place += 1;
                }
            }
            if found.is_none() {
                self.enter(now, stack, self.nfa.start_anchored(), place, Some((text, place)));
            }
            watch.spend(1 + now.dense.len())?;
            next.dense.clear();
            for &(state, start) in &now.dense {
                if matches!(self.nfa.state(state), State::Match { .. }) {
                    // The threads behind this one are less preferred.
                    found = Some((start, place));
                    break;
                }
                if let Some(after) = text.get(place).and_then(|&byte| self.after(state, byte)) {
                    self.enter(next, stack, after, start, Some((text, place + 1)));
                }
            }
            std::mem::swap(now, next);
            if place == text.len() {
                break;
            }
            place += 1;
        }
        Ok(found)
    }

    /// The state after reading a byte, if the state can read it.
    fn after(&self, state: StateID, byte: u8) -> Option<StateID> {
        match self.nfa.state(state) {
            State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
            State::Sparse(transitions) => transitions.matches_byte(byte),
            State::Dense(transitions) => transitions.matches_byte(byte),
            _ => None,
        }
    }

    /// Adds a state and all that it leads to without reading, in the order of preference.
    ///
    /// Without a place in a text, every assertion is taken to hold.
    fn enter(
        &self,
        threads: &mut Threads,
        stack: &mut Vec<StateID>,
        state: StateID,
        start: usize,
        place: Option<(&[u8], usize)>,
    ) {
        stack.push(state);
        while let Some(state) = stack.pop() {
            if !threads.insert(state, start) {
                continue;
            }
            match self.nfa.state(state) {
                State::Union { alternates } => stack.extend(alternates.iter().rev()),
                State::BinaryUnion { alt1, alt2 } => stack.extend([*alt2, *alt1]),
                State::Capture { next, .. } => stack.push(*next),
                State::Look { look, next }
                    if place.is_none_or(|(text, at)| self.nfa.look_matcher().matches(*look, text, at)) =>
                {
                    stack.push(*next);
                }
                _ => {}
            }
        }
    }
}
