"""Tables: access, order, hand-over, settings, evidence and audits; display is test_display."""

from __future__ import annotations

import copy
import functools
import json
import math
import pickle
import subprocess
import sys
import textwrap
from typing import Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf._extras import installed
from nutgraf.audit import Audit
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.results import Table

#: No name for a column.
NAME: Any = 1


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


def test_equal_rows_keep_their_order_in_both_directions() -> None:
    """Sorting is stable for arrays and lists, upwards and downwards, and gaps stay in order."""
    keys = [2, 1, 2, None, 1, 2, None]
    table = Table(
        {
            "listed": keys,
            "array": np.array([math.nan if key is None else key for key in keys]),
            "text": [None if key is None else str(key) for key in keys],
            "row": np.arange(7),
        }
    )
    for by in ("listed", "array", "text"):
        assert table.sort(by)["row"].tolist() == [1, 4, 0, 2, 5, 3, 6], by
        assert table.sort(by, descending=True)["row"].tolist() == [0, 2, 5, 1, 4, 3, 6], by


def test_long_lists_are_sorted_in_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs merged two by two give what one sort gives."""
    monkeypatch.setattr("nutgraf._cells._RUN", 4)
    values = [(17 * n) % 11 for n in range(90)]
    table = Table({"text": [f"{value:02}" for value in values], "row": np.arange(90)})
    for descending in (False, True):
        expected = sorted(range(90), key=values.__getitem__, reverse=descending)
        assert table.sort("text", descending=descending)["row"].tolist() == expected


def test_a_mask_may_come_from_anywhere(table: Table) -> None:
    """Lists and boolean columns of every library; what is no mask is refused in a sentence."""
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    flags = [True, False, False, True]
    masks = [
        flags,
        tuple(flags),
        np.array(flags),
        pd.Series(flags, index=[9, 8, 7, 6]),
        pd.Series(flags, dtype="boolean"),
        pl.Series(flags),
        pa.array(flags),
        pa.chunked_array([flags[:1], flags[1:]]),
    ]
    for mask in masks:
        assert table.filter(mask)["row"].tolist() == [0, 3], type(mask)
    assert len(table.head(0).filter([])) == 0
    gaps: list[Any] = [True, None, False, True]
    for wrong in ([1, 0, 0, 1], gaps, pl.Series(gaps)):
        with pytest.raises(ParameterError, match="mask has type") as caught:
            table.filter(wrong)
        assert caught.value.parameter == "mask"


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda t: t.head(-1), ParameterError, "n is -1, but"),
        (lambda t: t.head(2.0), ParameterError, "n is 2.0, but"),
        (lambda t: t.head(True), ParameterError, "n is True, but"),
        (lambda t: t[0], ParameterError, "name is 0, but it must be the name of a column"),
        (lambda t: t[["p", "row"]], ParameterError, "but it must be the name of a column"),
        (lambda t: t[0:2], ParameterError, "but it must be the name of a column"),
        (lambda t: t["nope"], ParameterError, "no column 'nope' in this table; it has 'term'"),
        (lambda t: t.sort("nope"), ParameterError, "no column 'nope'"),
        (lambda t: t.sort(b"p"), ParameterError, "by is b'p', but"),
        (lambda t: t.sort("p", descending="no"), ParameterError, "descending is 'no', but"),
        (lambda t: t.evidence(True), ParameterError, "row is True, but"),
        (lambda t: t.evidence(1.0), ParameterError, "row is 1.0, but"),
        (lambda t: t.evidence("0"), ParameterError, "row is '0', but"),
        (lambda t: t.evidence(4), InputError, "Row 4 does not exist: the table has 4 rows"),
        (lambda t: t.evidence(-5), InputError, "Row -5 does not exist"),
        (lambda t: t.audit(0), ParameterError, "n is 0, but"),
        (lambda t: t.audit(5.0), ParameterError, "n is 5.0, but"),
        (lambda t: t.audit(seed=-1), ParameterError, "seed is -1, but"),
        (lambda t: t.audit(seed=True), ParameterError, "seed is True, but"),
        (lambda t: t.audit(2).precision("ab"), ParameterError, "verdicts is 'ab', but"),
        (lambda t: t.audit(2).precision(["no", True]), ParameterError, "verdicts holds 'no' in"),
        (lambda t: t.audit(2).precision([0, 1]), ParameterError, "verdicts holds 0 in row 0"),
        (lambda _: Table({NAME: [1]}), InputError, "named 1, but names must be str"),
        (lambda _: Table({"a": "abc"}), InputError, "'abc', but it must be an array or a list"),
        (lambda _: Table({"a": 7}), InputError, "7, but it must be an array or a list"),
        (lambda _: Table({"a": np.zeros((2, 2))}), InputError, "2 dimensions"),
        (lambda _: Table({"a": np.array(["2031-01-01"], "M8[D]")}), InputError, "dates as str"),
        (lambda _: Table({"a": [1, "b"]}).sort("a"), ParameterError, "have no order"),
    ],
)
def test_wrong_calls_get_a_sentence(
    table: Table, call: Any, error: type[Exception], sentence: str
) -> None:
    """Name, value, rule and remedy; the table is as it was."""
    before = repr(table)
    with pytest.raises(error) as caught:
        call(table)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
    assert repr(table) == before


def test_a_table_cannot_be_changed_behind_its_back(table: Table) -> None:
    """Arrays are read-only, lists and settings are copies, and the caller's arrays are copied."""
    with pytest.raises(ValueError, match="read-only"):
        table["count"][0] = 99
    table["term"].append("more")
    table.settings["seed"] = 99
    assert (len(table["term"]), table.settings) == (4, {"seed": 0})
    own, listed = np.array([1, 2]), ["a", "b"]
    made = Table({"own": own, "listed": listed}, settings={"deep": [listed]})
    own[0], listed[0] = 99, "changed"
    assert (made["own"].tolist(), made["listed"]) == ([1, 2], ["a", "b"])
    assert made.settings == {"deep": [["a", "b"]]}
    for again in (made.sort("own"), made.head(1), copy.deepcopy(made)):
        with pytest.raises(ValueError, match="read-only"):
            again["own"][0] = 99
    again = pickle.loads(pickle.dumps(made))
    with pytest.raises(ValueError, match="read-only"):
        again["own"][0] = 99
    pd = pytest.importorskip("pandas")
    frame = made.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    frame.loc[0, "own"] = 99
    assert made["own"].tolist() == [1, 2]


