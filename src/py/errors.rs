//! The one bridge from causes to Python's exceptions; the classes are written in Python.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{exceptions::PyKeyboardInterrupt, import_exception};

use crate::error::{Cause, Error};

import_exception!(nutgraf.exceptions, InputError);
import_exception!(nutgraf.exceptions, InternalError);
import_exception!(nutgraf.exceptions, LimitError);
import_exception!(nutgraf.exceptions, MemoryLimitError);
import_exception!(nutgraf.exceptions, NutgrafWarning);
import_exception!(nutgraf.exceptions, ParameterError);
import_exception!(nutgraf.exceptions, PatternError);
import_exception!(nutgraf.exceptions, TextTypeError);

/// The Python exception of an error, with its machine-readable fields.
pub(crate) fn raise(error: Error) -> PyErr {
    Python::attach(|py| match error {
        // Only a signal or a callback cancels, and `run` reports those itself.
        Error::Cancelled => PyKeyboardInterrupt::new_err(error.to_string()),
        Error::Input(cause) => with_fields(py, py.get_type::<InputError>(), &cause),
        Error::TextType(cause) => with_fields(py, py.get_type::<TextTypeError>(), &cause),
        Error::Parameter(cause) => with_fields(py, py.get_type::<ParameterError>(), &cause),
        Error::Pattern(cause) => with_fields(py, py.get_type::<PatternError>(), &cause),
        Error::Limit(cause) => with_fields(py, py.get_type::<LimitError>(), &cause),
        Error::Memory(cause) => out_of_memory(py, &cause),
        Error::Internal(cause) => with_fields(py, py.get_type::<InternalError>(), &cause),
    })
}

/// The one class that also knows bytes.
fn out_of_memory(py: Python<'_>, cause: &Cause) -> PyErr {
    let error = with_fields(py, py.get_type::<MemoryLimitError>(), cause);
    let value = error.value(py);
    let set = value
        .setattr("needed", cause.needed)
        .and_then(|()| value.setattr("allowed", cause.allowed));
    set.err().unwrap_or(error)
}

fn with_fields(py: Python<'_>, class: Bound<'_, pyo3::types::PyType>, cause: &Cause) -> PyErr {
    let build = || {
        let fields = PyDict::new(py);
        fields.set_item("parameter", cause.parameter)?;
        fields.set_item("row", cause.row)?;
        class.call((cause.message.as_str(),), Some(&fields))
    };
    build().map_or_else(|error| error, PyErr::from_value)
}
