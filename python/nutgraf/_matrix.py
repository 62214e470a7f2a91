"""Rows of terms: what counts and weights have in common."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _parameters
from nutgraf._extras import require
from nutgraf._once import once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nutgraf import _nutgraf
    from nutgraf.corpus import Corpus

__all__ = ["Matrix"]


class Matrix:
    """One row a document or group, one column a term, only cells that hold something.

    Attributes
    ----------
    corpus : Corpus or None
        The documents; None where rows are groups, or came without texts.
    groups : list or None
        What each row stands for once rows are groups.
    data : numpy.ndarray
        What stands in each cell. All arrays are read-only; copy what is to be changed.
    """

    corpus: Corpus | None
    groups: list[object] | None
    data: Any
    _inner: _nutgraf.Counts
    _ids: list[Any] | None

    def __len__(self) -> int:
        return len(self._inner)

    def _told(self, name: str) -> str:
        rows = "document" if self.groups is None else "group"
        numbers = (len(self), rows), (self._inner.term_count, "term")
        sides = " by ".join(f"{number:,} {noun}{'s' * (number != 1)}" for number, noun in numbers)
        cells = self._inner.cell_count
        return f"{name}: {sides}, {cells:,} cell{'s' * (cells != 1)}"

    def __contains__(self, term: object) -> bool:
        rule, remedy = "counts hold rows, not terms", "ask: term in counts.terms"
        raise _parameters.refuse("term", term, rule, remedy)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self), self._inner.term_count

    @property
    def ids(self) -> list[Any]:
        """What each row is called: its group, the id of its document, or its number."""
        if self.groups is not None:
            return list(self.groups)
        if self.corpus is not None:
            return list(self.corpus.ids)
        return list(range(len(self))) if self._ids is None else list(self._ids)

    @once
    def terms(self) -> list[str]:
        """The columns."""
        return self._inner.terms

    @once
    def _wide(self) -> bool:
        # scipy copies both index arrays when their widths differ.
        return max(self._inner.cell_count, *self.shape) > np.iinfo(np.int32).max

    @once
    def indptr(self) -> NDArray[np.int32] | NDArray[np.int64]:
        """Where each row begins and ends."""
        return self._inner.indptr(self._wide)

    @once
    def indices(self) -> NDArray[np.int32] | NDArray[np.int64]:
        """Columns, rising inside a row."""
        return self._inner.indices(self._wide)

    @once
    def totals(self) -> NDArray[np.int64]:
        """Words of each row, those of dropped terms included, whatever the length of terms."""
        return self._inner.totals

    def _sparse(self) -> Any:
        what = f"{type(self).__name__}.matrix"
        csr_array = require("scipy.sparse", what, extra="sparse").csr_array
        return csr_array((self.data, self.indices, self.indptr), shape=self.shape, copy=False)

    def column(self, term: str) -> NDArray[Any]:
        """Return what one term has in every row, zeros included.

        Parameters
        ----------
        term : str
            One of `terms`, spelled as it is there.

        Returns
        -------
        numpy.ndarray, shape (n_rows,)
            In the type of `data`.

        Raises
        ------
        ParameterError
            There is no such term.

        Examples
        --------
        >>> import nutgraf as ng
        >>> ng.tokenize(["a truce, no truce", "peace"]).counts().column("truce").tolist()
        [2, 0]
        """
        name = _parameters.text("term", term, remedy="pass one of terms")
        column = None if name is None else self._inner.column(name)
        if column is None:
            rule = "no column has it"
            remedy = "look it up in terms: case and limits such as min_df decide what is there"
            raise _parameters.refuse("term", term, rule, remedy)
        cells = np.flatnonzero(self.indices == column)
        found = np.zeros(len(self), dtype=self.data.dtype)
        found[np.searchsorted(self.indptr, cells, side="right") - 1] = self.data[cells]
        return found

    def _row(self, row: Any) -> int:
        if isinstance(row, str):
            raise _parameters.refuse("row", row, "rows have numbers", f"use column({row[:60]!r})")
        if isinstance(row, slice):
            rule, remedy = (
                "one row is asked for at a time",
                "slice matrix, or select documents first",
            )
            raise _parameters.refuse("row", row, rule, remedy)
        try:
            number = index(row)
        except TypeError as error:
            raise _parameters.refuse("row", row, "rows have numbers", "pass one from 0") from error
        if not -len(self) <= number < len(self):
            message = f"row is {number}, but there are {len(self)} rows; rows count from 0."
            raise IndexError(message)
        return number % len(self)

    def _cells(self, row: int) -> slice:
        return slice(int(self.indptr[row]), int(self.indptr[row + 1]))

    def _largest(self, row: int, n: int) -> NDArray[np.int64]:
        """The cells of a row that hold most, of equal ones the earlier term."""
        cells = self._cells(row)
        order: NDArray[np.int64] = np.argsort(-self.data[cells], kind="stable")[:n]
        return order + int(self.indptr[row])
