"""Turning a billing entity between live and test: what waits in the mode that is left is parked, never redirected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update

from app.billing.entities import turn_mode
from app.billing.entity import BillingEntity
from app.billing.timeline import Actor
from app.foundation.database import db, rows_changed
from app.foundation.errors import ConflictError
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Mode
from app.quickbooks.models import Connection
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.holding import hold_all
from app.sync.records.policies import policy_of
from app.sync.records.tied import connection_of

BLOCKER = "mode"
WORDS = {Mode.LIVE: "Production", Mode.TEST: "Sandbox"}
SENTENCES = {
    Mode.TEST: "Opened in Sandbox: send to Production?",
    Mode.LIVE: "Opened in Production: it waits until that is the mode again.",
}
"""What is said of a document that was opened in this mode and waits, for the billing entity is in the other now."""


@dataclass(frozen=True)
class Turning:
    """What turning the mode means, in numbers: messages that will be parked, and those that will go on again."""

    to: Mode
    parks: int
    releases: int
    leaves: Connection | None
    enters: Connection | None


def other(mode: Mode) -> Mode:
    """The mode that is not this one."""
    return Mode.TEST if mode is Mode.LIVE else Mode.LIVE


def turning(entity: BillingEntity) -> Turning:
    """What turning this entity to its other mode would do."""
    to = other(Mode(entity.mode))
    waiting = Message.state == MessageState.WAITING
    parked = (Message.state == MessageState.PARKED) & (Message.blocker == BLOCKER)
    return Turning(
        to,
        parks=_count(entity.lane, waiting),
        releases=_count(Lane(entity.id, to), parked),
        leaves=connection_of(entity.lane),
        enters=connection_of(Lane(entity.id, to)),
    )


def turn(entity: BillingEntity, to: Mode, *, actor: Actor) -> int:
    """Turn the mode, in the caller's transaction; returns how many messages were parked.

    What was parked when the other mode was left goes on. Raises ConflictError where the mode is that one already.
    """
    hold_all(Lane(entity.id, mode) for mode in Mode)
    # Without its key, for whoever holds the company, or a message of it, adds rows that point to the entity.
    db.session.refresh(entity, with_for_update={"key_share": True})
    if entity.mode is to:
        raise ConflictError(f"{entity.name} is in {WORDS[to]} already.")
    parked = _park(entity.lane)
    turn_mode(entity, to, actor=actor)
    lanes.release(entity.lane, BLOCKER)
    entered = connection_of(entity.lane)
    if parked and entered is not None:  # "send to Production?" is a question; an answer given before was about others
        policy_of(entered.id).asked_about_old = False
    return parked


def left_in_test(entity: BillingEntity) -> list[tuple[str, int]]:
    """(kind, id) of the documents that were opened in test and wait there, while the entity is in live."""
    if entity.mode is not Mode.LIVE:
        return []
    rows = db.session.execute(
        select(Message.kind, Message.subject_id).where(
            *lanes.within(Lane(entity.id, Mode.TEST)),
            Message.state == MessageState.PARKED,
            Message.blocker == BLOCKER,
            Message.kind.in_(DOCUMENTS),
        )
    )
    return [(kind, subject_id) for kind, subject_id in rows]


def _park(lane: Lane) -> int:
    return rows_changed(
        db.session.execute(
            update(Message)
            .where(*lanes.within(lane), Message.state == MessageState.WAITING)
            .values(state=MessageState.PARKED, blocker=BLOCKER, reason=SENTENCES[lane.mode])
        )
    )


def _count(lane: Lane, condition: ColumnElement[bool]) -> int:
    wanted = select(func.count(Message.id)).where(*lanes.within(lane), condition)
    return int(db.session.scalar(wanted) or 0)
