"""Rows and their names: which group a document belongs to, and what a row is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _inputs
from nutgraf._labels import ids_of, is_missing, plain
from nutgraf._parameters import refuse, shown
from nutgraf.corpus import Corpus
from nutgraf.exceptions import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["given", "names_of_rows", "numbered"]


def given(corpus: Corpus, part: str) -> list[Any]:
    """Return one value a document of a part, None everywhere if the part was not given."""
    return corpus._columns[part] or [None] * len(corpus)


def numbered(by: Any, corpus: Corpus | None, rows: int) -> tuple[list[object], NDArray[np.int64]]:
    """Return the groups in the order of first occurrence, and the number of each row's group."""
    order: dict[object, int] = {}
    numbers = np.empty(rows, dtype=np.int64)
    for row, label in enumerate(_labels(by, corpus, rows)):
        value = plain(label)
        # Three words for an empty cell, and NaN differs from itself: they are one group.
        if is_missing(value):
            value = None
        try:
            numbers[row] = order.setdefault(value, len(order))
        except TypeError as error:
            raise InputError(
                f"by has {shown(value)} in row {row}, but a label is one str, number or date; "
                "pass a column of them.",
                parameter="by",
                row=row,
            ) from error
    return list(order), numbers


def _labels(by: Any, corpus: Corpus | None, rows: int) -> list[Any]:
    if isinstance(by, str):
        if corpus is None:
            rule = "these counts have no corpus whose column it could be"
            raise refuse("by", by, rule, "pass one label a document")
        return corpus.column(by)
    labels = _values(by, "by")
    if len(labels) != rows:
        message = (
            f"by has {len(labels)} labels, but there are {rows} documents; "
            "pass one label a document."
        )
        raise InputError(message, parameter="by")
    return labels


def names_of_rows(corpus: Any, ids: Any, rows: int) -> list[Any]:
    """Return what the rows of a matrix are called: by their corpus, by ids, or by number."""
    if corpus is not None and not isinstance(corpus, Corpus):
        remedy = "pass nutgraf.Corpus(documents)"
        raise refuse("corpus", corpus, "it must be a Corpus", remedy)
    if corpus is not None and ids is not None:
        raise refuse("ids", ids, "corpus has ids already", "leave one of the two out")
    if corpus is not None and len(corpus) != rows:
        raise InputError(
            f"corpus has {len(corpus):,} documents, but the matrix has {rows:,} rows; pass one "
            "document a row, in the same order.",
            parameter="corpus",
        )
    if corpus is not None:
        return list(corpus.ids)
    if ids is None:
        return list(range(rows))
    named: list[Any] = ids_of(_values(ids, "ids"))
    if len(named) != rows:
        raise InputError(
            f"ids has {len(named):,} ids, but the matrix has {rows:,} rows; pass one id a row.",
            parameter="ids",
        )
    return named


def _values(values: Any, name: str) -> list[Any]:
    """Return one value a row; the sentence of what is no list names the parameter."""
    try:
        return _inputs.values_of(values, name)
    except InputError as error:
        raise InputError(str(error), parameter=name) from error
