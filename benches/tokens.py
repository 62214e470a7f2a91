r"""Texts to counts: tokens, vocabulary and document-term matrix, against CountVectorizer.

The same question for both: words by CountVectorizer's own default pattern, in lower case, every
term kept, one CSR matrix in the end. The answers must be equal up to the order of the columns.
CountVectorizer lowers the text before it matches and nutgraf lowers the matches; on real corpora
that has made no difference, and the check would say so if it did.

What `tokenize` does by default is another question: its words are other words. There its counts of
tokens, terms and cells stand beside the time instead of an equality.

CountVectorizer has no setting for threads, so nutgraf is timed on one thread as well: that row
compares the code, the row on all cores compares what a user gets on this machine. Its documented
faster sibling, HashingVectorizer, has no vocabulary and so answers another question.

The last job stops at the tokens: ids and offsets, as the core keeps them. They become arrays of
Python only after the clock, to be compared between threads and inputs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Literal

from benches.frame import Contender, Facts, Job

if TYPE_CHECKING:
    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS", "small"]

#: What news is, then other scripts, then documents of extreme length.
CORPORA = ("reuters21578", "english", "saudi_ar", "russian", "chinese", "tiny", "huge")
#: Characters of a document that warm up: those of `huge` would be the work itself.
WARM = 5_000

#: The default of CountVectorizer.
PATTERN = r"(?u)\b\w\w+\b"
PEER = "CountVectorizer"
Copies = Literal["no", "passing", "kept"]


def small(texts: Any) -> Any:
    """Cut the input for warming up: some documents, and not all of a long one."""
    if isinstance(texts, list):
        return [text[:WARM] for text in texts[:200]]
    from pyarrow import compute

    return compute.utf8_slice_codeunits(texts[:200], 0, WARM)


def _digest(terms: list[str], matrix: Any) -> Facts:
    """Reduce a matrix to facts that do not depend on the order of its columns."""
    import numpy as np

    order = sorted(range(len(terms)), key=terms.__getitem__)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    columns = place[matrix.indices]
    sort = np.lexsort((columns, rows))
    cells = np.stack([rows[sort], columns[sort], matrix.data[sort].astype(np.int64)])
    vocabulary = "\n".join(terms[row] for row in order)
    return {
        "tokens": int(matrix.sum()),
        "terms": len(terms),
        "cells": int(matrix.nnz),
        "vocabulary": hashlib.sha256(vocabulary.encode()).hexdigest(),
        "matrix": hashlib.sha256(cells.tobytes()).hexdigest(),
    }


def _vectorize(texts: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer()
    matrix = vectorizer.fit_transform(texts if isinstance(texts, list) else texts.to_pylist())
    return vectorizer.get_feature_names_out().tolist(), matrix, vectorizer


def _counted(pattern: str | None, threads: int | None) -> Any:
    """Return the work of nutgraf for one pattern and number of threads."""

    def work(texts: Any) -> Any:
        import nutgraf as ng

        tokens = ng.tokenize(texts, pattern=pattern, threads=threads, progress=False)
        counts = tokens.view(lower=True).counts(threads=threads, progress=False)
        return counts.terms, counts.matrix, counts

    return work


def _facts(answer: Any, _: Corpus) -> Facts:
    # The third part is what holds the others, kept so that its memory is counted.
    terms, matrix, _whole = answer
    return _digest(terms, matrix)


def _own_facts(answer: Any, corpus: Corpus) -> Facts:
    """Say how many words our own scanner finds; its matrix is another one."""
    made = _facts(answer, corpus)
    return {name: made[name] for name in ("tokens", "terms", "cells")}


def _verdict(facts: dict[str, Facts]) -> list[str]:
    """Check that whoever counts by the same pattern has the same vocabulary and matrix."""
    same = {name: told for name, told in facts.items() if "matrix" in told}
    first, *others = same
    wrong = [
        f"{other} and {first} differ in {fact}: {same[other][fact]} and {same[first][fact]}"
        for other in others
        for fact in same[first]
        if same[other][fact] != same[first][fact]
    ]
    return wrong + [f"{name} counted nothing" for name, told in facts.items() if not told["tokens"]]


def _same(facts: dict[str, Facts]) -> list[str]:
    """Check that ids and offsets depend neither on threads nor on the input."""
    first, *others = facts
    return [
        f"{other} and {first} differ: {facts[other]} and {facts[first]}"
        for other in others
        if facts[other] != facts[first]
    ]


def _tokenized(threads: int | None) -> Any:
    def work(texts: Any) -> Any:
        import nutgraf as ng

        return ng.tokenize(texts, threads=threads, progress=False)

    return work


def _token_facts(tokens: Any, _: Corpus) -> Facts:
    return {
        "tokens": len(tokens.ids),
        "types": len(tokens.vocabulary),
        "ids": hashlib.sha256(tokens.ids.tobytes()).hexdigest(),
        "starts": hashlib.sha256(tokens.starts.tobytes()).hexdigest(),
    }


def _list(corpus: Corpus) -> Any:
    return corpus.texts()


def _arrow(corpus: Corpus) -> Any:
    return corpus.column()


def _job(name: str, title: str, prepare: Any) -> Job:
    from_list = prepare is _list

    def contender(label: str, threads: int | None, pattern: str | None, how: str) -> Contender:
        told = "one" if threads == 1 else "all cores"
        facts = _facts if pattern else _own_facts
        work = _counted(pattern, threads)
        copies: Copies = "kept" if from_list else "no"
        return Contender(label, "nutgraf", how, told, prepare, work, facts, small, copies)

    ours = "tokenize(pattern=…).view(lower=True).counts(), with terms and matrix"
    own = "tokenize() by Unicode's rules: other words, so counts are reported instead of equality"
    theirs = "CountVectorizer().fit_transform(list): its default analyzer; it has no n_jobs"
    sklearn = Contender(
        PEER,
        "scikit-learn",
        theirs,
        "one",
        prepare,
        _vectorize,
        _facts,
        small,
        copies="no" if from_list else "passing",
    )
    return Job(
        name,
        title,
        (
            contender("nutgraf", None, PATTERN, ours),
            sklearn,
            contender("nutgraf, 1 thread", 1, PATTERN, ours),
            contender("nutgraf, own words", None, None, own),
            contender("nutgraf, own words, 1 thread", 1, None, own),
        ),
        "nutgraf",
        _verdict,
        PEER,
    )


def _tokens_only() -> Job:
    def contender(label: str, threads: int | None, prepare: Any) -> Contender:
        told = "one" if threads == 1 else "all cores"
        how = "tokenize(): ids and offsets in the core, no array of them in Python"
        work = _tokenized(threads)
        copies: Copies = "kept" if prepare is _list else "no"
        return Contender(label, "nutgraf", how, told, prepare, work, _token_facts, small, copies)

    return Job(
        "tokens",
        "Tokens only: ids and offsets by Unicode's rules",
        (
            contender("Arrow", None, _arrow),
            contender("Arrow, 1 thread", 1, _arrow),
            contender("list", None, _list),
            contender("list, 1 thread", 1, _list),
        ),
        "Arrow",
        _same,
    )


JOBS = [
    _job("list", "Texts to counts, from list[str]", _list),
    _job("arrow", "Texts to counts, from an Arrow column", _arrow),
    _tokens_only(),
]
