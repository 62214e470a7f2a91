"""Text for a terminal: one line, cut by its width, with nothing in it that moves the cursor.

A terminal obeys control characters and turns the direction of text where it is told to. What comes
from a document is therefore shown with such characters written out. HTML is made in `_html`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["aligned", "clean", "cut", "cut_before", "near", "padded", "width"]

LINE = 120

# Controls, line and paragraph separators, marks and switches of direction, the byte order mark,
# halves of surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_UNSAFE_BUT_NEWLINES = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)


def clean(text: str, *, newlines: bool = False) -> str:
    """Return text with characters that a terminal obeys written out, as ``repr`` does.

    Parameters
    ----------
    text : str
        The text.
    newlines : bool
        Whether line feeds stay.
    """
    pattern = _UNSAFE_BUT_NEWLINES if newlines else _UNSAFE
    return pattern.sub(lambda match: ascii(match[0])[1:-1], text)


def _step(character: str, before: str, flags: int) -> int:
    """Return the columns that a character adds to what stands before it."""
    if before == _JOINER or ord(character) in _SKIN:
        return 0
    if ord(character) in _REGIONAL:
        # Two regional indicators are one flag, two columns wide.
        return 2 if flags % 2 == 0 else 0
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _steps(text: str) -> list[int]:
    steps: list[int] = []
    before, flags, last = "", 0, 0
    for at, character in enumerate(text):
        if character == _EMOJI_STYLE and at and steps[last] == 1:
            # A sign like ☀ is one column wide, and two once it is asked for as an emoji.
            steps[last] = 2
        step = _step(character, before, flags)
        steps.append(step)
        flags = flags + 1 if ord(character) in _REGIONAL else 0
        last = at if step else last
        before = character
    return steps


def width(text: str) -> int:
    """Return how many columns of a terminal a line takes.

    East Asian wide characters and emoji take two, combining marks none, a joined emoji or a flag
    two in all. Terminals differ on rare sequences.
    """
    return len(text) if text.isascii() else sum(_steps(text))


def cut(text: str, most: int) -> str:
    """Return one clean line of at most so many columns; white space becomes single spaces."""
    # A column can be made of many marks, but not of any number of them.
    head = text[: most * 8]
    line = clean(" ".join(head.split()))
    if len(head) == len(text) and width(line) <= most:
        return line
    used, kept = 0, 0
    for step in _steps(line):
        if used + step > most - 1:
            break
        used += step
        kept += 1
    return line[:kept].removesuffix(_JOINER).rstrip() + "…"


def near(line: str, columns: int, *, end: bool) -> str:
    """Return the beginning of a line, or its end, that takes at most so many columns."""
    steps = _steps(line)
    used, kept = 0, 0
    for step in reversed(steps) if end else steps:
        if used + step > columns:
            break
        used += step
        kept += 1
    return line[len(line) - kept :] if end else line[:kept]


def cut_before(text: str, most: int) -> str:
    """Return one clean line of at most so many columns, the last ones of a text."""
    tail = text[-most * 8 :]
    line = clean(" ".join(tail.split()))
    if len(tail) == len(text) and width(line) <= most:
        return line
    return "…" + near(line, most - 1, end=True).lstrip()


def padded(text: str, columns: int, *, right: bool) -> str:
    """Return text with spaces before or after it, up to a number of columns."""
    spaces = " " * max(0, columns - width(text))
    return spaces + text if right else text + spaces


def aligned(cells: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Return lines of cells under each other, without the columns that do not fit.

    Parameters
    ----------
    cells : sequence of rows
        Clean text, the names first.
    right : sequence of bool
        Whether each column is set to the right.
    """
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    fitting, used = 0, 0
    for columns in widths:
        used += columns + 2
        if used > LINE and fitting:
            break
        fitting += 1
    lines = [
        "  ".join(
            padded(text, columns, right=numeric)
            for text, columns, numeric in zip(
                row[:fitting], widths[:fitting], right[:fitting], strict=True
            )
        ).rstrip()
        for row in cells
    ]
    left_out = len(widths) - fitting
    if left_out:
        lines[0] += f"  (+ {left_out} column{'s' if left_out > 1 else ''})"
    return lines
