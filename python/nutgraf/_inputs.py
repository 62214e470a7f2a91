"""What callers pass as documents, turned into texts and plain columns; files are in ``_files``.

Frames of every library arrive through narwhals, other producers over Arrow's C interface. This is
one of the two places that may import a data-frame library, and only inside functions. Long
conversions go in slices, so that Ctrl-C is answered between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._columns import Given, column_names, record_rows, texts_of_list
from nutgraf._extras import installed
from nutgraf._labels import is_missing
from nutgraf._nutgraf import Texts, arrow_names, texts_from_arrow
from nutgraf._parameters import shown
from nutgraf.exceptions import InputError, ParameterError, TextTypeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "check_missing",
    "of_columns",
    "open_data",
    "open_parquet",
    "rows_of",
    "texts_of_list",
    "values_of",
]

Values = list[Any]
SLICE = 1 << 16
# Their types are no frame's, so that narwhals need not be imported to find out.
PLAIN = {"builtins", "numpy", "numpy.ma", "collections", "array", "itertools"}


class Capsule:
    """A stream or array that was asked for once, handed on to whoever takes it."""

    def __init__(self, capsule: object) -> None:
        self.capsule = capsule


class Stream(Capsule):
    """A stream handed on."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.capsule


class Array(Capsule):
    """An array handed on, with its schema."""

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self.capsule


def open_data(data: object) -> Given:
    """Return the columns of anything that a corpus can be made of.

    Bare texts come back as one column named ``""``, which no caller can ask for by accident.
    """
    _refuse(data)
    if isinstance(data, Mapping):
        return of_columns(data)
    if isinstance(data, np.ndarray) and data.dtype.names:
        return of_columns({name: data[name] for name in data.dtype.names})
    opened = _open_frame(data) or _open_arrow(data)
    if opened is not None:
        return opened
    if not isinstance(data, Iterable):
        raise TextTypeError(
            f"The documents are {type(data).__name__}; pass a list of str, a data frame, or a "
            "Corpus."
        )
    rows = values_of(data, "The documents")
    if any(isinstance(row, Mapping) for row in rows[:1]):
        return of_columns(record_rows(rows))
    return Given(None, lambda _: rows, lambda _, missing: texts_of_list(rows, missing))


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


def of_columns(columns: Mapping[Any, object], native: str | None = None) -> Given:
    """Open columns that came one by one: lists, arrays, Series, each of one length."""
    names = column_names(list(columns))
    held = dict(zip(names, columns.values(), strict=True))
    for name, values in held.items():
        # A list is copied now: another thread may change it before it is read.
        if isinstance(values, list):
            held[name] = list(values)
        elif not hasattr(values, "__len__") or isinstance(values, str | bytes | Mapping | set):
            held[name] = values_of(values, f"Column {name!r}")
    lengths = {name: len(values) for name, values in held.items()}  # type: ignore[arg-type] # checked above
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{shown(name)}: {length}" for name, length in lengths.items())
        raise InputError(f"The columns differ in length ({listed}); give all of them one length.")

    def column(name: str) -> Values:
        return values_of(held[name], f"Column {name!r}")

    def texts(name: str, missing_as_empty: bool) -> Texts:
        opened = _open_frame(held[name]) or _open_arrow(held[name])
        if opened is not None and opened.plain:
            return opened.texts("", missing_as_empty)
        return texts_of_list(column(name), missing_as_empty)

    return Given(names, column, texts, native)


def values_of(values: Any, what: str) -> Values:
    """Return the values of a list, an array, a Series or an iterable, as Python has them.

    Parameters
    ----------
    values : object
        Anything one-dimensional.
    what : str
        How a sentence names it: ``Column 'words'``.
    """
    if isinstance(values, list):
        return list(values)
    if isinstance(values, str | bytes | Mapping | set | frozenset) or not isinstance(
        values, Iterable
    ):
        raise InputError(
            f"{what} is {type(values).__name__}, not a list of values; for one document pass "
            "[document]."
        )
    if isinstance(values, np.ndarray):
        return _of_array(values, what)
    if type(values).__module__ not in PLAIN:
        opened = _open_frame(values) or _open_arrow(values)
        if opened is not None and opened.plain:
            return opened.column("")
        if opened is not None:
            raise InputError(f"{what} is a whole frame; pass one of its columns.")
        if hasattr(values, "tolist"):
            return list(values.tolist())
    return list(values)


