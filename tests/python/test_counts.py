"""Counts: which terms stay, what they weigh, counts of others: named rows, published numbers."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = ["a b b c", "a b d", "a e e e", "a d"]
CORPUS = ng.Corpus({"text": TEXTS, "source": ["X", "Y", "X", None], "words": [4, 3, 4, 2]})
COUNTS = ng.tokenize(CORPUS).counts()
MOST = 2**32 - 1


def dense(counts: ng.Counts) -> list[list[int]]:
    """Return every cell, zeros included."""
    rows: list[list[int]] = counts.matrix.toarray().tolist()
    return rows


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, ["a", "b", "c", "d", "e"]),
        ({"max_terms": 9}, ["a", "b", "c", "d", "e"]),
        ({"max_terms": 1}, ["a"]),
        # Three each of b and e: the one that occurs first.
        ({"max_terms": 2}, ["a", "b"]),
        ({"max_terms": 3}, ["a", "b", "e"]),
        ({"max_terms": 4}, ["a", "b", "d", "e"]),
        # The limits on documents come first.
        ({"max_terms": 1, "max_df": 3}, ["b"]),
        ({"max_terms": 2, "max_df": 1}, ["c", "e"]),
        ({"max_terms": 2, "min_df": 2, "max_df": 0.5}, ["b", "d"]),
        ({"max_df": 1.0}, ["a", "b", "c", "d", "e"]),
        ({"max_df": 1}, ["c", "e"]),
        ({"min_df": 1.0}, ["a"]),
        ({"min_df": 1}, ["a", "b", "c", "d", "e"]),
        ({"min_df": 0.5}, ["a", "b", "d"]),
        ({"min_df": 0.51}, ["a"]),
        ({"max_df": 0.49}, ["c", "e"]),
        ({"min_df": np.int32(2), "max_terms": np.int64(2)}, ["a", "b"]),
    ],
    ids=str,
)
def test_limits_keep_terms_in_their_order(limits: dict[str, Any], expected: list[str]) -> None:
    """Documents first, then occurrences; and scikit-learn keeps the same, but where it ties."""
    counts = ng.tokenize(CORPUS).counts(**limits)

    assert counts.terms == expected
    assert counts.totals.tolist() == [4, 3, 4, 2]
    whole = dict(zip(COUNTS.terms, COUNTS.matrix.toarray().T.tolist(), strict=True))
    assert counts.matrix.toarray().T.tolist() == [whole[term] for term in expected]
    theirs = {"token_pattern": r"\S+"}
    theirs |= {"max_features" if k == "max_terms" else k: v for k, v in limits.items()}
    vectorizer = CountVectorizer(**theirs).fit(TEXTS)
    assert sorted(vectorizer.get_feature_names_out()) == expected


def test_a_share_means_the_documents_that_it_names() -> None:
    """0.07 of 100 is 7 documents, although 0.07 * 100 is 7.000000000000001 to a computer."""
    texts = ["seven"] * 7 + ["other"] * 93
    assert ng.tokenize(texts).counts(min_df=0.07).terms == ["seven", "other"]
    theirs = CountVectorizer(min_df=0.07).fit(texts).get_feature_names_out().tolist()
    assert theirs == ["other"]


@pytest.mark.parametrize(
    "labels",
    [
        ["n", "s", "n", "e"],
        ("n", "s", "n", "e"),
        np.array(["n", "s", "n", "e"]),
        np.array(["n", "s", "n", "e"], dtype=object),
        pd.Series(["n", "s", "n", "e"], index=[9, 8, 7, 6]),
        pd.Series(["n", "s", "n", "e"], dtype="category"),
        pl.Series(["n", "s", "n", "e"]),
        pa.array(["n", "s", "n", "e"]),
        pa.chunked_array([["n"], ["s", "n", "e"]]),
    ],
    ids=lambda labels: f"{type(labels).__module__}.{type(labels).__name__}",
)
def test_labels_come_from_any_library(labels: Any) -> None:
    """Groups are plain Python values in the order of first occurrence."""
    grouped = COUNTS.group(labels)

    assert grouped.groups == grouped.ids == ["n", "s", "e"]
    assert all(type(group) is str for group in grouped.groups)
    assert dense(grouped) == [[2, 2, 1, 0, 3], [1, 1, 0, 1, 0], [1, 0, 0, 1, 0]]
    assert grouped.totals.tolist() == [8, 3, 2]


@pytest.mark.parametrize(
    "labels",
    [
        [1, None, 1, None],
        [1.0, math.nan, 1.0, math.nan],
        np.array([1.0, np.nan, 1.0, np.nan]),
        pd.Series([1, None, 1, None], dtype="Int64"),
        pl.Series([1, None, 1, None]),
    ],
    ids=lambda labels: f"{type(labels).__module__}.{type(labels).__name__}",
)
def test_missing_labels_are_one_group(labels: Any) -> None:
    """No document is lost, and NaN is not a group for each document."""
    grouped = COUNTS.group(labels)

    assert grouped.groups == [1, None]
    assert grouped.totals.tolist() == [8, 5]
    assert COUNTS.group("source").groups == ["X", "Y", None]
    assert COUNTS.group("words").groups == [4, 3, 2]


def test_rows_columns_and_sums() -> None:
    """One row as a dict, one column with its zeros, sums over rows; all in plain types."""
    assert COUNTS[0] == {"a": 1, "b": 2, "c": 1}
    assert COUNTS[-1] == {"a": 1, "d": 1}
    assert COUNTS.column("b").tolist() == [2, 1, 0, 0]
    assert COUNTS.frequency.tolist() == [4, 3, 1, 2, 3]
    assert COUNTS.document_frequency.tolist() == [4, 2, 1, 2, 1]
    assert {COUNTS.frequency.dtype, COUNTS.column("a").dtype} == {np.dtype(np.int64)}
    weighted = COUNTS.relative()
    assert weighted[1] == {"a": 1 / 3, "b": 1 / 3, "d": 1 / 3}
    assert weighted.column("b").tolist() == [0.5, 1 / 3, 0, 0]
    assert COUNTS.ids == weighted.ids == [0, 1, 2, 3]


def test_rows_outside_are_index_errors() -> None:
    """As for a list, so that a loop over rows ends."""
    assert [sum(row.values()) for row in COUNTS] == COUNTS.totals.tolist()  # type: ignore[attr-defined]
    with pytest.raises(IndexError, match="there are 4 rows"):
        COUNTS[4]
    with pytest.raises(IndexError, match="row is -5"):
        COUNTS.relative()[-5]


def test_the_most_frequent_terms() -> None:
    """Of all rows, or of each group; equal ones in the order of first occurrence."""
    table = COUNTS.top(3)
    assert table["term"] == ["a", "b", "e"]
    assert table["frequency"].tolist() == [4, 3, 3]
    assert table["relative"].tolist() == [4 / 13, 3 / 13, 3 / 13]
    assert table["document_frequency"].tolist() == [4, 2, 1]
    assert table.settings["n"] == 3
    by = COUNTS.top(2, by="source")
    assert by["group"] == ["X", "X", "Y", "Y", None, None]
    assert by["term"] == ["e", "a", "a", "b", "a", "d"]
    assert by["frequency"].tolist() == [3, 2, 1, 1, 1, 1]
    assert by["relative"].tolist() == [3 / 8, 2 / 8, 1 / 3, 1 / 3, 1 / 2, 1 / 2]
    heaviest = COUNTS.group("source").tfidf().top(1)
    assert heaviest["group"] == ["X", "Y", None]
    assert heaviest["term"] == ["e", "b", "d"]
    assert (
        len(ng.tokenize([]).counts().top())
        == len(ng.tokenize(["", ""]).counts().tfidf().top())
        == 0
    )


def test_index_arrays_have_one_width_and_are_not_copied() -> None:
    """As `scipy.sparse` wants them: both int32, data int64 or float64, memory shared."""
    for held, kind in ((COUNTS, "int64"), (COUNTS.tfidf(), "float64")):
        arrays = (held.indptr, held.indices, held.data)
        assert [array.dtype.name for array in arrays] == ["int32", "int32", kind]
        matrix = held.matrix
        for name, array in zip(("indptr", "indices", "data"), arrays, strict=True):
            assert getattr(matrix, name).dtype == array.dtype
            assert np.shares_memory(getattr(matrix, name), array) == (held is COUNTS)
    inner = COUNTS._inner
    assert inner.indptr(True).dtype == inner.indices(True).dtype == np.int64
    assert inner.indptr(True).tolist() == COUNTS.indptr.tolist()
    assert inner.indices(True).tolist() == COUNTS.indices.tolist()


# ---- weights ------------------------------------------------------------------------------------


def test_tfidf_of_the_textbook() -> None:
    """The example of Wikipedia, as quanteda computes it: share of the words × log10(N / df)."""
    texts = ["this is a a sample", "this is another example another example example"]
    counts = ng.tokenize(texts).counts()
    weighted = counts.tfidf(proportion=True, smooth_idf=False, plus_one=False, base=10, norm=None)

    assert weighted[0] == pytest.approx(
        {"this": 0, "is": 0, "a": 0.120412, "sample": 0.060206}, abs=5e-7
    )
    assert weighted[1] == pytest.approx(
        {"this": 0, "is": 0, "another": 0.08600857, "example": 0.1290129}, abs=5e-8
    )


GUIDE = [[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0], [3, 2, 0], [3, 0, 2]]


@pytest.mark.parametrize(
    ("smooth", "rows"),
    [
        (
            False,
            {
                0: [0.81940995, 0, 0.57320793],
                4: [0.47330339, 0.88089948, 0],
                5: [0.58149261, 0, 0.81355169],
            },
        ),
        (
            True,
            {
                0: [0.85151335, 0, 0.52433293],
                4: [0.55422893, 0.83236428, 0],
                5: [0.63035731, 0, 0.77630514],
            },
        ),
    ],
)
def test_tfidf_of_the_scikit_learn_guide(smooth: bool, rows: dict[int, list[float]]) -> None:
    """The numbers of its user guide."""
    counts = ng.Counts.from_matrix(GUIDE, ["a", "b", "c"])
    found = counts.tfidf(smooth_idf=smooth).matrix.toarray()

    for row, expected in rows.items():
        assert found[row] == pytest.approx(expected, abs=5e-9)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # Its k1 is not Lucene's.
        ("lucene", [0.80979496, 0.36940320, 0]),
        ("robertson", [1.054373, 0.480972, 0]),
    ],
)
def test_bm25_of_three_animals(method: Any, expected: list[float]) -> None:
    """bm25s prints the first row; the second is the formula of Robertson."""
    texts = [
        "a cat is a feline and likes to purr",
        "a dog is the human's best friend and loves to play",
        "a bird is a beautiful animal that can fly",
    ]
    counts = ng.tokenize(texts, pattern=r"\S+").counts()
    weights = counts.bm25(method=method, k1=1.5)
    score = np.sum([weights.column(term) for term in ["cat", "purr", "the"]], axis=0)

    assert "does" not in counts.terms
    assert score.tolist() == pytest.approx(expected, abs=5e-7)


def test_weights_know_where_they_come_from() -> None:
    """The counts, their rows, and settings that say everything."""
    weighted = COUNTS.bm25(k1=2, b=0)

    assert weighted.counts is COUNTS
    assert weighted.corpus is CORPUS
    assert weighted.terms == COUNTS.terms
    assert weighted.totals.tolist() == COUNTS.totals.tolist()
    assert (weighted.settings["weights"], weighted.settings["k1"]) == ("bm25", 2)
    assert weighted.settings["input"]["fingerprint"] == CORPUS.fingerprint
    assert repr(weighted) == "Weighted (bm25): 4 documents by 5 terms, 10 cells"


def test_rates_do_not_change_when_terms_are_dropped() -> None:
    """Totals hold every token, so a rate is the same with and without rare terms."""
    rare = ng.tokenize(CORPUS).counts(min_df=2)

    assert rare.relative(per=1000).column("b").tolist() == [500, 1000 / 3, 0, 0]


# ---- counts of others ---------------------------------------------------------------------------

GIVEN = [[0, 2, 1], [0, 0, 0], [5, 0, 3]]


def _twice(kind: Any) -> Any:
    """Return cells that stand twice, unsorted, and one that holds zero."""
    cells = [(2, 2, 1), (0, 1, 2), (2, 0, 5), (2, 2, 2), (0, 2, 1), (1, 1, 0)]
    row, column, value = zip(*cells, strict=True)
    return scipy.sparse.coo_array((np.array(value, dtype=kind), (row, column)), shape=(3, 3))


def _unsorted() -> Any:
    return scipy.sparse.csr_array(
        (np.array([1, 2, 3, 5]), np.array([2, 1, 2, 0]), np.array([0, 2, 2, 4])), shape=(3, 3)
    )


MATRICES: dict[str, Callable[[], Any]] = {
    "list": lambda: GIVEN,
    "array": lambda: np.array(GIVEN),
    "Fortran order": lambda: np.asfortranarray(GIVEN),
    "pandas": lambda: pd.DataFrame(GIVEN),
    "polars": lambda: pl.DataFrame(GIVEN, orient="row"),
    "csr_array": lambda: scipy.sparse.csr_array(GIVEN),
    "csr_matrix": lambda: scipy.sparse.csr_matrix(GIVEN),
    "csc_array": lambda: scipy.sparse.csc_array(GIVEN),
    "dok_array": lambda: scipy.sparse.dok_array(np.array(GIVEN)),
    "coo twice": lambda: _twice(np.int64),
    "coo of float": lambda: _twice(np.float32),
    "unsorted": _unsorted,
    **{
        str(np.dtype(kind)): lambda kind=kind: np.array(GIVEN, dtype=kind)  # type: ignore[misc]
        for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", ">i4", "f2", "f4", "f8")
    },
}


@pytest.mark.parametrize("name", MATRICES)
def test_a_matrix_comes_in_whatever_holds_it(name: str) -> None:
    """The same counts, in the one form that counts have."""
    counts = ng.Counts.from_matrix(MATRICES[name](), ["a", "b", "c"])

    assert dense(counts) == GIVEN
    assert counts.data.min() > 0
    assert counts.totals.tolist() == [3, 0, 8]
    assert all(list(row) == sorted(row) for row in map(counts.__getitem__, range(3)))
    assert (counts.corpus, counts.groups, counts.ids) == (None, None, [0, 1, 2])


def test_cells_that_stand_twice_do_not_wrap() -> None:
    """100 and 100 in eight bits are 200."""
    twice = scipy.sparse.coo_array(
        (np.array([100, 100], dtype=np.int8), ([0, 0], [0, 0])), shape=(1, 1)
    )
    assert ng.Counts.from_matrix(twice, ["a"])[0] == {"a": 200}


def test_a_matrix_has_a_corpus_or_ids() -> None:
    """With a corpus rows have columns to group and compare by; without, ids."""
    of_corpus = ng.Counts.from_matrix(COUNTS.matrix, COUNTS.terms, corpus=CORPUS)
    assert of_corpus.group("source").groups == ["X", "Y", None]
    assert len(ng.keyness(of_corpus, target={"source": "X"})) == 5
    named = ng.Counts.from_matrix(GIVEN, np.array(["a", "b", "c"]), ids=pd.Series(["x", "y", "z"]))
    assert named.ids == ["x", "y", "z"]
    assert all(type(term) is str for term in named.terms)
    assert named.group([1, 1, 2]).totals.tolist() == [3, 8]
    assert repr(named) == "Counts: 3 documents by 3 terms, 4 cells"


def test_the_largest_counts() -> None:
    """2³² − 1 fits in a cell; sums and weights of such cells do not wrap."""
    counts = ng.Counts.from_matrix([[MOST, MOST], [MOST, 1]], ["a", "b"])

    assert counts.totals.tolist() == [2 * MOST, MOST + 1]
    assert counts.frequency.tolist() == [2 * MOST, MOST + 1]
    assert counts.data.tolist() == [MOST, MOST, MOST, 1]
    assert counts.relative()[0] == {"a": 0.5, "b": 0.5}
    with pytest.raises(ng.LimitError, match=r"The term \"a\" occurs more than 4294967295"):
        counts.group([0, 0])


# ---- a reference counted elsewhere --------------------------------------------------------------

LIST = {"the": 6_187_267, "truce": 310, "port": 9_200}
SIZE = 100_106_029


def test_a_frequency_list_is_a_reference() -> None:
    """Effects are those of the table of four numbers; no p, and the settings say why."""
    texts = ["the truce holds", "the truce the port", "quiet"]
    counts = ng.tokenize(texts).counts()
    reference = ng.Counts.from_matrix(LIST, totals=SIZE)
    with pytest.warns(ng.NutgrafWarning, match="1 term in the reference") as caught:
        table = ng.keyness(counts, target=[0, 1], reference=reference)
    rows = {row["term"]: row for row in table.to_dicts()}

    assert len(caught) == 1
    assert caught[0].filename == __file__
    # The third text stands on neither side.
    assert set(rows) == {"the", "truce", "holds", "port"}
    # What the list lacks is not counted, and not zero.
    assert table["term"][-1] == "holds"
    assert (rows["holds"]["target"], rows["holds"]["target_docs"]) == (1, 1)
    for name in ("reference", "reference_rate", "g2", "log_ratio", "top_share"):
        assert np.isnan(rows["holds"][name])
    assert table.settings["not_counted"] == {"target": 0, "reference": 1}
    truce = rows["truce"]
    assert (truce["target"], truce["reference"]) == (2, 310)
    assert truce["target_rate"] == 2 / 7
    assert truce["reference_rate"] == 310 / SIZE
    assert truce["log_ratio"] == pytest.approx(math.log2((2 / 7) / (310 / SIZE)))
    assert truce["g2"] == pytest.approx(_g2(2, 310, 7, SIZE))
    for name in ("p", "p_adjusted", "p_max_t", "p_floor"):
        assert np.isnan(table[name]).all()
    assert "reference_docs" not in table.columns
    assert "one unit" in table.settings["no_p"]
    assert table.settings["test"] is None
    assert "[truce]" in str(table.evidence(table["term"].index("truce")))


def _g2(a: float, b: float, n1: float, n2: float) -> float:
    cells = [(a, n1 * (a + b)), (b, n2 * (a + b))]
    cells += [(n1 - a, n1 * (n1 + n2 - a - b)), (n2 - b, n2 * (n1 + n2 - a - b))]
    return 2 * sum(o * math.log(o * (n1 + n2) / e) for o, e in cells)


def test_another_corpus_is_a_reference_with_documents() -> None:
    """Counts of two corpora give what counts of both together give."""
    left, right = ["truce now", "truce, truce", "no news"], ["quiet here", "truce", "here", "port"]
    apart = ng.keyness(
        ng.tokenize(left).counts(), target=[0, 1, 2], reference=ng.tokenize(right).counts()
    )
    together = ng.keyness(ng.tokenize(left + right).counts(), target=[0, 1, 2])

    def rows(table: ng.Table) -> dict[str, Any]:
        return {row["term"]: row for row in table.to_dicts()}

    assert repr(rows(apart)) == repr(rows(together))


def test_terms_that_one_side_dropped_stand_outside_the_test() -> None:
    """The other terms have the p that they have among themselves; a missing count is no zero."""
    left, right = ["truce now", "truce now port", "now"], ["now quiet", "now quiet truce", "quiet"]
    counts, other = ng.tokenize(left).counts(), ng.tokenize(right).counts(min_df=2)
    with pytest.warns(ng.NutgrafWarning, match="2 terms in the reference"):
        table = ng.keyness(counts, target=[0, 1, 2], reference=other)
    assert table["term"][-2:] == ["truce", "port"]
    assert table["reference_docs"][2:] == [None, None]
    assert np.isnan(table["p"][-2:]).all()
    # The same design over the common terms alone: nothing else entered the families.
    common = ["now", "quiet"]
    view = ng.tokenize(left + right).view(lower=True)
    both = view.counts()
    kept = both._inner.columns(np.array([both.terms.index(t) for t in common], dtype=np.uint32))
    alone = ng.keyness(ng.Counts(kept, both.corpus), target=[0, 1, 2])
    for name in ("p", "p_max_t", "p_adjusted", "g2", "log_ratio"):
        found = dict(zip(table["term"], table[name].tolist(), strict=True))
        for term, value in zip(alone["term"], alone[name].tolist(), strict=True):
            assert repr(found[term]) == repr(value), (name, term)
    with pytest.warns(ng.NutgrafWarning, match="2 terms in the target"):
        swapped = ng.keyness(other, target=[0, 1, 2], reference=counts)
    assert swapped["target_docs"][-2:] == [None, None]
    assert list(swapped["reference_docs"])[-2:] == [2, 1]


def test_a_list_says_more_of_a_word_than_a_view_that_removes_it() -> None:
    """A stop word that only the list counts is not a word that the texts avoid."""
    view = ng.tokenize(["the truce holds"]).view(lower=True, stop_words="en")
    reference = ng.Counts.from_matrix({"the": 60, "war": 9, "truce": 1})
    with pytest.warns(ng.NutgrafWarning, match="1 term in the target"):
        table = ng.keyness(view.counts(), target=[True], reference=reference)
    rates = dict(zip(table["term"], table["target_rate"].tolist(), strict=True))

    assert np.isnan(rates["the"])
    assert rates["war"] == 0


@pytest.mark.parametrize(
    ("listed", "totals", "partial"),
    [
        ({"truce": 9, "now": 4}, None, False),
        ({"truce": 9, "now": 4}, 13, False),
        ({"truce": 9, "now": 4}, 14, True),
        # All words and some of their pairs: more than there are words, and nothing is missing.
        ({"truce": 9, "now": 4, "truce now": 3}, 13, False),
        ({"truce": 9, "truce now": 3}, 13, True),
        ({"truce now": 3}, 13, True),
        # A list of pairs says nothing about words.
        ({"truce now": 3}, None, True),
    ],
)
def test_a_list_is_partial_where_its_words_are_fewer_than_its_total(
    listed: dict[str, int], totals: int | None, partial: bool
) -> None:
    """Only then a term that it lacks may have stood in it."""
    counts = ng.tokenize(["truce now", "quiet"]).counts(ngram_range=(1, 2))
    reference = ng.Counts.from_matrix(listed, totals=totals)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = ng.keyness(counts, target=[0, 1], reference=reference)
    row = next(row for row in table.to_dicts() if row["term"] == "quiet")
    assert partial == np.isnan(row["reference"]) == np.isnan(row["log_ratio"])


def test_groups_of_complete_counts_are_a_complete_reference() -> None:
    """Nothing was dropped, so what is not there does not occur; limits are remembered."""
    counts, texts = ng.tokenize(["truce now"]).counts(), ["quiet now", "now"]
    whole = ng.tokenize(texts).counts().group([1, 1])
    table = ng.keyness(counts, target=[0], reference=whole)
    assert dict(zip(table["term"], table["reference"].tolist(), strict=True))["truce"] == 0
    pairs = ng.tokenize(["truce now"]).counts(ngram_range=(1, 2))
    with pytest.warns(ng.NutgrafWarning, match="1 term in the reference"):
        table = ng.keyness(pairs, target=[0], reference=whole)
    found = dict(zip(table["term"], table["reference"].tolist(), strict=True))
    assert found["truce"] == 0
    assert np.isnan(found["truce now"])
    for limits in ({"min_df": 2}, {"max_df": 0.5}, {"max_terms": 1}):
        limited = ng.tokenize(texts).counts(**limits).group([1, 1])
        with pytest.warns(ng.NutgrafWarning, match="in the reference"):
            ng.keyness(counts, target=[0], reference=limited)


def test_rates_of_ngrams_are_per_word() -> None:
    """Totals do not depend on what is counted, so a published list and bigrams are comparable."""
    view = ng.tokenize(["the truce holds the truce", "x"]).view(lower=True)
    words, mixed, pairs = (view.counts(ngram_range=n) for n in ((1, 1), (1, 2), (2, 2)))
    assert words.totals.tolist() == mixed.totals.tolist() == pairs.totals.tolist() == [5, 1]
    assert mixed.relative()[0]["the"] == words.relative()[0]["the"] == 2 / 5
    assert mixed.relative()[0]["the truce"] == pairs.relative()[0]["the truce"] == 2 / 5
    shares = dict(zip(mixed.top(9)["term"], mixed.top(9)["relative"].tolist(), strict=True))
    assert shares["the"] == shares["the truce"] == 2 / 6
    assert mixed.tfidf(proportion=True, use_idf=False, norm=None)[0]["the"] == 2 / 5
    repeated = ng.tokenize(["a a a a", "a b"]).counts(ngram_range=(2, 2), skip=range(3))
    assert (repeated[0], repeated.totals.tolist()) == ({"a a": 6}, [4, 2])
    table = ng.keyness(repeated, target=[0])
    assert np.isfinite(table["g2"]).all()
    assert table["target_rate"][table["term"].index("a a")] == 1.5
    again = ng.Counts.from_matrix(repeated.matrix, repeated.terms, totals=repeated.totals)
    assert [again[0], again[1]] == [repeated[0], repeated[1]]


def test_arrays_are_read_only() -> None:
    """Nobody can change numbers that others have been given; copies can be changed."""
    tokens = ng.tokenize(CORPUS)
    weighted = COUNTS.tfidf()
    arrays = [tokens.ids, tokens.indptr, tokens.starts, tokens.ends, tokens.sentence_starts]
    for held in (COUNTS, weighted, COUNTS.group("source")):
        arrays += [held.data, held.indices, held.indptr, held.totals]
        arrays += [held.frequency, held.document_frequency]
    matrix = COUNTS.matrix
    for array in [*arrays, matrix.data, matrix.indices, matrix.indptr]:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9
    changed = matrix.copy()
    changed.data[:] = 9
    changed = weighted.matrix
    changed.data[:] = 9
    assert COUNTS.data.max() < 9 > weighted.matrix.data.max()


def test_matrices_serve_scipy_and_scikit_learn() -> None:
    """What people do with them works on read-only memory, or on a copy."""
    targets = [0, 1, 0, 1]
    for held in (COUNTS, COUNTS.tfidf()):
        matrix = held.matrix
        rows = matrix.toarray()
        np.testing.assert_allclose((matrix @ matrix.T).toarray(), rows @ rows.T)
        assert (matrix + matrix).sum() == pytest.approx(2 * rows.sum())
        assert matrix.multiply(matrix)[1:3].toarray().tolist() == (rows * rows)[1:3].tolist()
        matrix.sort_indices()
        for model in (NMF(2, max_iter=20, tol=1), KMeans(2), LogisticRegression(), TruncatedSVD(2)):
            model.fit(matrix, targets)


def test_frames_and_series_bring_their_terms() -> None:
    """Columns of a frame, labels of a Series."""
    for frame in (
        pd.DataFrame(GIVEN, columns=list("abc")),
        pl.DataFrame(GIVEN, "abc", orient="row"),
    ):
        assert ng.Counts.from_matrix(frame).terms == ["a", "b", "c"]
        assert ng.Counts.from_matrix(frame, ["x", "y", "z"]).terms == ["x", "y", "z"]
    series = ng.Counts.from_matrix(pd.Series({"the": 5, "truce": 2}), totals=9)
    assert (series[0], series.groups, series.totals.tolist()) == (
        {"the": 5, "truce": 2},
        ["frequency list"],
        [9],
    )
    assert repr(series) == "Counts: 1 group by 2 terms, 2 cells"
    assert "group_frequency" in series.top().columns


def test_clusters_go_with_a_reference_of_its_own() -> None:
    """Copies count once in the target; each document of the reference is a unit."""
    copies = ["truce now", "truce now", "no news"]
    counts, other = ng.tokenize(copies).counts(), ng.tokenize(["quiet", "port"]).counts()
    table = ng.keyness(counts, target=[0, 1, 2], reference=other, clusters=[0, 0, 2])

    assert (table.settings["units_target"], table.settings["units_reference"]) == (2, 2)
