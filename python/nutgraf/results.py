"""Results as tables: Arrow inside, HTML in notebooks, evidence behind every row.

Not a data-frame library: no joins and no grouping; hand a table over to the library you use.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping, Sequence
from operator import index
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from nutgraf import _cells, _html, _text
from nutgraf._extras import require
from nutgraf._html import Fragment
from nutgraf._nutgraf import ArrowTable
from nutgraf._parameters import flag, refuse, shown, whole
from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from nutgraf._cells import Column
    from nutgraf.audit import Audit

__all__ = ["Table"]

Evidence = Callable[[int], Fragment | str]

_TEXT_ROWS = 10
_TEXT_CELL = 28


class Table:
    """Named columns of one length.

    A table does not change: arrays are handed out read-only, lists and settings as copies. Sorting,
    filtering and taking the head make new tables, whose evidence follows its row.

    Parameters
    ----------
    columns : mapping of str to array or list
        1-D numpy arrays of numbers, or lists; a list of str stays a list. Both are copied.
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
        self._columns: dict[str, Column] = {}
        # The type of each column, which rows that happen to be missing or gone do not change.
        self._kinds: dict[str, str] = {}
        for key, values in columns.items():
            if not isinstance(key, str):
                raise _cells.refuse_name(key)
            self._columns[key], self._kinds[key] = _cells.column(key, values)
        lengths = {key: len(values) for key, values in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise InputError(f"The columns differ in length: {lengths}; give all of them one.")
        self._length = next(iter(lengths.values()), 0)
        self._settings = copy.deepcopy(dict(settings or {}))
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
        """The parameters, versions, seed and input behind these numbers, as a copy."""
        return copy.deepcopy(self._settings)

    def __len__(self) -> int:
        return self._length

    # Any, because an array or a list is known only by the name: mypy would refuse table["p"] < 1.
    def __getitem__(self, name: str) -> Any:
        values = self._values("name", name)
        return list(values) if isinstance(values, list) else values

    def _values(self, parameter: str, name: object) -> Column:
        """Return a column as it is kept; whoever asks must not change it."""
        if not isinstance(name, str):
            rule = "it must be the name of a column"
            remedy = "see table.columns, or take rows with head, filter or to_dicts"
            raise refuse(parameter, name, rule, remedy)
        if name not in self._columns:
            known = ", ".join(map(shown, self._columns)) or "no columns"
            raise ParameterError(
                f"There is no column {shown(name)} in this table; it has {known}.",
                parameter=parameter,
            )
        return self._columns[name]

    def head(self, n: int = 5) -> Self:
        """Return the first rows.

        Parameters
        ----------
        n : int
            How many, at most.
        """
        most = whole("n", n, low=0, remedy="pass 5 for the first five rows")
        return self._take(np.arange(min(most, len(self)), dtype=np.int64))

    def sort(self, by: str, descending: bool = False) -> Self:
        """Return the rows ordered by a column; equal rows keep their order, gaps come last.

        Parameters
        ----------
        by : str
            The column.
        descending : bool
            Whether the largest come first.

        Raises
        ------
        ParameterError
            There is no such column, or its values have no order.
        """
        values = self._values("by", by)
        backwards = flag("descending", descending)
        try:
            return self._take(_cells.order(values, backwards))
        except TypeError as error:
            rule = f"the values of that column have no order ({error})"
            raise refuse("by", by, rule, "sort by another column") from error

    def filter(self, mask: npt.ArrayLike) -> Self:
        """Return the rows where a mask holds.

        Parameters
        ----------
        mask : array of bool, shape (n_rows,)
            For instance ``table["p"] < 0.05``; a list, or a boolean column of pandas, polars or
            pyarrow. A missing value is refused.
        """
        flags = np.asarray(mask)
        if flags.shape == (0,):
            flags = flags.astype(bool)
        if flags.dtype != bool or flags.shape != (len(self),):
            raise ParameterError(
                f"mask has type {flags.dtype} and shape {flags.shape}, but it must be bool with "
                f"{len(self)} values, none of them missing; compare a column with a number to get "
                "one.",
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
        taken._freeze()
        return taken

    def _freeze(self) -> None:
        for values in self._columns.values():
            if not isinstance(values, list):
                values.setflags(write=False)

    def evidence(self, row: int) -> Fragment:
        """Return the spans behind a row, as highlighted text.

        Parameters
        ----------
        row : int
            The row of this table, counted from 0; a negative one counts from the end.

        Raises
        ------
        InputError
            This table keeps no evidence, or has no such row.
        ParameterError
            `row` is no whole number.
        """
        if self._evidence is None:
            raise InputError("This table keeps no evidence; its settings say how it was made.")
        if isinstance(row, bool | np.bool_) or not hasattr(row, "__index__"):
            raise refuse("row", row, "it must be a whole number", "pass 0 for the first row")
        number = index(row)
        if not -len(self) <= number < len(self):
            raise InputError(
                f"Row {number} does not exist: the table has {len(self)} rows, counted from 0.",
                row=number,
            )
        return Fragment.of(self._evidence(int(self._origin[number])))

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
        from nutgraf.audit import Audit

        most = whole("n", n, low=1, remedy="pass 50 to start")
        start = whole("seed", seed, low=0, remedy="pass 0, the usual choice")
        # Python's generator: its stream is fixed across versions and platforms.
        drawn = sorted(random.Random(start).sample(range(len(self)), min(most, len(self))))  # noqa: S311
        sample = self._take(np.asarray(drawn, dtype=np.int64))
        audit = Audit.__new__(Audit)
        audit.__dict__.update(sample.__dict__)
        audit._columns = {**sample._columns, "verdict": [None] * len(drawn)}
        audit._kinds = {**sample._kinds, "verdict": "bool"}
        audit._shown = [*(key for key in sample._shown if key != "verdict"), "verdict"]
        audit._settings = {**sample._settings, "audit": {"n": most, "seed": start, "of": len(self)}}
        return audit

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        if self._arrow is None:
            columns: dict[str, object] = {
                name: _cells.for_arrow(values, self._kinds[name])
                for name, values in self._columns.items()
            }
            self._arrow = ArrowTable(columns)
        return self._arrow.__arrow_c_stream__(requested_schema)

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``."""
        return require("polars", "Table.to_polars").DataFrame(self)

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``."""
        return require("pyarrow", "Table.to_arrow").table(self)

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``; pyarrow is not needed.

        Text has the type that pandas gives text; numbers and truth values with gaps have the
        nullable types ``Int64``, ``Float64`` and ``boolean``.
        """
        pd = require("pandas", "Table.to_pandas")
        types = {
            "str": pd.Series([""]).dtype,
            "int": "Int64",
            "float": "Float64",
            "bool": "boolean",
        }
        columns = {
            name: pd.Series(values, dtype=types.get(self._kinds[name], "object"))
            if isinstance(values, list)
            else values
            for name, values in self._columns.items()
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self)), copy=True)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dict per row, with plain Python values."""
        listed = map(_cells.plain, self._columns.values())
        return [dict(zip(self._columns, row, strict=True)) for row in zip(*listed, strict=True)]

    def to_native(self) -> Any:
        """Return the kind of table the input was; a list of dicts for lists.

        Raises
        ------
        ModuleNotFoundError
            That library is not installed here; `to_dicts` needs none.
        """
        ways = {
            "polars": (self.to_polars, "polars"),
            "pandas": (self.to_pandas, "pandas"),
            "pyarrow": (self.to_arrow, "pyarrow"),
            "duckdb": (self.to_arrow, "pyarrow"),
        }
        if self._native not in ways:
            return self.to_dicts()
        convert, library = ways[self._native]
        require(library, "Table.to_native (the input came from there; to_dicts() needs no library)")
        return convert()

    def _rows(self, limit: int) -> list[list[Any]]:
        listed = [_cells.plain(self._columns[name][:limit]) for name in self._shown]
        return [list(row) for row in zip(*listed, strict=True)]

    def __repr__(self) -> str:
        rows = self._rows(_TEXT_ROWS)
        cells = [[_text.cut(name, _TEXT_CELL) for name in self._shown]]
        cells += [[_text.cut(_html.cell(value), _TEXT_CELL) for value in row] for row in rows]
        lines = _text.aligned(cells, _html.numeric(rows, len(self._shown)))
        more = len(self) - len(rows)
        if more > 0:
            lines.append(f"… {more:,} more row{'s' if more > 1 else ''}")
        if not rows:
            lines.append("(no rows)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return _html.table(self._shown, self._rows(_html.ROWS), caption=self._name, total=len(self))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_arrow": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        # Arrays come out of a pickle or a deep copy with leave to write.
        self._freeze()
