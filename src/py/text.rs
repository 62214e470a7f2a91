//! The texts of a corpus, as Python holds them; an Arrow column enters without a copy.
//!
//! Lists of str are read in `list.rs`. What a row may be is decided before any work; ids, dates and
//! files are Python's business.

use std::fmt::Write as _;
use std::sync::Arc;

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::arrow::take_column;
use super::errors::raise;
use super::run::{read, run};
use super::strings::StringChunk;
use crate::error::{Cause, Error, Result};
use crate::hash;
use crate::memory;
use crate::observer::Observer;
use crate::parallel::BLOCK_BYTES;
use crate::text::arena::{Arena, CodePoints, TextSource};
use crate::text::masks::Span;

/// Rows that a sentence about many rows names.
const ROWS_NAMED: usize = 5;

/// Steps between two looks at signals; a row costs one step, and so does each `BYTES_A_STEP`.
const STEPS_BETWEEN_LOOKS: usize = 4096;

/// Bytes that take about as long as a row.
const BYTES_A_STEP: usize = 256;

/// The texts of a corpus.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Texts {
    arena: Arc<Arena>,
}

impl Texts {
    pub(crate) fn new(arena: Arena) -> Self {
        Self {
            arena: Arc::new(arena),
        }
    }

    /// The documents, for the rest of the binding.
    pub(crate) fn arena(&self) -> &Arc<Arena> {
        &self.arena
    }
}

#[pymethods]
impl Texts {
    fn __len__(&self) -> usize {
        self.arena.len()
    }

    /// The text of a row, which counts from 0.
    fn text(&self, row: usize) -> PyResult<&str> {
        self.check(row)?;
        Ok(self.arena.text(row))
    }

    /// All texts.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let (list, mut pace) = (PyList::empty(py), Pace::default());
        for row in 0..self.arena.len() {
            let text = self.arena.text(row);
            list.append(text)?;
            pace.step(py, text.len())?;
        }
        Ok(list)
    }

    /// Bytes of UTF-8 in all texts.
    #[getter]
    fn bytes(&self) -> usize {
        self.arena.bytes()
    }

    /// The texts at these rows, in this order; nothing is copied.
    // The binding can only hand an array over by value.
    #[allow(clippy::needless_pass_by_value)]
    fn select(&self, py: Python<'_>, rows: PyReadonlyArray1<'_, i64>) -> PyResult<Self> {
        // A negative row wraps to one that cannot exist, and `select` refuses it.
        let rows: Vec<usize> = rows
            .as_array()
            .iter()
            .map(|&row| usize::try_from(row).unwrap_or(usize::MAX))
            .collect();
        read(py, |observer| self.arena.select(&rows, observer)).map(Self::new)
    }

    /// These texts with spans masked, in code points; nothing is copied.
    fn without(
        &self,
        py: Python<'_>,
        rows: PyReadonlyArray1<'_, i64>,
        starts: PyReadonlyArray1<'_, i64>,
        ends: PyReadonlyArray1<'_, i64>,
    ) -> PyResult<Self> {
        // What is negative wraps to what cannot exist, and is refused.
        let whole = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let (rows, starts, ends) = (rows.as_array(), starts.as_array(), ends.as_array());
        let columns = rows.iter().zip(starts).zip(ends);
        let spans: Vec<Span> = columns
            .map(|((&row, &start), &end)| Span {
                row: whole(row),
                start: whole(start),
                end: whole(end),
            })
            .collect();
        read(py, |observer| self.arena.without(&spans, observer)).map(Self::new)
    }

    /// The masked spans in code points: rows, starts and ends, int64.
    fn masks<'py>(&self, py: Python<'py>) -> PyResult<[Bound<'py, PyArray1<i64>>; 3]> {
        let columns = read(py, |observer| masks(&self.arena, observer))?;
        Ok(columns.map(|column| column.into_pyarray(py)))
    }

    /// A hash of all texts and masks in their order, the same on every machine.
    fn fingerprint(&self, py: Python<'_>) -> PyResult<String> {
        let digest = read(py, |observer| {
            let (mut each, mut seen) = (Vec::new(), 0);
            for row in 0..self.arena.len() {
                let text = self.arena.text(row);
                seen += text.len() + BYTES_A_STEP;
                if seen > BLOCK_BYTES {
                    seen = 0;
                    observer.check()?;
                }
                each.extend(hash::bytes128(text.as_bytes()).to_le_bytes());
                for &(start, end) in self.arena.masks(row) {
                    seen += 8;
                    each.extend(start.to_le_bytes());
                    each.extend(end.to_le_bytes());
                }
            }
            Ok(hash::bytes128(&each))
        });
        Ok(format!("{:032x}", digest?))
    }

    /// For the tests of zero copy: where each text lies, and how many bytes it has.
    fn _addresses(&self) -> Vec<(usize, usize)> {
        let texts = (0..self.arena.len()).map(|row| self.arena.text(row));
        texts.map(|text| (text.as_ptr().addr(), text.len())).collect()
    }
}

