"""Signatures and the search by them: golden values, estimates, stated recall, wrong parameters."""

from __future__ import annotations

import csv
import gzip
import itertools
import pickle
import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

STORY = "Both sides agreed on Tuesday to halt the shelling of the river port."

# Made by a separate program in Python on the reference implementation of XXH3 (xxhash 3), from the
# form in the documentation of `signatures`. They never change within version 1 of the form.
GOLDEN: list[tuple[str, dict[str, Any], list[int]]] = [
    (
        STORY,
        {"slots": 8},
        [
            *(36862141858679, 28722363076458, 333511355003332, 515411507310617),
            *(298117453937012, 79969194473172, 236709937613463, 109896972776376),
        ],
    ),
    (STORY, {"slots": 3, "shingle": 13}, [939492332249687, 433677914551999, 223020011070448]),
    (
        "Über die Brücke Straße",
        {"slots": 6, "shingle": 1},
        [
            *(235649052780097, 1533073052288112, 351622155219505),
            *(637237796474053, 146922802395668, 131928170892271),
        ],
    ),
    (
        "Überall  汉字 und\n汉字",
        {"slots": 6, "shingle": 4, "unit": "char"},
        [
            *(17482933146758, 103944177363372, 186484867693920),
            *(34198714086272, 353447731600084, 235313074948750),
        ],
    ),
]


@pytest.mark.parametrize(("text", "how", "expected"), GOLDEN)
def test_golden_signatures(text: str, how: dict[str, Any], expected: list[int]) -> None:
    """A signature is that of the published form, alone and among others, in every width."""
    assert ng.signatures([text], **how).tolist() == [expected]
    among = ng.signatures(
        ["Another text that comes before it, with words of its own.", text], **how
    )
    assert among.dtype == np.uint64
    assert among[1].tolist() == expected
    for bits in (16, 32):
        narrow = ng.signatures([text], bits=bits, **how)
        assert narrow.dtype.itemsize * 8 == bits
        assert narrow.tolist() == [[value % 2**bits for value in expected]]


def test_signatures_have_a_row_for_every_document() -> None:
    """Nothing is dropped: in a document without a shingle all bits are set."""
    made = ng.signatures([STORY, "", "too short", STORY], slots=16, bits=16)
    assert made.shape == (4, 16)
    assert made[1].tolist() == made[2].tolist() == [2**16 - 1] * 16
    assert made[0].tolist() == made[3].tolist()
    assert ng.signatures([], slots=16).shape == (0, 16)


def test_words_are_those_of_the_view() -> None:
    """A view says what a word is; without one words are in lower case."""
    shouted = STORY.upper()
    small, large = ng.signatures([STORY, shouted])
    assert small.tolist() == large.tolist()
    small, large = ng.signatures(ng.tokenize([STORY, shouted]).view(lower=False))
    assert (small == large).mean() < 0.1


def _pair(draw: random.Random, shared: int, alone: int) -> tuple[str, str]:
    """Make two texts of words that come once, so that single words are their shingles."""
    words = [f"w{draw.randrange(10**12)}" for _ in range(shared + 2 * alone)]
    return " ".join(words[: shared + alone]), " ".join(words[:shared] + words[shared + alone :])


@pytest.mark.parametrize("bits", [16, 32, 64])
@pytest.mark.parametrize(("shared", "alone"), [(0, 40), (2, 9), (30, 30), (90, 30), (400, 50)])
def test_equal_slots_estimate_the_similarity(bits: Any, shared: int, alone: int) -> None:
    """Over seeds the estimates scatter around the exact similarity, and no wider than stated."""
    draw = random.Random(f"{shared}/{alone}")
    pairs = [_pair(draw, shared, alone) for _ in range(200)]
    made = ng.signatures(list(itertools.chain(*pairs)), shingle=1, slots=128, bits=bits)
    equal = (made[::2] == made[1::2]).mean(axis=1)
    chance = 2.0**-bits
    estimates = (equal - chance) / (1 - chance)

    exact = shared / (shared + 2 * alone)
    error = (exact * (1 - exact) / 128) ** 0.5
    assert abs(estimates.mean() - exact) <= 4 * error / len(pairs) ** 0.5 + 2 * chance
    # Sets of a dozen words fill many slots with the same word.
    assert estimates.std() <= 1.3 * error + 0.001


