"""One line of progress, where somebody is watching.

`Watched` is what a public function opens around its work. On a terminal the line is written over
until the work is done; in a notebook it is one display that is updated, so that what a reader of
the saved notebook sees is the last line alone, as text. Shorter work leaves no trace.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from nutgraf import _html
from nutgraf._parameters import refuse

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress", "Reporter", "Steps", "Watched"]

Reporter = Callable[[int, int], Any]
Progress = bool | Reporter | None

# Shorter work needs no line.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.2


class Watched:
    """Work that somebody may watch: what to call with ``(done, total)``, or ``None`` for silence.

    Parameters
    ----------
    progress : None, bool or callable
        ``None``: a line after two seconds, on a live terminal or notebook only. ``True``: a line
        at once, wherever. ``False``: silence. A callable is handed through.
    what : str
        The work, as the line names it.

    Raises
    ------
    ParameterError
        ``progress`` is something else.

    Examples
    --------
    >>> from nutgraf._progress import Watched
    >>> with Watched(False, "counting") as report:
    ...     print(report)
    None
    """

    def __init__(self, progress: Progress, what: str) -> None:
        self._line: Line | None = None
        self._report: Reporter | None = None
        if progress is None or progress is True:
            screen = _screen()
            if progress or screen is not None:
                self._line = Line(what, screen or Plain(), 0.0 if progress else PATIENCE_SECONDS)
                self._report = self._line
        elif progress is not False:
            if not callable(progress):
                raise refuse(
                    "progress",
                    progress,
                    "it must be None, True, False or a function of done and total",
                    "leave it out to see a line where one can be shown",
                )
            self._report = progress

    def __enter__(self) -> Reporter | None:
        return self._report

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            self._line.close(stopped=kind is not None)


class Steps:
    """One progress for work of several steps, in hundredths of a step.

    Parameters
    ----------
    report : callable or None
        Who is told; ``None`` for nobody.
    count : int
        Number of steps.
    """

    def __init__(self, report: Reporter | None, count: int) -> None:
        self._report = report
        self._count = count
        self._begun = 0

    def step(self) -> Reporter | Literal[False]:
        """Begin the next step; return what to pass as ``progress`` to the call that does it."""
        begun, self._begun = self._begun, self._begun + 1
        report, whole = self._report, 100 * self._count
        if report is None:
            return False

        def told(done: int, total: int) -> Any:
            return report(min(100 * begun + 100 * done // max(total, 1), whole), whole)

        return told


class Line:
    """The line itself, at most five times a second; `close` leaves the last word."""

    def __init__(
        self,
        what: str,
        screen: Screen,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._screen = screen
        self._clock = clock
        self._start = clock()
        self._next = self._start + patience
        self._done = self._total = 0
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done, unless it is too early for that."""
        self._done, self._total = done, total
        now = self._clock()
        if now < self._next:
            return
        self._next = now + PAUSE_SECONDS
        self._shown = True
        share = 100 * done // total if total else 0
        self._screen.write(f"{self._what}: {share} % ({now - self._start:.0f} s)")

    def close(self, *, stopped: bool) -> None:
        """Leave one line that says how long it took, if any was shown."""
        seconds = self._clock() - self._start
        if not self._shown and seconds < self._next - self._start:
            return
        if stopped:
            share = 100 * self._done // self._total if self._total else 0
            self._screen.end(f"{self._what}: stopped at {share} % after {seconds:.1f} s")
        else:
            self._screen.end(f"{self._what}: done in {seconds:.1f} s")


class Plain:
    """A stream that nobody watches: the last line only."""

    def write(self, line: str) -> None:
        """Write nothing yet."""

    def end(self, line: str) -> None:
        """Write the last line."""
        if sys.stderr is not None:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class Terminal(Plain):
    """A terminal, whose last line is written over."""

    def __init__(self) -> None:
        self._width = 0

    def write(self, line: str) -> None:
        """Write over the line that stands there."""
        sys.stderr.write("\r" + line.ljust(self._width))
        sys.stderr.flush()
        self._width = len(line)

    def end(self, line: str) -> None:
        """Write over it for the last time."""
        self.write(line)
        super().end("")


class Notebook(Plain):
    """A live notebook: one display that is updated."""

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, line: str) -> None:
        """Update the display, or make it."""
        # A kernel is running, so IPython is there; no library of ours needs it.
        from IPython.display import display

        shown = {"text/plain": line, "text/html": f"<div>{_html.escape(line)}</div>"}
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(shown, raw=True)

    def end(self, line: str) -> None:
        """Leave the last line, which is what a saved notebook keeps."""
        self.write(line)


Screen = Plain


def _screen() -> Screen | None:
    """Return where a line would reach a person: a terminal or a live notebook, and not CI."""
    if os.environ.get("CI"):
        return None
    if sys.stderr is not None and sys.stderr.isatty():
        return None if os.environ.get("TERM") == "dumb" else Terminal()
    return Notebook() if _is_live_kernel() else None


def _is_live_kernel() -> bool:
    """Say whether a notebook's frontend is listening; nbclient executes without one."""
    kernel = sys.modules.get("ipykernel.kernelapp")
    if kernel is None or not kernel.IPKernelApp.initialized():
        return False
    running = kernel.IPKernelApp.instance().kernel
    # nbclient and nbconvert send no stdin channel: nobody could answer a question.
    return bool(getattr(running, "_allow_stdin", False))
