"""Passages: laws that hold for any documents, against slow and obvious versions."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

WORDS = [f"w{number}" for number in range(12)]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), min_size=2, max_size=5
)
#: A text, and what an editor makes of it.
EDITED = st.tuples(
    st.lists(st.integers(0, 400).map("u{}".format), min_size=14, max_size=60),
    st.lists(st.tuples(st.sampled_from(["drop", "add", "change"]), st.integers(0, 59)), max_size=4),
)
SHORTEST = 6


def levenshtein(left: list[str], right: list[str]) -> int:
    """The fewest edits between two rows of words."""
    costs = list(range(len(right) + 1))
    for row, word in enumerate(left, 1):
        before, costs[0] = costs[0], row
        for column, other in enumerate(right, 1):
            same = before + (word != other)
            before = costs[column]
            costs[column] = min(same, costs[column] + 1, costs[column - 1] + 1)
    return costs[-1]


def as_edited(words: list[str], edits: list[tuple[str, int]]) -> list[str]:
    """What an editor makes of words."""
    changed = list(words)
    for number, (kind, place) in enumerate(edits):
        at = place % len(changed)
        if kind == "drop":
            del changed[at]
        elif kind == "add":
            changed.insert(at, f"new{number}")
        else:
            changed[at] = f"new{number}"
    return changed


def covered(view: ng.Tokens, rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> set[int]:
    """The words of documents, as (row, place), that spans hold."""
    held = set()
    for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        spans = view.spans(row)
        inside = (spans[:, 0] >= start) & (spans[:, 1] <= end)
        held |= {row * 1000 + place for place in np.flatnonzero(inside).tolist()}
    return held


@given(TEXTS)
def test_a_shared_run_is_found_on_both_sides_without_exception(texts: list[str]) -> None:
    """Every word of every run that is long enough lies in a passage of that pair."""
    found = ng.passages(texts, min_tokens=SHORTEST)
    view = ng.tokenize(texts).view(lower=True)
    for left in range(len(texts)):
        for right in range(left + 1, len(texts)):
            pair = (found["left_row"] == left) & (found["right_row"] == right)
            here, there = (
                covered(view, *(found[f"{side}_{part}"][pair] for part in ("row", "start", "end")))
                for side in ("left", "right")
            )
            one, other = view[left], view[right]
            for i in range(len(one) - SHORTEST + 1):
                for j in range(len(other) - SHORTEST + 1):
                    if one[i : i + SHORTEST] == other[j : j + SHORTEST]:
                        assert {left * 1000 + place for place in range(i, i + SHORTEST)} <= here
                        assert {right * 1000 + place for place in range(j, j + SHORTEST)} <= there


@given(TEXTS)
def test_offsets_slice_and_the_edits_add_up(texts: list[str]) -> None:
    """Both sides are whole words, and the counts of edits are those of an alignment."""
    for row in ng.passages(texts, min_tokens=SHORTEST).to_dicts():
        left, right = (
            texts[row[f"{side}_row"]][row[f"{side}_start"] : row[f"{side}_end"]].split(" ")
            for side in ("left", "right")
        )
        edits = row["changed"] + row["added"] + row["removed"]
        assert len(left) == row["tokens"] + row["changed"] + row["removed"]
        assert len(right) == row["tokens"] + row["changed"] + row["added"]
        assert levenshtein(left, right) <= edits
        assert row["identity"] == row["tokens"] / (row["tokens"] + edits)


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(texts: list[str], random: object) -> None:
    """Shuffled documents give the same passages, seen from either side."""

    def told(found: ng.Passages) -> set[frozenset[object]]:
        sides = []
        for row in found.to_dicts():
            added, removed = row["added"], row["removed"]
            left = (row["left"], row["left_start"], row["left_end"], removed)
            right = (row["right"], row["right_start"], row["right_end"], added)
            sides.append(frozenset([left, right, row["tokens"], row["changed"]]))
        return set(sides)

    order = list(range(len(texts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    ids = [f"d{number}" for number in order]
    first = ng.Corpus({"text": texts, "id": [f"d{number}" for number in range(len(texts))]})
    second = ng.Corpus({"text": [texts[number] for number in order], "id": ids})
    assert told(ng.passages(first, min_tokens=SHORTEST)) == told(
        ng.passages(second, min_tokens=SHORTEST)
    )


@pytest.mark.filterwarnings("ignore:against has the same")
@given(TEXTS, st.integers(1, 5))
def test_threads_and_corpora_do_not_matter(texts: list[str], cut: int) -> None:
    """Any number of threads gives one table, and `against` the part of it that lies across."""
    found = ng.passages(texts, min_tokens=SHORTEST)
    assert ng.passages(texts, min_tokens=SHORTEST, threads=3).to_dicts() == found.to_dicts()

    cut = min(cut, len(texts) - 1)
    rows = [
        {**row, "right": row["right"] - cut, "right_row": row["right_row"] - cut}
        for row in found.to_dicts()
        if row["left_row"] < cut <= row["right_row"]
    ]
    assert ng.passages(texts[:cut], against=texts[cut:], min_tokens=SHORTEST).to_dicts() == rows


@given(EDITED)
def test_few_edits_leave_one_passage_from_end_to_end(
    edited: tuple[list[str], list[tuple[str, int]]],
) -> None:
    """What is the same around an edit is one passage if enough of it is long enough."""
    words, edits = edited
    changed = as_edited(words, edits)
    found = ng.passages([" ".join(words), " ".join(changed)], min_tokens=SHORTEST)
    assert 0 < found["tokens"].sum() <= len(words) or len(set(words)) < len(words) or len(edits) > 1


@given(TEXTS)
def test_shares_count_each_word_once(texts: list[str]) -> None:
    """Shared words are those inside passages, by a slow count."""
    found = ng.passages(texts, min_tokens=SHORTEST)
    view = ng.tokenize(texts).view(lower=True)
    held = set()
    for side in ("left", "right"):
        held |= covered(view, *(found[f"{side}_{part}"] for part in ("row", "start", "end")))
    table = found.reuse_share()

    expected = [sum(place // 1000 == row for place in held) for row in range(len(texts))]
    assert table["shared"].tolist() == expected
    assert (table["shared"] + table["original"]).tolist() == table["words"].tolist()
    partners = [
        {row["right"] for row in found.to_dicts() if row["left"] == number}
        | {row["left"] for row in found.to_dicts() if row["right"] == number}
        for number in range(len(texts))
    ]
    assert table["documents"].tolist() == [len(others) for others in partners]


@given(EDITED, st.lists(st.sampled_from(WORDS[:4]), max_size=60), st.integers(0, 60))
def test_what_is_not_framed_is_the_same_on_both_sides(
    edited: tuple[list[str], list[tuple[str, int]]], noise: list[str], at: int
) -> None:
    """Without what is in braces both sides say the same, and in braces stands what was counted."""
    words = [*edited[0][:at], *noise, *edited[0][at:]]
    texts = [" ".join(words), " ".join([*noise, *as_edited(words, edited[1]), *noise])]
    found = ng.passages(texts, min_tokens=SHORTEST)
    assert len(found) or len(edited[1]) > 1
    shown = re.findall(
        r"^\[\d+\] (.*)\n  = (.*)$", str(found.evidence(0)) if len(found) else "", re.MULTILINE
    )
    for passage, sides in zip(found.to_dicts(), shown, strict=True):
        left, right = (re.sub(r"\{[^}]*\}", " ", side).split() for side in sides)
        assert left == right
        if len(set(words)) < len(words) or noise:
            # Where words come again, there is more than one way to align.
            continue
        assert len(left) == passage["tokens"]
        framed = [len(" ".join(re.findall(r"\{[≠+]([^}]*)\}", side)).split()) for side in sides]
        assert framed[0] == passage["changed"] + passage["removed"]
        assert framed[1] == passage["changed"] + passage["added"]
