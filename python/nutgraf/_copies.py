"""Groups of copies: who is earliest in this corpus, and how alike the others are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._dates import stretch

if TYPE_CHECKING:
    from nutgraf.document import Document
    from nutgraf.reuse import NearDuplicates

    Rows = list[dict[str, Any]]


def instant(date: object) -> int | None:
    """Return the microsecond of a date: a bare day counts to its end, no zone means UTC.

    A month or a year alone stands for none.
    """
    text = str(date).strip()
    try:
        first, last = stretch(text)
    except ValueError:
        return None
    if len(text) < len("2031-03-08"):
        return None
    return last if first == last else last + 1


def copy_rows(
    documents: list[Document], groups: list[str], lengths: list[int], found: NearDuplicates
) -> Rows:
    """Members of every cluster, earliest first; the first one is what the others are held against.

    Clusters across sources come before versions within one source, large before small.
    """
    clusters: dict[int, list[int]] = {}
    for row, label in enumerate(found.labels.tolist()):
        clusters.setdefault(label, []).append(row)
    rows: Rows = []
    many = [members for members in clusters.values() if len(members) > 1]
    many.sort(key=lambda m: (len({groups[row] for row in m}) == 1, -len(m), m[0]))
    for number, members in enumerate(many, 1):
        moments = {row: instant(documents[row].date) for row in members}
        ranks = ((m is None, m or 0, -lengths[row], row) for row, m in moments.items())
        ordered = [row for *_, row in sorted(ranks)]
        first = ordered[0]
        similarity = dict(_similarities(found, first, members))
        relation = "shared" if len({groups[row] for row in members}) > 1 else "version"
        for row in ordered:
            moment, start = moments[row], moments[first]
            if moment is None or start is None:
                order = "date unknown"
            elif row == first:
                rest = [moments[r] for r in ordered[1:]]
                order = "earliest" if all(m is None or m > moment for m in rest) else "same time"
            else:
                order = "later" if moment > start else "same time"
            document = documents[row]
            rows.append(
                {
                    "cluster": number,
                    "id": document.id,
                    "source": groups[row],
                    "date": str(document.date or ""),
                    "title": str(document.title or ""),
                    "words": lengths[row],
                    "similarity": similarity.get(row, math.nan),
                    "order": order,
                    "row": row,
                    "first_row": first,
                    "relation": relation,
                }
            )
    return rows


def _similarities(found: NearDuplicates, first: int, members: list[int]) -> list[tuple[int, float]]:
    """Similarity of each other member to the first, where it reaches the threshold itself."""
    others = np.array([row for row in members if row != first], dtype=np.int64)
    values = found._inner.similarity(np.full(len(others), first, dtype=np.int64), others)
    near = values >= found.settings["threshold"]
    return list(zip(others[near].tolist(), values[near].tolist(), strict=True))
