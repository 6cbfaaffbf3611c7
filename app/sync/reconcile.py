"""Reconciliation: reads the whole company, takes in payments that were missed, compares document by document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from app.billing.document import Document
from app.billing.line import DocumentLine
from app.billing.payment import PaymentState
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import acting_for
from app.outbox import lanes
from app.outbox.models import Lane, Mode
from app.quickbooks import answers, marker
from app.quickbooks.answers import DocumentSeen, PaymentSeen
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import Connection
from app.sync import findings, notices, payments
from app.sync.comparing import Comparison, Ours, compare
from app.sync.drifts import DriftCause, ReconciliationRun, RunState
from app.sync.engine import Engine
from app.sync.findings import Difference
from app.sync.kinds import DOCUMENTS, KINDS
from app.sync.links import Link, LinkState, links_of


@dataclass
class _Reading:
    """What was read from QuickBooks so far."""

    documents: dict[tuple[str, str], DocumentSeen] = field(default_factory=dict)
    payments: dict[str, PaymentSeen] = field(default_factory=dict)
    reads: int = 0


def run(engine: Engine, run_id: int, organisation_id: int) -> None:
    """Carry out one run that was claimed; its row tells progress and outcome, whatever happens."""
    with acting_for(organisation_id):
        connection_id = _begin(run_id)
        started = clock.now()
        try:
            read = _read(engine, connection_id, run_id)
            found = _take_in_payments(connection_id, read)
            _conclude(run_id, connection_id, read, (found, started))
        except QuickBooksError as problem:
            _fail(run_id, problem.message)


def _begin(run_id: int) -> int:
    with transaction() as session:
        row = session.get_one(ReconciliationRun, run_id)
        row.state, row.started_at, row.progress = RunState.RUNNING, clock.now(), "Reading QuickBooks"
        return row.connection_id


def _read(engine: Engine, connection_id: int, run_id: int) -> _Reading:
    reading = _Reading()
    for entity in (KINDS[kind].entity for kind in DOCUMENTS):
        for record in _pages(engine, connection_id, entity, (run_id, reading)):
            seen = answers.document(record)
            reading.documents[entity, seen.id] = seen
    for record in _pages(engine, connection_id, payments.ENTITY, (run_id, reading)):
        payment = answers.payment(record)
        reading.payments[payment.id] = payment
    end_reading()
    return reading


def _pages(engine: Engine, connection_id: int, entity: str, told: tuple[int, _Reading]) -> Iterator[answers.Entity]:
    """Every record of an entity; after each page the run's row tells how far we are."""
    run_id, reading = told
    number = 0
    for page in engine.quickbooks.pages(connection_id, entity):
        reading.reads += 1
        number += len(page)
        yield from page
        with transaction() as session:
            session.get_one(ReconciliationRun, run_id).progress = f"Reading QuickBooks: {number} of {entity}"


def _take_in_payments(connection_id: int, reading: _Reading) -> int:
    """Apply payments that no webhook told, and take back those that are gone; returns how many changed something."""
    known = {
        remote_id: (link.sync_token, link.state) for remote_id, link in payments.known_payments(connection_id).items()
    }
    end_reading()
    changed = 0
    for remote_id, seen in reading.payments.items():
        token, state = known.get(remote_id, ("", LinkState.LIVE))
        if token != seen.sync_token or (state is not LinkState.LIVE and not seen.voided):
            with transaction() as session:
                connection = session.get_one(Connection, connection_id)
                changed += payments.take_in(connection, seen) is not None
    for remote_id, (_token, state) in known.items():
        if state is LinkState.LIVE and remote_id not in reading.payments:
            with transaction():
                changed += payments.remove(connection_id, remote_id, PaymentState.REMOVED) is not None
    return changed


