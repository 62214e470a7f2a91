//! A chunk of an Arrow string column as a source of texts; its bytes stay where they are.
//!
//! The import trusts a producer for its shape but not for its content, so every chunk is validated
//! in full before any `&str` is made of it. Values under a missing row are undefined in Arrow and
//! are never read.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{
    Array, ArrayRef, ArrowNativeTypeOp, BooleanArray, GenericStringArray, LargeStringArray, OffsetSizeTrait,
    PrimitiveArray, StringArray, StringViewArray, downcast_integer_array, make_array,
};
use arrow_data::ArrayData;
use arrow_schema::DataType;

use super::arrow::unreadable;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;
use crate::parallel::{BLOCK_BYTES, blocks, map_blocks};
use crate::text::arena::TextSource;

/// Rows between two looks at the observer where a row costs next to nothing.
const ROWS_BETWEEN_CHECKS: usize = 1 << 16;

enum Strings {
    Short(StringArray),
    Long(LargeStringArray),
    View(StringViewArray),
    /// Keys already widened and in range, and the strings they point to.
    Dictionary(Vec<u32>, Box<StringChunk>),
    Missing(usize),
}

/// One chunk of a string column.
pub(crate) struct StringChunk {
    strings: Strings,
    missing: Option<BooleanArray>,
}

