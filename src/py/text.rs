//! Texts from Python: a list of str is copied once, an Arrow column not at all.
//!
//! What a row may be is decided here, before any work; ids, dates and files are Python's business.

use std::fmt::Write as _;
use std::sync::Arc;

use numpy::PyReadonlyArray1;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyList, PyString};

use super::arrow::{StringChunk, read_column};
use super::errors::raise;
use crate::error::{Cause, Error};
use crate::hash;
use crate::text::arena::{Arena, OwnedTexts, TextSource};

/// Rows that a sentence about many rows names.
const ROWS_NAMED: usize = 5;

/// The texts of a corpus.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct Texts {
    arena: Arc<Arena>,
}

impl Texts {
    fn new(chunks: Vec<Box<dyn TextSource>>) -> PyResult<Self> {
        let arena = Arena::from_chunks(chunks).map_err(raise)?;
        Ok(Self {
            arena: Arc::new(arena),
        })
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
        PyList::new(py, (0..self.arena.len()).map(|row| self.arena.text(row)))
    }

    /// Bytes of UTF-8 in all texts.
    #[getter]
    fn bytes(&self) -> usize {
        self.arena.bytes()
    }

    /// The texts at these rows, in this order; nothing is copied.
    // The binding can only hand an array over by value.
    #[allow(clippy::needless_pass_by_value)]
    fn select(&self, rows: PyReadonlyArray1<'_, i64>) -> PyResult<Self> {
        // A negative row wraps to one that cannot exist, and `select` refuses it.
        let rows: Vec<usize> = rows
            .as_array()
            .iter()
            .map(|&row| usize::try_from(row).unwrap_or(usize::MAX))
            .collect();
        let arena = self.arena.select(&rows).map_err(raise)?;
        Ok(Self {
            arena: Arc::new(arena),
        })
    }

    /// A hash of all texts in their order, the same on every machine.
    fn fingerprint(&self, py: Python<'_>) -> String {
        let digest = py.detach(|| {
            let texts = (0..self.arena.len()).map(|row| self.arena.text(row));
            let each: Vec<u8> = texts
                .flat_map(|text| hash::bytes128(text.as_bytes()).to_le_bytes())
                .collect();
            hash::bytes128(&each)
        });
        format!("{digest:032x}")
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

/// Texts from a string column of an Arrow producer, without a copy.
#[pyfunction]
#[pyo3(signature = (column, missing_as_empty=false))]
pub(crate) fn texts_from_arrow(column: &Bound<'_, PyAny>, missing_as_empty: bool) -> PyResult<Texts> {
    let chunks = read_column(column)?;
    if !missing_as_empty {
        refuse_missing(&missing_rows(&chunks), chunks.iter().map(TextSource::len).sum())?;
    }
    let chunks = chunks
        .into_iter()
        .map(|chunk| -> Box<dyn TextSource> { Box::new(chunk) });
    Texts::new(chunks.collect())
}

fn missing_rows(chunks: &[StringChunk]) -> Vec<usize> {
    let (mut rows, mut first) = (Vec::new(), 0);
    for chunk in chunks {
        if chunk.any_missing() {
            rows.extend(
                (0..chunk.len())
                    .filter(|&index| chunk.is_missing(index))
                    .map(|index| first + index),
            );
        }
        first += chunk.len();
    }
    rows
}

fn refuse_missing(rows: &[usize], of: usize) -> PyResult<()> {
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
    Err(raise(Error::TextType(cause)))
}

/// Texts from a list of str, and the rows in which lone surrogates became U+FFFD.
#[pyfunction]
#[pyo3(signature = (texts, missing_as_empty=false))]
pub(crate) fn texts_from_list(
    texts: &Bound<'_, PyList>,
    missing_as_empty: bool,
) -> PyResult<(Texts, Vec<usize>)> {
    let missing = rows_without_text(texts)?;
    if !missing_as_empty {
        refuse_missing(&missing, texts.len())?;
    }
    let (mut owned, mut replaced) = (OwnedTexts::default(), Vec::new());
    for (row, text) in texts.iter().enumerate() {
        let Ok(text) = text.cast::<PyString>() else {
            owned.push("");
            continue;
        };
        if push(&mut owned, text)? {
            replaced.push(row);
        }
    }
    Ok((Texts::new(vec![Box::new(owned)])?, replaced))
}

/// The rows that hold a missing value; an error when one holds something else that is not str.
fn rows_without_text(texts: &Bound<'_, PyList>) -> PyResult<Vec<usize>> {
    let mut missing = Vec::new();
    for (row, text) in texts.iter().enumerate() {
        if text.is_instance_of::<PyString>() {
            continue;
        }
        let kind = text.get_type().name()?.to_string();
        let is_nan = text.is_instance_of::<PyFloat>() && text.extract::<f64>()?.is_nan();
        if !(text.is_none() || is_nan || kind == "NAType" || kind == "NaTType") {
            return Err(raise(Error::TextType(Cause::row(
                row,
                &format!("is {kind}, not str"),
                remedy(&kind),
            ))));
        }
        missing.push(row);
    }
    Ok(missing)
}

fn remedy(kind: &str) -> &'static str {
    match kind {
        "bytes" | "bytearray" | "memoryview" => "decode it first: row.decode(\"utf-8\")",
        "PosixPath" | "WindowsPath" | "Path" => "read the file first, or use nutgraf.read_corpus(folder)",
        "list" | "tuple" => "pass texts, not tokens: \" \".join(row)",
        "dict" => "pass nutgraf.Corpus(rows, text=...) with the name of the text column",
        _ => "every text must be a str",
    }
}

/// Appends one text and says whether surrogates were replaced in it.
///
/// `to_str` on other than ASCII would leave a second copy of the text inside the caller's object.
fn push(owned: &mut OwnedTexts, text: &Bound<'_, PyString>) -> PyResult<bool> {
    let py = text.py();
    if text.call_method0(intern!(py, "isascii"))?.extract()? {
        owned.push(text.to_str()?);
        return Ok(false);
    }
    if let Ok(encoded) = text.encode_utf8() {
        owned.push(&String::from_utf8_lossy(encoded.as_bytes()));
        return Ok(false);
    }
    let encoded = text.call_method1(intern!(py, "encode"), ("utf-8", "surrogatepass"))?;
    owned.push(&without_surrogates(encoded.cast::<PyBytes>()?.as_bytes()));
    Ok(true)
}

/// UTF-8 with each encoded surrogate, three bytes long, replaced by U+FFFD, also three bytes long.
fn without_surrogates(bytes: &[u8]) -> String {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(2) {
        if bytes[at] == 0xED && bytes[at + 1] >= 0xA0 {
            bytes[at..at + 3].copy_from_slice("\u{FFFD}".as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
