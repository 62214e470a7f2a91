"""Every producer in every state gives the same corpus, and text over Arrow is not copied.

The matrix is made of producers (what a caller may hand in) and states (small, chunked, sliced, with
gaps, empty, dictionary-encoded, views, large offsets). What a library cannot make is not in it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf import _inputs
from nutgraf._nutgraf import texts_from_arrow
from nutgraf.exceptions import TextTypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pa: Any = pytest.importorskip("pyarrow")
pl: Any = pytest.importorskip("polars")
pd: Any = pytest.importorskip("pandas")
duckdb: Any = pytest.importorskip("duckdb")
nw: Any = pytest.importorskip("narwhals")

TEXTS = ["The bridge is open.", "", "“Déjà vu” 𝒳", "x" * 40]
COLUMNS: dict[str, list[Any]] = {
    "text": TEXTS,
    "id": ["p", "q", "r", "s"],
    "source": ["A", "B", None, "A"],
    "date": ["2031-03-03", "2031-03-04T12:00", None, ""],
    "words": [4, 0, 3, 1],
    "note": [None, "n", "", "Ω"],
}
STRINGS = ("text", "id", "source", "date", "note")
# Rows around the others, which slices cut away.
AROUND = {"text": "around", "id": "o", "source": "Z", "date": "1999", "words": 9, "note": "z"}
GAPS = [TEXTS[0], None, TEXTS[2], None]


def content(state: str) -> dict[str, list[Any]]:
    """Return the columns that a corpus of this state has, gaps as ``None``."""
    if state == "empty":
        return {name: [] for name in COLUMNS}
    return {**COLUMNS, "text": GAPS} if state == "nulls" else COLUMNS


def around(state: str) -> dict[str, list[Any]]:
    """Return the columns to begin with: for slices, those with a row more at both ends."""
    columns = content(state)
    if state != "sliced":
        return columns
    return {name: [AROUND[name], *values, AROUND[name]] for name, values in columns.items()}


# ---- producers ---------------------------------------------------------------------------------


@dataclass
class Made:
    """What is handed in; for producers that keep Arrow buffers, also its column."""

    data: Any
    held: Any = None


def arrow_table(state: str) -> Any:
    """Return a table of pyarrow."""
    kinds = {name: pa.string() for name in STRINGS} | {"words": pa.int64()}
    columns = around(state)
    table = pa.table({name: pa.array(columns[name], kinds[name]) for name in columns})
    if state == "chunked":
        # A chunk without rows is one too.
        return pa.concat_tables([table[:1], table[:0], table[1:3], table[3:]])
    if state == "sliced":
        return table.slice(1, len(TEXTS))
    kind = {
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
        "view": pa.string_view(),
        "large": pa.large_string(),
    }.get(state, pa.string())
    return table.set_column(0, "text", table["text"].cast(kind))


def arrow_array(state: str) -> Any:
    """Return the texts as one array of pyarrow."""
    column = arrow_table(state)["text"]
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def arrow_batch(state: str) -> Any:
    """Return one record batch; its texts keep the offset of a slice."""
    table = arrow_table(state)
    rest = {name: table[name].combine_chunks() for name in table.column_names[1:]}
    return pa.RecordBatch.from_pydict({"text": arrow_array(state), **rest})


def polars_frame(state: str) -> Any:
    """Return a frame of polars, whose strings are views."""
    frame = pl.DataFrame(
        around(state), schema=dict.fromkeys(COLUMNS, pl.String) | {"words": pl.Int64}
    )
    if state == "chunked":
        return pl.concat([frame[:1], frame[:0], frame[1:]], rechunk=False)
    if state == "dictionary":
        return frame.with_columns(pl.col("text").cast(pl.Categorical))
    if state == "enum":
        return frame.with_columns(pl.col("text").cast(pl.Enum(["unused", *TEXTS])))
    return frame.slice(1, len(TEXTS)) if state == "sliced" else frame


def pandas_frame(kind: Any) -> Callable[[str], Made]:
    """Return a maker of frames of pandas whose texts are of this type."""

    def make(state: str) -> Made:
        columns = around(state)
        frame = pd.DataFrame(columns)
        frame["text"] = pd.Series(columns["text"], dtype=kind)
        if state == "chunked":
            frame = pd.concat([frame.iloc[:1], frame.iloc[1:]])
        if state == "sliced":
            frame = frame.iloc[1:-1]
        held = None
        if not isinstance(kind, str) or kind in {"str", "string[pyarrow]"}:
            held = pa.chunked_array(frame["text"].array.__arrow_array__())
        return Made(frame, held)

    return make


def series_of(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Return a maker of only the column of texts."""

    def made(state: str) -> Made:
        frame = make(state)
        return Made(frame.data["text"], frame.held)

    return made


