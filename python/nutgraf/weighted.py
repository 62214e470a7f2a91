"""Weighted counts: tf-idf, BM25 and relative frequencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _html, _parameters
from nutgraf._keywords import answered
from nutgraf._matrix import Matrix
from nutgraf._once import frozen
from nutgraf._settings import counted, made
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from nutgraf.counts import Counts

__all__ = ["Weighted"]

#: Terms of a row that a notebook shows.
_TERMS_SHOWN = 8


class Weighted(Matrix):
    """Counts with a weight in place of each count.

    Made by `Counts.tfidf`, `Counts.bm25` and `Counts.relative`. Rows, columns and cells are those
    of the counts. `keyness` takes counts only, and weights cannot be grouped: their sums mean
    nothing, so group the counts first.

    Attributes
    ----------
    data : numpy.ndarray of float64
        The weight of each cell. All arrays are read-only; copy what is to be changed.
    counts : Counts
        What was weighted.
    terms, indptr, indices, totals, frequency, document_frequency, corpus, groups, ids
        As in `counts`.
    """

    def __init__(
        self, counts: Counts, data: NDArray[np.float64], parameters: Mapping[str, Any]
    ) -> None:
        self.counts = counts
        self.data = frozen(data)
        self.corpus = counts.corpus
        self.groups = counts.groups
        self._inner = counts._inner
        self._ids = counts._ids
        self._parameters = dict(parameters)

    def __repr__(self) -> str:
        return self._told(f"Weighted ({self._parameters['weights']})")

    def _repr_html_(self) -> str:
        ids, shown = self.ids, []
        for row in range(min(len(self), _html.ROWS)):
            cells = self._largest(row, _TERMS_SHOWN)
            pairs = zip(self.indices[cells].tolist(), self.data[cells].tolist(), strict=True)
            shown.append([ids[row], " · ".join(f"{self.terms[k]} {w:.4g}" for k, w in pairs)])
        names = ["id" if self.groups is None else "group", "heaviest terms"]
        return _html.table(names, shown, caption=repr(self), total=len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.counts, self.data, self._parameters)

    def __copy__(self) -> Weighted:
        return Weighted(self.counts, self.data, self._parameters)

    def __deepcopy__(self, memo: object) -> Weighted:
        return Weighted(self.counts.__deepcopy__(memo), self.data.copy(), self._parameters)

    def __getitem__(self, row: int) -> dict[str, float]:
        cells = self._cells(self._row(row))
        names = [self.terms[column] for column in self.indices[cells].tolist()]
        return dict(zip(names, self.data[cells].tolist(), strict=True))

    @property
    def matrix(self) -> Any:
        """A `scipy.sparse.csr_array`: a copy each time, which can be changed.

        scikit-learn's k-means takes no arrays that are read-only, as those here are.
        """
        return self._sparse().copy()

    @property
    def frequency(self) -> NDArray[np.int64]:
        """Occurrences of each term in all rows, before they were weighted."""
        return self.counts.frequency

    @property
    def document_frequency(self) -> NDArray[np.int64]:
        """Rows that each term stands in."""
        return self.counts.document_frequency

    @property
    def settings(self) -> dict[str, Any]:
        """What led to these weights: the parameters, how terms were counted, the versions."""
        counts = self.counts
        return made(
            self._parameters, corpus=counts.corpus, tokens=counts._tokens, counts=counted(counts)
        )

    def group(self, by: object) -> Counts:
        """Refuse: sums of weights mean nothing; group the counts, then weigh them."""
        name = self._parameters["weights"]
        message = (
            f"by is {_parameters.shown(by)}, but sums of weights mean nothing; group the counts "
            f"first: counts.group(by).{name}()."
        )
        raise ParameterError(message, parameter="by")

    @answered("Weighted.top")
    def top(self, n: int = 10, *, by: object = None) -> Table:
        """List the heaviest terms of each row.

        Parameters
        ----------
        n : int
            Terms of a row.
        by : None
            Refused: weights have no sums. Weigh the counts of groups: ``counts.group(by).tfidf()``.

        Returns
        -------
        Table
            ``id`` (``group`` where rows are groups), ``term, weight``, in the order of the rows,
            the heaviest first; of equal ones the term that occurred first.

        Examples
        --------
        >>> import nutgraf as ng
        >>> counts = ng.tokenize(["a truce", "a port", "a long, long war"]).counts()
        >>> counts.tfidf().top(1)["term"]
        ['truce', 'port', 'long']
        """
        n = _parameters.whole("n", n, low=1, remedy="pass 10 to start")
        if by is not None:
            self.group(by)
        chosen = [self._largest(row, n) for row in range(len(self))]
        cells = np.concatenate([*chosen, np.zeros(0, dtype=np.int64)])
        ids = self.ids
        rows = [ids[row] for row, found in enumerate(chosen) for _ in found.tolist()]
        return Table(
            {
                "id" if self.groups is None else "group": rows,
                "term": [self.terms[column] for column in self.indices[cells].tolist()],
                "weight": self.data[cells],
            },
            settings={**self.settings, "n": n},
            native=None if self.corpus is None else self.corpus._native,
            name="heaviest terms",
        )


def _restored(counts: Counts, data: NDArray[np.float64], parameters: Mapping[str, Any]) -> Weighted:
    """Weights from a pickle."""
    values = np.asarray(data)
    if values.dtype != np.float64 or values.shape != (counts._inner.cell_count,):
        raise InputError(
            "The stored weights are damaged: they must be one float64 for each cell of the "
            "counts; compute them again."
        )
    return Weighted(counts, values, parameters)
