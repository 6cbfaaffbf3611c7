"""What may be in QuickBooks already: after a restore from backup, and after a disconnect has cleared the links.

What the copy calls waiting may have been sent since it was taken, and what a disconnect made a stranger may be sent
again by a person's word. Nobody may make it twice (DESIGN 5.4): it is looked for in QuickBooks, by number and marker,
before it is made there. What was not waiting in the copy at all is found by the catch-up and by comparing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, exists, func, or_, select, type_coerce, update
from sqlalchemy.orm import aliased

from app.foundation import clock
from app.foundation.database import db, table_of, transaction
from app.foundation.tenancy import everywhere
from app.outbox.models import Message
from app.sync.company.former_links import FormerLink
from app.sync.judging.decisions import Write
from app.sync.judging.verdicts import LOOK_UP_AFTER
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.records.policies import Policy
from app.sync.telling.loading import Sound


class Doubtful(NamedTuple):
    """Writes that QuickBooks may know already, and since when they may have been on their way."""

    sound: list[Sound]
    since: datetime


def declare() -> int:
    """What was posted until now is looked for before it is sent, in so many companies.

    Requests that were under way when the copy was made are looked up before they are repeated.
    """
    now = clock.now()
    with everywhere(), transaction() as session:
        for envelope in session.scalars(select(Envelope).where(Envelope.state == EnvelopeState.STORED)):
            envelope.first_sent_at, envelope.due_at = envelope.stored_at - LOOK_UP_AFTER, now
        return len(session.scalars(update(Policy).values(unsure_since=now).returning(Policy.connection_id)).all())


def how_far() -> int:
    """How far this database has come: the number of its newest envelope, nought where it holds none."""
    with everywhere():
        newest = db.session.scalar(select(func.max(table_of(Envelope).c.id)))
        db.session.rollback()
    return newest or 0


def doubtful(connection_id: int, unsure_since: datetime | None, sound: Sequence[Sound]) -> Doubtful | None:
    """Of the writes that are ready, those to be looked for first; None where all of them may leave.

    One that was looked for since is sent like any other.
    """
    made = [tell.due.id for tell, _call in sound if tell.write is Write.CREATE] if unsure_since is not None else []
    if not made or unsure_since is None:
        return None
    posted = {row.id: row.oldest for row in db.session.execute(_asked(connection_id, unsure_since, made))}
    if not posted:
        return None
    return Doubtful([one for one in sound if one[0].due.id in posted], min(posted.values()))


def _asked(connection_id: int, unsure_since: datetime, made: Sequence[int]) -> Select[int, datetime]:
    """Those of these messages that QuickBooks may know, and the moment of the oldest about each one's subject."""
    older = aliased(Message)
    same_subject = (older.kind == Message.kind, older.subject_id == Message.subject_id)
    was_told = exists().where(*same_subject, older.posted_at < unsure_since, Member.message_id == older.id)
    was_linked = exists().where(
        FormerLink.connection_id == connection_id,
        FormerLink.kind == Message.kind,
        FormerLink.subject_id == Message.subject_id,
    )
    was_looked_for = exists().where(
        Member.message_id == Message.id,
        Envelope.id == Member.envelope_id,
        Envelope.state == EnvelopeState.LOOKED_UP,
        Envelope.answered_at >= unsure_since,
    )
    oldest = select(func.min(older.posted_at)).where(*same_subject).scalar_subquery()
    return select(Message.id, type_coerce(oldest, Message.posted_at.type).label("oldest")).where(
        Message.id.in_(made),
        ~was_looked_for,
        or_(Message.posted_at < unsure_since, was_told, was_linked),
    )
