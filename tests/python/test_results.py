"""Tables: access, order, hand-over, evidence and display."""

from __future__ import annotations

import copy
import functools
import math
import pickle
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from nutgraf import _html
from nutgraf.audit import Audit
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.results import Table


def _evidence(prefix: str, row: int) -> str:
    return f"{prefix} <{row}>"


@pytest.fixture
def table() -> Table:
    """Return a table of every kind of column."""
    return Table(
        {
            "term": ["peace", "war", None, "gas & oil"],
            "count": np.array([3, 12, 1, 7]),
            "p": np.array([0.5, math.nan, 0.01, 0.2]),
            "kept": np.array([True, False, True, True]),
            "row": np.array([0, 1, 2, 3], dtype=np.uint32),
        },
        settings={"seed": 0},
        evidence=functools.partial(_evidence, "row"),
        native="polars",
        name="terms",
    )


def test_columns_are_arrays_or_lists(table: Table) -> None:
    """Numbers are numpy, text is a list."""
    assert table.columns == ["term", "count", "p", "kept", "row"]
    assert isinstance(table["count"], np.ndarray)
    assert table["term"] == ["peace", "war", None, "gas & oil"]
    assert (len(table), table.settings) == (4, {"seed": 0})
    with pytest.raises(ParameterError, match="no column 'trem'"):
        table["trem"]


def test_sort_filter_head(table: Table) -> None:
    """Gaps come last in both directions; evidence follows its row."""
    assert list(table.sort("p")["row"]) == [2, 3, 0, 1]
    assert list(table.sort("p", descending=True)["row"]) == [0, 3, 2, 1]
    assert table.sort("term")["term"] == ["gas & oil", "peace", "war", None]
    kept = table.filter(table["count"] > 2)
    assert list(kept["row"]) == [0, 1, 3]
    assert kept.evidence(2).text == "row <3>"
    assert "row &lt;3&gt;" in kept.evidence(-1).html
    assert len(table.head(2)) == 2
    assert len(table.head(99)) == 4
    with pytest.raises(ParameterError, match="bool with 4 values"):
        table.filter([True])
    with pytest.raises(InputError, match="4 rows"):
        table.evidence(4)
    with pytest.raises(InputError, match="no evidence"):
        Table({"a": [1]}).evidence(0)


def test_hand_over_to_every_library(table: Table) -> None:
    """The same rows everywhere, with gaps where they were."""
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    expected = table["term"]
    assert pl.DataFrame(table)["term"].to_list() == expected
    assert pa.table(table)["term"].to_pylist() == expected
    assert table.to_arrow().schema.field("row").type == pa.uint32()
    assert table.to_polars()["count"].to_list() == [3, 12, 1, 7]
    assert isinstance(table.to_native(), pl.DataFrame)
    frame = table.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["kept"].tolist() == [True, False, True, True]
    assert table.to_dicts()[0] == {"term": "peace", "count": 3, "p": 0.5, "kept": True, "row": 0}


def test_duckdb_reads_a_table_by_its_name(table: Table) -> None:  # noqa: ARG001 - read by name
    """Over Arrow, without a copy of ours in between."""
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql('select term from "table" where count > 5 order by count').fetchall()
    assert found == [("gas & oil",), ("war",)]


@pytest.mark.parametrize("rows", [0, 1])
def test_odd_columns_cross_arrow(rows: int) -> None:
    """Empty tables, narrow widths, optional numbers, strided arrays."""
    pa = pytest.importorskip("pyarrow")
    columns: dict[str, Any] = {
        "narrow": np.zeros(rows, dtype=np.int32),
        "single": np.zeros(rows, dtype=np.float32),
        "strided": np.arange(4, dtype=np.int64)[: 2 * rows : 2],
        "optional": [None] * rows,
        "reversed": np.arange(rows)[::-1],
    }
    assert pa.table(Table(columns)).num_rows == rows
    assert pa.table(Table({"n": [1, None]}))["n"].to_pylist() == [1, None]
    assert pa.table(Table({"x": [0.5, None, 1]}))["x"].to_pylist() == [0.5, None, 1.0]
    assert pa.table(Table({"b": [True, None]}))["b"].to_pylist() == [True, None]
    with pytest.raises(InputError, match=r"beyond 2"):
        pa.table(Table({"u": np.array([2**63], dtype=np.uint64)}))
    with pytest.raises(InputError, match='Column "x" holds'):
        pa.table(Table({"x": [{"a": 1}]}))


