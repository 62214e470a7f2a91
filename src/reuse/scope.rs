//! The scope of a search: which documents may be compared with which.
//!
//! Two corpora behind each other, labels such as sources, and a window of time. Whether two documents
//! are alike is not known here.

use crate::error::{Cause, Error, Result};

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

    /// Whether two different documents may be a pair.
    #[must_use]
    pub fn allows(&self, left: u32, right: u32) -> bool {
        if let Some(second) = self.second
            && (left < second) == (right < second)
        {
            return false;
        }
        if let Some(labels) = &self.labels {
            let (left, right) = (labels[left as usize], labels[right as usize]);
            if left == right || left < 0 || right < 0 {
                return false;
            }
        }
        self.moments.as_ref().is_none_or(|moments| {
            let (left, right) = (moments[left as usize], moments[right as usize]);
            left > i64::MIN && right > i64::MIN && left.abs_diff(right) <= self.window.unsigned_abs()
        })
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
