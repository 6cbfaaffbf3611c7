"""Attempts: one sending of one message each. The sync log is the list of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import HistoryRow

ARRIVED = text("outcome IN ('sent', 'adopted')")
"""QuickBooks has it by this attempt; spoken out in a question as in the index, so that SQLite knows it is the same."""


class Outcome(StrEnum):
    """How an attempt ended, in a word."""

    SENT = "sent"
    MATCHED = "matched"
    ADOPTED = "adopted"
    THROTTLED = "throttled"
    LATER = "later"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    SKIPPED = "skipped"
    HELD = "held"


class Attempt(HistoryRow, Base):
    """One sending, with the request and the response as they went over the wire, secrets masked."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_message", "message_id", "id"),
        Index("ix_attempt_subject", "kind", "subject_id", "id"),
        # The sync log pages by (connection, id) downwards; never by counting rows.
        Index("ix_attempt_log", "connection_id", "id"),
        Index("ix_attempt_tid", "tid"),
        # When something last arrived: a company whose attempts all fail is no long way back.
        Index("ix_attempt_arrived", "connection_id", "id", sqlite_where=ARRIVED, postgresql_where=ARRIVED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    """How a person knows the subject: the invoice's number, the client's name."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome] = mapped_column(enum_of(Outcome))
    sentence: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(String(20), default="")
    request_id: Mapped[str | None] = mapped_column(String(36))
    http_status: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(20))
    tid: Mapped[str | None] = mapped_column(String(80))
    milliseconds: Mapped[int | None]
    request_text: Mapped[str | None] = mapped_column(Text)
    response_text: Mapped[str | None] = mapped_column(Text)
