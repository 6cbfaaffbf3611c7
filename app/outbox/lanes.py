"""Looking into the tray: what is due in a lane, what waits for what, and releasing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, union_all, update

from app.foundation import clock, reading
from app.foundation.database import bare, db, rows_changed, table_of
from app.foundation.tenancy import ours
from app.outbox.models import HELD as HELD
from app.outbox.models import WAITS as WAITS
from app.outbox.models import Due, Lane, Message, MessageState, Mode, Subject, literally
from app.outbox.tray import ring_after_commit

FAR_AWAY = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""The due time of a message that waits for a prerequisite: only a release makes it due."""

LONGEST_PAUSE = timedelta(days=1)
"""No try is put off for longer, whoever asks for it."""

IS_WAITING, FLIES = literally(MessageState.WAITING), literally(MessageState.SENDING)
"""Conditions for what is not yet at its end, each met by an index that holds nothing else, however long the history."""


def due_lanes() -> list[tuple[int, Lane]]:
    """The lanes with something due now, each with its organisation's id; for the sweep over all organisations."""
    columns = (Message.organisation_id, Message.billing_entity_id, Message.mode)
    rows = db.session.execute(select(*columns).where(IS_WAITING, IS_DUE).distinct(), at_present())
    return [(organisation, Lane(entity, Mode(mode))) for organisation, entity, mode in rows]


def due(lane: Lane, limit: int, *, without: Sequence[int] = (), only: Sequence[int] | None = None) -> list[Due]:
    """The due messages of a lane, persons before runs, older before newer, at most `limit`, some ids left out.

    A message whose subject flies already is not among them: until that answer is known, telling it would tell it twice.
    `only` narrows to some ids; None to none.
    """
    asked = {"entity_id": lane.billing_entity_id, "of_mode": lane.mode, "most": limit, **at_present()}
    named = ({"without": without} if without else {}) | ({} if only is None else {"only": only})
    return [
        Due(
            id=row.id,
            generation=row.generation,
            subject=Subject(row.kind, row.subject_id),
            tries=row.tries,
            asked=row.asked,
            priority=row.priority,
        )
        for row in bare(_due(*named), asked | named)
    ]


@cache
def _due(*narrowed: str) -> Select[Any]:
    """The question for what is due, with those of its conditions that are asked for."""
    return _DUE.where(*(_NARROWED[name] for name in narrowed))


def at_present() -> dict[str, datetime]:
    """The moments by which `IS_DUE` judges."""
    return {"now": clock.now(), "never": clock.latest() + LONGEST_PAUSE}


def next_due_at(lane: Lane) -> datetime | None:
    """When the next waiting message of a lane falls due, in UTC; None when none waits for time."""
    moment: datetime | None = db.session.scalar(
        select(func.min(Message.due_at)).where(*within(lane), IS_WAITING, Message.due_at < FAR_AWAY)
    )
    return moment


def release(lane: Lane, *blockers: str) -> int:
    """Make everything in this lane that waits for one of these blockers due now; returns how many."""
    waiting = {"entity_id": lane.billing_entity_id, "of_mode": lane.mode, "blockers": blockers}
    released = rows_changed(bare(_RELEASE, {**waiting, "due_at": clock.now()}))
    if released:
        ring_after_commit(lane)
    return released


def release_ids(lane: Lane, message_ids: Iterable[int]) -> int:
    """A person tries again: parked and delayed messages become due now; returns how many."""
    again = (MessageState.PARKED, MessageState.WAITING)
    released = rows_changed(
        db.session.execute(
            update(Message)
            .where(*within(lane), Message.id.in_(list(message_ids)), Message.state.in_(again))
            .values(state=MessageState.WAITING, due_at=clock.now(), blocker=None, reason=None, tries=0)
        )
    )
    if released:
        ring_after_commit(lane)
    return released


def pending_among(subjects: Iterable[Subject], lane: Lane) -> set[Subject]:
    """Those of the subjects about which a message waits, is parked or flies in this lane."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    pending: set[Subject] = set()
    for kind, ids in by_kind.items():
        rows = db.session.scalars(
            select(Message.subject_id).where(
                *within(lane),
                Message.kind == kind,
                Message.subject_id.in_(ids),
                _also_in(*HELD, MessageState.SENDING, of=Message),
            )
        )
        pending.update(Subject(kind, subject_id) for subject_id in rows)
    return pending


def lock(message_ids: Sequence[int]) -> None:
    """Hold these messages until the caller's transaction ends; whoever wants to change one waits."""
    if message_ids:
        db.session.scalars(select(Message.id).where(Message.id.in_(list(message_ids))).with_for_update()).all()


