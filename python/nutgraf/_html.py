"""The only place that makes HTML.

Plain elements with inline ``style=`` only: no script, no style element, no class, no inline
drawing, no remote address. That is what survives untrusted notebooks, export and screen readers.
Everything that comes from a document passes through `escape` or `attribute`.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nutgraf._cells import is_gap
from nutgraf._text import clean, near, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROWS = 20
COLUMN_WIDTH = 60
#: Cells and captions up to so many characters are not broken into lines.
UNBROKEN, CAPTION = 26, 90
#: Columns of text on each side of a match, and of the match itself.
SIDE, NODE = 60, 60
#: Characters of a document that a display shows.
DOCUMENT = 20_000

# Okabe and Ito: told apart with every common kind of colour vision, and lightened for black text.
COLOURS = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#999999",
)

#: What `mark` sets before smaller spans, and how they are framed. Nothing hangs on a colour, so
#: that it can be read in the dark, on paper and aloud.
_SORTS = {
    "other": ("≠\u202f", "border:1px solid;padding:0 0.15em"),
    "alone": ("+\u202f", "border:1px dashed;padding:0 0.15em"),
    "masked": ("[left out:] ", "opacity:0.65;font-style:italic"),
}
_TOLD = {
    "shared": "Equal numbers stand before the same passage on both sides",
    "other": "≠ in a frame: the other side has other words there",
    "alone": "+ in a dashed frame: the other side has nothing there",
    "masked": "grey, after “left out”: masked, and compared with nothing",
}

_CELL = "padding:0.2em 0.6em;border-bottom:1px solid #ccc;vertical-align:top;text-align:"
# Control characters, those that turn the direction of what follows, and halves of surrogate pairs,
# which no file could hold.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Fragment:
    """Something to look at: HTML in a notebook, plain text elsewhere."""

    html: str
    text: str

    @classmethod
    def of(cls, shown: Fragment | str) -> Fragment:
        """Return plain text as a fragment; a fragment stays what it is."""
        if isinstance(shown, Fragment):
            return shown
        return cls(f'<div style="white-space:pre-wrap">{escape(shown)}</div>', shown)

    def __repr__(self) -> str:
        return clean(self.text, newlines=True)

    def _repr_html_(self) -> str:
        return self.html


def escape(text: object) -> str:
    """Return text that is safe between tags."""
    return html.escape(_UNSAFE.sub("\ufffd", str(text)), quote=False)


def attribute(text: object) -> str:
    """Return text that is safe inside a double-quoted attribute."""
    return html.escape(_UNSAFE.sub("\ufffd", str(text)), quote=True).replace("\n", "&#10;")


def cut(text: str, width: int) -> str:
    """Return one line of at most ``width`` characters."""
    line = " ".join(text[: width * 4].split())
    return line if len(line) <= width and len(text) <= width * 4 else line[: width - 1] + "…"


def cell(value: object) -> str:
    """Return a value as it reads in a table: four digits of a fraction, nothing for a gap."""
    if is_gap(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def is_number(value: object) -> bool:
    """Say whether a value is set to the right."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def numeric(rows: Sequence[Sequence[object]], columns: int) -> list[bool]:
    """Say for each column whether it is set to the right: numbers and gaps, and nothing else."""
    return [
        any(is_number(row[at]) for row in rows)
        and all(row[at] is None or is_number(row[at]) for row in rows)
        for at in range(columns)
    ]


def _held(text: str, most: int = UNBROKEN) -> str:
    """Return the style that keeps a short text, such as an id or a date, on one line."""
    return ";white-space:nowrap" if len(text) <= most else ""


def table(
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    total: int | None = None,
) -> str:
    """Return a table; ``total`` says how many rows there are when only the first are given."""
    shown = [list(row) for row in rows]
    sides = ["right" if right else "left" for right in numeric(shown, len(names))]
    head = "".join(
        f'<th scope="col" style="{_CELL}{side}">{escape(cut(name, COLUMN_WIDTH))}</th>'
        for name, side in zip(names, sides, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td dir="auto" style="{_CELL}{side}{_held(text)}">{escape(text)}</td>'
            for text, side in zip(
                (cut(cell(value), COLUMN_WIDTH) for value in row), sides, strict=True
            )
        )
        + "</tr>"
        for row in shown
    )
    style = f"text-align:left{_held(caption, CAPTION)}"
    title = f'<caption style="{style}">{escape(caption)}</caption>' if caption else ""
    return (
        f'<table style="border-collapse:collapse">{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{_rest(len(shown), total)}"
    )


