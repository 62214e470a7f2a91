"""The tables of a comparison: their columns and types, and the text behind each row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._evidence import Passage, article, beside, line, passages
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nutgraf.corpus import Corpus
    from nutgraf.results import Evidence
    from nutgraf.reuse import NearDuplicates

    Rows = list[dict[str, Any]]

__all__ = ["Sections"]

_EXAMPLE = ("id", "start", "end", "sentence", "sentence_start")
# Columns of tables that may be empty, so that they exist even then.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "copies": (
        "cluster",
        "id",
        "source",
        "date",
        "title",
        "words",
        "similarity",
        "order",
        "row",
        "first_row",
        "relation",
    ),
    "contains": (
        "id",
        "source",
        "date",
        "title",
        "words",
        "share",
        "part",
        "part_source",
        "part_date",
        "part_title",
        "part_words",
        "copies",
        "relation",
        "earlier",
        "row",
        "part_row",
    ),
    "terms": (
        "source",
        "term",
        "distinctive",
        "judged",
        "articles_with",
        "articles",
        "others_with",
        "others",
        "log_ratio",
        "p_max_t",
        "times",
        "out_of",
        "top_share",
        "survives_dropping_one",
        *_EXAMPLE,
    ),
    "used_only_here": ("source", "term", "uses", *_EXAMPLE),
    "left_out": (
        "source",
        "evidence",
        "kind",
        "rule",
        "text",
        "places",
        "words",
        "id",
        "row",
        "start",
        "end",
    ),
}
_TYPES: dict[str, str] = {
    **dict.fromkeys(("similarity", "share", "log_ratio", "p_max_t", "top_share"), "f8"),
    **dict.fromkeys(("distinctive", "judged", "survives_dropping_one"), "?"),
    **dict.fromkeys(("cluster", "words", "row", "first_row", "places", "uses"), "i8"),
    **dict.fromkeys(("articles_with", "articles", "others_with", "others"), "i8"),
    **dict.fromkeys(("part_words", "copies", "part_row"), "i8"),
    **dict.fromkeys(("times", "out_of", "start", "end", "sentence_start"), "i8"),
}


class Sections:
    """Makes the tables of one comparison.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    found : NearDuplicates
        The copies.
    settings : mapping
        What led to the tables.
    """

    def __init__(
        self,
        corpus: Corpus,
        found: NearDuplicates,
        settings: Mapping[str, Any],
    ) -> None:
        self._corpus = corpus
        self._found = found
        self._settings = settings

    def table(self, name: str, rows: Rows) -> Table:
        """Return a table of rows, with the evidence that its name stands for."""
        names = _COLUMNS.get(name) or tuple(rows[0])
        columns: dict[str, Any] = {own: [row[own] for row in rows] for own in names}
        for own in names:
            if not rows and own in _TYPES:
                columns[own] = np.empty(0, dtype=_TYPES[own])
        if not rows and all(isinstance(own, int) for own in self._corpus.ids):
            for own in {"id", "part", "earlier"} & set(names):
                columns[own] = np.empty(0, dtype="i8")
        return Table(
            columns,
            settings=self._settings,
            evidence=self._evidence(name, columns),
            native=self._corpus._native,
            name=name,
        )

    def _evidence(self, name: str, columns: Mapping[str, Any]) -> Evidence | None:
        def whole(own: str) -> Any:
            return np.asarray(columns[own], dtype=np.int64)

        if name == "articles":
            return partial(article, self._corpus, np.arange(len(columns["id"])))
        if name == "copies":
            return partial(beside, self._found._tokens, whole("first_row"), whole("row"))
        if name == "contains":
            return partial(beside, self._found._tokens, whole("row"), whole("part_row"))
        if name == "left_out":
            return partial(line, self._corpus, whole("row"), whole("start"), whole("end"))
        if "sentence" in columns:
            parts = ("term", "source", "id", "sentence", "start", "end", "sentence_start")
            rows = list(zip(*(columns[own] for own in parts), strict=True))
            return partial(
                passages,
                [row[0] for row in rows],
                [
                    Passage(f"{name}, {source}", text, int(start - low), int(end - low))
                    for _, source, name, text, start, end, low in rows
                ],
            )
        return None