def _conclude(run_id: int, connection_id: int, reading: _Reading, told: tuple[int, datetime]) -> None:
    payments_found, started = told
    connection = db.session.get_one(Connection, connection_id)
    ours, unlinked = _ours(connection, started)
    comparison = compare(ours, reading.documents)
    differences = [*comparison.differences, *_strangers(connection, reading)]
    end_reading()
    with transaction() as session:
        before = findings.open_keys(connection_id)
        for difference in differences:
            findings.write(connection_id, difference, run_id)
        findings.close_others(connection_id, differences)
        row = session.get_one(ReconciliationRun, run_id)
        _write_result(row, comparison, differences)
        row.documents, row.payments_found, row.reads = len(ours), payments_found, reading.reads
        row.not_compared = unlinked
        fresh = {difference.key for difference in differences} - before
        if fresh:
            notices.tell_drift(connection, len(fresh), run_id)


def _write_result(row: ReconciliationRun, comparison: Comparison, differences: Sequence[Difference]) -> None:
    row.state, row.ended_at, row.progress = RunState.DONE, clock.now(), ""
    row.matches, row.variances, row.drifts = comparison.matches, comparison.variances, len(differences)
    row.our_total_pence, row.their_total_pence = comparison.our_total_pence, comparison.their_total_pence


def _fail(run_id: int, problem: str) -> None:
    with transaction() as session:
        row = session.get_one(ReconciliationRun, run_id)
        row.state, row.ended_at, row.problem, row.progress = RunState.FAILED, clock.now(), problem, ""


def _ours(connection: Connection, started: datetime) -> tuple[list[Ours], str]:
    """Our linked documents as they are compared, and a sentence about those that are not."""
    lane = Lane(connection.billing_entity_id, Mode(connection.mode))
    compared: list[Ours] = []
    left: dict[str, int] = {}
    for kind in DOCUMENTS:
        documents = list(
            db.session.scalars(
                select(Document).where(
                    Document.billing_entity_id == connection.billing_entity_id,
                    Document.kind == kind,
                    Document.opened_at.is_not(None),
                )
            )
        )
        links = links_of(connection.id, kind, [document.id for document in documents])
        customers = links_of(connection.id, "client", {document.client_id or 0 for document in documents})
        busy = lanes.busy_subjects(kind, lane)
        lines = _priced_lines(kind)
        for document in documents:
            link = links.get(document.id)
            reason = _not_compared(link, document.id in busy, started)
            if reason:
                left[reason] = left.get(reason, 0) + 1
            elif link is not None:
                compared.append(
                    _side(document, link, customers.get(document.client_id or 0), lines.get(document.id, 1))
                )
    return compared, "; ".join(f"{number} {reason}" for reason, number in sorted(left.items()))


def _not_compared(link: Link | None, is_busy: bool, started: datetime) -> str:  # noqa: FBT001 - a fact among facts
    if link is None:
        return "not in QuickBooks (each says why on its own page)"
    if is_busy:
        return "just being sent"
    if link.linked_at >= started:
        return "sent while the comparison ran"
    return ""


def _side(document: Document, link: Link, customer: Link | None, priced_lines: int) -> Ours:
    return Ours(
        kind=document.kind.value,
        subject_id=document.id,
        number=document.number or "",
        entity=link.entity,
        remote_id=link.remote_id,
        is_void=document.voided_at is not None,
        gross_pence=document.gross_pence,
        owed_pence=document.owed_pence,
        tax_pence=document.tax_pence,
        settled_pence=document.settled_pence,
        issue_date=document.issue_date,
        customer_id=customer.remote_id if customer else None,
        currency=document.currency,
        priced_lines=max(priced_lines, 1),
    )


def _priced_lines(kind: str) -> dict[int, int]:
    """How many lines of each document carry a price: the bound of a rounding difference in pence."""
    rows = db.session.execute(
        select(DocumentLine.document_id, func.count())
        .join(Document, Document.id == DocumentLine.document_id)
        .where(Document.kind == kind, DocumentLine.quantity.is_not(None))
        .group_by(DocumentLine.document_id)
    )
    return {document_id: int(number) for document_id, number in rows}


def _strangers(connection: Connection, reading: _Reading) -> list[Difference]:
    """Records that carry our marker but are linked to nothing of ours: made twice, or restored."""
    linked = {
        (link.entity, link.remote_id)
        for link in db.session.scalars(select(Link).where(Link.connection_id == connection.id))
    }
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
