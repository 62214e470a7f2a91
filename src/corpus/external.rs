//! Counts from elsewhere: a matrix of somebody else's, a published frequency list.
//!
//! Rows may come unsorted, with cells twice and with zeros; they leave as all counts are. What no
//! count can be is told with its row and term. `stacked` sets such rows under our own, term by term.

use std::sync::Arc;

use super::counts::{Counts, WHAT};
use super::ngrams::SEPARATOR;
use super::pace::Pace;
use super::sorting;
use super::vocabulary::Vocabulary;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// A matrix in compressed rows, as it was given.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'given> {
    /// Row pointers, one more than there are rows.
    pub indptr: &'given [i64],
    /// Columns, in any order; equal ones are added up.
    pub indices: &'given [i64],
    /// What stands in each cell.
    pub data: &'given [i64],
    /// Words of each row, where they are not what stands in it.
    pub totals: Option<&'given [i64]>,
}

/// A term as a sentence shows it.
fn shown(term: &str) -> String {
    let mut shown: String = term.chars().take(40).collect();
    if shown.len() < term.len() {
        shown.push('…');
    }
    shown
}

/// A vocabulary of the columns' names, which must all differ.
fn vocabulary(terms: &[String], observer: &dyn Observer) -> Result<Vocabulary> {
    let (mut found, mut pace) = (Vocabulary::new(), Pace::default());
    for (column, term) in terms.iter().enumerate() {
        pace.step(32, observer)?;
        let id = found.intern(term)? as usize;
        if id != column {
            return Err(Error::parameter(
                "terms",
                &format_args!("{:?} in column {id} and in column {column}", shown(term)),
                "every term has one column",
                "add up the columns of a term, or rename one of them",
            ));
        }
    }
    Ok(found)
}

impl Matrix<'_> {
    /// The matrix as counts.
    pub fn counts(&self, terms: &[String], observer: &dyn Observer) -> Result<Counts> {
        let rows = self.rows()?;
        let terms = vocabulary(terms, observer)?;
        let mut counts = Counts {
            terms: Arc::new(terms),
            indptr: memory::with_capacity(rows.len() + 1, WHAT)?,
            indices: memory::with_capacity(self.data.len(), WHAT)?,
            data: memory::with_capacity(self.data.len(), WHAT)?,
            totals: memory::with_capacity(rows.len(), WHAT)?,
        };
        counts.indptr.push(0);
        let (mut cells, mut pace) = (Vec::new(), Pace::default());
        for (row, range) in rows.into_iter().enumerate() {
            cells.clear();
            pace.step(8, observer)?;
            memory::reserve(&mut cells, range.len(), WHAT)?;
            for place in range {
                pace.step(2, observer)?;
                cells.push((self.column(place, counts.terms.len())?, self.data[place]));
            }
            sorting::sort_by_key(&mut cells, observer, |&cell| cell)?;
            let sum = counts.close(row, &cells, &mut pace, observer)?;
            let total = self.total(row, sum, &counts, &mut pace, observer)?;
            counts.totals.push(total);
        }
        Ok(counts)
    }

    /// Where each row lies.
    fn rows(&self) -> Result<Vec<std::ops::Range<usize>>> {
        let ends = super::stored::pointers(
            "matrix",
            self.indptr,
            self.indptr.len().saturating_sub(1),
            self.data.len(),
        )?;
        if self.indices.len() != self.data.len() {
            return Err(super::stored::damaged(
                "matrix",
                "columns and counts must be as many",
            ));
        }
        Ok(ends.windows(2).map(|ends| ends[0]..ends[1]).collect())
    }

    fn column(&self, place: usize, terms: usize) -> Result<u32> {
        let column = self.indices[place];
        u32::try_from(column)
            .ok()
            .filter(|&column| (column as usize) < terms)
            .ok_or_else(|| {
                let rule = format!("it holds the column {column} and there are {terms} terms");
                Error::parameter("matrix", &"out of shape", &rule, "make the matrix again")
            })
    }

    /// The words of the last row: as given, or what stands in it.
    ///
    /// One term cannot stand more often than there are words. Together they can: n-grams and categories
    /// overlap; and n-grams with skips can do so alone.
    fn total(
        &self,
        row: usize,
        sum: u64,
        counts: &Counts,
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<u64> {
        let Some(&given) = self.totals.and_then(|totals| totals.get(row)) else {
            return Ok(sum);
        };
        let total = u64::try_from(given).unwrap_or(0);
        for (term, count) in counts.row(row) {
            pace.step(1, observer)?;
            let name = counts.terms.term(term);
            if u64::from(count) > total && (total == 0 || !name.contains(SEPARATOR)) {
                let name = shown(name);
                let cause = Cause::row(
                    row,
                    &format!("has the total {given}, but holds {count} times {name:?}"),
                    "a total counts every word, also those that are not listed",
                );
                return Err(Error::Input(cause.about("totals")));
            }
        }
        Ok(total)
    }
}

impl Counts {
    /// Ends a row with these cells, sorted by column; tells their sum.
    fn close(
        &mut self,
        row: usize,
        cells: &[(u32, i64)],
        pace: &mut Pace,
        observer: &dyn Observer,
    ) -> Result<u64> {
        let mut sum = 0u64;
        for equal in cells.chunk_by(|left, right| left.0 == right.0) {
            pace.step(1 + equal.len(), observer)?;
            let (term, count) = (
                equal[0].0,
                equal.iter().map(|&(_, count)| i128::from(count)).sum(),
            );
            let count = self.checked(row, term, count)?;
            if count > 0 {
                self.indices.push(term);
                self.data.push(count);
                sum += u64::from(count);
            }
        }
        self.indptr.push(self.indices.len());
        Ok(sum)
    }

