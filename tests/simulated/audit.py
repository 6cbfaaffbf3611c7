"""Both sides laid beside each other when all is quiet: what disagrees and is explained nowhere is a fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Allocation, Payment
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Mode, Subject
from app.quickbooks import marker
from app.quickbooks.models import Connection
from app.sync.records.links import Link
from app.sync.watching import standing
from app.sync.watching.standing import Place, Standing
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import Company
from tests.simulated.house import House
from tests.simulated.network import Arrival, Network

ENTITIES = {DocumentKind.INVOICE: "Invoice", DocumentKind.CREDIT_NOTE: "CreditMemo"}
LIMITS = ((500, timedelta(seconds=60), False), (10, timedelta(seconds=1), False), (40, timedelta(seconds=60), True))
"""So many calls in so much time; whether batches alone are meant."""
_EXPLAINED = {Place.DIFFERS, Place.REMOVED, Place.VOIDED}

Record = dict[str, Any]


def faults_of(company: Company) -> list[str]:
    """Everything on which both sides disagree although nobody says why. Call it inside the company, in quiet."""
    there = {mode: _marked(company.house, realm) for mode, realm in company.realms.items()}
    faults = (*_doubled(there), *_mixed(there), *_unlike(company, there), *_stranded(company))
    return [f"{company.name}: {fault}" for fault in faults]


def broken_promises(keeper: Bookkeeper) -> list[str]:
    """What must hold at any moment: no document is there twice, and none that was removed is there again."""
    there = _marked(keeper.house, keeper.realm)
    again = [f"{name} is there again" for name in sorted(keeper.deleted & set(there))]
    return [*again, *(f"{name} is there {len(rows)} times" for name, rows in there.items() if len(rows) > 1)]


def _marked(house: House, realm: str) -> dict[marker.Marker, list[Record]]:
    """The live records of one QuickBooks company that carry our marker."""
    found: dict[marker.Marker, list[Record]] = defaultdict(list)
    for entity in ENTITIES.values():
        for record in house.world.books[realm].shelves[entity].all():
            if name := marker.find(record.get("PrivateNote")):
                found[name].append(record)
    return found


There = dict[Mode, dict[marker.Marker, list[Record]]]


def _doubled(there: There) -> Iterator[str]:
    for mode, records in there.items():
        yield from (f"{name} is there {len(rows)} times ({mode})" for name, rows in records.items() if len(rows) > 1)


def _mixed(there: There) -> Iterator[str]:
    """What stands in the books of a mode was posted for that mode."""
    for mode, records in there.items():
        for name in records:
            of_subject = select(Message.id).where(Message.kind == name.kind, Message.subject_id == name.record_id)
            if db.session.scalar(of_subject.where(Message.mode == mode).limit(1)) is None:
                yield f"{name} is in the books of {mode}, for which it was never posted"


def _stranded(company: Company) -> Iterator[str]:
    """Who waits for a subject is woken only by what becomes of that: where nothing is under way, by nobody."""
    for mode in company.realms:
        lane = Lane(company.entity_id, mode)
        waits = (Message.state == MessageState.WAITING, Message.due_at == lanes.FAR_AWAY)
        for message in db.session.scalars(select(Message).where(*lanes.within(lane), *waits)):
            kind, _colon, number = (message.blocker or "").partition(":")
            if not number.isdigit() or not lanes.pending_among([Subject(kind, int(number))], lane):
                yield f"{message.kind} {message.subject_id} waits for {message.blocker} ({mode}), which nobody tells"


def _unlike(company: Company, there: There) -> Iterator[str]:
    entity = company.entity()
    records, elsewhere = there[Mode(entity.mode)], _paid_elsewhere(Mode(entity.mode))
    for kind in ENTITIES:
        documents = list(
            db.session.scalars(select(Document).where(Document.kind == kind, Document.opened_at.is_not(None)))
        )
        places = standing.of_documents(entity, documents)
        for document in documents:
            name = marker.Marker(company.organisation_id, kind.value, document.id)
            settled_pence = document.settled_pence - elsewhere[document.id]
            yield from _told(document, places[document.id], records.get(name, []), settled_pence)


def _paid_elsewhere(mode: Mode) -> Counter[int]:
    """{document: pence} learnt from the company of the other mode: they count here, and are not in this one."""
    learnt = (
        select(Allocation.document_id, Allocation.amount_pence)
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Link, (Link.kind == "payment") & (Link.subject_id == Payment.id))
        .join(Connection, (Connection.id == Link.connection_id) & (Connection.mode != mode.value))
    )
    found: Counter[int] = Counter()
    for document_id, amount_pence in db.session.execute(learnt):
        found[document_id] += amount_pence
    return found


def _told(document: Document, place: Standing, records: list[Record], settled_pence: int) -> Iterator[str]:
    who = f"{document.title} ({document.status}, {place.place}: {place.sentence})"
    if place.place is Place.THERE:
        if len(records) != 1:
            yield f"{who}: {len(records)} records are there"
        else:
            yield from (f"{who}: {fault}" for fault in _differences(document, records[0], settled_pence))
    elif not place.sentence:
        yield f"{who} says no reason"
    elif place.place in {Place.SENDING, Place.WAITING}:
        yield f"{who} is still on its way"
    elif records and place.place is Place.NOT_SENT and document.status is not DocumentStatus.VOID and place.remote_id:
        yield f"{who} is there all the same"


def _differences(document: Document, record: Record, settled_pence: int) -> Iterator[str]:
    total, voided = _pence(record["TotalAmt"]), str(record.get("PrivateNote", "")).startswith("Voided")
    if voided or document.status is DocumentStatus.VOID:
        yield f"voided there: {voided}"
    if total != document.owed_pence:
        yield f"total {total} there, {document.owed_pence} here"
    if document.kind is DocumentKind.INVOICE:
        paid = total - _pence(record["Balance"])
        if paid != settled_pence:
            yield f"paid {paid} there, {settled_pence} here"


def _pence(amount: object) -> int:
    return int(Decimal(str(amount)) * 100)


def over_the_limit(network: Network) -> list[str]:
    """Every moment at which a company was asked more often than Intuit allows, by what arrived there."""
    by_realm: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in network.arrivals:
        by_realm[arrival.realm].append(arrival)
    return [fault for realm, arrivals in sorted(by_realm.items()) for fault in _crowds(realm, arrivals)]


def _crowds(realm: str, arrivals: Iterable[Arrival]) -> Iterator[str]:
    ordered = sorted(arrivals, key=lambda arrival: arrival.at)
    for most, span, batches in LIMITS:
        moments = [one.at for one in ordered if not batches or one.word == "batch"]
        for earlier, later in zip(moments, moments[most:], strict=False):
            if later - earlier < span:
                yield f"{realm}: {most + 1} calls within {later - earlier}"


def words_of(company: Company) -> Counter[str]:
    """How many documents stand where."""
    entity, counts = company.entity(), Counter[str]()
    for kind in ENTITIES:
        documents = list(
            db.session.scalars(select(Document).where(Document.kind == kind, Document.opened_at.is_not(None)))
        )
        counts.update(place.word for place in standing.of_documents(entity, documents).values())
    return counts
