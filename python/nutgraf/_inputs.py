"""What callers pass as documents, turned into texts and plain columns.

Data frames arrive through narwhals, files through the standard library. This is one of the two
places that may import a data-frame library, and only inside functions.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import gzip
import io
import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nutgraf._extras import installed
from nutgraf._nutgraf import Texts, texts_from_arrow, texts_from_list
from nutgraf.exceptions import InputError, ParameterError, TextTypeError

Values = list[Any]
ROWS_NAMED = 5


class NutgrafWarning(UserWarning):
    """Something in the input was changed so that work could go on."""


class Given:
    """Named columns as they came in; ``column`` makes a list of one when it is asked for.

    Parameters
    ----------
    names : sequence of str
        The names of the columns.
    column : callable
        Gives the values of a column as a list.
    texts : callable
        Gives the texts of a column, with ``missing_as_empty``.
    native : str, optional
        The library the data came from.

    Attributes
    ----------
    plain : bool
        Whether these are bare texts, which have no column names.
    """

    def __init__(
        self,
        names: Sequence[str] | None,
        column: Callable[[str], Values],
        texts: Callable[[str, bool], Texts],
        native: str | None = None,
    ) -> None:
        self.plain = names is None
        self.names = list(names or ())
        self.column = column
        self.texts = texts
        self.native = native

    def require(self, name: str, parameter: str) -> str:
        """Return ``name`` when there is such a column, else say which there are."""
        if name in self.names:
            return name
        near = difflib.get_close_matches(name, self.names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"name one of them as {parameter}=."
        columns = ", ".join(map(repr, self.names)) or "none"
        raise InputError(
            f"{parameter} is {name!r}, but there is no such column (columns: {columns}); {hint}",
            parameter=parameter,
        )


def texts_of_list(rows: Values, missing_as_empty: bool = False) -> Texts:
    """Return the texts of a list, with one warning where lone surrogates were replaced."""
    texts, replaced = texts_from_list(rows, missing_as_empty)
    if replaced:
        first = ", ".join(map(str, replaced[:ROWS_NAMED]))
        more = ", …" if len(replaced) > ROWS_NAMED else ""
        warnings.warn(
            f"Lone surrogates were replaced by U+FFFD in {len(replaced)} rows (row {first}{more}); "
            "offsets still index your strings.",
            NutgrafWarning,
            stacklevel=4,
        )
    return texts


def open_data(data: object) -> Given:
    """Return the columns of anything that a corpus can be made of.

    Plain texts come back as one column named ``""``, which no caller can ask for by accident.
    """
    _refuse(data)
    if isinstance(data, Mapping):
        return _of_columns({str(name): _as_list(name, values) for name, values in data.items()})
    framed = _open_frame(data)
    if framed is not None:
        return framed
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        return _open_arrow(data)
    if hasattr(data, "tolist"):
        data = data.tolist()
    if not isinstance(data, Iterable):
        raise TextTypeError(
            f"The documents are {type(data).__name__}; pass a list of str, a data frame, or a "
            "Corpus."
        )
    rows = list(data)
    if any(isinstance(row, Mapping) for row in rows[:1]):
        return _of_records(rows)
    return _of_texts(rows)


def _refuse(data: object) -> None:
    if isinstance(data, str):
        raise TextTypeError(
            "The documents are a single str; wrap it in a list: [text]. "
            "To read a file, call nutgraf.read_corpus(path)."
        )
    if isinstance(data, bytes | bytearray):
        raise TextTypeError(
            "The documents are bytes; decode them and pass a list: [data.decode('utf-8')]."
        )
    if isinstance(data, Path):
        raise TextTypeError("The documents are a path; read it first: nutgraf.read_corpus(path).")
    if isinstance(data, set | frozenset):
        raise TextTypeError("The documents are a set, which has no order; pass sorted(documents).")


def _as_list(name: object, values: object) -> Values:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InputError(
            f"Column {name!r} is {type(values).__name__}, not a list of values; "
            "for one document pass [document]."
        )
    to_list = getattr(values, "tolist", None) or getattr(values, "to_list", None)
    return list(to_list()) if to_list is not None else list(values)


def _of_columns(columns: dict[str, Values], native: str | None = None) -> Given:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name!r}: {length}" for name, length in lengths.items())
        raise InputError(f"The columns differ in length ({listed}); give all of them one length.")
    return Given(
        list(columns),
        columns.__getitem__,
        lambda name, missing: texts_of_list(columns[name], missing),
        native,
    )


def _of_records(rows: Values) -> Given:
    names: dict[str, None] = {}
    for row, record in enumerate(rows):
        if not isinstance(record, Mapping):
            raise TextTypeError(
                f"Row {row} is {type(record).__name__}, not a dict as row 0 is; "
                "pass only dicts or only str.",
                row=row,
            )
        names.update(dict.fromkeys(map(str, record)))
    return _of_columns({name: [record.get(name) for record in rows] for name in names})


def _of_texts(rows: Values) -> Given:
    return Given(None, lambda _: rows, lambda _, missing: texts_of_list(rows, missing))


def _open_frame(data: object) -> Given | None:
    """Open what narwhals knows; ``None`` for everything else, without importing it for lists."""
    if type(data).__module__ in {"builtins", "numpy"}:
        return None
    import narwhals as nw

    frame: Any = nw.from_native(data, allow_series=True, pass_through=True)
    native = frame.implementation.value if hasattr(frame, "implementation") else None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, nw.Series):
        return Given(
            None, lambda _: frame.to_list(), lambda _, missing: _series(frame, missing), native
        )
    if isinstance(frame, nw.DataFrame):
        return Given(
            frame.columns,
            lambda name: frame[name].to_list(),
            lambda name, missing: _series(frame[name], missing),
            native,
        )
    return None


def _series(series: Any, missing_as_empty: bool) -> Texts:
    """Return the texts of a series: over Arrow where it is text, else row by row."""
    native = series.to_native()
    plain = str(getattr(native, "dtype", "")) == "object"
    pandas_alone = series.implementation.is_pandas_like() and not installed("pyarrow")
    if plain or pandas_alone or not hasattr(native, "__arrow_c_stream__"):
        return texts_of_list(series.to_list(), missing_as_empty)
    import narwhals as nw

    # pyarrow has text types that narwhals has no name for; the null type of polars does not export.
    kinds = [nw.String, nw.Categorical, nw.Enum]
    kinds += [nw.Unknown] if series.implementation.is_pyarrow() else []
    if any(series.dtype == kind for kind in kinds):
        return texts_from_arrow(native, missing_as_empty)
    return texts_of_list(series.to_list(), missing_as_empty)


def _open_arrow(data: object) -> Given:
    if not (hasattr(data, "schema") or hasattr(data, "columns") or hasattr(data, "column_names")):
        return Given(
            None,
            lambda _: texts_from_arrow(data, True).to_list(),
            lambda _, missing: texts_from_arrow(data, missing),
            "pyarrow" if type(data).__module__.startswith("pyarrow") else None,
        )
    framed = _open_frame(_frame_of_arrow(data))
    assert framed is not None  # noqa: S101 - a frame of these libraries always opens
    return framed


def _frame_of_arrow(data: Any) -> object:
    if installed("pyarrow"):
        import pyarrow as pa

        return pa.table(data)
    if installed("polars"):
        import polars as pl

        return pl.DataFrame(data)
    raise InputError(
        f"{type(data).__name__} has several columns, which are read through pyarrow or polars; "
        "install one of them, or pass one string column."
    )


def is_missing(value: object) -> bool:
    """Say whether a cell is empty: None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN differs from itself


