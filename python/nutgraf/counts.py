"""Counts: how often each term stands in each document."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nutgraf import _nutgraf
    from nutgraf.corpus import Corpus

__all__ = ["Counts"]


class Counts:
    """How often each term stands in each document; made by `Tokens.counts`.

    Attributes
    ----------
    terms : list of str
        The columns.
    indptr, indices : numpy.ndarray of int32 (int64 beyond 2³¹ − 1)
        Compressed rows, as scipy has them.
    data : numpy.ndarray of int64
        Occurrences.
    totals : numpy.ndarray of int64, shape (n_documents,)
        Counted tokens of each document, those of dropped terms included.
    corpus : Corpus or None
        The documents; None once rows are groups.
    groups : list or None
        What each row stands for once rows are groups.
    """

    def __init__(
        self,
        inner: _nutgraf.Counts,
        corpus: Corpus | None,
        groups: list[object] | None = None,
    ) -> None:
        self._inner = inner
        self.corpus = corpus
        self.groups = groups

    def __len__(self) -> int:
        return len(self._inner)

    def __repr__(self) -> str:
        rows = "documents" if self.groups is None else "groups"
        return (
            f"Counts: {len(self):,} {rows} by {len(self.terms):,} terms, {len(self.data):,} cells"
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self), len(self.terms)

    @cached_property
    def terms(self) -> list[str]:
        """The columns."""
        return self._inner.terms

    @cached_property
    def _width(self) -> type[np.int32 | np.int64]:
        # scipy copies both index arrays when their widths differ.
        largest = max(len(self.data), len(self.terms))
        return np.int32 if largest <= np.iinfo(np.int32).max else np.int64

    @cached_property
    def indptr(self) -> NDArray[np.int32 | np.int64]:
        """Where each row begins and ends."""
        return self._inner.indptr.astype(self._width)

    @cached_property
    def indices(self) -> NDArray[np.int32 | np.int64]:
        """Columns, rising inside a row."""
        return self._inner.indices.astype(self._width)

    @cached_property
    def data(self) -> NDArray[np.int64]:
        """Occurrences."""
        return self._inner.data

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """Counted tokens of each row."""
        return self._inner.totals

    @cached_property
    def matrix(self) -> Any:
        """The counts as `scipy.sparse.csr_array`, sharing memory with the arrays here."""
        try:
            from scipy.sparse import csr_array
        except ImportError as error:
            message = "Counts.matrix needs scipy; install it with: pip install 'nutgraf[sparse]'"
            raise ImportError(message) from error
        return csr_array((self.data, self.indices, self.indptr), shape=self.shape, copy=False)

    def group(self, by: str | Sequence[object]) -> Counts:
        """Add up the documents of each group.

        Parameters
        ----------
        by : str or sequence
            A column of the corpus (``"source"``), or one label a document.

        Returns
        -------
        Counts
            One row a group, in the order of first occurrence (`groups`).
        """
        if self.corpus is None:
            message = (
                "counts are grouped already, but only document rows can be grouped; "
                "group the counts of Tokens.counts()."
            )
            raise ParameterError(message, parameter="by")
        labels = self.corpus.column(by) if isinstance(by, str) else list(by)
        if len(labels) != len(self):
            message = (
                f"by has {len(labels)} labels, but there are {len(self)} documents; "
                "pass one label a document."
            )
            raise InputError(message, parameter="by")
        order: dict[object, int] = {}
        rows = [order.setdefault(label, len(order)) for label in labels]
        return Counts(self._inner.grouped(rows, len(order)), None, list(order))
