"""Failures gathered by their cause: one line and one fix for a hundred documents that wait for the same thing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.billing.entities import entities
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, MessageState

MOST = 5000
"""Parked messages that are looked at; more would say nothing more."""


@dataclass(frozen=True)
class Cause:
    """One reason: its sentence, what it waits for, how many wait for it, how many more wait behind those."""

    key: str
    sentence: str
    blocker: str
    message_ids: tuple[int, ...]
    behind: int
    oldest: datetime
    is_own: bool
    """Each of them is at fault itself; otherwise something else is missing."""

    @property
    def number(self) -> int:
        """How many are held directly."""
        return len(self.message_ids)


@dataclass(frozen=True)
class Held:
    """A parked message, as far as its cause matters."""

    id: int
    blocker: str
    reason: str
    posted_at: datetime
    itself: str
    """The blocker that it is for others."""


def causes() -> list[Cause]:
    """The causes of all that is parked in the present mode of each billing entity, the largest first."""
    present = [and_(*lanes.within(entity.lane)) for entity in entities()]
    parked = (
        select(Message)
        .where(or_(False, *present), Message.state == MessageState.PARKED)  # noqa: FBT003 - SQLAlchemy's empty "or"
        .order_by(Message.id)
        .limit(MOST)
    )
    held = [_held(message) for message in db.session.scalars(parked)]
    waiting = (
        select(Message.blocker, func.count())
        .where(or_(False, *present), Message.state == MessageState.WAITING, Message.blocker.is_not(None))  # noqa: FBT003
        .group_by(Message.blocker)
    )
    return gathered(held, {str(blocker): int(number) for blocker, number in db.session.execute(waiting)})


def gathered(held: Iterable[Held], waiting_for: dict[str, int]) -> list[Cause]:
    """Group by what is missing; where each is at fault itself, by the sentence without its own number (pure).

    `waiting_for` says how many wait until the record of a blocker is through.
    """
    groups: dict[str, list[Held]] = {}
    for one in held:
        groups.setdefault(_key(one), []).append(one)
    found = [_cause(key, group, waiting_for) for key, group in groups.items()]
    return sorted(found, key=lambda cause: (-cause.number - cause.behind, cause.oldest))


def _key(one: Held) -> str:
    told = one.reason if one.blocker == one.itself else one.blocker
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _cause(key: str, group: list[Held], waiting_for: dict[str, int]) -> Cause:
    first, is_own = group[0], group[0].blocker == group[0].itself
    # What is held may say different things of the same missing part; the most frequent sentence stands for all.
    sentence = Counter(one.reason for one in group).most_common(1)[0][0]
    behind = sum(waiting_for.get(one.itself, 0) for one in group)
    ids = tuple(one.id for one in group)
    oldest = min(one.posted_at for one in group)
    return Cause(key, sentence, first.blocker, ids, behind=behind, oldest=oldest, is_own=is_own)


def _held(message: Message) -> Held:
    itself = lanes.blocker_of(message.subject)
    return Held(message.id, message.blocker or itself, message.reason or "", message.posted_at, itself=itself)
