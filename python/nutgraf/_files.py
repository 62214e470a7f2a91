"""Files of documents: read piece by piece, each error with its file and its line or byte.

Nothing here holds a whole file: content is unpacked and decoded as it is read, so that Ctrl-C is
answered at once, and memory stays at what the documents need.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import zlib
from typing import IO, TYPE_CHECKING, Any

from nutgraf._columns import Gathered, Given, column_names
from nutgraf._extras import installed
from nutgraf._inputs import of_columns, open_parquet
from nutgraf._parameters import shown
from nutgraf.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["open_path"]

PIECE = 1 << 20
# A piece of packed text may become thousands of times as large.
PACKED_PIECE = 1 << 14
LINES = (".jsonl", ".ndjson")
PACKED = ("", ".gz", ".zst")
BOM = codecs.BOM_UTF8


def open_path(path: Path) -> Given:
    """Return the columns of a file, or of a folder of text files."""
    if path.is_dir():
        return _open_folder(path)
    if not path.exists():
        raise FileNotFoundError(2, "No such file or folder", str(path))
    name = path.name.lower()
    if name.endswith(tuple(kind + packed for kind in LINES for packed in PACKED)):
        return _read_records(path)
    if name.endswith(tuple(".csv" + packed for packed in PACKED)):
        return _read_csv(path)
    if name.endswith(".parquet"):
        return open_parquet(path)
    if name.endswith(".txt"):
        return of_columns({"id": [path.stem], "text": [_read_text(path)]})
    raise InputError(
        f"{path.name} ends in none of .txt, .jsonl, .ndjson, .csv (these also with .gz or .zst) "
        "and .parquet; read it yourself and pass Corpus(...) a data frame or a list."
    )


def _open_folder(folder: Path) -> Given:
    # Sorted by the names as they are: the order of a folder differs between machines.
    found = [file for file in folder.rglob("*") if file.suffix.lower() == ".txt" and file.is_file()]
    files = sorted(found, key=lambda file: file.relative_to(folder).as_posix())
    if not files:
        raise InputError(f"{folder} holds no .txt file; name a folder of texts, or one file.")
    ids = [file.relative_to(folder).with_suffix("").as_posix() for file in files]
    return of_columns({"id": ids, "text": [_read_text(file) for file in files]})


def _read_text(file: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces, at = [], 0
    for piece in (*_pieces(file), b""):
        held = len(decoder.getstate()[0])
        try:
            pieces.append(decoder.decode(piece, final=not piece))
        except UnicodeDecodeError as error:
            raise _not_utf8(file, at - held + error.start) from error
        at += len(piece)
    return "".join(pieces).removeprefix("\ufeff")


def _not_utf8(file: Path, byte: int, line: int | None = None) -> InputError:
    where = f"byte {byte:,}" if line is None else f"line {line:,}, byte {byte:,}"
    return InputError(
        f"{file.name} is not UTF-8 ({where}); save it as UTF-8, or decode it yourself and pass "
        "Corpus(...) a list."
    )


def _pieces(file: Path) -> Iterator[bytes]:
    """Yield the content of a file, unpacked, in pieces."""
    suffix = file.suffix.lower()
    with file.open("rb") as stream:
        if suffix == ".gz":
            yield from _unpack_gzip(file, stream)
        elif suffix == ".zst":
            yield from _unpack_zstandard(file, stream)
        else:
            yield from iter(lambda: stream.read(PIECE), b"")


def _damaged(file: Path, why: object) -> InputError:
    return InputError(
        f"{file.name} cannot be unpacked ({why}); it is damaged or cut short: fetch it again."
    )


def _unpack_gzip(file: Path, stream: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=stream) as unpacked:
        while True:
            try:
                piece = unpacked.read(PIECE)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise _damaged(file, error) from error
            if not piece:
                return
            yield piece


def _unpack_zstandard(file: Path, stream: IO[bytes]) -> Iterator[bytes]:
    if not installed("zstandard"):
        raise InputError(
            f"{file.name} is compressed with Zstandard; install nutgraf[zstd] to read it."
        )
    import zstandard

    # Not its stream reader, which takes a file that is cut short for one that ends.
    frame = None
    while packed := stream.read(PACKED_PIECE):
        while packed:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            try:
                yield frame.decompress(packed)
            except zstandard.ZstdError as error:
                raise _damaged(file, error) from error
            packed = frame.unused_data if frame.eof else b""
            frame = None if frame.eof else frame
    if frame is not None:
        raise _damaged(file, "its last frame has no end")


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, which count from 1, without their ends.

    Cut at newlines only: other line ends may stand inside a string.
    """
    number, at, held = 1, 0, []
    for piece in _pieces(file):
        first, *rest = piece.split(b"\n")
        held.append(first)
        for after in rest:
            line = b"".join(held)
            yield number, _decode_line(file, line, number, at)
            number, at, held = number + 1, at + len(line) + 1, [after]
    if line := b"".join(held):
        yield number, _decode_line(file, line, number, at)


