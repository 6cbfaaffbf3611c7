"""Carrying out what a person decided about differences: each by itself, so that one that can't be stops no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.billing import following as books_followed
from app.billing.content import DocumentContent
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.kinds import ISSUED, DocumentKind
from app.billing.timeline import Actor, note
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import ConflictError, PortalError
from app.outbox import settling, tray
from app.outbox.models import Lane, Priority, Subject
from app.quickbooks import answers, statements
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.answered.link_book import Tie
from app.sync.company.connecting import lane_of
from app.sync.comparing import findings, following, pictures, surveying, told_lines
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.pictures import Key
from app.sync.comparing.remedies import GIVEN_UP, PAID, Remedy, offered
from app.sync.comparing.sides import Ours, differences_of
from app.sync.comparing.their_lines import content_lines
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.reconciling import settling_payments
from app.sync.reconciling.settling_payments import There
from app.sync.records.holding import hold
from app.sync.records.links import Link, LinkMade, LinkState, link_of, links_to

AT_ONCE = 200
"""Differences that one click may settle; a person who waits sees no more done at once than this."""
_IDS_AT_ONCE = 100
_READS = (Remedy.ACCEPT, Remedy.LINK, Remedy.ADOPT)


@dataclass
class Settled:
    """How many were done, and why others were not: (what it is called, why)."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def settle(quickbooks: QuickBooks, drift_ids: Sequence[int], remedy: Remedy, actor: Actor) -> Settled:
    """Do this about each of these; QuickBooks is read, and written to by the engine alone.

    Raises the QuickBooksError that ended the reading, before anything is done.
    """
    drifts = list(db.session.scalars(select(Drift).where(Drift.id.in_(drift_ids[:AT_ONCE]), Drift.closed_at.is_(None))))
    ids = [(drift.id, drift.label) for drift in drifts if remedy in offered(drift)]
    seen = _read(quickbooks, drifts) if remedy in _READS else {}
    there = settling_payments.read(quickbooks, drifts, seen, remedy)
    found = Settled(refused=[(one.label, "It has no such action.") for one in drifts if remedy not in offered(one)])
    for drift_id, label in ids:
        why = _settle(drift_id, remedy, there, actor)
        found.done += not why
        found.refused += [(label, why)] if why else []
    return found


def _read(quickbooks: QuickBooks, drifts: Iterable[Drift]) -> dict[tuple[int, Key], DocumentSeen]:
    """What they are about, as it is there now: a read for every hundred."""
    wanted: dict[tuple[int, str], list[str]] = defaultdict(list)
    for drift in drifts:
        if drift.entity in _ENTITIES:
            wanted[drift.connection_id, drift.entity].append(drift.remote_id)
    end_reading()
    found: dict[tuple[int, Key], DocumentSeen] = {}
    for (connection_id, entity), ids in wanted.items():
        for start in range(0, len(ids), _IDS_AT_ONCE):
            named = statements.in_("Id", ids[start : start + _IDS_AT_ONCE])
            for page in quickbooks.pages(connection_id, entity, (named,)):
                read = map(answers.document, page)
                found |= {(connection_id, (entity, seen.id)): seen for seen in read}
    return found


_ENTITIES = frozenset(KINDS[kind].entity for kind in DOCUMENTS)


def _settle(drift_id: int, remedy: Remedy, there: There, actor: Actor) -> str:
    """Do it in a transaction of its own; returns why not."""
    try:
        with transaction() as session:
            drift = session.get_one(Drift, drift_id)
            hold(drift.connection_id)
            if drift.cause in PAID:
                settling_payments.DOERS[remedy](drift, there, actor)
            else:
                seen = there.documents.get((drift.connection_id, (drift.entity, drift.remote_id)))
                _DOERS[remedy](drift, seen, actor)
    except PortalError as problem:
        return problem.message
    return ""


def _accept(drift: Drift, seen: DocumentSeen | None, actor: Actor) -> None:
    if drift.cause in GIVEN_UP:
        drift.closed_at = clock.now()
        return
    if drift.cause is DriftCause.RATE and seen is not None:
        pictures.accept_rate(drift.connection_id, drift.entity, drift.remote_id, seen.rate)
        drift.closed_at = clock.now()
        return
    link, document = _tied(drift)
    present = {one.cause for one in differences_of(_beside(link, document, seen), seen)}
    if drift.cause not in present and drift.cause not in following.GONE:
        findings.resolve(link, [drift.cause])
        return
    why = following.follow(link, document, seen, [drift.cause], actor=actor)
    if why:
        raise ConflictError(why)
    drift.closed_at = clock.now()


