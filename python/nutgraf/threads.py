"""How many threads calls use when they do not say."""

from __future__ import annotations

from nutgraf import _nutgraf, _parameters

__all__ = ["set_threads"]


def set_threads(threads: int | None = None) -> None:
    """Set how many threads every call uses unless told otherwise.

    Results do not depend on it. Without it calls use ``NUTGRAF_NUM_THREADS`` where that is set,
    else the processors that this process may run on.

    Parameters
    ----------
    threads : int or None
        1 to 1,024; ``None`` goes back to the default.

    Raises
    ------
    ParameterError
        `threads` is something else.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.set_threads(2)
    >>> ng.set_threads(None)
    """
    _nutgraf.set_threads(_parameters.threads(threads))
