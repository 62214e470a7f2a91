//! Lists of str, copied once into texts of our own.
//!
//! Every loop here holds the interpreter, so each looks at signals as it goes, inside a long text
//! too. The list is copied first (its pointers are), because whoever handles a signal may change it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFloat, PyList, PyString, PyTuple};

use super::errors::raise;
use super::run::read;
use super::text::{Pace, Texts, refuse_missing};
use crate::error::{Cause, Error};
use crate::text::arena::{Arena, OwnedTexts};

/// Code points that are encoded at once.
const PIECE: usize = 1 << 19;

/// Texts from a list of str, and the rows in which lone surrogates became U+FFFD.
#[pyfunction]
#[pyo3(signature = (texts, missing_as_empty=false))]
pub(crate) fn texts_from_list(
    texts: &Bound<'_, PyList>,
    missing_as_empty: bool,
) -> PyResult<(Texts, Vec<usize>)> {
    let (py, texts) = (texts.py(), texts.to_tuple());
    let missing = rows_without_text(&texts)?;
    if !missing_as_empty {
        refuse_missing(&missing, texts.len()).map_err(raise)?;
    }
    let (mut intake, mut replaced) = (Intake::new(py, texts.len())?, Vec::new());
    for (row, text) in texts.iter_borrowed().enumerate() {
        if let Ok(text) = text.cast::<PyString>()
            && intake.write(&text)?
        {
            replaced.push(row);
        }
        intake.owned.end().map_err(raise)?;
    }
    let owned = intake.owned;
    let arena = read(py, |observer| Arena::from_chunks(vec![Box::new(owned)], observer));
    Ok((Texts::new(arena?), replaced))
}

/// The rows that hold a missing value; an error when one holds something else that is not str.
fn rows_without_text(texts: &Bound<'_, PyTuple>) -> PyResult<Vec<usize>> {
    let (mut missing, mut pace) = (Vec::new(), Pace::default());
    for (row, text) in texts.iter_borrowed().enumerate() {
        pace.step(texts.py(), 0)?;
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

/// Texts on their way in.
struct Intake<'py> {
    py: Python<'py>,
    owned: OwnedTexts,
    pace: Pace,
    /// `str.isascii` and `str.__str__`, which a subclass cannot override.
    is_ascii: Bound<'py, PyAny>,
    exact: Bound<'py, PyAny>,
}

impl<'py> Intake<'py> {
    fn new(py: Python<'py>, count: usize) -> PyResult<Self> {
        let class = py.get_type::<PyString>();
        Ok(Self {
            py,
            owned: OwnedTexts::with_room(count).map_err(raise)?,
            pace: Pace::default(),
            is_ascii: class.getattr(intern!(py, "isascii"))?,
            exact: class.getattr(intern!(py, "__str__"))?,
        })
    }

    /// Writes one text and says whether surrogates were replaced in it.
    fn write(&mut self, text: &Bound<'py, PyString>) -> PyResult<bool> {
        if !text.is_exact_instance_of::<PyString>() {
            let exact = self.exact.call1((text,))?;
            return self.write_exact(exact.cast::<PyString>()?);
        }
        self.write_exact(text)
    }

    fn write_exact(&mut self, text: &Bound<'py, PyString>) -> PyResult<bool> {
        let (length, mut replaced) = (text.len()?, false);
        if length <= PIECE {
            return self.write_piece(text);
        }
        let sequence = text.as_any().cast::<pyo3::types::PySequence>()?;
        for start in (0..length).step_by(PIECE) {
            let piece = sequence.get_slice(start, length.min(start + PIECE))?;
            replaced |= self.write_piece(piece.cast::<PyString>()?)?;
        }
        Ok(replaced)
    }

    /// `to_str` on other than ASCII would leave a second copy of the text inside the caller's object.
    fn write_piece(&mut self, piece: &Bound<'py, PyString>) -> PyResult<bool> {
        let before = self.owned.written();
        let mut replaced = false;
        if self.is_ascii.call1((piece,))?.extract()? {
            self.owned.write(piece.to_str()?).map_err(raise)?;
        } else if let Ok(encoded) = piece.encode_utf8() {
            let text = String::from_utf8_lossy(encoded.as_bytes());
            self.owned.write(&text).map_err(raise)?;
        } else {
            let encoded = piece.call_method1(intern!(self.py, "encode"), ("utf-8", "surrogatepass"))?;
            let text = without_surrogates(encoded.cast::<PyBytes>()?.as_bytes());
            self.owned.write(&text).map_err(raise)?;
            replaced = true;
        }
        self.pace.step(self.py, self.owned.written() - before)?;
        Ok(replaced)
    }
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
