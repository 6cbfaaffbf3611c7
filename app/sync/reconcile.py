"""Reconciliation: reads the whole company, takes in payments that were missed, compares document by document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for
from app.quickbooks import answers, marker
from app.quickbooks.answers import DocumentSeen, PaymentSeen
from app.quickbooks.errors import ReconnectNeeded, Throttled
from app.quickbooks.models import Connection, ConnectionState
from app.sync import findings, following, notices, payments, taking, told_lines
from app.sync.comparing import Comparison, compare
from app.sync.drifts import DriftCause, ReconciliationRun, RunState
from app.sync.engine import Engine
from app.sync.findings import Difference
from app.sync.kinds import DOCUMENTS, KINDS
from app.sync.links import Link
from app.sync.missed import take_in_missed
from app.sync.readopting import readopt
from app.sync.run_claims import RunClaim, TakenOverError, claim
from app.sync.surveying import Survey, survey

_BUG = "Something unexpected happened; it was noted in the portal's own log."


@dataclass
class _Reading:
    """What was read from QuickBooks so far."""

    started: datetime
    documents: dict[tuple[str, str], DocumentSeen] = field(default_factory=dict)
    payments: dict[str, PaymentSeen] = field(default_factory=dict)
    reads: int = 0

    @property
    def just_paid(self) -> set[tuple[str, str]]:
        """(entity, id) of documents whose payments changed after their own records may have been read."""
        late = [seen for seen in self.payments.values() if seen.updated_at and seen.updated_at >= self.started]
        return {(part.txn_type, part.txn_id) for seen in late for part in seen.allocations}


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
    if db.session.get_one(Connection, held.connection_id).state is not ConnectionState.ACTIVE:
        raise ReconnectNeeded
    reading = _read(engine, held)
    held.tell(f"Comparing {len(reading.documents)} documents")
    readopt(held, reading.documents, reading.started)
    found = take_in_missed(held, reading.payments, reading.started)
    _conclude(held, reading, payments_found=found)


def _read(engine: Engine, held: RunClaim) -> _Reading:
    """Documents before payments: one paid in between is then known to be, by its payment's own date of change."""
    reading = _Reading(started=clock.now())
    for entity in (KINDS[kind].entity for kind in DOCUMENTS):
        for record in _pages(engine, entity, held, reading):
            seen = answers.document(record)
            reading.documents[entity, seen.id] = seen
    for record in _pages(engine, payments.ENTITY, held, reading):
        payment = answers.payment(record)
        reading.payments[payment.id] = payment
    end_reading()
    return reading


def _pages(engine: Engine, entity: str, held: RunClaim, reading: _Reading) -> Iterator[answers.Entity]:
    """Every record of an entity; after each page the run's row tells how far we are."""
    number = 0
    for page in engine.quickbooks.pages(held.connection_id, entity):
        reading.reads += 1
        number += len(page)
        yield from page
        held.tell(f"Reading QuickBooks: {number} of {entity}")


def _conclude(held: RunClaim, reading: _Reading, *, payments_found: int) -> None:
    connection_id = held.connection_id
    connection = db.session.get_one(Connection, connection_id)
    ours = survey(connection, reading.started, reading.just_paid)
    comparison = compare(told_lines.laid_beside(connection_id, ours.compared, reading.documents), reading.documents)
    differences = [*comparison.differences, *_strangers(connection, reading)]
    end_reading()
    with transaction() as session:
        row = held.row(session)
        before = findings.open_keys(connection_id)
        for mine in comparison.moved:  # no event told of it
            seen = reading.documents.get((mine.entity, mine.remote_id))
            taking.take_document(connection_id, mine.entity, mine.remote_id, seen)
        differences = following.follow_all(connection_id, differences, reading.documents)
        for difference in differences:
            findings.write(connection_id, difference, held.run_id)
        findings.close_others(connection_id, differences, spared=ours.overlooked)
        _write_result(row, comparison, ours, differences)
        row.payments_found, row.reads = payments_found, reading.reads
        fresh = {difference.key for difference in differences} - before
        if fresh:
            notices.tell_drift(connection, len(fresh), held.run_id)


def _write_result(
    row: ReconciliationRun, comparison: Comparison, ours: Survey, differences: Sequence[Difference]
) -> None:
    row.state, row.ended_at, row.progress, row.held_until = RunState.DONE, clock.now(), "", None
    row.documents, row.not_compared = len(ours.compared), ours.not_compared
    row.matches, row.variances, row.drifts = comparison.matches, comparison.variances, len(differences)
    row.our_total_pence, row.their_total_pence = comparison.our_total_pence, comparison.their_total_pence


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


def _strangers(connection: Connection, reading: _Reading) -> list[Difference]:
    """Records that carry our marker but are linked to nothing of ours: made twice, or restored."""
    links = select(Link.entity, Link.remote_id).where(Link.connection_id == connection.id)
    linked = {(entity, remote_id) for entity, remote_id in db.session.execute(links)}
    return [
        Difference(
            cause=DriftCause.ONLY_THERE,
            entity=entity,
            remote_id=remote_id,
            label=seen.doc_number or remote_id,
            ours="not linked",
            theirs=f"{entity} {remote_id}",
        )
        for (entity, remote_id), seen in reading.documents.items()
        if (entity, remote_id) not in linked and not seen.voided and _is_marked(connection, seen)
    ]


def _is_marked(connection: Connection, seen: DocumentSeen) -> bool:
    found = marker.find(seen.private_note)
    return found is not None and found.organisation_id == connection.organisation_id
