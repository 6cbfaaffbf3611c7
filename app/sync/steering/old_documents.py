"""Documents that were not sent by themselves: from before connecting, before go-live, while automatic push was off.

They are never sent without a person's word; this counts them, asks, and remembers that it was asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, exists, func
from sqlalchemy.orm import selectinload

from app.billing import invoicing
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.timeline import Actor
from app.foundation import reading
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks.models import Connection
from app.sync.company.connecting import connected
from app.sync.mapping import uses
from app.sync.records.holding import hold
from app.sync.records.policies import WhenZero, policy_of

_UNDER_WAY = (MessageState.WAITING, MessageState.PARKED, MessageState.SENDING)
SHOWN = 500
"""So many are listed to choose from; more are sent by date or all at once."""


def wanted(entity: BillingEntity, connection: Connection) -> Select[Document]:
    """Documents that are owed, not in this company, not kept back, and about which nothing is under way."""
    under_way = exists().where(
        and_(*lanes.within(entity.lane)),
        Message.kind == Document.kind,
        Message.subject_id == Document.id,
        Message.state.in_(_UNDER_WAY),
    )
    unsent = uses.unsent(entity, connection.id).where(~under_way)
    if policy_of(connection.id).zero_total is WhenZero.SKIP:
        unsent = unsent.where(Document.gross_pence != 0)
    return unsent


def count(entity: BillingEntity, connection: Connection) -> int:
    """How many were not sent."""
    counted = wanted(entity, connection).with_only_columns(func.count(Document.id))
    return reading.once(("old documents", entity.id, connection.id), lambda: int(db.session.scalar(counted) or 0))


def subjects(entity: BillingEntity, connection: Connection) -> set[Subject]:
    """Which they are."""
    rows = db.session.execute(wanted(entity, connection).with_only_columns(Document.kind, Document.id))
    return {Subject(kind, document_id) for kind, document_id in rows}


def listed(entity: BillingEntity, connection: Connection) -> list[Document]:
    """The newest `SHOWN` of them, with their clients."""
    newest = wanted(entity, connection).order_by(Document.issue_date.desc(), Document.id.desc()).limit(SHOWN)
    return list(db.session.scalars(newest.options(selectinload(Document.client))))


def question(entity: BillingEntity) -> int:
    """How many a person must still be asked about; 0 when there are none, nobody is connected, or it was answered."""
    connection = connected(entity)
    if connection is None or policy_of(connection.id).asked_about_old:
        return 0
    return count(entity, connection)


def send_all(entity: BillingEntity, connection: Connection, *, since: date | None = None, actor: Actor) -> int:
    """Send all, or those dated on or after a day; in the caller's transaction. Returns how many were posted."""
    chosen = wanted(entity, connection)
    if since is not None:
        chosen = chosen.where(Document.issue_date >= since)
    return _send(connection, chosen, actor)


def send_chosen(entity: BillingEntity, connection: Connection, ids: Iterable[int], *, actor: Actor) -> int:
    """Send these; ids that are not among the unsent ones are passed over. Returns how many were posted."""
    return _send(connection, wanted(entity, connection).where(Document.id.in_(list(ids))), actor)


def send_none(connection: Connection) -> None:
    """Remember that a person was asked and wants none of them sent; each can still be sent from its own page."""
    policy_of(connection.id).asked_about_old = True


def _send(connection: Connection, chosen: Select[Document], actor: Actor) -> int:
    hold(connection.id)  # so does whoever tries many again: each in an order of their own, they would wait in a circle
    documents = list(db.session.scalars(chosen.order_by(Document.issue_date, Document.id)))
    send_none(connection)
    return invoicing.ask_to_send(documents, actor=actor)