def ids_of(values: Values) -> list[str] | list[int]:
    """Check ids: all str or all int, none missing, none twice."""
    ids: list[Any] = []
    rows: dict[object, int] = {}
    for row, value in enumerate(values):
        plain = value.item() if hasattr(value, "item") else value
        if isinstance(plain, bool) or not isinstance(plain, str | int):
            kind = "missing" if is_missing(plain) else f"{plain!r} ({type(plain).__name__})"
            raise InputError(
                f"The id of row {row} is {kind}, but ids are str or int; fill or convert the "
                "column first.",
                parameter="id",
                row=row,
            )
        if ids and isinstance(plain, str) is not isinstance(ids[0], str):
            raise InputError(
                f"The id of row {row} is {plain!r}, but row 0 has {ids[0]!r}; make all ids str or "
                "all int.",
                parameter="id",
                row=row,
            )
        if plain in rows:
            raise InputError(
                f"The id {plain!r} names row {rows[plain]} and row {row}, but ids are unique; "
                "drop one of the rows, or number them.",
                parameter="id",
                row=row,
            )
        rows[plain] = row
        ids.append(plain)
    return ids


def labels_of(values: Values) -> list[str | None]:
    """Return sources or titles as str, ``None`` where they are empty."""
    return [None if is_missing(value) or value == "" else str(value) for value in values]


def dates_of(values: Values) -> list[str | None]:
    """Return dates as ISO strings, ``None`` where they are empty."""
    plain = [_without_numpy(value) for value in values]
    days_only = all(_is_day(value) for value in plain)
    return [_date(value, row, days_only) for row, value in enumerate(plain)]


def _without_numpy(value: Any) -> Any:
    """Return a datetime64 as Python has it, NaT as ``None``."""
    if type(value).__name__ == "datetime64":
        return value.astype("datetime64[us]").item()
    return value


