"""Who copied whom: near duplicates, verified, with clusters from verified pairs only."""

from __future__ import annotations

import copy
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _nutgraf, _parameters
from nutgraf._evidence import beside
from nutgraf._once import once
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf.counts import stored
from nutgraf.exceptions import LimitError, NutgrafWarning
from nutgraf.results import Table
from nutgraf.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress
    from nutgraf.corpus import Corpus

__all__ = ["NearDuplicates", "near_duplicates"]

#: Pairs taken from the core at once by `NearDuplicates.iter_pairs`.
_BATCH = 100_000


def near_duplicates(
    documents: object,
    *,
    threshold: float = 0.5,
    shingle: int = 5,
    unit: Literal["word", "char"] = "word",
    linkage: Literal["single"] = "single",
    method: Literal["exact", "minhash"] = "exact",
    recall: float | None = None,
    slots: int | None = None,
    across_gaps: bool = True,
    max_pairs: int | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> NearDuplicates:
    """Find every pair of documents that share most of their text, without exception.

    Two documents are near duplicates when the Jaccard similarity of their sets of shingles (runs
    of `shingle` words) reaches `threshold`. The search is exact unless you ask for another
    `method`: a prefix-filter join over rare shingles proposes candidate pairs, and every reported
    pair is verified on its words.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        A `Tokens` view decides what a word is; otherwise words are in lower case, with
        punctuation folded.
    threshold : float
        Smallest similarity of a pair, in (0, 1].
    shingle : int
        Words (or characters) in a shingle.
    unit : {"word", "char"}
        What a shingle is made of.
    linkage : {"single"}
        Documents belong to one cluster when a chain of pairs connects them.
    method : {"exact", "minhash"}
        With ``"exact"`` every pair is found. With ``"minhash"`` signatures propose the candidate
        pairs: a pair may be missed, with the probability that `recall` leaves; it pays where the
        exact search is slow, at low thresholds and with shingles of one or two words. Every pair
        is verified all the same.
    recall : float, optional
        With ``method="minhash"``: the smallest probability with which a pair at `threshold` is
        found, in (0, 1); 0.99 by default. Pairs above the threshold are found more often.
    slots : int, optional
        With ``method="minhash"``: the most numbers of a signature, from 1 to 4,096; 288 by
        default. More of them leave fewer false candidates to verify.
    across_gaps : bool
        Whether shingles reach across tokens that the view removed. True by default, unlike in
        `Tokens.counts`: punctuation is the first thing that changes in a copy.
    max_pairs : int, optional
        `NearDuplicates.pairs` refuses to expand more pairs than this; the limit ``pairs`` by
        default, which is 5,000,000 unless `set_limits` changed it.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    NearDuplicates
        ``pairs``, ``clusters`` and ``labels``. Documents too short for one shingle are never
        duplicates of anything, and never dropped.

    Raises
    ------
    ParameterError
        If `threshold`, `shingle`, `recall` or `slots` is outside its range, `slots` are too few for
        `recall`, or `recall` or `slots` is passed with ``method="exact"``.

    Notes
    -----
    Jaccard similarity of the shingle sets A and B is ``|A ∩ B| / |A ∪ B|``; containment is
    ``|A ∩ B| / |A|``. The join follows Xiao et al., *Efficient similarity joins for near-duplicate
    detection* (2011).

    With ``method="minhash"`` signatures (see `signatures`) are cut into ``bands`` of ``rows``
    numbers, and a pair is a candidate when a band agrees: with probability
    ``1 - (1 - J**rows)**bands`` at similarity J. The most rows are taken for which enough bands fit
    into `slots` to reach `recall`. ``settings`` holds ``bands``, ``rows``, what can be expected at
    the threshold (``recall_at_threshold``) and at other similarities (``recall_at``). Where
    thousands of documents would all be candidates of each other, ``whole`` is False: each of them
    is held against a few leaders only, so that the time stays linear, and `pairs` holds those
    that link clusters.

    Examples
    --------
    >>> import nutgraf as ng
    >>> story = "Both sides agreed on Tuesday to halt the shelling of the river port."
    >>> found = ng.near_duplicates(["An unrelated text.", story, "Update: " + story])
    >>> found.pairs.to_dicts()[0]["similarity"]
    0.9
    >>> found.labels.tolist()
    [0, 1, 1]
    """
    _parameters.choice("unit", unit, ("word", "char"))
    _parameters.choice("linkage", linkage, ("single",))
    _parameters.choice("method", method, ("exact", "minhash"))
    sketch = _sketch(method, recall, slots)
    threads = _parameters.threads(threads)
    threshold = _parameters.threshold(threshold)
    shingle = _parameters.limited("shingle", shingle, remedy="pass 5 for words, 12 for char")
    across_gaps = _parameters.flag("across_gaps", across_gaps)
    if max_pairs is None:
        max_pairs = _parameters.most("pairs")
    max_pairs = _parameters.whole(
        "max_pairs", max_pairs, low=0, remedy="pass 5_000_000, or use iter_pairs()"
    )
    with Watched(progress, "looking for near duplicates") as report:
        steps = Steps(report, 1 if isinstance(documents, Tokens) else 2)
        tokens = _words(documents, threads, steps)
        inner, covered = _found(
            tokens,
            sketch,
            threshold=threshold,
            shingle=shingle,
            characters=unit == "char",
            across_gaps=across_gaps,
            threads=threads,
            progress=steps.step() or None,
        )
    settings: dict[str, object] = {
        "threshold": threshold,
        "shingle": shingle,
        "unit": unit,
        "linkage": linkage,
        "method": method,
        "across_gaps": across_gaps,
        "max_pairs": max_pairs,
        "candidates": inner.candidates,
        **sketch,
        **covered,
    }
    return NearDuplicates(inner, tokens, made(settings, corpus=tokens.corpus, tokens=tokens))


class NearDuplicates:
    """What `near_duplicates` found.

    Attributes
    ----------
    labels : numpy.ndarray of int64, shape (n_documents,)
        Cluster of each document, named by the smallest row in it.
    pairs : Table
        One row a pair, ``left_row < right_row``, sorted.
    clusters : Table
        One row for each document that has a duplicate.
    """

    def __init__(
        self,
        inner: _nutgraf.NearDuplicates,
        tokens: Tokens,
        settings: dict[str, Any],
    ) -> None:
        self._inner = inner
        self._tokens = tokens
        self.corpus: Corpus = tokens.corpus
        self._settings = settings

    @property
    def settings(self) -> dict[str, Any]:
        """The parameters, versions and input behind the pairs, as a copy."""
        return copy.deepcopy(self._settings)

    def __len__(self) -> int:
        return self._inner.pair_count

    def __repr__(self) -> str:
        copied = len(self.clusters)
        groups = len(set(self.clusters["cluster"].tolist())) if copied else 0
        return (
            f"NearDuplicates: {len(self):,} pairs; {copied:,} of {len(self.corpus):,} documents "
            f"in {groups:,} clusters (similarity ≥ {self.settings['threshold']})"
        )

    def _repr_html_(self) -> str:
        return self.clusters._repr_html_()

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._inner.parts(), self._tokens, self._settings)

    def __copy__(self) -> NearDuplicates:
        return NearDuplicates(self._inner, self._tokens, self.settings)

    def __deepcopy__(self, memo: object) -> NearDuplicates:
        # What is compiled does not change, so only what Python could change is copied.
        return self.__copy__()

    @once
    def labels(self) -> NDArray[np.int64]:
        """Cluster of each document."""
        return self._inner.labels

    @once
    def pairs(self) -> Table:
        """Every pair, with its similarity and containments.

        Raises
        ------
        LimitError
            If there are more than ``max_pairs``; `iter_pairs` gives them in batches.
        """
        most = int(self._settings["max_pairs"])
        if len(self) > most:
            message = (
                f"There are {len(self):,} pairs, more than max_pairs={most:,}; use iter_pairs() to "
                "take them in batches, or clusters and labels, which need no pairs."
            )
            raise LimitError(message, parameter="max_pairs")
        return self._table(0, len(self))

    def iter_pairs(self, batch: int = _BATCH) -> Iterator[Table]:
        """Every pair, in tables of at most `batch` rows, in the order of `pairs`."""
        size = _parameters.whole("batch", batch, low=1, remedy="pass 100_000")
        for start in range(0, len(self), size):
            yield self._table(start, size)

    def _table(self, start: int, count: int) -> Table:
        columns: dict[str, Any] = self._inner.pairs(start, count)
        ids = self.corpus.ids
        left, right = columns["left_row"], columns["right_row"]
        sources = self.corpus.column("source")
        relation = [_relation(sources, i, j) for i, j in zip(left, right, strict=True)]
        whole: dict[str, Any] = {
            "left": [ids[i] for i in left],
            "right": [ids[j] for j in right],
            **columns,
            "relation": relation,
        }
        return Table(
            whole,
            settings=self._settings,
            evidence=partial(beside, self._tokens, left, right),
            native=self.corpus._native,
            name="pairs",
        )

    @once
    def clusters(self) -> Table:
        """Documents that have a duplicate: cluster, size, representative and similarity to it.

        The representative is the earliest dated document of a cluster, else the longest.
        """
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
            moment = "" if date is None else date if "T" in date else f"{date}T24"
            rank = (date is None, moment, -len(self.corpus[row].text), row)
            label = int(labels[row])
            if label not in best or rank < best[label][0]:
                best[label] = (rank, row)
        return {label: row for label, (_, row) in best.items()}

    def shared(
        self, left_row: int, right_row: int, min_words: int = 5
    ) -> list[tuple[int, int, int, int]]:
        """Where two documents share runs of words.

        Parameters
        ----------
        left_row, right_row : int
            Rows of the corpus.
        min_words : int
            Shortest run.

        Returns
        -------
        list of tuple
            ``(left_start, left_end, right_start, right_end)`` in code points, in the order of the
            left document; runs do not overlap on either side.
        """
        left, right = (
            _parameters.whole(
                name, row, low=0, high=len(self.corpus) - 1, remedy="pass a row, as in `pairs`"
            )
            for name, row in (("left_row", left_row), ("right_row", right_row))
        )
        words = _parameters.whole(
            "min_words", min_words, low=1, high=2**32 - 1, remedy="pass 5 to start"
        )
        return _nutgraf.shared_runs(self._tokens._inner, left, right, words)


