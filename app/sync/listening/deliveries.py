"""Deliveries: webhook calls as they arrived, and the events inside them with what each one changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import OrganisationRow

PAYMENTS = text("entity = 'Payment'")
"""Spoken out in a question as in the index: of a bound value SQLite does not know that it is the same."""
_FOUND = text("delivery_id IS NULL")
_TOLD = text("delivery_id IS NOT NULL")


class Rejection(StrEnum):
    """Why a call was refused."""

    NO_SIGNATURE = "no_signature"
    BAD_SIGNATURE = "bad_signature"
    TOO_LARGE = "too_large"


class Delivery(Base):
    """One webhook call. It may carry events of several organisations, so it belongs to none; its events do.

    Of a rejected call only reason, size, hash and source are kept, never the body.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_open", "processed_at"),
        Index("ix_delivery_digest", "digest"),
        # How many calls were refused in the last minute is asked for with each refusal.
        Index("ix_delivery_arrived", "arrived_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intuit_app_id: Mapped[int | None] = mapped_column(ForeignKey("intuit_app.id"))
    """The organisation's own app at whose address it arrived; None for the shared one."""
    mode: Mapped[str | None] = mapped_column(String(10))
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(60))
    rejection: Mapped[Rejection | None] = mapped_column(enum_of(Rejection))
    more: Mapped[int] = mapped_column(default=0)
    """How many further refused calls were only counted, because too many came in one minute."""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    problem: Mapped[str | None] = mapped_column(Text)
    processed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EventState(StrEnum):
    """What became of an event."""

    WAITING = "waiting"
    APPLIED = "applied"
    IGNORED = "ignored"
    FAILED = "failed"
    LEFT = "left"
    """Its company is not connected any more; catching up finds it if it ever is again."""


class Event(OrganisationRow, Base):
    """One event of one of our connections; its id is Intuit's, so a repeated one is known."""

    __tablename__ = "event"
    __table_args__ = (
        Index("uq_event_once", "connection_id", "remote_event_id", unique=True),
        Index("ix_event_open", "state", "due_at"),
        # When somebody last heard from a webhook stands on several pages.
        Index("ix_event_heard", "organisation_id", "delivery_id"),
        Index("ix_event_told", "connection_id", "at", sqlite_where=_TOLD, postgresql_where=_TOLD),
        # The panel asks every few seconds how soon the last ones were taken in.
        Index("ix_event_paid", "connection_id", "processed_at", sqlite_where=PAYMENTS, postgresql_where=PAYMENTS),
        Index("ix_event_found", "connection_id", "processed_at", sqlite_where=_FOUND, postgresql_where=_FOUND),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    """None for an event made by catch-up or reconciliation instead of a webhook."""
    remote_event_id: Mapped[str] = mapped_column(String(120))
    entity: Mapped[str] = mapped_column(String(40))
    remote_id: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(20))
    deleted_id: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[EventState] = mapped_column(enum_of(EventState), default=EventState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    effect: Mapped[str | None] = mapped_column(Text)
    """What it changed, in a sentence, or why nothing."""
    processed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
