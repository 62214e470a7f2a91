"""Laws of counts and weights, and slow formulas that say the same."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

import nutgraf as ng

WORDS = st.sampled_from(["a", "b", "c", "truce", "port", "é", "中文", "🙂", "7"])
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), max_size=7)
CELL = st.one_of(st.integers(0, 4), st.integers(0, 2**32 - 1))
# Exact in binary: elsewhere a share times a number of documents is rounded.
SHARES = st.integers(0, 64).map(lambda share: share / 64)
#: One token, whatever scikit-learn's rule is.
EACH = {"token_pattern": r"\S+"}
ROWS = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
)


def of(rows: list[list[int]]) -> ng.Counts:
    """Return counts with these cells."""
    return ng.Counts.from_matrix(rows, [f"t{column}" for column in range(len(rows[0]))])


def tabled(counts: ng.Counts) -> list[dict[str, int]]:
    """Return every row as a dict."""
    return [counts[row] for row in range(len(counts))]


@given(TEXTS)
def test_counts_add_up_to_the_kept_tokens(texts: list[str]) -> None:
    """Every token that a view keeps is counted once, in its own row."""
    view = ng.tokenize(texts).view(lower=True, min_length=2)
    counts = view.counts()

    assert counts.totals.tolist() == np.diff(view.indptr).tolist()
    assert tabled(counts) == [dict(Counter(view[row])) for row in range(len(texts))]
    assert counts.frequency.sum() == counts.totals.sum() == len(view.ids)
    assert counts.frequency.tolist() == counts.matrix.sum(axis=0).tolist()
    assert counts.document_frequency.tolist() == (counts.matrix > 0).sum(axis=0).tolist()


@given(TEXTS, TEXTS)
def test_joined_corpora_add_counts(left: list[str], right: list[str]) -> None:
    """The counts of both are those of one above those of the other, term by term."""
    one, two = ng.tokenize(left).counts(), ng.tokenize(right).counts()
    both = ng.tokenize(left + right).counts()
    stacked = one._inner.stacked(two._inner)

    assert stacked.terms == both.terms
    assert stacked.totals.tolist() == both.totals.tolist()
    for name in ("indptr", "indices"):
        assert getattr(stacked, name)(True).tolist() == getattr(both, name).tolist()
    assert stacked.data.tolist() == both.data.tolist()


@given(TEXTS, st.data())
def test_groups_add_up(texts: list[str], data: st.DataObject) -> None:
    """A group's row is the sum of its documents' rows; nothing is lost between them."""
    counts = ng.tokenize(texts).counts()
    size = len(texts)
    labels = data.draw(st.lists(st.sampled_from("xyz"), min_size=size, max_size=size))
    grouped = counts.group(labels)

    assert grouped.groups == list(dict.fromkeys(labels))
    for group, row, total in zip(
        grouped.groups, tabled(grouped), grouped.totals.tolist(), strict=True
    ):
        members = [number for number, label in enumerate(labels) if label == group]
        assert row == dict(sum((Counter(counts[number]) for number in members), Counter()))
        assert total == counts.totals[members].sum()
    assert grouped.frequency.tolist() == counts.frequency.tolist()


@given(TEXTS, st.integers(1, 9), st.integers(1, 4), st.integers(1, 7))
def test_limits_are_monotone(texts: list[str], most: int, fewest: int, widest: int) -> None:
    """One term more keeps all the others, and adds the next most frequent one."""
    view = ng.tokenize(texts + 5 * [""]).view(lower=True)
    limits: dict[str, Any] = {"min_df": fewest, "max_df": max(fewest, widest)}
    whole = view.counts(**limits)
    fewer, more = (view.counts(max_terms=n, **limits) for n in (most, most + 1))

    ranked = sorted(zip((-whole.frequency).tolist(), range(len(whole.terms)), strict=True))
    kept = sorted(column for _, column in ranked[:most])
    assert fewer.terms == [whole.terms[column] for column in kept]
    assert set(fewer.terms) <= set(more.terms) <= set(whole.terms)
    for term in fewer.terms:
        assert fewer.column(term).tolist() == whole.column(term).tolist()
    assert fewer.totals.tolist() == whole.totals.tolist()
    assert set(view.counts(min_df=fewest + 1).terms) <= set(view.counts(min_df=fewest).terms)


@given(
    TEXTS.filter(any),
    st.one_of(st.integers(1, 8), SHARES),
    st.one_of(st.integers(1, 8), SHARES),
    st.one_of(st.none(), st.integers(1, 9)),
)
def test_limits_are_those_of_scikit_learn(
    texts: list[str], min_df: float, max_df: float, most: int | None
) -> None:
    """The same terms and counts; of terms as frequent as each other, the choice is ours."""
    theirs = CountVectorizer(**EACH, min_df=min_df, max_df=max_df, max_features=most)
    try:
        expected = theirs.fit_transform(texts)
    except ValueError:
        # It refuses limits that exclude each other, and to keep no term.
        return
    counts = ng.tokenize(texts, pattern=r"\S+").counts(min_df=min_df, max_df=max_df, max_terms=most)
    names = theirs.get_feature_names_out().tolist()
    assert len(counts.terms) == len(names)
    sums = np.asarray(expected.sum(axis=0)).ravel()
    assert sorted(counts.frequency.tolist()) == sorted(sums.tolist())
    for column, name in enumerate(names):
        if name in counts.terms:
            assert counts.column(name).tolist() == expected[:, [column]].toarray().ravel().tolist()


@given(TEXTS, st.booleans())
def test_a_matrix_comes_back_as_the_counts_it_was(texts: list[str], drop: bool) -> None:
    """Out to scipy and in again: nothing has changed."""
    counts = ng.tokenize([*texts, "", ""]).counts(min_df=2 if drop else 1)
    again = ng.Counts.from_matrix(counts.matrix, counts.terms, totals=counts.totals)

    assert again.terms == counts.terms
    for name in ("indptr", "indices", "data", "totals"):
        there, back = getattr(counts, name), getattr(again, name)
        assert there.dtype == back.dtype
        assert there.tolist() == back.tolist()


@given(ROWS)
def test_dense_rows_come_back(rows: list[list[int]]) -> None:
    """Any cells up to the largest one; sums of them do not wrap."""
    counts = of(rows)

    assert counts.matrix.toarray().tolist() == rows
    assert counts.totals.tolist() == [sum(row) for row in rows]
    assert counts.frequency.tolist() == [sum(column) for column in zip(*rows, strict=True)]


@given(
    ROWS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["l1", "l2", None]),
)
def test_tfidf_is_that_of_scikit_learn(
    rows: list[list[int]], use_idf: bool, smooth: bool, sublinear: bool, norm: Any
) -> None:
    """Every option of `TfidfTransformer`, but for what logarithms and the last division round."""
    options: dict[str, Any] = {
        "use_idf": use_idf,
        "smooth_idf": smooth,
        "sublinear_tf": sublinear,
        "norm": norm,
    }
    counts = of(rows)
    with np.errstate(divide="ignore"):
        expected = TfidfTransformer(**options).fit_transform(counts.matrix)
    found = counts.tfidf(**options)

    assert found.data.dtype == np.float64
    assert found.matrix.indices.tolist() == expected.indices.tolist()
    # Two logarithms, a product, a norm and a quotient: each within one unit in the last place.
    np.testing.assert_array_max_ulp(found.data, expected.data, maxulp=4)
    if not sublinear and not use_idf:
        assert found.data.tolist() == expected.data.tolist()


@given(ROWS)
def test_rows_of_tfidf_have_length_one(rows: list[list[int]]) -> None:
    """Each row with a cell; and its sum is one with the other norm."""
    counts = of(rows)
    filled = counts.totals > 0

    lengths = np.sqrt((counts.tfidf().matrix ** 2).sum(axis=1))
    np.testing.assert_allclose(lengths, filled, rtol=1e-12)
    np.testing.assert_allclose(counts.tfidf(norm="l1").matrix.sum(axis=1), filled, rtol=1e-12)


@given(ROWS, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([math.e, 2, 10, 4.5]))
def test_tfidf_of_textbooks(
    rows: list[list[int]], proportion: bool, smooth: bool, plus_one: bool, base: float
) -> None:
    """The formula of the docstring, cell by cell."""
    counts = of(rows)
    found = counts.tfidf(
        proportion=proportion, smooth_idf=smooth, plus_one=plus_one, base=base, norm=None
    )
    holders = [sum(cell > 0 for cell in column) for column in zip(*rows, strict=True)]
    for row, cells in enumerate(rows):
        expected = {
            f"t{column}": (cell / sum(cells) if proportion else cell)
            * (math.log((len(rows) + smooth) / (holders[column] + smooth), base) + plus_one)
            for column, cell in enumerate(cells)
            if cell
        }
        assert list(found[row]) == list(expected)
        np.testing.assert_allclose(
            list(found[row].values()), list(expected.values()), rtol=1e-12, atol=1e-300
        )


@given(ROWS, st.floats(0, 5), st.floats(0, 1), st.sampled_from(["lucene", "robertson"]))
def test_bm25_by_the_book(rows: list[list[int]], k1: float, b: float, method: Any) -> None:
    """The formula of the docstring, cell by cell."""
    found = of(rows).bm25(k1=k1, b=b, method=method)
    lengths = [sum(row) for row in rows]
    mean = sum(lengths) / len(rows)
    holders = [sum(cell > 0 for cell in column) for column in zip(*rows, strict=True)]
    for row, cells in enumerate(rows):
        expected = []
        for column, cell in enumerate(cells):
            if not cell:
                continue
            odds = (len(rows) - holders[column] + 0.5) / (holders[column] + 0.5)
            idf = math.log(1 + odds) if method == "lucene" else math.log(odds) * (k1 + 1)
            expected.append(idf * cell / (cell + k1 * (1 - b + b * lengths[row] / mean)))
        np.testing.assert_allclose(list(found[row].values()), expected, rtol=1e-12, atol=1e-300)
        if method == "lucene":
            assert all(weight > 0 for weight in expected)


@given(TEXTS, st.sampled_from([1, 1_000_000]))
def test_relative_rows_add_up(texts: list[str], per: float) -> None:
    """To `per` where nothing was dropped, to less where something was."""
    view = ng.tokenize([*texts, "", ""]).view(lower=True)
    whole, pruned = view.counts(), view.counts(min_df=2)

    sums = whole.relative(per=per).matrix.sum(axis=1)
    np.testing.assert_allclose(sums, per * (whole.totals > 0), rtol=1e-12)
    assert (pruned.relative(per=per).matrix.sum(axis=1) <= sums * (1 + 1e-12)).all()


@given(ROWS)
def test_weights_are_the_same_for_any_number_of_threads(rows: list[list[int]]) -> None:
    """To the last bit."""
    counts = of(rows)

    def bits() -> list[bytes]:
        weights = (counts.tfidf(sublinear_tf=True), counts.bm25(), counts.relative(per=1e6))
        return [each.data.tobytes() for each in weights]

    try:
        ng.set_threads(1)
        alone = bits()
        ng.set_threads(4)
        assert bits() == alone
    finally:
        ng.set_threads(None)