def _restored(parts: Mapping[str, Any], tokens: Tokens, settings: dict[str, Any]) -> NearDuplicates:
    """Near duplicates from a pickle: every part is checked, as if it came from a stranger."""
    inner = _nutgraf.near_duplicates_from_parts(
        tokens._inner,
        threshold=settings["threshold"],
        shingle=settings["shingle"],
        characters=settings["unit"] == "char",
        across_gaps=bool(settings["across_gaps"]),
        **{name: stored(parts, name) for name in ("groups", "sizes", "left", "right", "shared")},
        candidates=parts["candidates"],
    )
    return NearDuplicates(inner, tokens, settings)


def _sketch(method: str, recall: object, slots: object) -> dict[str, Any]:
    """Return what signatures are asked for; nothing for an exact search."""
    if method == "exact":
        for name, value in (("recall", recall), ("slots", slots)):
            if value is not None:
                rule = (
                    'it belongs to method="minhash", and method is "exact", which finds every pair'
                )
                raise _parameters.refuse(name, value, rule, "leave it out")
        return {}
    return {
        "recall": _parameters.share("recall", 0.99 if recall is None else recall),
        "slots": _parameters.slots(288 if slots is None else slots),
    }


def _found(
    tokens: Tokens, sketch: Mapping[str, Any], **how: Any
) -> tuple[_nutgraf.NearDuplicates, dict[str, Any]]:
    """Search, and tell what the search covered."""
    if not sketch:
        return _nutgraf.near_duplicates(tokens._inner, **how), {}
    inner, covered = _nutgraf.near_duplicates_sketched(tokens._inner, **sketch, **how)
    if not covered["whole"]:
        warnings.warn(
            "Too many documents are candidates of each other to verify every pair, so clusters "
            "are linked through a few leaders, and pairs holds those links alone; raise threshold "
            "or shingle for fewer candidates.",
            NutgrafWarning,
            stacklevel=3,
        )
    return inner, covered


def _words(
    documents: object, threads: int | None, steps: Steps, job: str = "near_duplicates"
) -> Tokens:
    """The tokens to compare: a view as it is, anything else in lower case and folded."""
    if isinstance(documents, Tokens):
        documents._refuse_categories(job)
        if documents._surface is None and documents._how["pattern"] is None:
            return documents.view(lower=True, fold_punctuation=True)
        return documents
    tokens = tokenize(documents, threads=threads, progress=steps.step())
    return tokens.view(lower=True, fold_punctuation=True)


def _relation(sources: list[object], left: int, right: int) -> str | None:
    """``version`` inside one source, ``shared`` across sources, None where a source is missing."""
    if sources[left] is None or sources[right] is None:
        return None
    return "version" if sources[left] == sources[right] else "shared"