SKETCHED: dict[str, Any] = {"method": "minhash"}


def _found(found: ng.NearDuplicates) -> dict[tuple[int, int], float]:
    pairs = found.pairs
    rows = zip(pairs["left_row"].tolist(), pairs["right_row"].tolist(), strict=True)
    return dict(zip(rows, pairs["similarity"].tolist(), strict=True))


def _edited(count: int, seed: int, share: float) -> list[str]:
    """Make texts, each followed by one in which a share of the words is replaced."""
    draw = random.Random(seed)
    texts = []
    for _ in range(count):
        words = [f"w{draw.randrange(10**6)}" for _ in range(draw.randint(20, 300))]
        texts.append(" ".join(words))
        other = [word if draw.random() > share else f"new{draw.random()}" for word in words]
        texts.append(" ".join(other))
    return texts


@pytest.mark.parametrize(("threshold", "share"), [(0.3, 0.5), (0.5, 0.3), (0.8, 0.1)])
def test_the_recall_is_at_least_the_stated_one(threshold: float, share: float) -> None:
    """Pairs around the threshold are found as often as stated, and no other pair is reported."""
    texts = _edited(1500, 5, share)
    how: dict[str, Any] = {"threshold": threshold, "shingle": 1}
    exact = _found(ng.near_duplicates(texts, **how))
    for recall in (0.8, 0.99):
        found = ng.near_duplicates(texts, recall=recall, **SKETCHED, **how)
        sketched = _found(found)
        assert sketched.items() <= exact.items()
        near = {pair for pair, similarity in exact.items() if similarity < threshold + 0.08}
        assert len(near) > 300
        # The stated recall less three standard errors, over the pairs that are hardest to find.
        least = recall - 3 * (recall * (1 - recall) / len(near)) ** 0.5
        assert len(near & sketched.keys()) >= least * len(near)
        assert found.settings["whole"] is True


def test_the_settings_say_what_to_expect() -> None:
    """Bands, rows and recall stand in the settings, and go through a pickle."""
    found = ng.near_duplicates([STORY, STORY + " More."], **SKETCHED)
    told = found.settings
    assert (told["bands"], told["rows"], told["recall"], told["slots"]) == (72, 4, 0.99, 288)
    assert told["recall_at_threshold"] == pytest.approx(1 - (1 - 0.5**4) ** 72)
    assert list(told["recall_at"]) == [f"0.{tenth}" for tenth in range(1, 10)] + ["1.0"]
    assert told["recall_at"]["0.3"] == pytest.approx(1 - (1 - 0.3**4) ** 72)
    assert told["left_out"] == 0
    again = pickle.loads(pickle.dumps(found))
    assert again.settings == told
    assert _found(again) == _found(found) != {}
    assert "bands" not in ng.near_duplicates([STORY]).settings


def test_no_order_of_documents_and_no_thread_changes_the_pairs() -> None:
    """The set of pairs is that of the texts, whatever their order and the number of threads."""
    texts = [*_edited(150, 9, 0.35), "", "short", STORY, STORY]
    how: dict[str, Any] = {"threshold": 0.4, "shingle": 1, "recall": 0.6, **SKETCHED}
    first = _found(ng.near_duplicates(texts, threads=1, **how))
    assert 20 < len(first) < 150
    assert _found(ng.near_duplicates(texts, threads=3, **how)) == first
    order = random.Random(3).sample(range(len(texts)), len(texts))
    shuffled = _found(ng.near_duplicates([texts[row] for row in order], **how))
    moved = {tuple(sorted((order[i], order[j]))): value for (i, j), value in shuffled.items()}
    assert moved == first


