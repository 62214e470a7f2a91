"""A sample of rows to judge by hand, and what the verdicts say about the rest."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nutgraf._parameters import refuse, shown
from nutgraf.exceptions import ParameterError
from nutgraf.results import Table

__all__ = ["Audit"]

_Z = 1.959963984540054  # the normal quantile of a 95 % interval


class Audit(Table):
    """A sample of rows with a column ``verdict`` to fill in; made by `Table.audit`.

    Examples
    --------
    >>> from nutgraf.results import Table
    >>> audit = Table({"n": list(range(100))}).audit(n=20)
    >>> share, low, high = audit.precision([True] * 18 + [False] * 2)
    >>> f"{share:.2f} ({low:.2f} to {high:.2f})"
    '0.90 (0.70 to 0.97)'
    """

    def precision(self, verdicts: Iterable[bool | None]) -> tuple[float, float, float]:
        """Return the share of right rows with its 95 % Wilson interval.

        Parameters
        ----------
        verdicts : iterable of bool or None
            One verdict per row of the sample; ``None`` leaves a row out.

        Returns
        -------
        tuple of float
            The share, and the lower and upper end; NaN when no row was judged.

        Raises
        ------
        ParameterError
            If there is not one verdict a row, or one is neither True, False nor None.
        """
        if isinstance(verdicts, str | bytes) or not isinstance(verdicts, Iterable):
            rule = "it must be a sequence of True, False and None"
            raise refuse("verdicts", verdicts, rule, "give one verdict per row")
        # Any value may come, whatever the signature says.
        given: list[object] = list(verdicts)
        if len(given) != len(self):
            raise ParameterError(
                f"verdicts has {len(given)} values, but the sample has {len(self)} rows; give one "
                "per row, None where you cannot tell.",
                parameter="verdicts",
            )
        for row, verdict in enumerate(given):
            # "no" and 0.0 would count as verdicts if only their truth were asked for.
            if verdict is not None and not isinstance(verdict, bool | np.bool_):
                raise ParameterError(
                    f"verdicts holds {shown(verdict)} in row {row}, but a verdict must be True, "
                    "False or None; turn your notes into these three.",
                    parameter="verdicts",
                    row=row,
                )
        judged = [bool(verdict) for verdict in given if verdict is not None]
        return _wilson(sum(judged), len(judged))


def _wilson(right: int, judged: int) -> tuple[float, float, float]:
    if judged == 0:
        return math.nan, math.nan, math.nan
    share = right / judged
    scale = 1 + _Z**2 / judged
    middle = (share + _Z**2 / (2 * judged)) / scale
    half = _Z / scale * math.sqrt(share * (1 - share) / judged + _Z**2 / (4 * judged**2))
    return share, max(0.0, middle - half), min(1.0, middle + half)
