"""A trial: the next document is sent with all that it needs, and no other; then the lane pauses itself.

The document is chosen by its message before anything is decided, so whoever fills an envelope, now or after a crash,
sends that one or nothing. It ends when something went over the line about the chosen one and its fate is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from app.billing import timeline
from app.billing.document import Document
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import bare, db, end_reading, table_of
from app.foundation.tenancy import ours
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Subject
from app.sync.engine import Turn
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.attempts import Attempt
from app.sync.records.policies import Policy

_ON_THE_WAY = (MessageState.WAITING, MessageState.SENDING)
_POLICY = table_of(Policy)
_STEERED = select(_POLICY.c.paused_at, _POLICY.c.trial_at, _POLICY.c.trial_message_id).where(
    _POLICY.c.connection_id == bindparam("of_connection"), ours(_POLICY)
)


@dataclass(frozen=True)
class Trial:
    """What a filling was begun under: since when a trial is on, if one is, and which messages alone may go."""

    since: datetime | None
    chosen: int | None = None
    only: tuple[int, ...] | None = None
    """Ids of messages; None: no trial, everything may go."""


NONE = Trial(None)


def begin(policy: Policy, actor: Actor) -> None:
    """From now on one document goes, then none; a pause is lifted for it. In the caller's transaction."""
    policy.paused_at = policy.paused_by = policy.paused_reason = None
    policy.trial_at, policy.trial_by, policy.trial_message_id = clock.now(), actor.name, None


def end(policy: Policy) -> None:
    """There is no trial any more. In the caller's transaction."""
    policy.trial_at = policy.trial_by = policy.trial_message_id = None


def step(turn: Turn, trial_at: datetime | None) -> Trial:
    """What may be filled into an envelope now. Chooses the document where none is chosen; pauses where it is over.

    `trial_at` is what the policies said a moment ago; None: no trial is on.
    """
    if trial_at is None:
        return NONE
    end_reading()
    with turn.writing() as session:
        policy = session.get_one(Policy, turn.connection_id, with_for_update=True, populate_existing=True)
        if policy.trial_at is None or policy.paused_at is not None:
            return Trial(policy.trial_at, only=())
        message = _chosen(policy, turn.lane)
        if message is not None and (ending := _ending(message, policy.trial_at)):
            _pause(policy, ending)
            return Trial(None, only=())
        return Trial(policy.trial_at, policy.trial_message_id, only=_with_what_it_needs(message))


def still_on(turn: Turn, trial: Trial) -> bool:
    """Whether nobody has paused, begun or ended a trial since `step`: asked in the transaction that stores."""
    policy = bare(_STEERED, {"of_connection": turn.connection_id}).one()
    return policy.paused_at is None and (policy.trial_at, policy.trial_message_id) == (trial.since, trial.chosen)


def next_one(policy: Policy, lane: Lane) -> Message | None:
    """The document that a trial sends next, for the page that shows it; None while none waits."""
    known = db.session.get(Message, policy.trial_message_id or 0)
    return known if known is not None and known.state in _ON_THE_WAY else _first_waiting(lane)


def tried(policy: Policy) -> Message | None:
    """The document whose trial has paused the lane; None once somebody went on, or where a person paused it."""
    is_over = policy.paused_at is not None and policy.trial_at is None
    return db.session.get(Message, policy.trial_message_id or 0) if is_over else None


def _chosen(policy: Policy, lane: Lane) -> Message | None:
    """The chosen message; another one where nothing was sent of the first and nothing will be."""
    message = db.session.get(Message, policy.trial_message_id or 0, populate_existing=True)
    if message is None or (message.state not in _ON_THE_WAY and not _sent(message, policy.trial_at)):
        message = _first_waiting(lane)
    policy.trial_message_id = message.id if message else None
    return message


def _first_waiting(lane: Lane) -> Message | None:
    """The first document in line: due now, or waiting for a client or service that is itself on its way."""
    held = db.session.execute(
        select(Message.kind, Message.subject_id).where(
            *lanes.within(lane), Message.state == MessageState.PARKED, Message.kind.not_in(DOCUMENTS)
        )
    )
    behind = [lanes.blocker_of(Subject(kind, subject_id)) for kind, subject_id in held]
    wanted = select(Message).where(
        *lanes.within(lane),
        Message.state == MessageState.WAITING,
        Message.kind.in_(DOCUMENTS),
        lanes.IS_DUE
        | ((Message.due_at == lanes.FAR_AWAY) & Message.blocker.is_not(None) & Message.blocker.not_in(behind)),
    )
    return db.session.scalars(wanted.order_by(Message.priority, Message.id).limit(1), lanes.at_present()).first()


def _with_what_it_needs(message: Message | None) -> tuple[int, ...]:
    """The chosen message, and those of its client and services: they go before it."""
    if message is None:
        return ()
    document = db.session.get(Document, message.subject_id)
    services = {line.service_id for line in document.lines if line.service_id} if document else set()
    about_client = (Message.kind == "client") & (Message.subject_id == (document.client_id if document else None))
    about_services = (Message.kind == "service") & Message.subject_id.in_(services)
    needed = select(Message.id).where(
        *lanes.within(message.lane), Message.state == MessageState.WAITING, about_client | about_services
    )
    return message.id, *db.session.scalars(needed)


def _ending(message: Message, since: datetime) -> str:
    """What came of it, once that is known; empty while it is on its way."""
    if message.state is MessageState.WAITING and message.blocker:
        return _held_before(message)
    if message.state in _ON_THE_WAY:
        return ""
    last = _sent(message, since)
    return f"{_title(message.kind, last.label)}: {last.sentence}" if last else ""


def _held_before(message: Message) -> str:
    """Why its client or service did not go through, where somebody must look at that."""
    kind, _colon, number = (message.blocker or "").partition(":")
    parked = select(Message).where(
        *lanes.within(message.lane), Message.state == MessageState.PARKED, Message.kind == kind
    )
    held = db.session.scalar(parked.where(Message.subject_id == int(number))) if number.isdigit() else None
    return f"The {KINDS[kind].word.lower()} that goes first is held: {held.reason}" if held else ""


def _sent(message: Message, since: datetime | None) -> Attempt | None:
    """The last time something went over the line about it since the trial began.

    At all, where a clock that was ahead says when that was: else no document would ever end the trial.
    """
    over_the_line = select(Attempt).where(Attempt.message_id == message.id, Attempt.request_id.is_not(None))
    if since is not None and since <= clock.latest():
        over_the_line = over_the_line.where(Attempt.at >= since)
    return db.session.scalars(over_the_line.order_by(Attempt.id.desc()).limit(1)).first()


def _title(kind: str, label: str) -> str:
    return f"{KINDS[kind].word} {label}"


def _pause(policy: Policy, ending: str) -> None:
    reason = f"One was sent to look at it. {ending}"[:500]
    who = policy.trial_by or "somebody"
    policy.paused_at, policy.paused_by, policy.paused_reason = clock.now(), who, reason
    policy.trial_at = policy.trial_by = None  # which one it was stays, for whoever looks before going on
    timeline.note(Subject("connection", policy.connection_id), "paused", f"Paused: {reason}", actor=Actor(None, who))