def indexed(index: Any) -> Callable[[str], Made]:
    """Return a maker of frames of pandas with this index."""

    def make(state: str) -> Made:
        made = pandas_frame("str")(state)
        made.data.index = index
        return made

    return make


def relation(state: str) -> Any:
    """Return a relation of duckdb."""
    made = duckdb.from_arrow(arrow_table("small" if state == "enum" else state))
    if state != "enum":
        return made
    words = ", ".join(f"'{text}'" for text in TEXTS)
    return made.project(f"text::ENUM({words}) AS text, {', '.join(list(COLUMNS)[1:])}")


def records(state: str) -> list[dict[str, Any]]:
    """Return a list of dicts."""
    columns = content(state)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def sparse(state: str) -> list[dict[str, Any]]:
    """Return a list of dicts that lack what is missing."""
    return [
        {name: value for name, value in row.items() if value is not None} for row in records(state)
    ]


def texts(state: str) -> list[Any]:
    """Return the bare texts."""
    return list(content(state)["text"])


def generated(state: str) -> Iterator[Any]:
    """Yield the bare texts."""
    yield from texts(state)


def strings_of_numpy(state: str) -> Any:
    """Return texts as numpy's strings of any length, where it has them."""
    kind: Any = getattr(np.dtypes, "StringDType", None)
    if kind is None:
        pytest.skip("numpy has StringDType from 2.0 on")
    return np.array(texts(state), dtype=kind(na_object=None) if state == "nulls" else kind())


class OnlyStream:
    """Has no method but one."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._data.__arrow_c_stream__(requested_schema)


class OnlyArray:
    """Has no method but one."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self._data.__arrow_c_array__(requested_schema)


def wrapped(wrap: Callable[[Any], Any], make: Callable[[str], Any]) -> Callable[[str], Made]:
    """Return a maker whose data passes through ``wrap``, and stays where it is."""

    def made(state: str) -> Made:
        data = make(state)
        return Made(wrap(data), held_by(data))

    return made


def held_by(data: Any) -> Any:
    """Return the texts inside data of pyarrow or polars as they lie in memory."""
    if isinstance(data, pa.Table | pa.RecordBatch):
        return held_by(data["text"])
    if isinstance(data, pl.DataFrame):
        return held_by(data["text"])
    if isinstance(data, pl.Series) and data.dtype != pl.String:
        return None  # written anew for each export
    return pa.chunked_array([data] if isinstance(data, pa.Array) else data)


def itself(data: Any) -> Any:
    """Return what comes in."""
    return data


def plain(make: Callable[[str], Any]) -> Callable[[str], Made]:
    """Return a maker of what keeps no Arrow buffers."""
    return lambda state: Made(make(state))


ARROW = ("small", "chunked", "sliced", "nulls", "empty", "dictionary", "view", "large")
ONE_CHUNK = ("small", "sliced", "nulls", "empty", "dictionary", "view", "large")
POLARS = ("small", "chunked", "sliced", "nulls", "empty", "dictionary", "enum")
PANDAS = ("small", "chunked", "sliced", "nulls", "empty")
LISTS = ("small", "nulls", "empty")
FULL = ("small",)

KINDS: dict[str, Any] = {
    "str": "str",
    "object": "object",
    "string[python]": "string[python]",
    "string[pyarrow]": "string[pyarrow]",
    "large_string[pyarrow]": pd.ArrowDtype(pa.large_string()),
    "string_view[pyarrow]": pd.ArrowDtype(pa.string_view()),
    "dictionary[pyarrow]": pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
    "category": "category",
}
INDEXES: dict[str, Any] = {
    "strings": ["w", "x", "y", "z"],
    "duplicates": [1, 1, 0, 0],
    "levels": pd.MultiIndex.from_product([["a", "b"], [1, 2]]),
    "dates": pd.date_range("2031-03-03", periods=4),
}

