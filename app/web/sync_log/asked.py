"""The log's address as a filter, and its rows as a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Response, request

from app.sync import operations
from app.sync.operations import LogFilter, Operation, Show
from app.sync.slices import Place
from app.web.slices import chosen, day_begins
from app.web.spreadsheet import MOST_ROWS, csv_file

_AT_ONCE = 1000
_HEADINGS = ("Last attempt (UTC)", "What", "Number or name", "Whose", "Result", "Sentence", "HTTP", "Milliseconds")
_REFERENCES = ("Attempts", "Request id", "intuit_tid", "Code")


def read_address() -> LogFilter:
    """Read show, kind, search, from, to and entity; what can't be read counts as not given."""
    return LogFilter(
        show=chosen(Show, "show", Show.ALL),
        kind=request.args.get("kind", ""),
        search=request.args.get("search", ""),
        since=day_begins("from"),
        until=day_begins("to", plus_days=1),
        entity_id=request.args.get("entity", type=int),
    )


def as_file(wanted: LogFilter) -> Response:
    """All operations of a filter, the newest first, at most as many as a spreadsheet likes to open."""
    found = islice(_all(wanted), MOST_ROWS)
    return csv_file("sync-log.csv", (*_HEADINGS, *_REFERENCES), (_row(operation) for operation in found))


def _all(wanted: LogFilter) -> Iterator[Operation]:
    """Slice after slice, for a statement can't name any number of rows."""
    place: Place | None = Place(size=_AT_ONCE)
    while place is not None:
        found = operations.operations(wanted, place)
        yield from found.rows
        place = Place(before=found.older, size=_AT_ONCE) if found.older else None


def _row(operation: Operation) -> Iterator[object]:
    last = operation.last
    yield operation.at.isoformat(timespec="seconds")
    yield from (operation.name.word, operation.name.label, operation.name.beside)
    yield from (operation.word, operation.sentence)
    yield from (last.http_status, last.milliseconds) if last else ("", "")
    yield operation.attempts
    yield from (last.request_id, last.tid, last.code) if last else ("", "", "")
