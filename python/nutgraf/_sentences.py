"""Sentences of an article, and the one that shows a term best."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _nutgraf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nutgraf.document import Document
    from nutgraf.tokens import Tokens

    Rows = list[dict[str, Any]]


def sentence_starts(text: str, language: str | None = None) -> list[int]:
    """Where sentences begin, and the end of the text."""
    starts = _nutgraf.sentence_spans(text, language)[1:, 0].tolist()
    return [0, *starts, len(text)] if text else [0]


class Places:
    """Where terms stand, so that every term can show a sentence."""

    def __init__(self, view: Tokens, documents: list[Document], labels: NDArray[np.int64]) -> None:
        self._view = view
        self._documents = documents
        self._number = {term: number for number, term in enumerate(view.vocabulary)}
        self._sizes = Counter(labels.tolist())
        self._labels = labels
        self._bounds: dict[int, list[int]] = {}

    def _spans(self, term: str, row: int) -> list[tuple[int, int, int, int]]:
        """Start and end of a term's uses, each with those of its sentence."""
        begin, end = int(self._view.indptr[row]), int(self._view.indptr[row + 1])
        uses = np.flatnonzero(self._view.ids[begin:end] == self._number[term]) + begin
        if row not in self._bounds:
            self._bounds[row] = sentence_starts(
                self._documents[row].text, self._view._how["language"]
            )
        bounds = self._bounds[row]
        spans = []
        for use in uses.tolist():
            start = int(self._view.starts[use])
            k = int(np.searchsorted(bounds, start, side="right"))
            spans.append((start, int(self._view.ends[use]), bounds[k - 1], bounds[k]))
        return spans

    def example(self, term: str, rows: list[int]) -> dict[str, Any]:
        """Return the most readable sentence with a term, preferring articles without copies."""
        best: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        ordered = sorted(rows, key=lambda r: (self._sizes[int(self._labels[r])] > 1, r))
        for row in ordered[:12]:
            document = self._documents[row]
            for start, end, low, high in self._spans(term, row):
                sentence = document.text[low:high].rstrip()
                whole = sentence[-1:] in ".!?…。！？\"'”’»"
                rank = (not whole, not 40 <= len(sentence) <= 240, row, start)
                if best is None or rank < best[0]:
                    found = {
                        "id": document.id,
                        "start": start,
                        "end": end,
                        "sentence": sentence,
                        "sentence_start": low,
                    }
                    best = (rank, found)
        if best is None:
            return {"id": "", "start": 0, "end": 0, "sentence": "", "sentence_start": 0}
        return best[1]
