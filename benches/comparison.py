"""Two JSON files of one bench side by side: what became faster, slower or different.

Times of two days are not of one machine's mood, so the ratio to the peers of the same run stands
beside them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benches.frame import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["compare"]


def compare(before: Path, after: Path) -> int:
    """Print the comparison.

    Returns
    -------
    int
        0, or 2 where the files cannot be compared.
    """
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    for path, record in ((before, old), (after, new)):
        if record.get("schema") != SCHEMA:
            print(
                f"{path} has schema {record.get('schema')}, but this reads {SCHEMA}: run it anew."
            )
            return 2
    if old["bench"] != new["bench"]:
        print(f"{before} is about {old['bench']}, but {after} about {new['bench']}.")
        return 2
    for what in ("machine", "versions"):
        for name, value in new[what].items():
            if old[what].get(name) != value and name != "load_before":
                print(f"{name}: {old[what].get(name)} -> {value}")
    were, are = _rows(old), _rows(new)
    print(f"{'':<52} {'s before':>9} {'s after':>9} {'after/before':>13} {'against baseline':>18}")
    for key in [*were, *(key for key in are if key not in were)]:
        name = " / ".join(key)
        if key not in were or key not in are:
            print(f"{name:<52} only in {after if key in are else before}")
            continue
        was, now = were[key], are[key]
        print(
            f"{name:<52} {was['median']:>9.3f} {now['median']:>9.3f} "
            f"{now['median'] / was['median']:>13.2f} "
            f"{was['ratio']['median']:>8.2f} -> {now['ratio']['median']:.2f}"
        )
        if was["facts"] != now["facts"]:
            print(f"    the answer changed: {was['facts']} -> {now['facts']}")
    return 0


def _rows(record: dict[str, Any]) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (section["corpus"]["name"], section["job"], row["name"]): row
        for section in record["sections"]
        for row in section["contenders"]
    }
