"""Page furniture: what a source repeats word for word, and what an article says twice."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nutgraf._sentences import sentence_starts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nutgraf.document import Document

    Rows = list[dict[str, Any]]

#: A sentence or line in this many texts of one source is page furniture.
FURNITURE = 3


def without_furniture(
    documents: list[Document], names: NDArray[np.object_], labels: NDArray[np.int64]
) -> tuple[list[str], Rows]:
    """Blank what stands word for word in three texts of a source, or twice in one article.

    Blanks are as long as what they replace, so that offsets still fit the original text.
    """
    parts = [_stretches(document.text) for document in documents]
    texts: dict[tuple[str, str], set[int]] = {}
    for source, label, stretches in zip(names, labels.tolist(), parts, strict=True):
        for _, _, stretch in stretches:
            # Copies of one text count once here too: a reprint is no furniture.
            texts.setdefault((source, stretch), set()).add(label)
    blanked: list[str] = []
    found: Counter[tuple[str, str, str]] = Counter()
    for document, source, stretches in zip(documents, names, parts, strict=True):
        kept: list[str] = []
        seen: set[str] = set()
        at = 0
        for start, end, stretch in stretches:
            if start < at:
                # Inside a line that is blank already.
                continue
            standing = len(texts[source, stretch]) >= FURNITURE
            if standing or stretch in seen:
                found[source, "recurs" if standing else "repeat", stretch] += 1
                kept += [document.text[at:start], re.sub(r"\S", " ", document.text[start:end])]
                at = end
            seen.add(stretch)
        blanked.append("".join([*kept, document.text[at:]]))
    rows = [
        {
            "source": source,
            "kind": kind,
            "text": stretch,
            "places": places,
            "words": places * len(stretch.split()),
        }
        for (source, kind, stretch), places in found.items()
    ]
    return blanked, sorted(rows, key=lambda row: (row["source"], -row["words"], row["text"]))


def _stretches(text: str) -> list[tuple[int, int, str]]:
    """Lines of any length, each followed by its sentences of at least five words."""
    lines = [line.span() for line in re.finditer(r"[^\n]*\S", text)]
    sentences = pairwise(sentence_starts(text))
    found = {
        (start, start + len(text[start:after].rstrip()))
        for start, after in [*lines, *sentences]
        if text[start:after].strip()
    }
    ordered = sorted(found, key=lambda span: (span[0], -span[1]))
    whole = set(lines)
    return [
        (start, end, text[start:end].strip())
        for start, end in ordered
        if (start, end) in whole or len(text[start:end].split()) >= 5
    ]
