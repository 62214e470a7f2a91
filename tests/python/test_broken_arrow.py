"""Arrow data that breaks the rules: one sentence each, and never a crash.

What could crash runs in another process, which reports case by case; whatever stands after the last
report is what crashed. That a text ends inside its buffer cannot be known over the C interface: the
producer is trusted for the last offset.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf._nutgraf import arrow_names, texts_from_arrow
from nutgraf.exceptions import InputError, TextTypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pa: Any = pytest.importorskip("pyarrow")

LONG = "ten bytes, and ten more"
BAD = b"ab\xff\xfe"


def strings(offsets: list[int], data: bytes, kind: Any = None, valid: int | None = None) -> Any:
    """Return an array with these offsets, right or wrong; ``valid`` has a bit a row."""
    kind = kind or pa.string()
    held = np.zeros(len(offsets), "<i8" if kind == pa.large_string() else "<i4")
    bits = None if valid is None else pa.py_buffer(bytes([valid]))
    buffers = [bits, pa.py_buffer(held), pa.py_buffer(data)]
    array = pa.Array.from_buffers(kind, len(offsets) - 1, buffers)
    # Afterwards: pyarrow looks at some of them when it makes an array.
    held[:] = offsets
    return array


def inline(text: bytes) -> bytes:
    """Return a view that holds its text."""
    return struct.pack("<i12s", len(text), text)


def view(length: int, start: bytes, buffer: int, at: int) -> bytes:
    """Return a view that points to its text."""
    return struct.pack("<i4sii", length, start, buffer, at)


def views(*each: bytes, data: bytes = LONG.encode()) -> Any:
    """Return an array of these views, right or wrong."""
    buffers = [None, pa.py_buffer(b"".join(each)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string_view(), len(each), buffers)


def keyed(keys: list[int | None], values: Any, kind: Any = None) -> Any:
    """Return an array of keys into a dictionary, in range or not."""
    return pa.DictionaryArray.from_arrays(pa.array(keys, kind or pa.int32()), values, safe=False)


FINE, SIZE = inline(b"fine"), len(LONG)
CUT = "é".encode()

# What is broken, the row it is in (None where it is in no row), words of the sentence.
Case = tuple["Callable[[], Any]", int | None, str]
BROKEN: dict[str, Case] = {
    "bytes that are not UTF-8": (lambda: strings([0, 2, 4], BAD), 1, "UTF-8"),
    "large, not UTF-8": (lambda: strings([0, 2, 4], BAD, pa.large_string()), 1, "UTF-8"),
    "a character cut by two rows": (lambda: strings([0, 1, 2], CUT), 0, "UTF-8"),
    "the last character cut": (lambda: strings([0, 2, 3], b"abc\xc3"[:2] + CUT[:1]), 1, "UTF-8"),
    "an encoded surrogate": (lambda: strings([0, 3], b"\xed\xa0\x80"), 0, "UTF-8"),
    "an overlong NUL": (lambda: strings([0, 1, 3], b"a\xc0\x80"), 1, "UTF-8"),
    "offsets that fall": (lambda: strings([0, 4, 2, 4], b"abcd"), 1, "offsets"),
    "offsets beyond the last": (lambda: strings([0, 99, 99, 4], b"abcd"), 0, "offsets"),
    "a negative offset": (lambda: strings([0, -3, 4], b"abcd"), 0, "offsets"),
    "a negative first offset": (lambda: strings([-1, 2, 4], b"abcd"), 0, "offsets"),
    "a last offset of nonsense": (lambda: strings([0, 2, -4], b"abcd"), None, "negative length"),
    "large offsets that fall": (
        lambda: strings([0, 4, 2, 4], b"abcd", pa.large_string()),
        1,
        "offsets",
    ),
    "large offsets out of range": (
        lambda: strings([0, 2**62, 4], b"abcd", pa.large_string()),
        0,
        "offsets",
    ),
    "a large last offset of nonsense": (
        lambda: strings([0, 2, -(2**63)], b"abcd", pa.large_string()),
        None,
        "negative length",
    ),
    "a view that is not UTF-8": (lambda: views(FINE, inline(b"\xff")), 1, "UTF-8"),
    "a long view that is not UTF-8": (
        lambda: views(FINE, view(20, b"\xffabc", 0, 0), data=b"\xffabc" * 5),
        1,
        "UTF-8",
    ),
    "a view into no buffer": (lambda: views(FINE, view(SIZE, b"ten ", 7, 0)), 1, "view"),
    "a view into a negative buffer": (lambda: views(view(SIZE, b"ten ", -1, 0)), 0, "view"),
    "a view beyond its buffer": (lambda: views(FINE, view(SIZE, b"ten ", 0, 4)), 1, "view"),
    "a view from a negative place": (lambda: views(FINE, view(SIZE, b"ten ", 0, -4)), 1, "view"),
    "a view of negative length": (lambda: views(FINE, view(-5, b"ten ", 0, 0)), 1, "view"),
    "a view of too great a length": (lambda: views(view(2**31 - 1, b"ten ", 0, 0)), 0, "view"),
    "a view with another start": (lambda: views(FINE, view(SIZE, b"else", 0, 0)), 1, "view"),
    "a key beyond the dictionary": (lambda: keyed([0, 2], pa.array(["a", "b"])), 1, "key"),
    "a negative key": (lambda: keyed([1, -1], pa.array(["a", "b"])), 1, "key"),
    "a small negative key": (lambda: keyed([1, -1], pa.array(["a", "b"]), pa.int8()), 1, "key"),
    "a key of nonsense": (lambda: keyed([0, 2**62], pa.array(["a"]), pa.int64()), 1, "key"),
    "a key into nothing": (lambda: keyed([None, 0], pa.array([], pa.string())), 1, "key"),
    "a value that is not UTF-8": (
        lambda: keyed([0, 0, 1], strings([0, 2, 4], BAD)),
        2,
        "UTF-8",
    ),
    "an unused value that is not UTF-8": (
        lambda: keyed([0, 0], strings([0, 2, 4], BAD)),
        None,
        "value 1 of its dictionary",
    ),
    "a dictionary with offsets that fall": (
        lambda: keyed([0, 1], strings([0, 4, 2], b"abcd")),
        0,
        "offsets",
    ),
    "a dictionary of broken views": (
        lambda: keyed([1, 0], views(FINE, view(SIZE, b"ten ", 7, 0))),
        0,
        "view",
    ),
}

WAYS: dict[str, Callable[[Any], Any]] = {
    "array": ng.Corpus,
    "second chunk": lambda array: ng.Corpus(pa.chunked_array([array[:0], array, array])),
    "table": lambda array: ng.Corpus(pa.table({"text": array, "n": range(len(array))})),
    "stream": lambda array: texts_from_arrow(pa.table({"text": array})),
    "batch": lambda array: texts_from_arrow(pa.RecordBatch.from_pydict({"text": array})),
    "kept as empty": lambda array: ng.Corpus(array, missing="skip"),
    "function": ng.tokenize,
}


# pyarrow makes no table of them.
UNMADE = {"a negative first offset", "a last offset of nonsense", "a large last offset of nonsense"}
ROWS = [
    (name, way)
    for name in BROKEN
    for way in WAYS
    if not (name in UNMADE and way in {"table", "stream", "batch"})
]


def told(name: str, way: str) -> dict[str, Any]:
    """Return what a broken array said."""
    make, _, _ = BROKEN[name]
    try:
        made = WAYS[way](make())
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        kind, row = type(error).__name__, getattr(error, "row", None)
        return {"error": kind, "row": row, "sentence": str(error)}
    return {"error": None, "row": None, "sentence": repr(made)}


def report() -> None:
    """Print a line of JSON for every broken array in every way."""
    for name, way in ROWS:
        sys.stdout.write(json.dumps([name, way, told(name, way)]) + "\n")
        sys.stdout.flush()


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, str], dict[str, Any]]:
    """Return what every broken array said, in another process."""
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {(name, way): line for name, way, line in lines}
    assert done.returncode == 0, f"{done.returncode} after {list(found)[-1:]}: {done.stderr[-800:]}"
    return found


def assert_one_sentence(sentence: str) -> None:
    """Check that a message is one sentence of bearable length."""
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(("name", "way"), ROWS)
def test_broken_arrays_are_refused(
    name: str, way: str, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """The error is an InputError that names the row, counted from the start of the column."""
    _, row, words = BROKEN[name]
    found = reports[name, way]
    assert found["error"] == "InputError", found
    assert words in found["sentence"]
    assert found["row"] == row, found
    assert_one_sentence(found["sentence"])


def test_broken_rows_count_from_the_first_chunk() -> None:
    """Rows of chunks before are counted, those without rows too."""
    good, bad = pa.array(["a", None, "c"]), strings([0, 2, 4], BAD)
    with pytest.raises(InputError, match=r"^Row 4 of the Arrow data cannot be read") as caught:
        ng.Corpus(pa.chunked_array([good, good[:0], bad]), missing="skip")
    assert caught.value.row == 4


def test_what_lies_under_a_gap_or_outside_a_slice_is_not_read() -> None:
    """Values under a missing row, and rows that a slice cuts away, may be anything."""
    assert ng.Corpus(strings([0, 2, 4], BAD, valid=0b01), missing="skip").texts == ["ab", ""]
    assert ng.Corpus(strings([0, 2, 4], BAD)[:1]).texts == ["ab"]
    assert ng.Corpus(views(FINE, inline(b"\xff"))[:1]).texts == ["fine"]
    assert ng.Corpus(keyed([0, 9], pa.array(["a"]))[:1]).texts == ["a"]


def test_a_dictionary_without_values() -> None:
    """Keys that are all missing point to nothing."""
    for values in (pa.array([], pa.string()), pa.array([], pa.string_view())):
        assert ng.Corpus(keyed([None, None], values), missing="skip").texts == ["", ""]
    pl = pytest.importorskip("polars")
    for kind in (pl.Categorical, pl.Enum([]), pl.Enum(["a"])):
        gaps = pl.Series([None, None], dtype=kind)
        assert ng.Corpus(gaps, missing="skip").texts == ["", ""]


# ---- types -------------------------------------------------------------------------------------

TYPES: dict[str, Any] = {
    "int": pa.array([1, 2]),
    "float": pa.array([1.5, 2.5]),
    "bool": pa.array([True, False]),
    "binary": pa.array([b"a", b"b"]),
    "large binary": pa.array([b"a", b"b"], pa.large_binary()),
    "binary view": pa.array([b"a", b"b"], pa.binary_view()),
    "fixed binary": pa.array([b"a", b"b"], pa.binary(1)),
    "list of strings": pa.array([["a"], ["b", "c"]]),
    "large list": pa.array([["a"]], pa.large_list(pa.string())),
    "fixed list": pa.array([["a"]], pa.list_(pa.string(), 1)),
    "map": pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string())),
    "date": pa.array([1, 2], pa.date32()),
    "timestamp": pa.array([1, 2], pa.timestamp("ns", "Europe/Berlin")),
    "duration": pa.array([1, 2], pa.duration("s")),
    "decimal": pa.array([1, 2], pa.decimal128(5, 2)),
    "dictionary of int": pa.array([1, 2]).dictionary_encode(),
    "dictionary of binary": pa.array([b"a", b"b"]).dictionary_encode(),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("missing", ["error", "skip"])
def test_columns_of_other_types_are_refused(kind: str, missing: Any) -> None:
    """Numbers, bytes and nested columns are no text, alone or in a table."""
    array = TYPES[kind]
    for data in (array, pa.chunked_array([array]), pa.table({"text": array}), {"text": array}):
        with pytest.raises(TextTypeError) as caught:
            ng.Corpus(data, missing=missing)
        assert_one_sentence(str(caught.value))
        if "binary" in kind:
            assert "decode it first" in str(caught.value)


def test_columns_of_structs_are_tables() -> None:
    """A column of records has the columns of a table; inside a table it is no text."""
    records = pa.array([{"text": "a", "id": "p"}, {"text": "b", "id": "q"}])
    assert ng.Corpus(records).ids == ["p", "q"]
    with pytest.raises(TextTypeError, match="Row 0 is dict"):
        ng.Corpus(pa.table({"text": records}))


def test_tables_of_no_and_of_many_columns() -> None:
    """One column of text is asked for, or named."""
    with pytest.raises(InputError, match=r"no such column \(columns: none\)"):
        ng.Corpus(pa.table({}))
    with pytest.raises(InputError, match=r"columns: 'a', 'b'"):
        ng.Corpus(pa.table({"a": ["x"], "b": ["y"]}))
    with pytest.raises(TextTypeError, match="has no columns"):
        texts_from_arrow(pa.table({}))
    with pytest.raises(TextTypeError, match=r"has 2 columns \(a, b\)"):
        texts_from_arrow(pa.table({"a": ["x"], "b": ["y"]}))


# ---- streams and capsules ----------------------------------------------------------------------


class Gives:
    """Hands out what it was told to, again and again."""

    def __init__(self, *, stream: Any = None, array: Any = None) -> None:
        if stream is not None:
            self.__arrow_c_stream__ = lambda requested_schema=None: stream  # noqa: ARG005
        if array is not None:
            self.__arrow_c_array__ = lambda requested_schema=None: array  # noqa: ARG005


def failing(batches: int) -> Any:
    """Return a reader that fails after so many batches."""
    batch = pa.RecordBatch.from_pydict({"text": ["a", "b"]})

    def produce() -> Iterator[Any]:
        yield from [batch] * batches
        message = "the disk is gone"
        raise ValueError(message)

    return pa.RecordBatchReader.from_batches(batch.schema, produce())


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_streams_that_fail_say_why(batches: int) -> None:
    """The words of the producer stand in the sentence."""
    for take in (ng.Corpus, texts_from_arrow, ng.tokenize):
        with pytest.raises(InputError, match="the disk is gone") as caught:
            take(failing(batches))
        assert_one_sentence(str(caught.value))
        assert "Traceback" not in str(caught.value)


def test_a_stream_is_read_once() -> None:
    """A capsule that was read has nothing left, which is not the same as no rows."""
    table = pa.table({"text": ["a", "b"]})
    once = Gives(stream=table.__arrow_c_stream__())
    assert ng.Corpus(once).texts == ["a", "b"]
    with pytest.raises(InputError, match=r"^The Arrow data cannot be read") as caught:
        ng.Corpus(once)
    assert_one_sentence(str(caught.value))
    column = Gives(stream=table["text"].__arrow_c_stream__())
    assert ng.Corpus(column).texts == ["a", "b"]
    with pytest.raises(InputError, match="was read before"):
        ng.Corpus(column)


def test_an_array_is_taken_once() -> None:
    """The second taker is told so."""
    once = Gives(array=pa.array(["a", "b"]).__arrow_c_array__())
    assert ng.Corpus(once).texts == ["a", "b"]
    with pytest.raises(InputError, match="was taken before"):
        ng.Corpus(once)


SCHEMA, ARRAY = pa.array(["a"]).__arrow_c_array__()
STREAM = pa.chunked_array([["a"]]).__arrow_c_stream__()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Gives(stream=SCHEMA), "arrow_array_stream"),
        (Gives(stream=(SCHEMA, ARRAY)), "arrow_array_stream"),
        (Gives(stream="stream"), "arrow_array_stream"),
        (Gives(array=STREAM), "pair of capsules"),
        (Gives(array=(ARRAY, SCHEMA)), "arrow_schema"),
        (Gives(array=(SCHEMA, STREAM)), "arrow_array"),
        (Gives(array=(SCHEMA,)), "pair of capsules"),
        (Gives(array=()), "pair of capsules"),
        (Gives(array=7), "pair of capsules"),
    ],
)
def test_wrong_capsules_are_named(given: Any, words: str) -> None:
    """What was due stands in the sentence."""
    with pytest.raises(InputError, match=r"^The Arrow data cannot be read \(") as caught:
        texts_from_arrow(given)
    assert words in str(caught.value)
    assert_one_sentence(str(caught.value))
    with pytest.raises(InputError, match=r"^The Arrow data cannot be read \(") as caught:
        ng.Corpus(given)
    assert_one_sentence(str(caught.value))


def test_what_a_producer_raises_comes_through() -> None:
    """An exception of the producer's own code is not ours to reword."""

    class Fails:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            message = "no connection"
            raise ConnectionError(message)

    with pytest.raises(ConnectionError, match="no connection"):
        ng.Corpus(Fails())


def test_names_are_read_without_taking_anything() -> None:
    """A capsule that was asked for its names can still be read."""
    capsule = pa.table({"text": ["a"], "n": [1]}).__arrow_c_stream__()
    assert arrow_names(capsule) == ["text", "n"]
    assert arrow_names(capsule) == ["text", "n"]
    assert ng.Corpus(Gives(stream=capsule)).texts == ["a"]
    assert arrow_names(SCHEMA) is None
    with pytest.raises(InputError, match="was due"):
        arrow_names(None)


if __name__ == "__main__":
    report()