def _of_array(array: np.ndarray[Any, Any], what: str) -> Values:
    if array.ndim != 1:
        raise InputError(
            f"{what}: an array of {array.ndim} dimensions came, but one is needed, with a value "
            "per document; pass array.ravel(), or one column."
        )
    # What counts finer than Python would come out as bare numbers.
    if array.dtype.kind in "mM":
        return list(array)
    values: Values = []
    for start in range(0, len(array), SLICE):
        values += array[start : start + SLICE].tolist()
    return values


def _open_frame(data: Any) -> Given | None:
    """Open what narwhals knows; ``None`` for everything else, without importing it for lists."""
    if type(data).__module__ in PLAIN:
        return None
    import narwhals as nw
    from narwhals.exceptions import DuplicateError

    try:
        frame: Any = nw.from_native(data, allow_series=True, pass_through=True)
        if isinstance(frame, nw.LazyFrame):
            frame = _collect(frame)
        if isinstance(frame, nw.DataFrame):
            return _of_frame(frame)
    except DuplicateError as error:
        # The columns of pyarrow are the data, not the names.
        listed: Any = getattr(data, "column_names", None) or getattr(data, "columns", ())
        column_names(list(listed))
        raise InputError(
            f"Two columns have one name ({_words(error)}); rename one of them."
        ) from error
    return _of_series(frame) if isinstance(frame, nw.Series) else _given(frame)


def _given(opened: Any) -> Given | None:
    return opened if isinstance(opened, Given) else None


def _of_series(series: Any) -> Given:
    return Given(
        None,
        lambda _: _values(series, f"The column {shown(series.name)}"),
        lambda _, missing: _texts(series, missing),
        series.implementation.value,
        None if series.name is None else str(series.name),
    )


def _of_frame(frame: Any) -> Given:
    names = column_names(frame.columns)
    # Asked for by place: not every library has names that are str.
    place = {name: at for at, name in enumerate(names)}
    return Given(
        names,
        lambda name: _values(frame[:, place[name]], f"Column {name!r}"),
        lambda name, missing: _texts(frame[:, place[name]], missing),
        frame.implementation.value,
    )


def _collect(frame: Any) -> Any:
    """Collect a lazy frame: by pyarrow or polars, and a duckdb relation by itself as well."""
    if frame.implementation.is_polars() or installed("pyarrow"):
        return frame.collect()
    native = frame.to_native()
    if installed("polars"):
        return frame.collect(backend="polars") if not _streams(native) else _by_polars(native)
    if hasattr(native, "fetchall"):
        rows = native.fetchall()
        names = column_names(native.columns)
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        return of_columns(columns, frame.implementation.value)
    raise InputError(
        f"A {type(native).__name__} is read through pyarrow or polars; install one of them."
    )


def _by_polars(data: Any) -> Any:
    import narwhals as nw
    import polars as pl

    return nw.from_native(pl.DataFrame(data))


def _streams(data: object) -> bool:
    return hasattr(data, "__arrow_c_stream__")


def _texts(series: Any, missing_as_empty: bool) -> Texts:
    """Return the texts of a series: over Arrow where it is text there, else row by row."""
    import narwhals as nw

    native = series.to_native()
    rowwise = not _streams(native)
    if series.implementation.is_pandas_like():
        kind = native.dtype
        # Text that lies in Python objects would be copied once more on its way through Arrow.
        objects = str(kind) == "object" or getattr(kind, "storage", "pyarrow") == "python"
        rowwise = rowwise or objects or not installed("pyarrow")
    # pyarrow has text types that narwhals has no name for; the null type of polars does not export.
    kinds = [nw.String, nw.Categorical, nw.Enum]
    kinds += [nw.Unknown] if series.implementation.is_pyarrow() else []
    if rowwise or not any(series.dtype == kind for kind in kinds):
        return texts_of_list(_values(series, "The column of texts"), missing_as_empty)
    return texts_from_arrow(native, missing_as_empty)


def _values(series: Any, what: str) -> Values:
    """Return the values of a series as Python has them, in slices."""
    if series.implementation.is_pyarrow():
        series = _without_nanoseconds(series)
    values: Values = []
    try:
        for start in range(0, len(series), SLICE):
            values += series[start : start + SLICE].to_list()
    except (ValueError, OverflowError, LookupError) as error:
        raise InputError(
            f"{what} holds {series.dtype}, which Python cannot hold ({_words(error)}); convert it "
            "to str first."
        ) from error
    if series.implementation.is_pandas_like():
        # NaN, NaT and NA are three words of pandas for an empty cell.
        values = [None if is_missing(value) else value for value in values]
    return values