def busy_subjects(kind: str, lane: Lane) -> set[int]:
    """The ids of the subjects of a kind about which something waits, is parked or flies in this lane."""
    of_kind = select(Message.subject_id).where(*within(lane), Message.kind == kind)
    return set(db.session.scalars(union_all(of_kind.where(WAITS), of_kind.where(FLIES))))


def latest_of(subjects: Sequence[Subject], lane: Lane | None = None) -> dict[Subject, Message]:
    """The newest message of each subject (of one kind), whatever its state: where a person finds what happened."""
    if not subjects:
        return {}
    kind = subjects[0].kind
    ids = (
        select(func.max(Message.id))
        .where(Message.kind == kind, Message.subject_id.in_([subject.id for subject in subjects]))
        .group_by(Message.subject_id)
    )
    if lane is not None:
        ids = ids.where(*within(lane))
    rows = db.session.scalars(select(Message).where(Message.id.in_(ids)))
    return {message.subject: message for message in rows}


def counts(lane: Lane) -> dict[MessageState, int]:
    """How many messages of a lane are in each state that is not yet at its end."""
    return reading.once(("counts", lane), lambda: _counts(lane))


def _counts(lane: Lane) -> dict[MessageState, int]:
    counted = select(Message.state, func.count()).where(*within(lane)).group_by(Message.state)
    held, flying = counted.where(WAITS), counted.where(FLIES)
    return {state: int(number) for state, number in db.session.execute(union_all(held, flying))}


def oldest_wait(lane: Lane) -> datetime | None:
    """When the message that waits longest for its turn was posted, in UTC; those that wait for a person don't count."""
    moment: datetime | None = db.session.scalar(
        select(func.min(Message.posted_at)).where(*within(lane), IS_WAITING, Message.due_at < FAR_AWAY)
    )
    return moment


def blocker_of(subject: Subject) -> str:
    """The blocker that a subject is for others: "client:7"."""
    return f"{subject.kind}:{subject.id}"


def within(lane: Lane) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that keep a query inside a lane."""
    return Message.billing_entity_id == lane.billing_entity_id, Message.mode == lane.mode


def _also_in(*states: MessageState, of: Any) -> ColumnElement[bool]:
    """Being in one of these states, asked of rows that other columns find.

    Not as the column itself: SQLite might take up the index of states, and walk through all that waits.
    """
    among: ColumnElement[bool] = func.coalesce(of.state, "").in_(states)
    return among


_MESSAGE = table_of(Message)
_FLYING = _MESSAGE.alias("flying")
IS_DUE = or_(
    _MESSAGE.c.due_at <= bindparam("now"),
    _MESSAGE.c.due_at.between(bindparam("never"), FAR_AWAY - timedelta(seconds=1)),
)
"""Due, or put off by a clock that was ahead."""
_IN_LANE = (_MESSAGE.c.billing_entity_id == bindparam("entity_id"), _MESSAGE.c.mode == bindparam("of_mode"))
_FLIES_ALREADY = exists().where(
    literally(MessageState.SENDING, of=_FLYING.c),
    *(_FLYING.c[name] == _MESSAGE.c[name] for name in ("billing_entity_id", "mode", "kind", "subject_id")),
)
_DUE = (
    select(*(_MESSAGE.c[field.name] for field in fields(Due) if field.name != "subject"))
    .add_columns(_MESSAGE.c.kind, _MESSAGE.c.subject_id)
    .where(
        *_IN_LANE,
        literally(MessageState.WAITING, of=_MESSAGE.c),
        IS_DUE,
        ~_FLIES_ALREADY,
        ours(_MESSAGE),
    )
    .order_by(_MESSAGE.c.priority, _MESSAGE.c.id)
    .limit(bindparam("most"))
)
_NARROWED = {
    "only": _MESSAGE.c.id.in_(bindparam("only", expanding=True)),
    "without": _MESSAGE.c.id.not_in(bindparam("without", expanding=True)),
}
_RELEASE = (
    update(_MESSAGE)
    .where(
        *_IN_LANE,
        _also_in(*HELD, of=_MESSAGE.c),
        _MESSAGE.c.blocker.in_(bindparam("blockers", expanding=True)),
        ours(_MESSAGE),
    )
    .values(state=MessageState.WAITING, blocker=None, reason=None, tries=0)
)
"""Built once, for the engine asks and says so with each envelope."""