def test_equal_documents_are_one_group() -> None:
    """Ten thousand equal texts are one group with one signature, and no candidate."""
    found = ng.near_duplicates([STORY] * 10_000, **SKETCHED)
    assert len(found) == 49_995_000
    assert set(found.labels.tolist()) == {0}
    assert (found.settings["candidates"], found.settings["whole"]) == (0, True)


def test_a_crowd_is_linked_through_leaders_and_told() -> None:
    """Where all are candidates of each other, clusters are found in linear time, with a warning."""
    texts = [f"{STORY} {STORY.replace('river', 'sea')} Edition {row}." for row in range(1600)]
    with pytest.warns(ng.NutgrafWarning, match="few leaders") as told:
        found = ng.near_duplicates(texts, **SKETCHED)
    assert [warning.filename for warning in told] == [__file__]
    assert set(found.labels.tolist()) == {0}
    assert found.settings["whole"] is False
    assert len(found) <= found.settings["candidates"] < 10_000


def test_two_crowds_are_held_against_each_other_whole() -> None:
    """No leaders where a chain says nothing: every pair that the exact search has at 1."""
    texts = [f"{STORY} Edition {row}." for row in range(300)]
    found = ng.near_duplicates(texts[:2], against=texts[1:], **SKETCHED)
    exact = ng.near_duplicates(texts[:2], against=texts[1:])
    assert found.pairs.to_dicts() == exact.pairs.to_dicts()
    assert found.settings["whole"]
    again = pickle.loads(pickle.dumps(found))
    assert again.pairs.to_dicts() == found.pairs.to_dicts()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"recall": 0.9}, 'recall is 0.9, but it belongs to method="minhash"'),
        ({"slots": 99}, 'slots is 99, but it belongs to method="minhash"'),
        (
            {"containment": 0.8, **SKETCHED},
            "containment is 0.8, but signatures .*leave method out for an exact search",
        ),
        ({"noisy": True, **SKETCHED}, "noisy is True, but signatures .*leave noisy out"),
        ({"recall": 1.0, **SKETCHED}, 'recall is 1.0, but it must be below 1; .*method="exact"'),
        ({"recall": 0, **SKETCHED}, "recall is 0, but it must be a number above 0"),
        (
            {"slots": 5000, **SKETCHED},
            "slots is 5000, but it must be a whole number from 1 to 4,096",
        ),
        ({"slots": 6, **SKETCHED}, "slots is 6, but they are too few.*pass slots=7 or more"),
        ({"threshold": 0.001, **SKETCHED}, "slots is 288.*pass a higher threshold"),
    ],
)
def test_wrong_parameters(arguments: dict[str, Any], words: str) -> None:
    """Each wrong parameter is named with its rule."""
    with pytest.raises(ng.ParameterError, match=words):
        ng.near_duplicates([STORY, STORY], **arguments)


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["reuters21578", "saudi_ar"])
@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_real_corpora_are_found_as_stated(corpora_dir: Path, name: str, threshold: float) -> None:
    """At least 99 of 100 true pairs, and no other."""
    corpus = ng.read_corpus(corpora_dir / f"{name}.parquet")
    tokens = ng.tokenize(corpus, pattern=r"\w+").view(lower=True)
    found = ng.near_duplicates(tokens, threshold=threshold, **SKETCHED)

    true = set()
    with gzip.open(corpora_dir / f"{name}_pairs.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            # The file rounds to four places.
            if float(row["jaccard"]) >= threshold - 5e-5:
                true.add(frozenset((row["id_a"], row["id_b"])))
    pairs = found.pairs
    got = set(map(frozenset, zip(map(str, pairs["left"]), map(str, pairs["right"]), strict=True)))
    assert got <= true
    assert len(got) >= 0.99 * len(true)
