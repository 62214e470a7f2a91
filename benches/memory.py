"""Growth of memory over one call, as the kernel counts it. Linux only; elsewhere it is unknown.

The peak is read from ``VmHWM``, for this process and for the helper processes it has started, so
that a contender that works in several processes is charged for all of them. What is still held
after the call is ``VmRSS``. Before each of the two, this process gives back what it has freed: else
a call would take what preparing has left over, or seem to hold what nobody needs.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import sys
from pathlib import Path

__all__ = ["Growth"]


class Growth:
    """Start counting now; `peak` says how much more was needed at the worst moment, `held` now."""

    def __init__(self) -> None:
        _give_back()
        self._before: dict[int, int] = {}
        for pid in _processes():
            _forget_peak(pid)
            self._before[pid] = _kib(pid, "VmRSS") or 0

    def peak(self) -> float | None:
        """Return MB (10⁶ bytes) above the start, summed over processes; None where unknown."""
        return self._grown("VmHWM")

    def held(self) -> float | None:
        """Return the MB above the start that are in use now."""
        _give_back()
        return self._grown("VmRSS")

    def _grown(self, field: str) -> float | None:
        sizes = {pid: _kib(pid, field) for pid in _processes()}
        if sizes.get(os.getpid()) is None:
            return None
        grown = sum((size or 0) - self._before.get(pid, 0) for pid, size in sizes.items())
        return round(max(0, grown) * 1024 / 1e6, 1)


def _give_back() -> None:
    """Return freed memory to the system, where the C library can."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()


def _processes() -> list[int]:
    children = [child.pid for child in multiprocessing.active_children()]
    return [os.getpid(), *(pid for pid in children if pid is not None)]


def _forget_peak(pid: int) -> None:
    """Set the peak back to what is in use; without that right, the peak so far stands."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _kib(pid: int, field: str) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [line for line in lines if line.startswith(f"{field}:")]
    return int(found[0].split()[1]) if found else None
