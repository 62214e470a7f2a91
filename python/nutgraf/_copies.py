"""Groups of copies, who is earliest in them, and articles that contain most of another one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._dates import stretch
from nutgraf._shares import earlier

if TYPE_CHECKING:
    from nutgraf.document import Document
    from nutgraf.reuse import NearDuplicates

    Rows = list[dict[str, Any]]

__all__ = ["CONTAINMENT", "are_listed", "contains_rows", "copy_rows", "instant"]

#: The share of an article's shingles from which on a longer one contains it.
CONTAINMENT = 0.8


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


def are_listed(found: NearDuplicates) -> bool:
    """Say whether pairs are few enough to look through each of them."""
    return len(found) <= int(found.settings["max_pairs"])


def contains_rows(
    documents: list[Document], groups: list[str], lengths: list[int], found: NearDuplicates
) -> Rows:
    """Articles that contain most of a shorter one; that alone puts no two into a group.

    A row for each longer article and each text in it: of copies of that text the earliest one, and
    in ``copies`` how many more are contained. Across sources first, then the largest shares.
    ``earlier`` is the id of the one that is surely earlier, None where the dates do not say.
    """
    labels, inside = found.labels, dict[tuple[int, int], list[tuple[int, float]]]()
    for table in found.iter_pairs() if are_listed(found) else ():
        # The others are alike as a whole, and stand in the groups.
        contained = np.array([kind == "contained" for kind in table["kind"]], dtype=np.bool_)
        for pair in table.filter(contained).to_dicts():
            whole, part = ("right", "left") if pair["part"] == "left" else ("left", "right")
            row, share = pair[f"{part}_row"], pair[f"containment_{part}"]
            inside.setdefault((pair[f"{whole}_row"], int(labels[row])), []).append((row, share))
    chosen = []
    for (longer, _), held in inside.items():
        moments = {row: instant(documents[row].date) for row, _ in held}
        ranks = ((moments[row] is None, moments[row] or 0, -share, row) for row, share in held)
        *_, least, shorter = min(ranks)
        chosen.append((groups[longer] == groups[shorter], least, longer, shorter, len(held) - 1))
    chosen.sort()
    wholes, parts = (np.array([one[at] for one in chosen], dtype=np.int64) for at in (2, 3))
    first, second = earlier([document.date for document in documents], wholes, parts)
    rows: Rows = []
    for at, (within, share, longer, shorter, copies) in enumerate(chosen):
        long, short = documents[longer], documents[shorter]
        rows.append(
            {
                "id": long.id,
                "source": groups[longer],
                "date": str(long.date or ""),
                "title": str(long.title or ""),
                "words": lengths[longer],
                "share": -share,
                "part": short.id,
                "part_source": groups[shorter],
                "part_date": str(short.date or ""),
                "part_title": str(short.title or ""),
                "part_words": lengths[shorter],
                "copies": copies,
                "relation": "version" if within else "shared",
                "earlier": long.id if first[at] else short.id if second[at] else None,
                "row": longer,
                "part_row": shorter,
            }
        )
    return rows
