"""What the first page of the room shows, and the revision of a run that is under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from flask import Response, request

from app.billing.entities import entities
from app.quickbooks.models import Connection
from app.sync import comparisons
from app.sync.drain import connection_of
from app.sync.drifts import Drift, DriftCause, ReconciliationRun, RunState
from app.sync.findings import WORDS
from app.sync.slices import Slice
from app.web.slices import place_here
from app.web.spreadsheet import csv_file

OPEN_STATES = (RunState.WAITING, RunState.RUNNING)


@dataclass(frozen=True)
class Picture:
    """The last comparison, what is open, and which part of it the address asks for."""

    last: ReconciliationRun | None
    under_way: ReconciliationRun | None
    counts: Counter[DriftCause]
    ignored: int
    drifts: Slice[Drift]
    cause: str
    shows_ignored: bool
    variances: tuple[int, int]
    connections: list[Connection]


def picture() -> Picture:
    """Read it, as the address asks."""
    cause, shows_ignored = request.args.get("cause", ""), request.args.get("show") == "ignored"
    return Picture(
        last=comparisons.last_done(),
        under_way=comparisons.under_way(),
        counts=comparisons.drift_counts(),
        ignored=comparisons.drift_counts(ignored=True).total(),
        drifts=comparisons.drifts(place_here(), cause=cause, ignored=shows_ignored),
        cause=cause,
        shows_ignored=shows_ignored,
        variances=comparisons.variances_in_all(),
        connections=[found for entity in entities() if (found := connection_of(entity.lane))],
    )


def revision_of(run: ReconciliationRun) -> str:
    """Changes when what is shown of a run does."""
    return f"{crc32(f'{run.state}{run.progress}{run.problem}'.encode()):x}"


def as_file() -> Response:
    """Every open difference, the ignored ones too."""
    headings = ("Found (UTC)", "What", "Number", "Record in QuickBooks", "Here", "In QuickBooks", "Likely cause")
    rows = (_row(drift) for drift in comparisons.all_drifts())
    return csv_file("differences.csv", (*headings, "Ignored by", "Reason"), rows)


def _row(drift: Drift) -> Iterator[object]:
    yield drift.found_at.isoformat(timespec="seconds")
    yield from (WORDS[drift.cause], drift.label, f"{drift.entity} {drift.remote_id}".strip())
    yield from (drift.ours, drift.theirs, drift.explanation, drift.ignored_by, drift.ignored_reason)
