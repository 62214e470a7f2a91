"""Laws of whole corpora: threads, chunks and batches change nothing; nothing is lost or moved."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nutgraf as ng

THREADS = (1, 2, 3, 8, 16)
NAMES = ["addresses", "initials", "possessives", "run_on", "spaces", "scripts", "elision"]

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
NEWS_TEXT = st.lists(
    st.sampled_from(
        [
            *(
                "U.S.",
                "said.The",
                "www.a.b",
                "me@x.org",
                "@me",
                "#now",
                "l’",
                "qu'",
                "10",
                "\u202f",
            ),
            *(
                "é",
                "e\u0301",
                "ж",
                "中国",
                "カ",
                "ไทย",
                "🇫🇷",
                "👩\u200d👧",
                "\ufeff",
                "\u00ad",
                "\0",
            ),
            *"abXY.’'-,:/ \r\n“",
        ]
    ),
    max_size=25,
).map("".join)
TEXTS = st.lists(st.one_of(ANY_TEXT, NEWS_TEXT), max_size=6)
HOW = st.fixed_dictionaries(
    {},
    optional={
        "language": st.sampled_from(["fr", "it", "tr"]),
        "tailorings": st.one_of(st.booleans(), st.lists(st.sampled_from(NAMES), max_size=3)),
        "pattern": st.sampled_from([r"\w+", r"[^\W\d_]+", r"\S+"]),
    },
)


def cuts(data: st.DataObject, count: int) -> list[int]:
    """Draw where a list of so many rows is cut, into parts that may be empty."""
    inner = data.draw(st.lists(st.integers(0, count), max_size=5).map(sorted))
    return [0, *inner, count]


def parts_of(tokens: ng.Tokens) -> list[Any]:
    """Return everything that tokens say."""
    arrays = (tokens.ids, tokens.indptr, tokens.starts, tokens.ends)
    return [*(each.tolist() for each in arrays), tokens.vocabulary]


@given(TEXTS, HOW)
def test_tokens_and_gaps_are_the_text(texts: list[str], how: dict[str, Any]) -> None:
    """Under any tailorings; without a pattern the gaps are white space."""
    tokens = ng.tokenize(texts, **how)

    for row, text in enumerate(texts):
        spans = tokens.spans(row).tolist()
        slices = [text[start:end] for start, end in spans]
        gaps = [
            text[end:start] for (_, end), (start, _) in pairwise([[0, 0], *spans, [len(text)] * 2])
        ]
        assert slices == tokens[row]
        assert "" not in slices
        assert gaps[0] + "".join(s + gap for s, gap in zip(slices, gaps[1:], strict=True)) == text
        assert "pattern" in how or not "".join(gaps).strip()


@settings(max_examples=settings.default.max_examples // 3 if settings.default else 15)
@given(TEXTS, HOW)
def test_threads_do_not_matter(texts: list[str], how: dict[str, Any]) -> None:
    """Each document fills a block of its own, so that the threads share them out."""
    filled = [text + "\n" * (1 << 20) for text in texts]
    alone = parts_of(ng.tokenize(filled, threads=1, **how))

    assert alone == parts_of(ng.tokenize(texts, **how))
    for threads in THREADS[1:]:
        assert parts_of(ng.tokenize(filled, threads=threads, **how)) == alone


def written(count: int, words: int) -> list[str]:
    """Return documents of Zipf's words, every one with a few of its own."""
    draw = np.random.default_rng(count)
    numbers = np.minimum(draw.zipf(1.2, count * words), 10**6).reshape(count, words)
    return [
        " ".join(f"w{n:x}é" if n % 7 == 3 else f"w{n:x}" for n in row) + f", u{number}."
        for number, row in enumerate(numbers.tolist())
    ]


