"""Versions of everything a result can depend on, and the machine for a report of a defect."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache

import numpy as np

from nutgraf import _nutgraf
from nutgraf.exceptions import NutgrafError

__all__ = ["show_versions", "versions", "versions_behind"]

#: What users' data comes from and goes to.
_WITH_DATA = ("narwhals", "pandas", "polars", "pyarrow")
#: What the extras install, by the names of the distributions.
_OPTIONAL = (
    "altair",
    "fastwarc",
    "ipykernel",
    "jupyterlab",
    "pyspark",
    "scipy",
    "trafilatura",
    "vl-convert-python",
    "zstandard",
)
_THREADS = "NUTGRAF_NUM_THREADS"


def versions() -> dict[str, str]:
    """Versions as a mapping; a package that is not installed is left out.

    Names nothing of the machine, and no number of threads: results are the same for any of them.
    """
    found = {package: _version(package) for package in _WITH_DATA}
    there = {package: number for package, number in found.items() if number is not None}
    return versions_behind() | there


def versions_behind() -> dict[str, str]:
    """Versions that a result remembers: what computed it, and nothing about the machine."""
    return {
        "nutgraf": _nutgraf.VERSION,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def show_versions() -> None:
    """Print the versions of nutgraf, Python and the packages it works with, and the machine.

    Paste the output into a report of a defect. It holds no name of a user, a host or a folder.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.show_versions()  # doctest: +ELLIPSIS
    nutgraf ...
    """
    told = {"nutgraf": _nutgraf.VERSION, **_python(), **_machine()}
    for package in sorted({"numpy", *_WITH_DATA, *_OPTIONAL}):
        told[package] = _version(package) or "not installed"
    width = max(map(len, told))
    for name, value in told.items():
        sys.stdout.write(f"{name:<{width}}  {value}\n")


@cache
def _version(package: str) -> str | None:
    # Imported here: it brings half the standard library along.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _python() -> dict[str, str]:
    import locale

    spoken = ".".join(part or "none" for part in locale.getlocale())
    output = getattr(sys.stdout, "encoding", None) or "none"
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "locale": spoken,
        "encoding": f"files {locale.getpreferredencoding(False)}, output {output}",
    }


def _machine() -> dict[str, str]:
    return {
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processors": f"{_available()} available of {os.cpu_count() or '?'}",
        "threads": _threads(),
        "memory": _memory(),
    }


def _available() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _threads() -> str:
    """Say the default number of threads and where it comes from, or what is wrong with it."""
    try:
        number = _nutgraf.default_threads()
    except NutgrafError as error:
        return str(error)
    wished = os.environ.get(_THREADS, "").strip()
    if wished and wished.isdecimal() and int(wished) == number:
        return f"{number} (from {_THREADS})"
    if not wished and number == _available():
        return f"{number} (every available processor)"
    return f"{number} (from set_threads, or a limit of the system)"


def _memory() -> str:
    """Say how much memory one call may need: the limit `memory_bytes` as it stands."""
    row = next(row for row in _nutgraf.limit_table() if row[0] == "memory_bytes")
    return "not known" if row[1] is None else f"{row[1] / 2**30:.1f} GiB"
