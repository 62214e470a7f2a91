"""What callers may pass as documents, and the sentences when they may not."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nutgraf._inputs import NutgrafWarning
from nutgraf.corpus import Corpus, read_corpus
from nutgraf.exceptions import InputError, TextTypeError

TEXTS = ["The bridge is open.", "", "“Déjà vu” 𝒳", "x" * 40]
COLUMNS: dict[str, list[Any]] = {
    "text": TEXTS,
    "source": ["A", "B", None, "A"],
    "date": ["2031-03-03", "2031-03-04T12:00", None, ""],
    "words": [4, 0, 3, 1],
}


def producers() -> list[Any]:  # noqa: C901 - one branch a library, each short
    """Return every producer of frames and columns, by name."""

    def pyarrow_table() -> object:
        return pytest.importorskip("pyarrow").table(COLUMNS)

    def pyarrow_batch() -> object:
        return pytest.importorskip("pyarrow").RecordBatch.from_pydict(COLUMNS)

    def pyarrow_reader() -> object:
        return pytest.importorskip("pyarrow").table(COLUMNS).to_reader()

    def pyarrow_chunks() -> object:
        pa = pytest.importorskip("pyarrow")
        return pa.concat_tables([pa.table(COLUMNS).slice(0, 1), pa.table(COLUMNS).slice(1)])

    def pyarrow_dictionary() -> object:
        pa = pytest.importorskip("pyarrow")
        table = pa.table(COLUMNS)
        return table.set_column(0, "text", table["text"].dictionary_encode())

    def polars() -> object:
        return pytest.importorskip("polars").DataFrame(COLUMNS)

    def polars_lazy() -> object:
        return pytest.importorskip("polars").LazyFrame(COLUMNS)

    def pandas() -> object:
        return pytest.importorskip("pandas").DataFrame(COLUMNS)

    def pandas_object() -> object:
        return pytest.importorskip("pandas").DataFrame(COLUMNS, dtype=object)

    def pandas_category() -> object:
        frame = pytest.importorskip("pandas").DataFrame(COLUMNS)
        return frame.astype({"text": "category"})

    def duckdb() -> object:
        table = pytest.importorskip("pyarrow").table(COLUMNS)
        return pytest.importorskip("duckdb").from_arrow(table)

    def narwhals() -> object:
        nw = pytest.importorskip("narwhals")
        return nw.from_native(pytest.importorskip("polars").DataFrame(COLUMNS))

    def columns() -> object:
        return COLUMNS

    def records() -> object:
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]

    made = [
        pyarrow_table,
        pyarrow_batch,
        pyarrow_reader,
        pyarrow_chunks,
        pyarrow_dictionary,
        polars,
        polars_lazy,
        pandas,
        pandas_object,
        pandas_category,
        duckdb,
        narwhals,
        columns,
        records,
    ]
    return [pytest.param(make, id=make.__name__) for make in made]


@pytest.mark.parametrize("make", producers())
def test_every_producer_gives_the_same_corpus(make: Any) -> None:
    """Texts, sources, dates and metadata do not depend on the library."""
    corpus = Corpus(make())
    assert corpus.texts == TEXTS
    assert corpus.ids == [0, 1, 2, 3]
    assert corpus.sources == ["A", "B"]
    assert corpus.dates == ["2031-03-03", "2031-03-04T12:00:00", None, None]
    assert corpus.column("words") == [4, 0, 3, 1]
    assert corpus[2].text[1:5] == "Déjà"


def columns_of_text() -> list[Any]:
    """Return single columns of text from every library."""
    return [
        "list",
        "tuple",
        "generator",
        "numpy",
        "pyarrow",
        "chunked",
        "large",
        "view",
        "polars",
        "categorical",
        "pandas",
        "one column",
    ]


@pytest.mark.parametrize("kind", columns_of_text())
def test_every_column_of_text_is_accepted(kind: str) -> None:
    """Functions take one column in any shape; slices of Arrow arrays keep their offset."""
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    made: dict[str, Any] = {
        "list": TEXTS,
        "tuple": tuple(TEXTS),
        "generator": (text for text in TEXTS),
        "numpy": np.array(TEXTS),
        "pyarrow": pa.array(["before", *TEXTS])[1:],
        "chunked": pa.chunked_array([TEXTS[:1], [], TEXTS[1:]]),
        "large": pa.array(TEXTS, pa.large_string()),
        "view": pa.array(TEXTS, pa.string_view()),
        "polars": pl.Series(["before", *TEXTS])[1:],
        "categorical": pl.Series(TEXTS, dtype=pl.Categorical),
        "pandas": pd.Series(TEXTS),
        "one column": pa.table({"body": TEXTS}),
    }
    assert Corpus.of(made[kind]).texts == TEXTS


@pytest.mark.parametrize("library", ["list", "pyarrow", "polars", "pandas", "float"])
def test_missing_texts_are_refused_or_kept_as_empty(library: str) -> None:
    """The error counts the rows and names the first; "skip" keeps them."""
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    texts = ["a", None, "b", None]
    made = {
        "list": texts,
        "pyarrow": pa.array(texts),
        "polars": pl.Series(texts),
        "pandas": pd.Series(texts),
        "float": ["a", math.nan, "b", pd.NA],
    }[library]
    with pytest.raises(TextTypeError, match=r"in 2 of 4 rows \(row 1, 3\)") as caught:
        Corpus(made)
    assert caught.value.row == 1
    assert Corpus(made, missing="skip").texts == ["a", "", "b", ""]


def test_a_column_of_nothing_but_missing_texts() -> None:
    """Columns without a type are all missing, not of the wrong type."""
    pa = pytest.importorskip("pyarrow")
    assert Corpus(pa.nulls(2), missing="skip").texts == ["", ""]
    assert Corpus(pytest.importorskip("polars").Series([None, None]), missing="skip").texts == [
        "",
        "",
    ]


def test_invalid_utf8_over_arrow_is_refused() -> None:
    """The C interface admits any bytes; they are checked before they become text."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.array([0, 2], pa.int32()).buffers()[1]
    bad = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(b"\xff\xfe")])
    with pytest.raises(InputError, match="cannot be read"):
        Corpus(bad)


