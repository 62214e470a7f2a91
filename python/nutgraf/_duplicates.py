"""What `near_duplicates` found: pairs, clusters, labels and the text that two documents share."""

from __future__ import annotations

import copy
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _dates, _html, _nutgraf, _parameters, _scope
from nutgraf._evidence import beside
from nutgraf._keywords import answered
from nutgraf._once import once
from nutgraf.counts import stored
from nutgraf.exceptions import LimitError, ParameterError
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

__all__ = ["NearDuplicates"]

#: Pairs taken from the core at once by `NearDuplicates.iter_pairs`.
_BATCH = 100_000
#: Any number of pairs.
_MOST = sys.maxsize


class NearDuplicates:
    """What `near_duplicates` found.

    Attributes
    ----------
    corpus : Corpus
        The documents.
    against : Corpus or None
        The documents that they were held against, if there are such.
    labels : numpy.ndarray of int64, shape (n_documents,)
        Cluster of each document, named by the smallest row in it.
    pairs : Table
        One row a pair, sorted by rows; ``left_row < right_row`` inside one corpus.
    clusters : Table
        One row for each document that has a duplicate.
    """

    def __init__(
        self,
        inner: _nutgraf.NearDuplicates,
        tokens: Tokens,
        settings: dict[str, Any],
        corpora: list[Corpus],
        scope: Mapping[str, Any],
    ) -> None:
        self._inner = inner
        # Of both corpora, one after the other.
        self._tokens = tokens
        self._corpora = corpora
        self.corpus: Corpus = corpora[0]
        self.against: Corpus | None = corpora[1] if len(corpora) > 1 else None
        self._settings = settings
        self._scope = scope

    @property
    def settings(self) -> dict[str, Any]:
        """The parameters, versions and input behind the pairs, as a copy."""
        return copy.deepcopy(self._settings)

    def __len__(self) -> int:
        return self._complete(_MOST)

    def _complete(self, most: int) -> int:
        """Find all pairs, unless they are known; return how many there are."""
        if self._inner.pair_count is None:
            self._inner.complete(most)
        return self._inner.pair_count or 0

    def __repr__(self) -> str:
        known = self._inner.pair_count
        pairs = "pairs on request" if known is None else f"{known:,} pairs"
        measure = "shared letters of the shorter" if self.settings["noisy"] else "similarity"
        similarity = f"({measure} ≥ {self.settings['threshold']})"
        if self.against is not None:
            return (
                f"NearDuplicates: {pairs} of {len(self.corpus):,} documents and "
                f"{len(self.against):,} others {similarity}"
            )
        copied = len(self.clusters)
        groups = len(set(self.clusters["cluster"].tolist())) if copied else 0
        return (
            f"NearDuplicates: {pairs}; {copied:,} of {len(self.corpus):,} documents "
            f"in {groups:,} clusters {similarity}"
        )

    def _repr_html_(self) -> str:
        if self.against is None:
            return self.clusters._repr_html_()
        known = self._inner.pair_count
        if known is None or known > int(self._settings["max_pairs"]):
            return f"<div>{_html.escape(repr(self))}</div>"
        return self.pairs._repr_html_()

    def __reduce__(self) -> tuple[Any, ...]:
        # Two corpora are pickled as they are, and their words found again.
        words: object = self._tokens
        if self.against is not None:
            surface = self._tokens._surface is None
            words = (self._tokens._how, None if surface else self._tokens._view)
        parts = self._inner.parts()
        return _restored, (parts, words, self._settings, self._corpora, self._scope)

    def __copy__(self) -> NearDuplicates:
        return NearDuplicates(self._inner, self._tokens, self.settings, self._corpora, self._scope)

    def __deepcopy__(self, memo: object) -> NearDuplicates:
        # What is compiled does not change, so only what Python could change is copied.
        return self.__copy__()

    def _refuse_two(self, what: str) -> None:
        if self.against is not None:
            message = (
                f"{what} are those of one corpus, but these pairs are of two; use pairs, or put "
                "both into one corpus."
            )
            raise ParameterError(message, parameter="against")

    @once
    def labels(self) -> NDArray[np.int64]:
        """Cluster of each document.

        Raises
        ------
        ParameterError
            If the pairs are of two corpora.
        """
        self._refuse_two("labels")
        return self._inner.labels

    @once
    def pairs(self) -> Table:
        """Every pair, with its similarity and containments.

        ``kind`` is the first that fits: *identical* (the same words in the same order), *copy*
        (similarity ≥ 0.9), *light edits* (≥ 0.7), *heavy edits* (≥ 0.5), *contained* or *partial*;
        a pair below the threshold is *contained*. ``part`` then says which document is a part of
        the other, ``"left"`` or ``"right"``: the one with fewer shingles, or the left one of two
        with as many. With ``noisy=True`` shares are those of letters, and `kind` goes by the shared
        letters over all letters of both.

        Raises
        ------
        LimitError
            If there are more than ``max_pairs``; `iter_pairs` gives them in batches.
        """
        most = int(self._settings["max_pairs"])
        count = self._complete(most)
        if count > most:
            message = (
                f"There are {count:,} pairs, more than max_pairs={most:,}; use iter_pairs() to "
                "take them in batches, or clusters and labels, which need no pairs."
            )
            raise LimitError(message, parameter="max_pairs")
        return self._table(None, count)

    def iter_pairs(self, batch: int = _BATCH) -> Iterator[Table]:
        """Every pair, in tables of at most `batch` rows, in the order of `pairs`."""
        size = _parameters.whole("batch", batch, low=1, remedy="pass 100_000")
        return self._batches(size)

    def _batches(self, size: int) -> Iterator[Table]:
        done, last, count = 0, None, len(self)
        while done < count:
            table = self._table(last, size)
            done += len(table)
            last = int(table["left_row"][-1]), int(table["right_row"][-1]) + self._begin
            yield table

    @property
    def _begin(self) -> int:
        """The row of the first document on the right, among the documents of both corpora."""
        return 0 if self.against is None else len(self.corpus)

    def _table(self, after: tuple[int, int] | None, most: int) -> Table:
        columns: dict[str, Any] = self._inner.pairs(after, most)
        left, right = columns["left_row"], columns["right_row"]
        evidence = partial(beside, self._tokens, left, right)
        columns["right_row"] = right - self._begin
        here, there = self._corpora[0], self._corpora[-1]
        ids = here.ids, there.ids
        rows = left.tolist(), columns["right_row"].tolist()
        whole: dict[str, Any] = {
            "left": [ids[0][row] for row in rows[0]],
            "right": [ids[1][row] for row in rows[1]],
            **columns,
            "relation": _scope.relations(here, there, *rows),
        }
        return Table(
            whole,
            settings=self._settings,
            evidence=evidence,
            native=self.corpus._native,
            name="pairs",
        )

    @once
    def clusters(self) -> Table:
        """Documents that have a duplicate: cluster, size, representative and similarity to it.

        The representative is the earliest dated document of a cluster, else the longest.

        Raises
        ------
        ParameterError
            If the pairs are of two corpora.
        """
        self._refuse_two("clusters")
        labels = self.labels
        sizes = np.bincount(labels, minlength=len(labels)) if len(labels) else labels
        rows = np.flatnonzero(sizes[labels] > 1) if len(labels) else labels
        rows = rows[np.lexsort((rows, labels[rows]))]
        representative = self._representatives(labels, rows)
        chosen = np.array(
            [representative[label] for label in labels[rows].tolist()], dtype=np.int64
        )
        similarity = self._inner.similarity(rows, chosen)
        ids = self.corpus.ids
        columns: dict[str, Any] = {
            "id": [ids[row] for row in rows],
            "cluster": labels[rows],
            "size": sizes[labels[rows]].astype(np.int64),
            "representative": [ids[row] for row in chosen],
            "similarity_to_representative": similarity,
            "row": rows.astype(np.int64),
        }
        return Table(
            columns,
            settings=self._settings,
            evidence=partial(beside, self._tokens, chosen, rows),
            native=self.corpus._native,
            name="clusters",
        )

    def _representatives(
        self, labels: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> dict[int, int]:
        dates = self.corpus.dates
        best: dict[int, tuple[tuple[object, ...], int]] = {}
        for row in rows.tolist():
            date = dates[row]
            # Dated before undated, then early before late, then long before short.
            # A bare day counts to its end: when on that day is not known.
            moment = 0 if date is None else _dates.stretch(date)[1]
            text = self.corpus._texts.text(row)
            rank = (date is None, moment, -len(text), text, row)
            label = int(labels[row])
            if label not in best or rank < best[label][0]:
                best[label] = (rank, row)
        return {label: row for label, (_, row) in best.items()}

    @answered("NearDuplicates.shared")
    def shared(
        self, left_row: int, right_row: int, min_words: int = 5
    ) -> list[tuple[int, int, int, int]]:
        """Where two documents share runs of words.

        Parameters
        ----------
        left_row, right_row : int
            Rows, as in `pairs`.
        min_words : int
            Shortest run.

        Returns
        -------
        list of tuple
            ``(left_start, left_end, right_start, right_end)`` in code points, in the order of the
            left document; runs do not overlap on either side.
        """
        remedy = "pass a row, as in `pairs`"
        left, right = (
            _parameters.whole(name, row, low=0, high=len(corpus) - 1, remedy=remedy)
            for name, row, corpus in (
                ("left_row", left_row, self._corpora[0]),
                ("right_row", right_row, self._corpora[-1]),
            )
        )
        words = _parameters.whole(
            "min_words", min_words, low=1, high=2**32 - 1, remedy="pass 5 to start"
        )
        return _nutgraf.shared_runs(self._tokens._inner, left, right + self._begin, words)


def _restored(
    parts: Mapping[str, Any],
    words: Any,
    settings: dict[str, Any],
    corpora: list[Corpus],
    scope: Mapping[str, Any],
) -> NearDuplicates:
    """Near duplicates from a pickle: every part is checked, as if it came from a stranger."""
    tokens = words
    if len(corpora) > 1:
        how, view = words
        tokens = _scope.joined(corpora[0], corpora[1], how, view, None, False)
    arrays = {name: stored(parts, name) for name in ("groups", "sizes", "left", "right", "shared")}
    inner = _nutgraf.near_duplicates_from_parts(
        tokens._inner, settings, dict(scope), {**parts, **arrays}
    )
    return NearDuplicates(inner, tokens, settings, corpora, scope)
