"""One line of progress, where somebody is watching."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from nutgraf.exceptions import ParameterError

Reporter = Callable[[int, int], Any]
Progress = bool | Reporter | None

# Shorter calls need no line.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.1


def reporter(progress: Progress, what: str) -> Reporter | None:
    """Return what to call with ``(done, total)``, or ``None`` for silence.

    Parameters
    ----------
    progress : None, bool or callable
        ``None``: a line after two seconds, on a live terminal or notebook only. ``True``: a line
        at once. ``False``: silence. A callable is passed through.
    what : str
        The work, as the line names it.

    Raises
    ------
    ParameterError
        ``progress`` is something else.
    """
    if progress is None:
        return Line(what, PATIENCE_SECONDS) if _is_watched() else None
    if progress is True:
        return Line(what, 0.0)
    if progress is False:
        return None
    if not callable(progress):
        raise ParameterError(
            f"progress is {progress!r}, but it must be None, True, False or a function of done and "
            "total; leave it out to see a line where one can be shown.",
            parameter="progress",
        )
    return progress


class Line:
    """A line on stderr that is written over until the work is done."""

    def __init__(self, what: str, patience: float) -> None:
        self._what = what
        self._start = time.monotonic()
        self._next = self._start + patience
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done, at most ten times a second."""
        now = time.monotonic()
        finished = done >= total
        if now < self._next and not (finished and self._width):
            return
        self._next = now + PAUSE_SECONDS
        share = 100 * done // total if total else 100
        line = f"{self._what}: {share} % ({done:,} of {total:,}, {now - self._start:.0f} s)"
        end = "\n" if finished else ""
        sys.stderr.write("\r" + line.ljust(self._width) + end)
        sys.stderr.flush()
        self._width = 0 if finished else len(line)


def _is_watched() -> bool:
    """Say whether a line would reach a person: a terminal or a live notebook, and not CI."""
    if os.environ.get("CI"):
        return False
    if sys.stderr is not None and sys.stderr.isatty():
        return os.environ.get("TERM") != "dumb"
    return _is_live_kernel()


def _is_live_kernel() -> bool:
    """Say whether a notebook's frontend is listening; nbclient executes without one."""
    kernel = sys.modules.get("ipykernel.kernelapp")
    if kernel is None or not kernel.IPKernelApp.initialized():
        return False
    running = kernel.IPKernelApp.instance().kernel
    # nbclient and nbconvert send no stdin channel: nobody could answer a question.
    return bool(getattr(running, "_allow_stdin", False))
