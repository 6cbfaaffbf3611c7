"""What happened to a document, a client or a payment, in sentences a bookkeeper reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Index, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime
from app.foundation.database import Base, bare, db, table_of
from app.foundation.tenancy import OrganisationRow
from app.outbox.models import Subject


class Actor(NamedTuple):
    """Who did it: a user's id and name, or a name alone ("Import 12")."""

    id: int | None
    name: str


SYSTEM = Actor(None, "Counterfoil")


class TimelineEntry(OrganisationRow, Base):
    """One line of a timeline; never changed, never deleted."""

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_subject", "organisation_id", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(40))
    """One word for filters and icons ("opened", "paid"); the sentence is for people."""
    sentence: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


_WRITE = insert(table_of(TimelineEntry))


def note(
    subject: Subject, verb: str, sentence: str, *, actor: Actor | None = None, details: dict[str, Any] | None = None
) -> TimelineEntry:
    """Write one line into the timeline of a subject, in the caller's transaction. The subject must have its id."""
    line = TimelineEntry(**entry(subject, verb, sentence, actor=actor, details=details))
    db.session.add(line)
    return line


def entry(
    subject: Subject, verb: str, sentence: str, *, actor: Actor | None = None, details: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The row of a line that is not written yet: see `write_all`."""
    who = actor or SYSTEM
    return {
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "at": clock.now(),
        "actor_id": who.id,
        "actor_name": who.name,
        "verb": verb,
        "sentence": sentence,
        "details": details,
    }


def write_all(rows: Sequence[dict[str, Any]]) -> None:
    """Write many lines by one statement, in the caller's transaction."""
    if rows:
        bare(_WRITE, rows)


def entries(subject: Subject) -> list[TimelineEntry]:
    """The timeline of a subject, newest first."""
    of_subject = select(TimelineEntry).where(
        TimelineEntry.subject_kind == subject.kind, TimelineEntry.subject_id == subject.id
    )
    return list(db.session.scalars(of_subject.order_by(TimelineEntry.id.desc())))


def last_entry_id(subject: Subject) -> int:
    """The id of the newest line about a subject; nought where there is none."""
    newest = select(func.max(TimelineEntry.id)).where(
        TimelineEntry.subject_kind == subject.kind, TimelineEntry.subject_id == subject.id
    )
    return int(db.session.scalar(newest) or 0)
