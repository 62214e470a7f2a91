"""Optional libraries: imported on first use, with one sentence when they are missing."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

__all__ = ["installed", "require"]


def installed(library: str) -> bool:
    """Say whether a library can be imported, without importing it."""
    if library in sys.modules:
        return sys.modules[library] is not None
    return importlib.util.find_spec(library) is not None


def require(library: str, what: str, extra: str | None = None) -> Any:
    """Import an optional library.

    Parameters
    ----------
    library : str
        Name of the module.
    what : str
        What needs it, as the sentence names it: ``Counts.matrix``.
    extra : str, optional
        The extra of nutgraf that installs it; the library itself otherwise.

    Returns
    -------
    module
        The library.

    Raises
    ------
    ModuleNotFoundError
        It is not installed; the sentence says how to install it.
    """
    try:
        return importlib.import_module(library)
    except ModuleNotFoundError as error:
        top = library.partition(".")[0]
        if error.name is not None and error.name.partition(".")[0] != top:
            raise  # installed, but something that it needs is not
        wanted = f"'nutgraf[{extra}]'" if extra else top
        message = f"{what} needs {top}, which is not installed; run: pip install {wanted}"
        raise ModuleNotFoundError(message, name=top) from error