@pytest.mark.parametrize(
    ("row", "kind", "remedy"),
    [
        (b"x", "bytes", "decode"),
        (Path("x"), "Path", "read_corpus"),
        (3, "int", "must be a str"),
        (["a", "b"], "list", "tokens"),
        (1.5, "float", "must be a str"),
    ],
)
def test_rows_that_are_not_text_are_named(row: object, kind: str, remedy: str) -> None:
    """The error names row, type and remedy."""
    with pytest.raises(TextTypeError, match=rf"Row 1 is \w*{kind}.*{remedy}") as caught:
        Corpus(["fine", row])
    assert caught.value.row == 1


@pytest.mark.parametrize("data", ["text", b"text", Path("a.txt"), {"a", "b"}, 3, None])
def test_what_is_no_list_is_refused(data: object) -> None:
    """A bare str is not a list of characters."""
    with pytest.raises(TextTypeError):
        Corpus(data)


def test_a_bare_str_is_told_to_be_wrapped() -> None:
    """The sentence says what to do."""
    with pytest.raises(TextTypeError, match="wrap it in a list"):
        Corpus("text")


def test_lone_surrogates_keep_offsets() -> None:
    """One replaced for one, one warning, and only lone surrogates."""
    with pytest.warns(NutgrafWarning, match=r"in 2 rows \(row 0, 2\)") as caught:
        corpus = Corpus(["a\ud83d\ude00b", "plain", "\udc80é", "😀\ud7ff"])
    assert len(caught) == 1
    assert corpus.texts == ["a��b", "plain", "�é", "😀\ud7ff"]


