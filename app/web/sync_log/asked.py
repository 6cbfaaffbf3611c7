"""The log's address as a filter, and its rows as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Response, request

from app.foundation.database import end_reading
from app.foundation.tenancy import acting_for, current_organisation
from app.sync.records.slices import Place
from app.sync.watching import operations
from app.sync.watching.operations import LogFilter, Operation, Show
from app.web.slices import chosen, day_begins
from app.web.spreadsheet import MOST_ROWS, csv_file

_AT_ONCE = 1000
_HEADINGS = ("Last attempt (UTC)", "What", "Number or name", "Whose", "Result", "Sentence", "HTTP", "Milliseconds")
_REFERENCES = ("Attempts", "Request id", "intuit_tid", "Code")


def read_address() -> LogFilter:
    """Read show, kind, search, upto, from, to and entity; what can't be read counts as not given."""
    return LogFilter(
        show=chosen(Show, "show", Show.ALL),
        kind=request.args.get("kind", ""),
        search=request.args.get("search", ""),
        upto=request.args.get("upto", type=int),
        since=day_begins("from"),
        until=day_begins("to", plus_days=1),
        entity_id=request.args.get("entity", type=int),
        cause=request.args.get("cause", ""),
    )


def as_file(wanted: LogFilter) -> Response:
    """All operations of a filter, the newest first, at most as many as a spreadsheet opens; words of whatever age."""
    rows = islice(_all(replace(wanted, everywhere=True, upto=None), current_organisation()), MOST_ROWS)
    return csv_file("sync-log.csv", (*_HEADINGS, *_REFERENCES), rows)


def _all(wanted: LogFilter, organisation_id: int) -> Iterator[list[object]]:
    """Slice after slice, each a reading of its own while the file is on its way; the request is over by then."""
    place: Place | None = Place(size=_AT_ONCE)
    while place is not None:
        with acting_for(organisation_id):
            found = operations.operations(wanted, place)
            rows = [list(_row(operation)) for operation in found.rows]
            end_reading()
        yield from rows
        place = Place(before=found.older, size=_AT_ONCE) if found.older else None


def _row(operation: Operation) -> Iterator[object]:
    last = operation.last
    yield operation.at.isoformat(timespec="seconds")
    yield from (operation.name.word, operation.name.label, operation.name.beside)
    yield from (operation.word, operation.sentence)
    yield from (last.http_status, last.milliseconds) if last else ("", "")
    yield operation.attempts
    yield from (last.request_id, last.tid, last.code) if last else ("", "", "")
