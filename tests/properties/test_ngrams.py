"""Laws of n-grams: a slow, obvious count finds the same."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

WORDS = st.sampled_from(["a", "b", "c", "The", "x", "D.", "!", ",", "\n", "\n\n"])
TEXTS = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=5)
RANGES = st.sampled_from([(1, 1), (1, 2), (2, 2), (2, 3), (1, 4)])
SKIPS = st.sampled_from([[0], [1], [0, 1], [0, 2], [0, 1, 2]])
WITHIN = st.sampled_from(["document", "sentence", "paragraph"])


def oracle(
    tokens: ng.Tokens,
    row: int,
    ngram_range: tuple[int, int],
    skips: list[int],
    within: str,
    across_gaps: bool,
) -> list[str]:
    """Return every n-gram of a document: all choices of places, and none that breaks a rule."""
    surface = ng.tokenize(tokens.corpus)
    kept = {
        tuple(span): word
        for span, word in zip(tokens.spans(row).tolist(), tokens[row], strict=True)
    }
    bounds = {
        "document": [],
        "sentence": tokens.sentences(row)[:, 0].tolist(),
        "paragraph": tokens.paragraphs(row)[:, 0].tolist(),
    }[within]
    places: list[tuple[str | None, int]] = []
    for start, end in surface.spans(row).tolist():
        word = kept.get((start, end))
        if word is not None or not across_gaps:
            places.append((word, sum(bound <= start for bound in bounds)))
    found = []
    for first in range(len(places)):
        for length in range(ngram_range[0], ngram_range[1] + 1):
            for steps in product(sorted(skips), repeat=length - 1):
                chosen = [first]
                for step in steps:
                    chosen.append(chosen[-1] + step + 1)
                if chosen[-1] >= len(places):
                    continue
                words = [places[place][0] for place in chosen]
                if None in words or len({places[place][1] for place in chosen}) > 1:
                    continue
                found.append(" ".join(word for word in words if word is not None))
    return found


@given(TEXTS, RANGES, SKIPS, WITHIN, st.booleans())
def test_ngrams_equal_an_obvious_count(
    texts: list[str],
    ngram_range: tuple[int, int],
    skips: list[int],
    within: str,
    across_gaps: bool,
) -> None:
    """Terms in the order of first occurrence, and how often each stands in each document."""
    tokens = ng.tokenize(texts).view(lower=True, stop_words=["x"])
    counts = tokens.counts(
        ngram_range=ngram_range,
        skip=skips,
        within=within,  # type: ignore[arg-type]
        across_gaps=across_gaps,
    )

    rows = [
        oracle(tokens, row, ngram_range, skips, within, across_gaps) for row in range(len(texts))
    ]
    order = list(dict.fromkeys(gram for row in rows for gram in row))
    if ngram_range == (1, 1):
        assert sorted(order) == sorted(counts.terms)
    else:
        assert order == counts.terms
    dense = counts.matrix.toarray()
    for number, row in enumerate(rows):
        # Words, whatever is made of them.
        assert counts.totals[number] == len(tokens[number])
        assert counts.matrix[[number]].sum() == len(row)
        assert {t: int(n) for t, n in zip(counts.terms, dense[number], strict=True) if n} == {
            gram: row.count(gram) for gram in row
        }


@given(TEXTS, SKIPS, st.integers(1, 3), st.integers(1, 4))
def test_limits_on_documents_are_a_filter(
    texts: list[str], skips: list[int], min_df: int, max_df: int
) -> None:
    """Dropping terms while counting is dropping columns afterwards."""
    if min_df > max_df or not texts:
        return
    tokens = ng.tokenize(texts).view(lower=True)
    all_of_them = tokens.counts(ngram_range=(1, 3), skip=skips)
    some = tokens.counts(ngram_range=(1, 3), skip=skips, min_df=min_df, max_df=max_df)

    matrix = all_of_them.matrix.toarray()
    kept = [c for c in range(matrix.shape[1]) if min_df <= (matrix[:, c] > 0).sum() <= max_df]
    assert some.terms == [all_of_them.terms[column] for column in kept]
    assert some.matrix.toarray().tolist() == matrix[:, kept].tolist()
    assert some.totals.tolist() == all_of_them.totals.tolist()
