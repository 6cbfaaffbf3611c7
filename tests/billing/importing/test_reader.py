"""Files of all sorts become rows."""

from __future__ import annotations

import gzip
import io

import pytest

from app.billing.importing import reader
from app.billing.importing.reader import Row, read_rows
from app.foundation.errors import BadInputError


def rows(content: bytes, *required: str) -> list[Row]:
    return list(read_rows(io.BytesIO(content), required))


def test_a_plain_file_and_a_packed_one_read_the_same() -> None:
    plain = b"a,b\n1,2\n"
    assert rows(plain) == rows(gzip.compress(plain)) == [Row(2, {"a": "1", "b": "2"}, whole=True)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_in_the_header(separator: str) -> None:
    assert rows(f"a{separator}b\r\n1{separator}2\r\n".encode())[0].cells == {"a": "1", "b": "2"}


def test_lines_are_counted_through_quoted_breaks_and_empty_lines() -> None:
    found = rows(b'a,b\n1,"two\nlines"\n\n,,\n3,4\n')
    assert [row.line for row in found] == [2, 6]


def test_a_mark_in_front_and_letters_of_windows_are_understood() -> None:
    assert rows(b"\xef\xbb\xbfa\nCaf\xe9 \xc2\xa35\n")[0].cells == {"a": "Café £5"}


def test_a_row_of_another_width_is_marked() -> None:
    assert [row.whole for row in rows(b"a,b\n1\n1,2,3\n1,2\n")] == [False, False, True]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInputError, match="lacks the columns c, d"):
        rows(b"a,b\n", "a", "c", "d")


def test_an_empty_file_lacks_everything() -> None:
    with pytest.raises(BadInputError, match="lacks the columns a"):
        rows(b"", "a")


def test_a_file_that_unpacks_to_a_mountain_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 10_000)
    with pytest.raises(BadInputError, match="larger than"):
        rows(gzip.compress(b"a\n" + b"1\n" * 10_000, mtime=0))


@pytest.mark.parametrize(
    "content", [gzip.compress(b"a\n1\n" * 99, mtime=0)[:-9], b"\x1f\x8bnothing", b'a\n"' + b"x" * 140_000]
)
def test_a_file_that_is_no_table_says_so(content: bytes) -> None:
    with pytest.raises(BadInputError, match="can't be read as a table"):
        rows(content)
