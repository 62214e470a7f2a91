"""What a run prints: a line for each contender, and columns for what its job has.

The same lines come out of a JSON file as Markdown, for `docs/benchmarks.md`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["markdown", "show"]


def show(rows: list[dict[str, Any]], baseline: str, peer: str | None) -> None:
    """Print the contenders of one job on one corpus."""
    shown = _columns(rows, baseline, peer)
    names = [row["name"] for row in rows]
    width = max(map(len, names))
    widths = [max(len(head), *map(len, cells)) for head, cells in shown]
    heads = "  ".join(f"{head:>{wide}}" for (head, _), wide in zip(shown, widths, strict=True))
    print(f"  {'':<{width}}  {heads}  facts")
    for place, row in enumerate(rows):
        cells = [f"{own[place]:>{wide}}" for (_, own), wide in zip(shown, widths, strict=True)]
        facts = ", ".join(f"{name} {_short(value)}" for name, value in row["facts"].items())
        print(f"  {row['name']:<{width}}  {'  '.join(cells)}  {facts}")


def markdown(file: Path) -> str:
    """Return the tables of a JSON file, one for each job, with the facts that are numbers."""
    record = json.loads(file.read_text(encoding="utf-8"))
    tables: dict[str, list[str]] = {}
    for section in record["sections"]:
        rows = section["contenders"]
        columns = _columns(rows, section["baseline"], section.get("peer"))
        columns += [
            (name, [_short(row["facts"].get(name, "")) for row in rows])
            for name in dict.fromkeys(name for row in rows for name in row["facts"])
            if all(isinstance(row["facts"].get(name, 0), int | float) for row in rows)
        ]
        lines = tables.setdefault(section["title"], [])
        if not lines:
            heads = ["corpus", "contender", *(head for head, _ in columns)]
            lines += [_line(heads), _line(["---", "---", *("--:" for _ in columns)])]
        for place, row in enumerate(rows):
            corpus = "" if place else f"{section['corpus']['name']}"
            lines.append(_line([corpus, row["name"], *(cells[place] for _, cells in columns)]))
    return "\n\n".join("\n".join([f"### {title}", "", *lines]) for title, lines in tables.items())


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _columns(
    rows: list[dict[str, Any]], baseline: str, peer: str | None
) -> list[tuple[str, list[str]]]:
    """Return heads and cells; a column that no row has is left out."""
    columns = [
        ("median s", [f"{row['median']:.3f}" for row in rows]),
        ("min-max", [f"{row['low']:.3f}-{row['high']:.3f}" for row in rows]),
        ("MB/s", [f"{row['mb_per_second']:.1f}" for row in rows]),
        ("a core", [f"{row['mb_per_second_a_core']:.1f}" for row in rows]),
        ("ratio (min-max)", [_ratio(row, baseline) for row in rows]),
        (f"x {peer}", [_spread(row.get("times_as_fast")) for row in rows] if peer else []),
        ("M tokens/s", _where_known(rows, "tokens_per_second", 1e-6, ".2f")),
        ("+MB", [_or_unknown(row["memory_mb"], 1, ".0f") for row in rows]),
        ("B/token", _where_known(rows, "bytes_per_token", 1, ".1f")),
        ("held", _where_known(rows, "bytes_per_token_held", 1, ".1f")),
    ]
    return [(head, cells) for head, cells in columns if cells]


def _ratio(row: dict[str, Any], baseline: str) -> str:
    return "1" if row["name"] == baseline else _spread(row["ratio"])


def _spread(told: dict[str, float] | None) -> str:
    return f"{told['median']:.2f} ({told['low']:.2f}-{told['high']:.2f})" if told else ""


def _where_known(rows: list[dict[str, Any]], name: str, scale: float, form: str) -> list[str]:
    """Return the cells of a column; none where no row has it."""
    if not any(name in row for row in rows):
        return []
    return [_or_unknown(row.get(name), scale, form) for row in rows]


def _or_unknown(value: float | None, scale: float, form: str) -> str:
    return "?" if value is None else format(value * scale, form)


def _short(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4f}" if isinstance(value, float) else str(value)[:12]
