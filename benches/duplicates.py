r"""Raw texts to verified clusters: Jaccard of word 5-grams at least 0.5, against three peers.

One question for all: from a list of str to every pair at or above the threshold, each verified on
its exact sets of 5-grams, and the clusters that the pairs form. MinHash peers answer it in part:
their recall against the exact truth stands beside the time. A pair that is verified and not true
fails the run, and so does a nutgraf that misses one.

All peers use 128 hash functions and a threshold of 0.5, and candidates are verified by the same
code, which shingles only the documents that are in a candidate pair. How each peer is asked is told
in `peers`. rensa's headline path, by which its speed is published, gives a flag for each document
and no pairs: a true pair counts as found where both documents have one, and its precision is the
share of flagged documents that are in a true pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benches.corpora import RUN, THRESHOLD, jaccard, shingles
from benches.frame import Contender, Facts, Job
from benches.peers import (
    Crew,
    datasketch_candidates,
    datasketch_sketches,
    gaoya_candidates,
    rensa_candidates,
    rensa_flags,
    rensa_sketches,
    sketched,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS"]

#: Those whose true pairs are known or counted: small before large.
CORPORA = ("reuters21578", "saudi_ar", "english")
#: What our MinHash is asked for.
RECALL = 0.99
#: Bands of rensa's full-set index, of 4 rows each: for recall; none is advised.
BANDS = 32

Pairs = list[tuple[int, int]]


# ---- What every contender is asked for ---------------------------------------------------------


def _verified(candidates: Iterable[tuple[int, int]], texts: list[str]) -> Pairs:
    """Keep the candidates that are true, as a peer's user would have to."""
    sets: dict[int, set[str]] = {}
    kept = []
    for left, right in candidates:
        for row in (left, right):
            if row not in sets:
                sets[row] = shingles(texts[row])
        if jaccard(sets[left], sets[right]) >= THRESHOLD:
            kept.append((left, right))
    return kept


def _labels(pairs: Pairs, documents: int) -> list[int]:
    """Name each document's cluster by its smallest row."""
    parent = list(range(documents))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for left, right in pairs:
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return [root(row) for row in range(documents)]


def _answer(candidates: set[tuple[int, int]], texts: list[str]) -> tuple[int, Pairs, list[int]]:
    pairs = _verified(candidates, texts)
    return len(candidates), pairs, _labels(pairs, len(texts))


def _facts(answer: tuple[int, Pairs, list[int]], corpus: Corpus) -> Facts:
    candidates, pairs, labels = answer
    found, true = set(pairs), corpus.true_pairs
    return {
        "recall": len(found & true) / len(true) if true else 1.0,
        "precision": len(found & true) / len(found) if found else 1.0,
        "pairs": len(found),
        "true": len(true),
        "candidates": candidates,
        "clusters": len(set(labels)),
    }


# ---- nutgraf -----------------------------------------------------------------------------------


def _nutgraf(pattern: str | None, threads: int | None, **how: Any) -> Callable[[list[str]], Any]:
    def work(texts: list[str]) -> Any:
        import nutgraf as ng

        words: Any = texts
        if pattern is not None:
            tokens = ng.tokenize(texts, pattern=pattern, threads=threads, progress=False)
            words = tokens.view(lower=True)
        found = ng.near_duplicates(
            words, threshold=THRESHOLD, shingle=RUN, threads=threads, progress=False, **how
        )
        table = found.pairs
        pairs = zip(table["left_row"].tolist(), table["right_row"].tolist(), strict=True)
        return int(str(found.settings["candidates"])), list(pairs), found.labels.tolist()

    return work


# ---- Peers ------------------------------------------------------------------------------------


def _rensa(crew: Crew) -> Any:
    """Full sets, shingles and sketches from the helpers."""
    rows, sketches = crew.sketched(rensa_sketches)
    return _answer(rensa_candidates(rows, sketches, THRESHOLD, BANDS), crew.texts)


def _rensa_alone(texts: list[str]) -> Any:
    """As its guide shows it: shingles made by the caller in one process, the rest in threads."""
    rows, sketches = sketched(rensa_sketches, texts)
    return _answer(rensa_candidates(rows, sketches, THRESHOLD, BANDS), texts)


