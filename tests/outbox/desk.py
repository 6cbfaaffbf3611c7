"""A tray with one lane, in which messages are posted, claimed and ended."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db, end_reading, transaction
from app.outbox import lanes, settling, tray
from app.outbox.models import Lane, Message, MessageState, Mode, Priority, Subject

LANE = Lane(1, Mode.LIVE)
OTHER_LANE = Lane(1, Mode.TEST)
INVOICE = Subject("invoice", 7)
CLIENT = Subject("client", 3)


def post(
    subject: Subject = INVOICE, lane: Lane = LANE, *, priority: Priority = Priority.RUN, asked: bool = False
) -> int:
    """Post it; returns the message's id."""
    with transaction():
        message = tray.post(subject, lane, priority=priority, asked=asked)
        db.session.flush()
        return message.id


def fly(message_id: int) -> int:
    """Put it in an envelope."""
    with transaction():
        assert settling.put_in_envelope({message_id: look(message_id).generation})
    return message_id


def look(message_id: int) -> Message:
    """A message as it is now."""
    return db.session.get_one(Message, message_id, populate_existing=True)


def states(subject: Subject = INVOICE) -> list[MessageState]:
    """The states of all messages about a subject, the oldest first."""
    end_reading()
    of_subject = select(Message).where(Message.kind == subject.kind, Message.subject_id == subject.id)
    return [MessageState(row.state) for row in db.session.scalars(of_subject.order_by(Message.id))]


def due(lane: Lane = LANE, limit: int = 10) -> list[Subject]:
    """What is due, in order."""
    end_reading()
    found = [message.subject for message in lanes.due(lane, limit)]
    end_reading()
    return found