def _beside(link: Link, document: Document, seen: DocumentSeen | None) -> Ours:
    connection = db.session.get_one(Connection, link.connection_id)
    side = surveying.side_of(connection, link, document)
    theirs = {(link.entity, link.remote_id): seen} if seen is not None else {}
    return told_lines.laid_beside(connection.id, [side], theirs)[0]


def _send(drift: Drift, _seen: DocumentSeen | None, actor: Actor) -> None:
    link, document = _tied(drift)
    link.told_revision = None
    tray.post(document.subject, _lane(drift), priority=Priority.PERSON, asked=True)
    note(document.subject, "asked", "Asked for it to be sent again as it is here.", actor=actor)


def _make_again(drift: Drift, _seen: DocumentSeen | None, actor: Actor) -> None:
    link, document = _tied(drift)
    if link.state is LinkState.LIVE:
        raise ConflictError("It is in QuickBooks, so it is not made again.")
    db.session.delete(link)
    drift.closed_at = clock.now()
    tray.post(document.subject, _lane(drift), priority=Priority.PERSON, asked=True)
    note(document.subject, "asked", "Asked for it to be made again in QuickBooks.", actor=actor)


def _link(drift: Drift, seen: DocumentSeen | None, actor: Actor) -> None:
    record = _still_there(drift, seen)
    document = _of_number(drift, record)
    old = link_of(drift.connection_id, document.subject)
    if old is not None and old.state is LinkState.LIVE:
        raise ConflictError(f"{document.title} is linked to {old.entity} {old.remote_id} already.")
    if old is not None:
        db.session.delete(old)
        db.session.flush()
    settling.cancel(document.subject, reason=f"{actor.name} linked it to what QuickBooks has already.")
    _tie(drift, document, record, LinkMade.BY_HAND)


def _adopt(drift: Drift, seen: DocumentSeen | None, actor: Actor) -> None:
    record = _still_there(drift, seen)
    connection = db.session.get_one(Connection, drift.connection_id)
    customer = links_to(connection.id, "Customer", [record.customer_id]).get(record.customer_id)
    if customer is None:
        raise ConflictError(f"No client here is linked to {record.customer_name or record.customer_id}.")
    content = DocumentContent(
        client_id=customer.subject_id,
        issue_date=record.txn_date or clock.now().date(),
        due_date=record.due_date,
        currency=record.currency or None,
        lines=content_lines(connection, None, record),
    )
    entity = db.session.get_one(BillingEntity, connection.billing_entity_id)
    kind = _kind(drift)
    document = books_followed.take_up(entity, kind, content, record.doc_number, actor=actor)
    if _tie(drift, document, record, LinkMade.ADOPTED).difference_pence:
        raise ConflictError("Its lines there come to another total when they are written here.")


def _tie(drift: Drift, document: Document, record: DocumentSeen, made: LinkMade) -> Tie:
    with ground(drift.connection_id, [document.subject]) as known:
        landing.adopt_seen(known, document.subject, record, document.revision)
        link = known.book.of(document.subject)
        if link is None:
            raise ConflictError("It could not be linked.")
        link.made = made
    drift.closed_at = clock.now()
    return link


def _still_there(drift: Drift, seen: DocumentSeen | None) -> DocumentSeen:
    if seen is None or seen.voided or seen.deleted:
        raise ConflictError("It is not in QuickBooks any more, or void there.")
    if links_to(drift.connection_id, drift.entity, [drift.remote_id]):
        raise ConflictError("It is linked to a document here already.")
    return seen


def _of_number(drift: Drift, record: DocumentSeen) -> Document:
    connection = db.session.get_one(Connection, drift.connection_id)
    named = select(Document).where(
        Document.billing_entity_id == connection.billing_entity_id,
        Document.kind == _kind(drift),
        func.lower(Document.number) == record.doc_number.lower(),
        Document.status.in_(ISSUED),
    )
    found = db.session.scalars(named).first() if record.doc_number else None
    if found is None:
        raise ConflictError(f"No open document here has the number {record.doc_number or '(none)'}.")
    return found


def _kind(drift: Drift) -> DocumentKind:
    return next(DocumentKind(kind) for kind in DOCUMENTS if KINDS[kind].entity == drift.entity)


def _tied(drift: Drift) -> tuple[Link, Document]:
    link = link_of(drift.connection_id, Subject(drift.kind, drift.subject_id))
    document = db.session.get(Document, drift.subject_id) if drift.kind in DOCUMENTS else None
    if link is None or document is None:
        raise ConflictError("It is not linked to anything in QuickBooks any more.")
    return link, document


def _lane(drift: Drift) -> Lane:
    return lane_of(db.session.get_one(Connection, drift.connection_id))


_DOERS = {
    Remedy.ACCEPT: _accept,
    Remedy.SEND: _send,
    Remedy.AGAIN: _make_again,
    Remedy.LINK: _link,
    Remedy.ADOPT: _adopt,
}
