"""The peers of the search for near duplicates: each from texts or sketches to candidate pairs.

No peer is held back: bulk calls throughout, and where a peer takes shingles they may come from one
helper process a core, started before the clock. Documents without a shingle are left out before a
peer sees them: they would all be each other's candidates.
"""

from __future__ import annotations

import multiprocessing
import zlib
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from benches.corpora import RUN, in_order, shingles
from benches.machine import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "HASHES",
    "Crew",
    "datasketch_candidates",
    "datasketch_sketches",
    "gaoya_candidates",
    "rensa_candidates",
    "rensa_flags",
    "rensa_sketches",
    "sketched",
]

HASHES = 128
SEED = 42
Candidates = set[tuple[int, int]]


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
        jobs = [self.pool.submit(sketched, sketch, self.texts[s : s + size]) for s in starts]
        rows: list[int] = []
        sketches: list[Any] = []
        for start, job in zip(starts, jobs, strict=True):
            here, made = job.result()
            rows += [start + row for row in here]
            sketches += made
        return rows, sketches


def sketched(
    sketch: Callable[[list[set[str]]], list[Any]], texts: list[str]
) -> tuple[list[int], list[Any]]:
    """Return the rows that have shingles and their sketches."""
    sets = [shingles(text) for text in texts]
    rows = [row for row, own in enumerate(sets) if own]
    return rows, sketch([sets[row] for row in rows])


def _pairs(rows: list[int], answers: Iterable[Iterable[int]]) -> Candidates:
    """Return the candidate pairs of queries that were asked in the order of `rows`."""
    return {
        (rows[place], rows[other])
        for place, others in enumerate(answers)
        for other in others
        if place < other
    }


# ---- rensa -------------------------------------------------------------------------------------


def rensa_sketches(sets: list[set[str]]) -> list[Any]:
    """Sketch full sets by R-MinHash."""
    from rensa import RMinHash

    made: list[Any] = RMinHash.from_token_sets(sets, num_perm=HASHES, seed=SEED)
    return made


def rensa_candidates(
    rows: list[int], sketches: list[Any], threshold: float, bands: int
) -> Candidates:
    """Ask its own index, filled and asked in bulk."""
    from rensa import RMinHashLSH

    index = RMinHashLSH(threshold, HASHES, bands)
    index.insert_many(sketches)
    return _pairs(rows, index.query_all(sketches))


def rensa_flags(texts: list[str], threshold: float = 0.8, bands: int = 8) -> list[bool]:
    """Ask the path of its published speed: rho sketches of tokens in order, and a flag a row."""
    from rensa import RMinHash, RMinHashLSH

    runs = [in_order(text) for text in texts]
    rows = [row for row, own in enumerate(runs) if own]
    matrix = RMinHash.digest_matrix_from_token_sets_rho([runs[row] for row in rows], HASHES, SEED)
    index = RMinHashLSH(threshold, HASHES, bands)
    flags = [False] * len(texts)
    for row, flag in zip(rows, index.query_duplicate_flags_matrix_one_shot(matrix), strict=True):
        flags[row] = bool(flag)
    return flags


# ---- datasketch --------------------------------------------------------------------------------


def datasketch_sketches(sets: list[set[str]]) -> list[Any]:
    """Sketch sets in bulk, with the fastest hash at hand instead of the default SHA-1."""
    from datasketch import LeanMinHash, MinHash

    encoded = ([shingle.encode() for shingle in own] for own in sets)
    made = MinHash.generator(encoded, num_perm=HASHES, seed=SEED, hashfunc=zlib.crc32)
    return [LeanMinHash(minhash) for minhash in made]


def datasketch_candidates(rows: list[int], sketches: list[Any], threshold: float) -> Candidates:
    """Ask its index, with its own optimum of bands for the threshold."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=HASHES)
    with index.insertion_session() as session:
        for place, sketch in enumerate(sketches):
            session.insert(place, sketch, check_duplication=False)
    return _pairs(rows, map(index.query, sketches))


# ---- gaoya -------------------------------------------------------------------------------------


def gaoya_candidates(texts: list[str], threshold: float) -> Candidates:
    """Use its analyzer (words by white space), bulk insert and query on all cores."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=threshold,
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
    return _pairs(rows, index.par_bulk_query(kept))
