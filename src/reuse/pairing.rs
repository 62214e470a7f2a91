//! Pairing: which documents may be compared with which.
//!
//! Two corpora behind each other, sources, and a window of time. Whether two documents are alike is
//! not decided here.

use crate::error::{Cause, Error, Result};

/// Marks a document without a date.
pub const UNDATED: i64 = i64::MIN;

/// Which pairs of documents count; every pair unless told otherwise.
#[derive(Debug, Clone, Default)]
pub struct Pairing {
    /// Documents of the first corpus, if pairs must hold one of each.
    pub first: Option<usize>,
    /// What must differ between the documents of a pair, such as the source; one for each document.
    pub labels: Option<Vec<u32>>,
    /// The moment of each document, and how far two may lie apart. A document without one pairs
    /// with none.
    pub moments: Option<(Vec<i64>, i64)>,
}

impl Pairing {
    /// Refuses lists that do not fit the documents.
    pub fn check(&self, documents: usize) -> Result<()> {
        let labels = self.labels.as_ref().map_or(documents, Vec::len);
        let moments = self
            .moments
            .as_ref()
            .map_or(documents, |(moments, _)| moments.len());
        if labels == documents && moments == documents && self.first.unwrap_or(0) <= documents {
            return Ok(());
        }
        Err(Error::Input(Cause::sentence(format!(
            "There are {labels} labels and {moments} dates for {documents} documents; give one for each."
        ))))
    }

    /// Whether two different documents may be a pair.
    #[must_use]
    pub fn allows(&self, left: usize, right: usize) -> bool {
        if let Some(first) = self.first
            && (left < first) == (right < first)
        {
            return false;
        }
        if let Some(labels) = &self.labels
            && labels[left] == labels[right]
        {
            return false;
        }
        self.moments.as_ref().is_none_or(|(moments, most)| {
            let (left, right) = (moments[left], moments[right]);
            left != UNDATED && right != UNDATED && left.abs_diff(right) <= most.unsigned_abs()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_must_hold() {
        assert!(Pairing::default().allows(0, 1));
        let pairing = Pairing {
            first: Some(2),
            labels: Some(vec![0, 1, 0, 1]),
            moments: Some((vec![0, UNDATED, 5, 11], 10)),
        };
        assert_eq!(pairing.check(4), Ok(()));
        assert!(pairing.check(3).is_err());
        let allowed: Vec<(usize, usize)> = (0..4)
            .flat_map(|left| (left + 1..4).map(move |right| (left, right)))
            .filter(|&(left, right)| pairing.allows(left, right))
            .collect();
        // 0-1: one corpus; 0-2: one label; 0-3: eleven apart; 1-…: no date.
        assert_eq!(allowed, []);
        let wider = Pairing {
            moments: Some((vec![0, UNDATED, 5, 11], 11)),
            ..pairing
        };
        assert!(wider.allows(0, 3) && !wider.allows(1, 2));
    }
}
