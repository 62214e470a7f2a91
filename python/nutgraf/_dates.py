"""Dates as ISO strings, whichever library they come from.

The same instant gives the same string: a column in which every timestamp is midnight without a zone
is a column of days; zones become offsets; what is finer than a microsecond is cut off. A year or a
month alone stays as it is: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap, monthrange
from typing import Any

import numpy as np

from nutgraf._labels import is_missing
from nutgraf._parameters import shown
from nutgraf.exceptions import InputError

__all__ = ["dates_of", "day_text", "falls_on", "moment", "stretch"]

PARTIAL = re.compile(r"(?!0000)\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)


def dates_of(values: list[Any]) -> list[str | None]:
    """Return dates as ISO strings, ``None`` where they are empty."""
    plain = [_without_library(value) for value in values]
    days_only = all(_is_day(value) for value in plain)
    return [_date(value, row, days_only) for row, value in enumerate(plain)]


def falls_on(date: str | None, wanted: str | None) -> bool:
    """Say whether a date is the wanted one or lies inside the wanted day, month or year."""
    if date is None or wanted is None:
        return date is wanted
    return date == wanted or (len(wanted) <= 10 and date.startswith((f"{wanted}-", f"{wanted}T")))


def moment(date: str) -> int:
    """Return the first microsecond of a date since 1970; without a zone in universal time."""
    text = date + "-01-01"[len(date) - 4 :] if len(date) < len("2031-03-08") else date
    begun = dt.datetime.fromisoformat(text)
    begun = begun if begun.tzinfo else begun.replace(tzinfo=dt.UTC)
    return (begun - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def stretch(date: str) -> tuple[int, int]:
    """Return the first and the last microsecond that a date may mean."""
    first = moment(date)
    if len(date) > len("2031-03-08"):
        return first, first
    if len(date) == len("2031-03-08"):
        days = 1
    elif len(date) == len("2031-03"):
        days = monthrange(int(date[:4]), int(date[5:]))[1]
    else:
        days = 366 if isleap(int(date)) else 365
    return first, first + days * 24 * 3600 * 1_000_000 - 1


def day_text(date: str) -> str:
    """``2031-03-04T08:05:00+01:00`` as ``4 March 2031, 08:05``; what is no date stays as it is."""
    try:
        moment = dt.datetime.fromisoformat(date.strip())
    except ValueError:
        return date or "no date"
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if len(date.strip()) > 10 else day


def _without_library(value: Any) -> Any:
    """Return the timestamps of numpy and pandas as Python has them, NaT as ``None``."""
    kind = type(value).__name__
    if kind == "Timestamp":
        return value.to_pydatetime(warn=False)
    if kind != "datetime64":
        return value
    unit = np.datetime_data(value.dtype)[0]
    if unit in {"Y", "M"} and value == value:  # noqa: PLR0124 - NaT differs
        return str(value)
    if unit in {"W", "D"}:
        return value.astype("datetime64[D]").item()
    return value.astype("datetime64[us]").item()


def _is_day(value: object) -> bool:
    """Say whether a timestamp says no more than its day, as midnight without a zone does."""
    if not isinstance(value, dt.datetime) or is_missing(value):
        return True
    return value.tzinfo is None and value.time() == dt.time()


def _date(value: Any, row: int, days_only: bool) -> str | None:
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if days_only else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    remedy = "write it as 2031-03-08 or 2031-03-08T17:30, or leave it empty"
    if isinstance(value, str):
        text = value.strip()
        if PARTIAL.fullmatch(text):
            return text
        for parse in (dt.date.fromisoformat, dt.datetime.fromisoformat):
            try:
                return parse(text).isoformat()
            except ValueError:
                continue
    elif isinstance(value, int) and not isinstance(value, bool):
        remedy = "a number is no date: a year is str(year), a time in seconds is a datetime first"
    elif type(value).__name__ == "Period":
        remedy = "convert the column with dt.to_timestamp(), or with astype(str)"
    raise InputError(
        f"The date of row {row} is {shown(value)}, which is no ISO date; {remedy}.",
        parameter="date",
        row=row,
    )
