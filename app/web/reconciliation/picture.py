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
from app.sync.comparing.drifts import Drift, DriftCause, ReconciliationRun, RunState
from app.sync.reconciling import comparisons, open_balances
from app.sync.reconciling.open_balances import OpenBooks
from app.sync.records.slices import Slice
from app.sync.records.tied import connection_of
from app.web.slices import place_here

_RUNS_SHOWN = 30
_HEIGHT = 40
OPEN_STATES = (RunState.WAITING, RunState.RUNNING)


class Bar(NamedTuple):
    """One run in the chart: its place, and how high it stands of forty."""

    x: int
    height: float
    run: ReconciliationRun


class Company(NamedTuple):
    """A company with its newest comparison, and what was open on both sides then: a table for each currency."""

    connection: Connection
    run: ReconciliationRun
    books: list[OpenBooks]


@dataclass(frozen=True)
class Picture:
    """The last comparison, that of each company, what is open, and which part of it the address asks for."""

    last: ReconciliationRun | None
    companies: list[Company]
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
    held: int
    """What was to be told to QuickBooks and waits for somebody."""

    @property
    def compared(self) -> int:
        """How many documents the newest comparisons of all companies have laid beside each other."""
        return sum(company.run.documents for company in self.companies)


def picture() -> Picture:
    """Read it, as the address asks."""
    cause, shows_ignored = request.args.get("cause", ""), request.args.get("show") == "ignored"
    connections = [found for entity in entities() if (found := connection_of(entity.lane))]
    return Picture(
        last=comparisons.last_done(),
        companies=_companies(connections),
        under_way=comparisons.under_way(),
        counts=comparisons.drift_counts(),
        ignored=comparisons.drift_counts(ignored=True).total(),
        drifts=comparisons.drifts(place_here(), cause=cause, ignored=shows_ignored),
        cause=cause,
        shows_ignored=shows_ignored,
        variances=comparisons.variances_in_all(),
        history=bars(comparisons.latest_done(_RUNS_SHOWN)),
        connections=connections,
        held=comparisons.held(),
    )


def _companies(connections: Sequence[Connection]) -> list[Company]:
    runs = {run.connection_id: run for run in comparisons.newest_done()}
    return [company_of(each, runs[each.id]) for each in connections if each.id in runs]


def company_of(connection: Connection, run: ReconciliationRun) -> Company:
    """What a comparison says of its company."""
    return Company(connection, run, open_balances.of_run(run.id, connection.home_currency or "GBP"))


def bars(runs: Sequence[ReconciliationRun]) -> list[Bar]:
    """A bar for each run, the last at the right end, the highest forty high; one that found nothing has none."""
    most = max((run.drifts for run in runs), default=0) or 1
    first = _RUNS_SHOWN - len(runs)
    return [Bar(at, round(_HEIGHT * run.drifts / most, 2), run) for at, run in enumerate(runs, start=first)]


def revision_of(run: ReconciliationRun) -> str:
    """Changes when what is shown of a run does."""
    return f"{crc32(f'{run.state}{run.progress}{run.problem}'.encode()):x}"
