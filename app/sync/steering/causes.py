"""Failures gathered by their cause: one line and one fix for a hundred documents that wait for the same thing."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select

from app.billing.document import Document
from app.billing.entities import entities
from app.foundation import reading
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState
from app.sync.judging.kinds import DOCUMENTS

Awaited = tuple[int, str]
"""A billing entity's id, and the blocker that one of its parked clients or services is for others."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Parked messages that agree in all that is named here; of documents the blockers that name them alone are one."""

    entity_id: int
    blocker: str
    reason: str
    is_own: bool
    """At fault itself; otherwise something else is missing."""
    kind: str
    client_id: int | None
    itself: str
    """The blocker that a client or service is for others; empty for documents."""
    number: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Documents of one client that wait until something parked is through."""

    kind: str
    client_id: int | None
    number: int


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One reason: its sentence, what it waits for, and all that wait: directly, or behind those."""

    key: str
    entity_id: int
    sentence: str
    blocker: str
    reasons: tuple[str, ...]
    is_own: bool
    """Each of them is at fault itself; otherwise something else is missing."""
    number: int
    """How many messages are held directly."""
    behind: int
    documents: Mapping[str, int]
    """How many documents of each kind wait, those behind too."""
    clients: int
    """How many clients these documents are for."""
    oldest: datetime

    @property
    def waiting(self) -> int:
        """All that goes once it is mended."""
        return self.number + self.behind


def causes(entity_id: int | None = None) -> list[Cause]:
    """The causes of all that is parked in the present mode of each billing entity, or of one; the largest first."""
    return list(reading.once(("causes", entity_id), lambda: _causes(entity_id)))


def _causes(entity_id: int | None) -> list[Cause]:
    present = [entity.lane for entity in entities() if entity_id in {None, entity.id}]
    held = [Held(**row) for row in db.session.execute(_parked(present)).mappings()]
    return gathered(held, _waiting_for(present, {(one.entity_id, one.itself) for one in held if one.itself}))


def cause_of(key: str) -> Cause | None:
    """The one with this key; None where it was mended meanwhile."""
    return next((cause for cause in causes() if cause.key == key), None)


def within(cause: Cause) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the messages that are held directly, for queries on them."""
    of_itself = and_(Message.blocker.endswith(_itself()), Message.reason.in_(cause.reasons))
    why = of_itself if cause.is_own else Message.blocker == cause.blocker
    return *lanes.within(lane_of(cause)), Message.state == MessageState.PARKED, why


def lane_of(cause: Cause) -> Lane:
    """The lane in which they wait."""
    return next(entity.lane for entity in entities() if entity.id == cause.entity_id)


def gathered(held: Iterable[Held], waiting_for: Mapping[Awaited, Iterable[Behind]]) -> list[Cause]:
    """Group by what is missing; where each is at fault itself, by the sentence without its own numbers (pure)."""
    groups: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        groups[_key(one)].append(one)
    found = [_cause(key, group, waiting_for) for key, group in groups.items()]
    return sorted(found, key=lambda cause: (-cause.waiting, cause.oldest, cause.key))


_NUMBERS = re.compile(r"“[^”]*”|\d[\d.,/-]*")


def _key(one: Held) -> str:
    told = _NUMBERS.sub("#", one.reason) if one.is_own else one.blocker
    return hashlib.sha256(f"{one.entity_id} {told}".encode()).hexdigest()[:16]


def _cause(key: str, group: list[Held], waiting_for: Mapping[Awaited, Iterable[Behind]]) -> Cause:
    first, said = group[0], _counted((one.reason, one.number) for one in group)
    behind = _behind(group, waiting_for)
    documents = _documents([*group, *behind])
    return Cause(
        key=key,
        entity_id=first.entity_id,
        # What is held may say different things of the same missing part; the most frequent stands for all.
        sentence=said.most_common(1)[0][0],
        blocker=first.blocker,
        reasons=tuple(said),
        is_own=first.is_own,
        number=sum(one.number for one in group),
        behind=sum(row.number for row in behind),
        documents=_by_kind(documents),
        clients=len({row.client_id for row in documents} - {None}),
        oldest=min(one.oldest for one in group),
    )


def _behind(group: Iterable[Held], waiting_for: Mapping[Awaited, Iterable[Behind]]) -> list[Behind]:
    awaited = {(one.entity_id, one.itself) for one in group if one.itself}
    return [row for place in awaited for row in waiting_for.get(place, ())]


def _by_kind(documents: Iterable[Held | Behind]) -> dict[str, int]:
    numbers = _counted((row.kind, row.number) for row in documents)
    return {kind: numbers[kind] for kind in DOCUMENTS if kind in numbers}


def _documents(rows: Iterable[Held | Behind]) -> list[Held | Behind]:
    return [row for row in rows if row.kind in DOCUMENTS]


def _counted(numbers: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, number in numbers:
        total[name] += number
    return total


def _parked(present: Iterable[Lane]) -> Select[Any]:
    """Rows as `Held` has them. Computed in a query of its own: PostgreSQL groups by columns, not by like formulas."""
    itself = _itself()
    is_document = Message.kind.in_(DOCUMENTS)
    # "number_invoice:5" names invoice 5 alone too: of a hundred such the sentence is what they share.
    is_own = func.coalesce(Message.blocker, itself).endswith(itself)
    one = (
        select(
            Message.billing_entity_id.label("entity_id"),
            func.coalesce(Message.blocker, itself).label("blocker"),
            func.coalesce(Message.reason, "").label("reason"),
            is_own.label("is_own"),
            case((is_own, ""), else_=Message.blocker).label("missing"),
            Message.kind.label("kind"),
            Document.client_id.label("client_id"),
            case((is_document, ""), else_=itself).label("itself"),
            Message.posted_at.label("posted_at"),
        )
        .outerjoin(Document, and_(is_document, Document.id == Message.subject_id))
        .where(_in(present), lanes.WAITS, Message.state == MessageState.PARKED)
        .subquery()
        .c
    )
    alike = (one.entity_id, one.reason, one.is_own, one.kind, one.client_id, one.itself)
    return select(
        *alike,
        func.min(one.blocker).label("blocker"),
        func.count().label("number"),
        func.min(one.posted_at).label("oldest"),
    ).group_by(*alike, one.missing)


def _waiting_for(present: Iterable[Lane], awaited: set[Awaited]) -> dict[Awaited, list[Behind]]:
    """What waits until one of these is through."""
    if not awaited:
        return {}
    rows = db.session.execute(
        select(Message.billing_entity_id, Message.blocker, Message.kind, Document.client_id, func.count())
        .outerjoin(Document, and_(Message.kind.in_(DOCUMENTS), Document.id == Message.subject_id))
        .where(_in(present), lanes.WAITS, Message.state == MessageState.WAITING, Message.blocker.is_not(None))
        .group_by(Message.billing_entity_id, Message.blocker, Message.kind, Document.client_id)
    )
    found: dict[Awaited, list[Behind]] = defaultdict(list)
    for entity_id, blocker, kind, client_id, number in rows:
        if (place := (entity_id, str(blocker))) in awaited:
            found[place].append(Behind(kind=kind, client_id=client_id, number=int(number)))
    return found


def _itself() -> ColumnElement[str]:
    """As `lanes.blocker_of`, for queries."""
    return Message.kind + ":" + cast(Message.subject_id, String)


def _in(present: Iterable[Lane]) -> ColumnElement[bool]:
    return or_(False, *(and_(*lanes.within(lane)) for lane in present))  # noqa: FBT003 - SQLAlchemy's empty "or"
