"""Posting: in the caller's transaction, merged with what waits already; a bell rings after the commit."""

from __future__ import annotations

from blinker import Signal
from sqlalchemy import select, update

from app.foundation import clock
from app.foundation.database import after_commit, db
from app.foundation.tenancy import current_organisation
from app.outbox.models import Lane, Message, MessageState, Priority, Subject

posted = Signal("a message was posted, to whom it may concern; the sender is its Lane")
"""Only a bell: losing it costs a second, for every worker also scans for due lanes."""

_WAITS = (MessageState.WAITING, MessageState.PARKED)


def post(subject: Subject, lane: Lane, *, priority: Priority = Priority.RUN, asked: bool = False) -> Message:
    """Remember that something happened to this subject; a waiting or parked message of it takes this one in.

    Must be called inside the transaction that makes it true. Tries and blocker begin anew. `asked` says that a person
    wants this very subject told, whatever the rules about time.
    """
    now = clock.now()
    message = _waiting(subject, lane)
    if message is None:
        message = Message(
            billing_entity_id=lane.billing_entity_id,
            mode=lane.mode,
            kind=subject.kind,
            subject_id=subject.id,
            priority=priority,
            asked=asked,
            posted_at=now,
            due_at=now,
        )
        db.session.add(message)
    else:
        message.state = MessageState.WAITING
        message.generation += 1
        message.priority = min(message.priority, priority)
        message.asked = message.asked or asked
        message.due_at, message.tries, message.blocker, message.reason = now, 0, None, None
    after_commit(lambda: ring(lane), once=("ring", lane))
    return message


def ring(lane: Lane) -> None:
    """Tell whoever listens that this lane has something due."""
    posted.send(lane, organisation_id=current_organisation())


def cancel(subject: Subject, *, reason: str) -> int:
    """Take back what waits or is parked about a subject, in every lane; what flies already is left to land.

    Returns how many were taken back.
    """
    cancelled = db.session.execute(
        update(Message)
        .where(Message.kind == subject.kind, Message.subject_id == subject.id, Message.state.in_(_WAITS))
        .values(state=MessageState.CANCELLED, reason=reason, blocker=None, settled_at=clock.now())
    )
    return int(cancelled.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _waiting(subject: Subject, lane: Lane) -> Message | None:
    return db.session.scalar(
        select(Message).where(
            Message.billing_entity_id == lane.billing_entity_id,
            Message.mode == lane.mode,
            Message.kind == subject.kind,
            Message.subject_id == subject.id,
            Message.state.in_(_WAITS),
        )
    )
