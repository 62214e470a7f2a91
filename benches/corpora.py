"""The texts that are measured, and the pairs that are true. Real ones where they are at hand.

The real corpora are read by `files`, those made of them by `mixtures`.
"""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from benches import files, synthetic, truth
from benches.mixtures import MIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["REAL", "THRESHOLD", "Corpus", "at_hand", "in_order", "jaccard", "shingles"]

#: Those with exact truth, small before large.
REAL = ("reuters21578", "saudi_ar", "senate_press")
THRESHOLD = 0.5
#: Words of a shingle.
RUN = 5
WORD = re.compile(r"\w+")


def at_hand(names: Iterable[str]) -> list[str]:
    """Return those corpora that this machine has; the made one where it has none."""
    found = [name for name in names if all(map(files.is_here, _sources(name)))]
    return found or ["synthetic-5000"]


def _sources(name: str) -> tuple[str, ...]:
    return MIXTURES[name].sources if name in MIXTURES else (name,)


def shingles(text: str) -> set[str]:
    r"""Return the word 5-grams that the truth counts: ``\w+`` of the lower case.

    The fastest way we know in Python, since the peers that take shingles pay for it.
    """
    words = WORD.findall(text.lower())
    return set(map(" ".join, zip(*(words[start:] for start in range(RUN)), strict=False)))


def in_order(text: str) -> list[str]:
    """Return the same shingles as they stand in the text, repeated ones too."""
    words = WORD.findall(text.lower())
    return list(map(" ".join, zip(*(words[start:] for start in range(RUN)), strict=False)))


def jaccard(left: set[str], right: set[str]) -> float:
    """Return the similarity of two sets, 0 where one is empty."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


@dataclass(frozen=True)
class Corpus:
    """A corpus by name: a real one, a mixture of them, or ``synthetic-N`` with N documents.

    Only what is asked for is loaded, so that a contender that takes a column never pays for a
    list.
    """

    name: str

    @property
    def made(self) -> int | None:
        """Documents of a made corpus; None for a real one."""
        kind, _, size = self.name.partition("-")
        return int(size) if kind == "synthetic" else None

    @property
    def how(self) -> str | None:
        """How it is made of real ones; None where it is not."""
        return MIXTURES[self.name].how if self.name in MIXTURES else None

    def texts(self) -> list[str]:
        """Return the texts as a list of str."""
        if self.made is not None:
            return synthetic.make(self.made)
        texts: list[str] = self.column().to_pylist()
        return texts

    def column(self) -> Any:
        """Return the texts as one pyarrow column."""
        import pyarrow as pa

        if self.made is not None:
            return pa.chunked_array([self.texts()], type=pa.large_string())
        return MIXTURES[self.name].column() if self.how else files.column(self.name)

    def facts(self) -> dict[str, object]:
        """Return the size that a figure refers to."""
        texts = self.texts()
        size = sum(len(text.encode()) for text in texts)
        told: dict[str, object] = {"name": self.name, "documents": len(texts), "bytes": size}
        return told if self.how is None else told | {"how": self.how}

    @cached_property
    def true_pairs(self) -> set[tuple[int, int]]:
        """Every pair of rows at or above the threshold."""
        texts = self.texts()
        if self.made is not None:
            return true_pairs(texts)
        if self.how is not None:
            return truth.counted(self.name, texts, THRESHOLD)
        if self.name not in REAL:
            message = f"the true pairs of {self.name} are not known; pass {', '.join(REAL)}."
            raise ValueError(message)
        rows = {name: row for row, name in enumerate(files.column(self.name, "id").to_pylist())}
        found = set()
        pairs = files.FOLDER / f"{self.name}_pairs.csv.gz"
        with gzip.open(pairs, "rt", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                left, right = sorted((rows[line["id_a"]], rows[line["id_b"]]))
                near = float(line["jaccard"])
                # The file rounds to four places: on the line, the texts decide.
                if abs(near - THRESHOLD) < 2e-4:
                    near = jaccard(shingles(texts[left]), shingles(texts[right]))
                if near >= THRESHOLD:
                    found.add((left, right))
        return found


def true_pairs(texts: Iterable[str]) -> set[tuple[int, int]]:
    """Count every pair that shares a shingle: slow, and plain to see through."""
    sets = [shingles(text) for text in texts]
    where: dict[str, list[int]] = {}
    for row, own in enumerate(sets):
        for shingle in own:
            where.setdefault(shingle, []).append(row)
    near = {
        (left, right)
        for rows in where.values()
        for place, left in enumerate(rows)
        for right in rows[place + 1 :]
    }
    return {pair for pair in near if jaccard(sets[pair[0]], sets[pair[1]]) >= THRESHOLD}
