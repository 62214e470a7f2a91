//! The scope of a search: which documents may be compared with which.
//!
//! Two corpora behind each other, labels such as sources, and a window of time. Whether two documents
//! are alike is not known here.

use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// What a pair of documents must keep beside being alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Rows from this one on are another corpus: a pair has a document of each.
    pub second: Option<u32>,
    /// A number for the label of each document, -1 without one. Pairs have two labels.
    pub labels: Option<Vec<i64>>,
    /// The moment of each document, `i64::MIN` without one.
    pub moments: Option<Vec<i64>>,
    /// How far apart the moments of a pair may lie.
    pub window: i64,
}

impl Scope {
    /// Refuses columns that do not fit the documents.
    pub fn check(&self, documents: usize) -> Result<()> {
        let fits = |column: &Option<Vec<i64>>| column.as_ref().is_none_or(|column| column.len() == documents);
        let inside = self.second.is_none_or(|second| second as usize <= documents);
        if fits(&self.labels) && fits(&self.moments) && inside && self.window >= 0 {
            return Ok(());
        }
        Err(Error::Input(Cause::sentence(format!(
            "Labels, dates or corpora do not belong to these {documents} documents; pass one a document."
        ))))
    }

    /// A copy, for which there may be no memory.
    pub(super) fn copied(&self, observer: &dyn Observer) -> Result<Self> {
        let copy = |column: &Option<Vec<i64>>| {
            let values = column.as_ref().map(|column| column.iter().copied());
            values
                .map(|values| memory::collect(values, "labels and dates", observer))
                .transpose()
        };
        Ok(Self {
            labels: copy(&self.labels)?,
            moments: copy(&self.moments)?,
            ..*self
        })
    }

    pub(super) fn label(&self, row: u32) -> i64 {
        self.labels.as_ref().map_or(0, |labels| labels[row as usize])
    }

    pub(super) fn moment(&self, row: u32) -> i64 {
        self.moments.as_ref().map_or(0, |moments| moments[row as usize])
    }

    /// Whether a document belongs to the second corpus.
    pub(super) fn side(&self, row: u32) -> bool {
        self.second.is_some_and(|second| row >= second)
    }

    /// Whether a document may pair with any.
    pub(super) fn is_in(&self, row: u32) -> bool {
        self.label(row) >= 0 && self.moment(row) > i64::MIN
    }

    /// Whether two different documents may pair.
    #[must_use]
    pub fn allows(&self, left: u32, right: u32) -> bool {
        let apart = self.moment(left).abs_diff(self.moment(right));
        self.is_in(left)
            && self.is_in(right)
            && (self.second.is_none() || self.side(left) != self.side(right))
            && (self.labels.is_none() || self.label(left) != self.label(right))
            && apart <= self.window.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_must_hold() {
        assert!(Scope::default().allows(0, 1));
        let mut scope = Scope {
            second: Some(2),
            labels: Some(vec![0, 1, 0, 1]),
            moments: Some(vec![0, i64::MIN, 5, 11]),
            window: 10,
        };
        assert_eq!(scope.check(4), Ok(()));
        assert!(scope.check(3).is_err());
        let allowed = |scope: &Scope| -> Vec<(u32, u32)> {
            (0..4)
                .flat_map(|left| (left + 1..4).map(move |right| (left, right)))
                .filter(|&(left, right)| scope.allows(left, right))
                .collect()
        };
        // 0-1 and 2-3: one corpus; 0-2: one label; 0-3: eleven apart; 1-2: no date.
        assert_eq!(allowed(&scope), []);
        scope.window = 11;
        assert_eq!(allowed(&scope), [(0, 3)]);
        scope.labels = Some(vec![0, 1, -1, 1]);
        scope.moments = None;
        assert_eq!(allowed(&scope), [(0, 3)]);
    }
}