Maker = tuple["Callable[[str], Made]", tuple[str, ...]]

FRAMES: dict[str, Maker] = {
    "pyarrow.Table": (wrapped(itself, arrow_table), ARROW),
    "pyarrow.RecordBatch": (wrapped(itself, arrow_batch), ONE_CHUNK),
    "pyarrow.RecordBatchReader": (wrapped(lambda table: table.to_reader(), arrow_table), ARROW),
    "only a stream": (wrapped(OnlyStream, arrow_table), ARROW),
    "only a stream of polars": (wrapped(OnlyStream, polars_frame), POLARS),
    "only an array": (wrapped(OnlyArray, arrow_batch), ONE_CHUNK),
    "polars.DataFrame": (wrapped(itself, polars_frame), POLARS),
    "polars.LazyFrame": (plain(lambda state: polars_frame(state).lazy()), POLARS),
    **{f"pandas.DataFrame of {name}": (pandas_frame(kind), PANDAS) for name, kind in KINDS.items()},
    **{f"pandas.DataFrame by {name}": (indexed(index), FULL) for name, index in INDEXES.items()},
    "duckdb": (plain(relation), (*ARROW, "enum")),
    "narwhals of polars": (wrapped(nw.from_native, polars_frame), POLARS),
    "narwhals of pyarrow": (wrapped(nw.from_native, arrow_table), ARROW),
    "narwhals of pandas": (
        plain(lambda state: nw.from_native(pandas_frame("str")(state).data)),
        PANDAS,
    ),
    "narwhals of LazyFrame": (
        plain(lambda state: nw.from_native(polars_frame(state).lazy())),
        POLARS,
    ),
    "narwhals of duckdb": (plain(lambda state: nw.from_native(relation(state))), ARROW),
    "dict of lists": (plain(content), LISTS),
    "dict of tuples": (
        plain(lambda state: {name: tuple(column) for name, column in content(state).items()}),
        LISTS,
    ),
    "dict of generators": (
        plain(lambda state: {name: iter(column) for name, column in content(state).items()}),
        LISTS,
    ),
    "dict of numpy": (
        plain(lambda state: {name: np.array(column) for name, column in content(state).items()}),
        LISTS,
    ),
    "dict of pandas.Series": (
        plain(lambda state: dict(pandas_frame("str")(state).data.items())),
        PANDAS,
    ),
    "dict of polars.Series": (plain(lambda state: polars_frame(state).to_dict()), POLARS),
    "dict of pyarrow": (
        plain(lambda state: {name: arrow_table(state)[name] for name in COLUMNS}),
        ARROW,
    ),
    "list of dicts": (plain(records), ("small", "nulls")),
    "list of dicts without keys": (plain(sparse), ("small", "nulls")),
    "generator of dicts": (plain(lambda state: (row for row in records(state))), FULL),
}

BARE: dict[str, Maker] = {
    "pyarrow.Array": (wrapped(itself, arrow_array), ONE_CHUNK),
    "pyarrow.ChunkedArray": (wrapped(itself, lambda state: arrow_table(state)["text"]), ARROW),
    "only a stream of a column": (
        wrapped(OnlyStream, lambda state: arrow_table(state)["text"]),
        ARROW,
    ),
    "only an array of a column": (wrapped(OnlyArray, arrow_array), ONE_CHUNK),
    "polars.Series": (wrapped(itself, lambda state: polars_frame(state)["text"]), POLARS),
    **{
        f"pandas.Series of {name}": (series_of(pandas_frame(kind)), PANDAS)
        for name, kind in KINDS.items()
    },
    **{
        f"pandas.Series by {name}": (series_of(indexed(index)), FULL)
        for name, index in INDEXES.items()
    },
    "narwhals.Series": (
        wrapped(
            lambda series: nw.from_native(series, series_only=True),
            lambda state: polars_frame(state)["text"],
        ),
        POLARS,
    ),
    "list": (plain(texts), LISTS),
    "tuple": (plain(lambda state: tuple(texts(state))), LISTS),
    "generator": (plain(generated), LISTS),
    "iterator": (plain(lambda state: iter(texts(state))), LISTS),
    "deque": (plain(lambda state: deque(texts(state))), LISTS),
    "numpy <U": (plain(lambda state: np.array(texts(state), dtype="<U40")), ("small", "empty")),
    "numpy <U every other": (
        plain(lambda state: np.repeat(np.array(texts(state)), 2)[::2]),
        FULL,
    ),
    "numpy object": (plain(lambda state: np.array(texts(state), dtype=object)), LISTS),
    "numpy StringDType": (plain(strings_of_numpy), LISTS),
}


