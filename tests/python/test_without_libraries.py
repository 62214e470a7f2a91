"""Where libraries are not installed: the same corpus from what is there, or what to install.

Each row runs in an interpreter in which imports of the named libraries fail.
"""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("pyarrow", "pandas", "polars", "duckdb")
for _name in (*LIBRARIES, "narwhals"):
    pytest.importorskip(_name)

BEGIN = """
import sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        gone = name.partition(".")[0] in {missing!r}
        return None if gone else PathFinder.find_spec(name, path, target)

# Not None in sys.modules: pyarrow takes that for a pandas without a version.
sys.meta_path[:] = [Without if found is PathFinder else found for found in sys.meta_path]
import warnings
warnings.simplefilter("error")
import nutgraf as ng

TEXTS = ["The bridge is open.", "", "“Déjà vu” 𝒳", "x" * 40]
COLUMNS = {{
    "text": TEXTS,
    "id": ["p", "q", "r", "s"],
    "source": ["A", "B", None, "A"],
    "date": ["2031-03-03", "2031-03-04T12:00", None, ""],
    "words": [4, 0, 3, 1],
}}
WANTED = ng.Corpus(COLUMNS)

def same(data, native=None):
    corpus = ng.Corpus(data)
    assert corpus.texts == TEXTS, corpus.texts
    for name in ("id", "source", "date", "words"):
        assert corpus.column(name) == WANTED.column(name), corpus.column(name)
    assert ng.tokenize(corpus).ids.tolist() == ng.tokenize(WANTED).ids.tolist()
    assert ng.tokenize(corpus).view().counts().data.tolist()
    bare(data["text"] if native in ("pandas", "polars", "pyarrow") else corpus.texts)

def bare(data):
    assert ng.Corpus(data).texts == TEXTS
    assert ng.Corpus(data).ids == [0, 1, 2, 3]
    assert ng.tokenize(data).ids.tolist() == ng.tokenize(WANTED).ids.tolist()
"""

# What each library hands in, and what of it needs no other library.
GIVES = {
    "pandas": """
import pandas as pd
for kind in ("object", "string[python]", "category", None):
    frame = pd.DataFrame(COLUMNS)
    frame["text"] = pd.Series(TEXTS, dtype=kind)
    same(frame, "pandas")
    same(frame.set_index(pd.Index(["a", "a", "b", "b"])), "pandas")
    same({name: frame[name] for name in frame}, "pandas")
gaps = pd.Series(["a", None, "b"])
assert ng.Corpus(gaps, missing="skip").texts == ["a", "", "b"]
days = pd.DataFrame({"text": ["a", "b"], "date": pd.to_datetime(["2031-03-03", None])})
assert ng.Corpus(days).dates == ["2031-03-03", None]
""",
    "polars": """
import polars as pl
same(pl.DataFrame(COLUMNS), "polars")
same(pl.DataFrame(COLUMNS).lazy())
same(pl.concat([pl.DataFrame(COLUMNS)[:1], pl.DataFrame(COLUMNS)[1:]], rechunk=False), "polars")
same(pl.DataFrame(COLUMNS).with_columns(pl.col("text").cast(pl.Categorical)), "polars")
same(pl.DataFrame(COLUMNS).to_dict(), "polars")
class Only:
    def __init__(self, data): self.data = data
    def __arrow_c_stream__(self, schema=None): return self.data.__arrow_c_stream__(schema)
same(Only(pl.DataFrame(COLUMNS)))
bare(Only(pl.Series(TEXTS)))
""",
    "pyarrow": """
import pyarrow as pa
same(pa.table(COLUMNS), "pyarrow")
same(pa.table(COLUMNS).to_reader())
same(pa.RecordBatch.from_pydict(COLUMNS), "pyarrow")
bare(pa.array(TEXTS, pa.string_view()))
""",
    "duckdb": """
import duckdb
rows = [(*row,) for row in zip(*COLUMNS.values())]
marks = ", ".join(["(?, ?, ?, ?, ?)"] * 4)
same(duckdb.sql(
    f"SELECT * FROM (VALUES {marks}) made({', '.join(COLUMNS)})",
    params=[value for row in rows for value in row],
))
""",
}

PLAIN = """
import numpy as np
from collections import deque
rows = [dict(zip(COLUMNS, row)) for row in zip(*COLUMNS.values())]
same(COLUMNS)
same(rows)
same(iter(rows))
same({name: np.array(values, dtype=object) for name, values in COLUMNS.items()})
for data in (TEXTS, tuple(TEXTS), deque(TEXTS), np.array(TEXTS), np.array(TEXTS, dtype=object)):
    bare(data)
assert ng.Corpus(text for text in TEXTS).texts == TEXTS
table = ng.Table({"term": ["a", None], "count": [1, 2]})
assert table.to_dicts() and repr(table) and table._repr_html_()
assert not {"pyarrow", "pandas", "polars", "duckdb", "narwhals"} & {
    name for name, module in sys.modules.items() if module is not None
}
"""


