"""How much of a text is shared: words inside passages, by document, pair and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nutgraf import _dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nutgraf.tokens import Tokens

    Rows = NDArray[np.int64]

__all__ = ["Spans", "covered", "earlier", "inside", "most", "of_pairs", "turned", "words_in"]

#: Bits of an offset inside a document.
_WIDE = np.int64(32)


class Spans(NamedTuple):
    """Stretches of documents in code points, one in each place of three arrays."""

    rows: Rows
    starts: Rows
    ends: Rows

    def where(self, mask: NDArray[np.bool_]) -> Spans:
        """Return some of them."""
        return Spans(self.rows[mask], self.starts[mask], self.ends[mask])


def turned(left: Spans, right: Spans) -> tuple[Spans, Rows]:
    """Return both sides of passages under each other, and the row of the other side of each."""
    both = Spans(*(np.concatenate(parts) for parts in zip(left, right, strict=True)))
    return both, np.concatenate([right.rows, left.rows])


def covered(spans: Spans) -> Spans:
    """Return what spans cover together: sorted, not touching each other."""
    keys = (spans.rows << _WIDE) + spans.starts
    order = np.argsort(keys, kind="stable")
    starts, ends = keys[order], ((spans.rows << _WIDE) + spans.ends)[order]
    if not len(starts):
        return spans
    reach = np.maximum.accumulate(ends)
    first = np.concatenate([[True], starts[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    rows = starts[first] >> _WIDE
    return Spans(rows, starts[first] - (rows << _WIDE), reach[last] - (rows << _WIDE))


def words_in(tokens: Tokens, spans: Spans) -> Rows:
    """Return how many words of a view begin in each span."""
    documents = np.repeat(np.arange(len(tokens), dtype=np.int64), np.diff(tokens.indptr))
    keys = (documents << _WIDE) + tokens.starts.astype(np.int64)
    low, high = (
        np.searchsorted(keys, (spans.rows << _WIDE) + edge) for edge in (spans.starts, spans.ends)
    )
    return np.asarray(high - low, dtype=np.int64)


def of_pairs(tokens: Tokens, spans: Spans, others: Rows) -> tuple[Rows, Rows, Rows]:
    """Return document, other document and the words inside the spans of both, each word once."""
    rows = np.stack([spans.rows, others], axis=1)
    pairs, number = np.unique(rows, axis=0, return_inverse=True)
    # A pair stands in the place of a document: what overlaps counts once.
    merged = covered(spans._replace(rows=number.reshape(-1)))
    words = words_in(tokens, merged._replace(rows=pairs[merged.rows, 0]))
    return pairs[:, 0], pairs[:, 1], np.bincount(merged.rows, words, len(pairs)).astype(np.int64)


def inside(spans: Spans, others: Rows, known: Spans, known_others: Rows) -> NDArray[np.bool_]:
    """Say which spans touch a known one of the same two documents."""
    width = np.int64(1) << _WIDE
    _, number = np.unique(
        np.concatenate([spans.rows * width + others, known.rows * width + known_others]),
        return_inverse=True,
    )
    number = number.reshape(-1)
    merged = covered(known._replace(rows=number[len(spans.rows) :]))
    starts, ends = ((merged.rows << _WIDE) + edge for edge in (merged.starts, merged.ends))
    here = number[: len(spans.rows)]
    # The first known span that ends behind the beginning of this one.
    at = np.searchsorted(ends, (here << _WIDE) + spans.starts, side="right")
    touches = np.zeros(len(here), dtype=np.bool_)
    there = at < len(starts)
    touches[there] = starts[at[there]] < ((here << _WIDE) + spans.ends)[there]
    return touches


def earlier(
    dates: Sequence[str | None], left: Rows, right: Rows
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Say where the left document is surely earlier than the right one, and where later.

    A day, a month or a year is a stretch of time: nothing is earlier than what it lies in.
    """
    bounds = [
        (np.iinfo(np.int64).max, 0) if date is None else _dates.stretch(date) for date in dates
    ]
    first = np.array([low for low, _ in bounds], dtype=np.int64)
    last = np.array([high for _, high in bounds], dtype=np.int64)
    dated = np.array([date is not None for date in dates], dtype=bool)
    known = dated[left] & dated[right]
    return known & (last[left] < first[right]), known & (last[right] < first[left])


def most(rows: Rows, others: Rows, words: Rows, documents: int) -> tuple[Rows, Rows, Rows]:
    """Return for each document how many others it shares with, the one with most words, and those.

    Takes one row a pair. -1 stands for none; of equal ones the smallest row counts.
    """
    count = np.bincount(rows, minlength=documents).astype(np.int64)
    best = np.full(documents, -1, dtype=np.int64)
    best_words = np.zeros(documents, dtype=np.int64)
    # The last writer wins: most words last, and of those the smallest row.
    turn = np.lexsort((-others, words))
    best[rows[turn]] = others[turn]
    best_words[rows[turn]] = words[turn]
    return count, best, best_words