def test_unknown_columns_name_the_nearest() -> None:
    """The error lists the columns and guesses."""
    with pytest.raises(InputError, match=r"columns: 'text', 'sorce'.*did you mean 'sorce'"):
        Corpus({"text": ["a"], "sorce": ["A"]}, source="source")
    with pytest.raises(InputError, match="did you mean 'texts'"):
        Corpus({"texts": ["a"]})


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([dt.date(2031, 3, 3), None], ["2031-03-03", None]),
        ([dt.datetime(2031, 3, 3), dt.datetime(2031, 3, 4)], ["2031-03-03", "2031-03-04"]),  # noqa: DTZ001 - users hand in naive times
        ([dt.datetime(2031, 3, 3, 5)], ["2031-03-03T05:00:00"]),  # noqa: DTZ001 - users hand in naive times
        (["2031-03-03T05:00:00Z", math.nan], ["2031-03-03T05:00:00+00:00", None]),
        ([np.datetime64("2031-03-03T05:00")], ["2031-03-03T05:00:00"]),
        ([np.str_("2031-03-03")], ["2031-03-03"]),
        ([np.datetime64("2031-03-03"), np.datetime64("NaT")], ["2031-03-03", None]),
    ],
)
def test_dates_become_iso(dates: list[Any], expected: list[str | None]) -> None:
    """Days stay days, times keep their zone."""
    assert Corpus({"text": ["x"] * len(dates), "date": dates}).dates == expected


def test_timestamps_of_frames_become_iso() -> None:
    """Timestamps of polars and pandas read as days when they are days."""
    pl, pd = pytest.importorskip("polars"), pytest.importorskip("pandas")
    days = [dt.datetime(2031, 3, 3), None]  # noqa: DTZ001 - users hand in naive times
    assert Corpus(pl.DataFrame({"text": ["a", "b"], "date": days})).dates == ["2031-03-03", None]
    frame = pd.DataFrame({"text": ["a", "b"], "date": pd.to_datetime(days)})
    assert Corpus(frame).dates == ["2031-03-03", None]


@pytest.mark.parametrize("date", ["March 3", "2031-13-01", 20310303, True])
def test_dates_that_cannot_be_read_name_the_row(date: object) -> None:
    """Nothing is guessed."""
    with pytest.raises(InputError, match="row 1") as caught:
        Corpus({"text": ["a", "b"], "date": [None, date]})
    assert caught.value.row == 1


@pytest.mark.parametrize(
    ("ids", "match"),
    [
        (["a", "b", "a"], "'a' names row 0 and row 2"),
        ([1, "b", 2], "make all ids str"),
        ([1.0, 2.0, 3.0], "str or int"),
        ([None, "a", "b"], "missing"),
    ],
)
def test_ids_are_checked(ids: list[object], match: str) -> None:
    """Unique, present, of one type."""
    with pytest.raises(InputError, match=match):
        Corpus({"text": ["x", "y", "z"], "id": ids})


def test_files_of_every_kind(tmp_path: Path) -> None:
    """The same rows from JSONL, gz, CSV, parquet; a folder gives its texts in order."""
    rows = [
        {"id": "a", "text": "One,\u2028two\n", "source": "S"},
        {"id": "b", "text": "é" * 200_000, "source": "T"},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    pl = pytest.importorskip("polars")
    pl.DataFrame(rows).write_csv(tmp_path / "a.csv")
    pl.DataFrame(rows).write_parquet(tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet"):
        corpus = read_corpus(tmp_path / name)
        assert (corpus.ids, corpus.texts) == (["a", "b"], [row["text"] for row in rows]), name
        assert corpus.sources == ["S", "T"]
    folder = tmp_path / "texts"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text("B", encoding="utf-8")
    (folder / "sub" / "a.txt").write_text("A", encoding="utf-8")
    assert read_corpus(folder).ids == ["b", "sub/a"]


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.jsonl", b'{"text": "a"}\nno', "Line 2"),
        ("a.jsonl", b"[1]", "not an object"),
        ("a.txt", b"\xff", "not UTF-8"),
        ("a.doc", b"", "ends in none"),
        ("a.csv", b"text,id\na,b,c", "3 fields"),
        ("a.csv", b"", "empty"),
    ],
)
def test_unreadable_files_say_where(tmp_path: Path, name: str, content: bytes, match: str) -> None:
    """The sentence names the file and the line."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=match):
        read_corpus(tmp_path / name)


def test_a_file_that_is_not_there() -> None:
    """What the operating system refuses stays an OSError."""
    with pytest.raises(FileNotFoundError):
        read_corpus("nowhere.jsonl")
