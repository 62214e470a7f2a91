"""Files that are damaged or cut short: each sentence names the file and the place."""

from __future__ import annotations

import codecs
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

import nutgraf as ng
from nutgraf.exceptions import InputError, TextTypeError

if TYPE_CHECKING:
    from pathlib import Path

zstandard: Any = pytest.importorskip("zstandard")

ROWS = [{"id": f"n{row}", "text": f"Row {row}: “Déjà vu” 𝒳\r\n, and on"} for row in range(40)]
LINES = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()
GZ, ZST = gzip.compress(LINES), zstandard.compress(LINES)
CSV = b'id,text\r\np,one\r\nq,"two,\r\nthree"\r\n'


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINES),
        ("a.ndjson", LINES),
        ("a.JSONL", LINES + b"\n"),
        ("a.jsonl", codecs.BOM_UTF8 + LINES),
        ("a.jsonl", LINES.replace(b"\n", b"\r\n")),
        ("a.jsonl", LINES.replace(b"\n", b"\n\n \t\r\n")),
        ("a.jsonl.gz", GZ),
        ("a.jsonl.gz", gzip.compress(LINES[:99]) + gzip.compress(LINES[99:])),
        ("a.jsonl.zst", ZST),
        ("a.jsonl.zst", zstandard.compress(LINES[:99]) + zstandard.compress(LINES[99:])),
    ],
)
def test_lines_are_read_however_they_end(tmp_path: Path, name: str, content: bytes) -> None:
    """Marks, line ends, blank lines and members of an archive change nothing."""
    corpus = ng.read_corpus(write(tmp_path, name, content))
    assert corpus.ids == [row["id"] for row in ROWS]
    assert corpus.texts == [row["text"] for row in ROWS]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv", codecs.BOM_UTF8 + CSV),
        ("a.csv", b"\r\n" + CSV + b"\r\n\r\n"),
        ("a.csv.gz", gzip.compress(CSV)),
        ("a.csv.zst", zstandard.compress(CSV)),
    ],
)
def test_csv_is_read_however_it_ends(tmp_path: Path, name: str, content: bytes) -> None:
    """Line ends inside quotes belong to the text, those between rows do not."""
    corpus = ng.read_corpus(write(tmp_path, name, content))
    assert corpus.ids == ["p", "q"]
    assert corpus.texts == ["one", "two,\r\nthree"]


def test_a_text_file_is_one_document(tmp_path: Path) -> None:
    """Its mark is no part of the text, its line ends are."""
    path = write(tmp_path, "a.b.txt", codecs.BOM_UTF8 + "é\r\nb\n".encode())
    assert (ng.read_corpus(path).ids, ng.read_corpus(path).texts) == (["a.b"], ["é\r\nb\n"])
    assert ng.read_corpus(write(tmp_path, "e.txt", b"")).texts == [""]


def test_missing_values_of_files(tmp_path: Path) -> None:
    """``null`` and a missing key are missing; an empty cell of CSV is an empty text."""
    content = b'{"text": "a", "date": null}\n{"date": "1815"}\n{"text": null}\n'
    path = write(tmp_path, "a.jsonl", content)
    with pytest.raises(TextTypeError, match=r"in 2 of 3 rows \(row 1, 2\)"):
        ng.read_corpus(path)
    corpus = ng.read_corpus(path, missing="skip")
    assert (corpus.texts, corpus.dates) == (["a", "", ""], [None, "1815", None])
    assert ng.read_corpus(write(tmp_path, "a.csv", b"text,date\n,\n")).texts == [""]


