//! Tables out: columns of Python values become an Arrow stream.
//!
//! What the columns mean is not known here. Lists are walked in slices, with a look at signals after
//! each, because their values can only be read with the interpreter.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, LargeStringBuilder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, UInt32Array,
};
use arrow_schema::ArrowError;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PyString, PyTuple};

use super::errors::raise;
use super::lists::SLICE;
use crate::error::{Cause, Error};

/// A table that hands itself out as an Arrow stream.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct ArrowTable {
    batch: RecordBatch,
}

#[pymethods]
impl ArrowTable {
    /// Takes columns by name, all of one length: 1-D numpy arrays, or pairs of a list and the type
    /// of its values ("str", "int", "float" or "bool"), in which None is a missing value.
    #[new]
    fn new(columns: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut named = Vec::with_capacity(columns.len());
        for (name, values) in columns {
            let name: String = name.extract()?;
            let column = column_of(&name, &values)?;
            named.push((name, column, true));
        }
        if named.is_empty() {
            return Ok(Self {
                batch: RecordBatch::new_empty(Arc::new(arrow_schema::Schema::empty())),
            });
        }
        let batch = RecordBatch::try_from_iter_with_nullable(named);
        Ok(Self {
            batch: batch.map_err(|error| raise(uneven(&error)))?,
        })
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// The names of the columns, in their order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// The table as an Arrow stream in a capsule; the schema asked for is a hint and not followed.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        let stream = FFI_ArrowArrayStream::new(Box::new(batches));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn uneven(error: &ArrowError) -> Error {
    Error::Input(Cause::sentence(format!(
        "The columns make no table ({error}); give all of them one length."
    )))
}

fn column_of(name: &str, values: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    if let Ok(pair) = values.cast::<PyTuple>() {
        let (list, kind): (Bound<'_, PyList>, String) = pair.extract()?;
        return list_column(name, &list, &kind);
    }
    match numpy_column(values) {
        Some(column) => Ok(column),
        None => Err(unsupported(name, &values.get_type().name()?.to_string())),
    }
}

fn numpy_column(values: &Bound<'_, PyAny>) -> Option<ArrayRef> {
    if let Ok(array) = values.extract::<PyReadonlyArray1<'_, f64>>() {
        return Some(Arc::new(Float64Array::from_iter_values(
            array.as_array().iter().copied(),
        )));
    }
    if let Ok(array) = values.extract::<PyReadonlyArray1<'_, i64>>() {
        return Some(Arc::new(Int64Array::from_iter_values(
            array.as_array().iter().copied(),
        )));
    }
    if let Ok(array) = values.extract::<PyReadonlyArray1<'_, u32>>() {
        return Some(Arc::new(UInt32Array::from_iter_values(
            array.as_array().iter().copied(),
        )));
    }
    let array = values.extract::<PyReadonlyArray1<'_, bool>>().ok()?;
    Some(Arc::new(BooleanArray::from(array.as_array().to_vec())))
}

fn list_column(name: &str, list: &Bound<'_, PyList>, kind: &str) -> PyResult<ArrayRef> {
    Ok(match kind {
        "str" => {
            let mut column = LargeStringBuilder::new();
            each(name, list, |value| {
                match value {
                    None => column.append_null(),
                    // `to_str` on other than ASCII would leave a second copy inside the object.
                    Some(value) => match value.cast::<PyString>()?.encode_utf8() {
                        Ok(text) => column.append_value(String::from_utf8_lossy(text.as_bytes())),
                        Err(_) => column.append_value(value.cast::<PyString>()?.to_string_lossy()),
                    },
                }
                Ok(())
            })?;
            Arc::new(column.finish())
        }
        "bool" => {
            let mut column = BooleanBuilder::new();
            each(name, list, |value| {
                column.append_option(value.map(PyAnyMethods::extract).transpose()?);
                Ok(())
            })?;
            Arc::new(column.finish())
        }
        "int" => {
            let mut column = Int64Builder::new();
            each(name, list, |value| {
                column.append_option(value.map(PyAnyMethods::extract).transpose()?);
                Ok(())
            })?;
            Arc::new(column.finish())
        }
        "float" => {
            let mut column = Float64Builder::new();
            each(name, list, |value| {
                column.append_option(value.map(PyAnyMethods::extract).transpose()?);
                Ok(())
            })?;
            Arc::new(column.finish())
        }
        other => return Err(unsupported(name, other)),
    })
}

/// Calls `take` with each value of a list, `None` for a missing one; a value of another type than
/// the first ones is an error that names the column and the row.
fn each<'py>(
    name: &str,
    list: &Bound<'py, PyList>,
    mut take: impl FnMut(Option<&Bound<'py, PyAny>>) -> PyResult<()>,
) -> PyResult<()> {
    for (row, value) in list.iter().enumerate() {
        if row % SLICE == 0 {
            list.py().check_signals()?;
        }
        take(Some(&value).filter(|value| !value.is_none())).map_err(|error| {
            let mut cause = Cause::sentence(format!(
                "Column {name:?} holds mixed types, or a number that does not fit 64 bits, in row {row}, \
                 which has no Arrow column here; give str, int, float or bool."
            ));
            cause.row = Some(row);
            let cause = raise(Error::Input(cause));
            cause.set_cause(list.py(), Some(error));
            cause
        })?;
    }
    Ok(())
}

fn unsupported(name: &str, found: &str) -> PyErr {
    raise(Error::Input(Cause::sentence(format!(
        "Column {name:?} holds {found}, which has no Arrow column here; give str, int, float or bool."
    ))))
}