def _is_day(value: object) -> bool:
    """Say whether a timestamp says no more than its day, as midnight without a zone does."""
    if is_missing(value) or not isinstance(value, dt.datetime):
        return True
    return value.tzinfo is None and value.time() == dt.time()


def _date(value: Any, row: int, days_only: bool) -> str | None:
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if days_only else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        text = value.strip()
        for parse in (dt.date.fromisoformat, dt.datetime.fromisoformat):
            try:
                return parse(text).isoformat()
            except ValueError:
                continue
    raise InputError(
        f"The date of row {row} is {value!r}, which is no ISO date; write it as 2031-03-08 or "
        "2031-03-08T17:30, or leave it empty.",
        parameter="date",
        row=row,
    )


def open_path(path: str | Path) -> Given:
    """Return the columns of a file, or of a folder of text files."""
    path = Path(path)
    if path.is_dir():
        return _open_folder(path)
    if not path.exists():
        raise FileNotFoundError(2, "No such file or folder", str(path))
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson")):
        return _of_records(_read_lines(path))
    if name.endswith(".csv"):
        return _read_csv(path)
    if name.endswith(".parquet"):
        return _read_parquet(path)
    if name.endswith(".txt"):
        return _of_columns({"id": [path.stem], "text": [_read_text(path)]})
    raise InputError(
        f"{path.name} ends in none of .txt, .jsonl, .jsonl.gz, .jsonl.zst, .csv, .parquet; "
        "read it yourself and pass Corpus(...) a data frame or a list."
    )


def _open_folder(folder: Path) -> Given:
    # Sorted by the names as they are: the order of a folder differs between machines.
    files = sorted(folder.rglob("*.txt"), key=lambda file: file.relative_to(folder).as_posix())
    if not files:
        raise InputError(f"{folder} holds no .txt file; name a folder of texts, or one file.")
    ids = [file.relative_to(folder).with_suffix("").as_posix() for file in files]
    return _of_columns({"id": ids, "text": [_read_text(file) for file in files]})


def _read_text(file: Path) -> str:
    return _decode(file.read_bytes(), file)


def _decode(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file.name} is not UTF-8 (byte {error.start}); save it as UTF-8, or decode it "
            "yourself and pass Corpus(...) a list."
        ) from error


def _read_lines(file: Path) -> list[dict[str, object]]:
    rows = []
    # Split at newlines only: str.splitlines also cuts at U+2028, which JSON allows inside strings.
    for number, line in enumerate(_decode(_unpack(file), file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"Line {number} of {file.name} is not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise InputError(
                f"Line {number} of {file.name} is {type(row).__name__}, not an object; write one "
                '{"text": …} per line.'
            )
        rows.append(row)
    return rows


def _unpack(file: Path) -> bytes:
    if file.suffix.lower() == ".gz":
        return gzip.decompress(file.read_bytes())
    if file.suffix.lower() != ".zst":
        return file.read_bytes()
    if not installed("zstandard"):
        raise InputError(
            f"{file.name} is compressed with Zstandard; install nutgraf[zstd] to read it."
        )
    import zstandard

    with file.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as reader:
        return bytes(reader.read())


def _read_csv(file: Path) -> Given:
    # Articles are longer than the reader's default of 128 KiB a field.
    before = csv.field_size_limit(2**31 - 1)
    try:
        rows = list(csv.reader(io.StringIO(_decode(file.read_bytes(), file), newline="")))
    except csv.Error as error:
        raise InputError(f"{file.name} is not CSV: {error}.") from error
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise InputError(f"{file.name} is empty; the first line names the columns.")
    names, cells = rows[0], [row for row in rows[1:] if row]
    for row, values in enumerate(cells):
        if len(values) != len(names):
            raise InputError(
                f"Row {row} of {file.name} has {len(values)} fields, but the first line names "
                f"{len(names)}; quote fields that hold commas.",
                row=row,
            )
    return _of_columns({name: [row[at] for row in cells] for at, name in enumerate(names)})


def _read_parquet(file: Path) -> Given:
    frame: object
    if installed("polars"):
        import polars as pl

        frame = pl.read_parquet(file)
    elif installed("pyarrow"):
        import pyarrow.parquet as pq

        frame = pq.read_table(file)
    else:
        raise InputError(f"{file.name} is read through polars or pyarrow; install one of them.")
    framed = _open_frame(frame)
    assert framed is not None  # noqa: S101 - a frame of these libraries always opens
    return framed


def check_missing(missing: str) -> bool:
    """Return whether missing texts are kept as empty."""
    if missing not in {"error", "skip"}:
        raise ParameterError(
            f"missing is {missing!r}, but it must be 'error' or 'skip'; 'skip' keeps rows without "
            "text as empty texts.",
            parameter="missing",
        )
    return missing == "skip"
