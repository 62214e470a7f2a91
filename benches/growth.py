"""How time grows with the corpus: n, 2n and 4n documents, some of them all equal.

Equal documents are the worst case of a pair search: n of them are n(n-1)/2 pairs. Candidates and
pairs are counts and cannot lie; the time ratio is printed for the eye, and is never a gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benches.corpora import REAL, THRESHOLD
from benches.frame import Contender, Facts, Job

if TYPE_CHECKING:
    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS"]

CORPORA = REAL

SHARES = (4, 2, 1)


def _labels(texts: list[str]) -> Any:
    import nutgraf as ng

    found = ng.near_duplicates(texts, threshold=THRESHOLD, progress=False)
    return texts, found, found.labels


def _facts(answer: Any, _: Corpus) -> Facts:
    texts, found, labels = answer
    return {
        "documents": len(texts),
        "bytes": sum(len(text.encode()) for text in texts),
        "candidates": int(found.settings["candidates"]),
        "pairs": len(found),
        "clusters": len(set(labels.tolist())),
    }


def _verdict_equal(facts: dict[str, Facts]) -> list[str]:
    """Check that n equal documents are one cluster of all their pairs."""
    wrong = []
    for name, told in facts.items():
        count = told["documents"]
        if (told["clusters"], told["pairs"]) != (1, count * (count - 1) // 2):
            wrong.append(f"{name}: {count} equal documents gave {told}")
    return wrong


def _verdict_grown(facts: dict[str, Facts]) -> list[str]:
    """Check that a longer prefix of one corpus never loses a pair."""
    pairs = [told["pairs"] for told in facts.values()]
    return [] if pairs == sorted(pairs) else [f"pairs do not grow with the corpus: {pairs}"]


def _contenders(prepare: Any) -> tuple[Contender, ...]:
    made = []
    for share in SHARES:
        name = "n" if share == max(SHARES) else f"{max(SHARES) // share}n"
        how = "near_duplicates(list), pairs counted and labels made, not expanded"
        given = prepare(share)
        made.append(Contender(name, "nutgraf", how, "all cores", given, _labels, _facts))
    return tuple(made)


def _equal(share: int) -> Any:
    """Repeat the longest text of the first 200 as often as the share has documents."""

    def prepare(corpus: Corpus) -> list[str]:
        texts = corpus.texts()
        return [max(texts[:200], key=len)] * (len(texts) // share)

    return prepare


def _prefix(share: int) -> Any:
    def prepare(corpus: Corpus) -> list[str]:
        texts = corpus.texts()
        return texts[: len(texts) // share]

    return prepare


JOBS = [
    Job("equal", "Growth: equal documents", _contenders(_equal), "n", _verdict_equal),
    Job("prefix", "Growth: a corpus cut", _contenders(_prefix), "n", _verdict_grown),
]
