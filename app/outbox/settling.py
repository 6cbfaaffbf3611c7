"""How a message leaves its state. Every verb runs in the caller's transaction.

A conditional update that changes no row means another process was first; the caller then leaves the message alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from app.foundation import clock
from app.foundation.database import bare, db, rows_changed, table_of
from app.foundation.tenancy import BY_KEY, ours
from app.outbox.lanes import FAR_AWAY, HELD, WAITS, blocker_of, release, within
from app.outbox.models import Lane, Message, MessageState, Subject

_OPEN = (MessageState.SENDING, *HELD)
_IN_BULK = {**BY_KEY, "synchronize_session": False}
"""Messages that the session holds are not looked through: who changes many does not read them in that transaction."""
_MESSAGE = table_of(Message)
_NAMED = (_MESSAGE.c.id.in_(bindparam("ids", expanding=True)), ours(_MESSAGE))
_PUT_IN = (
    update(_MESSAGE)
    .where(
        *_NAMED,
        _MESSAGE.c.generation == bindparam("as_decided"),
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
    ids_of: dict[int, list[int]] = defaultdict(list)  # nearly all of them were posted once, and never edited since
    for message_id, generation in generations.items():
        ids_of[generation].append(message_id)
    moved = (bare(_PUT_IN, {"ids": ids, "as_decided": generation}) for generation, ids in ids_of.items())
    return {message_id for rows in moved for message_id in rows.scalars()}


def settle(message_id: int) -> bool:
    """Sending (or waiting, when there was nothing to tell) to done, and release those that waited for its subject."""
    message = db.session.get_one(Message, message_id)
    return settle_all(message.lane, {message_id: message.subject}) == 1


def settle_all(lane: Lane, subjects: Mapping[int, Subject]) -> int:
    """The same for many messages of a lane, {message id: its subject}; returns how many were not settled before."""
    settled = rows_changed(bare(_SETTLE, {"ids": list(subjects), "settled_at": clock.now()}))
    release(lane, *map(blocker_of, subjects.values()))
    return settled


def skip(message_id: int, reason: str) -> bool:
    """The policies say never: recorded with the reason, until a person or a new edit posts again."""
    return _end(message_id, MessageState.SKIPPED, reason)


def cancel_one(message_id: int, reason: str) -> bool:
    """There is nothing to tell any more. False where it was put into an envelope meanwhile: it is left to land."""
    return _end(message_id, MessageState.CANCELLED, reason, before=HELD)


def give_up(message_id: int, reason: str) -> bool:
    """As `cancel_one`, of one that flies too: nobody will hear its answer."""
    return _end(message_id, MessageState.CANCELLED, reason)


def cancel(subject: Subject, *, reason: str) -> int:
    """Take back what waits or is parked about a subject, in every lane; what flies already is left to land.

    Returns how many were taken back.
    """
    held = select(Message.id).where(Message.kind == subject.kind, Message.subject_id == subject.id, WAITS)
    return sum(cancel_one(message_id, reason) for message_id in list(db.session.scalars(held)))


def park(message_id: int, blocker: str, reason: str) -> bool:
    """A person is needed. A newer message of the subject that waits already takes this one in."""
    if _newer_waits(message_id):
        return _end(message_id, MessageState.CANCELLED, "A newer change took its place.")
    return _move(message_id, _OPEN, state=MessageState.PARKED, blocker=blocker[:120], reason=reason)


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


def _end(message_id: int, state: MessageState, reason: str, *, before: Sequence[MessageState] = _OPEN) -> bool:
    """Who waits for its subject is decided anew: this one will never be settled, and nothing else would wake them."""
    ended = _move(
        message_id,
        before,
        state=state,
        reason=reason,
        blocker=None,
        settled_at=clock.now(),
    )
    if ended:
        message = db.session.get_one(Message, message_id)
        release(message.lane, blocker_of(message.subject))
    return ended


def _newer_waits(message_id: int) -> bool:
    message = db.session.get_one(Message, message_id)
    newer = select(Message.id).where(
        *within(message.lane),
        Message.kind == message.kind,
        Message.subject_id == message.subject_id,
        WAITS,
        Message.id != message_id,
    )
    return db.session.scalar(newer) is not None


def _move(message_id: int, before: Sequence[MessageState], *also: ColumnElement[bool], **values: object) -> bool:
    result = db.session.execute(
        update(Message).where(and_(Message.id == message_id, Message.state.in_(before), *also)).values(**values)
    )
    return rows_changed(result) == 1
