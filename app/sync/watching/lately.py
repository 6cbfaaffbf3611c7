"""What happened lately, over all documents: the last good moments, and the newest lines of their timelines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from app.billing.timeline import TimelineEntry
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks.models import Connection
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.subjects import Name, names_of
from app.sync.records.attempts import ARRIVED, Attempt


@dataclass(frozen=True)
class Happening:
    """A line of a document's timeline, with the document's name."""

    entry: TimelineEntry
    name: Name


def happenings(limit: int = 8) -> list[Happening]:
    """The newest lines of all documents' timelines, the newest first."""
    wanted = select(TimelineEntry).where(TimelineEntry.subject_kind.in_(DOCUMENTS))
    rows = list(db.session.scalars(wanted.order_by(TimelineEntry.id.desc()).limit(limit)))
    names = names_of([_subject(row) for row in rows])
    return [Happening(row, names[_subject(row)]) for row in rows]


def last_push_at() -> datetime | None:
    """When QuickBooks last took something from us, in UTC."""
    # Of each company by itself, for so the index holds them.
    pushed = _pushed(Attempt.connection_id == Connection.id).scalar_subquery()
    return max(filter(None, db.session.scalars(select(pushed).select_from(Connection))), default=None)


def last_answer_at(connection: Connection) -> datetime | None:
    """When this company last answered well, in UTC. That is noted once a minute; a push in between is known too."""
    if connection.last_success_at is None:
        return None
    return max(connection.last_success_at, _last_push_to(connection.id) or connection.last_success_at)


def _last_push_to(connection_id: int) -> datetime | None:
    return db.session.scalar(_pushed(Attempt.connection_id == connection_id))


def _pushed(of_company: ColumnElement[bool]) -> Select[datetime]:
    return select(Attempt.at).where(ARRIVED, of_company).order_by(Attempt.id.desc()).limit(1)


def _subject(entry: TimelineEntry) -> Subject:
    return Subject(entry.subject_kind, entry.subject_id)
