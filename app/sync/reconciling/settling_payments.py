"""What a person decided about money that counts on one side only: payments are told, tied, taken over or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.billing import receiving
from app.billing.document import Document
from app.billing.payment import Allocation, Payment, PaymentOrigin, PaymentState
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.errors import ConflictError
from app.quickbooks import answers, marker, statements
from app.quickbooks.answers import DocumentSeen, PaymentSeen
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection
from app.sync.comparing.drifts import Drift
from app.sync.comparing.pictures import Key
from app.sync.comparing.remedies import PAID, Remedy
from app.sync.payments import applying as payments
from app.sync.payments import twins as payment_twins
from app.sync.records.links import Link, LinkState, links_of, links_to

_AT_ONCE = 100
"""Ids that one question names."""
_LOST = "It is not in QuickBooks any more, or void there."
_TOLD_ALL = "QuickBooks was told of every payment that was recorded here for it."


@dataclass(frozen=True)
class There:
    """Documents and payments as QuickBooks has them; a payment that was asked for and is not among them is gone."""

    documents: Mapping[tuple[int, Key], DocumentSeen]
    payments: dict[tuple[int, str], PaymentSeen] = field(default_factory=dict)

    def document(self, drift: Drift) -> DocumentSeen:
        """The one that a difference is about. Raises ConflictError where it counts no more."""
        seen = self.documents.get((drift.connection_id, (drift.entity, drift.remote_id)))
        if seen is None or seen.voided or seen.deleted:
            raise ConflictError(_LOST)
        return seen


def read(
    quickbooks: QuickBooks, drifts: Iterable[Drift], documents: Mapping[tuple[int, Key], DocumentSeen], remedy: Remedy
) -> There:
    """The payments that settling these differences looks at, a read for a hundred; outside any transaction."""
    there, fields = There(documents), {Remedy.ACCEPT: "Id", Remedy.LINK: "CustomerRef"}
    if remedy not in fields:
        return there
    wanted: dict[int, set[str]] = defaultdict(set)
    for drift in drifts:
        seen = documents.get((drift.connection_id, (drift.entity, drift.remote_id)))
        if drift.cause in PAID and seen is not None:
            wanted[drift.connection_id] |= _ids(drift, seen) if remedy is Remedy.ACCEPT else {seen.customer_id}
    end_reading()
    for connection_id, values in wanted.items():
        for paid in _asked(quickbooks, connection_id, fields[remedy], sorted(values)):
            there.payments[connection_id, paid.id] = paid
    return there


def _asked(quickbooks: QuickBooks, connection_id: int, name: str, values: list[str]) -> Iterator[PaymentSeen]:
    for start in range(0, len(values), _AT_ONCE):
        named = statements.in_(name, values[start : start + _AT_ONCE])
        for page in quickbooks.pages(connection_id, payments.ENTITY, (named,)):
            yield from map(answers.payment, page)


def _ids(drift: Drift, seen: DocumentSeen) -> set[str]:
    """The payments that stand against a document on either side."""
    theirs = {tied.txn_id for tied in seen.links if tied.txn_type == payments.ENTITY}
    return theirs | {tie.remote_id for tie in _links(drift).values()}


def send(drift: Drift, _there: There, actor: Actor) -> None:
    """Ask for every payment that was recorded here to be told which QuickBooks does not have as it is here."""
    links = _links(drift)
    untold = [payment for payment in _on(drift) if _is_untold(payment, links.get(payment.id))]
    if not untold:
        raise ConflictError(f"{_TOLD_ALL} Take theirs over, or look there.")
    for payment in untold:
        receiving.ask_to_send(payment, actor=actor)


def link(drift: Drift, there: There, actor: Actor) -> None:
    """Tie the payments that QuickBooks does not have to those of the same client and amount there."""
    seen, connection = there.document(drift), db.session.get_one(Connection, drift.connection_id)
    alone = _alone(drift)
    if not alone:
        raise ConflictError(_TOLD_ALL)
    for payment in alone:
        _join(connection, payment, _same(connection, payment, there, seen.customer_id), actor)
    drift.closed_at = clock.now()


def accept(drift: Drift, there: There, actor: Actor) -> None:
    """Make our payments of a document what they are there, and void those that are not; the paid amounts agree then."""
    seen, connection = there.document(drift), db.session.get_one(Connection, drift.connection_id)
    for payment in _alone(drift):
        _refuse_flying(connection, payment)
        receiving.void_here(payment, actor=actor)
    for remote_id in sorted(_ids(drift, seen)):
        theirs = there.payments.get((connection.id, remote_id))
        if theirs is None or theirs.deleted:
            payments.remove(connection.id, remote_id, PaymentState.REMOVED)
        else:
            payments.take_theirs(connection, theirs)
    document = db.session.get_one(Document, drift.subject_id, populate_existing=True)
    if document.settled_pence != seen.total_pence - seen.balance_pence:
        raise ConflictError("No payment there explains what is paid on it: look at it in QuickBooks.")
    drift.closed_at = clock.now()


def _on(drift: Drift) -> list[Payment]:
    """All payments that are divided over its document, in whatever state."""
    on_it = select(Allocation.payment_id).where(Allocation.document_id == drift.subject_id)
    return list(db.session.scalars(select(Payment).where(Payment.id.in_(on_it)).order_by(Payment.id)))


def _links(drift: Drift) -> dict[int, Link]:
    return links_of(drift.connection_id, "payment", [payment.id for payment in _on(drift)])


def _alone(drift: Drift) -> list[Payment]:
    """Those that count here, were recorded here, and are linked to nothing there."""
    links = _links(drift)
    return [row for row in _on(drift) if _counts_here(row) and row.id not in links]


def _counts_here(payment: Payment) -> bool:
    return payment.origin is PaymentOrigin.HERE and payment.state is PaymentState.LIVE


def _is_untold(payment: Payment, tie: Link | None) -> bool:
    if tie is None:
        return _counts_here(payment)
    is_ours = payment.origin is PaymentOrigin.HERE
    return is_ours and tie.state is LinkState.LIVE and tie.told_revision != payment.revision


def _same(connection: Connection, payment: Payment, there: There, customer_id: str) -> PaymentSeen:
    """The one payment there of this customer, amount and currency that nothing here is linked to."""
    face = (connection.id, customer_id, payment.amount_pence, payment.currency)
    alike = [seen for key, seen in there.payments.items() if _face(key[0], seen, connection) == face]
    taken = links_to(connection.id, payments.ENTITY, [seen.id for seen in alike])
    free = [seen for seen in alike if seen.id not in taken]
    if len(free) != 1:
        number = "no payment" if not free else f"{len(free)} payments"
        raise ConflictError(f"QuickBooks has {number} of this client and amount that nothing here is linked to.")
    return free[0]


def _face(connection_id: int, seen: PaymentSeen, connection: Connection) -> tuple[int, str, int, str | None] | None:
    """What says that a payment there may be one of ours; None where its marker names another, or it counts no more."""
    if seen.voided or seen.deleted or marker.find(seen.private_note) is not None:
        return None
    return connection_id, seen.customer_id, seen.total_pence, seen.currency or connection.home_currency


def _join(connection: Connection, payment: Payment, seen: PaymentSeen, actor: Actor) -> None:
    """Where theirs is on nothing, ours stays divided as it is, and that is told."""
    _refuse_flying(connection, payment)
    payments.join(connection, payment, seen)
    (tie,) = links_of(connection.id, "payment", [payment.id]).values()
    if tie.told_revision is None:
        receiving.ask_to_send(payment, actor=actor)


def _refuse_flying(connection: Connection, payment: Payment) -> None:
    if payment_twins.is_flying(connection, payment):
        raise ConflictError("QuickBooks is just being told of a payment of it; try again in a moment.")


DOERS = {Remedy.SEND: send, Remedy.LINK: link, Remedy.ACCEPT: accept}