/// The first row that cannot be read, and why.
type Bad = (usize, &'static str);

const NOT_UTF8: &str = "its bytes are not UTF-8";
const OFFSETS: &str = "its Arrow offsets are out of order or out of range";
const VIEW: &str = "its Arrow view points outside the buffers";
const KEY: &str = "its dictionary key is out of range";

impl StringChunk {
    /// A chunk whose rows are known to be missing or not, but whose text is still to be validated.
    pub(crate) fn new(data: &ArrayData, first: usize, observer: &dyn Observer) -> Result<Self> {
        let mut chunk = Self::of_column(data, first, observer)?;
        if let (DataType::Struct(_), Some(nulls)) = (data.data_type(), data.nulls()) {
            // A row that is missing as a whole has no text either.
            let missing: Vec<bool> = (0..data.len())
                .map(|row| nulls.is_null(row) || chunk.is_missing(row))
                .collect();
            chunk.missing = Some(BooleanArray::from(missing));
        }
        Ok(chunk)
    }

    fn of_column(data: &ArrayData, first: usize, observer: &dyn Observer) -> Result<Self> {
        if let (DataType::Struct(_), [child]) = (data.data_type(), data.child_data()) {
            return Self::of_column(&child.slice(data.offset(), data.len()), first, observer);
        }
        let array = make_array(data.clone());
        let missing = array
            .nulls()
            .filter(|nulls| nulls.null_count() > 0)
            .map(|nulls| BooleanArray::new(!nulls.inner(), None));
        let strings = match array.data_type() {
            DataType::Utf8 => Strings::Short(array.as_string().clone()),
            DataType::LargeUtf8 => Strings::Long(array.as_string().clone()),
            DataType::Utf8View => Strings::View(array.as_string_view().clone()),
            DataType::Dictionary(_, _) => return Self::of_dictionary(&array, missing, first, observer),
            _ => Strings::Missing(array.len()),
        };
        Ok(Self { strings, missing })
    }

    /// A missing key and a key to a missing string are both missing.
    fn of_dictionary(
        array: &ArrayRef,
        missing: Option<BooleanArray>,
        first: usize,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let dictionary = array.as_any_dictionary();
        let values = Self::of_column(&dictionary.values().to_data(), 0, observer)?;
        let keys = dictionary.keys();
        let keys = downcast_integer_array!(
            keys => widen(keys, values.len(), observer)?,
            _ => Err((0, KEY))
        );
        let keys = keys.map_err(|(row, why)| broken(first + row, why))?;
        let missing = if values.any_missing() {
            let gone = |row: usize| {
                missing.as_ref().is_some_and(|missing| missing.value(row)) || {
                    values.is_missing(keys[row] as usize)
                }
            };
            Some(BooleanArray::from((0..keys.len()).map(gone).collect::<Vec<_>>()))
        } else {
            missing
        };
        Ok(Self {
            strings: Strings::Dictionary(keys, Box::new(values)),
            missing,
        })
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

    /// Makes sure that every text can be read; `first` is the row of the chunk's first text.
    pub(crate) fn validate(&self, first: usize, observer: &dyn Observer) -> Result<()> {
        if let Strings::Dictionary(keys, values) = &self.strings {
            let Some((value, why)) = values.first_bad(observer)? else {
                return Ok(());
            };
            let row = (0..keys.len()).find(|&row| keys[row] as usize == value && !self.is_missing(row));
            return Err(row.map_or_else(
                || unreadable(&format!("value {value} of its dictionary is broken: {why}")),
                |row| broken(first + row, why),
            ));
        }
        match self.first_bad(observer)? {
            Some((index, why)) => Err(broken(first + index, why)),
            None => Ok(()),
        }
    }

    fn first_bad(&self, observer: &dyn Observer) -> Result<Option<Bad>> {
        let check = |rows: Range<usize>| match &self.strings {
            Strings::Short(strings) => self.bad_in(strings, rows, observer),
            Strings::Long(strings) => self.bad_in(strings, rows, observer),
            Strings::View(strings) => self.bad_view(strings, rows, observer),
            Strings::Dictionary(..) | Strings::Missing(_) => Ok(None),
        };
        let cut = blocks(self.len(), BLOCK_BYTES, |row| match &self.strings {
            Strings::Short(strings) => claimed(strings.value_offsets(), row),
            Strings::Long(strings) => claimed(strings.value_offsets(), row),
            Strings::View(strings) => length_of(strings.views()[row]),
            Strings::Dictionary(..) | Strings::Missing(_) => 0,
        });
        Ok(map_blocks(&cut, observer, check)?.into_iter().flatten().next())
    }

    fn bad_in<O: OffsetSizeTrait>(
        &self,
        strings: &GenericStringArray<O>,
        rows: Range<usize>,
        observer: &dyn Observer,
    ) -> Result<Option<Bad>> {
        let (offsets, bytes) = (strings.value_offsets(), strings.value_data());
        let range = |row: usize| {
            let (start, end) = (offsets[row].to_usize()?, offsets[row + 1].to_usize()?);
            bytes.get(start..end).map(|text| (start, text))
        };
        let starts_a_character = |at: usize| bytes.get(at).is_none_or(|byte| byte & 0xC0 != 0x80);
        let mut whole = true;
        for row in rows.clone() {
            let Some((start, _)) = range(row) else {
                return Ok(Some((row, OFFSETS)));
            };
            whole &= starts_a_character(start);
        }
        // The offsets rise, so that the rows lie side by side in one stretch.
        let (Some(start), Some(end)) = (offsets[rows.start].to_usize(), offsets[rows.end].to_usize()) else {
            return Ok(Some((rows.start, OFFSETS)));
        };
        if whole && is_utf8(&bytes[start..end], observer)? {
            return Ok(None);
        }
        for row in rows {
            let text = range(row).map_or(&[][..], |(_, text)| text);
            if !self.is_missing(row) && !is_utf8(text, observer)? {
                return Ok(Some((row, NOT_UTF8)));
            }
        }
        Ok(None)
    }

    fn bad_view(
        &self,
        strings: &StringViewArray,
        rows: Range<usize>,
        observer: &dyn Observer,
    ) -> Result<Option<Bad>> {
        for row in rows.filter(|&row| !self.is_missing(row)) {
            let view = strings.views()[row].to_le_bytes();
            let part = |at: usize| u32::from_le_bytes([view[at], view[at + 1], view[at + 2], view[at + 3]]);
            let length = length_of(strings.views()[row]);
            let text = if length <= 12 {
                &view[4..4 + length]
            } else {
                let start = part(12) as usize;
                let buffer = strings.data_buffers().get(part(8) as usize);
                let found = buffer.and_then(|buffer| buffer.get(start..start + length));
                match found {
                    Some(text) if text[..4] == view[4..8] => text,
                    _ => return Ok(Some((row, VIEW))),
                }
            };
            if !is_utf8(text, observer)? {
                return Ok(Some((row, NOT_UTF8)));
            }
        }
        Ok(None)
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
            Strings::Dictionary(keys, values) => values.text(keys[index] as usize),
            Strings::Missing(_) => "",
        }
    }
}

/// The keys as rows of the dictionary, 0 where they are missing; an error names the first bad one.
fn widen<K: ArrowPrimitiveType>(
    keys: &PrimitiveArray<K>,
    values: usize,
    observer: &dyn Observer,
) -> Result<std::result::Result<Vec<u32>, Bad>> {
    let mut widened = Vec::new();
    widened.try_reserve_exact(keys.len()).map_err(|_| {
        Error::Memory(Cause::sentence(format!(
            "The keys of {} rows do not fit in memory; work on parts of the data.",
            keys.len()
        )))
    })?;
    for (row, key) in keys.values().iter().enumerate() {
        if row % ROWS_BETWEEN_CHECKS == 0 {
            observer.check()?;
        }
        let key = if keys.is_null(row) { Some(0) } else { whole(*key) };
        match key
            .filter(|&key| key < values || keys.is_null(row))
            .map(u32::try_from)
        {
            Some(Ok(key)) => widened.push(key),
            _ => return Ok(Err((row, KEY))),
        }
    }
    Ok(Ok(widened))
}

/// The length of a view's text: its lowest 32 bits.
fn length_of(view: u128) -> usize {
    usize::try_from(view & u128::from(u32::MAX)).unwrap_or(usize::MAX)
}

/// A key as a number of rows, unless it is negative.
fn whole<N: ArrowNativeTypeOp>(key: N) -> Option<usize> {
    key.to_usize()
}

/// Bytes that a row claims, before anybody knows whether its offsets are any good.
fn claimed<O: OffsetSizeTrait>(offsets: &[O], row: usize) -> usize {
    let at = |row: usize| offsets[row].to_usize().unwrap_or(0);
    at(row + 1).saturating_sub(at(row))
}

fn broken(row: usize, why: &str) -> Error {
    Error::Input(Cause::row(
        row,
        &format!("of the Arrow data cannot be read: {why}"),
        "check the library that made it, or pass a list of str",
    ))
}

/// Whether bytes are UTF-8, looked at in pieces so that one long text can be interrupted.
fn is_utf8(mut bytes: &[u8], observer: &dyn Observer) -> Result<bool> {
    while bytes.len() > BLOCK_BYTES {
        observer.check()?;
        match std::str::from_utf8(&bytes[..BLOCK_BYTES]) {
            Ok(_) => bytes = &bytes[BLOCK_BYTES..],
            // Only the end of the piece cuts a character.
            Err(error) if error.error_len().is_none() => bytes = &bytes[error.valid_up_to()..],
            Err(_) => return Ok(false),
        }
    }
    Ok(std::str::from_utf8(bytes).is_ok())
}
