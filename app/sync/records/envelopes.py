"""Envelopes: one write to Intuit each, stored with its exact bytes before the first byte leaves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, bare, db, table_of
from app.foundation.tenancy import HistoryRow, ours
from app.outbox import lanes


class EnvelopeState(StrEnum):
    """The life of an envelope."""

    STORED = "stored"
    ANSWERED = "answered"
    LOOKED_UP = "looked_up"


UNANSWERED = text("state = 'stored'")
"""Spoken out in a question as in the index: of a bound value SQLite does not know that it is the same."""


class Envelope(HistoryRow, Base):
    """One write: request id, frozen call, members. Until it is answered its members belong to it alone."""

    __tablename__ = "envelope"
    __table_args__ = (
        Index(
            "ix_envelope_open",
            "connection_id",
            "due_at",
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    request_id: Mapped[str] = mapped_column(String(36), unique=True)
    call: Mapped[str] = mapped_column(Text)
    """The call as `quickbooks.calls.Call.to_json` froze it: a retry is the same to the byte."""
    state: Mapped[EnvelopeState] = mapped_column(enum_of(EnvelopeState), default=EnvelopeState.STORED)
    sends: Mapped[int] = mapped_column(default=0)
    unknown_outcomes: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    members: Mapped[list[Member]] = relationship(back_populates="envelope", order_by="Member.id")


class Member(HistoryRow, Base):
    """One message inside an envelope; `bid` finds its part in the answer of a batch."""

    __tablename__ = "envelope_member"
    __table_args__ = (UniqueConstraint("envelope_id", "bid"), Index("ix_envelope_member_message", "message_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelope.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    bid: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(20))
    """What is done to the record: create, update, void, delete."""
    revision: Mapped[int]
    """The revision of our record that these bytes tell."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the body, for lists, whose records count no revisions."""
    label: Mapped[str] = mapped_column(String(120), default="")
    envelope: Mapped[Envelope] = relationship(back_populates="members")


_STORED = literal_column(f"'{EnvelopeState.STORED}'", Envelope.state.type)
_IS_STORED = Envelope.state == _STORED
"""With its value in the statement itself, so that the index of open envelopes is used for sure."""

_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_ENVELOPE = table_of(Envelope)
IS_DUE = or_(
    _ENVELOPE.c.due_at <= bindparam("now"),
    and_(_ENVELOPE.c.stored_at > bindparam("latest"), _ENVELOPE.c.due_at >= _ENVELOPE.c.stored_at),
    _ENVELOPE.c.due_at > bindparam("never"),
)
"""Due, or put off by a clock that was ahead; asked with `at_present`."""
_NEXT = (
    select(_ENVELOPE.c.id)
    .where(_ENVELOPE.c.connection_id == bindparam("of_connection"), IS_DUE)
    # Each is due after that day: said so that only the index of open ones, and never that of all, has two columns to
    # search by; as a sum the key finds no order in that of all either.
    .where(_ENVELOPE.c.state == _STORED, _ENVELOPE.c.due_at > _LONG_AGO, ours(_ENVELOPE))
    .order_by(_ENVELOPE.c.id + 0)
    .limit(1)
)


def at_present() -> dict[str, datetime]:
    """The moments by which `IS_DUE` judges."""
    latest = clock.latest()
    return {"now": clock.now(), "latest": latest, "never": latest + lanes.LONGEST_PAUSE}


def next_unanswered(connection_id: int) -> int | None:
    """The id of the oldest envelope of this connection that wants its answer and is due to be sent (again)."""
    return bare(_NEXT, {"of_connection": connection_id, **at_present()}).scalars().first()


def unanswered_count(connection_id: int) -> int:
    """How many envelopes of this connection still want their answer."""
    number = db.session.scalar(select(func.count()).where(Envelope.connection_id == connection_id, _IS_STORED))
    return int(number or 0)