def _decode_line(file: Path, line: bytes, number: int, at: int) -> str:
    bom = len(BOM) if number == 1 and line.startswith(BOM) else 0
    try:
        return line[bom:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(file, at + bom + error.start, number) from error


def _read_records(file: Path) -> Given:
    gathered = Gathered()
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object)
    for number, line in _lines(file):
        # JSON's own white space; other kinds may not stand between values.
        bare = line.strip(" \t\r")
        if not bare:
            continue
        try:
            record = decoder.decode(bare)
        except json.JSONDecodeError as error:
            raise InputError(
                f"Line {number} of {file.name} is not JSON ({error.msg}, character {error.colno}); "
                'write one {"text": …} per line.'
            ) from error
        except (ValueError, RecursionError) as error:
            raise InputError(f"Line {number} of {file.name} is not usable: {error}.") from error
        if not isinstance(record, dict):
            raise InputError(
                f"Line {number} of {file.name} is {type(record).__name__}, not an object; write "
                'one {"text": …} per line.'
            )
        gathered.add(record)
    if not gathered.rows:
        raise InputError(f'{file.name} is empty; write one {{"text": …}} per line.')
    return of_columns(gathered.columns)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON; write null where a value is missing")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise ValueError(f"the key {shown(twice)} stands twice in one object; rename one of them")
    return made


def _read_csv(file: Path) -> Given:
    # Articles are longer than the reader's default of 128 KiB a field.
    before = csv.field_size_limit(2**31 - 1)
    try:
        return of_columns(_csv_columns(file))
    finally:
        csv.field_size_limit(before)


def _csv_columns(file: Path) -> dict[str, list[str]]:
    # Strict: without it, a quote that is never closed swallows the rest of the file.
    reader = csv.reader((line + "\n" for _, line in _lines(file)), strict=True)
    names: list[str] | None = None
    columns: list[list[str]] = []
    try:
        for cells in reader:
            if not cells:
                continue
            if names is None:
                names = _header(file, cells)
                columns = [[] for _ in names]
                continue
            if len(cells) != len(names):
                row = len(columns[0])
                raise InputError(
                    f"Row {row} of {file.name} (line {reader.line_num}) has {len(cells)} fields, "
                    f"but the first line names {len(names)}; quote fields that hold commas.",
                    row=row,
                )
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
    except csv.Error as error:
        raise InputError(
            f"{file.name} is not CSV (line {reader.line_num}: {error}); put fields that hold "
            "commas, quotes or line ends in quotes, and double the quotes inside."
        ) from error
    if names is None:
        raise InputError(f"{file.name} is empty; the first line names the columns.")
    return dict(zip(names, columns, strict=True))


def _header(file: Path, cells: list[str]) -> list[str]:
    for sign in ";\t|":
        if len(cells) == 1 and sign in cells[0]:
            raise InputError(
                f"The fields of {file.name} seem to be parted by {sign!r}, but commas are needed; "
                "write it anew, or pass Corpus(...) a frame."
            )
    return column_names(cells)