def _without_nanoseconds(series: Any) -> Any:
    """Return a series whose timestamps Python can hold; what is finer is cut off."""
    import pyarrow as pa

    native = series.to_native()
    if not pa.types.is_timestamp(native.type) or native.type.unit != "ns":
        return series
    import narwhals as nw

    cut = native.cast(pa.timestamp("us", native.type.tz), safe=False)
    return nw.from_native(cut, allow_series=True)


def _open_arrow(data: Any) -> Given | None:
    """Open what hands itself out over Arrow's C interface; ``None`` for everything else.

    The producer is asked once: a reader has nothing left the second time.
    """
    native = "pyarrow" if type(data).__module__.startswith("pyarrow") else None
    held: Any
    if _streams(data):
        held = Stream(data.__arrow_c_stream__())
        names = arrow_names(held.capsule)
    elif hasattr(data, "__arrow_c_array__"):
        held = Array(data.__arrow_c_array__())
        pair = held.capsule
        names = arrow_names(pair[0] if isinstance(pair, tuple) and pair else pair)
    else:
        return None
    if names is not None:
        return _open_table(held, column_names(names), type(data).__name__)
    return Given(None, lambda _: _of_arrow(held), _taken_once(held), native)


def _taken_once(held: Capsule) -> Callable[[str, bool], Texts]:
    """Return what gives the texts of one column, however often it is asked."""
    taken: list[Texts] = []

    def texts(_: str, missing_as_empty: bool) -> Texts:
        if not taken:
            taken.append(texts_from_arrow(held, missing_as_empty))
        return taken[0]

    return texts


def _of_arrow(held: Any) -> Values:
    """Return the values of one column over Arrow, whatever their type."""
    import narwhals as nw

    native: Any
    if installed("pyarrow"):
        import pyarrow as pa

        native = pa.chunked_array(held if _streams(held) else [pa.array(held)])
    elif installed("polars"):
        import polars as pl

        native = pl.Series(held)
    else:
        return list(texts_from_arrow(held, True).to_list())
    return _values(nw.from_native(native, allow_series=True), "The column")


def _open_table(held: Any, names: list[str], kind: str) -> Given:
    native: Any
    if installed("pyarrow"):
        import pyarrow as pa

        try:
            native = pa.table(held)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"The Arrow data cannot be read ({_words(error)}); check the library that made it, "
                "or pass a dict of columns."
            ) from error
    elif installed("polars"):
        native = _by_polars(held)
    elif len(names) == 1:
        texts = _taken_once(held)
        return Given(names, lambda name: list(texts(name, True).to_list()), texts)
    else:
        raise InputError(
            f"A {kind} has several columns, which are read through pyarrow or polars; install one "
            "of them, or pass one string column."
        )
    opened = _open_frame(native)
    assert opened is not None  # noqa: S101 - a frame of these libraries always opens
    return opened


def _words(error: Exception) -> str:
    """Return what a library said, in one line and without the traceback that pyarrow adds."""
    return " ".join(str(error).partition(". Detail: ")[0].split()).rstrip(".")


def open_parquet(file: Path) -> Given:
    """Return the columns of a parquet file."""
    frame: Any
    trouble: tuple[type[Exception], ...]
    if installed("polars"):
        import polars as pl

        trouble, read = (pl.exceptions.PolarsError,), pl.read_parquet
    elif installed("pyarrow"):
        import pyarrow as pa
        import pyarrow.parquet as pq

        trouble, read = (pa.ArrowException,), pq.read_table
    else:
        raise InputError(f"{file.name} is read through polars or pyarrow; install one of them.")
    try:
        frame = read(file)
    except trouble as error:
        raise InputError(
            f"{file.name} is no parquet file that can be read ({_words(error)}); write it anew."
        ) from error
    opened = _open_frame(frame)
    assert opened is not None  # noqa: S101 - a frame of these libraries always opens
    return opened


def check_missing(missing: object) -> bool:
    """Return whether missing texts are kept as empty."""
    if not isinstance(missing, str) or missing not in {"error", "skip"}:
        raise ParameterError(
            f"missing is {shown(missing)}, but it must be 'error' or 'skip'; 'skip' keeps rows "
            "without text as empty texts.",
            parameter="missing",
        )
    return missing == "skip"


def rows_of(key: NDArray[Any], length: int) -> NDArray[np.int64]:
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
