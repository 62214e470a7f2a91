"""What callers may pass as documents, and the sentences when they may not."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from nutgraf.corpus import Corpus, read_corpus
from nutgraf.exceptions import InputError, NutgrafWarning, TextTypeError


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


def test_a_file_that_is_not_there() -> None:
    """What the operating system refuses stays an OSError."""
    with pytest.raises(FileNotFoundError):
        read_corpus("nowhere.jsonl")
