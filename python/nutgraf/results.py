"""Results as tables: Arrow inside, HTML in notebooks, evidence behind every row.

Not a data-frame library: no joins and no grouping; hand a table over to the library you use.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nutgraf import _html
from nutgraf._html import Fragment
from nutgraf._nutgraf import ArrowTable
from nutgraf.exceptions import InputError, ParameterError

__all__ = ["Audit", "Table"]

Column = npt.NDArray[Any] | list[Any]
Evidence = Callable[[int], Fragment | str]

_TEXT_ROWS = 10
_TEXT_CELL = 28
_TEXT_LINE = 120
_Z = 1.959963984540054  # the normal quantile of a 95 % interval


class Table:
    """Named columns of one length.

    Parameters
    ----------
    columns : mapping of str to array or list
        1-D numpy arrays of numbers, or lists; a list of str stays a list.
    settings : mapping, optional
        Everything that led to these numbers.
    evidence : callable, optional
        Gives the spans behind a row, as text or `Fragment`. A function of a module (or a
        ``functools.partial`` of one) lets the table be pickled.
    shown : sequence of str, optional
        The columns that are displayed; all of them otherwise.
    native : str, optional
        The library the input came from, for `to_native`.
    name : str, optional
        What the table holds, for its caption.

    Examples
    --------
    >>> from nutgraf.results import Table
    >>> table = Table({"term": ["peace", "war"], "count": [3, 12]})
    >>> table.sort("count", descending=True)
    term   count
    war       12
    peace      3
    >>> table["term"]
    ['peace', 'war']
    """

    def __init__(
        self,
        columns: Mapping[str, npt.ArrayLike | Sequence[Any]],
        *,
        settings: Mapping[str, Any] | None = None,
        evidence: Evidence | None = None,
        shown: Sequence[str] | None = None,
        native: str | None = None,
        name: str = "",
    ) -> None:
        self._columns = {key: _column(key, values) for key, values in columns.items()}
        lengths = {key: len(values) for key, values in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise InputError(f"The columns differ in length: {lengths}.")
        self._length = next(iter(lengths.values()), 0)
        self._settings = dict(settings or {})
        self._evidence = evidence
        self._shown = [key for key in shown or self._columns if key in self._columns]
        self._native = native
        self._name = name
        # Rows of the first table, which is what evidence is asked about after sort and filter.
        self._origin: npt.NDArray[np.int64] = np.arange(self._length, dtype=np.int64)
        self._arrow: ArrowTable | None = None

    @property
    def columns(self) -> list[str]:
        """The names of all columns."""
        return list(self._columns)

    @property
    def settings(self) -> dict[str, Any]:
        """The parameters, versions, seed and input behind these numbers."""
        return dict(self._settings)

    def __len__(self) -> int:
        return self._length

    # Any, because an array or a list is known only by the name: mypy would refuse table["p"] < 1.
    def __getitem__(self, name: str) -> Any:
        if name not in self._columns:
            raise ParameterError(
                f"There is no column {name!r} in this table; it has {', '.join(self._columns)}.",
                parameter="name",
            )
        return self._columns[name]

    def head(self, n: int = 5) -> Self:
        """Return the first rows.

        Parameters
        ----------
        n : int
            How many, at most.
        """
        return self._take(np.arange(min(max(n, 0), len(self)), dtype=np.int64))

    def sort(self, by: str, descending: bool = False) -> Self:
        """Return the rows ordered by a column; equal rows keep their order, gaps come last.

        Parameters
        ----------
        by : str
            The column.
        descending : bool
            Whether the largest come first.
        """
        values = self[by]
        listed = values if isinstance(values, list) else values.tolist()
        full = [row for row, value in enumerate(listed) if not _is_gap(value)]
        gaps = [row for row, value in enumerate(listed) if _is_gap(value)]
        full.sort(key=listed.__getitem__, reverse=descending)
        return self._take(np.asarray(full + gaps, dtype=np.int64))

    def filter(self, mask: npt.ArrayLike) -> Self:
        """Return the rows where a mask holds.

        Parameters
        ----------
        mask : array of bool, shape (n_rows,)
            For instance ``table["p"] < 0.05``.
        """
        flags = np.asarray(mask)
        if flags.dtype != bool or flags.shape != (len(self),):
            raise ParameterError(
                f"mask has type {flags.dtype} and shape {flags.shape}, but it must be bool with "
                f"{len(self)} values; compare a column with a number to get one.",
                parameter="mask",
            )
        return self._take(np.flatnonzero(flags).astype(np.int64))

    def _take(self, rows: npt.NDArray[np.int64]) -> Self:
        taken = self.__class__.__new__(self.__class__)
        taken.__dict__.update(self.__dict__)
        listed = rows.tolist()
        taken._columns = {
            name: [values[row] for row in listed] if isinstance(values, list) else values[rows]
            for name, values in self._columns.items()
        }
        taken._length = len(listed)
        taken._origin = self._origin[rows]
        taken._arrow = None
        return taken

    def evidence(self, row: int) -> Fragment:
        """Return the spans behind a row, as highlighted text.

        Parameters
        ----------
        row : int
            The row of this table, counted from 0.

        Raises
        ------
        InputError
            This table keeps no evidence, or has no such row.
        """
        if self._evidence is None:
            raise InputError("This table keeps no evidence; its settings say how it was made.")
        if not -len(self) <= row < len(self):
            raise InputError(f"Row {row} does not exist: the table has {len(self)} rows.", row=row)
        return Fragment.of(self._evidence(int(self._origin[row])))

    def audit(self, n: int = 50, seed: int = 0) -> Audit:
        """Return a random sample of rows to judge by hand.

        Parameters
        ----------
        n : int
            How many rows; all of them when there are fewer.
        seed : int
            The same seed draws the same rows.

        Returns
        -------
        Audit
            The rows in their order, with an empty column ``verdict``.
        """
        # Python's generator: its stream is fixed across versions and platforms.
        drawn = sorted(random.Random(seed).sample(range(len(self)), min(n, len(self))))  # noqa: S311
        sample = self._take(np.asarray(drawn, dtype=np.int64))
        audit = Audit.__new__(Audit)
        audit.__dict__.update(sample.__dict__)
        audit._columns = {**sample._columns, "verdict": [None] * len(drawn)}
        audit._shown = [*sample._shown, "verdict"]
        audit._settings = {**sample._settings, "audit": {"n": n, "seed": seed, "of": len(self)}}
        return audit

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        if self._arrow is None:
            columns: dict[str, object] = {
                name: _arrow_column(values) for name, values in self._columns.items()
            }
            self._arrow = ArrowTable(columns)
        return self._arrow.__arrow_c_stream__(requested_schema)

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``."""
        import polars as pl

        return pl.DataFrame(self)

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``."""
        import pyarrow as pa

        return pa.table(self)

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``; pyarrow is not needed."""
        import pandas as pd

        return pd.DataFrame(self._columns)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict per row, with plain Python values."""
        listed = [
            values if isinstance(values, list) else values.tolist()
            for values in self._columns.values()
        ]
        return [dict(zip(self._columns, row, strict=True)) for row in zip(*listed, strict=True)]

    def to_native(self) -> Any:
        """Return the kind of table the input was; a list of dicts for lists."""
        if self._native == "polars":
            return self.to_polars()
        if self._native == "pandas":
            return self.to_pandas()
        if self._native in {"pyarrow", "duckdb"}:
            return self.to_arrow()
        return self.to_dicts()

    def _rows(self, limit: int) -> list[list[Any]]:
        columns = [self._columns[name][:limit] for name in self._shown]
        listed = [values if isinstance(values, list) else values.tolist() for values in columns]
        return [list(row) for row in zip(*listed, strict=True)]

    def __repr__(self) -> str:
        rows = self._rows(_TEXT_ROWS)
        cells = [self._shown] + [
            [_html.cut(_html.cell(value), _TEXT_CELL) for value in row] for row in rows
        ]
        lines = _aligned(cells, [any(map(_html.is_number, column)) for column in zip(*rows)])  # noqa: B905
        more = len(self) - len(rows)
        if more > 0:
            lines.append(f"… {more:,} more rows")
        if not rows:
            lines.append("(no rows)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return _html.table(self._shown, self._rows(_html.ROWS), caption=self._name, total=len(self))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_arrow": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


class Audit(Table):
    """A sample of rows with a column ``verdict`` to fill in.

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
        """
        given = list(verdicts)
        if len(given) != len(self):
            raise ParameterError(
                f"verdicts has {len(given)} values, but the sample has {len(self)} rows; give one "
                "per row, None where you cannot tell.",
                parameter="verdicts",
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


def _column(name: str, values: object) -> Column:
    """Return an array for numbers, a list for everything else."""
    if isinstance(values, np.ndarray):
        if values.ndim != 1:
            raise InputError(f"Column {name!r} has {values.ndim} dimensions; give it one.")
        return values if values.dtype.kind in "fiub" else list(values.tolist())
    listed = list(values) if isinstance(values, Iterable) else [values]
    kinds = {type(value) for value in listed}
    if kinds and kinds <= {int, float}:
        return np.asarray(listed, dtype=np.int64 if kinds == {int} else np.float64)
    return np.asarray(listed, dtype=bool) if kinds == {bool} else listed


def _arrow_column(values: Column) -> object:
    """Return a column as the extension takes it, in the widths that every reader has."""
    if isinstance(values, list):
        return values
    if values.dtype in (np.float64, np.int64, np.uint32, np.bool_):
        return values
    if values.dtype == np.uint64 and values.size and values.max() > np.iinfo(np.int64).max:
        raise InputError("A column holds integers beyond 2**63 - 1; hand them over as str.")
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64)


def _is_gap(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _aligned(cells: list[list[str]], right: list[bool]) -> list[str]:
    """Return lines of cells under each other, without the columns that do not fit."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    fitting, used = 0, 0
    for width in widths:
        used += width + 2
        if used > _TEXT_LINE and fitting:
            break
        fitting += 1
    lines = [
        "  ".join(
            text.rjust(width) if numeric else text.ljust(width)
            for text, width, numeric in list(
                zip(row, widths, right or [False] * len(row), strict=True)
            )[:fitting]
        ).rstrip()
        for row in cells
    ]
    if fitting < len(widths):
        lines[0] += f"  (+ {len(widths) - fitting} columns)"
    return lines
