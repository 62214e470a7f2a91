"""Dates, ids, sources and titles from every library, and the sentences when they cannot be read."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import nutgraf as ng
from nutgraf.exceptions import InputError

pa: Any = pytest.importorskip("pyarrow")
pl: Any = pytest.importorskip("polars")
pd: Any = pytest.importorskip("pandas")

DAYS = ["2031-03-03", None, "2031-03-04"]
TIMES = ["2031-03-03T05:06:07", None, "2031-07-04T00:00:00"]
ZONED = ["2031-03-03T05:06:07+01:00", None, "2031-07-04T00:00:00+02:00"]
FINER = ["2031-03-03T05:06:07.123456", None, "2031-07-04T00:00:00"]

BERLIN = ZoneInfo("Europe/Berlin")
NAIVE = [dt.datetime(2031, 3, 3, 5, 6, 7), None, dt.datetime(2031, 7, 4)]  # noqa: DTZ001 - users hand in naive times
MIDNIGHTS = [dt.datetime(2031, 3, 3), None, dt.datetime(2031, 3, 4)]  # noqa: DTZ001 - as above
AWARE = [None if time is None else time.replace(tzinfo=BERLIN) for time in NAIVE]
DATES = [dt.date(2031, 3, 3), None, dt.date(2031, 3, 4)]
NANOS = np.array(["2031-03-03T05:06:07.123456789", "NaT", "2031-07-04"], "datetime64[ns]")

Rows = list[tuple[str, Any, list[str | None]]]


def units() -> Rows:
    """Return timestamps of every unit and every library."""
    rows: Rows = []
    for unit in ("s", "ms", "us", "ns"):
        zone = pa.timestamp(unit, "Europe/Berlin")
        rows += [
            (f"arrow {unit}", pa.array(NAIVE, pa.timestamp(unit)), TIMES),
            (f"arrow {unit} of days", pa.array(MIDNIGHTS, pa.timestamp(unit)), DAYS),
            (f"arrow {unit} with zone", pa.array(AWARE, zone), ZONED),
            (f"arrow {unit} chunked", pa.chunked_array([pa.array(AWARE, zone)]), ZONED),
            (f"pandas {unit}", pd.Series(NAIVE, dtype=f"datetime64[{unit}]"), TIMES),
            (
                f"pandas {unit} with zone",
                pd.Series(AWARE, dtype=pd.DatetimeTZDtype(unit, BERLIN)),
                ZONED,
            ),
            (
                f"pandas of arrow {unit}",
                pd.Series(NAIVE, dtype=pd.ArrowDtype(pa.timestamp(unit))),
                TIMES,
            ),
            (f"numpy {unit}", np.array(NAIVE, f"datetime64[{unit}]"), TIMES),
        ]
    for unit in ("ms", "us", "ns"):
        kind = pl.Datetime(unit)
        rows += [
            (f"polars {unit}", pl.Series(NAIVE, dtype=kind), TIMES),
            (f"polars {unit} of days", pl.Series(MIDNIGHTS, dtype=kind), DAYS),
            (
                f"polars {unit} with zone",
                pl.Series(NAIVE, dtype=kind).dt.replace_time_zone("Europe/Berlin"),
                ZONED,
            ),
        ]
    return rows


DATED: Rows = [
    *units(),
    ("arrow date32", pa.array(DATES, pa.date32()), DAYS),
    ("arrow date64", pa.array(DATES, pa.date64()), DAYS),
    ("arrow strings", pa.array(DAYS), DAYS),
    ("arrow nanoseconds", pa.array(NANOS), FINER),
    ("polars date", pl.Series(DATES), DAYS),
    ("polars nanoseconds", pl.Series(NANOS), FINER),
    ("pandas nanoseconds", pd.Series(NANOS), FINER),
    ("numpy nanoseconds", NANOS, FINER),
    ("list of numpy nanoseconds", list(NANOS), FINER),
    ("pandas dates as objects", pd.Series(DATES, dtype=object), DAYS),
    (
        "pandas timestamps and NaT",
        [pd.Timestamp("2031-03-03"), pd.NaT, pd.Timestamp("2031-03-04")],
        DAYS,
    ),
    ("pandas timestamps with zone", [None if t is None else pd.Timestamp(t) for t in AWARE], ZONED),
    ("pandas strings and NA", pd.Series(DAYS, dtype="string"), DAYS),
    ("pandas category", pd.Series(DAYS, dtype="category"), DAYS),
    ("numpy days", np.array(DATES, "datetime64[D]"), DAYS),
    (
        "numpy hours",
        np.array(["2031-03-03T05", "NaT"], "datetime64[h]"),
        ["2031-03-03T05:00:00", None],
    ),
    ("numpy minutes of days", np.array(["2031-03-03T00:00"], "datetime64[m]"), ["2031-03-03"]),
    ("numpy weeks", np.array(["2031-03-06"], "datetime64[W]"), ["2031-03-06"]),
    ("numpy months", np.array(["2031-03", "NaT"], "datetime64[M]"), ["2031-03", None]),
    ("numpy years", np.array(["2031", "NaT"], "datetime64[Y]"), ["2031", None]),
    ("numpy strings", np.array(["2031-03-03", ""]), ["2031-03-03", None]),
    ("dates", DATES, DAYS),
    ("datetimes", NAIVE, TIMES),
    ("datetimes with zone", AWARE, ZONED),
    ("days and times", [dt.date(2031, 3, 3), AWARE[0]], ["2031-03-03", ZONED[0]]),
    ("midnight in a zone", [dt.datetime(2031, 3, 3, tzinfo=BERLIN)], ["2031-03-03T00:00:00+01:00"]),
    ("years", ["1815", " 1815 ", ""], ["1815", "1815", None]),
    ("months", ["1815-11", None], ["1815-11", None]),
    ("UTC", ["2031-03-03T05:00Z"], ["2031-03-03T05:00:00+00:00"]),
    ("basic form", ["20310303", "20310303T0500"], ["2031-03-03", "2031-03-03T05:00:00"]),
    ("with a space", ["2031-03-03 05:00"], ["2031-03-03T05:00:00"]),
    ("weeks", ["2031-W10-1"], ["2031-03-03"]),
    ("before 1000", [dt.date(815, 1, 2), "0815-01-02"], ["0815-01-02", "0815-01-02"]),
    ("nothing", [None, float("nan"), pd.NaT, pd.NA, "", "  ", np.datetime64("NaT")], [None] * 7),
    ("nothing of arrow", pa.nulls(2), [None, None]),
    ("generator", (day for day in DAYS), DAYS),
]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [pytest.param(dates, expected, id=name) for name, dates, expected in DATED],
)
def test_the_same_instant_is_the_same_string(dates: Any, expected: list[str | None]) -> None:
    """Days stay days, zones become offsets, what is finer than a microsecond is cut off."""
    texts = ["x"] * len(expected)
    if not hasattr(dates, "__next__"):
        assert ng.Corpus({"text": texts, "date": dates}).dates == expected
    assert ng.Corpus(texts, date=dates).dates == expected


@pytest.mark.parametrize(
    "date",
    [
        "March 3",
        "2031-13",
        "2031-02-30",
        "0000",
        "0000-01-01",
        "31",
        "10000-01-01",
        "3/3/2031",
        "2031-03-03T25:00",
        "٢٠٣١",
        2031,
        20310303,
        1930348800.5,
        np.int64(2031),
        True,
        b"2031-03-03",
        dt.time(5),
        dt.timedelta(1),
        pd.Period("2031-03"),
        ("2031", "03"),
    ],
    ids=repr,
)
def test_what_is_no_date_is_named_by_its_row(date: object) -> None:
    """Nothing is guessed, numbers least of all."""
    with pytest.raises(
        InputError, match=r"^The date of row 1 is .*, which is no ISO date; "
    ) as caught:
        ng.Corpus(["a", "b"], date=[None, date])
    assert (caught.value.row, caught.value.parameter) == (1, "date")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "make",
    [list, np.array, pd.Series, pl.Series, pa.array],
    ids=["list", "numpy", "pd", "pl", "pa"],
)
def test_numbers_of_any_library_are_no_dates(make: Any) -> None:
    """A column of whole numbers may be years, seconds or days: who knows."""
    with pytest.raises(InputError, match="a number is no date: a year is str") as caught:
        ng.Corpus({"text": ["a", "b"], "date": make([1815, 1816])})
    assert caught.value.row == 0


INDEXES = {
    "rows": [0, 1, 2],
    "reversed": [2, 1, 0],
    "strings": ["x", "y", "z"],
    "duplicates": [5, 5, 5],
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES.keys())
def test_labels_go_by_place_whatever_their_index(index: list[Any]) -> None:
    """A Series that is passed as labels is not aligned with anything."""
    frame = pd.DataFrame({"body": ["a", "b", "c"]}, index=[7, 8, 9])
    labels = pd.Series(["p", "q", "r"], index=index)
    corpus = ng.Corpus(frame, text="body", id=labels, source=labels, title=labels)
    for part in ("id", "source", "title"):
        assert corpus.column(part) == ["p", "q", "r"]


@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        iter,
        lambda values: (value for value in values),
        lambda values: dict.fromkeys(values).keys(),
        np.array,
        pd.Series,
        pd.Index,
        pl.Series,
        pa.array,
        lambda values: pa.chunked_array([values[:1], values[1:]]),
    ],
)
@pytest.mark.parametrize("ids", [["p", "q", "r"], [7, 8, -9], [2**63 - 1, 0, -(2**63)]])
def test_labels_of_every_kind(make: Any, ids: list[Any]) -> None:
    """Ids are plain str or int whatever they were; numbers as sources become str."""
    corpus = ng.Corpus(["a", "b", "c"], id=make(ids), source=make(ids))
    assert corpus.ids == ids
    assert {type(own) for own in corpus.ids} == {type(ids[0])}
    assert corpus.sources == list(map(str, ids))
    assert corpus.by_id(ids[1]).text == "b"


@pytest.mark.parametrize(
    ("ids", "words", "row"),
    [
        (pd.Series([1, None, 3]), "'int64'", 0),
        (pd.Series(["a", None, "b"]), "The id of row 1 is missing", 1),
        (pd.Series(["a", pd.NA, "b"], dtype="string"), "The id of row 1 is missing", 1),
        (pl.Series([1, None, 3]), "The id of row 1 is missing", 1),
        (pa.array(["a", "b", ""]), "The id of row 2 is empty", 2),
        (np.array([2**64 - 1, 1, 2], dtype=np.uint64), "beyond 64 bits", 0),
        (np.array(["a", "b", "a"]), "'a' names row 0 and row 2", 2),
        ([1, True, 2], "str or int", 1),
        ([b"a", b"b", b"c"], "decode it first", 0),
        (["a", 1, "b"], "make all ids str or all int", 1),
    ],
)
def test_ids_that_are_none(ids: Any, words: str, row: int) -> None:
    """Missing, empty, double, mixed or of another type: the row is named."""
    texts = ["x", "y", "z"]
    for data, passed in ((texts, ids), ({"text": texts, "id": ids}, None)):
        with pytest.raises(InputError) as caught:
            ng.Corpus(data, id=passed)
        assert words in str(caught.value)
        assert (caught.value.row, caught.value.parameter) == (row, "id")


@pytest.mark.parametrize("labels", [["a"], ["a", "b", "c"], [], iter(["a"]), pd.Series(["a"])])
def test_labels_of_another_length(labels: Any) -> None:
    """Both lengths stand in the sentence."""
    with pytest.raises(InputError, match=r"^source has \d values for 2 documents"):
        ng.Corpus(["x", "y"], source=labels)


def doubled() -> dict[str, Any]:
    """Return frames in which two columns have one name."""
    arrow = pa.table([["a"], ["b"]], names=["text", "text"])
    frame = pd.DataFrame([["a", "b"]], columns=["text", "text"])
    return {
        "pandas": frame,
        "pandas, another column": pd.DataFrame([["a", 1, 2]], columns=["text", "n", "n"]),
        "pandas, 1 and '1'": pd.DataFrame([["a", 1, 2]], columns=["text", 1, "1"]),
        "dict, 1 and '1'": {"text": ["a"], 1: ["x"], "1": ["y"]},
        "pyarrow": arrow,
        "reader": arrow.to_reader(),
        "batch": arrow.to_batches()[0],
    }


@pytest.mark.parametrize("name", doubled())
def test_columns_of_one_name_are_refused(name: str) -> None:
    """Which of them is meant cannot be known; the sentence names both places."""
    with pytest.raises(
        InputError, match=r"^Two columns are named '(text|n|1)' \(columns \d and \d"
    ):
        ng.Corpus(doubled()[name])
