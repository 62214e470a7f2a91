"""Misspelled keywords: a TypeError that names the function as users know it, and what was meant."""

from __future__ import annotations

import inspect
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable

api: Any = ng
TOKENS: Any = ng.tokenize(["No truce"])

ROWS: dict[str, tuple[Callable[[], object], str]] = {
    "another library's word": (
        lambda: api.tokenize(["a"], lang="en"),
        "tokenize() has no parameter 'lang'; language may be meant.",
    ),
    "scikit-learn's": (
        lambda: TOKENS.counts(max_features=3),
        "Tokens.counts() has no parameter 'max_features'; max_terms may be meant.",
    ),
    "for a switch": (
        lambda: TOKENS.view(lowercase=True),
        "Tokens.view() has no parameter 'lowercase'; lower may be meant.",
    ),
    "a slip": (
        lambda: TOKENS.view(stopword=["a"]),
        "Tokens.view() has no parameter 'stopword'; stop_words may be meant.",
    ),
    "of a dictionary": (
        lambda: TOKENS.dictionary({"a": ["b"]}, level=1),
        "Tokens.dictionary() has no parameter 'level'; levels may be meant.",
    ),
    "something else": (
        lambda: TOKENS.counts(xyz=1),
        (
            "Tokens.counts() has no parameter 'xyz'; there are ngram_range, skip, within, "
            "across_gaps, min_df, max_df, max_terms, threads, progress."
        ),
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_keyword_that_does_not_exist(name: str) -> None:
    """The sentence says what may be meant, or what there is."""
    call, sentence = ROWS[name]
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == sentence


def test_what_is_missing_or_in_its_wrong_place_is_told_by_python() -> None:
    """No class of ours that users do not know is named."""
    calls: list[Callable[[], object]] = [
        lambda: TOKENS.view(True),
        lambda: api.concordance(TOKENS),
    ]
    for call in calls:
        with pytest.raises(TypeError) as caught:
            call()
        assert "Views" not in str(caught.value)


def test_functions_stay_what_they_were() -> None:
    """Signatures, docstrings and pickles are those of the functions themselves."""
    assert "ngram_range" in inspect.signature(ng.Tokens.counts).parameters
    assert ng.tokenize.__doc__
    assert pickle.loads(pickle.dumps(ng.tokenize)) is ng.tokenize
    assert pickle.loads(pickle.dumps(TOKENS.view))(lower=True)[0] == ["no", "truce"]
