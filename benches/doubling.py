"""How the time from texts to counts grows: n, 2n and 4n of a corpus, of one document, of one token.

A cost per document shows where documents are tiny, a cost per document length where they are huge,
and one token that is repeated is the worst case of whatever adds up. The ratio to n is printed for
the eye, and is never a gate; the counts beside it cannot lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benches.frame import Contender, Facts, Job
from benches.tokens import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS"]

CORPORA = ("english", "tiny", "huge")
#: n is this share of the corpus.
WHOLE = 4
WORD = "said"


def _count(texts: list[str]) -> Any:
    import nutgraf as ng

    words = ng.tokenize(texts, progress=False).view(lower=True)
    counts = words.counts(progress=False)
    return texts, words, counts, counts.matrix


def _facts(answer: Any, _: Corpus) -> Facts:
    texts, words, counts, matrix = answer
    return {
        "documents": len(texts),
        "bytes": sum(len(text.encode()) for text in texts),
        "tokens": len(words.ids),
        "counted": int(matrix.sum()),
        "terms": len(counts.terms),
        "cells": int(matrix.nnz),
    }


def _documents(corpus: Corpus, times: int) -> list[str]:
    texts = corpus.texts()
    return texts[: times * (len(texts) // WHOLE)]


def _document(corpus: Corpus, times: int) -> list[str]:
    whole = "\n\n".join(corpus.texts())
    return [whole[: times * (len(whole) // WHOLE)]]


def _token(corpus: Corpus, times: int) -> list[str]:
    """Return as many documents and words, but every word is the same."""
    return [" ".join([WORD] * len(text.split())) for text in _documents(corpus, times)]


def _verdict(facts: dict[str, Facts]) -> list[str]:
    """Check that no token is lost between the tokens and the matrix, and none by a longer input."""
    wrong = [
        f"{name}: {told['tokens']} tokens, but the matrix holds {told['counted']}"
        for name, told in facts.items()
        if told["tokens"] != told["counted"]
    ]
    sizes = [told["tokens"] for told in facts.values()]
    return wrong + ([] if sizes == sorted(sizes) else [f"tokens do not grow: {sizes}"])


def _verdict_token(facts: dict[str, Facts]) -> list[str]:
    """Check that one repeated token is one term."""
    wrong = [f"{name}: one token gave {told}" for name, told in facts.items() if told["terms"] != 1]
    return wrong + _verdict(facts)


def _job(
    name: str,
    title: str,
    given: Callable[[Corpus, int], list[str]],
    verdict: Callable[[dict[str, Facts]], list[str]],
) -> Job:
    def contender(times: int) -> Contender:
        return Contender(
            "n" if times == 1 else f"{times}n",
            "nutgraf",
            "tokenize(list).view(lower=True).counts(), with the matrix, by Unicode's rules",
            "all cores",
            lambda corpus: given(corpus, times),
            _count,
            _facts,
            small,
            copies="kept",
        )

    return Job(name, title, tuple(map(contender, (1, 2, 4))), "n", verdict)


JOBS = [
    _job("documents", "Doubling: documents of a corpus", _documents, _verdict),
    _job("document", "Doubling: a corpus as one document, cut", _document, _verdict),
    _job("token", "Doubling: documents of one repeated token", _token, _verdict_token),
]