def test_uneven_columns_are_refused() -> None:
    """A table has one length."""
    with pytest.raises(InputError, match="length"):
        Table({"a": [1], "b": [1, 2]})


def test_pickle_and_copy(table: Table) -> None:
    """Also after the Arrow side was built."""
    table.to_polars()
    for again in (pickle.loads(pickle.dumps(table)), copy.copy(table), copy.deepcopy(table)):
        assert repr(again) == repr(table)
        assert again.evidence(1).text == "row <1>"


def test_an_audit_is_a_fixed_sample_with_an_interval() -> None:
    """The same seed draws the same rows; verdicts become a precision."""
    table = Table({"n": list(range(100))}, evidence=str)
    audit = table.audit(n=20, seed=3)
    assert isinstance(audit, Audit)
    assert list(audit["n"]) == list(table.audit(n=20, seed=3)["n"]) != list(table.audit(20)["n"])
    assert audit["verdict"] == [None] * 20
    assert audit.evidence(4).text == str(audit["n"][4])
    share, low, high = audit.precision([True] * 9 + [False] + [None] * 10)
    # Wilson, 9 of 10: R's prop.test(9, 10, correct = FALSE).
    assert (share, round(low, 4), round(high, 4)) == (0.9, 0.5958, 0.9821)
    assert all(map(math.isnan, audit.precision([None] * 20)))
    with pytest.raises(ParameterError, match="20 rows"):
        audit.precision([True])


def test_text_display_is_cut() -> None:
    """Ten rows, long cells cut, the rest counted."""
    lines = repr(Table({"text": ["word " * 30] * 12, "n": list(range(12))})).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "… 2 more rows"
    assert max(map(len, lines)) < 60
    assert "(no rows)" in repr(Table({"a": []}))
    assert "columns)" in repr(Table({f"column_{n:02}": ["x" * 20] for n in range(12)}))


class _Tags(HTMLParser):
    """Collects tags and attribute names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)


HOSTILE = "</td><script>alert(1)</script>\"' onload=x \u202e\x00&amp;"


def test_html_is_plain_and_escaped() -> None:
    """No script, style element, class, inline drawing or remote address, whatever documents say."""
    table = Table({HOSTILE: [HOSTILE] * 30, "n": list(range(30))}, name=HOSTILE)
    body = table._repr_html_() + _html.figure("<svg>…</svg>", HOSTILE, caption=HOSTILE)
    body += _html.side_by_side(_html.mark(HOSTILE, [(0, 5, 1)]), "", heads=(HOSTILE, HOSTILE))
    page = _html.page(HOSTILE, body, language=HOSTILE)
    found = _Tags(page)
    assert not found.tags & {"script", "style", "svg", "link", "iframe"}
    assert not found.names & {"class", "onload", "id", "href"}
    assert not re.search(r"https?:|\u202e|\x00", page)
    assert "10 more rows" in body
    assert "text-align:right" in body


def test_marks_carry_number_and_colour() -> None:
    """Overlaps are cut, text stays whole."""
    marked = _html.mark("a <b> c d", [(2, 5, 1), (4, 7, 2), (8, 99, 9)])
    assert re.sub(r"<small>.*?</small> |</?mark[^>]*>", "", marked) == "a &lt;b&gt; c d"
    assert marked.count("<mark") == 3
    assert "[9]" in marked
