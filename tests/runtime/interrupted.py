"""The child of test_interrupt.py: runs one call again and again, and says how each run ended.

Started as ``python interrupted.py NAME FOLDER``, with a name out of `long_calls.py`. It finds the
size at which one run takes about `SECONDS`. Commands come on stdin, one a line; answers go to
stdout as JSON, one a line.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
import time
import warnings
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = runpy.run_path(str(Path(__file__).with_name("long_calls.py")))

# What one untouched run should take: over the bound of half a second, so that a call that does not
# listen is found out.
SECONDS = 0.55
LONGEST = 1.0
ROUNDS = 6


class Armed:
    """A handler of SIGINT that raises only while a call runs; a late signal must not kill."""

    def __init__(self) -> None:
        self.on = False
        signal.signal(signal.SIGINT, self)

    def __call__(self, *signalled: Any) -> None:
        """Do as Python's own handler does, while armed."""
        if self.on:
            signal.default_int_handler(*signalled)


def answer(**what: object) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def attempt(call: Callable[[], object], armed: Armed) -> None:
    """Run a call that the parent may interrupt, and say how and when it ended."""
    kept: object = None
    try:
        # Armed first: the parent may send its signal as soon as it has read the line.
        armed.on = True
        answer(started=time.monotonic())
        kept = call()
        armed.on = False
        ended = "finished"
    except KeyboardInterrupt:
        at = time.monotonic()
        armed.on = False
        ended = "KeyboardInterrupt"
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent shall know
        at = time.monotonic()
        armed.on = False
        ended = f"{type(error).__name__}: {error}"
    else:
        at = time.monotonic()
    del kept
    answer(ended=ended, at=at)


def busy() -> int:
    """Count in pure Python: what an interrupt costs on this machine at this moment."""
    total = 0
    for number in range(10**9):
        total += number
    return total


def timed(job: Any) -> tuple[float, object]:
    """Return the seconds of an untouched run, and what it gave."""
    job.forget()
    start = time.monotonic()
    given = job.call()
    return time.monotonic() - start, given


def sized(row: Any, folder: Path) -> tuple[Any, int, float, object]:
    """Return the job at the size at which one run takes long enough, or at the largest.

    With it come the size, and the seconds and the answer of its untouched run.
    """
    size = row.start
    for number in count(1):
        own = folder / str(number)
        own.mkdir()
        job = row.prepare(size, own)
        if number == 1:
            # The first run also imports what the call needs.
            timed(job)
        seconds, given = timed(job)
        fast = seconds < SECONDS * 0.85
        if number == ROUNDS or (size >= row.most if fast else seconds <= LONGEST):
            return job, size, seconds, given
        factor = min(10.0, max(0.1, 1.1 * SECONDS / max(seconds, 1e-3)))
        size = min(row.most, max(1, int(size * factor ** (1 / row.power))))
    raise AssertionError("the rounds have an end")


def main(name: str, folder: Path) -> None:
    """Prepare a call, then do what the parent says until it has heard enough."""
    # Only the one about missing threads is expected, in the runs that are denied them.
    warnings.simplefilter("ignore" if "RUST_MIN_STACK" in os.environ else "error")
    job, size, seconds, given = sized(TABLE["CALLS"][name], folder)
    expected, before = TABLE["digest"](given), job.state()
    del given
    armed = Armed()
    answer(seconds=seconds, size=size)
    for line in sys.stdin:
        command = line.strip()
        if command == "try":
            job.forget()
            attempt(job.call, armed)
        elif command == "control":
            attempt(busy, armed)
        elif command == "check":
            state = job.state()
            answer(
                intact=state == before,
                equal=TABLE["digest"](timed(job)[1]) == expected,
                state=state,
            )
        else:
            break


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