def matrix(
    producers: dict[str, Maker], choose: Callable[[str, str], bool] = lambda _, __: True
) -> list[Any]:
    """Return the chosen producers in each of their states, by readable names."""
    return [
        pytest.param(make, state, id=f"{name}-{state}")
        for name, (make, states) in producers.items()
        for state in states
        if choose(name, state)
    ]


# ---- one corpus --------------------------------------------------------------------------------


def opened(made: Made, state: str) -> ng.Corpus:
    """Return the corpus of what was made, gaps as empty texts."""
    return ng.Corpus(made.data, missing="skip" if state == "nulls" else "error")


def assert_tokens(corpus: ng.Corpus, state: str) -> None:
    """Compare the tokens with those of the same texts in a list."""
    found, wanted = ng.tokenize(corpus), ng.tokenize([text or "" for text in texts(state)])
    assert found.ids.tolist() == wanted.ids.tolist()
    assert found.view().vocabulary == wanted.view().vocabulary


@pytest.mark.parametrize(("make", "state"), matrix(FRAMES))
def test_every_frame_gives_the_same_corpus(make: Callable[[str], Made], state: str) -> None:
    """Texts, ids, sources, dates, metadata and tokens do not depend on the library."""
    corpus = opened(make(state), state)
    full = state != "empty"
    assert corpus.texts == [text or "" for text in texts(state)]
    assert corpus.ids == (COLUMNS["id"] if full else [])
    assert {type(own) for own in corpus.ids} <= {str}
    assert corpus.column("source") == (COLUMNS["source"] if full else [])
    assert corpus.dates == (["2031-03-03", "2031-03-04T12:00:00", None, None] if full else [])
    assert corpus.column("words") == (COLUMNS["words"] if full else [])
    assert {type(value) for value in corpus.column("words")} <= {int}
    assert corpus.column("note") == (COLUMNS["note"] if full else [])
    assert_tokens(corpus, state)


@pytest.mark.parametrize(("make", "state"), matrix(BARE))
def test_every_column_gives_the_same_texts(make: Callable[[str], Made], state: str) -> None:
    """Bare texts are numbered; functions take them as a corpus does."""
    corpus = opened(make(state), state)
    assert corpus.texts == [text or "" for text in texts(state)]
    assert corpus.ids == list(range(len(corpus)))
    assert_tokens(corpus, state)
    if state != "nulls":
        assert ng.tokenize(make(state).data).ids.tolist() == ng.tokenize(corpus).ids.tolist()


def with_gaps(_: str, state: str) -> bool:
    """Choose the state with gaps."""
    return state == "nulls"


@pytest.mark.parametrize(("make", "state"), matrix(FRAMES, with_gaps) + matrix(BARE, with_gaps))
def test_every_producer_has_its_gaps_named(make: Callable[[str], Made], state: str) -> None:
    """Each empty cell of any library is missing; the sentence counts them and names the rows."""
    with pytest.raises(TextTypeError, match=r"in 2 of 4 rows \(row 1, 3\)") as caught:
        ng.Corpus(make(state).data)
    assert caught.value.row == 1


@pytest.mark.parametrize("data", [{"body": TEXTS}, [{"body": text} for text in TEXTS]])
def test_one_column_needs_no_name(data: Any) -> None:
    """A frame of one column has only one text to offer, whatever its name."""
    for frame in (data, pa.table({"body": TEXTS}), pl.DataFrame({"body": TEXTS})):
        assert ng.Corpus.of(frame).texts == TEXTS


# ---- no copy -----------------------------------------------------------------------------------

VIEWS = np.dtype([("length", "<i4"), ("start", "V4"), ("buffer", "<i4"), ("at", "<i4")])


