"""Counts: how often each term stands in each document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _html, _nutgraf
from nutgraf._extras import require
from nutgraf._once import once
from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

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
        *,
        tokens: Tokens | None = None,
        how: Mapping[str, Any] | None = None,
    ) -> None:
        self._inner = inner
        self.corpus = corpus
        self.groups = groups
        # The view that was counted, for evidence; groups keep none.
        self._tokens = tokens
        self._how = dict(how or {})

    def __len__(self) -> int:
        return len(self._inner)

    def __repr__(self) -> str:
        rows = "documents" if self.groups is None else "groups"
        return (
            f"Counts: {len(self):,} {rows} by {self._inner.term_count:,} terms, "
            f"{self._inner.cell_count:,} cells"
        )

    def _repr_html_(self) -> str:
        occurrences = np.bincount(self.indices, weights=self.data, minlength=self.shape[1])
        rows = np.bincount(self.indices, minlength=self.shape[1])
        first = np.argsort(-occurrences, kind="stable")[: _html.ROWS].tolist()
        shown = [[self.terms[term], int(occurrences[term]), int(rows[term])] for term in first]
        names = ["term", "occurrences", "documents" if self.groups is None else "groups"]
        return _html.table(names, shown, caption=repr(self), total=self.shape[1])

    def __reduce__(self) -> tuple[Any, ...]:
        wide = np.int64
        parts = {
            "terms": self.terms,
            "indptr": self.indptr.astype(wide),
            "indices": self.indices.astype(wide),
            "data": self._inner.data,
            "totals": self._inner.totals,
        }
        return _restored, (parts, self.corpus, self.groups, self._tokens, self._how)

    def __copy__(self) -> Counts:
        return Counts(self._inner, self.corpus, self.groups, tokens=self._tokens, how=self._how)

    def __deepcopy__(self, memo: object) -> Counts:
        # What is compiled does not change, so only what Python could change is copied.
        groups = None if self.groups is None else list(self.groups)
        return Counts(self._inner, self.corpus, groups, tokens=self._tokens, how=self._how)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self), self._inner.term_count

    @once
    def terms(self) -> list[str]:
        """The columns."""
        return self._inner.terms

    @once
    def _width(self) -> type[np.int32 | np.int64]:
        # scipy copies both index arrays when their widths differ.
        largest = max(self._inner.cell_count, self._inner.term_count)
        return np.int32 if largest <= np.iinfo(np.int32).max else np.int64

    @once
    def indptr(self) -> NDArray[np.int32 | np.int64]:
        """Where each row begins and ends."""
        return self._inner.indptr.astype(self._width)

    @once
    def indices(self) -> NDArray[np.int32 | np.int64]:
        """Columns, rising inside a row."""
        return self._inner.indices.astype(self._width)

    @once
    def data(self) -> NDArray[np.int64]:
        """Occurrences."""
        return self._inner.data

    @once
    def totals(self) -> NDArray[np.int64]:
        """Counted tokens of each row."""
        return self._inner.totals

    @once
    def matrix(self) -> Any:
        """The counts as `scipy.sparse.csr_array`, sharing memory with the arrays here."""
        csr_array = require("scipy.sparse", "Counts.matrix", extra="sparse").csr_array
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
        rows = np.array([order.setdefault(label, len(order)) for label in labels], dtype=np.int64)
        inner = self._inner.grouped(rows, len(order))
        return Counts(inner, None, list(order), how=self._how)


def _restored(
    parts: Mapping[str, Any],
    corpus: Corpus | None,
    groups: list[object] | None,
    tokens: Tokens | None,
    how: Mapping[str, Any],
) -> Counts:
    """Counts from a pickle: every part is checked, as if it came from a stranger."""
    inner = _nutgraf.counts_from_parts(
        list(parts["terms"]),
        **{name: stored(parts, name) for name in ("indptr", "indices", "data", "totals")},
    )
    rows = corpus if groups is None else groups
    if rows is None or len(rows) != len(inner):
        raise InputError(
            f"The stored counts are damaged: they have {len(inner)} rows for "
            f"{'no' if rows is None else len(rows)} documents; compute them again."
        )
    return Counts(inner, corpus, groups, tokens=tokens, how=how)


def stored(parts: Mapping[str, Any], name: str) -> NDArray[np.int64]:
    """Return one array out of a pickle."""
    values = np.asarray(parts[name])
    if values.ndim != 1 or values.dtype != np.int64:
        raise InputError(
            f"The stored {name} are damaged: they must be one row of int64; compute them again."
        )
    return values