def _side(text: str, columns: int, *, before: bool) -> str:
    """Return one line of what stands beside a match: the part that is nearest to it."""
    most = columns * 4
    held = text[-most:] if before else text[:most]
    line = " ".join(held.split())
    if len(held) == len(text) and width(line) <= columns:
        return line
    kept = near(line, columns - 1, end=before)
    return f"…{kept.lstrip()}" if before else f"{kept.rstrip()}…"


def _runs_left(text: str) -> bool:
    """Say whether a text is written from right to left, by its first letter."""
    for character in text:
        turn = unicodedata.bidirectional(character)
        if turn in {"L", "R", "AL"}:
            return turn != "L"
    return False


def concordance(
    facts: Sequence[str],
    rows: Sequence[tuple[Sequence[object], str, str, str]],
    *,
    caption: str = "",
    total: int | None = None,
) -> str:
    """Return matches under each other: facts about the document, then left, node and right.

    Where most matches are written from right to left, so is the table: what stands before a match
    is on the right of it.
    """
    turned = sum(_runs_left(node) for _, _, node, _ in rows) * 2 > len(rows)
    start, end = ("right", "left") if turned else ("left", "right")
    names = ("left (before)", "node", "right (after)") if turned else ("left", "node", "right")
    sides = [*(start for _ in facts), end, "center", start]
    head = "".join(
        f'<th scope="col" style="{_CELL}{side}">{escape(cut(name, COLUMN_WIDTH))}</th>'
        for name, side in zip([*facts, *names], sides, strict=True)
    )
    body = []
    for values, left, node, right in rows:
        shown = [escape(cut(cell(value), UNBROKEN)) for value in values]
        shown.append(escape(_side(left, SIDE, before=True)))
        shown.append(f"<b>{escape(_side(node, NODE, before=False))}</b>")
        shown.append(escape(_side(right, SIDE, before=False)))
        cells = (
            f'<td dir="auto" style="{_CELL}{side};white-space:nowrap">{text}</td>'
            for text, side in zip(shown, sides, strict=True)
        )
        body.append(f"<tr>{''.join(cells)}</tr>")
    title = f'<caption dir="ltr" style="text-align:{start}">{escape(caption)}</caption>'
    direction = "rtl" if turned else "ltr"
    return (
        f'<table dir="{direction}" style="border-collapse:collapse">{title if caption else ""}'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"{_rest(len(rows), total)}"
    )


def _rest(shown: int, total: int | None) -> str:
    """Return a paragraph on the rows that are not shown."""
    more = (total or 0) - shown
    if more > 0:
        return f"<p>{more:,} more row{'s' if more > 1 else ''}</p>"
    return "" if shown else "<p>(no rows)</p>"


def document(text: str, title: str | None, facts: Iterable[object]) -> str:
    """Return one document with its title and what is known about it."""
    line = " · ".join(escape(fact) for fact in facts if fact is not None)
    head = f'<p dir="auto"><b>{escape(title)}</b></p>' if title else ""
    more = len(text) - DOCUMENT
    rest = f"<p>{more:,} more characters</p>" if more > 0 else ""
    style = "white-space:pre-wrap;max-width:45em"
    body = f'<div dir="auto" style="{style}">{escape(text[:DOCUMENT])}</div>{rest}'
    return f'<div>{head}<p style="color:#555">{line}</p>{body}</div>'


def figure(svg: str | bytes, alt: str, *, caption: str = "") -> str:
    """Return a drawing as an image with its alt text."""
    content = svg.encode() if isinstance(svg, str) else svg
    source = base64.b64encode(content).decode("ascii")
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure style="margin:0"><img alt="{attribute(alt)}" style="max-width:100%" '
        f'src="data:image/svg+xml;base64,{source}">{below}</figure>'
    )


