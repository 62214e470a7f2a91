"""Laws of masks, repeats and furniture."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

LETTERS = "ab é“.,-\n’漢"
TEXTS = st.lists(st.text(LETTERS, max_size=40), min_size=1, max_size=4)
WORDS = [f"w{number}" for number in range(30)]


@st.composite
def masked_texts(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, int, int]]]:
    """Texts, and spans inside them."""
    texts = draw(TEXTS)
    spans = []
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.integers(0, len(texts) - 1))
        start = draw(st.integers(0, len(texts[row])))
        spans.append((row, start, draw(st.integers(start, len(texts[row])))))
    return texts, spans


def columns(spans: list[tuple[int, int, int]]) -> dict[str, Any]:
    """Spans as columns."""
    return {
        name: [span[place] for span in spans] for place, name in enumerate(("row", "start", "end"))
    }


@given(masked_texts())
def test_pieces_are_tokenized_as_if_they_were_texts(
    case: tuple[list[str], list[tuple[int, int, int]]],
) -> None:
    """A slow and obvious version: what lies between masks, one text each."""
    texts, spans = case
    corpus = ng.Corpus(texts).without(columns(spans))
    tokens = ng.tokenize(corpus)
    for row, text in enumerate(texts):
        hidden = {at for own, start, end in spans if own == row for at in range(start, end)}
        pieces: list[tuple[int, str]] = []
        for at, sign in enumerate(text):
            if at in hidden:
                continue
            if at and at - 1 not in hidden and pieces:
                pieces[-1] = (pieces[-1][0], pieces[-1][1] + sign)
            else:
                pieces.append((at, sign))
        expected = [
            [first + start, first + end]
            for first, piece in pieces
            for start, end in ng.tokenize([piece]).spans(0).tolist()
        ]
        assert tokens.spans(row).tolist() == expected
        merged = corpus.masked.filter(corpus.masked["row"] == row)
        shown = {at for own in merged.to_dicts() for at in range(own["start"], own["end"])}
        assert shown == hidden


@given(masked_texts())
def test_whole_tokens_can_be_taken_out(
    case: tuple[list[str], list[tuple[int, int, int]]],
) -> None:
    """Then all others stay as they were, and masking in two steps is masking at once."""
    texts, spans = case
    before = ng.tokenize(texts)
    whole = []
    for row, start, end in spans:
        inside = [own for own in before.spans(row).tolist() if own[0] >= start and own[1] <= end]
        whole += [(row, own[0], own[1]) for own in inside]
    corpus = ng.Corpus(texts)
    once = corpus.without(columns(whole))
    gone = {(row, start) for row, start, _ in whole}
    after = ng.tokenize(once)
    for row in range(len(texts)):
        kept = [own for own in before.spans(row).tolist() if (row, own[0]) not in gone]
        assert after.spans(row).tolist() == kept
    twice = corpus.without(columns(whole[::2])).without(columns(whole[1::2]))
    assert twice.fingerprint == once.fingerprint


@given(
    st.lists(st.sampled_from(WORDS), max_size=60),
    st.lists(st.sampled_from(WORDS), min_size=5, max_size=20),
    st.lists(st.sampled_from(WORDS), max_size=30),
)
def test_a_planted_repeat_is_found(before: list[str], run: list[str], between: list[str]) -> None:
    """Whatever stands around it, and for any number of threads."""
    text = " ".join([*before, *run, *between, *run])
    tokens = ng.tokenize([text, "", text])
    found = ng.repeats(tokens, min_tokens=5, threads=1)
    assert found.to_dicts() == ng.repeats(tokens, min_tokens=5, threads=3).to_dicts()
    planted = range(len(text) - len(" ".join(run)), len(text))
    rows = [row for row in found.to_dicts() if row["row"] == 2]
    covered = {at for row in rows for at in range(row["start"], row["end"])}
    assert {at for at in planted if text[at] != " "} <= covered
    for row in rows:
        assert row["tokens"] == len(text[row["start"] : row["end"]].split())
        assert row["first_start"] < row["first_end"] <= row["start"]
        assert 0 < row["identity"] <= 1


LINES = st.sampled_from(
    [
        "Advertisement",
        "Share",
        "Read more:",
        "- A swan",
        "It rained.",
        "LAKE DESK",
        "So it goes on.",
        "漢字",
        "x",
        "",
    ]
)


@given(
    st.lists(st.tuples(st.lists(LINES, max_size=8), st.sampled_from("AB")), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_furniture_does_not_depend_on_order_or_threads(
    articles: list[tuple[list[str], str]], random: Any
) -> None:
    """Documents in another order have the same places; offsets slice; places do not overlap."""
    texts = ["\n".join(lines) for lines, _ in articles]
    docs = ng.Corpus({"text": texts, "source": [source for _, source in articles]})
    found = ng.furniture(docs, threads=1)
    assert found.to_dicts() == ng.furniture(docs, threads=3).to_dicts()
    ends: dict[int, int] = {}
    for row in found.to_dicts():
        assert texts[row["row"]][row["start"] : row["end"]] == row["text"]
        assert row["start"] >= ends.get(row["row"], 0)
        assert row["times"] >= (3 if row["evidence"] == "recurs" else 1)
        ends[row["row"]] = row["end"]
    order = list(range(len(texts)))
    random.shuffle(order)
    moved = ng.furniture(docs[np.array(order, dtype=np.int64)])

    def places(table: ng.Table) -> list[tuple[Any, ...]]:
        return sorted(
            tuple(str(v) for k, v in row.items() if k != "row") for row in table.to_dicts()
        )

    assert places(moved) == places(found)
