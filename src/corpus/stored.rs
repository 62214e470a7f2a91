//! Counts from parts that were stored elsewhere: in a pickle, say.
//!
//! Nothing is taken on trust. Every rule that the rest of the crate relies on when it indexes is
//! checked here first, so that a damaged part is an error and never a wrong answer or a panic.
//! How parts are written, and where, is not this file's business.

use std::sync::Arc;

use super::counts::Counts;
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;

/// Rows or terms between two questions to the observer.
const CHECK_STEPS: usize = 1 << 12;

/// The arrays of counts as they are stored: all of one width, all of them signed.
#[derive(Debug, Clone, Default)]
pub struct StoredCounts {
    /// Row pointers, one more than there are documents.
    pub indptr: Vec<i64>,
    /// Columns, rising inside a row.
    pub indices: Vec<i64>,
    /// Occurrences, at least 1.
    pub data: Vec<i64>,
    /// Words of each row, at least one where anything occurs.
    pub totals: Vec<i64>,
}

/// The error for a part that breaks a rule.
#[must_use]
pub fn damaged(what: &str, rule: &str) -> Error {
    Error::Input(Cause::sentence(format!(
        "The stored {what} are damaged: {rule}; compute them again."
    )))
}

/// Row pointers over `held` cells: from 0, never falling, ending at `held`.
pub fn pointers(what: &str, stored: &[i64], rows: usize, held: usize) -> Result<Vec<usize>> {
    let ends: Option<Vec<usize>> = stored.iter().map(|&end| usize::try_from(end).ok()).collect();
    ends.filter(|ends| {
        ends.len() == rows + 1 && ends.first() == Some(&0) && ends.last() == Some(&held) && ends.is_sorted()
    })
    .ok_or_else(|| {
        let rule = format!("the row pointers must rise from 0 to {held} over {rows} rows");
        damaged(what, &rule)
    })
}

/// Counts from their terms and arrays.
pub fn counts(terms: &[String], stored: &StoredCounts, observer: &dyn Observer) -> Result<Counts> {
    let wrong = |rule: &str| damaged("counts", rule);
    if stored.indices.len() != stored.data.len() {
        return Err(wrong("columns and occurrences must be as many"));
    }
    let indptr = pointers("counts", &stored.indptr, stored.totals.len(), stored.data.len())?;
    let terms = vocabulary(terms, observer)?;
    let (mut indices, mut data) = (
        Vec::with_capacity(stored.data.len()),
        Vec::with_capacity(stored.data.len()),
    );
    let mut totals = Vec::with_capacity(stored.totals.len());
    for (row, bounds) in indptr.windows(2).enumerate() {
        if row % CHECK_STEPS == 0 {
            observer.check()?;
        }
        let mut next = 0;
        for cell in bounds[0]..bounds[1] {
            let column = u32::try_from(stored.indices[cell])
                .ok()
                .filter(|&column| column >= next && (column as usize) < terms.len())
                .ok_or_else(|| wrong("columns must rise inside a row and name a term"))?;
            let count = u32::try_from(stored.data[cell])
                .ok()
                .filter(|&count| count > 0)
                .ok_or_else(|| wrong("occurrences must be at least 1 and fit 32 bits"))?;
            next = column + 1;
            indices.push(column);
            data.push(count);
        }
        let total = u64::try_from(stored.totals[row])
            .ok()
            .filter(|&total| total > 0 || bounds[0] == bounds[1])
            .ok_or_else(|| wrong("a row with terms must have words"))?;
        totals.push(total);
    }
    Ok(Counts {
        terms: Arc::new(terms),
        indptr,
        indices,
        data,
        totals,
    })
}

/// A vocabulary of terms that must all differ.
fn vocabulary(terms: &[String], observer: &dyn Observer) -> Result<Vocabulary> {
    let mut found = Vocabulary::new();
    for (number, term) in terms.iter().enumerate() {
        if number % CHECK_STEPS == 0 {
            observer.check()?;
        }
        if found.intern(term)? as usize != number {
            return Err(damaged("counts", "every term must differ from the others"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn parts() -> (Vec<String>, StoredCounts) {
        let terms = ["a", "b", "c"].map(str::to_owned).to_vec();
        let stored = StoredCounts {
            indptr: vec![0, 2, 2, 3],
            indices: vec![0, 2, 1],
            data: vec![1, 3, 2],
            totals: vec![4, 0, 9],
        };
        (terms, stored)
    }

    #[test]
    fn sound_parts_come_back() {
        let (terms, stored) = parts();
        let counts = counts(&terms, &stored, &Silent).unwrap();
        assert_eq!(counts.row(0).collect::<Vec<_>>(), [(0, 1), (2, 3)]);
        assert_eq!((counts.documents(), counts.totals[2]), (3, 9));
    }

    type Damage = fn(&mut Vec<String>, &mut StoredCounts);

    #[test]
    fn every_rule_is_checked() {
        let rows: [(&str, Damage); 11] = [
            ("pointers", |_, stored| stored.indptr[0] = -1),
            ("pointers", |_, stored| stored.indptr[1] = 3),
            ("pointers", |_, stored| stored.indptr[3] = 2),
            ("pointers", |_, stored| stored.indptr.clear()),
            ("columns", |_, stored| stored.indices[1] = 3),
            ("columns", |_, stored| stored.indices[1] = 0),
            ("columns", |_, stored| stored.indices[0] = -1),
            ("occurrences", |_, stored| stored.data[0] = 0),
            ("occurrences", |_, stored| stored.data[0] = 1 << 32),
            ("words", |_, stored| stored.totals[0] = 0),
            ("term", |terms, _| terms[1] = "a".to_owned()),
        ];
        for (word, damage) in rows {
            let (mut terms, mut stored) = parts();
            damage(&mut terms, &mut stored);
            let error = counts(&terms, &stored, &Silent).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
