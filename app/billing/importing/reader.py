"""A file into rows: streamed, plain or gzip, UTF-8 with stray Windows letters, any of the usual separators."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, cast

from app.foundation.errors import BadInputError

MAX_BYTES = 50 * 1024 * 1024
"""How large a file may be, unpacked: a small gzip can hold a mountain."""

_GZIP = b"\x1f\x8b"
_SEPARATORS = ",;\t|"


class Row(NamedTuple):
    """One record: the line of the file it begins on (the header is line 1), and its cells by column."""

    line: int
    cells: dict[str, str]
    whole: bool
    """Whether it had as many cells as the header; else nobody knows which cell is which."""


def read_rows(stream: BinaryIO, required: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file, empty lines left out; memory holds one row at a time.

    Raises BadInputError for a file that is too large, not a table, or lacks a required column.
    """
    text = io.TextIOWrapper(
        io.BufferedReader(_Limited(_unpacked(stream))), encoding="utf-8-sig", errors="windows", newline=""
    )
    try:
        yield from _table(text, required)
    except (csv.Error, EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise BadInputError("file", f"The file can't be read as a table: {problem}.") from problem


def _table(text: io.TextIOWrapper, required: tuple[str, ...]) -> Iterator[Row]:
    first = text.readline()
    table = csv.reader(chain([first], text), delimiter=max(_SEPARATORS, key=first.count))
    columns = [name.strip() for name in next(table, [])]
    _check_columns(columns, required)
    yield from _rows(table, columns)


def _rows(table: Any, columns: list[str]) -> Iterator[Row]:
    begins = table.line_num + 1
    for values in table:
        if any(values):
            yield Row(begins, dict(zip(columns, values, strict=False)), len(values) == len(columns))
        begins = table.line_num + 1


def _check_columns(columns: list[str], required: tuple[str, ...]) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise BadInputError("file", f"The file lacks the columns {', '.join(missing)}.")


def _unpacked(stream: BinaryIO) -> BinaryIO:
    buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    if buffered.peek(2)[:2] == _GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=buffered, mode="rb"))
    return cast("BinaryIO", buffered)


class _Limited(io.RawIOBase):
    """Reads on until more came than a file may hold."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any, /) -> int:
        piece = self._stream.read(len(space))
        self._left -= len(piece)
        if self._left < 0:
            raise BadInputError("file", f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
        space[: len(piece)] = piece
        return len(piece)


def _windows(problem: UnicodeError) -> tuple[str, int]:
    # Files saved on Windows hold single bytes such as 0xA3 for the pound sign; one of them must not stop the rest.
    if isinstance(problem, UnicodeDecodeError):
        return problem.object[problem.start : problem.end].decode("cp1252", errors="replace"), problem.end
    raise problem  # pragma: no cover - the codec machinery asks decoders only here


codecs.register_error("windows", _windows)
