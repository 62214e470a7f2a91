"""Warnings: each names the user's own line, however many of our functions lie in between."""

from __future__ import annotations

import sys
import warnings
from itertools import count

from nutgraf.exceptions import NutgrafWarning

__all__ = ["warn"]

_PACKAGE = __name__.partition(".")[0]


def warn(message: str) -> None:
    """Warn about the line that called the first of our functions."""
    for level in count(1):
        # Raises ValueError below the first frame, which is never ours.
        name = sys._getframe(level).f_globals.get("__name__")
        if str(name).partition(".")[0] != _PACKAGE:
            break
    warnings.warn(message, NutgrafWarning, stacklevel=level + 1)
