//! Tables on their way out: columns of numbers and words that hand themselves out as an Arrow stream.
//!
//! Nothing here knows what a column means; reading Arrow is `arrow.rs`.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeStringArray, RecordBatch, RecordBatchIterator,
    UInt32Array,
};
use arrow_schema::ArrowError;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyCapsule, PyDict, PyFloat, PyInt, PyList, PyString};

use super::errors::raise;
use crate::error::{Cause, Error};

/// A table that hands itself out as an Arrow stream.
#[pyclass(frozen, module = "nutgraf._nutgraf")]
pub(crate) struct ArrowTable {
    batch: RecordBatch,
}

#[pymethods]
impl ArrowTable {
    /// Takes columns by name, all of one length: 1-D numpy arrays, or lists of str, int, float or
    /// bool in which None is a missing value.
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
    if let Ok(list) = values.cast::<PyList>() {
        return list_column(name, list);
    }
    if let Some(column) = numpy_column(values) {
        return Ok(column);
    }
    Err(unsupported(name, &values.get_type().name()?.to_string()))
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

fn list_column(name: &str, list: &Bound<'_, PyList>) -> PyResult<ArrayRef> {
    let Some(first) = list.iter().find(|value| !value.is_none()) else {
        // All missing: a column of text, the type that readers mind least.
        return Ok(Arc::new(LargeStringArray::new_null(list.len())));
    };
    let mixed = |error: PyErr| {
        let cause = unsupported(name, "mixed types");
        cause.set_cause(list.py(), Some(error));
        cause
    };
    Ok(if first.is_instance_of::<PyString>() {
        Arc::new(LargeStringArray::from(
            list.extract::<Vec<Option<String>>>().map_err(mixed)?,
        ))
    } else if first.is_instance_of::<PyBool>() {
        Arc::new(BooleanArray::from(
            list.extract::<Vec<Option<bool>>>().map_err(mixed)?,
        ))
    } else if let (true, Ok(whole)) = (
        first.is_instance_of::<PyInt>(),
        list.extract::<Vec<Option<i64>>>(),
    ) {
        Arc::new(Int64Array::from(whole))
    } else if first.is_instance_of::<PyFloat>() || first.is_instance_of::<PyInt>() {
        Arc::new(Float64Array::from(
            list.extract::<Vec<Option<f64>>>().map_err(mixed)?,
        ))
    } else {
        return Err(unsupported(name, &first.get_type().name()?.to_string()));
    })
}

fn unsupported(name: &str, found: &str) -> PyErr {
    raise(Error::Input(Cause::sentence(format!(
        "Column {name:?} holds {found}, which has no Arrow column here; give str, int, float or bool."
    ))))
}
