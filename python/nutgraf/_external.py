"""Matrices and frequency lists of others on their way into counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nutgraf import _inputs
from nutgraf._labels import ids_of
from nutgraf._parameters import refuse, shown
from nutgraf.exceptions import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rows", "names", "rows_of", "rows_of_list", "tokens"]

_REMEDY = "pass a scipy sparse matrix, a numpy array of two dimensions, or a {term: count} mapping"


class Rows(NamedTuple):
    """Compressed rows as int64, in any order."""

    shape: tuple[int, int]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.int64]


def rows_of(matrix: Any, terms: list[str]) -> Rows:
    """Return the rows of a scipy sparse matrix or of a dense array."""
    if hasattr(matrix, "tocsr"):
        if len(matrix.shape) != 2:
            raise refuse("matrix", matrix.shape, "it must have two dimensions", _REMEDY)
        given = matrix if matrix.format in {"csr", "coo"} else matrix.tocsr()
        values = _whole(given.data, given.tocoo(), terms)
        # In 64 bits before cells that stand twice are added up.
        sparse = type(given)(given, dtype=object) if False else given.copy()
        sparse.data = values
        sparse = sparse.tocsr()
        parts = (sparse.indptr, sparse.indices, sparse.data)
        return Rows(matrix.shape, *(np.ascontiguousarray(part, dtype=np.int64) for part in parts))
    dense = np.asarray(matrix)
    if dense.ndim != 2 or dense.dtype.kind not in "iufb":
        what = f"{type(matrix).__name__} of {dense.dtype} in {dense.ndim} dimensions"
        raise InputError(
            f"matrix is a {what}, but it holds whole numbers in two; {_REMEDY}.",
            parameter="matrix",
        )
    return _dense(dense, terms)