impl Texts {
    fn check(&self, row: usize) -> PyResult<()> {
        if row < self.arena.len() {
            return Ok(());
        }
        let rule = format!("does not exist: there are {} texts", self.arena.len());
        Err(raise(Error::Input(Cause::row(row, &rule, "rows count from 0"))))
    }
}

/// Decides when a loop that holds the interpreter looks at signals.
#[derive(Default)]
pub(crate) struct Pace {
    steps: usize,
}

impl Pace {
    /// One row of so many bytes is done; an error when a signal raised one.
    pub(crate) fn step(&mut self, py: Python<'_>, bytes: usize) -> PyResult<()> {
        self.steps += 1 + bytes / BYTES_A_STEP;
        if self.steps < STEPS_BETWEEN_LOOKS {
            return Ok(());
        }
        self.steps = 0;
        py.check_signals()
    }
}

/// Texts from a string column of an Arrow producer, without a copy.
#[pyfunction]
#[pyo3(signature = (column, missing_as_empty=false))]
pub(crate) fn texts_from_arrow(column: &Bound<'_, PyAny>, missing_as_empty: bool) -> PyResult<Texts> {
    let taken = take_column(column)?;
    let arena = run(column.py(), None, None, move |observer| {
        let (mut chunks, mut rows) = (Vec::with_capacity(taken.len()), 0);
        for data in taken {
            let chunk = StringChunk::new(&data, rows, observer)?;
            rows += chunk.len();
            chunks.push(chunk);
        }
        if !missing_as_empty {
            refuse_missing(&missing_rows(&chunks), rows)?;
        }
        let (mut sources, mut row) = (Vec::with_capacity(chunks.len()), 0);
        for chunk in chunks {
            chunk.validate(row, observer)?;
            row += chunk.len();
            sources.push(Box::new(chunk) as Box<dyn TextSource>);
        }
        Arena::from_chunks(sources, observer)
    });
    arena.map(Texts::new)
}

/// The masked spans of all texts as rows, starts and ends, in code points.
fn masks(arena: &Arena, observer: &dyn Observer) -> Result<[Vec<i64>; 3]> {
    let wide = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (mut columns, mut seen) = ([Vec::new(), Vec::new(), Vec::new()], 0);
    for row in 0..arena.len() {
        seen += 1 + arena.masks(row).first().map_or(0, |_| arena.text(row).len());
        if seen > BLOCK_BYTES {
            seen = 0;
            observer.check()?;
        }
        let mut points = CodePoints::new(if arena.masks(row).is_empty() {
            ""
        } else {
            arena.text(row)
        });
        for &(start, end) in arena.masks(row) {
            let span = [row, points.at(start as usize), points.at(end as usize)];
            for (column, number) in columns.iter_mut().zip(span) {
                memory::push(column, wide(number), "masks")?;
            }
        }
    }
    Ok(columns)
}

fn missing_rows(chunks: &[StringChunk]) -> Vec<usize> {
    let (mut rows, mut first) = (Vec::new(), 0);
    for chunk in chunks {
        if chunk.any_missing() {
            let missing = (0..chunk.len()).filter(|&index| chunk.is_missing(index));
            rows.extend(missing.map(|index| first + index));
        }
        first += chunk.len();
    }
    rows
}

/// Refuses missing rows of so many, if there are any.
pub(crate) fn refuse_missing(rows: &[usize], of: usize) -> Result<()> {
    let Some(&first) = rows.first() else {
        return Ok(());
    };
    let mut named = String::new();
    for row in rows.iter().take(ROWS_NAMED) {
        let comma = if named.is_empty() { "" } else { ", " };
        let _ = write!(named, "{comma}{row}");
    }
    let more = if rows.len() > ROWS_NAMED { ", …" } else { "" };
    let mut cause = Cause::sentence(format!(
        "Text is missing (None or NaN) in {} of {of} rows (row {named}{more}); drop these rows, or pass \
         missing=\"skip\" to a Corpus to keep them as empty texts.",
        rows.len()
    ));
    cause.row = Some(first);
    Err(Error::TextType(cause))
}
