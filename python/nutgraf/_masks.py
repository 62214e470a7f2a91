"""Masks of a corpus: spans that no analysis sees, while texts and offsets stay what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np

from nutgraf import _inputs
from nutgraf._parameters import shown
from nutgraf.exceptions import InputError, TextTypeError
from nutgraf.results import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nutgraf._nutgraf import Texts
    from nutgraf.corpus import Corpus

__all__ = ["Masks", "documents_of"]

_REMEDY = "pass what nutgraf.repeats or nutgraf.furniture found, or columns row, start and end"


class Masks:
    """What a `Corpus` knows of its masks."""

    _texts: Texts
    _native: str | None

    def without(self, *spans: object) -> Self:
        """Mask spans, so that nothing that is computed sees them.

        Texts stay as they are: `Document.text`, every offset and every piece of evidence is that
        of the original, and nothing is copied. Tokens, counts, sentences, near duplicates and all
        that is made of them see what is left. Where text is masked stands a gap, as where a view
        removed a word: n-grams and shingles do not cross it unless ``across_gaps=True``; a
        sentence and a paragraph end before it, and a word that is cut by it is two. Masks stay with
        their documents when some are selected, and masking again adds to them.

        Parameters
        ----------
        *spans : Table, data frame or dict of columns, array of shape (n, 3)
            What to mask: tables with the columns ``start`` and ``end``, in code points, and
            ``document`` (ids, which count) or ``row``; or arrays of rows, starts and ends. Spans
            may overlap.

        Returns
        -------
        Corpus
            The same documents with these masks; its `fingerprint` is another.

        Raises
        ------
        InputError
            If a span lies outside its text or ends before it starts, a document does not exist, or
            columns are missing.

        Examples
        --------
        >>> import nutgraf as ng
        >>> corpus = ng.Corpus(["Share this. The bridge is open."])
        >>> masked = corpus.without({"row": [0], "start": [0], "end": [11]})
        >>> ng.tokenize(masked)[0], masked[0].text
        (['The', 'bridge', 'is', 'open', '.'], 'Share this. The bridge is open.')
        """
        corpus = cast("Corpus", self)
        parts = [_columns(corpus, each) for each in spans]
        rows, starts, ends = (
            np.concatenate([part[name] for part in parts] or [np.empty(0, dtype=np.int64)])
            for name in range(3)
        )
        wrong = np.flatnonzero((starts < 0) | (ends < starts) | (rows < 0))
        if wrong.size:
            row, start, end = (int(part[wrong[0]]) for part in (rows, starts, ends))
            message = (
                f"A span of row {row} is [{start}, {end}), but it must start at 0 or later and end "
                "no earlier than it starts; take spans that were found in this corpus."
            )
            raise InputError(message, parameter="spans", row=row)
        made = corpus._of_parts(
            corpus._texts.without(rows, starts, ends),
            corpus._columns,
            corpus._metadata,
            corpus._native,
        )
        return cast("Self", made)

    @property
    def masked(self) -> Table:
        """What is masked: ``document``, ``row``, ``start`` and ``end``, merged and in order."""
        corpus = cast("Corpus", self)
        rows, starts, ends = corpus._texts.masks()
        ids = corpus.ids
        columns: dict[str, Any] = {
            "document": documents_of(ids, rows),
            "row": rows,
            "start": starts,
            "end": ends,
        }
        return Table(columns, native=corpus._native, name="masked")


def documents_of(ids: list[Any], rows: NDArray[np.int64]) -> Any:
    """Return the ids of rows, in the type that ids have even where there are none."""
    found = [ids[row] for row in rows.tolist()]
    return found if found or not all(isinstance(own, int) for own in ids) else rows


def _columns(corpus: Corpus, spans: object) -> list[NDArray[np.int64]]:
    """Return rows, starts and ends."""
    if isinstance(spans, np.ndarray) and spans.dtype.kind in "iu":
        if spans.ndim == 2 and spans.shape[1] == 3:
            return [np.ascontiguousarray(spans[:, part], dtype=np.int64) for part in range(3)]
        rule = f"it must have three columns, not the shape {spans.shape}"
        raise InputError(f"spans is an array, but {rule}; {_REMEDY}.", parameter="spans")
    columns = _named(spans)
    for name in ("start", "end"):
        if name not in columns:
            has = ", ".join(map(shown, columns)) or "none"
            message = f"spans has no column {name!r} (columns: {has}); {_REMEDY}."
            raise InputError(message, parameter="spans")
    if "document" in columns:
        rows = _rows_of(corpus, columns["document"])
    elif "row" in columns:
        rows = _whole("row", columns["row"])
    else:
        message = f"spans has neither document nor row; {_REMEDY}."
        raise InputError(message, parameter="spans")
    found = [rows, _whole("start", columns["start"]), _whole("end", columns["end"])]
    if len({len(column) for column in found}) > 1:
        message = f"The columns of spans differ in length; {_REMEDY}."
        raise InputError(message, parameter="spans")
    return found


def _named(spans: object) -> dict[str, Any]:
    """Return the columns that say where spans are, whatever holds them."""
    wanted = ("document", "row", "start", "end")
    if isinstance(spans, Table):
        return {name: spans[name] for name in spans.columns}
    try:
        given = _inputs.open_data(spans)
    except TextTypeError as error:
        message = f"spans is {shown(spans)}, but it must be a table of spans; {_REMEDY}."
        raise InputError(message, parameter="spans") from error
    return {name: given.column(name) if name in wanted else None for name in given.names}


def _rows_of(corpus: Corpus, ids: Any) -> NDArray[np.int64]:
    known = {own: row for row, own in enumerate(corpus.ids)}
    listed = ids.tolist() if isinstance(ids, np.ndarray) else ids
    for place, own in enumerate(listed):
        if own not in known:
            message = (
                f"spans has document {shown(own)} in row {place}, but no document of this corpus "
                "has this id; mask a corpus before you select from it, or filter the spans."
            )
            raise InputError(message, parameter="spans", row=place)
    return np.array([known[own] for own in listed], dtype=np.int64)


def _whole(name: str, values: Any) -> NDArray[np.int64]:
    found = np.asarray(values)
    if found.size and found.dtype.kind not in "iu":
        message = f"The column {name} of spans holds {found.dtype}, not whole numbers; {_REMEDY}."
        raise InputError(message, parameter="spans")
    return found.astype(np.int64)