def run(missing: tuple[str, ...], code: str, *arguments: str) -> None:
    """Run code in an interpreter without these libraries."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN.format(missing=missing) + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def without() -> list[tuple[str, ...]]:
    """Return every choice of libraries, but those that leave none out."""
    sizes = range(1, len(LIBRARIES) + 1)
    return [chosen for size in sizes for chosen in itertools.combinations(LIBRARIES, size)]


@pytest.mark.parametrize("missing", without(), ids="-".join)
def test_what_is_there_gives_the_same_corpus(missing: tuple[str, ...]) -> None:
    """Frames of a library that is installed need none of the others; lists need none at all."""
    present = [library for library in LIBRARIES if library not in missing]
    # Plain data first: no library may have been imported for it.
    run(missing, PLAIN + "".join(GIVES[library] for library in present))


def test_lists_and_arrays_need_not_even_narwhals() -> None:
    """Texts without a frame import no library of frames."""
    run((*LIBRARIES, "narwhals"), PLAIN)


def test_results_without_their_libraries() -> None:
    """Conversions work without the libraries that they are not about, or name the missing one."""
    table = 'table = ng.Table({"term": ["a", None], "count": [1, 2], "share": [0.5, None]})\n'
    refused = """
def refused(call, library):
    try:
        call()
    except ModuleNotFoundError as error:
        assert library in str(error) and f"pip install {library}" in str(error), error
    else:
        raise AssertionError(library)
"""
    run(
        ("pyarrow", "polars"),
        table
        + refused
        + 'assert table.to_pandas().to_dict("list")["count"] == [1, 2]\n'
        + "refused(table.to_arrow, 'pyarrow')\nrefused(table.to_polars, 'polars')\n",
    )
    run(
        ("pyarrow", "pandas"),
        table
        + refused
        + "assert table.to_polars().rows() == [('a', 1, 0.5), (None, 2, None)]\n"
        + "refused(table.to_pandas, 'pandas')\n",
    )
    run(
        ("polars", "pandas"),
        table + "assert table.to_arrow().to_pydict()['term'] == ['a', None]\n",
    )


REFUSED = """
try:
    ng.read_corpus(sys.argv[1])
except ng.InputError as error:
    assert {words!r} in str(error), error
    assert str(error).endswith(".") and "\\n" not in str(error), error
else:
    raise AssertionError
"""
READ = """
corpus = ng.read_corpus(sys.argv[1])
assert corpus.texts == TEXTS
assert corpus.dates == WANTED.dates
assert corpus.column("words") == COLUMNS["words"]
"""
TEXTS = ["The bridge is open.", "", "“Déjà vu” 𝒳", "x" * 40]
COLUMNS = {
    "text": TEXTS,
    "date": ["2031-03-03", "2031-03-04T12:00", None, ""],
    "words": [4, 0, 3, 1],
}


def test_parquet_is_read_by_either_library(tmp_path: Path) -> None:
    """One of polars and pyarrow is enough; without both the sentence names them."""
    path = tmp_path / "a.parquet"
    pytest.importorskip("polars").DataFrame(COLUMNS).write_parquet(path)
    run(("pyarrow", "pandas", "duckdb"), READ, str(path))
    run(("polars", "pandas", "duckdb"), READ, str(path))
    words = "a.parquet is read through polars or pyarrow; install one of them"
    run(LIBRARIES, REFUSED.format(words=words), str(path))


def test_lines_need_no_library_but_for_zstandard(tmp_path: Path) -> None:
    """Gzip is Python's own; Zstandard has an extra, which the sentence names."""
    rows = zip(*COLUMNS.values(), strict=True)
    lines = "\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows).encode()
    packed, other = tmp_path / "a.jsonl.gz", tmp_path / "a.jsonl.zst"
    packed.write_bytes(gzip.compress(lines))
    other.write_bytes(pytest.importorskip("zstandard").compress(lines))
    run((*LIBRARIES, "narwhals", "zstandard"), READ, str(packed))
    run((*LIBRARIES, "narwhals"), READ, str(other))
    run(("zstandard",), REFUSED.format(words="install nutgraf[zstd]"), str(other))


def test_what_no_library_can_read_says_which_to_install() -> None:
    """Several columns over bare Arrow need pyarrow or polars; one column needs neither."""
    code = """
table = ng.Table({"text": ["a", "b"], "n": [1, 2]})
try:
    ng.Corpus(table)
except ng.InputError as error:
    assert "read through pyarrow or polars; install one" in str(error), error
else:
    raise AssertionError
one = ng.Table({"text": ["a", "b"]})
assert ng.Corpus(one).texts == ["a", "b"]
assert ng.tokenize(one).ids.tolist() == ng.tokenize(["a", "b"]).ids.tolist()
gaps = ng.Table({"text": ["a", None]})
assert ng.Corpus(gaps, missing="skip").texts == ["a", ""]
try:
    ng.Corpus(gaps)
except ng.TextTypeError as error:
    assert error.row == 1
else:
    raise AssertionError
"""
    run(LIBRARIES, code)
