//! When to ask the observer: work is counted, and every few milliseconds of it somebody is asked.
//!
//! A step is at most about fifty nanoseconds. Whoever does several kinds of work weighs them in steps.

use crate::error::Result;
use crate::observer::Observer;

/// Steps between two looks at the observer: some three milliseconds at the slowest.
const STRIDE: usize = 1 << 16;

/// Counts steps and asks the observer in time.
pub(super) struct Watch<'observer> {
    observer: &'observer dyn Observer,
    spent: usize,
}

impl<'observer> Watch<'observer> {
    /// Nothing was done yet.
    pub(super) fn new(observer: &'observer dyn Observer) -> Self {
        Self { observer, spent: 0 }
    }

    /// Notes `steps` of work, done or about to be done.
    #[inline]
    pub(super) fn spend(&mut self, steps: usize) -> Result<()> {
        self.spent += steps;
        if self.spent < STRIDE {
            return Ok(());
        }
        self.ask()
    }

    /// Asks now.
    #[inline]
    pub(super) fn ask(&mut self) -> Result<()> {
        self.spent = 0;
        self.observer.check()
    }
}

/// The parts of a text, in order, each short enough to be worked on between two looks.
///
/// Every part ends between two characters.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(STRIDE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

/// Where the first character of a kind stands.
pub(super) fn find(text: &str, kind: impl Fn(char) -> bool, watch: &mut Watch<'_>) -> Result<Option<usize>> {
    let mut base = 0;
    for part in parts(text) {
        if let Some(place) = part.find(&kind) {
            watch.spend(place)?;
            return Ok(Some(base + place));
        }
        watch.spend(part.len())?;
        base += part.len();
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_text() {
        let text = "aé中🙂".repeat(30_000);
        let cut: Vec<&str> = parts(&text).collect();
        assert_eq!(cut.concat(), text);
        assert!(cut.iter().all(|part| !part.is_empty() && part.len() <= STRIDE));
        assert_eq!(parts("").count(), 0);
    }
}
