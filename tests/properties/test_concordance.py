"""Laws of the concordance, against a slow search that anybody can read."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

WORDS = [
    "a",
    "b",
    "ab",
    "abc",
    "A",
    "Ab",
    "é",
    "1",
    ",",
    "(",
    "“",
    "中国",
    "总统",
    "aé",
    "-",
    "a-b",
]
TEXT = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "", "\n"])), max_size=30
).map(lambda parts: "".join(word + gap for word, gap in parts))
TEXTS = st.lists(TEXT, max_size=5)
PATTERN = st.lists(
    st.sampled_from(
        ["a", "ab", "b", "*", "?", "a*", "*b", "?b", "*?", "a*c", "é", ",", "中国", "**"]
    ),
    min_size=1,
    max_size=3,
)


def _fits(word: str, form: str, met: bool) -> bool:
    if "*" not in word and "?" not in word:
        return word == form
    pattern = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in word)
    return met and re.fullmatch(pattern, form, re.DOTALL) is not None


def slow(
    texts: list[str], words: list[str], window: int, lower: bool, kinds: list[str] | None
) -> list[tuple[int, int, int, str, str]]:
    """Every match, by looking at every token."""
    surface = ng.tokenize(texts)
    view = surface.view(lower=lower, kinds=kinds)
    found = []
    for row, text in enumerate(texts):
        spans = surface.spans(row).tolist()
        keeps = {start for start, _ in view.spans(row).tolist()}
        kept = [start in keeps for start, _ in spans]
        forms = [text[start:end].lower() if lower else text[start:end] for start, end in spans]
        for place in range(len(spans) - len(words) + 1):
            here = range(place, place + len(words))
            # A wildcard stands for words that are dropped, and for punctuation that is kept.
            met = [kept[at] or forms[at][0].isalnum() for at in here]
            pairs = zip(words, (forms[at] for at in here), met, strict=True)
            if not (all(_fits(*pair) for pair in pairs) and any(kept[at] for at in here)):
                continue
            first, last, count = place, here[-1], 0
            while first > 0 and count < window:
                first -= 1
                count += kept[first]
            count = 0
            while last < len(spans) - 1 and count < window:
                last += 1
                count += kept[last]
            start, end = spans[place][0], spans[here[-1]][1]
            found.append(
                (row, start, end, text[spans[first][0] : start], text[end : spans[last][1]])
            )
    return found


@given(TEXTS, PATTERN, st.integers(1, 4), st.booleans(), st.sampled_from([None, ["word"]]))
def test_every_match_and_no_other(
    texts: list[str], words: list[str], window: int, lower: bool, kinds: list[str] | None
) -> None:
    """Matches, offsets and contexts are those of the slow search, for any number of threads."""
    view = ng.tokenize(texts).view(lower=lower, kinds=kinds)
    expected = slow(texts, words, window, lower, kinds)
    for threads in (1, 3):
        table = ng.concordance(view, " ".join(words), window=window, threads=threads)
        columns = (table[name] for name in ("row", "start", "end", "left", "right"))
        lines = [tuple(np.asarray(column).tolist()) for column in columns]
        assert list(zip(*lines, strict=True)) == expected


@given(
    st.lists(TEXT | st.text("ab ", max_size=60), max_size=5),
    PATTERN,
    st.sampled_from(["left", "right", "node"]),
    st.integers(1, 9),
)
def test_sorting_moves_lines_and_loses_none(
    texts: list[str], words: list[str], sort: str, window: int
) -> None:
    """A sorted concordance has the same lines, ordered by words in lower case."""
    view = ng.tokenize(texts).view(lower=False, kinds=None)
    plain = ng.concordance(view, " ".join(words), window=window)
    table = ng.concordance(view, " ".join(words), window=window, sort=sort)  # type: ignore[arg-type]

    def key(line: dict[str, object]) -> tuple[object, ...]:
        side = ng.tokenize([str(line[sort])])[0]
        words = [word.lower() for word in (side[::-1] if sort == "left" else side)]
        return (words, line["row"], line["start"])

    # Cut out of its text, a side may be tokenized in another way where a mark joins two words.
    if all("-" not in text and "“" not in text for text in texts):
        assert table.to_dicts() == sorted(plain.to_dicts(), key=key)
    else:
        assert sorted(map(repr, table.to_dicts())) == sorted(map(repr, plain.to_dicts()))


@given(TEXTS, PATTERN, st.booleans())
def test_it_shows_what_a_dictionary_counts(
    texts: list[str], words: list[str], stopped: bool
) -> None:
    """One rule for both: a match of one is a match of the other."""
    view = ng.tokenize(texts).view(lower=True, stop_words=["a", "b", "中国"] if stopped else None)
    pattern = " ".join(words)
    if not set(pattern) - set("* "):
        return  # a dictionary refuses what matches everything
    table = ng.concordance(view, pattern)
    # At one token a category counts once, so that of matches that share their first kept one the
    # first counts.
    seen: dict[tuple[int, int], list[int]] = {}
    for row, start, end in zip(table["row"], table["start"], table["end"], strict=True):
        first = next(span[0] for span in view.spans(row).tolist() if span[0] >= start)
        seen.setdefault((int(row), first), [int(start), int(end)])
    found = view.dictionary({"x": [pattern]})
    for row in range(len(texts)):
        here = [span for (at, _), span in seen.items() if at == row]
        assert found.spans(row).tolist() == here
