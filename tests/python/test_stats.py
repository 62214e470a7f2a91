"""Keyness: golden values and what the design can support."""

from __future__ import annotations

import pytest

import nutgraf as ng
from nutgraf.sample import load_truth


def articles(counts: list[int], word: str) -> list[str]:
    """Articles of 100 words, each with so many occurrences of one word."""
    return [" ".join([word] * n + ["filler"] * (100 - n)) for n in counts]


@pytest.mark.parametrize(
    ("counts", "p"),
    [([9, 0, 1, 0, 1, 0], 0.70), ([4, 3, 3, 0, 1, 0], 0.10)],
    ids=["bursty", "spread"],
)
def test_six_articles(counts: list[int], p: float) -> None:
    """Same G², but whole articles as units tell a bursty term from a spread one."""
    table = ng.keyness(ng.tokenize(articles(counts, "key")).counts(), target=[0, 1, 2])
    row = next(row for row in table.to_dicts() if row["term"] == "key")

    assert row["g2"] == pytest.approx(8.6847704050, abs=1e-9)
    assert row["p"] == pytest.approx(p)
    assert row["p_floor"] == pytest.approx(0.10)
    assert table.settings["exact"] is True


def test_swapping_the_sides_flips_the_signs() -> None:
    """Target and reference are symmetric."""
    counts = ng.tokenize(articles([9, 0, 1, 0, 1, 0], "key")).counts()
    there = {row["term"]: row for row in ng.keyness(counts, target=[0, 1, 2]).to_dicts()}
    back = {row["term"]: row for row in ng.keyness(counts, target=[3, 4, 5]).to_dicts()}

    for term, row in there.items():
        assert row["g2"] == pytest.approx(-back[term]["g2"])
        assert row["log_ratio"] == pytest.approx(-back[term]["log_ratio"])
        assert row["p"] == back[term]["p"]


def test_one_article_a_side_can_show_nothing() -> None:
    """The smallest p of a one-against-one design is 1."""
    table = ng.keyness(ng.tokenize(["truce now", "peace now"]).counts(), target=[0])

    assert table.settings["p_floor"] == 1.0
    assert set(table["p"].tolist()) == {1.0}


def test_preferred_terms_of_the_sample_are_found() -> None:
    """Terms that an outlet was written to prefer stand out once copies count once."""
    corpus = ng.load_sample()
    corpus = corpus.where(language="en")
    view = ng.tokenize(corpus).view(lower=True, fold_punctuation=True)
    counts = view.counts(min_df=3)
    labels = ng.near_duplicates(view).labels
    surest: dict[str, list[str]] = {}
    for pair in load_truth()["terms"]:
        for outlet in pair["outlets"]:
            term, source = outlet["prefers"], outlet["source"]
            if term is None or " " in term or outlet["articles"][term] < 6:
                continue
            if source not in surest:
                table = ng.keyness(counts, target={"source": source}, clusters=labels)
                surest[source] = [
                    row["term"]
                    for row in table.to_dicts()
                    if row["p"] <= 0.05 and row["log_ratio"] > 0
                ]
            assert term in surest[source], (source, term)


def test_grouped_counts_are_refused() -> None:
    """Units are documents: groups have none."""
    corpus = ng.Corpus({"text": ["a", "b"], "source": ["X", "Y"]})
    with pytest.raises(ng.ParameterError, match="groups"):
        ng.keyness(ng.tokenize(corpus).counts().group("source"), target=[0])


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"target": []}, "target"),
        ({"target": [0, 1]}, "reference"),
        ({"target": [0], "reference": [0]}, "reference"),
        ({"target": [7]}, "target"),
        ({"target": [0], "permutations": -1}, "permutations"),
        ({"target": [0], "statistic": "t"}, "statistic"),
        ({"target": [0], "copies": "twice"}, "copies"),
        ({"target": [0], "test": "chi2"}, "test"),
    ],
)
def test_wrong_designs(arguments: dict[str, object], parameter: str) -> None:
    """Each wrong part of a design is named."""
    with pytest.raises(ng.ParameterError) as caught:
        ng.keyness(ng.tokenize(["a", "b"]).counts(), **arguments)  # type: ignore[arg-type]

    assert caught.value.parameter == parameter
