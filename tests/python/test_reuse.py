"""Near duplicates: against brute force, the planted truth and the real corpora."""

from __future__ import annotations

import csv
import gzip
import itertools
import random
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

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


def test_one_corpus_against_another() -> None:
    """Ids, rows, sources, evidence and shared text of both sides; labels of neither."""
    new = ng.Corpus(
        {"text": [f"PORT — {STORY}", "Other."], "id": ["n1", "n2"], "source": ["A", "B"]}
    )
    old = ng.Corpus({"text": ["Old.", STORY, STORY], "source": ["B", "A", "B"]})
    found = ng.near_duplicates(new, against=old)

    rows = found.pairs.to_dicts()
    assert [(row["left"], row["right"], row["relation"]) for row in rows] == [
        ("n1", 1, "version"),
        ("n1", 2, "shared"),
    ]
    ((a, b, c, d),) = found.shared(0, 2)
    assert new[0].text[a:b] == old[2].text[c:d]
    assert "river port" in str(found.pairs.evidence(1))
    assert repr(found).endswith("2 pairs of 2 documents and 3 others (similarity ≥ 0.5)")
    assert found.settings["input"]["against"]["documents"] == 3
    assert len(ng.near_duplicates(new, against=old, across="source").pairs) == 1


def test_a_view_decides_about_both_corpora() -> None:
    """The other corpus is tokenized and seen as the view of the first one."""
    stop = ng.tokenize(["said the envoy of the port"]).view(lower=True, stop_words=["the", "of"])
    found = ng.near_duplicates(stop, against=["Said envoy port"], shingle=3)

    assert found.pairs["similarity"].tolist() == [1.0]
    assert found.pairs["kind"] == ["copy"] or found.pairs["kind"] == ["identical"]


@pytest.mark.parametrize("search", [ng.near_duplicates, ng.passages])
def test_a_corpus_against_itself_is_told(search: Any) -> None:
    """Each document pairs with itself, which nobody wants; one that another has too is no slip."""
    corpus = ng.Corpus([STORY, "Nothing of this stands there."])
    with pytest.warns(ng.NutgrafWarning, match="same 2 texts.*leave against out") as told:
        search(corpus, against=corpus.texts)
    assert [warning.filename for warning in told] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search(corpus, against=[STORY])
        search([], against=[])


def test_within_counts_days_from_their_beginning() -> None:
    """Zones count, and documents without a date are told about and pair with none."""
    corpus = ng.Corpus(
        {
            "text": [STORY] * 5,
            "date": [
                "2031-03-01",
                "2031-03-08",
                "2031-03-08T01:00",
                None,
                "2031-03-08T02:00+02:00",
            ],
        }
    )
    with pytest.warns(ng.NutgrafWarning, match="1 of 5 documents have no date") as told:
        found = ng.near_duplicates(corpus, within="7d")
    # The line of the caller, not one of ours.
    assert [warning.filename for warning in told] == [__file__]

    rows = zip(found.pairs["left_row"].tolist(), found.pairs["right_row"].tolist(), strict=True)
    assert list(rows) == [(0, 1), (0, 4), (1, 2), (1, 4), (2, 4)]
    assert found.labels.tolist() == [0, 0, 0, 3, 0]


def test_shingles_have_a_length_of_their_own_by_unit() -> None:
    """Five words, twelve characters."""
    assert ng.near_duplicates(["a"]).settings["shingle"] == 5
    assert ng.near_duplicates(["a"], unit="char").settings["shingle"] == 12


def test_a_star_does_not_chain() -> None:
    """Each text drifts from the one before: links chain them, a star keeps to its centre."""
    words = [f"w{number}" for number in range(60)]
    texts = [" ".join(words[start : start + 30]) for start in range(0, 31, 3)]

    assert set(ng.near_duplicates(texts).labels.tolist()) == {0}
    stars = ng.near_duplicates(texts, linkage="star").labels.tolist()
    assert len(set(stars)) > 2


def test_representatives_do_not_depend_on_the_order() -> None:
    """The earliest dated, else the longest, else the first text by its characters."""
    texts = [f"{STORY} b", f"{STORY} a", f"{STORY} c"]
    chosen = set()
    for order in itertools.permutations(texts):
        table = ng.near_duplicates(list(order)).clusters
        chosen |= {order[int(row)] for row in table["representative"]}
    assert chosen == {f"{STORY} a"}


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
@pytest.mark.parametrize("name", ["reuters21578", "saudi_ar", "bbc"])
def test_real_corpora_reproduce_parts_and_low_similarities(corpora_dir: Path, name: str) -> None:
    """Every pair from 0.3 on, and every text of 50 shingles of which 0.8 lie in another one."""
    # Some of its dates are no dates.
    corpus = ng.Corpus(parquet.read_table(corpora_dir / f"{name}.parquet", columns=["id", "text"]))
    tokens = ng.tokenize(corpus, pattern=r"\w+").view(lower=True)
    found = ng.near_duplicates(tokens, threshold=0.3, shingle=5, containment=0.8)
    rows = {str(own): row for row, own in enumerate(corpus.ids)}
    sizes: dict[str, int] = {}
    with gzip.open(corpora_dir / f"{name}_pairs.csv.gz", "rt", encoding="utf-8") as lines:
        truth = list(csv.DictReader(lines))
    for own in {row[side] for row in truth for side in ("id_a", "id_b")}:
        words = tokens[rows[own]]
        sizes[own] = len({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    expected = set()
    for row in truth:
        here, there = row["id_a"], row["id_b"]
        smaller = min(sizes[here], sizes[there])
        part = smaller >= 50 and int(row["shared_5grams"]) / smaller >= 0.8
        if part or float(row["jaccard"]) >= 0.3:
            expected.add(frozenset((here, there)))

    pairs = found.pairs
    names = zip(map(str, pairs["left"]), map(str, pairs["right"]), strict=True)
    assert set(map(frozenset, names)) == expected
    assert name == "bbc" or {"contained", "partial"} <= set(pairs["kind"])


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


def test_noisy_copies_in_a_crowd_are_told_as_two_alone_are() -> None:
    """Where all share a page a few meet; what is reported is what two alone share."""
    draw = random.Random(5)

    def words(count: int) -> str:
        return " ".join(
            "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(count)
        )

    page, tail = words(100), words(130)
    texts = [f"{page} {words(20 + row % 100)}" for row in range(1_600)]
    # Two that share a tail beside the page that all have.
    texts[100], texts[1_300] = f"{page} {words(25)} {tail}", f"{page} {words(60)} {tail}"
    with pytest.warns(ng.NutgrafWarning, match="not every two of them were compared"):
        found = ng.near_duplicates(texts, noisy=True)

    assert found.settings["whole"] is False
    assert int(str(found.settings["crowds"])) > 0
    assert set(found.labels.tolist()) == {0}
    pairs = found.pairs
    rows = list(zip(pairs["left_row"].tolist(), pairs["right_row"].tolist(), strict=True))
    assert (100, 1_300) in rows
    assert len(rows) < 20 * len(texts)
    for at in [rows.index((100, 1_300)), *range(0, len(rows), len(rows) // 40)]:
        left, right = rows[at]
        alone = ng.near_duplicates([texts[left], texts[right]], noisy=True)
        assert alone.settings["whole"] is True
        assert alone.pairs["similarity"].tolist() == [pairs["similarity"][at]]