def test_columns_keep_their_type_without_rows() -> None:
    """What is filtered away, or was missing, does not change the type of a column."""
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    table = Table(
        {
            "text": ["a", None],
            "whole": [1, None],
            "part": [0.5, None],
            "flag": [None, True],
            "array": np.array([1, 2]),
            "nan": ["a", math.nan],
        }
    )
    none = table.filter([False, False])
    assert pa.table(none).schema.types == pa.table(table).schema.types
    assert pa.table(none).schema.types == [
        pa.large_string(),
        pa.int64(),
        pa.float64(),
        pa.bool_(),
        pa.int64(),
        pa.large_string(),
    ]
    assert none.to_polars().schema == table.to_polars().schema
    assert none.to_polars().schema["whole"] == pl.Int64
    assert none.to_pandas().dtypes.tolist() == table.to_pandas().dtypes.tolist()
    assert table.to_pandas()["whole"].tolist() == [1, pd.NA]
    assert none.to_dicts() == []
    assert Table({}).to_dicts() == []
    assert pa.table(Table({})).num_columns == 0
    assert Table({}).to_pandas().shape == (0, 0)
    large = Table({"n": [2**63, None]})
    with pytest.raises(InputError, match="row 0"):
        pa.table(large)


@pytest.mark.parametrize("missing", ["pandas", "polars", "pyarrow"])
def test_a_library_that_is_missing_is_one_sentence(missing: str) -> None:
    """Conversions work without the others; the one that needs the missing library says so."""
    others = {"to_pandas": "pandas", "to_polars": "polars", "to_arrow": "pyarrow"}
    if not all(map(installed, others.values())):
        pytest.skip("the three libraries are needed to take one away")
    script = textwrap.dedent(
        f"""
        import sys

        class Gone:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == {missing!r}:
                    raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

        sys.meta_path.insert(0, Gone())
        from nutgraf.results import Table
        table = Table({{"a": ["x", None], "n": [1, 2], "f": [0.5, None]}}, native={missing!r})
        for name, library in {others!r}.items():
            try:
                frame = getattr(table, name)()
            except ModuleNotFoundError as error:
                print(name, "|", error)
            else:
                assert len(frame) == 2, name
                print(name, "| works")
        try:
            table.to_native()
        except ModuleNotFoundError as error:
            print("to_native |", error)
        assert table.to_dicts()[0] == {{"a": "x", "n": 1, "f": 0.5}}
        assert len(repr(table).splitlines()) == 3 and "<table" in table._repr_html_()
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    said = dict(line.split(" | ") for line in done.stdout.splitlines())
    for name, library in others.items():
        if library == missing:
            expected = f"Table.{name} needs {library}, which is not installed; run: pip install"
            assert said[name].startswith(expected)
        else:
            assert said[name] == "works"
    assert f"needs {missing}, which is not installed" in said["to_native"]
    assert "to_dicts() needs no library" in said["to_native"]


@pytest.fixture(scope="module")
def corpus() -> ng.Corpus:
    """Return a corpus with one group of copies and two sources."""
    story = "Both sides agreed on Tuesday to halt the shelling of the river port. Nobody signed."
    other = "The mayor opened a bridge. It is a long bridge, and the bridge is new."
    return ng.Corpus(
        {
            "text": [story, other, "Update: " + story, other.replace("mayor", "queen"), "Rain."],
            "id": ["a", "b", "c", "d", "e"],
            "source": ["A", "B", "B", "A", "A"],
            "date": ["2031-03-03", "2031-03-03", "2031-03-04", "2031-03-05", "2031-03-06"],
        }
    )


def test_settings_say_everything_and_nothing_of_the_machine(corpus: ng.Corpus) -> None:
    """Parameters, seed, versions and the input; the same for any number of threads; JSON."""
    every = []
    for threads in (1, 3):
        tokens = ng.tokenize(corpus, threads=threads)
        view = tokens.view(lower=True, stop_words={"the", "a", "on", "of"})
        found = ng.near_duplicates(view, threshold=0.4, threads=threads)
        counts = view.counts(ngram_range=(1, 2), threads=threads)
        table = ng.keyness(
            counts, target={"source": "A"}, clusters=found.labels, seed=7, threads=threads
        )
        every.append([table.settings, found.pairs.settings, found.clusters.sort("id").settings])
    assert json.dumps(every[0]) == json.dumps(every[1])
    words, pairs, clusters = every[0]
    assert pairs == clusters
    assert (pairs["threshold"], pairs["shingle"], pairs["max_pairs"]) == (0.4, 5, 5_000_000)
    assert (words["target"], words["seed"], words["permutations"]) == ({"source": "A"}, 7, 9999)
    assert words["clusters"] == [0, 1, 0, 1, 4]
    assert words["input"] == {
        "documents": 5,
        "fingerprint": corpus.fingerprint,
        "language": None,
        "tailorings": None,
        "pattern": None,
        "view": {
            "lower": True,
            "normalize": "NFC",
            "fold_punctuation": False,
            "hyphens": "split",
            "stop_words": ["a", "of", "on", "the"],
            "stem": None,
            "strip_accents": False,
            "min_length": 1,
            "kinds": ["word", "number", "handle", "hashtag"],
        },
        "counts": {
            "ngram_range": [1, 2],
            "skip": [0],
            "within": "document",
            "across_gaps": False,
            "min_df": 1,
            "max_df": 1.0,
            "max_terms": None,
        },
    }
    assert set(words["versions"]) == {"nutgraf", "python", "numpy"}
    assert "threads" not in json.dumps(every)


def test_the_fingerprint_is_that_of_the_texts_in_their_order(corpus: ng.Corpus) -> None:
    """Equal texts have equal fingerprints, wherever they came from; another order is another."""
    assert ng.Corpus(corpus.texts).fingerprint == corpus.fingerprint
    assert corpus[[1, 0, 2, 3, 4]].fingerprint != corpus.fingerprint
    assert len(corpus.fingerprint) == 32


def test_long_arrays_in_settings_are_named_by_their_hash() -> None:
    """A mask of many documents does not fill the settings, and another mask is another hash."""
    counts = ng.tokenize(["a truce", "a war"] * 20).counts()
    masks = [[True, False] * 20, [True] * 20 + [False] * 20]
    said = [ng.keyness(counts, target=mask, permutations=99).settings["target"] for mask in masks]
    assert said[0]["values"] == 40
    assert said[0]["hash"] != said[1]["hash"]


def test_rows_lead_back_to_their_text(corpus: ng.Corpus) -> None:
    """Pairs and clusters show both texts, words their sentences on either side; also sorted."""
    found = ng.near_duplicates(corpus)
    assert found.pairs["left"] == ["a", "b"]
    assert "halt the shelling" in found.pairs.evidence(0).text
    assert "<mark" in found.pairs.evidence(0).html
    back = found.clusters.sort("row", descending=True)
    assert back["id"] == ["d", "c", "b", "a"]
    assert "bridge is new" in back.evidence(0).text
    # The representative is shown alone: it is the text that the others are held against.
    assert back.evidence(3).text.endswith("Nobody signed.")
    counts = ng.tokenize(corpus).view(lower=True).counts(ngram_range=(1, 2))
    table = ng.keyness(counts, target={"source": "A"}, permutations=99).sort("term")
    row = table["term"].index("the mayor")
    shown = table.evidence(row)
    assert shown.text.splitlines() == [
        "the mayor: target",
        "  (nowhere)",
        "the mayor: reference",
        "  b, B, 2031-03-03: [The mayor] opened a bridge.",
    ]
    assert shown.html.count("<mark") == 1
    bridge = table.evidence(table["term"].index("bridge")).text
    assert bridge.count("[bridge]") == 6, "three uses on each side"
    again = pickle.loads(pickle.dumps(table))
    assert again.evidence(row) == shown


def test_n_grams_are_not_shown_across_a_removed_word() -> None:
    """Evidence follows the rule that was counted by: no n-gram across a gap unless asked."""
    texts = ["peace of mind. Then peace mind.", "war now"]
    for across, expected in ((False, ["peace mind"]), (True, ["peace of mind", "peace mind"])):
        view = ng.tokenize(texts).view(lower=True, stop_words=["of"])
        counts = view.counts(ngram_range=(2, 2), across_gaps=across)
        table = ng.keyness(counts, target=[0], permutations=99)
        shown = table.evidence(table["term"].index("peace mind")).text
        assert [f"[{found}]" in shown for found in expected] == [True] * len(expected)
        assert shown.count("[") == len(expected)


def test_every_table_of_a_comparison_has_settings_and_evidence() -> None:
    """Rows that stand for spans lead to them, and every setting can be written as JSON."""
    result = ng.compare(ng.load_sample(), permutations=99)
    small = ng.compare(ng.load_sample()[[0, 5, 12, 20]])
    for comparison in (result, small):
        for name, section in comparison.sections.items():
            for table in section.values() if isinstance(section, dict) else [section]:
                assert {"input", "versions"} <= set(json.loads(json.dumps(table.settings)))
                if name != "sources":
                    for row in range(min(3, len(table))):
                        assert table.evidence(row).text
                        assert table.evidence(row).html.startswith(("<div", "<table"))
    terms = result.sections["terms"]
    assert isinstance(terms, Table)
    assert f"[{terms['sentence'][0][terms['start'][0] - terms['sentence_start'][0] :][:3]}" in (
        terms.evidence(0).text
    )
    empty = small.sections["copies"]
    assert isinstance(empty, Table)
    assert (len(empty), empty["similarity"].dtype, empty["cluster"].dtype) == (0, "f8", "i8")
