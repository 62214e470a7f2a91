r"""Raw texts to verified clusters: Jaccard of word 5-grams at least 0.5, against three peers.

One question for all: from a list of str to every pair at or above the threshold, each verified on
its exact sets of 5-grams, and the clusters that the pairs form. MinHash peers answer it in part:
their recall against the exact truth stands beside the time. A pair that is verified and not true
fails the run, and so does a nutgraf that misses one.

No peer is held back. All use 128 hash functions and a threshold of 0.5, and candidates are
verified by the same code, which shingles only the documents that are in a candidate pair. Where a
peer takes shingles, they are made in one helper process a core, started before the clock, and the
peer's sketches are made there too. Documents without a shingle are left out before a peer sees
them: they would all be each other's candidates.
"""

from __future__ import annotations

import multiprocessing
import zlib
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from benches.corpora import REAL, RUN, THRESHOLD, jaccard, shingles
from benches.frame import Contender, Facts, Job
from benches.machine import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS"]

#: Those whose true pairs are known.
CORPORA = REAL

HASHES = 128
SEED = 42
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


def _nutgraf(pattern: str | None, threads: int | None) -> Callable[[list[str]], Any]:
    def work(texts: list[str]) -> Any:
        import nutgraf as ng

        words: Any = texts
        if pattern is not None:
            tokens = ng.tokenize(texts, pattern=pattern, threads=threads, progress=False)
            words = tokens.view(lower=True)
        found = ng.near_duplicates(
            words, threshold=THRESHOLD, shingle=RUN, threads=threads, progress=False
        )
        table = found.pairs
        pairs = zip(table["left_row"].tolist(), table["right_row"].tolist(), strict=True)
        return int(str(found.settings["candidates"])), list(pairs), found.labels.tolist()

    return work


# ---- Peers that take shingles ------------------------------------------------------------------


class Crew:
    """A list of texts and one helper process a core; `part` keeps the helpers."""

    def __init__(self, texts: list[str], pool: ProcessPoolExecutor | None = None) -> None:
        self.texts = texts
        # Not forked: a library that has started threads must not be copied in mid-air.
        spawn = multiprocessing.get_context("spawn")
        self.pool = pool or ProcessPoolExecutor(cores(), mp_context=spawn)

    def part(self) -> Crew:
        """Return the first texts, for warming up the same helpers."""
        return Crew(self.texts[:200], self.pool)

    def sketched(
        self, sketch: Callable[[list[set[str]]], list[Any]]
    ) -> tuple[list[int], list[Any]]:
        """Return the rows that have shingles and their sketches, made by the helpers."""
        # Four pieces a core, so that none is left waiting for a long one.
        size = max(1, -(-len(self.texts) // (4 * cores())))
        starts = range(0, len(self.texts), size)
        jobs = [self.pool.submit(_sketch, sketch, self.texts[s : s + size]) for s in starts]
        rows: list[int] = []
        sketches: list[Any] = []
        for start, job in zip(starts, jobs, strict=True):
            here, made = job.result()
            rows += [start + row for row in here]
            sketches += made
        return rows, sketches


def _sketch(
    sketch: Callable[[list[set[str]]], list[Any]], texts: list[str]
) -> tuple[list[int], list[Any]]:
    sets = [shingles(text) for text in texts]
    rows = [row for row, own in enumerate(sets) if own]
    return rows, sketch([sets[row] for row in rows])


def _rensa_sketch(sets: list[set[str]]) -> list[Any]:
    from rensa import RMinHash

    made: list[Any] = RMinHash.from_token_sets(sets, num_perm=HASHES, seed=SEED)
    return made


def _rensa(crew: Crew) -> Any:
    """Full-set R-MinHash in batches, its own LSH; 32 bands of 4, for recall: none is advised."""
    from rensa import RMinHashLSH

    rows, sketches = crew.sketched(_rensa_sketch)
    index = RMinHashLSH(THRESHOLD, HASHES, 32)
    index.insert_many(sketches)
    return _answer(_pairs(rows, index.query_all(sketches)), crew.texts)


def _rensa_alone(texts: list[str]) -> Any:
    """As its guide shows it: shingles made by the caller in one process, the rest in threads."""
    from rensa import RMinHashLSH

    rows, sketches = _sketch(_rensa_sketch, texts)
    index = RMinHashLSH(THRESHOLD, HASHES, 32)
    index.insert_many(sketches)
    return _answer(_pairs(rows, index.query_all(sketches)), texts)


def _datasketch_sketch(sets: list[set[str]]) -> list[Any]:
    from datasketch import LeanMinHash, MinHash

    # The documentation advises a faster hash than the default SHA-1; crc32 is the fastest at hand.
    encoded = ([shingle.encode() for shingle in own] for own in sets)
    made = MinHash.generator(encoded, num_perm=HASHES, seed=SEED, hashfunc=zlib.crc32)
    return [LeanMinHash(minhash) for minhash in made]


def _datasketch(crew: Crew) -> Any:
    """Bulk MinHash, LSH with its own optimum for the threshold (25 bands of 5)."""
    from datasketch import MinHashLSH

    rows, sketches = crew.sketched(_datasketch_sketch)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)
    with index.insertion_session() as session:
        for place, sketch in enumerate(sketches):
            session.insert(place, sketch, check_duplication=False)
    return _answer(_pairs(rows, map(index.query, sketches)), crew.texts)


def _pairs(rows: list[int], answers: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    """Return the candidate pairs of queries that were asked in the order of `rows`."""
    return {
        (rows[place], rows[other])
        for place, others in enumerate(answers)
        for other in others
        if place < other
    }


# ---- A peer that takes texts -------------------------------------------------------------------


def _gaoya(texts: list[str]) -> Any:
    """Built-in analyzer (words by white space), bulk insert and query on all cores."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=THRESHOLD,
        num_bands=None,
        band_size=None,
        num_hashes=HASHES,
        analyzer="word",
        lowercase=True,
        ngram_range=(RUN, RUN),
        id_container="vec",
    )
    rows = [row for row, text in enumerate(texts) if len(text.split(maxsplit=RUN)) >= RUN]
    kept = [texts[row] for row in rows]
    index.par_bulk_insert_docs(list(range(len(rows))), kept)
    return _answer(_pairs(rows, index.par_bulk_query(kept)), texts)


# ---- The job -----------------------------------------------------------------------------------


def _verdict(facts: dict[str, Facts]) -> list[str]:
    """Check that nutgraf finds all and only what is true, and that verified means true."""
    wrong = []
    for name, told in facts.items():
        if name in {"nutgraf", "nutgraf, 1 thread"} and told["recall"] != 1.0:
            wrong.append(f"{name} found {told['recall']:.4f} of the true pairs")
        if name != "nutgraf, own words" and told["precision"] != 1.0:
            wrong.append(f"{name}: {told['precision']:.4f} of its verified pairs are true")
        if told["recall"] < 0.5:
            wrong.append(f"{name} found {told['recall']:.4f} of the true pairs: wrongly set up?")
    return wrong


def _list(corpus: Corpus) -> list[str]:
    return corpus.texts()


def _crew(corpus: Corpus) -> Crew:
    return Crew(corpus.texts())


SAME = r"tokenize(pattern='\w+').view(lower=True), near_duplicates: the words of the truth"
OWN = "near_duplicates(list): words by Unicode's rules, so its pairs differ a little from the truth"
JOBS = [
    Job(
        "clusters",
        "Texts to verified clusters, word 5-grams, Jaccard >= 0.5",
        (
            Contender("nutgraf", "nutgraf", SAME, "all", _list, _nutgraf(r"\w+", None), _facts),
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
