"""The table of messages: the queue of record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Index, String, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.tenancy import HistoryRow


class Mode(StrEnum):
    """Which books a message is meant for; fixed when it is posted."""

    LIVE = "live"
    TEST = "test"


class MessageState(StrEnum):
    """The life of a message."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    SKIPPED = "skipped"
    PARKED = "parked"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Who goes first: a person who clicked, then what was pulled, then runs. Smaller is sooner."""

    PERSON = 0
    PULL = 1
    RUN = 2


class Subject(NamedTuple):
    """What a message is about: a kind ("invoice", "client") and the id of its row."""

    kind: str
    id: int


class Lane(NamedTuple):
    """All messages of one billing entity and mode."""

    billing_entity_id: int
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due message as it is held between transactions."""

    id: int
    generation: int
    subject: Subject
    tries: int
    asked: bool
    priority: int


class Message(HistoryRow, Base):
    """Something happened to a subject; the other side must hear of it."""

    __tablename__ = "message"
    __table_args__ = (
        # At most one message of a subject waits (or is parked) and at most one flies: a second edit merges.
        Index(
            "uq_message_one_waits",
            "billing_entity_id",
            "mode",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'parked')"),
            postgresql_where=text("state IN ('waiting', 'parked')"),
        ),
        Index(
            "uq_message_one_flies",
            "billing_entity_id",
            "mode",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        # The next of a lane in its order, and the scan for due lanes each second, which reads nothing but this index:
        # only waiting rows are in it, however many lie behind.
        Index(
            "ix_message_next",
            "billing_entity_id",
            "mode",
            "priority",
            "id",
            "due_at",
            "organisation_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_message_subject", "kind", "subject_id", "id"),
        # The log is walked from its newest end, whole or what is in one state: a handful among all that was ever sent.
        Index("ix_message_log", "billing_entity_id", "mode", "id"),
        Index("ix_message_standing", "billing_entity_id", "mode", "state", "id"),
        Index(
            "ix_message_held_by",
            "billing_entity_id",
            "mode",
            "blocker",
            sqlite_where=text("blocker IS NOT NULL"),
            postgresql_where=text("blocker IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    billing_entity_id: Mapped[int]
    mode: Mapped[Mode] = mapped_column(enum_of(Mode))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    generation: Mapped[int] = mapped_column(default=1)
    """Counts the edits merged into this message, so that an edit during a flight is noticed."""
    state: Mapped[MessageState] = mapped_column(enum_of(MessageState), default=MessageState.WAITING)
    priority: Mapped[int] = mapped_column(default=Priority.RUN)
    asked: Mapped[bool] = mapped_column(default=False)
    """A person asked for this very subject: rules about time ("only what was opened since") do not hold it back."""
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    blocker: Mapped[str | None] = mapped_column(String(120))
    """What it waits for ("service:42", "connection"); None unless parked or held back by a prerequisite."""
    reason: Mapped[str | None] = mapped_column(Text)
    """The sentence a person reads: why it waits, was skipped, parked or cancelled."""
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def subject(self) -> Subject:
        """What this message is about."""
        return Subject(self.kind, self.subject_id)

    @property
    def lane(self) -> Lane:
        """The lane it waits in."""
        return Lane(self.billing_entity_id, Mode(self.mode))


HELD = (MessageState.WAITING, MessageState.PARKED)


def literally(*states: MessageState, of: Any = Message) -> ColumnElement[bool]:
    """Being in one of these states, which stand in the statement itself: only so is a partial index used for sure."""
    values = [literal_column(f"'{state}'", of.state.type) for state in states]
    among: ColumnElement[bool] = of.state.in_(values) if len(values) > 1 else of.state == values[0]
    return among


WAITS = literally(*HELD)
