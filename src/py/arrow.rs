//! Arrow's C interface, inwards: a column of strings as array data, not one byte copied.
//!
//! Capsules are checked for their names, streams for being fresh, types before any data is taken,
//! and array structs for the shape that importing relies on. What stands in the buffers is not
//! looked at here: `strings.rs` does that before any `&str` is made. The interface does not say how
//! long a buffer of text is, so that the producer is trusted for the last offset alone.

// The C interface passes raw pointers inside capsules; no safe wrapper exists without 40 more crates.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_int};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::errors::raise;
use crate::error::{Cause, Error, Result};

/// Takes one string column from anything with `__arrow_c_stream__` or `__arrow_c_array__`.
///
/// The chunks have a type that `strings.rs` reads; their content is still unchecked.
pub(crate) fn take_column(object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayData>> {
    let py = object.py();
    if object.hasattr(intern!(py, "__arrow_c_stream__"))? {
        take_stream(&object.call_method0(intern!(py, "__arrow_c_stream__"))?)
    } else {
        take_array(&object.call_method0(intern!(py, "__arrow_c_array__"))?)
    }
}

/// The names of the columns in a stream's or schema's capsule; `None` where it is no table.
///
/// Nothing is taken: the capsule can be handed on.
#[pyfunction]
pub(crate) fn arrow_names(capsule: &Bound<'_, PyAny>) -> PyResult<Option<Vec<String>>> {
    let kind = if let Ok(schema) = pointer(capsule, c"arrow_schema") {
        // SAFETY: the capsule's name says what the pointer is; it is only read.
        type_of(unsafe { schema.cast::<FFI_ArrowSchema>().as_ref() })
    } else {
        let pointer = pointer(capsule, c"arrow_array_stream")?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: as in `take_stream`, but the stream stays where it is; the capsule is
        // borrowed, and nobody else can use the stream while the interpreter is held.
        Stream::schema(unsafe { &mut *pointer.as_ptr() }).and_then(|schema| type_of(&schema))
    };
    Ok(match kind.map_err(raise)? {
        DataType::Struct(fields) => Some(fields.iter().map(|field| field.name().clone()).collect()),
        _ => None,
    })
}

fn take_stream(capsule: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayData>> {
    let py = capsule.py();
    let pointer = pointer(capsule, c"arrow_array_stream")?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a valid ArrowArrayStream (the PyCapsule protocol), and it
    // is alive while `capsule` is borrowed. `from_raw` moves the stream out and leaves a released
    // one behind, so the capsule's destructor does not release it a second time.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    // Detached: a producer may run a query whose threads want the interpreter.
    let mut stream = py.detach(|| Stream::open(stream)).map_err(raise)?;
    let mut chunks = Vec::new();
    while let Some(chunk) = py.detach(|| stream.next()).map_err(raise)? {
        chunks.push(chunk);
        py.check_signals()?;
    }
    Ok(chunks)
}

fn take_array(pair: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayData>> {
    let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair
        .extract()
        .map_err(|_| raise(unreadable("__arrow_c_array__ gave no pair of capsules")))?;
    let schema = pointer(&schema, c"arrow_schema")?.cast::<FFI_ArrowSchema>();
    let array = pointer(&array, c"arrow_array")?.cast::<FFI_ArrowArray>();
    // SAFETY: the capsule's name says what the pointer is, and the capsule outlives this block; the
    // schema is only read and stays the capsule's.
    let kind = kind_of(unsafe { schema.as_ref() }).map_err(raise)?;
    // SAFETY: as above. `from_raw` moves the array out, so only the imported one releases it.
    let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
    if array.is_released() {
        return Err(raise(unreadable("the array was taken before")));
    }
    let chunk = import(array, &kind).map_err(raise)?;
    Ok(chunk.into_iter().collect())
}

fn pointer(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<NonNull<std::ffi::c_void>> {
    let found = capsule
        .cast::<PyCapsule>()
        .ok()
        .and_then(|capsule| capsule.pointer_checked(Some(name)).ok());
    found.ok_or_else(|| {
        let wanted = name.to_string_lossy();
        raise(unreadable(&format!("a capsule named {wanted:?} was due")))
    })
}

/// An error about Arrow data that breaks the interface's rules.
pub(crate) fn unreadable(why: &str) -> Error {
    Error::Input(Cause::sentence(format!(
        "The Arrow data cannot be read ({why}); check the library that made it, or pass a list of str."
    )))
}

/// A producer's stream, and the type of its chunks.
struct Stream {
    stream: FFI_ArrowArrayStream,
    kind: DataType,
}

impl Stream {
    fn open(mut stream: FFI_ArrowArrayStream) -> Result<Self> {
        let kind = kind_of(&Self::schema(&mut stream)?)?;
        Ok(Self { stream, kind })
    }

    fn schema(stream: &mut FFI_ArrowArrayStream) -> Result<FFI_ArrowSchema> {
        let (Some(get_schema), Some(_), Some(_)) = (stream.get_schema(), stream.get_next(), stream.release())
        else {
            return Err(unreadable("the stream was read before; ask for a new one"));
        };
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream is not released, so its callbacks may be called with it and with a
        // place for the answer; both outlive the call.
        let code = unsafe { get_schema(&raw mut *stream, &raw mut schema) };
        if code != 0 {
            return Err(failed(stream, code));
        }
        Ok(schema)
    }

    /// The next chunk that has rows.
    fn next(&mut self) -> Result<Option<ArrayData>> {
        loop {
            let Some(get_next) = self.stream.get_next() else {
                return Ok(None);
            };
            let mut array = FFI_ArrowArray::empty();
            // SAFETY: as in `schema`; the stream is released by its drop only.
            let code = unsafe { get_next(&raw mut self.stream, &raw mut array) };
            if code != 0 {
                return Err(failed(&mut self.stream, code));
            }
            if array.is_released() {
                return Ok(None);
            }
            if let Some(chunk) = import(array, &self.kind)? {
                return Ok(Some(chunk));
            }
        }
    }
}

/// The error of a stream's callback, in the producer's words.
fn failed(stream: &mut FFI_ArrowArrayStream, code: c_int) -> Error {
    let mut words = format!("its producer failed with code {code}");
    if let Some(get_last_error) = stream.get_last_error() {
        // SAFETY: allowed right after a callback failed; the words stay valid until the next call,
        // and are copied here.
        let text = unsafe { get_last_error(&raw mut *stream).as_ref() };
        if let Some(text) = text {
            // SAFETY: as above; the interface promises an end with NUL.
            let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
            // pyarrow adds a traceback as a detail.
            let said = text.split(". Detail: ").next().unwrap_or_default();
            let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
            words = format!("its producer says: {}", line.trim_end_matches('.'));
        }
    }
    unreadable(&words)
}

/// The type a schema names, when it is one column of strings.
fn kind_of(schema: &FFI_ArrowSchema) -> Result<DataType> {
    let kind = type_of(schema)?;
    let column = match &kind {
        DataType::Struct(fields) if fields.len() == 1 => fields[0].data_type(),
        column => column,
    };
    let value = match column {
        DataType::Dictionary(_, value) => value,
        column => column,
    };
    match value {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(kind),
        other => Err(wrong_type(other)),
    }
}

fn type_of(schema: &FFI_ArrowSchema) -> Result<DataType> {
    guarded(|| DataType::try_from(schema))
}

fn wrong_type(found: &DataType) -> Error {
    Error::TextType(Cause::sentence(match found {
        DataType::Struct(fields) if fields.is_empty() => {
            "The data has no columns, but one string column is needed; pass that column, or a Corpus."
                .to_owned()
        }
        DataType::Struct(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            format!(
                "The data has {} columns ({}), but one string column is needed; pass that column, or a Corpus.",
                names.len(),
                names.join(", ")
            )
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            "The column holds bytes, not text; decode it first, for instance as UTF-8.".to_owned()
        }
        other => format!("The column holds {other}, not text; pass a column of strings."),
    }))
}

/// Imports an array of this type; `None` when it has no rows.
fn import(array: FFI_ArrowArray, kind: &DataType) -> Result<Option<ArrayData>> {
    guarded(|| {
        // First: the pointers of an array without rows may be any.
        if array.is_empty() {
            return Ok(None);
        }
        check_shape(&array, kind).map_err(|why| ArrowError::CDataInterface(why.to_owned()))?;
        // SAFETY: the struct comes from the producer of `kind` and has the shape that importing
        // relies on; that its pointers are valid is the contract of the interface.
        unsafe { from_ffi_and_data_type(array, kind.clone()) }.map(Some)
    })
}

/// Runs code of the Arrow library, whose assertions about foreign data are no defects of ours.
fn guarded<T>(work: impl FnOnce() -> std::result::Result<T, ArrowError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome.map_err(|error| unreadable(&error.to_string())),
        Err(_) => Err(unreadable("it breaks the rules of Arrow's C interface")),
    }
}

/// Checks what importing takes for granted: lengths, the number of buffers, pointers, alignment.
///
/// Keys and views may lie anywhere, as those of a slice do: importing aligns them. Offsets and lengths
/// are read before that.
fn check_shape(array: &FFI_ArrowArray, kind: &DataType) -> std::result::Result<(), &'static str> {
    const MOST_ROWS: usize = 1 << 48;
    if array.len() > MOST_ROWS || array.offset() > MOST_ROWS {
        return Err("a length or an offset is negative");
    }
    let buffers = match kind {
        DataType::Null => 0,
        DataType::Struct(_) => 1,
        DataType::Dictionary(_, _) => 2,
        _ => 3,
    };
    if array.num_buffers() > MOST_ROWS || array.num_buffers() < buffers {
        return Err("a buffer is missing");
    }
    match kind {
        DataType::Struct(fields) => {
            if array.num_children() != fields.len() {
                return Err("a column is missing");
            }
            let child = array.child(0);
            if child.len() < array.offset() + array.len() {
                return Err("a column is shorter than its table");
            }
            check_shape(child, fields[0].data_type())
        }
        DataType::Dictionary(_, value) => {
            let dictionary = array.dictionary().ok_or("the dictionary is missing")?;
            aligned(array, 1, 1)?;
            check_shape(dictionary, value)
        }
        DataType::Utf8 => {
            aligned(array, 1, 4)?;
            let rows = array.offset() + array.len();
            not_negative::<i32>(array, 1, rows..rows + usize::from(rows > 0))
        }
        DataType::LargeUtf8 => {
            aligned(array, 1, 8)?;
            let rows = array.offset() + array.len();
            not_negative::<i64>(array, 1, rows..rows + usize::from(rows > 0))
        }
        DataType::Utf8View => {
            if !array.is_empty() {
                aligned(array, 1, 1)?;
            }
            // With buffers of text, the last buffer holds their lengths.
            if array.num_buffers() > 3 {
                let last = array.num_buffers() - 1;
                aligned(array, last, 8)?;
                not_negative::<i64>(array, last, 0..last - 2)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn aligned(array: &FFI_ArrowArray, index: usize, bytes: usize) -> std::result::Result<(), &'static str> {
    let pointer = array.buffer(index);
    if pointer.is_null() {
        return Err("a buffer is missing");
    }
    if !pointer.addr().is_multiple_of(bytes) {
        return Err("a buffer is not aligned");
    }
    Ok(())
}

/// Checks numbers that importing takes for lengths of buffers.
fn not_negative<N: Copy + Into<i64>>(
    array: &FFI_ArrowArray,
    index: usize,
    places: Range<usize>,
) -> std::result::Result<(), &'static str> {
    let numbers = array.buffer(index).cast::<N>();
    for place in places {
        // SAFETY: the buffer is there and aligned, as the caller has checked, and the interface
        // promises an offset more than rows, and a length for each buffer of text.
        if unsafe { *numbers.add(place) }.into() < 0 {
            return Err("a buffer has a negative length");
        }
    }
    Ok(())
}
