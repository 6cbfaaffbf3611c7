"""What the first page of the room shows, and the revision of a run that is under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from flask import request

from app.billing.entities import entities
from app.quickbooks.models import Connection
from app.sync import comparisons
from app.sync.drain import connection_of
from app.sync.drifts import Drift, DriftCause, ReconciliationRun, RunState
from app.sync.slices import Slice
from app.web.slices import place_here

_RUNS_SHOWN = 30
_HEIGHT = 40
OPEN_STATES = (RunState.WAITING, RunState.RUNNING)


class Bar(NamedTuple):
    """One run in the chart: its place, and how high it stands of forty."""

    x: int
    height: float
    run: ReconciliationRun


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
    history: list[Bar]
    """What the last runs found, the oldest first."""


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
        history=bars(comparisons.latest_done(_RUNS_SHOWN)),
        connections=[found for entity in entities() if (found := connection_of(entity.lane))],
    )


def bars(runs: Sequence[ReconciliationRun]) -> list[Bar]:
    """A bar for each run, the last at the right end, the highest forty high; one that found nothing has none."""
    most = max((run.drifts for run in runs), default=0) or 1
    first = _RUNS_SHOWN - len(runs)
    return [Bar(at, round(_HEIGHT * run.drifts / most, 2), run) for at, run in enumerate(runs, start=first)]


def revision_of(run: ReconciliationRun) -> str:
    """Changes when what is shown of a run does."""
    return f"{crc32(f'{run.state}{run.progress}{run.problem}'.encode()):x}"
