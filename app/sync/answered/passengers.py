"""An envelope and its members as they are needed while no transaction is open, read by a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.foundation.database import db
from app.foundation.tenancy import BY_KEY
from app.outbox.models import Message, Subject
from app.sync.answered.link_book import LinkBook, Tie
from app.sync.records.envelopes import Envelope, Member


@dataclass(frozen=True, kw_only=True)
class Passenger:
    """One member: what was to be done (`step`) to the record of its subject, and what these bytes tell of it."""

    bid: str
    message_id: int
    step: str
    subject: Subject
    tries: int
    asked: bool
    priority: int
    remote_id: str | None
    """The record's id there, where it was linked before."""
    revision: int
    digest: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Flight:
    """An envelope with all on board, in the order in which they were put into it; `call` is as it was frozen."""

    envelope_id: int
    connection_id: int
    request_id: str
    call: str
    sends: int
    first_sent_at: datetime | None
    on_board: list[Passenger]


def flight(connection_id: int, envelope_id: int) -> Flight:
    """Read it; writes nothing. Raises NoResultFound for another organisation's."""
    columns = (Envelope.request_id, Envelope.call, Envelope.sends, Envelope.first_sent_at)
    row = db.session.execute(select(*columns).where(Envelope.id == envelope_id)).one()
    return Flight(
        envelope_id=envelope_id,
        connection_id=connection_id,
        request_id=row.request_id,
        call=row.call,
        sends=row.sends,
        first_sent_at=row.first_sent_at,
        on_board=_passengers(connection_id, envelope_id),
    )


def _passengers(connection_id: int, envelope_id: int) -> list[Passenger]:
    columns = (Member.bid, Member.message_id, Member.step, Member.revision, Member.digest, Member.label)
    told = (Message.kind, Message.subject_id, Message.tries, Message.asked, Message.priority)
    flown = select(*columns, *told).join(Message, Message.id == Member.message_id)
    of_envelope = flown.where(Member.envelope_id == envelope_id).order_by(Member.id)
    rows = db.session.execute(of_envelope, execution_options=BY_KEY).all()
    book = LinkBook(connection_id, [Subject(row.kind, row.subject_id) for row in rows])
    return [_passenger(row, book.of(Subject(row.kind, row.subject_id))) for row in rows]


def _passenger(row: Any, link: Tie | None) -> Passenger:
    return Passenger(
        bid=row.bid,
        message_id=row.message_id,
        step=row.step,
        subject=Subject(row.kind, row.subject_id),
        tries=row.tries,
        asked=row.asked,
        priority=row.priority,
        remote_id=link.remote_id if link else None,
        revision=row.revision,
        digest=row.digest,
        label=row.label,
    )
