"""Laws of views, on arbitrary Unicode."""

from __future__ import annotations

import itertools
import pickle
import unicodedata
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
NEWS_TEXT = st.text(
    alphabet="abcIİXÉé\u0301\u0308’'`.-–²ﬁЁйïΣςßŁ1 \n“\u00ad\u200d\u200b\ufeff中", max_size=60
)
TEXTS = st.lists(st.one_of(ANY_TEXT, NEWS_TEXT), max_size=5)

SWITCHES: dict[str, st.SearchStrategy[Any]] = {
    "lower": st.sampled_from([True, False, "tr"]),
    "normalize": st.sampled_from(["NFC", "NFKC", None]),
    "fold_punctuation": st.booleans(),
    "hyphens": st.sampled_from(["split", "join"]),
    "stop_words": st.sampled_from([None, "en", ["a", "É", "b’c"]]),
    "stem": st.sampled_from([None, "en", "german"]),
    "strip_accents": st.booleans(),
    "min_length": st.integers(0, 4),
    "kinds": st.sampled_from([None, ["word"], ["word", "number", "punctuation"]]),
}
VIEW = st.fixed_dictionaries({}, optional=SWITCHES)


def same(left: ng.Tokens, right: ng.Tokens) -> bool:
    """Whether two views say the same of every token."""
    return (
        left.vocabulary == right.vocabulary
        and np.array_equal(left.ids, right.ids)
        and np.array_equal(left.indptr, right.indptr)
        and np.array_equal(left.starts, right.starts)
        and np.array_equal(left.ends, right.ends)
    )


@given(TEXTS, VIEW, VIEW)
def test_views_compose(texts: list[str], first: dict[str, Any], second: dict[str, Any]) -> None:
    """A view of a view is one view: the later switch holds, and the others stay."""
    tokens = ng.tokenize(texts)
    twice = tokens.view(**first).view(**second)

    assert same(twice, tokens.view(**{**first, **second}))
    assert same(twice, twice.view())
    assert same(twice, twice.view(**second))


@given(TEXTS, VIEW)
def test_views_survive_a_pickle(texts: list[str], view: dict[str, Any]) -> None:
    """What comes out of a pickle is what went in."""
    seen = ng.tokenize(texts, language="fr").view(**view)

    assert same(pickle.loads(pickle.dumps(seen)), seen)


@given(TEXTS, VIEW)
def test_spans_stay_those_of_the_text(texts: list[str], view: dict[str, Any]) -> None:
    """Under every view a span cuts out what stands there, and rows agree with arrays."""
    tokens = ng.tokenize(texts).view(hyphens=view.get("hyphens", "split"))
    seen = ng.tokenize(texts).view(**view)
    everything = tokens.view(kinds=None, min_length=0)

    for row, text in enumerate(texts):
        spans = {tuple(span) for span in everything.spans(row).tolist()}
        kept = seen.spans(row).tolist()
        assert {tuple(span) for span in kept} <= spans
        assert len(kept) == len(seen[row])
        assert all(0 <= start < end <= len(text) for start, end in kept)


@given(TEXTS, VIEW, st.integers(1, 8))
def test_a_view_does_not_depend_on_threads(texts: list[str], view: dict[str, Any], n: int) -> None:
    """Ids are ranks of first occurrence, however many threads spelled the types."""
    seen = ng.tokenize(texts, threads=n).view(**view)
    first = list(dict.fromkeys(seen.ids.tolist()))

    assert first == list(range(len(seen.vocabulary)))
    assert same(seen, ng.tokenize(texts, threads=1).view(**view))


def known(text: str) -> bool:
    """Whether Python's tables know every character, so that both versions of Unicode agree."""
    return all(unicodedata.category(each) != "Cn" for each in text)


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
@given(texts=TEXTS)
def test_normal_forms_are_those_of_python(form: Any, texts: list[str]) -> None:
    """Terms are the normal forms of what stands in the text."""
    texts = [text for text in texts if known(text)]
    seen = ng.tokenize(texts).view(normalize=form, kinds=None, min_length=0)

    for row, text in enumerate(texts):
        forms = [text[start:end] for start, end in seen.spans(row)]
        assert seen[row] == [unicodedata.normalize(form, each) for each in forms]


@given(TEXTS)
def test_lower_case_is_that_of_python(texts: list[str]) -> None:
    """Terms are what `str.lower` makes of the types."""
    texts = [text for text in texts if known(text)]
    seen = ng.tokenize(texts).view(normalize=None, lower=True, kinds=None, min_length=0)

    for row, text in enumerate(texts):
        assert seen[row] == [text[start:end].lower() for start, end in seen.spans(row)]


@given(st.lists(st.text(alphabet=st.characters(max_codepoint=127), max_size=60), max_size=5))
def test_counts_in_lower_case_are_counts_of_lower_case(texts: list[str]) -> None:
    """For ASCII it is all one when case is lowered."""
    seen = ng.tokenize(texts, pattern=r"\w+").view(lower=True).counts()
    low = ng.tokenize([text.lower() for text in texts], pattern=r"\w+").view().counts()

    assert seen.terms == low.terms
    assert seen.matrix.toarray().tolist() == low.matrix.toarray().tolist()


def test_accents_are_those_that_scikit_learn_strips_from_latin_and_greek() -> None:
    """Each letter of these scripts loses what `unicodedata` takes for combining marks."""
    blocks = itertools.chain(range(0xC0, 0x250), range(0x386, 0x3CF), range(0x1E00, 0x1FFD))
    letters = [chr(code) for code in blocks if chr(code).isalpha() and known(chr(code))]
    words = [f"a{letter}a" for letter in letters]
    seen = ng.tokenize([" ".join(words)]).view(strip_accents=True)

    def stripped(word: str) -> str:
        parts = unicodedata.normalize("NFD", word)
        return "".join(each for each in parts if not unicodedata.combining(each))

    assert len(letters) > 700
    assert seen[0] == [stripped(word) for word in words]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), VIEW)
def test_a_view_of_its_own_terms_changes_nothing(text: str, view: dict[str, Any]) -> None:
    """What is spelled already is spelled so; a stem is not always its own stem."""
    view = {**view, "stem": None, "hyphens": "split", "stop_words": None, "kinds": None}
    terms = [
        t for t in ng.tokenize([text], pattern=r"\S+").view(**view).vocabulary if t.split() == [t]
    ]
    again = ng.tokenize(terms, pattern=r"\S+").view(**view)

    assert [again[row] for row in range(len(terms))] == [[term] for term in terms]
