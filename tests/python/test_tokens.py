"""Tokens, views and counts: named rows."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import nutgraf as ng

SENTENCE = "I don't see A U.S.-led e-mail; Zelenskyy’s aide’s 3.5 %"


def test_the_surface_keeps_everything() -> None:
    """No token that is not white space is lost."""
    expected = "I don't see A U.S. - led e - mail ; Zelenskyy’s aide’s 3.5 %"

    assert " ".join(ng.tokenize([SENTENCE])[0]) == expected


def test_a_view_keeps_words_and_folds() -> None:
    """A view drops punctuation and folds what it is told to."""
    view = ng.tokenize([SENTENCE]).view(lower=True, fold_punctuation=True, hyphens="join")

    expected = ["i", "don't", "see", "a", "u.s.-led", "e-mail", "zelenskyy's", "aide's", "3.5"]
    assert view[0] == expected


def test_views_compose() -> None:
    """A later view changes what it names and nothing else."""
    tokens = ng.tokenize(["The Running envoys PAUSED, @me #now 🙂"])
    lowered = tokens.view(lower=True)

    assert lowered.view(stop_words="en")[0] == ["running", "envoys", "paused", "@me", "#now"]
    stems = lowered.view(stem="en").view(min_length=3)
    assert stems[0] == ["the", "run", "envoy", "paus", "@me", "#now"]
    assert lowered.view(kinds=["emoji", "punctuation"])[0] == [",", "🙂"]
    assert lowered.view(kinds=None)[0] == [
        "the",
        "running",
        "envoys",
        "paused",
        ",",
        "@me",
        "#now",
        "🙂",
    ]


def test_ngrams_stop_at_gaps() -> None:
    """An n-gram does not reach across a removed token unless asked."""
    view = ng.tokenize(["king of Spain, king again"]).view(lower=True, stop_words=["of"])

    assert view.counts(ngram_range=(2, 2)).terms == ["king again"]
    across = view.counts(ngram_range=(2, 2), across_gaps=True)
    assert across.terms == ["king spain", "spain king", "king again"]


def test_document_frequency_limits() -> None:
    """min_df and max_df take counts and shares; totals still hold every token."""
    tokens = ng.tokenize(["a b c", "a b", "a"])

    assert tokens.counts(min_df=2).terms == ["a", "b"]
    assert tokens.counts(max_df=0.7).terms == ["b", "c"]
    assert tokens.counts(max_df=1).terms == ["c"]
    assert tokens.counts(min_df=2).totals.tolist() == [3, 2, 1]


def test_counts_group() -> None:
    """Groups are sums, in the order of first occurrence."""
    corpus = ng.Corpus({"text": ["a b", "a", "c a"], "source": ["X", "Y", "X"]})
    grouped = ng.tokenize(corpus).counts().group("source")

    assert grouped.groups == ["X", "Y"]
    assert grouped.matrix.toarray().tolist() == [[2, 1, 1], [1, 0, 0]]
    with pytest.raises(ng.ParameterError, match="grouped already"):
        grouped.group("source")


def test_empty_input() -> None:
    """No documents and empty documents are fine."""
    assert len(ng.tokenize([]).counts()) == 0
    counts = ng.tokenize(["", " \n"]).counts()
    assert counts.matrix.shape == (2, 0)


def test_pickle_gives_the_same_tokens() -> None:
    """Tokens survive a round trip, view included."""
    view = ng.tokenize([SENTENCE, "x y"], pattern=r"\w+").view(lower=True)
    again = pickle.loads(pickle.dumps(view))

    assert np.array_equal(again.ids, view.ids)
    assert again.vocabulary == view.vocabulary


@pytest.mark.parametrize(
    ("pattern", "message"),
    [("(", "cannot be used"), ("a*", "empty string"), ("x" * 20_000, "limit"), (r"(?=a)a", "look")],
)
def test_patterns_that_cannot_be_used(pattern: str, message: str) -> None:
    """A hostile or wrong pattern is a PatternError that says why."""
    with pytest.raises(ng.PatternError, match=message):
        ng.tokenize(["a"], pattern=pattern)


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"hyphens": "glue"}, "hyphens"),
        ({"stem": "klingon"}, "stem"),
        ({"stop_words": "klingon"}, "stop_words"),
        ({"kinds": ["verb"]}, "kinds"),
        ({"min_length": -1}, "min_length"),
        ({"min_length": True}, "min_length"),
    ],
)
def test_wrong_views(arguments: dict[str, object], parameter: str) -> None:
    """Each wrong switch is named."""
    with pytest.raises(ng.ParameterError) as caught:
        ng.tokenize(["a"]).view(**arguments)  # type: ignore[arg-type]

    assert caught.value.parameter == parameter


@pytest.mark.parametrize("ngram_range", [(0, 1), (2, 1), (1, 99), "ab", (1.5, 2)])
def test_wrong_ngram_range(ngram_range: object) -> None:
    """An impossible range is refused before any work."""
    with pytest.raises(ng.ParameterError, match="ngram_range"):
        ng.tokenize(["a"]).counts(ngram_range=ngram_range)  # type: ignore[arg-type]


def test_surface_tokens_are_counted_as_every_other_door_sees_them() -> None:
    """Lower case, punctuation folded, words and numbers; the display says so."""
    texts = ["Don’t, don't DON`T 3!"]
    tokens = ng.tokenize(texts, tailorings=False)
    counts = tokens.counts()
    assert counts.terms == tokens.view(lower=True, fold_punctuation=True).counts().terms
    assert counts.settings["input"]["view"]["fold_punctuation"] is True
    assert len(ng.concordance(texts, "don't")) == counts.column("don't").sum()
    seen = repr(tokens.view(lower=True))
    assert "kinds=('word', 'number', 'handle', 'hashtag')" in seen
    assert "kinds" not in repr(tokens)


def test_a_document_is_in_its_tokens() -> None:
    """Tokens are a sequence of lists, and iterate as one."""
    tokens = ng.tokenize(["No truce", ""])
    assert list(tokens) == [["No", "truce"], []]
    assert ["No", "truce"] in tokens
    assert ["truce"] not in tokens
