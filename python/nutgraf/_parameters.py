"""What a parameter may be, and the sentence when it is something else.

Every sentence names the parameter, its value, the rule and the remedy. Values are checked before
any work, so that nothing is half done when one is wrong.
"""

from __future__ import annotations

import math
import reprlib
import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from operator import index
from typing import TYPE_CHECKING

import numpy as np

from nutgraf import _nutgraf
from nutgraf.exceptions import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "choice",
    "containment",
    "flag",
    "limited",
    "most",
    "number",
    "permutations",
    "refuse",
    "seed",
    "share",
    "shown",
    "slots",
    "text",
    "texts",
    "threads",
    "threshold",
    "whole",
]


_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = 60


def shown(value: object) -> str:
    """Return a value as a sentence shows it: short, however long the value is."""
    return _repr.repr(value)


def refuse(name: str, value: object, rule: str, remedy: str) -> ParameterError:
    """Return the error for a value that breaks a rule.

    Parameters
    ----------
    name : str
        The parameter.
    value : object
        What was passed.
    rule : str
        What holds, as it follows "but".
    remedy : str
        What to do, without a full stop.
    """
    message = f"{name} is {shown(value)}, but {rule}; {remedy}."
    return ParameterError(message, parameter=name)


def whole(name: str, value: object, *, low: int, high: int | None = None, remedy: str) -> int:
    """Return a whole number inside its bounds; True and 2.0 are none."""
    bounds = f"of at least {low}" if high is None else f"from {low} to {high:,}"
    rule = f"it must be a whole number {bounds}"
    try:
        given = index(value)  # type: ignore[arg-type]
    except TypeError as error:
        raise refuse(name, value, rule, remedy) from error
    if isinstance(value, bool | np.bool_) or given < low or (high is not None and given > high):
        raise refuse(name, value, rule, remedy)
    return given


def most(limit: str) -> int:
    """Return the value of a limit of `nutgraf.limits`."""
    return next(row[1] for row in _nutgraf.limit_table() if row[0] == limit) or sys.maxsize


def limited(name: str, value: object, *, limit: str | None = None, remedy: str) -> int:
    """Return a whole number from 1 up to a limit, which has the parameter's name if it has none."""
    limit = limit or name
    high = most(limit)
    if not isinstance(value, bool) and isinstance(value, int | np.integer) and value > high:
        remedy += f", or raise the limit with nutgraf.set_limits({limit}=…)"
    return whole(name, value, low=1, high=high, remedy=remedy)


def number(
    name: str,
    value: object,
    *,
    low: float,
    high: float,
    open_low: bool = False,
    remedy: str,
) -> float:
    """Return a number inside its bounds; NaN lies inside none."""
    rule = f"it must be a number {'above' if open_low else 'from'} {low:g} " + (
        f"and at most {high:g}" if open_low else f"to {high:g}"
    )
    if isinstance(value, bool | np.bool_) or not isinstance(
        value, int | float | np.integer | np.floating
    ):
        raise refuse(name, value, rule, remedy)
    # Compared as it came: an int of 400 digits does not fit a float.
    inside = (low < value if open_low else low <= value) and value <= high
    if not inside or math.isnan(value):
        raise refuse(name, value, rule, remedy)
    return float(value)


def choice(name: str, value: object, allowed: Sequence[object]) -> None:
    """Refuse a value that is not one of a few."""
    # `in` would ask an array for its truth.
    if any(value is each or (type(value) is type(each) and value == each) for each in allowed):
        return
    listed = " or ".join(map(repr, allowed))
    raise refuse(name, value, f"it must be {listed}", f"pass {allowed[0]!r}, the usual choice")


def flag(name: str, value: object) -> bool:
    """Return True or False; 1 and "no" are neither."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise refuse(name, value, "it must be True or False", "pass one of the two")


def text(name: str, value: object, *, remedy: str) -> str | None:
    """Return a str, or ``None`` where nothing was named."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise refuse(name, value, "it must be a str", remedy)
    return _spelled(name, value)


def _spelled(name: str, value: str) -> str:
    """Refuse half a character, which no text has once it is tokenized."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        rule = f"it holds a lone surrogate at {error.start}"
        raise refuse(name, value, rule, "replace it, for instance by U+FFFD") from error
    return value


def texts(name: str, value: object, *, remedy: str) -> tuple[str, ...]:
    """Return several str in their order; those of a set are sorted, since sets have none."""
    rule = "it must be a list of str"
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise refuse(name, value, rule, remedy)
    listed = list(value)
    for each in listed:
        if not isinstance(each, str):
            raise refuse(name, each, f"every one of {name} must be a str", remedy)
        _spelled(name, each)
    return tuple(sorted(listed) if isinstance(value, AbstractSet) else listed)


def threads(value: object) -> int | None:
    """Return a number of threads, or ``None`` for the default."""
    if value is None:
        return None
    return limited("threads", value, remedy="leave it out to use every processor")


def threshold(value: object) -> float:
    """Return the least similarity of near duplicates."""
    remedy = "pass 0.5 to start"
    return number("threshold", value, low=0, high=1, open_low=True, remedy=remedy)


def containment(value: object) -> float:
    """Return the least share of a document that makes it a part of another."""
    remedy = "pass 0.8 to start"
    return number("containment", value, low=0, high=1, open_low=True, remedy=remedy)


def share(name: str, value: object) -> float:
    """Return a probability that is neither 0 nor 1."""
    remedy = 'pass 0.99 to start, or method="exact" to find every pair'
    given = number(name, value, low=0, high=1, open_low=True, remedy=remedy)
    if given == 1:
        raise refuse(name, value, "it must be below 1", remedy)
    return given


def slots(value: object) -> int:
    """Return how many numbers a signature has."""
    return whole("slots", value, low=1, high=4096, remedy="pass 128 to start")


def permutations(value: object) -> int:
    """Return a number of random labelings."""
    return limited("permutations", value, remedy="pass 9999 to start")


def seed(value: object) -> int:
    """Return a seed, which is 64 bits wide."""
    return whole("seed", value, low=0, high=2**64 - 1, remedy="pass 0, or any other")
