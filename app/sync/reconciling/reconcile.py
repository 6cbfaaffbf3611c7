"""Reconciliation: reads the company, takes in what was missed, compares document by document, tells what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for
from app.quickbooks import answers
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import ReconnectNeeded, Throttled
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company import notices
from app.sync.comparing import findings, following, surveying
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.comparing.findings import Difference
from app.sync.comparing.overtaken import ReadThere, overtaken, settled_now
from app.sync.comparing.readopting import readopt
from app.sync.comparing.run_claims import RunClaim, TakenOverError, claim
from app.sync.comparing.sides import Comparison
from app.sync.comparing.surveying import Survey
from app.sync.engine import Engine
from app.sync.listening import taking
from app.sync.reconciling import (
    company_reading,
    customer_findings,
    open_balances,
    open_sums,
    run_totals,
)
from app.sync.reconciling.company_reading import Reading
from app.sync.reconciling.missed import take_in_missed
from app.sync.reconciling.side_by_side import SideBySide, laid
from app.sync.telling.drain import SHORT_REST

_BUG = "Something unexpected happened; it was noted in the portal's own log."


def run(engine: Engine, run_id: int, organisation_id: int) -> None:
    """Carry out one run, unless another worker does; its row tells progress and outcome, whatever happens."""
    with acting_for(organisation_id):
        held = claim(run_id)
        if held is None:
            return
        with suppress(TakenOverError):
            _run(engine, held)


def _run(engine: Engine, held: RunClaim) -> None:
    try:
        _carry_out(engine, held)
    except TakenOverError:
        raise
    except Throttled as pause:
        _wait(held, pause)
    except PortalError as problem:
        _fail(held, problem.message)
    except Exception:  # noqa: BLE001 - a run that stayed open would read the whole company again every second
        logger().error("a reconciliation failed", run=held.run_id, exc_info=True)
        _fail(held, _BUG)


def _carry_out(engine: Engine, held: RunClaim) -> None:
    connection = db.session.get_one(Connection, held.connection_id)
    _require_free(engine, connection)
    settled_before = settled_now(connection)
    reading = company_reading.read(engine, held)
    _look_for_deleted(engine, held, reading)
    held.tell(f"Comparing {len(reading.documents)} documents")
    readopt(held, reading.documents, reading.started)
    customer_findings.follow_merges(held, reading.documents)
    all_gone = None if reading.is_full else reading.payments_gone
    take_in_missed(held, reading.payments, reading.started, all_gone)
    company_reading.keep(held, reading)
    _conclude(held, reading, settled_before)


def _require_free(engine: Engine, connection: Connection) -> None:
    """One thread compares for all companies: none is slept for. A pause that begins amid the reading is waited for."""
    if connection.state is not ConnectionState.ACTIVE:
        raise ReconnectNeeded
    (rest,) = engine.quickbooks.governor.rests(connection.realm, CallForm.READ)
    end_reading()
    if rest > SHORT_REST:
        raise Throttled(rest, "QuickBooks has to wait; it begins when the pause is over")


def _look_for_deleted(engine: Engine, held: RunClaim, reading: Reading) -> None:
    """A record that is missing was deleted, or never was: where one is, QuickBooks is asked which."""
    linked = surveying.keys(held.connection_id)
    end_reading()
    if reading.is_full and not linked <= reading.documents.keys():
        company_reading.find_deleted(engine, held, reading)
    for entity, remote_id in reading.gone:
        reading.documents[entity, remote_id] = answers.document({"Id": remote_id, "status": "Deleted"})


def _conclude(held: RunClaim, reading: Reading, settled_before: Mapping[int, int]) -> None:
    connection = db.session.get_one(Connection, held.connection_id)
    there = ReadThere(reading.started, reading.documents, reading.just_paid, settled_before)
    found = laid(connection, there)
    end_reading()
    with held.settling() as session:
        found = found.without(overtaken(connection, found.suspects, there))
        row = session.get_one(ReconciliationRun, held.run_id)
        fresh, told = _take_in(row, found, there)
        row.our_total_pence, row.their_total_pence = run_totals.in_all(found.totals, connection.home_currency or "GBP")
        _write_reading(row, reading)
        run_totals.write(session, held.run_id, found.totals)
        open_apart = open_balances.found(found.apart, told)
        open_balances.write(session, held.run_id, open_sums.together(found.open_alike, open_apart))
        if fresh:
            notices.tell_drift(connection, fresh, held.run_id)


def _take_in(row: ReconciliationRun, found: SideBySide, there: ReadThere) -> tuple[int, Sequence[Difference]]:
    """Take over what moved, tell what differs; returns how many are new, and what is told."""
    _take_moved(row.connection_id, found.comparison, there.documents)
    differences = following.follow_all(row.connection_id, found.differences, there.documents)
    fresh = findings.fresh(row.connection_id, differences)
    findings.write_all(row.connection_id, differences, row.id)
    findings.close_others(row.connection_id, differences, spared=found.ours.overlooked)
    _write_result(row, found.comparison, found.ours, differences)
    return fresh, differences


def _take_moved(connection_id: int, comparison: Comparison, theirs: Mapping[tuple[str, str], DocumentSeen]) -> None:
    """Take in documents that moved there, for no event told of it."""
    for mine in comparison.moved:
        seen = theirs.get((mine.entity, mine.remote_id))
        if seen is None and not mine.was_removed:
            taking.note_lost(connection_id, mine.entity, mine.remote_id)
        else:
            taking.take_document(connection_id, mine.entity, mine.remote_id, seen)


def _write_reading(row: ReconciliationRun, reading: Reading) -> None:
    row.reads = reading.reads
    row.is_full, row.read_until = reading.is_full, reading.until


def _write_result(
    row: ReconciliationRun, comparison: Comparison, ours: Survey, differences: Sequence[Difference]
) -> None:
    row.state, row.ended_at, row.progress, row.held_until = RunState.DONE, clock.now(), "", None
    row.documents, row.not_compared = len(ours.compared), ours.not_compared
    row.matches, row.variances, row.drifts = comparison.matches, comparison.variances, len(differences)


def _wait(held: RunClaim, pause: Throttled) -> None:
    """QuickBooks asked for patience: begun anew when it is over."""
    with transaction() as session:
        row = held.row(session)
        row.state, row.progress = RunState.WAITING, pause.message
        row.held_until = clock.now() + timedelta(seconds=pause.retry_after_seconds)


def _fail(held: RunClaim, problem: str) -> None:
    with transaction() as session:
        row = held.row(session)
        row.state, row.ended_at, row.problem, row.progress = RunState.FAILED, clock.now(), problem, ""
        row.held_until = None
