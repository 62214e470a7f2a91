"""Made-up articles and tables for the calls of `long_calls.py`, and digests of what they give."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import numpy as np

import nutgraf as ng
from nutgraf.results import Table

OUTLETS = ("Dagblad", "Harbour Post", "Kurier", "Le Fil")
WORDS = (
    *("truce", "river", "port", "envoy", "ferry", "council", "ration", "bridge", "convoy"),
    *("harvest", "minister", "border", "signal", "market-place", "winter", "school", "letter"),
    *("garden", "engine", "e-mail", "mirror", "copper", "valley", "window"),
)


def digest(thing: object) -> str:
    """Return a digest of all a user can see of a thing."""
    hasher = hashlib.blake2b(digest_size=16)
    _add(hasher, thing)
    return hasher.hexdigest()


def _add(hasher: Any, thing: object) -> None:
    hasher.update(type(thing).__name__.encode())
    if isinstance(thing, np.ndarray):
        hasher.update(f"{thing.dtype} {thing.shape}".encode())
        hasher.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, bytes):
        hasher.update(thing)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            hasher.update(f"{key!r}:".encode())
            _add(hasher, value)
    elif isinstance(thing, list) and thing and all(type(each) is str for each in thing):
        hasher.update("\0".join(thing).encode("utf-8", "surrogatepass"))
    elif isinstance(thing, list | tuple) and any(not _plain(each) for each in thing):
        for each in thing:
            _add(hasher, each)
    else:
        seen = _seen(thing)
        if seen is None:
            hasher.update(repr(thing).encode("utf-8", "surrogatepass"))
        else:
            _add(hasher, seen)


def _plain(thing: object) -> bool:
    return thing is None or isinstance(thing, str | int | float | tuple | list | dict)


_PARTS: dict[type, list[str]] = {
    ng.Tokens: ["ids", "indptr", "starts", "ends", "vocabulary"],
    ng.Counts: ["indptr", "indices", "data", "totals", "terms", "groups"],
}


def _seen(thing: object) -> dict[str, Any] | None:
    """Return the parts of an object that a user can see; ``None`` for plain values."""
    if isinstance(thing, ng.Corpus):
        return {"texts": thing._texts.fingerprint(), **thing._columns, **thing._metadata}
    if isinstance(thing, Table):
        return {name: thing[name] for name in thing.columns}
    if isinstance(thing, ng.NearDuplicates):
        return {"labels": thing.labels if thing.against is None else [], "pairs": len(thing)}
    if isinstance(thing, ng.Comparison):
        return {"facts": thing.facts, "page": thing._repr_html_(), **thing.sections}
    for kind, names in _PARTS.items():
        if isinstance(thing, kind):
            return {name: getattr(thing, name) for name in names}
    return None


def texts(count: int, words: int = 200, seed: int = 0) -> list[str]:
    """Return `count` texts of about `words` words, put together from a stock of sentences."""
    draw = random.Random(seed)
    stock = [" ".join(draw.choices(WORDS, k=10)) + f" {number}. " for number in range(4000)]
    return ["".join(draw.choices(stock, k=max(1, words // 11))) for _ in range(count)]


def copies(count: int, words: int = 120) -> list[str]:
    """Return texts of which three in four are near duplicates of one of the others."""
    base = texts(max(1, count // 4), words)
    return [base[row % len(base)] + f"Edition {row}." for row in range(count)]


def columns(rows: list[str]) -> dict[str, list[Any]]:
    """Return texts with every column that a corpus knows, and one that it does not."""
    return {
        "text": rows,
        "id": [f"a-{row}" for row in range(len(rows))],
        "source": [OUTLETS[row // 3 % len(OUTLETS)] for row in range(len(rows))],
        "date": [f"2031-03-{1 + row % 9:02d}" for row in range(len(rows))],
        "title": [f"Story {row}" for row in range(len(rows))],
        "desk": ["city" if row % 3 else "world" for row in range(len(rows))],
    }


def huge(words: int) -> ng.Tokens:
    """Return the tokens of one document."""
    text = "".join(texts(50, 2000))
    return ng.tokenize([text * max(1, words // 100_000)], progress=False)


def million(size: int) -> Table:
    """Return a table of `size` rows, with ties and gaps."""
    draw = np.random.default_rng(0)
    p = draw.integers(0, 1000, size) / 1000
    p[::97] = np.nan
    names = [f"{WORDS[number % len(WORDS)]} {number % 5003}" for number in range(size)]
    return Table({"term": names, "p": p, "count": draw.integers(0, 50, size)})