    /// A count that is one.
    fn checked(&self, row: usize, term: u32, count: i128) -> Result<u32> {
        u32::try_from(count).map_err(|_| {
            let name = shown(self.terms.term(term));
            let (rule, remedy) = if count < 0 {
                ("no count is negative", "pass counts, not differences or weights")
            } else {
                (
                    "a count is at most 4294967295 (32 bits)",
                    "split the row into several",
                )
            };
            let cause = Cause::row(row, &format!("holds {count} times {name:?}, but {rule}"), remedy);
            Error::Input(cause.about("matrix"))
        })
    }

    /// These rows, and under them those of `other`; its terms that are new come last.
    pub fn stacked(&self, other: &Self, observer: &dyn Observer) -> Result<Self> {
        let (mut terms, mut pace) = (Vocabulary::new(), Pace::default());
        for term in self.terms.iter() {
            pace.step(32, observer)?;
            terms.intern(term)?;
        }
        let mut map = memory::with_capacity(other.terms.len(), WHAT)?;
        for term in other.terms.iter() {
            pace.step(32, observer)?;
            map.push(terms.intern(term)?);
        }
        let cells = self.data.len() + other.data.len();
        let documents = self.documents() + other.documents();
        let mut all = Self {
            terms: Arc::new(terms),
            indptr: memory::with_capacity(documents + 1, WHAT)?,
            indices: memory::with_capacity(cells, WHAT)?,
            data: memory::with_capacity(cells, WHAT)?,
            totals: memory::with_capacity(documents, WHAT)?,
        };
        memory::append(&mut all.indptr, &self.indptr, WHAT, observer)?;
        memory::append(&mut all.indices, &self.indices, WHAT, observer)?;
        memory::append(&mut all.data, &self.data, WHAT, observer)?;
        memory::append(&mut all.totals, &self.totals, WHAT, observer)?;
        memory::append(&mut all.totals, &other.totals, WHAT, observer)?;
        let mut row = Vec::new();
        for document in 0..other.documents() {
            row.clear();
            for (term, count) in other.row(document) {
                pace.step(1, observer)?;
                memory::push(&mut row, (map[term as usize], count), WHAT)?;
            }
            sorting::sort_by_key(&mut row, observer, |&(term, _)| term)?;
            for &(term, count) in &row {
                pace.step(1, observer)?;
                all.indices.push(term);
                all.data.push(count);
            }
            all.indptr.push(all.indices.len());
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn terms(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn matrix<'given>(indptr: &'given [i64], indices: &'given [i64], data: &'given [i64]) -> Matrix<'given> {
        Matrix {
            indptr,
            indices,
            data,
            totals: None,
        }
    }

    #[test]
    fn rows_are_sorted_added_up_and_freed_of_zeros() {
        let given = matrix(&[0, 4, 4, 6], &[2, 0, 2, 1, 1, 0], &[1, 5, 2, 0, 7, 1]);
        let counts = given.counts(&terms(&["a", "b", "c"]), &Silent).unwrap();
        assert_eq!(counts.row(0).collect::<Vec<_>>(), [(0, 5), (2, 3)]);
        assert_eq!(counts.row(2).collect::<Vec<_>>(), [(0, 1), (1, 7)]);
        assert_eq!(
            (&counts.totals[..], &counts.indptr[..]),
            (&[8, 0, 8][..], &[0, 2, 2, 4][..])
        );
    }

    #[test]
    fn the_largest_count_fits_and_one_more_does_not() {
        let most = i64::from(u32::MAX);
        let names = terms(&["a", "b"]);
        let full = matrix(&[0, 2], &[0, 1], &[most, most])
            .counts(&names, &Silent)
            .unwrap();
        assert_eq!(full.totals, [2 * u64::from(u32::MAX)]);
        for data in [[most, 1], [i64::MAX, i64::MAX], [-1, 0], [i64::MIN, i64::MIN]] {
            let error = matrix(&[0, 2], &[1, 1], &data)
                .counts(&names, &Silent)
                .unwrap_err();
            assert!(error.to_string().starts_with("Row 0 holds"), "{error}");
            assert!(error.to_string().contains("times \"b\""), "{error}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let names = terms(&["a", "b"]);
        let rows: [(&str, Matrix<'_>); 5] = [
            ("column 2", matrix(&[0, 1], &[2], &[1])),
            ("column -1", matrix(&[0, 1], &[-1], &[1])),
            ("row pointers", matrix(&[0, 2], &[0], &[1])),
            ("as many", matrix(&[0, 1], &[0, 1], &[1])),
            (
                "total 2",
                Matrix {
                    totals: Some(&[2]),
                    ..matrix(&[0, 1], &[0], &[3])
                },
            ),
        ];
        for (words, given) in rows {
            let error = given.counts(&names, &Silent).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
        let error = matrix(&[0, 0], &[], &[])
            .counts(&terms(&["a", "b", "a"]), &Silent)
            .unwrap_err();
        assert!(error.to_string().contains("column 0 and in column 2"), "{error}");
    }

    #[test]
    fn stacked_rows_share_their_terms() {
        let above = matrix(&[0, 2], &[0, 1], &[1, 2])
            .counts(&terms(&["a", "b"]), &Silent)
            .unwrap();
        let below = matrix(&[0, 3], &[0, 1, 2], &[3, 4, 5])
            .counts(&terms(&["c", "b", "a"]), &Silent)
            .unwrap();
        let all = above.stacked(&below, &Silent).unwrap();
        assert_eq!(all.terms.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(all.row(0).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
        assert_eq!(all.row(1).collect::<Vec<_>>(), [(0, 5), (1, 4), (2, 3)]);
        assert_eq!(all.totals, [3, 12]);
    }
}
