"""The machine and the versions behind a figure. Measures nothing itself."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["cores", "facts", "version_of"]

# Seen, never set: some machines need them for old builds of OpenBLAS.
SEEN = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NUTGRAF_NUM_THREADS", "RAYON_NUM_THREADS")


def cores() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def version_of(package: str) -> str | None:
    """Return the installed version of a package, None where it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def facts() -> dict[str, object]:
    """Describe the machine as far as it tells."""
    return {
        "cpu": _cpu(),
        "cores": cores(),
        "memory_gib": _memory(),
        "load_before": _load(),
        "kernel": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "compiler": platform.python_compiler(),
        "environment": {name: os.environ.get(name) for name in SEEN},
        "interpreter_flags": [flag for flag in sys.orig_argv[1:] if flag.startswith("-")][:4],
    }


def _load() -> float | None:
    """Return the load of the last minute: above 0.5, somebody else was working."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "not known"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "not known"


def _memory() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return round(int(lines[0].split()[1]) / 2**20, 1)