def mark(
    text: str,
    spans: Iterable[tuple[int, int, int]],
    within: Iterable[tuple[int, int, str]] = (),
) -> str:
    """Return text with spans ``(start, end, number)`` highlighted.

    A number says what the colour says, for readers who cannot tell the colours apart; 0 shows none.
    Spans are code points; where two overlap, the later one is cut to what is left.

    `within` are smaller spans ``(start, end, sort)``, inside the others or beside them: what is
    ``other`` on another side or stands ``alone`` on this one, and what is ``masked``. They are told
    by a sign and a frame, which need no colour.
    """
    inner = sorted(within)
    parts, at = [], 0
    for start, end, number in sorted(spans):
        first, last = max(start, at), min(end, len(text))
        # A span that was cut goes on at its next word, not at the full stop before it.
        while start < at and first < last and not text[first].isalnum():
            first += 1
        if first >= last:
            continue
        parts.append(_sorted_out(text, at, first, inner))
        at = last
        colour = COLOURS[(max(number, 1) - 1) % len(COLOURS)]
        # A quarter of the colour under black text keeps a contrast above 4.5 to 1.
        label = f"<small>[{number:d}]</small> " if number else ""
        parts.append(
            f'<mark style="background:{colour}40;color:inherit;border-bottom:2px solid {colour}">'
            f"{label}{_sorted_out(text, first, last, inner)}</mark>"
        )
    parts.append(_sorted_out(text, at, len(text), inner))
    return "".join(parts)


def _sorted_out(text: str, start: int, end: int, within: Sequence[tuple[int, int, str]]) -> str:
    """Return a part of a text, escaped, with what is sorted out in it framed."""
    parts = []
    for low, high, sort in within:
        first, last = max(low, start), min(high, end)
        if first >= last:
            continue
        parts.append(escape(text[start:first]))
        sign, style = _SORTS[sort]
        # What began before this part has its sign there.
        label = f"<small>{sign}</small>" if first == low else ""
        tag = "span" if sort == "masked" else "b"
        parts.append(f'<{tag} style="{style}">{label}{escape(text[first:last])}</{tag}>')
        start = last
    return "".join([*parts, escape(text[start:end])])


def explained(sorts: Iterable[str]) -> str:
    """Return a line that says what the signs of `mark` stand for."""
    told = [_TOLD[sort] for sort in _TOLD if sort in set(sorts)]
    return f'<p style="margin:0.4em 0"><small>{"; ".join(told)}.</small></p>'


def quotes(head: str, quoted: Iterable[tuple[str, str]]) -> str:
    """Return pieces of HTML under each other, each below an escaped line that says where it is."""
    style = "margin:0.2em 0 0.6em;padding-left:0.8em;border-left:3px solid #ccc"
    body = "".join(
        f'<p style="color:#555;margin:0">{escape(where)}</p>'
        f'<div dir="auto" style="{style};white-space:pre-wrap">{piece}</div>'
        for where, piece in quoted
    )
    top = f'<p style="margin:0.4em 0"><b>{escape(head)}</b></p>'
    return f'<div style="max-width:45em">{top}{body}</div>'


def side_by_side(left: str, right: str, *, heads: tuple[str, str] = ("", "")) -> str:
    """Return two pieces of HTML beside each other, under escaped heads."""
    style = (
        "vertical-align:top;text-align:left;width:50%;padding:0.4em;white-space:pre-wrap;"
        "overflow-wrap:anywhere"
    )
    head = "".join(f'<th scope="col" style="{style}">{escape(text)}</th>' for text in heads)
    body = "".join(f'<td dir="auto" style="{style}">{piece}</td>' for piece in (left, right))
    return (
        '<table style="border-collapse:collapse;width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>"
    )


def page(title: str, body: str, *, language: str = "en") -> str:
    """Return a page of its own that may load nothing and run nothing."""
    policy = "default-src 'none'; img-src data:; style-src-attr 'unsafe-inline'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{attribute(language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{attribute(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font-family:sans-serif;line-height:1.5;max-width:70em;margin:1em auto;'
        f'padding:0 1em;color:#111;background:#fff"><main>{body}</main></body></html>\n'
    )
