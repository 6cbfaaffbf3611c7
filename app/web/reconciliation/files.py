"""What the room shows as files: open differences, a run's totals, the history of runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Response

from app.foundation.money import to_pounds
from app.sync.comparing.drifts import Drift, ReconciliationRun
from app.sync.comparing.findings import WORDS
from app.sync.reconciling import comparisons, run_totals
from app.sync.reconciling.open_balances import OpenBooks
from app.sync.reconciling.run_totals import RunTotal
from app.web.spreadsheet import csv_file

_RUN = ("Run", "Asked (UTC)", "By", "State", "Began (UTC)", "Ended (UTC)", "Read")
_FOUND = ("Compared", "Agree", "Differences", "Payments found", "Rounded differently", "Reads")
_TOTALS = ("Total here", "Total in QuickBooks", "Not compared", "Problem")


def runs_as_file() -> Response:
    """Every run, the newest first."""
    return csv_file("comparisons.csv", (*_RUN, *_FOUND, *_TOTALS), (_run(run) for run in comparisons.all_runs()))


def _run(run: ReconciliationRun) -> Iterator[object]:
    yield from (run.id, _moment(run.asked_at), "the night" if run.night else run.asked_by, run.state)
    yield from (_moment(run.started_at), _moment(run.ended_at), "everything" if run.is_full else "what changed")
    yield from (run.documents, run.matches, run.drifts, run.payments_found, run.variances, run.reads)
    yield from (to_pounds(run.our_total_pence), to_pounds(run.their_total_pence), run.not_compared, run.problem)


def as_file() -> Response:
    """Every open difference, the ignored ones too."""
    headings = ("Found (UTC)", "What", "Number", "Record in QuickBooks", "Here", "In QuickBooks", "Likely cause")
    rows = (_row(drift) for drift in comparisons.all_drifts())
    return csv_file("differences.csv", (*headings, "Ignored by", "Reason"), rows)


def totals_as_file(run: ReconciliationRun) -> Response:
    """Both sides' totals of a run, month by month and currency by currency."""
    headings = ("Month", "Currency", "Documents", "Here", "In QuickBooks", "Difference")
    return csv_file(f"comparison-{run.id}.csv", headings, (_total(total) for total in run_totals.of_run(run.id)))


def open_as_file(run: ReconciliationRun, books: Sequence[OpenBooks]) -> Response:
    """What was open on both sides at the end of a run, and what the difference comes from."""
    headings = ("Currency", "Open documents", "Number", "Here", "In QuickBooks", "Difference")
    rows = (
        (
            part.currency,
            part.said,
            part.documents,
            *map(_exact, (part.ours_pence, part.theirs_pence, part.difference_pence)),
        )
        for each in books
        for part in each.parts
    )
    return csv_file(f"open-balances-{run.id}.csv", headings, rows)


def _total(total: RunTotal) -> Iterator[object]:
    yield from (f"{total.month:%Y-%m}", total.currency, total.documents)
    yield from map(_exact, (total.ours_pence, total.theirs_pence, total.difference_pence))


def _exact(pence: int) -> str:
    return f"{to_pounds(pence):.2f}"


def _row(drift: Drift) -> Iterator[object]:
    yield _moment(drift.found_at)
    yield from (WORDS[drift.cause], drift.label, f"{drift.entity} {drift.remote_id}".strip())
    yield from (drift.ours, drift.theirs, drift.explanation, drift.ignored_by, drift.ignored_reason)


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
