"""Rows as a CSV file that a spreadsheet opens as it is, and in which no cell can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from flask import Response, stream_with_context

MOST_ROWS = 1_000_000
"""A spreadsheet opens a little more than a million."""
_RUNS_AS_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SENT_AT_ONCE = 64 * 1024


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> Response:
    """The file as a download, sent while it is read; the mark at its head tells spreadsheets that it is UTF-8."""
    cells = ([_cell(value) for value in row] for row in rows)
    disposition = f'attachment; filename="{name}"'
    body = stream_with_context(_written(chain([headings], cells)))
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": disposition})


def _written(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The text in pieces of some size, for a piece for each row would be slow."""
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    table = csv.writer(text)
    for row in rows:
        table.writerow(row)
        if text.tell() > _SENT_AT_ONCE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _cell(value: object) -> str:
    """Blanks in front are looked past, as spreadsheets do, and control characters too; a plain number stays one."""
    text = "" if value is None else str(value)
    runs = text.lstrip().startswith(_RUNS_AS_FORMULA) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if runs and not _NUMBER.fullmatch(text) else text
