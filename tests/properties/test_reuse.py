"""Laws of near duplicates, and all pairs compared in plain Python."""

from __future__ import annotations

import itertools
import warnings
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nutgraf as ng

WORDS = st.sampled_from(["a", "b", "c", "d", "truce", "é", "中文", "7"])
BASES = st.lists(st.lists(WORDS, max_size=14), min_size=1, max_size=7)
THRESHOLDS = st.sampled_from([0.05, 0.3, 0.5, 0.7, 0.9, 1.0])
SHINGLES = st.integers(1, 3)
DAY = date(2031, 3, 1)

Pairs = dict[tuple[int, int], float]


@st.composite
def articles(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Return documents over few words, some equal, some edited, with sources and dates."""
    bases = draw(BASES)
    texts = [" ".join(words) for words in bases]
    for number, edit in draw(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=8)):
        text = texts[number % len(texts)]
        texts.append(f"{text} c d" if edit else text)
    count = len(texts)
    sources = st.lists(st.sampled_from(["A", "B", None]), min_size=count, max_size=count)
    days = st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=count, max_size=count)
    return {
        "text": texts,
        "source": draw(sources),
        "date": [None if day is None else (DAY + timedelta(day)).isoformat() for day in draw(days)],
    }


def sets_of(texts: list[str], shingle: int) -> list[set[tuple[str, ...]]]:
    """Return the shingles of each text under the view that `near_duplicates` takes."""
    view = ng.tokenize(texts).view(lower=True, fold_punctuation=True)
    rows = [view[row] for row in range(len(texts))]
    return [{tuple(row[i : i + shingle]) for i in range(len(row) - shingle + 1)} for row in rows]


def compared(texts: list[str], threshold: float, shingle: int) -> Pairs:
    """Return every pair by the definition."""
    sets, found = sets_of(texts, shingle), {}
    for i, j in itertools.combinations(range(len(sets)), 2):
        if sets[i] and sets[j]:
            similarity = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
            if similarity >= threshold:
                found[i, j] = similarity
    return found


def pairs_of(found: ng.NearDuplicates) -> Pairs:
    """Return pairs of rows and their similarity."""
    rows = zip(found.pairs["left_row"].tolist(), found.pairs["right_row"].tolist(), strict=True)
    return dict(zip(rows, found.pairs["similarity"].tolist(), strict=True))


def partition(labels: list[int]) -> set[frozenset[int]]:
    """Return clusters as sets of rows, whatever their names."""
    return {
        frozenset(row for row, other in enumerate(labels) if other == label) for label in labels
    }


def linked(count: int, pairs: Pairs) -> set[frozenset[int]]:
    """Return what chains of pairs connect."""
    clusters = [{row} for row in range(count)]
    for left, right in pairs:
        one = next(cluster for cluster in clusters if left in cluster)
        other = next(cluster for cluster in clusters if right in cluster)
        if one is not other:
            clusters.remove(other)
            one |= other
    return set(map(frozenset, clusters))


def quietly(*arguments: Any, **options: Any) -> ng.NearDuplicates | None:
    """Search without a word about missing dates and sources; None where nobody has one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ng.NutgrafWarning)
        try:
            return ng.near_duplicates(*arguments, **options)
        except ng.ParameterError:
            return None


@given(articles(), THRESHOLDS, SHINGLES)
def test_every_pair_is_one_of_all_compared(
    rows: dict[str, list[Any]], threshold: float, shingle: int
) -> None:
    """Pairs and clusters are those of the definition, in any batches, by any threads."""
    found = ng.near_duplicates(rows["text"], threshold=threshold, shingle=shingle)
    expected = compared(rows["text"], threshold, shingle)

    assert pairs_of(found) == expected
    assert len(found) == len(expected)
    assert partition(found.labels.tolist()) == linked(len(rows["text"]), expected)
    assert all(found.labels.tolist()[label] == label for label in found.labels.tolist())
    batches = [batch.to_dicts() for batch in found.iter_pairs(batch=2)]
    assert list(itertools.chain(*batches)) == found.pairs.to_dicts()
    other = ng.near_duplicates(rows["text"], threshold=threshold, shingle=shingle, threads=3)
    assert other.pairs.to_dicts() == found.pairs.to_dicts()
    assert other.settings == found.settings


