"""Reading payments that were recorded here into plain facts: a few queries for any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.billing.payment import Allocation, Payment, PaymentOrigin, PaymentState
from app.billing.wording import amount, day
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import MessageState, Subject
from app.quickbooks import catalogue
from app.quickbooks.lists import folded
from app.quickbooks.marker import Marker
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.judging import choices
from app.sync.judging.facts import LinkFacts
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.mapping.choosing import DEPOSIT_ACCOUNT
from app.sync.payments.facts import PartFacts, PaymentToTell
from app.sync.records.links import Link, LinkState, links_of
from app.sync.records.mappings import MappingKind, mapping_of

METHODS = "PaymentMethod"
_CALLED = {
    "Bank transfer": ("Bank transfer", "BACS"),
    "Cash": ("Cash",),
    "Cheque": ("Cheque", "Check"),
    "Card": ("Card", "Credit Card", "Debit Card"),
}
"""What a company may call a method of ours; the first that it has is named."""
_ON_ITS_WAY = (MessageState.WAITING, MessageState.SENDING)


@dataclass(frozen=True)
class _Shelf:
    """All that some payments refer to, each read once."""

    links: Mapping[int, Link]
    customers: Mapping[int, Link]
    documents: Mapping[Subject, Link]
    under_way: frozenset[Subject]
    methods: Mapping[str, str]
    deposit_id: str | None
    deposit_trouble: str


def payments(connection_id: int, asked: Mapping[int, bool]) -> dict[int, PaymentToTell]:
    """The facts of payments: {id: facts}; `asked` says for each id whether a person asked for it."""
    parts = selectinload(Payment.allocations).selectinload(Allocation.document)
    wanted = select(Payment).where(Payment.id.in_(list(asked))).options(selectinload(Payment.client), parts)
    rows = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    shelf = _fetch(db.session.get_one(Connection, connection_id), rows)
    return {row.id: _payment(row, shelf, asked=asked[row.id]) for row in rows}


def _fetch(connection: Connection, rows: Sequence[Payment]) -> _Shelf:
    subjects = {part.document.subject for row in rows for part in row.allocations}
    deposit_id, deposit_trouble = _deposit(connection.id)
    return _Shelf(
        links=links_of(connection.id, "payment", [row.id for row in rows]),
        customers=links_of(connection.id, "client", {row.client_id for row in rows}),
        documents=_documents(connection.id, subjects),
        under_way=_under_way(connection, subjects),
        methods=_methods(connection.id),
        deposit_id=deposit_id,
        deposit_trouble=deposit_trouble,
    )


def _documents(connection_id: int, subjects: set[Subject]) -> dict[Subject, Link]:
    by_kind = {kind: [subject.id for subject in subjects if subject.kind == kind] for kind in DOCUMENTS}
    found = [links_of(connection_id, kind, ids) for kind, ids in by_kind.items() if ids]
    return {link.subject: link for links in found for link in links.values()}


def _under_way(connection: Connection, subjects: set[Subject]) -> frozenset[Subject]:
    lane = lane_of(connection)
    by_kind = {kind: [subject for subject in subjects if subject.kind == kind] for kind in DOCUMENTS}
    latest = [lanes.latest_of(group, lane) for group in by_kind.values()]
    messages = [(subject, message) for found in latest for subject, message in found.items()]
    return frozenset(subject for subject, message in messages if message.state in _ON_ITS_WAY)


def _methods(connection_id: int) -> dict[str, str]:
    """{our word: the id of the method there}, of those that are known."""
    names = [name for called in _CALLED.values() for name in called]
    known = catalogue.by_names(connection_id, METHODS, names)
    found = {
        ours: [known[key] for name in called if (key := folded(name)) in known] for ours, called in _CALLED.items()
    }
    return {ours: rows[0].remote_id for ours, rows in found.items() if rows}


def _deposit(connection_id: int) -> tuple[str | None, str]:
    chosen = mapping_of(connection_id, MappingKind.DEPOSIT_ACCOUNT, DEPOSIT_ACCOUNT)
    if chosen is None:
        return None, ""
    row = catalogue.by_id(connection_id, "Account", chosen.remote_id)
    usable = row is not None and choices.is_offered(MappingKind.DEPOSIT_ACCOUNT, row)
    return chosen.remote_id, "" if usable else f"“{chosen.remote_name}”, which can't be used any more"


def _payment(row: Payment, shelf: _Shelf, *, asked: bool) -> PaymentToTell:
    customer = shelf.customers.get(row.client_id)
    return PaymentToTell(
        subject=row.subject,
        label=row.reference or f"{amount(row.amount_pence, row.currency)} of {day(row.received_on)}",
        is_ours=row.origin is PaymentOrigin.HERE,
        is_void=row.state is not PaymentState.LIVE,
        revision=row.revision,
        received_on=row.received_on,
        recorded_at=row.recorded_at,
        amount_pence=row.amount_pence,
        currency=row.currency,
        reference=row.reference,
        method=row.method,
        method_id=shelf.methods.get(row.method),
        asked=asked,
        client_id=row.client_id,
        client_name=row.client.name,
        customer_id=customer.remote_id if customer and customer.state is LinkState.LIVE else None,
        deposit_id=shelf.deposit_id,
        deposit_trouble=shelf.deposit_trouble,
        marker=str(Marker(row.organisation_id, "payment", row.id)),
        link=_link(shelf.links.get(row.id)),
        parts=tuple(_part(part, shelf) for part in row.allocations),
    )


def _part(part: Allocation, shelf: _Shelf) -> PartFacts:
    subject = part.document.subject
    link = shelf.documents.get(subject)
    return PartFacts(
        subject=subject,
        title=part.document.title,
        pence=part.amount_pence,
        entity=KINDS[subject.kind].entity,
        remote_id=link.remote_id if link else None,
        is_live=link is not None and link.state is LinkState.LIVE,
        is_on_its_way=subject in shelf.under_way,
    )


def _link(link: Link | None) -> LinkFacts | None:
    if link is None:
        return None
    return LinkFacts(
        remote_id=link.remote_id,
        sync_token=link.sync_token,
        live=link.state is LinkState.LIVE,
        voided=link.state is LinkState.VOIDED,
        told_revision=link.told_revision,
    )
