"""Corpora made of the real ones: a union, languages of which there is little, extremes of length.

Real text is cut, joined or repeated, the same way every time; `Mixture.how` says how, and stands in
the title of every figure about it. A repeated text is kind to caches and to vocabularies: a figure
about one says how fast a script is scanned, not how fast a large corpus of it is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benches import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MIXTURES", "Mixture", "cut", "joined", "numbered"]

ENGLISH = ("senate_press", "allsides", "reuters21578", "agnews_test", "bbc")
#: What a repeated corpus is brought to, in bytes.
REPEATED = 10_000_000
TINY, LONGEST = 2_000_000, 6
HUGE = 10


@dataclass(frozen=True)
class Mixture:
    """A corpus made of others: which ones, how, and what makes its column."""

    sources: tuple[str, ...]
    how: str
    column: Callable[[], Any]


def numbered(texts: list[str], size: int) -> list[str]:
    """Repeat texts until they reach a size in bytes; each ends with a number of its own."""
    once = sum(len(text.encode()) for text in texts)
    times = -(-size // once)
    repeated = (text for _ in range(times) for text in texts)
    return [f"{text}\n{number}" for number, text in enumerate(repeated, start=1)]


def cut(texts: Iterable[str], count: int, longest: int, seed: int = 20_241_125) -> list[str]:
    """Cut texts into documents of one to `longest` words, again and again until it is enough."""
    draw = random.Random(seed)
    words = [word for text in texts for word in text.split()]
    made: list[str] = []
    at = 0
    while len(made) < count:
        length = draw.randint(1, longest)
        made.append(" ".join(words[at : at + length]))
        at += length
        if at >= len(words):
            # The next pass cuts elsewhere.
            at = 0
    return made


def joined(texts: Iterable[str], count: int) -> list[str]:
    """Join texts in their order to so many documents of about the same size."""
    kept = list(texts)
    share = sum(map(len, kept)) / count
    parts: list[list[str]] = [[] for _ in range(count)]
    at = 0
    for text in kept:
        parts[min(count - 1, int(at / share))].append(text)
        at += len(text)
    return ["\n\n".join(part) for part in parts]


def _made(texts: list[str]) -> Any:
    import pyarrow as pa

    return pa.chunked_array([texts], type=pa.large_string())


def _texts(name: str) -> list[str]:
    texts: list[str] = files.column(name).to_pylist()
    return texts


def _in(languages: tuple[str, ...]) -> list[str]:
    """Return the documents of ntrex in some languages, one language after another."""
    rows = list(zip(files.column("ntrex", "lang").to_pylist(), _texts("ntrex"), strict=True))
    return [text for wanted in languages for language, text in rows if language == wanted]


def _english() -> Any:
    import pyarrow as pa

    columns = [files.column(name) for name in ENGLISH]
    chunks = [chunk.cast(pa.string()) for column in columns for chunk in column.chunks]
    return pa.chunked_array(chunks, type=pa.string())


def _chinese() -> Any:
    texts = _in(("zho-CN", "zho-TW", "yue")) + _texts("pud_zh")
    return _made(numbered(texts, REPEATED))


MIXTURES = {
    "english": Mixture(ENGLISH, f"the union of {', '.join(ENGLISH)}", _english),
    "russian": Mixture(
        ("ntrex",),
        "Russian and Ukrainian of ntrex, repeated to 10 MB, each document with its own number",
        lambda: _made(numbered(_in(("rus", "ukr")), REPEATED)),
    ),
    "chinese": Mixture(
        ("ntrex", "pud_zh"),
        "Chinese and Cantonese of ntrex, and pud_zh, repeated to 10 MB, "
        "each document with its own number",
        _chinese,
    ),
    "tiny": Mixture(
        ("reuters21578",),
        "reuters21578 cut into documents of one to six words",
        lambda: _made(cut(_texts("reuters21578"), TINY, LONGEST)),
    ),
    "huge": Mixture(
        ("senate_press",),
        "senate_press joined to ten documents",
        lambda: _made(joined(_texts("senate_press"), HUGE)),
    ),
}