@given(articles(), SHINGLES, st.sampled_from(["single", "star"]), st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(
    rows: dict[str, list[Any]], shingle: int, linkage: Any, draw: Any
) -> None:
    """The same pairs and the same clusters, under other row numbers."""
    texts = rows["text"]
    order = list(range(len(texts)))
    draw.shuffle(order)
    found = ng.near_duplicates(texts, shingle=shingle, linkage=linkage)
    again = ng.near_duplicates([texts[row] for row in order], shingle=shingle, linkage=linkage)

    back = {tuple(sorted((order[i], order[j]))): value for (i, j), value in pairs_of(again).items()}
    assert back == pairs_of(found)
    moved = {frozenset(order[row] for row in c) for c in partition(again.labels.tolist())}
    assert moved == partition(found.labels.tolist())


@given(articles(), SHINGLES, THRESHOLDS, THRESHOLDS)
def test_a_higher_threshold_keeps_a_part_of_the_pairs(
    rows: dict[str, list[Any]], shingle: int, one: float, other: float
) -> None:
    """No pair comes in when the threshold rises, and none changes."""
    low, high = sorted((one, other))
    many = pairs_of(ng.near_duplicates(rows["text"], threshold=low, shingle=shingle))
    few = pairs_of(ng.near_duplicates(rows["text"], threshold=high, shingle=shingle))

    assert few == {pair: value for pair, value in many.items() if value >= high}


@pytest.mark.filterwarnings("ignore:against has the same")
@given(articles(), articles(), THRESHOLDS, SHINGLES)
def test_two_corpora_are_a_part_of_both_together(
    here: dict[str, list[Any]], there: dict[str, list[Any]], threshold: float, shingle: int
) -> None:
    """Pairs of two corpora are those of one with a document of each."""
    found = ng.near_duplicates(
        here["text"], against=there["text"], threshold=threshold, shingle=shingle
    )
    begin = len(here["text"])
    both = compared([*here["text"], *there["text"]], threshold, shingle)

    expected = {(i, j - begin): s for (i, j), s in both.items() if i < begin <= j}
    assert pairs_of(found) == expected
    turned = ng.near_duplicates(
        there["text"], against=here["text"], threshold=threshold, shingle=shingle
    )
    assert {(j, i): value for (i, j), value in pairs_of(turned).items()} == expected


@given(articles(), SHINGLES, st.booleans(), st.integers(-1, 4))
def test_across_and_within_restrict_pairs_and_clusters(
    rows: dict[str, list[Any]], shingle: int, across: bool, days: int
) -> None:
    """What is left is what the definition leaves, and clusters link through nothing else."""
    options: dict[str, Any] = {"across": "source"} if across else {}
    if days >= 0:
        options["within"] = timedelta(days)
    found = quietly(ng.Corpus(rows), shingle=shingle, **options)
    sources, dates = rows["source"], rows["date"]
    if found is None:
        assert (across and not any(sources)) or (days >= 0 and not any(dates))
        return

    def may(i: int, j: int) -> bool:
        if across and (None in (sources[i], sources[j]) or sources[i] == sources[j]):
            return False
        if days < 0:
            return True
        if None in (dates[i], dates[j]):
            return False
        return abs(date.fromisoformat(dates[i]) - date.fromisoformat(dates[j])).days <= days

    all_pairs = compared(rows["text"], 0.5, shingle)
    expected = {pair: value for pair, value in all_pairs.items() if may(*pair)}
    assert pairs_of(found) == expected
    assert len(found) == len(expected)
    assert partition(found.labels.tolist()) == linked(len(sources), expected)


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(40, 99), st.integers(0, 80)), max_size=6),
    st.sampled_from([0.5, 0.8, 1.0]),
    st.sampled_from([0.3, 0.5, 0.9]),
)
def test_parts_are_found_without_exception(
    cuts: list[tuple[int, int, int]], containment: float, threshold: float
) -> None:
    """Contained pairs are those of the definition; they are directed and link no clusters."""
    texts = [
        " ".join(
            [f"w{i}" for i in range(start, start + length)] + [f"o{row}x{i}" for i in range(own)]
        )
        for row, (start, length, own) in enumerate(cuts)
    ]
    found = ng.near_duplicates(texts, threshold=threshold, shingle=2, containment=containment)
    sets = sets_of(texts, 2)
    near = compared(texts, threshold, 2)

    expected = dict(near)
    for i, j in itertools.combinations(range(len(sets)), 2):
        shared, smaller = len(sets[i] & sets[j]), min(len(sets[i]), len(sets[j]))
        if smaller >= 50 and shared / smaller >= containment:
            expected[i, j] = shared / len(sets[i] | sets[j])
    assert pairs_of(found) == expected
    assert partition(found.labels.tolist()) == linked(len(texts), near)
    for row in found.pairs.to_dicts():
        i, j = row["left_row"], row["right_row"]
        if (i, j) not in near:
            assert row["kind"] == "contained"
        if row["kind"] == "contained":
            assert row["part"] == ("left" if len(sets[i]) <= len(sets[j]) else "right")
            assert row[f"containment_{row['part']}"] >= containment
        else:
            assert row["part"] is None


