"""Mappings as a table that goes out to a spreadsheet and comes back: first as a plan, then in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from app.billing.importing.reader import Row
from app.quickbooks.catalogue import Shown
from app.quickbooks.lists import folded
from app.quickbooks.models import Connection
from app.sync.judging import choices
from app.sync.mapping.planned_lines import Fate, Planned, cell, repeated
from app.sync.mapping.workbench import Bench
from app.sync.mapping.workbench import Row as Ours
from app.sync.records.mappings import MappingKind

COLUMNS = ("Code", "Name", "QuickBooks id", "QuickBooks name", "Open documents")
REQUIRED = ("Code", "QuickBooks id")
"""What a file that comes back must have; a name is looked up where the id is left empty."""


def rows_of(bench: Bench) -> Iterator[tuple[object, ...]]:
    """The rows of a file, as `COLUMNS` names them."""
    for row in (bench.default, *bench.rows):
        if row is None:
            continue
        chosen = (row.mapping.remote_id, row.mapping.remote_name) if row.mapping else ("", "")
        yield row.code, row.name, *chosen, row.used_on


def plan(connection: Connection, bench: Bench, rows: Iterable[Row]) -> list[Planned]:
    """What a file would do, line by line; changes nothing. A code that stands twice is a problem both times."""
    read = list(rows)
    codes = repeated(read, _code)
    shelf = _Shelf(bench, choices.offered(connection.id, bench.kind))
    return [_twice(row) if _code(row) in codes else shelf.planned(row) for row in read]


class _Shelf:
    """Both sides, found by what a line says of them."""

    def __init__(self, bench: Bench, offered: Sequence[Shown]) -> None:
        self._kind: MappingKind = bench.kind
        self._ours = {folded(row.code): row for row in (*bench.rows, bench.default) if row is not None}
        self._by_id = {row.remote_id: row for row in offered}
        names = Counter(folded(row.name) for row in offered)
        self._by_name = {folded(row.name): row for row in offered if names[folded(row.name)] == 1}

    def planned(self, row: Row) -> Planned:
        code, wanted, name = _code(row), cell(row, "QuickBooks id"), cell(row, "QuickBooks name")
        ours = self._ours.get(folded(code))
        if not row.whole:
            return Planned(row.line, code, Fate.PROBLEM, "The line has more or fewer cells than the heading.")
        if ours is None:
            return Planned(row.line, code, Fate.PROBLEM, f"Nothing here that is in use has the code “{code}”.")
        if not wanted and not name:
            return Planned(row.line, code, Fate.EMPTY, "No record is named.")
        theirs = self._by_id.get(wanted) if wanted else self._by_name.get(folded(name))
        return _matched(row.line, ours, theirs, wanted or name)


def _matched(line: int, ours: Ours, theirs: Shown | None, wanted: str) -> Planned:
    if theirs is None:
        sentence = (
            f"No active record of QuickBooks that may be chosen is “{wanted}”. Read the lists again if it is new."
        )
        return Planned(line, ours.code, Fate.PROBLEM, sentence)
    label = choices.label(theirs.name, theirs.rate)
    if ours.mapping is not None and ours.mapping.remote_id == theirs.remote_id:
        return Planned(line, ours.code, Fate.SAME, f"Mapped to {label} already.")
    before = f", instead of {ours.mapping.remote_name}" if ours.mapping else ""
    return Planned(line, ours.code, Fate.MAP, f"{label}{before}.", ours.subject_id, theirs.remote_id)


def _twice(row: Row) -> Planned:
    return Planned(row.line, _code(row), Fate.PROBLEM, "The code stands more than once in the file; keep one line.")


def _code(row: Row) -> str:
    return cell(row, "Code")
