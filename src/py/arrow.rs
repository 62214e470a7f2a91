//! Arrow in: string columns become text sources without a copy. Arrow out is `table.rs`.
//!
//! Nothing here knows what the text means. The C interface is trusted for its shape (that is its
//! contract) but not for its content: every chunk is validated in full before any `&str` is made,
//! because producers may hand over bytes that are not UTF-8.

// The C interface passes raw pointers inside capsules; no safe wrapper exists without 40 more crates.
#![allow(unsafe_code)]

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{
    Array, ArrayRef, BooleanArray, LargeStringArray, StringArray, StringViewArray, make_array,
};
use arrow_schema::{ArrowError, DataType};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::errors::raise;
use crate::error::{Cause, Error, Result};
use crate::text::arena::TextSource;

/// Reads one string column from anything with `__arrow_c_stream__` or `__arrow_c_array__`.
pub(crate) fn read_column(object: &Bound<'_, PyAny>) -> PyResult<Vec<StringChunk>> {
    let arrays = if object.hasattr(intern!(object.py(), "__arrow_c_stream__"))? {
        read_stream(&object.call_method0(intern!(object.py(), "__arrow_c_stream__"))?)?
    } else {
        vec![read_array(
            &object.call_method0(intern!(object.py(), "__arrow_c_array__"))?,
        )?]
    };
    let chunks: Result<Vec<StringChunk>> = arrays.iter().map(StringChunk::new).collect();
    chunks.map_err(raise)
}

fn read_stream(capsule: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    let capsule = capsule.cast::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    // SAFETY: a capsule of this name holds a valid ArrowArrayStream (the PyCapsule protocol), and it
    // is alive while `capsule` is borrowed. `from_raw` moves the stream out and leaves a released
    // one behind, so the capsule's destructor does not release it a second time.
    let reader = unsafe { ArrayStreamReader::from_raw(pointer.as_ptr().cast::<FFI_ArrowArrayStream>()) };
    let arrays: std::result::Result<Vec<ArrayRef>, ArrowError> = reader.and_then(Iterator::collect);
    arrays.map_err(|error| raise(unreadable(&error)))
}

fn read_array(pair: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = pair.extract()?;
    let schema = schema
        .pointer_checked(Some(c"arrow_schema"))?
        .cast::<FFI_ArrowSchema>();
    let array = array
        .pointer_checked(Some(c"arrow_array"))?
        .cast::<FFI_ArrowArray>();
    // SAFETY: the capsule names say what the pointers are, and both capsules outlive this block.
    // `from_raw` moves the array out, so only the imported one releases it; the schema is only
    // read and stays the capsule's. That array and schema fit is the contract of the interface.
    let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
    data.map(make_array).map_err(|error| raise(unreadable(&error)))
}

fn unreadable(error: &ArrowError) -> Error {
    Error::Input(Cause::sentence(format!(
        "The Arrow data cannot be read ({error}); check the library that made it, or pass a list of str."
    )))
}

enum Strings {
    Short(StringArray),
    Long(LargeStringArray),
    View(StringViewArray),
    /// Keys already widened, and the strings they point to.
    Dictionary(Vec<usize>, Box<StringChunk>),
    Missing(usize),
}

/// One validated chunk of a string column; its bytes stay where the producer put them.
pub(crate) struct StringChunk {
    strings: Strings,
    missing: Option<BooleanArray>,
}

impl StringChunk {
    fn new(array: &ArrayRef) -> Result<Self> {
        array
            .to_data()
            .validate_full()
            .map_err(|error| unreadable(&error))?;
        Self::of_valid(array)
    }

    fn of_valid(array: &ArrayRef) -> Result<Self> {
        // A missing key and a key to a missing string are both missing.
        let missing = array
            .logical_nulls()
            .filter(|nulls| nulls.null_count() > 0)
            .map(|nulls| BooleanArray::new(!nulls.inner(), None));
        let strings = match array.data_type() {
            DataType::Utf8 => Strings::Short(array.as_string().clone()),
            DataType::LargeUtf8 => Strings::Long(array.as_string().clone()),
            DataType::Utf8View => Strings::View(array.as_string_view().clone()),
            DataType::Null => Strings::Missing(array.len()),
            DataType::Dictionary(_, _) => Self::dictionary(array)?,
            DataType::Struct(fields) if fields.len() == 1 => {
                return Self::of_valid(array.as_struct().column(0));
            }
            other => return Err(wrong_type(other)),
        };
        Ok(Self { strings, missing })
    }

    fn dictionary(array: &ArrayRef) -> Result<Strings> {
        let dictionary = array.as_any_dictionary();
        if dictionary.values().is_empty() {
            return Ok(Strings::Missing(array.len()));
        }
        let values = Self::of_valid(dictionary.values())?;
        Ok(Strings::Dictionary(
            dictionary.normalized_keys(),
            Box::new(values),
        ))
    }

    /// Whether the text at `index` is missing.
    pub(crate) fn is_missing(&self, index: usize) -> bool {
        match &self.strings {
            Strings::Missing(_) => true,
            _ => self.missing.as_ref().is_some_and(|missing| missing.value(index)),
        }
    }

    /// Whether any text is missing.
    pub(crate) fn any_missing(&self) -> bool {
        matches!(self.strings, Strings::Missing(length) if length > 0) || self.missing.is_some()
    }
}

impl TextSource for StringChunk {
    fn len(&self) -> usize {
        match &self.strings {
            Strings::Short(strings) => strings.len(),
            Strings::Long(strings) => strings.len(),
            Strings::View(strings) => strings.len(),
            Strings::Dictionary(keys, _) => keys.len(),
            Strings::Missing(length) => *length,
        }
    }

    fn text(&self, index: usize) -> &str {
        if self.is_missing(index) {
            return "";
        }
        match &self.strings {
            Strings::Short(strings) => strings.value(index),
            Strings::Long(strings) => strings.value(index),
            Strings::View(strings) => strings.value(index),
            Strings::Dictionary(keys, values) => values.text(keys[index]),
            Strings::Missing(_) => "",
        }
    }
}

fn wrong_type(found: &DataType) -> Error {
    Error::TextType(Cause::sentence(match found {
        DataType::Struct(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
            format!(
                "The data has {} columns ({}), but one string column is needed; pass that column, or a Corpus.",
                names.len(),
                names.join(", ")
            )
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            "The column holds bytes, not text; decode it first, for instance as UTF-8.".to_owned()
        }
        other => format!("The column holds {other}, not text; pass a column of strings."),
    }))
}
