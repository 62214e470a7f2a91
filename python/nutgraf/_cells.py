"""Columns of a table: what they may hold, how they are ordered, what type they have outside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from nutgraf._parameters import shown
from nutgraf.exceptions import InputError

__all__ = ["Column", "column", "for_arrow", "is_gap", "order", "plain", "refuse_name"]

Column = npt.NDArray[Any] | list[Any]

#: Rows that are sorted in one go; a sort cannot be interrupted.
_RUN = 1 << 16

_KINDS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("str", (str,)),
    ("bool", (bool, np.bool_)),
    ("int", (int, np.integer)),
    ("float", (float, np.floating)),
)


def refuse_name(name: object) -> InputError:
    """Return the error for a name of a column that is no str."""
    return InputError(f"A column is named {shown(name)}, but names must be str; turn it into one.")


def column(name: str, values: object) -> tuple[Column, str]:
    """Return a read-only array for numbers and a list for everything else, with its type.

    The type is ``str``, ``bool``, ``int`` or ``float``, so that a column without rows keeps it; or
    words for what has no Arrow column.
    """
    if isinstance(values, np.ndarray):
        return _of_array(name, values)
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InputError(
            f"Column {name!r} is {shown(values)}, but it must be an array or a list; wrap one "
            "value in a list."
        )
    listed = [value.item() if isinstance(value, np.generic) else value for value in values]
    types = {type(value) for value in listed}
    kinds = {_kind(each) for each in types} - {"NoneType"}
    if kinds == {"str", "float"} and all(
        is_gap(value) for value in listed if not isinstance(value, str)
    ):
        # NaN is how pandas writes a missing text.
        return [value if isinstance(value, str) else None for value in listed], "str"
    kind = "float" if kinds == {"int", "float"} else " and ".join(sorted(kinds)) or "str"
    if type(None) in types or kind not in {"int", "float", "bool"} or not listed:
        return listed, kind
    try:
        return _frozen(
            np.array(listed, dtype={"int": "i8", "float": "f8", "bool": "?"}[kind])
        ), kind
    except OverflowError:
        return listed, "integers beyond 64 bits"


def _of_array(name: str, values: npt.NDArray[Any]) -> tuple[Column, str]:
    if values.ndim != 1:
        raise InputError(f"Column {name!r} has {values.ndim} dimensions; give it one.")
    kind = {"f": "float", "i": "int", "u": "int", "b": "bool"}.get(values.dtype.kind)
    if kind is not None:
        # A copy, because the caller may go on writing into the array.
        return _frozen(np.array(values)), kind
    if values.dtype.kind in "mMcV":
        raise InputError(
            f"Column {name!r} has type {values.dtype}, which no table here holds; give dates as "
            "str."
        )
    return column(name, values.tolist())


def _frozen(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values.setflags(write=False)
    return values


def _kind(kind: type) -> str:
    for name, types in _KINDS:
        if issubclass(kind, types):
            return name
    return kind.__name__


def plain(values: Column) -> list[Any]:
    """Return plain Python values."""
    return values if isinstance(values, list) else values.tolist()


def is_gap(value: object) -> bool:
    """Say whether a value is missing: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def for_arrow(values: Column, kind: str) -> object:
    """Return a column as the extension takes it, in the widths that every reader has."""
    if isinstance(values, list):
        return values, kind
    if values.dtype in (np.float64, np.int64, np.uint32, np.bool_):
        return values
    if values.dtype == np.uint64 and values.size and values.max() > np.iinfo(np.int64).max:
        raise InputError("A column holds integers beyond 2**63 - 1; hand them over as str.")
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64)


def order(values: Column, descending: bool) -> npt.NDArray[np.int64]:
    """Return rows by value: equal values in the order of their rows, gaps last."""
    if isinstance(values, list):
        gaps = [row for row, value in enumerate(values) if is_gap(value)]
        full = [row for row, value in enumerate(values) if not is_gap(value)]
        return np.asarray(_sorted(full, values, descending) + gaps, dtype=np.int64)
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
    rows = np.flatnonzero(~missing)
    if descending:
        # Backwards before and after, so that equal values end up forwards.
        back = rows[::-1]
        rows = back[np.argsort(values[back], kind="stable")][::-1]
    else:
        rows = rows[np.argsort(values[rows], kind="stable")]
    return np.concatenate([rows, np.flatnonzero(missing)]).astype(np.int64)


def _sorted(rows: list[int], values: list[Any], descending: bool) -> list[int]:
    """Sort in runs that are merged two by two: each step is short enough for an interrupt."""
    key = values.__getitem__
    runs = [
        sorted(rows[start : start + _RUN], key=key, reverse=descending)
        for start in range(0, len(rows), _RUN)
    ]
    while len(runs) > 1:
        # The sort finds the two runs and only merges them.
        runs = [
            sorted(sum(runs[at : at + 2], []), key=key, reverse=descending)  # noqa: RUF017 - two lists
            for at in range(0, len(runs), 2)
        ]
    return runs[0] if runs else []
