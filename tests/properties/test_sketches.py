"""Laws of signatures and of the search by them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

ALPHABET = ["river", "port", "truce", "envoy", "ferry", "Straße", "汉字", "é"]
WORDS = st.lists(st.sampled_from(ALPHABET), max_size=30)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=8)
HOW = st.fixed_dictionaries(
    {
        "shingle": st.integers(1, 4),
        "unit": st.sampled_from(["word", "char"]),
        "slots": st.sampled_from([1, 7, 64, 300]),
    }
)


@given(TEXTS, HOW, st.randoms(use_true_random=False))
def test_a_signature_is_that_of_its_text_alone(texts: list[str], how: Any, draw: Any) -> None:
    """Neither the other documents nor their order nor the number of threads is seen in it."""
    made = ng.signatures(texts, **how)
    assert made.shape == (len(texts), how["slots"])
    for text, own in zip(texts, made, strict=True):
        assert ng.signatures([text], **how)[0].tolist() == own.tolist()
    order = draw.sample(range(len(texts)), len(texts))
    again = ng.signatures([texts[row] for row in order], threads=3, **how)
    assert np.array_equal(again, made[order])
    assert np.array_equal(ng.signatures(texts, bits=16, **how), made.astype(np.uint16))


@given(
    st.lists(st.tuples(WORDS.map(" ".join), st.sampled_from("AB"), st.integers(1, 9)), min_size=2),
    st.sampled_from([0.2, 0.5, 1.0]),
    st.sampled_from([{"across": "source"}, {"within": "2d"}, {"across": "source", "within": "1d"}]),
    st.data(),
)
def test_what_may_pair_is_what_the_exact_search_lets_pair(
    rows: list[tuple[str, str, int]], threshold: float, scope: dict[str, Any], data: Any
) -> None:
    """Of one corpus, and of two: no other pair, and all that are equal."""
    corpus = ng.Corpus(
        [{"text": text, "source": source, "date": f"2031-03-0{day}"} for text, source, day in rows]
    )
    how: dict[str, Any] = {"threshold": threshold, "shingle": 2, **scope}
    cut = data.draw(st.integers(1, len(rows) - 1))
    for documents, against in ((corpus, None), (corpus[:cut], corpus[cut:])):
        with warnings.catch_warnings():
            # Both halves may hold the same.
            warnings.simplefilter("ignore", ng.NutgrafWarning)
            exact = ng.near_duplicates(documents, against=against, **how)
            sketch: dict[str, Any] = {"method": "minhash", "recall": 0.9, "slots": 2000}
            found = ng.near_duplicates(documents, against=against, **how, **sketch)
        expected, made = exact.pairs.to_dicts(), found.pairs.to_dicts()
        assert all(row in expected for row in made)
        assert [row for row in made if row["similarity"] == 1.0] == [
            row for row in expected if row["similarity"] == 1.0
        ]
        if against is None:
            sides = ([row[f"{side}_row"] for row in made] for side in ("left", "right"))
            assert np.array_equal(*(found.labels[np.array(rows_of, int)] for rows_of in sides))


@given(TEXTS, st.sampled_from([0.2, 0.5, 0.8, 1.0]), st.integers(1, 3), st.floats(0.05, 0.999))
def test_what_is_found_is_true(
    texts: list[str], threshold: float, shingle: int, recall: float
) -> None:
    """Every pair is one of the exact search; equal sets are never missed."""
    how: dict[str, Any] = {"threshold": threshold, "shingle": shingle}
    exact = ng.near_duplicates(texts, **how).pairs.to_dicts()
    found = ng.near_duplicates(texts, method="minhash", recall=recall, slots=2000, **how)
    rows = found.pairs.to_dicts()
    assert all(row in exact for row in rows)
    assert [row for row in rows if row["similarity"] == 1.0] == [
        row for row in exact if row["similarity"] == 1.0
    ]
    assert found.settings["whole"]
    linked = {(row["left_row"], row["right_row"]) for row in rows}
    assert all(found.labels[left] == found.labels[right] for left, right in linked)
