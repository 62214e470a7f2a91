"""Repeats: what a document says again, and where it said so first."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

STORY = "Both sides agreed on Tuesday to halt the shelling of the river port and to meet again."


def test_both_places_are_told() -> None:
    """The later one is what a mask takes."""
    text = f"{STORY} Nobody was hurt. {STORY}"
    found = ng.repeats(ng.Corpus({"text": ["Nothing here.", text], "id": ["a", "b"]}))
    (row,) = found.to_dicts()
    assert (row["document"], row["row"], row["tokens"], row["identity"]) == ("b", 1, 17, 1.0)
    assert (
        text[row["start"] : row["end"]] == STORY[:-1] == text[row["first_start"] : row["first_end"]]
    )
    assert row["start"] > row["first_end"]
    shown = found.evidence(0)
    assert shown.text.count(STORY[:-1]) == 2
    assert shown.html.count("<mark") == 2


def test_words_that_differ_do_not_part_a_repeat() -> None:
    """One word in the middle, and a sentence in brackets."""
    changed = STORY.replace("Tuesday", "Tuesday (a cold and windy one)").replace("port", "harbour")
    (row,) = ng.repeats([f"{STORY} {STORY} A pause. {changed}"], min_tokens=5).to_dicts()[1:]
    assert row["tokens"] == 22
    assert 0.7 < row["identity"] < 0.9


@pytest.mark.parametrize("phrase", ["na ", "Read more about the port. ", "Email  "])
def test_one_phrase_again_and_again_is_one_repeat(phrase: str) -> None:
    """From its second time on."""
    (row,) = ng.repeats([phrase * 500]).to_dicts()
    assert row["start"] == len(phrase)
    assert row["first_end"] <= row["start"]
    assert row["end"] >= len(phrase * 500) - 3


def test_a_view_says_what_a_word_is() -> None:
    """Case differs, so the surface has no repeat."""
    text = f"{STORY} {STORY.upper()}"
    assert len(ng.repeats([text])) == 1
    assert len(ng.repeats(ng.tokenize([text]).view(lower=False))) == 0


def test_an_empty_result_has_its_columns() -> None:
    """And the types they always have."""
    empty = ng.repeats(["a", ""])
    assert (len(empty), empty["document"].dtype, empty["identity"].dtype) == (0, "int64", "float64")
    assert pickle.loads(pickle.dumps(empty)).columns == empty.columns
    assert empty.settings["capped"] == 0


def test_a_pickle_keeps_the_evidence() -> None:
    """Tables go to other processes."""
    found = ng.repeats([f"{STORY} {STORY}"])
    again = pickle.loads(pickle.dumps(found))
    assert again.evidence(0).html == found.evidence(0).html


def test_the_planted_repeat_is_found() -> None:
    """One article of the sample stands twice on its page."""
    found = {row["document"]: row for row in ng.repeats(ng.load_sample()).to_dicts()}
    for planted in ng.sample.load_truth()["repeats"]:
        row = found.pop(planted["document"])
        assert abs(row["start"] - planted["second"]["start"]) <= 1
        assert abs(row["end"] - planted["second"]["end"]) <= 2
        assert abs(row["first_start"] - planted["first"]["start"]) <= 1
    assert not found


@pytest.mark.corpora
def test_an_article_that_contains_itself(corpora_dir: Path) -> None:
    """Its short version stands before the long one, which says more between the same sentences."""
    corpus = ng.read_corpus(corpora_dir / "moscow_2025.jsonl")
    found = ng.repeats(corpus)
    first = found.filter(found["row"] == 0)
    assert first["tokens"].sum() > 500
    assert (first["identity"] == 1.0).all()
    # The earlier places follow each other through the whole short version.
    assert (np.diff(first["first_start"]) > 0).all()
    text = corpus[0].text
    for row in first.to_dicts():
        places = ((row["start"], row["end"]), (row["first_start"], row["first_end"]))
        later, earlier = (text[a:b].lower().split() for a, b in places)
        assert len(later) == pytest.approx(len(earlier), abs=3)