def _flag_facts(flags: list[bool], corpus: Corpus) -> Facts:
    true = corpus.true_pairs
    inside = {row for pair in true for row in pair}
    flagged = {row for row, flag in enumerate(flags) if flag}
    return {
        "recall": sum(flags[i] and flags[j] for i, j in true) / len(true) if true else 1.0,
        "precision": len(flagged & inside) / len(flagged) if flagged else 1.0,
        "true": len(true),
        "candidates": len(flagged),
    }


def _datasketch(crew: Crew) -> Any:
    rows, sketches = crew.sketched(datasketch_sketches)
    return _answer(datasketch_candidates(rows, sketches, THRESHOLD), crew.texts)


def _gaoya(texts: list[str]) -> Any:
    return _answer(gaoya_candidates(texts, THRESHOLD), texts)


# ---- The job -----------------------------------------------------------------------------------


def _verdict(facts: dict[str, Facts]) -> list[str]:
    """Check that nutgraf finds all and only what is true, and that verified means true."""
    wrong = []
    for name, told in facts.items():
        if name in {"nutgraf", "nutgraf, 1 thread"} and told["recall"] != 1.0:
            wrong.append(f"{name} found {told['recall']:.4f} of the true pairs")
        if name == MINHASH and told["recall"] < RECALL:
            wrong.append(f"{name} found {told['recall']:.4f} of the true pairs, stated {RECALL}")
        if name == HEADLINE:
            # Flags are not verified, and what it finds is its own affair.
            continue
        if name != "nutgraf, own words" and told["precision"] != 1.0:
            wrong.append(f"{name}: {told['precision']:.4f} of its verified pairs are true")
        if told["recall"] < 0.5:
            wrong.append(f"{name} found {told['recall']:.4f} of the true pairs: wrongly set up?")
    return wrong


def _list(corpus: Corpus) -> list[str]:
    return corpus.texts()


def _crew(corpus: Corpus) -> Crew:
    return Crew(corpus.texts())


MINHASH, HEADLINE = "nutgraf, minhash", "rensa, headline"
SAME = r"tokenize(pattern='\w+').view(lower=True), near_duplicates: the words of the truth"
OWN = "near_duplicates(list): words by Unicode's rules, so its pairs differ a little from the truth"
JOBS = [
    Job(
        "clusters",
        "Texts to verified clusters, word 5-grams, Jaccard >= 0.5",
        (
            Contender("nutgraf", "nutgraf", SAME, "all", _list, _nutgraf(r"\w+", None), _facts),
            Contender(
                MINHASH,
                "nutgraf",
                f'{SAME}; method="minhash", recall={RECALL}',
                "all",
                _list,
                _nutgraf(r"\w+", None, method="minhash", recall=RECALL),
                _facts,
            ),
            Contender(
                "rensa",
                "rensa",
                "full set: R-MinHash and LSH in bulk; shingles and sketches in one process a core",
                "all",
                _crew,
                _rensa,
                _facts,
                Crew.part,
            ),
            Contender(
                "rensa, 1 process",
                "rensa",
                "full set: shingles in this process, R-MinHash and LSH in bulk in its threads",
                "all, but for shingles",
                _list,
                _rensa_alone,
                _facts,
            ),
            Contender(
                HEADLINE,
                "rensa",
                "rho sketches of 128 slots, 8 bands, threshold 0.8, flags: as its speed is told",
                "all, but for shingles",
                _list,
                rensa_flags,
                _flag_facts,
            ),
            Contender(
                "gaoya",
                "gaoya",
                "par_bulk_insert_docs and par_bulk_query with its own analyzer",
                "all",
                _list,
                _gaoya,
                _facts,
            ),
            Contender(
                "datasketch",
                "datasketch",
                "MinHash in bulk with a fast hash in one process a core, MinHashLSH",
                "all; its index one",
                _crew,
                _datasketch,
                _facts,
                Crew.part,
            ),
            Contender(
                "nutgraf, 1 thread", "nutgraf", SAME, "one", _list, _nutgraf(r"\w+", 1), _facts
            ),
            Contender(
                "nutgraf, own words", "nutgraf", OWN, "all", _list, _nutgraf(None, None), _facts
            ),
        ),
        "nutgraf",
        _verdict,
    )
]
