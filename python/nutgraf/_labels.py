"""Ids, sources and titles: what a cell may hold, and the sentence when it holds something else."""

from __future__ import annotations

from typing import Any

from nutgraf._parameters import shown
from nutgraf.exceptions import InputError

__all__ = ["ids_of", "is_missing", "labels_of"]

Values = list[Any]
LARGEST_ID = 2**63 - 1
SMALLEST_ID = -(2**63)


def is_missing(value: object) -> bool:
    """Say whether a cell is empty: None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN differs from itself


def plain(value: Any) -> Any:
    """Return a scalar of numpy as Python has it."""
    if type(value) is str or type(value) is int:
        return value
    value = value.item() if type(value).__module__ == "numpy" and value.ndim == 0 else value
    # A subclass of str, as numpy has one, would travel into every result.
    return str(value) if isinstance(value, str) else value


def ids_of(values: Values) -> list[str] | list[int]:
    """Check ids: all str or all int, none missing or empty, none twice."""
    ids: list[Any] = []
    rows: dict[object, int] = {}
    for row, given in enumerate(values):
        value = plain(given)
        trouble = _trouble_with_id(value)
        if trouble:
            raise InputError(f"The id of row {row} is {trouble}.", parameter="id", row=row)
        if ids and isinstance(value, str) is not isinstance(ids[0], str):
            raise InputError(
                f"The id of row {row} is {shown(value)}, but row 0 has {shown(ids[0])}; make all "
                "ids str or all int.",
                parameter="id",
                row=row,
            )
        if value in rows:
            raise InputError(
                f"The id {shown(value)} names row {rows[value]} and row {row}, but ids are unique; "
                "drop one of the rows, or number them.",
                parameter="id",
                row=row,
            )
        rows[value] = row
        ids.append(value)
    return ids


def _trouble_with_id(value: object) -> str | None:
    """Say what is wrong with an id, and what to do."""
    rule = "but ids are str or int"
    if isinstance(value, str):
        return None if value else f"empty, {rule}; fill the column, or leave id out"
    if isinstance(value, int) and not isinstance(value, bool):
        if SMALLEST_ID <= value <= LARGEST_ID:
            return None
        return f"{shown(value)}, beyond 64 bits; pass such ids as str: str(id)"
    if is_missing(value):
        return f"missing, {rule}; fill the column, or leave id out"
    if isinstance(value, float) and value.is_integer():
        remedy = (
            "a gap makes pandas turn whole numbers into float: fill it, and convert with "
            "astype('int64')"
        )
    else:
        remedy = "decode it first" if isinstance(value, bytes) else "convert the column with str"
    return f"{shown(value)} ({type(value).__name__}), {rule}; {remedy}"


def labels_of(values: Values, part: str) -> list[str | None]:
    """Return sources or titles as str, ``None`` where they are empty."""
    # The commonest cells first: a str stays, and numbers are names too.
    return [
        (value or None) if type(value) is str else _label(value, row, part)
        for row, value in enumerate(values)
    ]


def _label(given: object, row: int, part: str) -> str | None:
    value = plain(given)
    if is_missing(value) or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        remedy = (
            "a gap makes pandas turn whole numbers into float: convert the column with "
            "astype('Int64')"
        )
    elif isinstance(value, bytes | bytearray):
        remedy = "decode the column first"
    elif isinstance(value, bool | float | list | tuple | dict | set):
        remedy = "convert the column with str, if that is what you mean"
    else:
        return str(value)
    raise InputError(
        f"The {part} of row {row} is {shown(value)} ({type(value).__name__}), but it is a str or a "
        f"whole number; {remedy}.",
        parameter=part,
        row=row,
    )