@pytest.mark.parametrize(("count", "words"), [(60_000, 20), (3, 400_000), (700, 1_700)])
def test_ids_of_many_blocks_are_ranks_of_first_occurrence(count: int, words: int) -> None:
    """Many tiny documents, few huge ones, and articles: as a dict would number the words."""
    texts = written(count, words)
    random.Random(words).shuffle(texts)
    tokens = ng.tokenize(texts, threads=1)
    numbers: dict[str, int] = {}
    # Every word is pure, but for the signs after the last two of a document.
    for text in texts:
        for word in text.replace(",", " ,").replace(".", " .").split():
            numbers.setdefault(word, len(numbers))

    assert tokens.vocabulary == list(numbers)
    assert [numbers[word] for word in tokens[count // 2]] == tokens.ids[
        slice(*tokens.indptr[count // 2 :][:2])
    ].tolist()
    firsts = np.unique(tokens.ids, return_index=True)[1]
    assert (np.diff(firsts) > 0).all()
    for threads in THREADS[1:]:
        again = ng.tokenize(texts, threads=threads)
        assert again.vocabulary == tokens.vocabulary
        for name in ("ids", "indptr", "starts", "ends"):
            assert np.array_equal(getattr(again, name), getattr(tokens, name)), (threads, name)


@given(TEXTS, st.data(), st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]))
def test_chunks_of_an_arrow_column_do_not_matter(
    texts: list[str], data: st.DataObject, kind: pa.DataType
) -> None:
    """However the column was put together, and of slices of what."""
    whole = pa.array(["before", *texts, "after"], kind)[1:-1]
    chunks = [whole[start:end] for start, end in pairwise(cuts(data, len(texts)))]
    tokens = ng.tokenize(pa.chunked_array(chunks, kind))

    assert parts_of(tokens) == parts_of(ng.tokenize(texts))


@given(TEXTS, st.data(), HOW)
def test_batches_have_the_ids_of_the_whole(
    texts: list[str], data: st.DataObject, how: dict[str, Any]
) -> None:
    """Vocabularies of the parts, one after another, number the terms as the whole does."""
    whole = ng.tokenize(texts, **how)
    batches = [
        ng.tokenize(texts[start:end], **how) for start, end in pairwise(cuts(data, len(texts)))
    ]
    numbers: dict[str, int] = {}
    for batch in batches:
        for term in batch.vocabulary:
            numbers.setdefault(term, len(numbers))

    assert whole.vocabulary == list(numbers)
    ids = [numbers[batch.vocabulary[each]] for batch in batches for each in batch.ids.tolist()]
    assert whole.ids.tolist() == ids
    for name in ("starts", "ends"):
        assert getattr(whole, name).tolist() == [
            place for batch in batches for place in getattr(batch, name).tolist()
        ]


@pytest.mark.parametrize("tailorings", [False, [name for name in NAMES if name != "run_on"]])
@given(texts=st.lists(st.text(alphabet=st.characters(max_codepoint=127), max_size=60), max_size=5))
def test_counts_in_lower_case_are_counts_of_lower_case(
    tailorings: bool | list[str], texts: list[str]
) -> None:
    """For ASCII; run-on sentences alone are found by their capital."""
    seen = ng.tokenize(texts, tailorings=tailorings).view(lower=True).counts()
    low = ng.tokenize([text.lower() for text in texts], tailorings=tailorings).view().counts()

    assert seen.terms == low.terms
    for name in ("indptr", "indices", "data", "totals"):
        assert getattr(seen, name).tolist() == getattr(low, name).tolist()


@given(TEXTS, st.lists(st.sampled_from(NAMES)))
def test_tailorings_are_a_set(texts: list[str], names: list[str]) -> None:
    """Order and repeats do not matter; all of them are True, and none is False."""
    tokens = parts_of(ng.tokenize(texts, language="fr", tailorings=names))

    assert tokens == parts_of(ng.tokenize(texts, language="fr", tailorings=set(names)))
    assert tokens == parts_of(ng.tokenize(texts, language="fr", tailorings=names[::-1] * 2))
    for switch, those in ((True, NAMES), (False, [])):
        assert parts_of(ng.tokenize(texts, language="it", tailorings=switch)) == parts_of(
            ng.tokenize(texts, language="it", tailorings=those)
        )
