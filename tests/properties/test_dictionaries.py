"""Dictionaries against an obvious search through lists of tokens."""

from __future__ import annotations

import pickle
from fnmatch import fnmatchcase

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

WORD = st.text(alphabet="abé", min_size=1, max_size=3)
TEXT = st.lists(st.one_of(WORD, st.sampled_from([",", "A", "Bé"])), max_size=14).map(" ".join)
TEXTS = st.lists(TEXT, max_size=4)
GLOB = st.text(alphabet="abé*?", min_size=1, max_size=4)
VALUE = (
    st.lists(st.one_of(WORD, GLOB), min_size=1, max_size=3)
    .filter(lambda words: any(set(word) - {"*"} for word in words))
    .map(" ".join)
)
DICTIONARY = st.dictionaries(
    st.sampled_from(["x", "y", "z"]), st.lists(VALUE, min_size=1, max_size=4), min_size=1
)

Match = tuple[int, int, int]


def expected(
    tokens: list[str], kept: list[bool], dictionary: dict[str, list[str]], scope: str
) -> list[Match]:
    """First token, token after the last one, and category of each match that counts."""
    every: set[Match] = set()
    for category, values in enumerate(dictionary.values()):
        for value in values:
            words = value.split()
            for start in range(len(tokens) - len(words) + 1):
                here = tokens[start : start + len(words)]
                pairs = zip(here, words, strict=True)
                # No wildcard stands for punctuation that is dropped; here all of it is.
                if all(
                    fnmatchcase(form.lower(), word) and (form != "," or word == ",")
                    for form, word in pairs
                ):
                    every.add((start, start + len(words), category))
    every = {match for match in every if any(kept[match[0] : match[1]])}
    counted: dict[tuple[int, int], Match] = {}
    for start, end, category in sorted(every, key=lambda m: (m[2], m[0], -m[1])):
        longer = [
            m for m in every
            if m[1] - m[0] > end - start and (scope == "dictionary" or m[2] == category)
        ]  # fmt: skip
        covered = {place for m in longer for place in range(m[0], m[1])}
        if not covered.issuperset(range(start, end)):
            place = kept.index(True, start)
            counted.setdefault((category, place), (start, end, category))
    return sorted(counted.values())


@given(TEXTS, DICTIONARY, st.sampled_from(["key", "dictionary"]), st.booleans())
def test_it_finds_what_an_obvious_search_finds(
    texts: list[str], dictionary: dict[str, list[str]], scope: str, stopped: bool
) -> None:
    """Categories, spans and counts, also where the view drops words."""
    surface = ng.tokenize(texts)
    view = surface.view(lower=True, stop_words=["a", "é"] if stopped else None)
    found = view.dictionary(dictionary, nested_scope=scope)  # type: ignore[arg-type]
    counts = found.counts()

    names = list(dictionary)
    assert counts.terms == names
    for row in range(len(texts)):
        tokens, spans = surface[row], surface.spans(row).tolist()
        left = {tuple(span) for span in view.spans(row).tolist()}
        kept = [tuple(span) in left for span in spans]
        matches = expected(tokens, kept, dictionary, scope)
        assert found[row] == [names[category] for _, _, category in matches]
        assert found.spans(row).tolist() == [
            [spans[start][0], spans[end - 1][1]] for start, end, _ in matches
        ]
        dense = counts.matrix.toarray()[row].tolist()
        assert dense == [sum(m[2] == number for m in matches) for number in range(len(names))]
        assert int(counts.totals[row]) == sum(kept)
        assert all(count <= sum(kept) for count in dense)


@given(TEXTS, DICTIONARY, st.integers(1, 8))
def test_it_does_not_depend_on_threads_and_survives_a_pickle(
    texts: list[str], dictionary: dict[str, list[str]], threads: int
) -> None:
    """The same categories at the same places, however they were come by."""
    found = ng.tokenize(texts).dictionary(dictionary, threads=threads)
    for other in (
        ng.tokenize(texts).dictionary(dictionary, threads=1),
        pickle.loads(pickle.dumps(found)),
    ):
        assert other.vocabulary == found.vocabulary
        for name in ("ids", "indptr", "starts", "ends"):
            assert np.array_equal(getattr(other, name), getattr(found, name))


@given(st.text(max_size=20), st.text(max_size=12))
def test_no_value_upsets_it(text: str, value: str) -> None:
    """A value either is refused with a sentence or is looked for."""
    text = text.encode("utf-8", "replace").decode()
    try:
        found = ng.tokenize([text]).dictionary({"a": [value]})
    except ng.ParameterError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either outcome is fine
    else:
        assert len(found.spans(0)) == len(found[0])


NEWS = st.lists(st.text(alphabet="abcÉ’'., -\u00a0", max_size=40), max_size=5)


@given(NEWS)
def test_terms_as_categories_are_counts(texts: list[str]) -> None:
    """A dictionary with a category for each word and each pair counts what `counts` does."""
    view = ng.tokenize(texts).view(lower=True, fold_punctuation=True)
    grams = view.counts(ngram_range=(1, 2))
    if not grams.terms:
        return  # a dictionary needs categories
    found = view.dictionary({term: [term] for term in grams.terms}).counts()

    assert found.terms == grams.terms
    assert found.matrix.toarray().tolist() == grams.matrix.toarray().tolist()
    assert found.totals.tolist() == view.counts().totals.tolist()