BROKEN: list[tuple[str, bytes, str]] = [
    ("a.jsonl.gz", GZ[:-9], r"^a\.jsonl\.gz cannot be unpacked \(.*\); it is damaged or cut short"),
    ("a.jsonl.gz", GZ[:40], "damaged or cut short"),
    ("a.jsonl.gz", GZ[:60] + b"\0\0\0\0" + GZ[64:], "damaged or cut short"),
    ("a.jsonl.gz", LINES, "damaged or cut short"),
    ("a.csv.gz", gzip.compress(CSV)[:-4], "damaged or cut short"),
    ("a.jsonl.zst", ZST[:-9], "damaged or cut short"),
    ("a.jsonl.zst", ZST[:30] + b"\xff\xff\xff\xff" + ZST[34:], "damaged or cut short"),
    ("a.jsonl.zst", LINES, "damaged or cut short"),
    ("a.csv.zst", zstandard.compress(CSV)[:8], "damaged or cut short"),
    ("a.txt", b"abc\xff", r"^a\.txt is not UTF-8 \(byte 3\)"),
    ("a.txt", b"abc\xc3", r"\(byte 3\)"),
    ("a.txt", b"x" * (1 << 20) + b"\xff", r"\(byte 1,048,576\)"),
    ("a.txt", b"x" * ((1 << 20) - 1) + b"\xc3a", r"\(byte 1,048,575\)"),
    ("a.txt", "abc".encode("utf-16"), r"\(byte 0\)"),
    ("a.jsonl", b'{"text": "a"}\n{"text": "\xe9"}', r"\(line 2, byte 24\)"),
    ("a.jsonl", codecs.BOM_UTF8 + b'{"text": "\xe9"}', r"\(line 1, byte 13\)"),
    ("a.jsonl.gz", gzip.compress(b'\n{"text": "\xe9"}'), r"\(line 2, byte 11\)"),
    ("a.csv", b"text\na\n\xe9", r"\(line 3, byte 7\)"),
    ("a.jsonl", b'{"text": NaN}', r"^Line 1 of a\.jsonl is not usable: NaN is no JSON; write null"),
    ("a.jsonl", b'{"text": "a"}\n{"n": -Infinity}', "^Line 2 .* -Infinity is no JSON"),
    ("a.jsonl", b'{"text": "a", "text": "b"}', "the key 'text' stands twice"),
    ("a.jsonl", b'{"text": "a"}\n\n["b"]', "^Line 3 of a.jsonl is list, not an object"),
    ("a.jsonl", b'{"text": "a"', r"^Line 1 of a\.jsonl is not JSON"),
    ("a.jsonl", b'{"text": "a"} {"text": "b"}', r"^Line 1 of a\.jsonl is not JSON"),
    ("a.jsonl", b"[" * 100_000, r"^Line 1 of a\.jsonl is not usable"),
    ("a.jsonl", b'{"n": ' + b"9" * 5000 + b"}", r"^Line 1 of a\.jsonl is not usable"),
    ("a.jsonl", b" \n\n", r"^a\.jsonl is empty"),
    ("a.csv", b"text,id\na,p\nb\n", r"^Row 1 of a\.csv \(line 3\) has 1 fields, .* names 2"),
    ("a.csv", b'text,id\n"a\nb",p\nc,q,r\n', r"^Row 1 of a\.csv \(line 4\) has 3 fields"),
    ("a.csv", b"text,id\na,p\n \nb,q\n", r"^Row 1 of a\.csv \(line 3\) has 1 fields"),
    ("a.csv", b'text\n"a\nb\n', r"^a\.csv is not CSV"),
    ("a.csv", b'text\n"a"b\n', r"^a\.csv is not CSV \(line 2: "),
    ("a.csv", b"text;id\na;p\n", "parted by ';', but commas are needed"),
    ("a.csv", b"text\tid\na\tp\n", "but commas are needed"),
    ("a.csv", b"text,n,n\na,1,2\n", r"^Two columns are named 'n' \(columns 1 and 2"),
    ("a.csv", b"\r\n", r"^a\.csv is empty"),
    ("a.csv", b"body\na\n", "text is 'text', but there is no such column"),
    ("a.parquet", b"PAR1 no", r"^a\.parquet is no parquet file that can be read"),
    ("a.parquet", b"", r"^a\.parquet is no parquet file that can be read"),
    ("a.xlsx", b"", r"^a\.xlsx ends in none of"),
    ("a.txt.gz", GZ, r"^a\.txt\.gz ends in none of"),
]


@pytest.mark.parametrize(("name", "content", "match"), BROKEN)
def test_what_cannot_be_read_says_where(
    tmp_path: Path, name: str, content: bytes, match: str
) -> None:
    """One sentence: the file, the line or the byte, and what to do."""
    with pytest.raises(InputError, match=match) as caught:
        ng.read_corpus(write(tmp_path, name, content))
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_folder_without_texts(tmp_path: Path) -> None:
    """Other files of a folder are not looked at; a folder of none is refused."""
    write(tmp_path, "a.jsonl", LINES)
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(InputError, match=r"holds no \.txt file"):
        ng.read_corpus(tmp_path)
    write(tmp_path / "b.txt", "c.TXT", b"c")
    assert ng.read_corpus(tmp_path).ids == ["b.txt/c"]
    write(tmp_path, "d.txt", b"d\xff")
    with pytest.raises(InputError, match=r"^d\.txt is not UTF-8 \(byte 1\)"):
        ng.read_corpus(tmp_path)
