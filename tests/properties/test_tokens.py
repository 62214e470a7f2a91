"""Laws of tokens, views and counts, on arbitrary Unicode."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)
NEWS_TEXT = st.text(alphabet="abcXYZé’'.,-–@#:/ 19\n“”مжй中文🙂\u00ad\u200d\ufeff", max_size=80)
TEXTS = st.lists(st.one_of(ANY_TEXT, NEWS_TEXT), max_size=6)


@given(TEXTS)
def test_spans_slice_the_original(texts: list[str]) -> None:
    """Every span cuts its token out of the caller's string; only white space lies between."""
    tokens = ng.tokenize(texts)

    for row, text in enumerate(texts):
        spans = tokens.spans(row).tolist()
        assert [text[start:end] for start, end in spans] == tokens[row]
        end = 0
        for start, after in [*spans, [len(text), len(text)]]:
            assert not text[end:start].strip() or text[end:start].isspace()
            end = after


@given(TEXTS)
def test_flat_arrays_agree_with_rows(texts: list[str]) -> None:
    """ids, indptr, starts and ends say what rows and spans say."""
    tokens = ng.tokenize(texts).view(lower=True)
    words = tokens.vocabulary

    assert tokens.ids.dtype == np.uint32
    assert tokens.indptr.dtype == np.int64
    for row in range(len(texts)):
        here = slice(tokens.indptr[row], tokens.indptr[row + 1])
        assert [words[i] for i in tokens.ids[here]] == tokens[row]
        assert np.array_equal(np.c_[tokens.starts[here], tokens.ends[here]], tokens.spans(row))


@given(TEXTS)
def test_ids_are_ranks_of_first_occurrence(texts: list[str]) -> None:
    """A term's id is the number of terms seen before it."""
    for tokens in (ng.tokenize(texts), ng.tokenize(texts).view(lower=True)):
        seen: list[int] = list(dict.fromkeys(tokens.ids.tolist()))
        assert seen == list(range(len(tokens.vocabulary)))


@given(TEXTS)
def test_lone_surrogates_keep_offsets(texts: list[str]) -> None:
    """A replaced surrogate is one code point wide, so later offsets still slice."""
    broken = [text + "\ud800 end" for text in texts]
    if not broken:
        return
    with pytest.warns(UserWarning, match="surrogate"):
        tokens = ng.tokenize(broken)

    for row, text in enumerate(broken):
        start, end = tokens.spans(row)[-1]
        assert text[start:end] == "end"


@given(TEXTS)
def test_a_pattern_finds_what_python_finds(texts: list[str]) -> None:
    r"""``\w+``, ``\d+`` and ``\S+`` match what Python does, where Unicode versions agree."""
    for pattern in (r"\w+", r"\d+", r"[^\W\d_]+", r"\S+", r"\b\w\w+\b"):
        known = [t for t in texts if not any(_unassigned(c) for c in t)]
        tokens = ng.tokenize(known, pattern=pattern)
        for row, text in enumerate(known):
            assert tokens[row] == re.findall(pattern, text)


def _unassigned(character: str) -> bool:
    return unicodedata.category(character) == "Cn"


@given(TEXTS)
def test_counts_add_up(texts: list[str]) -> None:
    """A row of counts sums to the number of kept tokens."""
    view = ng.tokenize(texts).view(lower=True)
    counts = view.counts()

    assert counts.matrix.sum(axis=1).tolist() == np.diff(view.indptr).tolist()
    assert counts.totals.tolist() == np.diff(view.indptr).tolist()
    if not len(counts.data):
        return  # empty arrays share nothing
    assert np.shares_memory(counts.matrix.data, counts.data)
    assert np.shares_memory(counts.matrix.indices, counts.indices)
    assert np.shares_memory(counts.matrix.indptr, counts.indptr)


@given(TEXTS, st.sampled_from([(1, 2), (2, 2), (2, 3)]))
def test_ngrams_equal_an_obvious_count(texts: list[str], ngram_range: tuple[int, int]) -> None:
    """N-grams across gaps are those of the list of terms."""
    view = ng.tokenize(texts).view(lower=True)
    counts = view.counts(ngram_range=ngram_range, across_gaps=True)

    dense = counts.matrix.toarray()
    for row in range(len(texts)):
        words = view[row]
        expected: dict[str, int] = {}
        for n in range(ngram_range[0], ngram_range[1] + 1):
            for i in range(len(words) - n + 1):
                gram = " ".join(words[i : i + n])
                expected[gram] = expected.get(gram, 0) + 1
        got = {t: int(c) for t, c in zip(counts.terms, dense[row], strict=True) if c}
        assert got == expected