@given(articles(), SHINGLES, THRESHOLDS)
def test_stars_are_near_their_centres(
    rows: dict[str, list[Any]], shingle: int, threshold: float
) -> None:
    """Centres by neighbours and length; a document is with the first centre that it is near."""
    texts = rows["text"]
    found = ng.near_duplicates(texts, threshold=threshold, shingle=shingle, linkage="star")
    near: dict[int, set[int]] = {row: {row} for row in range(len(texts))}
    for i, j in compared(texts, threshold, shingle):
        near[i].add(j)
        near[j].add(i)
    view = ng.tokenize(texts).view(lower=True, fold_punctuation=True)

    def rank(row: int) -> tuple[int, int]:
        return -len(near[row]), -len(view[row])

    stars = partition(found.labels.tolist())
    centres = {}
    for star in stars:
        middle = [row for row in star if star <= near[row]]
        assert middle
        centres[star] = min(map(rank, middle))
    for star in stars:
        for row in star:
            # It is not near the centre of a better star, unless a tie leaves open who that is.
            for other in stars - {star}:
                best = [m for m in other if other <= near[m] and rank(m) == centres[other]]
                assert not (centres[other] < centres[star] and all(row in near[m] for m in best))


@settings(max_examples=6, deadline=None)
@given(st.integers(250, 320), st.integers(0, 3), st.sampled_from([0.5, 0.8]))
def test_clusters_without_pairs_are_those_of_pairs(
    count: int, alone: int, threshold: float
) -> None:
    """Articles that share most of a page: clusters first, pairs on request, and both agree."""
    page = " ".join(f"p{number}" for number in range(60))
    draw = np.random.default_rng(count)
    texts = [f"{page} own{row} {'x' + str(row) + ' y'}" for row in range(count)]
    texts += [f"nothing of row {row} is like that page at all" for row in range(alone)]
    draw.shuffle(texts)
    found = ng.near_duplicates(texts, threshold=threshold)

    assert found.settings["pairs"] == "on request"
    assert "pairs on request" in repr(found)
    labels = found.labels.tolist()
    assert max(map(len, partition(labels))) == count
    assert int(str(found.settings["candidates"])) < 3 * count
    assert len(found) == count * (count - 1) // 2
    assert partition(labels) == linked(len(texts), pairs_of(found))
