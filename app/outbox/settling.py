"""How a message leaves its state. Every verb runs in the caller's transaction.

A conditional update that changes no row means another process was first; the caller then leaves the message alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, tuple_, update

from app.foundation import clock
from app.foundation.database import db, rows_changed, table_of
from app.foundation.tenancy import BY_KEY, ours
from app.outbox.lanes import FAR_AWAY, HELD, blocker_of, release, within
from app.outbox.models import Lane, Message, MessageState, Subject

_IN_BULK = {**BY_KEY, "synchronize_session": False}
"""Messages that the session holds are not looked through: who changes many does not read them in that transaction."""
_MESSAGE = table_of(Message)
_NAMED = (_MESSAGE.c.id.in_(bindparam("ids", expanding=True)), ours(_MESSAGE))
_PUT_IN = (
    update(_MESSAGE)
    .where(
        *_NAMED,
        tuple_(_MESSAGE.c.id, _MESSAGE.c.generation).in_(bindparam("as_decided", expanding=True)),
        _MESSAGE.c.state == MessageState.WAITING,
    )
    .values(state=MessageState.SENDING)
    .returning(_MESSAGE.c.id)
)
_SETTLE = (
    update(_MESSAGE)
    .where(*_NAMED, _MESSAGE.c.state.in_((MessageState.SENDING, MessageState.WAITING)))
    .values(state=MessageState.DONE, blocker=None, reason=None)
)


def put_in_envelope(generations: Mapping[int, int]) -> set[int]:
    """Waiting to sending: {message id: its generation when it was decided}; returns the ids of those that moved.

    One that changed or was taken meanwhile is not among them.
    """
    as_decided = {"ids": list(generations), "as_decided": list(generations.items())}
    return set(db.session.scalars(_PUT_IN, as_decided))


def settle(message_id: int) -> bool:
    """Sending (or waiting, when there was nothing to tell) to done, and release those that waited for its subject."""
    message = db.session.get_one(Message, message_id)
    return settle_all(message.lane, {message_id: message.subject}) == 1


def settle_all(lane: Lane, subjects: Mapping[int, Subject]) -> int:
    """The same for many messages of a lane, {message id: its subject}; returns how many were not settled before."""
    settled = rows_changed(db.session.execute(_SETTLE, {"ids": list(subjects), "settled_at": clock.now()}))
    release(lane, *map(blocker_of, subjects.values()))
    return settled


def skip(message_id: int, reason: str) -> bool:
    """The policies say never: recorded with the reason, until a person or a new edit posts again."""
    return _end(message_id, MessageState.SKIPPED, reason)


def cancel_one(message_id: int, reason: str) -> bool:
    """There is nothing to tell any more."""
    return _end(message_id, MessageState.CANCELLED, reason)


def park(message_id: int, blocker: str, reason: str) -> bool:
    """A person is needed. A newer message of the subject that waits already takes this one in."""
    if _newer_waits(message_id):
        return _end(message_id, MessageState.CANCELLED, "A newer change took its place.")
    return _move(
        message_id, (MessageState.SENDING, *HELD), state=MessageState.PARKED, blocker=blocker[:120], reason=reason
    )


def await_subject(message_id: int, awaited: Subject, reason: str) -> bool:
    """Wait until the message of a prerequisite is settled; nothing is charged."""
    return _move(
        message_id,
        (MessageState.WAITING,),
        state=MessageState.WAITING,
        blocker=blocker_of(awaited),
        reason=reason,
        due_at=FAR_AWAY,
    )


def give_back(message_id: int, due_at: datetime, reason: str, *, charge: bool) -> bool:
    """Sending back to waiting after a failure that heals; `charge` counts a try.

    A newer message of the subject that waits already takes this one in: it will tell all there is to tell.
    """
    if _newer_waits(message_id):
        return _end(message_id, MessageState.CANCELLED, "A newer change took its place.")
    return _move(
        message_id,
        (MessageState.SENDING, MessageState.WAITING),
        state=MessageState.WAITING,
        due_at=due_at,
        reason=reason,
        tries=Message.tries + (1 if charge else 0),
    )


def explain(message_ids: Sequence[int], reason: str) -> None:
    """Say why they are still under way; their states stay."""
    explained = update(Message).where(Message.id.in_(message_ids)).values(reason=reason)
    db.session.execute(explained, execution_options=_IN_BULK)


def _end(message_id: int, state: MessageState, reason: str) -> bool:
    return _move(
        message_id,
        (MessageState.SENDING, *HELD),
        state=state,
        reason=reason,
        blocker=None,
        settled_at=clock.now(),
    )


def _newer_waits(message_id: int) -> bool:
    message = db.session.get_one(Message, message_id)
    newer = select(Message.id).where(
        *within(message.lane),
        Message.kind == message.kind,
        Message.subject_id == message.subject_id,
        Message.state.in_(HELD),
        Message.id != message_id,
    )
    return db.session.scalar(newer) is not None


def _move(message_id: int, before: Sequence[MessageState], *also: ColumnElement[bool], **values: object) -> bool:
    result = db.session.execute(
        update(Message).where(and_(Message.id == message_id, Message.state.in_(before), *also)).values(**values)
    )
    return rows_changed(result) == 1
