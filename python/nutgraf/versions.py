"""Versions of everything a result can depend on."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from nutgraf import _nutgraf

__all__ = ["show_versions", "versions"]

_PACKAGES = ("numpy", "narwhals", "scipy", "pandas", "polars", "pyarrow", "altair")


def versions() -> dict[str, str]:
    """Versions as a mapping; a package that is not installed is left out."""
    found = {
        "nutgraf": _nutgraf.VERSION,
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "threads": str(_nutgraf.default_threads()),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


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
