"""Matrices and frequency lists of others on their way into counts."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nutgraf import _parameters
from nutgraf._extras import require
from nutgraf._parameters import refuse, shown
from nutgraf.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Rows", "is_list", "listed", "names", "rows_of", "rows_of_list", "tokens"]

#: What one cell can hold.
_MOST = 2**32 - 1
_KINDS = "biuf"
_NUMBERS: Any = (int, float, np.number)


class Rows(NamedTuple):
    """Compressed rows as int64; cells in any order."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.int64]


def is_list(matrix: object) -> bool:
    """Say whether this is a frequency list; a sparse matrix of scipy's may be a dict too."""
    return isinstance(matrix, Mapping) and not hasattr(matrix, "tocoo")


def listed(matrix: Any) -> Any:
    """Return a Series, which has one label for each number, as a mapping; all else as it is."""
    if hasattr(matrix, "to_dict") and hasattr(matrix, "index") and not hasattr(matrix, "columns"):
        counts: dict[Any, Any] = {}
        for label, count in zip(matrix.index, matrix.tolist(), strict=True):
            if label in counts:
                break
            counts[label] = count
        else:
            return counts
        raise InputError(
            f"matrix is a Series with the label {shown(label)} twice, but every term has one "
            "count; add them up first: matrix.groupby(level=0).sum().",
            parameter="matrix",
        )
    return matrix


def names(terms: object, matrix: Any) -> list[str]:
    """Return the terms of the columns; a frame has them itself."""
    columns = shape(matrix)[1]
    if terms is None and hasattr(matrix, "columns"):
        # pyarrow has the columns themselves under the word that others have for their names.
        terms = list(getattr(matrix, "column_names", matrix.columns))
    return checked(terms, columns)


def checked(terms: object, columns: int) -> list[str]:
    """Return terms, as many as there are columns."""
    remedy = "pass one str for each column, such as vectorizer.get_feature_names_out()"
    if isinstance(terms, AbstractSet | Mapping):
        raise refuse("terms", terms, "it must have an order", remedy)
    listed = [str(term) for term in _parameters.texts("terms", terms, remedy=remedy)]
    if len(listed) != columns:
        raise InputError(
            f"terms has {len(listed):,} terms, but the matrix has {columns:,} columns; {remedy}.",
            parameter="terms",
        )
    return listed


def shape(matrix: Any) -> tuple[int, int]:
    """Return the rows and columns of what is a matrix of numbers."""
    given = matrix if hasattr(matrix, "tocoo") else np.asarray(matrix)
    if len(given.shape) != 2 or given.dtype.kind not in _KINDS:
        what = f"{type(matrix).__name__} of {given.dtype} in {len(given.shape)} dimensions"
        raise InputError(
            f"matrix is {what}, but it holds whole numbers in two dimensions; pass a scipy sparse "
            "matrix, a numpy array, or a {term: count} mapping.",
            parameter="matrix",
        )
    return int(given.shape[0]), int(given.shape[1])


def rows_of(matrix: Any, terms: Sequence[str]) -> Rows:
    """Return the rows of a scipy sparse matrix or of a dense array."""
    size = shape(matrix)
    if hasattr(matrix, "tocoo"):
        given = matrix.tocoo()
        values = _whole(given.data, given.row, given.col, terms)
        # In 64 bits, before cells that stand twice are added up.
        sparse = require("scipy.sparse", "Counts.from_matrix", extra="sparse")
        rows = sparse.coo_array((values, (given.row, given.col)), shape=size).tocsr()
        return Rows(*(_int64(part) for part in (rows.indptr, rows.indices, rows.data)))
    dense = np.asarray(matrix)
    row, column = np.nonzero(dense)
    values = _whole(dense[row, column], row, column, terms)
    ends = np.cumsum(np.bincount(row, minlength=size[0]))
    return Rows(_int64(np.concatenate([[0], ends])), _int64(column), values)


def rows_of_list(frequencies: Mapping[Any, Any]) -> tuple[list[str], Rows]:
    """Return the terms and the one row of a frequency list."""
    terms = checked(list(frequencies), len(frequencies))
    given = list(frequencies.values())
    values = np.asarray(given) if given else np.zeros(0, dtype=np.int64)
    column = np.arange(len(terms), dtype=np.int64)
    if values.ndim != 1 or values.dtype.kind not in _KINDS:
        # Something among them is no number, or beyond 64 bits.
        for term, number in zip(terms, given, strict=True):
            if not isinstance(number, _NUMBERS) or abs(number) > _MOST:
                raise _refused(0, term, number)
        values = np.asarray(given, dtype=np.float64)
    data = _whole(values, np.zeros_like(column), column, terms)
    return terms, Rows(np.array([0, len(terms)], dtype=np.int64), column, data)


def tokens(totals: object, rows: int) -> NDArray[np.int64] | None:
    """Return the words of each row where they were given."""
    if totals is None:
        return None
    remedy = "pass one whole number a row: every word of it, listed or not"
    values = np.asarray(totals)
    if values.ndim == 0:
        values = values[None]
    if values.ndim != 1 or len(values) != rows or values.dtype.kind not in "iuf":
        rule = f"there are {rows:,} rows"
        raise refuse("totals", totals, rule, remedy)
    wrong = ~((values >= 0) & (values < 2.0**63))
    if values.dtype.kind == "f":
        wrong |= ~np.isfinite(values) | (values != np.floor(values))
    for row in np.flatnonzero(wrong)[:1].tolist():
        rule = f"row {row} has the total {values[row].item()!r}"
        raise refuse("totals", totals, rule, remedy)
    return _int64(values)


def _whole(
    values: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], terms: Sequence[str]
) -> NDArray[np.int64]:
    """Return values as int64; negative sums are found once cells are added up."""
    if values.dtype == np.float16:
        values = values.astype(np.float64)  # it has no number as large as the bounds
    if values.dtype.kind in "uif":
        # NaN is inside no bounds.
        wrong = ~((values >= -_MOST) & (values <= _MOST))
        if values.dtype.kind == "f":
            wrong |= values != np.floor(values)
        for cell in np.flatnonzero(wrong)[:1].tolist():
            raise _refused(int(rows[cell]), terms[int(columns[cell])], values[cell].item())
    return _int64(values)


def _refused(row: int, term: str, value: Any) -> InputError:
    if not isinstance(value, _NUMBERS):
        rule, remedy = "it must be a number", "pass {term: count}"
    elif isinstance(value, float) and not value.is_integer():
        rule, remedy = "a count is a whole number", "pass the counts before they were weighted"
    elif value < 0:
        rule, remedy = "no count is negative", "pass counts, not differences or weights"
    else:
        rule, remedy = f"a count is at most {_MOST} (32 bits)", "split the row into several"
    return InputError(
        f'Row {row} holds {shown(value)} times "{term[:40]}", but {rule}; {remedy}.',
        parameter="matrix",
        row=row,
    )


def _int64(values: Any) -> NDArray[np.int64]:
    return np.ascontiguousarray(values, dtype=np.int64)
