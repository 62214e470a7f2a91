"""Near duplicates: against brute force, the planted truth and the real corpora."""

from __future__ import annotations

import csv
import gzip
import itertools
from typing import TYPE_CHECKING

import pytest

import nutgraf as ng
from nutgraf.sample import load_truth

if TYPE_CHECKING:
    from pathlib import Path

STORY = (
    "Both delegations agreed on Tuesday to halt the shelling of the river port and to let the "
    "monitors back into the three villages on the eastern bank before the end of the week."
)


def brute_force(texts: list[list[str]], threshold: float, n: int) -> list[tuple[int, int, float]]:
    """Every pair by the definition, slowly."""
    sets = [{tuple(words[i : i + n]) for i in range(len(words) - n + 1)} for words in texts]
    found = []
    for left, right in itertools.combinations(range(len(sets)), 2):
        a, b = sets[left], sets[right]
        if a and b and len(a & b) / len(a | b) >= threshold:
            found.append((left, right, len(a & b) / len(a | b)))
    return found


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.9])
def test_equal_to_brute_force_on_the_sample(threshold: float) -> None:
    """Pairs and similarities are those of the definition."""
    view = ng.tokenize(ng.load_sample()).view(lower=True, fold_punctuation=True)
    pairs = ng.near_duplicates(view, threshold=threshold).pairs
    expected = brute_force([view[row] for row in range(len(view))], threshold, 5)

    got = list(
        zip(
            pairs["left_row"].tolist(),
            pairs["right_row"].tolist(),
            pairs["similarity"].tolist(),
            strict=True,
        )
    )
    assert got == expected
    assert len(expected) > 0


def test_the_planted_reprints_are_found() -> None:
    """Every planted copy above the threshold is a pair across outlets."""
    pairs = ng.near_duplicates(ng.load_sample()).pairs.to_dicts()
    found = {frozenset((row["left"], row["right"])): row for row in pairs}

    for planted in load_truth()["reuse"]:
        pair = frozenset((planted["original"], planted["copy"]))
        assert (pair in found) == (planted["kind"] != "embedded"), planted["kind"]
        if pair in found:
            assert found[pair]["relation"] == "shared"


def test_equal_documents_are_linear_and_never_expanded_by_accident() -> None:
    """10,000 equal documents give one cluster; their 50 million pairs are refused with a remedy."""
    found = ng.near_duplicates([STORY] * 10_000)

    assert set(found.labels.tolist()) == {0}
    assert len(found) == 49_995_000
    assert len(found.clusters) == 10_000
    with pytest.raises(ng.LimitError, match="iter_pairs"):
        _ = found.pairs
    first = next(found.iter_pairs(batch=5)).to_dicts()
    assert [(row["left_row"], row["right_row"], row["kind"]) for row in first] == [
        (0, right, "identical") for right in range(1, 6)
    ]


def test_empty_and_short_documents_are_never_duplicates() -> None:
    """They stay in the result, alone."""
    found = ng.near_duplicates(["", "", "too short", "too short", STORY, STORY])

    assert found.labels.tolist() == [0, 1, 2, 3, 4, 4]


def test_shared_text_slices_on_both_sides() -> None:
    """The spans of `shared` cut equal words out of both documents."""
    texts = [f"PORT — {STORY}", f"Two days later, as expected: {STORY} So it was."]
    found = ng.near_duplicates(texts)

    ((a, b, c, d),) = found.shared(0, 1)
    assert texts[0][a:b] == texts[1][c:d]
    assert texts[0][a:b].startswith("Both delegations")


@pytest.mark.parametrize(
    "arguments",
    [
        {"threshold": 0.0},
        {"threshold": 1.5},
        {"threshold": float("nan")},
        {"shingle": 0},
        {"unit": "line"},
    ],
)
def test_wrong_parameters(arguments: dict[str, object]) -> None:
    """Each wrong parameter is named."""
    with pytest.raises(ng.ParameterError, match=next(iter(arguments))):
        ng.near_duplicates([STORY, STORY], **arguments)  # type: ignore[arg-type]


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["reuters21578", "saudi_ar", "senate_press"])
def test_real_corpora_reproduce_the_exact_pairs(corpora_dir: Path, name: str) -> None:
    """Recall and precision are 1.000 against every pair that brute force found."""
    corpus = ng.read_corpus(corpora_dir / f"{name}.parquet")
    tokens = ng.tokenize(corpus, pattern=r"\w+").view(lower=True)
    found = ng.near_duplicates(tokens, threshold=0.5, shingle=5)

    expected = {}
    with gzip.open(corpora_dir / f"{name}_pairs.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if float(row["jaccard"]) >= 0.5:
                expected[frozenset((row["id_a"], row["id_b"]))] = float(row["jaccard"])
    pairs = found.pairs
    got = dict(
        zip(
            map(frozenset, zip(map(str, pairs["left"]), map(str, pairs["right"]), strict=True)),
            pairs["similarity"].tolist(),
            strict=True,
        )
    )
    assert got.keys() == expected.keys()
    assert all(abs(got[pair] - expected[pair]) < 1e-3 for pair in expected)
