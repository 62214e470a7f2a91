"""Columns of documents on their way into a corpus, and what may be asked of them by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nutgraf._nutgraf import Texts, texts_from_list
from nutgraf._parameters import shown
from nutgraf._warnings import warn
from nutgraf.exceptions import InputError, TextTypeError

__all__ = ["Gathered", "Given", "column_names", "texts_of_list"]

Values = list[Any]
ROWS_NAMED = 5
COLUMNS_NAMED = 12


class Given:
    """Named columns as they came in; ``column`` makes a list of one when it is asked for.

    Parameters
    ----------
    names : sequence of str, optional
        The names of the columns; ``None`` for bare texts, which have none.
    column : callable
        Gives the values of a column as a list.
    texts : callable
        Gives the texts of a column, with ``missing_as_empty``.
    native : str, optional
        The library the data came from.
    label : str, optional
        What bare texts are called where they came from: the name of a Series.

    Attributes
    ----------
    plain : bool
        Whether these are bare texts.
    """

    def __init__(
        self,
        names: Sequence[str] | None,
        column: Callable[[str], Values],
        texts: Callable[[str, bool], Texts],
        native: str | None = None,
        label: str | None = None,
    ) -> None:
        self.plain = names is None
        self.names = list(names or ())
        self.column = column
        self.texts = texts
        self.native = native
        self.label = label

    def text_column(self, name: str) -> str:
        """Return the name under which the texts are asked for; bare texts have ``""``."""
        if not self.plain:
            return self.require(name, "text")
        if name not in {"text", self.label}:
            raise InputError(
                f"text is {shown(name)}, but the documents are bare texts, without columns; "
                "leave text out, or pass a frame or a dict of columns.",
                parameter="text",
            )
        return ""

    def require(self, name: str, parameter: str) -> str:
        """Return ``name`` when there is such a column, else say which there are."""
        if name in self.names:
            return name
        if self.plain:
            raise InputError(
                f"{parameter} is {shown(name)}, but the documents are bare texts, without "
                f"columns; pass one value per document: {parameter}=[…].",
                parameter=parameter,
            )
        near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"name one of them as {parameter}=."
        columns = ", ".join(map(shown, self.names[:COLUMNS_NAMED])) or "none"
        more = ", …" if len(self.names) > COLUMNS_NAMED else ""
        raise InputError(
            f"{parameter} is {shown(name)}, but there is no such column (columns: "
            f"{columns}{more}); {hint}",
            parameter=parameter,
        )


class Gathered:
    """Columns that grow by one record at a time; a key that a record lacks is ``None``."""

    def __init__(self) -> None:
        self.columns: dict[str, Values] = {}
        self.rows = 0

    def add(self, record: Mapping[Any, Any]) -> None:
        """Append one record."""
        for key, value in record.items():
            column = self.columns.get(key)
            if column is None:
                column = self.columns[key] = [None] * self.rows
            column.append(value)
        self.rows += 1
        if len(record) < len(self.columns):
            for column in self.columns.values():
                if len(column) < self.rows:
                    column.append(None)


def column_names(names: Sequence[object]) -> list[str]:
    """Return the names of columns as str, each of which may stand once."""
    listed = [str(name) for name in names]
    seen: set[str] = set()
    for place, name in enumerate(listed):
        if name in seen:
            raise InputError(
                f"Two columns are named {shown(name)} (columns {listed.index(name)} and {place}, "
                "counted from 0), but names are unique; rename one of them."
            )
        seen.add(name)
    return listed


def texts_of_list(rows: Values, missing_as_empty: bool = False) -> Texts:
    """Return the texts of a list, with one warning where lone surrogates were replaced."""
    texts, replaced = texts_from_list(rows, missing_as_empty)
    if replaced:
        first = ", ".join(map(str, replaced[:ROWS_NAMED]))
        more = ", …" if len(replaced) > ROWS_NAMED else ""
        warn(
            f"Lone surrogates were replaced by U+FFFD in {len(replaced)} rows (row {first}{more}); "
            "offsets still index your strings."
        )
    return texts


def record_rows(rows: Sequence[Any]) -> dict[Any, Values]:
    """Return the columns of a list of dicts."""
    gathered = Gathered()
    for row, record in enumerate(rows):
        if not isinstance(record, Mapping):
            raise TextTypeError(
                f"Row {row} is {type(record).__name__}, not a dict as row 0 is; "
                "pass only dicts or only str.",
                row=row,
            )
        gathered.add(record)
    return gathered.columns
