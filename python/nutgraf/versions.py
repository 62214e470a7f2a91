"""Versions of everything a result can depend on."""

from __future__ import annotations

import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from nutgraf import _nutgraf

__all__ = ["show_versions", "versions", "versions_behind"]

_PACKAGES = ("numpy", "narwhals", "scipy", "pandas", "polars", "pyarrow", "altair")


@cache
def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str]:
    """Versions as a mapping; a package that is not installed is left out."""
    found = {
        "nutgraf": _nutgraf.VERSION,
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "threads": str(_nutgraf.default_threads()),
    }
    for package in _PACKAGES:
        number = _installed(package)
        if number is not None:
            found[package] = number
    return found


def versions_behind() -> dict[str, str]:
    """Versions that a result remembers: what computed it, and nothing about the machine."""
    return {
        "nutgraf": _nutgraf.VERSION,
        "python": platform.python_version(),
        "numpy": _installed("numpy") or "",
    }


def show_versions() -> None:
    """Print the versions of nutgraf, Python and the packages it works with.

    Paste the output into a report of a defect.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.show_versions()  # doctest: +ELLIPSIS
    nutgraf ...
    """
    for name, number in versions().items():
        sys.stdout.write(f"{name:<10} {number}\n")
