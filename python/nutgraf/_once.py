"""Attributes that are computed when they are first asked for, and kept.

As `functools.cached_property`, without its lock: in Python 3.11 one lock serves all objects of a
class and is held while the value is computed, so that threads wait for each other, and a child
that is forked meanwhile waits for ever. Two threads may compute a value twice; both are equal.

An array that is kept is read-only: whoever wrote into it would change what others have been given,
and not what was computed from the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["frozen", "once"]

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator, named as it reads
    """Turn a method into an attribute that is computed once.

    Parameters
    ----------
    compute : callable
        The method.

    Examples
    --------
    >>> from nutgraf._once import once
    >>> class Text:
    ...     @once
    ...     def length(self):
    ...         print("counting")
    ...         return 7
    >>> text = Text()
    >>> text.length + text.length
    counting
    14
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type) -> T: ...
    def __get__(self, owner: object | None, kind: type) -> Self | T:
        if owner is None:
            return self
        # A value that stands in the object itself is found before this is called.
        value: T = owner.__dict__.setdefault(self._name, frozen(self._compute(owner)))
        return value


def frozen(value: T) -> T:
    """Return a value, read-only if it is an array."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    return value
