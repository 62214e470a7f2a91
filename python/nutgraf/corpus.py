"""Documents with their ids, sources, dates and titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import numpy.typing as npt

from nutgraf import _html, _inputs
from nutgraf._parameters import shown
from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    import os

    from nutgraf._nutgraf import Texts

__all__ = ["Corpus", "Document", "read_corpus"]

Missing = Literal["error", "skip"]
Labels = str | Sequence[Any] | None

_PARTS = ("id", "source", "date", "title")


@dataclass(frozen=True)
class Document:
    """One document of a corpus.

    Attributes
    ----------
    id : str or int
        The id, or the row number where none was given.
    text : str
        The text as it came in.
    source, date, title : str or None
        The outlet, the ISO date and the headline.
    metadata : dict
        Every other column.
    """

    id: str | int
    text: str
    source: str | None = None
    date: str | None = None
    title: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        known = {"id": self.id, "source": self.source, "date": self.date, "title": self.title}
        parts = [f"{name}={shown(value)}" for name, value in known.items() if value is not None]
        return f"Document({', '.join(parts)}, text={shown(self.text)})"

    def _repr_html_(self) -> str:
        return _html.document(self.text, self.title, [self.id, self.source, self.date])


class Corpus:
    """Documents in a fixed order.

    Parameters
    ----------
    data : list of str, data frame, dict of lists, list of dicts or Arrow producer
        The documents. Frames of polars, pandas, pyarrow, duckdb and narwhals are read as they
        are; string columns over Arrow are not copied.
    text : str
        The column that holds the text.
    id, source, date, title : str or sequence, optional
        The columns that hold these, or the values themselves. Columns of these names are used
        where they are; a column named here must exist.
    missing : {"error", "skip"}
        What a missing text does: raise, or count as an empty text.

    Raises
    ------
    TextTypeError
        A text is missing or is not str; the error names the row.
    InputError
        A named column does not exist, an id occurs twice, or a date cannot be read.

    Examples
    --------
    >>> import nutgraf as ng
    >>> corpus = ng.Corpus(
    ...     [
    ...         {"text": "The bridge is open.", "source": "A", "date": "2031-03-03"},
    ...         {"text": "No bridge, says mayor.", "source": "B", "date": "2031-03-04"},
    ...     ]
    ... )
    >>> corpus
    Corpus: 2 documents, 2 sources, 2031-03-03 to 2031-03-04
    >>> corpus[1].text
    'No bridge, says mayor.'
    >>> corpus.where(source="A").ids
    [0]
    """

    _texts: Texts
    _columns: dict[str, list[Any] | None]
    _metadata: dict[str, list[Any]]
    _native: str | None

    def __init__(
        self,
        data: object,
        *,
        text: str = "text",
        id: Labels = None,  # noqa: A002 - the word of the field
        source: Labels = None,
        date: Labels = None,
        title: Labels = None,
        missing: Missing = "error",
    ) -> None:
        if isinstance(data, Corpus):
            self._take(data._texts, data._columns, data._metadata, data._native)
            return
        given = _inputs.open_data(data)
        wanted = {"id": id, "source": source, "date": date, "title": title}
        self._fill(given, text, wanted, _inputs.check_missing(missing))

    def _fill(
        self, given: _inputs.Given, text: str, wanted: Mapping[str, Labels], skip: bool
    ) -> None:
        name = "" if given.plain else given.require(text, "text")
        used = {name}
        texts = given.texts(name, skip)
        columns: dict[str, list[Any] | None] = {}
        for part, label in wanted.items():
            values = _values(given, part, label, len(texts), used)
            columns[part] = None if values is None else _CHECKS[part](values)
        if columns["id"] is None:
            columns["id"] = list(range(len(texts)))
        metadata = {other: given.column(other) for other in given.names if other not in used}
        self._take(texts, columns, metadata, given.native)

    def _take(
        self,
        texts: Texts,
        columns: dict[str, list[Any] | None],
        metadata: dict[str, list[Any]],
        native: str | None,
    ) -> None:
        self._texts = texts
        self._columns = columns
        self._metadata = metadata
        self._native = native
        self._rows_by_id: dict[str | int, int] | None = None

    @classmethod
    def _of_parts(
        cls,
        texts: Texts | list[str],
        columns: dict[str, list[Any] | None],
        metadata: dict[str, list[Any]],
        native: str | None,
    ) -> Corpus:
        corpus = cls.__new__(cls)
        if isinstance(texts, list):
            texts = _inputs.texts_of_list(texts)
        corpus._take(texts, columns, metadata, native)
        return corpus

    @classmethod
    def of(cls, documents: object) -> Corpus:
        """Return a corpus of whatever functions accept as documents.

        Parameters
        ----------
        documents : Corpus, list of str, string Series or array, Arrow stream of one column
            The documents; a frame with a column ``text`` is read as ``Corpus(frame)`` would.

        Returns
        -------
        Corpus
            The corpus itself when it is one already.

        Examples
        --------
        >>> import nutgraf as ng
        >>> len(ng.Corpus.of(["one text", "another"]))
        2
        """
        if isinstance(documents, Corpus):
            return documents
        given = _inputs.open_data(documents)
        # A frame of one column has only one text to offer, whatever its name.
        name = given.names[0] if len(given.names) == 1 else "text"
        corpus = cls.__new__(cls)
        corpus._fill(given, name, dict.fromkeys(_PARTS), skip=False)
        return corpus

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[Document]:
        return (self._document(row) for row in range(len(self)))

    @overload
    def __getitem__(self, key: int | np.integer[Any]) -> Document: ...
    @overload
    def __getitem__(
        self, key: slice | Sequence[int] | Sequence[bool] | npt.NDArray[Any]
    ) -> Corpus: ...
    def __getitem__(self, key: object) -> Document | Corpus:
        if isinstance(key, slice):
            return self._select(np.arange(len(self), dtype=np.int64)[key])
        if isinstance(key, str):
            raise InputError(f"corpus[{key!r}] is no row; use corpus.by_id({key!r}).")
        if isinstance(key, int | np.integer) and not isinstance(key, bool):
            return self._document(self._row(int(key)))
        return self._select(_rows(np.asarray(key), len(self)))

    def _row(self, row: int) -> int:
        """Return a row counted from 0; IndexError, as for a list, so that old loops end."""
        if not -len(self) <= row < len(self):
            raise IndexError(f"Row {row} does not exist: the corpus has {len(self)} documents.")
        return row % len(self)

    def _document(self, row: int) -> Document:
        parts = {
            part: None if values is None else values[row]
            for part, values in self._columns.items()
            if part != "id"
        }
        metadata = {name: values[row] for name, values in self._metadata.items()}
        return Document(self.ids[row], self._texts.text(row), **parts, metadata=metadata)

    def _select(self, rows: npt.NDArray[np.int64]) -> Corpus:
        def of(values: list[Any] | None) -> list[Any] | None:
            return None if values is None else [values[row] for row in listed]

        listed = rows.tolist()
        if len(set(listed)) < len(listed):
            raise InputError("A row is selected twice, but ids are unique; select each row once.")
        columns = {part: of(values) for part, values in self._columns.items()}
        metadata = {name: of(values) or [] for name, values in self._metadata.items()}
        return self._of_parts(self._texts.select(rows), columns, metadata, self._native)

    def by_id(self, id: str | int) -> Document:  # noqa: A002 - the word of the field
        """Return the document with an id.

        Parameters
        ----------
        id : str or int
            The id, of the type the ids have.

        Returns
        -------
        Document
            The one document with this id.

        Raises
        ------
        InputError
            No document has this id.
        """
        if self._rows_by_id is None:
            self._rows_by_id = {own: row for row, own in enumerate(self.ids)}
        row = self._rows_by_id.get(id)
        if row is None:
            kind = type(self.ids[0]).__name__ if len(self) else "str"
            raise InputError(
                f"id is {id!r}, but no document has it; ids of this corpus are {kind}, see "
                "corpus.ids.",
                parameter="id",
            )
        return self._document(row)

    def where(self, **conditions: Any) -> Corpus:
        """Return the documents that meet every condition.

        Parameters
        ----------
        **conditions
            Column (``source``, ``date``, ``title``, ``id`` or one of the metadata) and the value
            it has, or a list of values. A day as ``date`` also finds the times of that day.

        Returns
        -------
        Corpus
            The documents in their order; their texts are not copied.

        Examples
        --------
        >>> import nutgraf as ng
        >>> corpus = ng.Corpus({"text": ["a", "b", "c"], "source": ["A", "B", "A"]})
        >>> corpus.where(source=["A", "C"]).ids
        [0, 2]
        """
        keep = np.ones(len(self), dtype=bool)
        for name, wanted in conditions.items():
            values = self.column(name)
            listed = wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
            if name == "date":
                days = set(_inputs.dates_of(list(listed)))
                met = [value in days or (value or "")[:10] in days for value in values]
            else:
                met = [value in listed for value in values]
            keep &= np.asarray(met, dtype=bool)
        return self._select(np.flatnonzero(keep).astype(np.int64))

    def column(self, name: str) -> list[Any]:
        """Return a column by name: a part of the documents or one of the metadata.

        Parameters
        ----------
        name : str
            ``id``, ``source``, ``date``, ``title`` or a metadata column.

        Returns
        -------
        list
            One value per document; all ``None`` where the part was not given.
        """
        if name in _PARTS:
            values = self._columns[name]
            return [None] * len(self) if values is None else list(values)
        if name not in self._metadata:
            known = [part for part in _PARTS if self._columns[part] is not None]
            names = ", ".join([*known, *self._metadata])
            raise ParameterError(
                f"There is no column {name!r} in this corpus; it has {names}.", parameter=name
            )
        return list(self._metadata[name])

    @property
    def ids(self) -> list[Any]:
        """The ids, all str or all int; row numbers where none were given."""
        return self._columns["id"] or []

    @property
    def dates(self) -> list[str | None]:
        """The ISO dates, ``None`` where one is missing."""
        return self.column("date")

    @property
    def sources(self) -> list[str]:
        """The distinct sources, in order of first occurrence."""
        return [name for name in dict.fromkeys(self._columns["source"] or []) if name is not None]

    @property
    def texts(self) -> list[str]:
        """The texts as they came in."""
        return self._texts.to_list()

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all texts in their order, the same on every machine."""
        return self._texts.fingerprint()

    def __repr__(self) -> str:
        parts = [_count(len(self), "document")]
        if self.sources:
            parts.append(_count(len(self.sources), "source"))
        dates = sorted(date[:10] for date in self.dates if date)
        if dates:
            parts.append(dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}")
        return "Corpus: " + ", ".join(parts)

    def _repr_html_(self) -> str:
        shown = [self._document(row) for row in range(min(len(self), _html.ROWS))]
        rows = [
            [entry.id, entry.source, entry.date, entry.title, _html.cut(entry.text, 80)]
            for entry in shown
        ]
        names = ["id", "source", "date", "title", "text"]
        return _html.table(names, rows, caption=repr(self), total=len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return self._of_parts, (self.texts, self._columns, self._metadata, self._native)

    def __copy__(self) -> Corpus:
        return self

    def __deepcopy__(self, memo: object) -> Corpus:
        return self


def _values(
    given: _inputs.Given, part: str, label: Labels, length: int, used: set[str]
) -> list[Any] | None:
    """Return the values of a part: from the column named, its own column, or as passed."""
    if label is None and (part not in given.names or part in used):
        return None
    if label is None or isinstance(label, str):
        name = part if label is None else given.require(label, part)
        used.add(name)
        return given.column(name)
    if len(label) != length:
        raise InputError(
            f"{part} has {len(label)} values for {length} documents; give one per document.",
            parameter=part,
        )
    return list(label)


_CHECKS: dict[str, Any] = {
    "id": _inputs.ids_of,
    "source": _inputs.labels_of,
    "date": _inputs.dates_of,
    "title": _inputs.labels_of,
}


def _rows(key: npt.NDArray[Any], length: int) -> npt.NDArray[np.int64]:
    """Return the rows that a mask or an array of rows selects."""
    if key.ndim == 1 and key.dtype == bool:
        if len(key) != length:
            raise InputError(
                f"The mask has {len(key)} values for {length} documents; give one per document."
            )
        return np.flatnonzero(key).astype(np.int64)
    if key.ndim != 1 or (key.size and key.dtype.kind not in "iu"):
        raise InputError("Select documents by a row, a slice, a mask or a list of rows.")
    rows = key.astype(np.int64)
    outside = rows[(rows < -length) | (rows >= length)]
    if outside.size:
        raise InputError(
            f"Row {outside[0]} does not exist: the corpus has {length} documents.",
            row=int(outside[0]),
        )
    return np.where(rows < 0, rows + length, rows)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def read_corpus(
    path: str | os.PathLike[str],
    *,
    text: str = "text",
    id: str | None = None,  # noqa: A002 - the word of the field
    source: str | None = None,
    date: str | None = None,
    title: str | None = None,
    missing: Missing = "error",
) -> Corpus:
    """Read a corpus from a file, or from a folder of text files.

    Parameters
    ----------
    path : str or path
        A ``.jsonl`` file (also ``.gz``, or ``.zst`` with ``nutgraf[zstd]``), a ``.csv`` file, a
        ``.parquet`` file (with polars or pyarrow), or a folder, whose ``.txt`` files become
        documents named by their paths, in sorted order. Text files are UTF-8.
    text, id, source, date, title, missing
        As for `Corpus`.

    Returns
    -------
    Corpus
        The documents in the order of the file.

    Raises
    ------
    InputError
        The content cannot be read; the error names the line.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> import pathlib
    >>> import nutgraf as ng
    >>> sample = pathlib.Path(ng.__file__).parent / "sample" / "articles.jsonl"
    >>> ng.read_corpus(sample)
    Corpus: 44 documents, 6 sources, 2031-03-03 to 2031-03-08
    """
    skip = _inputs.check_missing(missing)
    corpus = Corpus.__new__(Corpus)
    wanted = {"id": id, "source": source, "date": date, "title": title}
    corpus._fill(_inputs.open_path(Path(path)), text, wanted, skip)
    return corpus
