"""Misspelled keywords: a TypeError that names the function as users know it, and what was meant."""

from __future__ import annotations

import inspect
import pickle
import pydoc
from typing import TYPE_CHECKING, Any

import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    "of a search": (
        lambda: api.near_duplicates(["a"], treshold=0.5),
        "near_duplicates() has no parameter 'treshold'; threshold may be meant.",
    ),
    "of what hands everything on": (
        lambda: api.reuse_share(["a"], min_token=12),
        "reuse_share() has no parameter 'min_token'; min_tokens may be meant.",
    ),
    "of a class method": (
        lambda: ng.Counts.from_matrix([[1]], ["a"], total=[1]),  # type: ignore[call-arg]
        "Counts.from_matrix() has no parameter 'total'; totals may be meant.",
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


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the functions of the package, and the methods of its classes, that take keywords."""
    kinds = inspect.Parameter
    for name in ng.__all__:
        thing = getattr(ng, name)
        members = inspect.getmembers(thing) if inspect.isclass(thing) else [("", thing)]
        for own, value in members:
            if own.startswith("_") or not (inspect.isfunction(value) or inspect.ismethod(value)):
                continue
            taken = {each.kind for each in inspect.signature(value).parameters.values()}
            if kinds.KEYWORD_ONLY in taken and kinds.VAR_KEYWORD not in taken:
                yield f"{name}.{own}".rstrip("."), value


FUNCTIONS = dict(public())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_with_keywords_answers(name: str) -> None:
    """It is asked before anything else is missed; the first words are what users call."""
    with pytest.raises(TypeError) as caught:
        FUNCTIONS[name](threds=1)
    assert str(caught.value).startswith(f"{name}() has no parameter 'threds'; ")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_stay_what_they_were(name: str) -> None:
    """Signatures, help and pickles are those of the functions themselves."""
    function = FUNCTIONS[name]
    called = getattr(function, "__func__", function)
    written = inspect.unwrap(called)
    assert inspect.signature(called) == inspect.signature(written)
    assert function.__doc__ == written.__doc__
    assert function.__doc__
    own = name.rpartition(".")[2]
    assert f"{own}(" in pydoc.plain(pydoc.render_doc(function))
    assert pickle.loads(pickle.dumps(function)) == function


def test_methods_pickle_with_their_object() -> None:
    """A bound method is its object and a name."""
    assert pickle.loads(pickle.dumps(TOKENS.view))(lower=True)[0] == ["no", "truce"]
