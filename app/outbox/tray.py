"""Posting: in the caller's transaction, merged with what waits already; a bell rings after the commit."""

from __future__ import annotations

from functools import partial

from blinker import Signal
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.foundation import clock
from app.foundation.database import after_commit, db
from app.foundation.errors import ConflictError
from app.foundation.tenancy import current_organisation
from app.outbox.models import WAITS, Lane, Message, MessageState, Priority, Subject

_TRIES = 10
"""How often another process may begin a message and send it off while we look for it."""
_RESTLESS = "It is being sent and given back at this very moment. Try again."

posted = Signal("a message was posted, to whom it may concern; the sender is its Lane")
"""Only a bell: losing it costs a second, for every worker also scans for due lanes."""


def post(subject: Subject, lane: Lane, *, priority: Priority = Priority.RUN, asked: bool = False) -> Message:
    """Remember that something happened to this subject; a waiting or parked message of it takes this one in.

    Must be called inside the transaction that makes it true. Tries and blocker begin anew. `asked` says that a person
    wants this very subject told, whatever the rules about time.
    """
    now = clock.now()
    fresh = Message(
        billing_entity_id=lane.billing_entity_id,
        mode=lane.mode,
        kind=subject.kind,
        subject_id=subject.id,
        priority=priority,
        asked=asked,
        posted_at=now,
        due_at=now,
    )
    message = _waiting(subject, lane) or _added(fresh)
    if message is not fresh:
        _merge(message, fresh)
    ring_after_commit(lane)
    return message


def _added(fresh: Message) -> Message:
    """The new message; where another process began one in this very moment, theirs.

    Theirs may be on its way before we have looked at it: then there is room for a new one again.
    """
    for _try in range(_TRIES):
        try:
            with db.session.begin_nested():
                db.session.add(fresh)
        except IntegrityError:
            theirs = _waiting(fresh.subject, fresh.lane)
            if theirs is not None:
                return theirs
        else:
            return fresh
    raise ConflictError(_RESTLESS)


def _merge(message: Message, newer: Message) -> None:
    message.state = MessageState.WAITING
    message.generation += 1
    message.priority = min(message.priority, newer.priority)
    message.asked = message.asked or newer.asked
    message.due_at, message.tries, message.blocker, message.reason = newer.due_at, 0, None, None


def ring(lane: Lane) -> None:
    """Tell whoever listens that this lane has something due."""
    _ring_for(current_organisation(), lane)


def ring_after_commit(lane: Lane) -> None:
    """Ring once the open transaction is committed, on behalf of whom we act for now; once for each lane."""
    after_commit(partial(_ring_for, current_organisation(), lane), once=("ring", lane))


def _ring_for(organisation_id: int, lane: Lane) -> None:
    posted.send(lane, organisation_id=organisation_id)


def _waiting(subject: Subject, lane: Lane) -> Message | None:
    """Its row is locked: an edit must not merge into a message that is just being put into an envelope."""
    return db.session.scalar(
        select(Message)
        .where(
            Message.billing_entity_id == lane.billing_entity_id,
            Message.mode == lane.mode,
            Message.kind == subject.kind,
            Message.subject_id == subject.id,
            WAITS,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
