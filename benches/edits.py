"""Edited copies of articles: what editors, layout and scanners do to a text.

Made from a seed, the same every time. A copy is one of the article before it was edited; what else
it was given comes from another article.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EDITS", "Edited", "edited"]

#: Words of an article that is edited: shorter ones say little, longer ones cost time.
SHORTEST, LONGEST = 100, 1000
#: Letters that scanners take for each other; others become any letter of the text.
ALIKE = {"e": "c", "c": "e", "l": "1", "i": "l", "o": "0", "s": "5", "n": "u", "u": "n", "h": "b"}


def _prepended(words: list[str], other: list[str], draw: random.Random) -> str:
    del other, draw
    return " ".join(["Update:", *words])


def _byline(words: list[str], other: list[str], draw: random.Random) -> str:
    names = " ".join(draw.choice(other).strip(".,").capitalize() for _ in range(2))
    return f"By {names}, staff correspondent\n\n{' '.join(words)}\n\nEditing by the desk"


def _cut(words: list[str], other: list[str], draw: random.Random) -> str:
    del other, draw
    return " ".join(words[: -max(1, len(words) // 20)])


def _replaced(words: list[str], other: list[str], draw: random.Random) -> str:
    copy = list(words)
    for place in draw.sample(range(len(copy)), 5):
        copy[place] = draw.choice(other)
    return " ".join(copy)


def _embedded(words: list[str], other: list[str], draw: random.Random) -> str:
    """Stand in a story of three times the length."""
    longer = other[: 2 * len(words)]
    place = draw.randrange(len(longer) + 1)
    return " ".join([*longer[:place], *words, *longer[place:]])


def _scanned(rate: float) -> Callable[[list[str], list[str], random.Random], str]:
    def edit(words: list[str], other: list[str], draw: random.Random) -> str:
        del other
        made = []
        letters = sorted(set("".join(words)))
        for letter in " ".join(words):
            if letter == " " or draw.random() >= rate:
                made.append(letter)
            elif draw.random() < 0.2:
                # Lost, or doubled.
                made.append(letter * draw.choice((0, 2)))
            else:
                made.append(ALIKE.get(letter, draw.choice(letters)))
        return "".join(made)

    return edit


EDITS: dict[str, Callable[[list[str], list[str], random.Random], str]] = {
    "one word prepended": _prepended,
    "byline": _byline,
    "last 5 % cut": _cut,
    "five words replaced": _replaced,
    "embedded": _embedded,
    "OCR 1 %": _scanned(0.01),
    "OCR 5 %": _scanned(0.05),
    "OCR 10 %": _scanned(0.10),
}


@dataclass(frozen=True)
class Edited:
    """Articles, then their copies, edit after edit: the copy of an article keeps its place."""

    texts: list[str]
    articles: int

    def shares(self, pairs: set[tuple[int, int]]) -> dict[str, float]:
        """Return the share of copies that are in a pair with their article, by edit."""
        return {
            name: sum((row, row + number * self.articles) in pairs for row in range(self.articles))
            / self.articles
            for number, name in enumerate(EDITS, start=1)
        }

    def strangers(self, pairs: set[tuple[int, int]]) -> int:
        """Count pairs of texts that do not come from one article."""
        return sum((left - right) % self.articles != 0 for left, right in pairs)


def edited(texts: list[str], most: int, seed: int = 20_261_125) -> Edited:
    """Take up to `most` articles of usual length from all over, and edit each in every way."""
    usual = [text for text in texts if SHORTEST <= len(text.split()) <= LONGEST]
    draw = random.Random(seed)
    kept = draw.sample(usual, min(most, len(usual)))
    words = [text.split() for text in kept]
    made = list(kept)
    others = [_others(words, row) for row in range(len(words))]
    for edit in EDITS.values():
        made += [edit(own, other, draw) for own, other in zip(words, others, strict=True)]
    return Edited(made, len(kept))


def _others(words: list[list[str]], row: int) -> list[str]:
    """Return twice as many words as an article has, of the articles before it."""
    found: list[str] = []
    before = row
    while len(found) < 2 * len(words[row]):
        before -= 1
        found += words[before % len(words)]
    return found