def places(column: Any) -> list[tuple[int, int]]:
    """Return where each text of an Arrow column lies, and its bytes; empty texts lie nowhere."""
    return [place for chunk in column.chunks for place in places_in(chunk)]


def places_in(chunk: Any) -> list[tuple[int, int]]:
    """Return the places of one chunk, read from its buffers by Arrow's format."""
    valid = chunk.is_valid().to_pylist()
    buffers, rows = chunk.buffers(), range(chunk.offset, chunk.offset + len(chunk))
    if not rows:
        return []
    if pa.types.is_dictionary(chunk.type):
        values = places_in(chunk.dictionary)
        found = [(0, 0) if key is None else values[key] for key in chunk.indices.to_pylist()]
    elif pa.types.is_string_view(chunk.type):
        views = np.frombuffer(buffers[1], VIEWS, count=chunk.offset + len(chunk)).tolist()
        found = [
            (
                buffers[1].address + 16 * row + 4
                if length <= 12
                else buffers[2 + buffer].address + at,
                length,
            )
            for row, (length, _, buffer, at) in enumerate(views)
        ][chunk.offset :]
    else:
        kind = "<i8" if pa.types.is_large_string(chunk.type) else "<i4"
        offsets = np.frombuffer(buffers[1], kind).tolist()
        found = [
            (buffers[2].address + offsets[row], offsets[row + 1] - offsets[row]) for row in rows
        ]
    return [
        (at, length) if there and length else (0, 0)
        for (at, length), there in zip(found, valid, strict=True)
    ]


def lies(corpus: ng.Corpus) -> list[tuple[int, int]]:
    """Return where each text of a corpus lies, and its bytes; empty texts lie nowhere."""
    return [(at, length) if length else (0, 0) for at, length in corpus._texts._addresses()]


def assert_in_place(corpus: ng.Corpus, wanted: list[tuple[int, int]]) -> None:
    """Compare all texts, and those of selections and of selections of these."""
    assert lies(corpus) == wanted
    if not wanted:
        return
    assert sum(length > 0 for _, length in wanted) >= 2
    assert lies(corpus[[True, False, True, False]]) == [wanted[0], wanted[2]]
    assert lies(corpus[1:]) == wanted[1:]
    assert lies(corpus[[3, 0]][1:]) == [wanted[0]]


def keeps_buffers(name: str, state: str) -> bool:
    """Choose producers whose buffers are known before anything is asked of them."""
    if "pandas" in name:
        kept = ("of str", "string[pyarrow]", "string_view[pyarrow]", " by ")
        unkept = ("of string[python]", "narwhals", "dict of")
        return any(kind in name for kind in kept) and not any(kind in name for kind in unkept)
    if "polars" in name:
        made = "dict of" in name or "LazyFrame" in name or state in {"dictionary", "enum"}
        return not made
    return ("pyarrow" in name and "dict of" not in name) or "only" in name


@pytest.mark.parametrize(
    ("make", "state"), matrix(FRAMES, keeps_buffers) + matrix(BARE, keeps_buffers)
)
def test_texts_over_arrow_stay_where_they_are(make: Callable[[str], Made], state: str) -> None:
    """Each text lies at the address where its producer keeps it, also after a selection."""
    made = make(state)
    assert_in_place(opened(made, state), places(made.held))


def hands_over(name: str, state: str) -> bool:
    """Choose producers that make their Arrow columns when they are asked."""
    made = ("category", "dictionary[", "LazyFrame", "duckdb", "dict of pyarrow", "dict of polars")
    return any(kind in name for kind in made) or (
        "polars" in name and state in {"dictionary", "enum"}
    )


@pytest.mark.parametrize(("make", "state"), matrix(FRAMES, hands_over) + matrix(BARE, hands_over))
def test_texts_stay_where_they_are_handed_over(
    make: Callable[[str], Made], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text lies where the column has it that a library hands over for it."""
    handed = []
    take = texts_from_arrow

    def spy(column: Any, missing_as_empty: bool = False) -> Any:
        handed.append(pa.chunked_array(column))
        return take(handed[-1], missing_as_empty)

    monkeypatch.setattr(_inputs, "texts_from_arrow", spy)
    corpus = opened(make(state), state)
    assert len(handed) == 1
    assert_in_place(corpus, places(handed[0]))
