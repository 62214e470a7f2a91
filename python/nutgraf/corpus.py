"""Documents with their ids, sources, dates and titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import numpy.typing as npt

from nutgraf import _dates, _files, _html, _inputs, _labels
from nutgraf._keywords import answered
from nutgraf._masks import Masks
from nutgraf._once import once
from nutgraf._parameters import refuse
from nutgraf.document import Document
from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    import os

    from nutgraf._columns import Given
    from nutgraf._nutgraf import Texts

__all__ = ["Corpus", "Document", "read_corpus"]

Missing = Literal["error", "skip"]
Labels = str | Iterable[Any] | None

_PARTS = ("id", "source", "date", "title")


class Corpus(Masks):
    """Documents in a fixed order.

    Parameters
    ----------
    data : list of str, data frame, dict of columns, list of dicts or Arrow producer
        The documents:

        - a frame, lazy frame or Series of polars, pandas, pyarrow, duckdb, narwhals, or of any
          library that narwhals knows; indexes of pandas are not looked at;
        - anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``: a table, or one column of
          strings (also large, dictionary-encoded or views);
        - a dict of lists, arrays or Series; a list of dicts, in which a key may be missing;
        - any iterable of str: list, tuple, generator, numpy array.

        String columns over Arrow are not copied: they stay in the memory of the library they come
        from. Everything else is copied once.
    text : str
        The column that holds the text. Names that are no str are asked for as such: ``"0"``.
    id, source, title : str or iterable, optional
        The columns that hold these, or the values themselves, one per document. Columns of these
        names are used where they are; a column named here must exist. Ids are all str or all int
        (64 bits), none missing, none twice. Sources and titles are str; whole numbers become str.
    date : str or iterable, optional
        As above. Dates are ``date``, ``datetime``, timestamps of any library, or ISO strings; a
        year (``"1815"``) or a month (``"1815-11"``) stays as it is. They are kept as ISO strings: a
        column of timestamps that are all midnight without a zone is one of days, zones are kept as
        offsets, and what is finer than a microsecond is cut off.
    missing : {"error", "skip"}
        What a missing text (None, NaN, NaT, NA, null) does: raise, or count as an empty text.

    Raises
    ------
    TextTypeError
        A text is missing or is not str; the error names the row.
    InputError
        A named column does not exist, an id occurs twice, a date cannot be read, columns differ
        in length, or Arrow data is broken; the error names the row where there is one.
    MemoryLimitError
        The texts do not fit in memory.

    Notes
    -----
    What an iterable or a producer raises comes through as it is. Lone surrogates become U+FFFD, one
    for one, with a warning that names the rows.

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

    def _fill(self, given: Given, text: object, wanted: Mapping[str, object], skip: bool) -> None:
        if not isinstance(text, str):
            rule = "it must be the name of a column"
            raise refuse("text", text, rule, f"pass it as str: {str(text)[:40]!r}")
        name = given.text_column(text)
        # Every name is looked up before any text is read.
        columns_of = {part: _column_of(given, part, label, name) for part, label in wanted.items()}
        texts = given.texts(name, skip)
        columns: dict[str, list[Any] | None] = {}
        for part, label in wanted.items():
            values = _values(given, part, label, columns_of[part], len(texts))
            columns[part] = None if values is None else _CHECKS[part](values)
        if columns["id"] is None:
            columns["id"] = list(range(len(texts)))
        used = {name, *columns_of.values()}
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
        masks: Sequence[npt.NDArray[np.int64]] = (),
    ) -> Corpus:
        corpus = cls.__new__(cls)
        if isinstance(texts, list):
            texts = _inputs.texts_of_list(texts)
        if len(masks) > 0 and len(masks[0]) > 0:
            texts = texts.without(*masks)
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
        return self._select(_inputs.rows_of(np.asarray(key), len(self)))

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
            it has, or a list of values. A year, month or day as ``date`` finds what lies in it.

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
                dates = _dates.dates_of(list(listed))
                met = [any(_dates.falls_on(value, date) for date in dates) for value in values]
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
            One value per document, ``None`` where it is missing.

        Raises
        ------
        ParameterError
            There is no such column: no metadata of this name, or a part that was not given.
        """
        columns = {**self._columns, **self._metadata}
        values = columns.get(name)
        if values is None:
            known = ", ".join(str(key) for key, held in columns.items() if held is not None)
            raise ParameterError(
                f"There is no column {name!r} in this corpus; it has {known}.", parameter=name
            )
        return list(values)

    @property
    def ids(self) -> list[Any]:
        """The ids, all str or all int; row numbers where none were given."""
        return self._columns["id"] or []

    @property
    def dates(self) -> list[str | None]:
        """The ISO dates, ``None`` where one is missing."""
        return list(self._columns["date"] or [None] * len(self))

    @property
    def sources(self) -> list[str]:
        """The distinct sources, in order of first occurrence."""
        return [name for name in dict.fromkeys(self._columns["source"] or []) if name is not None]

    @property
    def texts(self) -> list[str]:
        """The texts as they came in."""
        return self._texts.to_list()

    @once
    def fingerprint(self) -> str:
        """A hash of all texts and masks in their order, the same on every machine."""
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
        parts = (self.texts, self._columns, self._metadata, self._native)
        return self._of_parts, (*parts, self._texts.masks())

    def __copy__(self) -> Corpus:
        return self

    def __deepcopy__(self, memo: object) -> Corpus:
        return self


def _column_of(given: Given, part: str, label: object, text: str) -> str | None:
    """Return the column that holds a part: the one named, or its own where it is."""
    if isinstance(label, str):
        return given.require(label, part)
    if label is None:
        return part if part in given.names and part != text else None
    if not isinstance(label, Iterable):
        rule = "it must be the name of a column as str, or one value per document"
        raise refuse(part, label, rule, f"pass {str(label)[:40]!r} for a column of this name")
    return None


def _values(
    given: Given, part: str, label: object, column: str | None, length: int
) -> list[Any] | None:
    """Return the values of a part: from its column, or as passed."""
    if column is not None:
        return given.column(column)
    if label is None:
        return None
    values = _inputs.values_of(label, part)
    if len(values) != length:
        raise InputError(
            f"{part} has {len(values)} values for {length} documents; give one per document.",
            parameter=part,
        )
    return values


_CHECKS: dict[str, Any] = {
    "id": _labels.ids_of,
    "source": lambda values: _labels.labels_of(values, "source"),
    "date": _dates.dates_of,
    "title": lambda values: _labels.labels_of(values, "title"),
}


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


@answered("read_corpus")
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
        One of

        - ``.jsonl`` or ``.ndjson``: one object per line, ``null`` or no key for a missing value;
        - ``.csv``: parted by commas, the first line names the columns, quotes are doubled; all
          cells are str;
        - either of them with ``.gz``, or with ``.zst`` and ``nutgraf[zstd]``;
        - ``.parquet``, with polars or pyarrow;
        - ``.txt``, one document; or a folder, in which every ``.txt`` file is a document named by
          its path (``id``), in sorted order.

        Text is UTF-8, with or without a byte-order mark.
    text, id, source, date, title, missing
        As for `Corpus`; the four are names of columns.

    Returns
    -------
    Corpus
        The documents in the order of the file.

    Raises
    ------
    TextTypeError
        A text is missing or is not str; the error names the row.
    InputError
        The content cannot be read; the error names the file, and the line or the byte.
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
    corpus._fill(_files.open_path(Path(path)), text, wanted, skip)
    return corpus
