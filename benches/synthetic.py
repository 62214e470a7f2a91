"""A made corpus: words by Zipf's law from a seed, with planted near copies.

It stands in where the real corpora are missing, and makes the tiny input of a smoke run. Its truth
is counted pair by pair, so it is exact. It does not read like news: no figure about it is one
about news.
"""

from __future__ import annotations

import random
from itertools import accumulate

__all__ = ["make"]

SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vu", "é", "sol", "da", "pri", "non", "qu", "هم", "ü")
VOCABULARY = 8_000
#: One document in so many is a copy of an earlier one.
COPIES = 8
#: Share of a copy's words that are replaced: from identical to clearly below the threshold.
CHANGED = (0.0, 0.01, 0.03, 0.06, 0.10, 0.20)


def make(documents: int, seed: int = 20_240_501) -> list[str]:
    """Make a corpus: the same texts for the same arguments, on any machine."""
    draw = random.Random(seed)
    words = sorted({_word(draw) for _ in range(2 * VOCABULARY)})
    draw.shuffle(words)
    words = words[:VOCABULARY]
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    texts: list[list[str]] = []
    for row in range(documents):
        if row % COPIES == COPIES - 1:
            text = list(texts[draw.randrange(row)])
            for place in range(len(text)):
                if draw.random() < CHANGED[(row // COPIES) % len(CHANGED)]:
                    text[place] = draw.choices(words, cum_weights=weights)[0]
        else:
            length = int(draw.lognormvariate(4.6, 0.8))
            text = draw.choices(words, cum_weights=weights, k=length)
        texts.append(text)
    return [_print(text) for text in texts]


def _word(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=draw.randint(1, 4)))


def _print(words: list[str]) -> str:
    """Set words as sentences, with capitals, full stops and curly quotes."""
    sentences = []
    for start in range(0, len(words), 13):
        sentence = " ".join(words[start : start + 13]).capitalize()
        sentences.append(f"“{sentence}.”" if start % 65 == 52 else f"{sentence}.")
    return " ".join(sentences)
