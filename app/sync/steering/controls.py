"""What a person may do to the sync: try again, take back, pause, resume, begin at once. Each says who did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.billing import timeline
from app.billing.timeline import Actor, TimelineEntry
from app.foundation import clock
from app.foundation.database import after_commit, db, transaction
from app.foundation.errors import BadInputError, ConflictError
from app.outbox import lanes, settling, tray
from app.outbox.models import Lane, Message, MessageState, Priority, Subject
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.records.holding import hold, hold_all
from app.sync.records.policies import Policy, policy_of
from app.sync.records.tied import connection_of
from app.sync.steering import causes
from app.sync.telling import trials

_AGAIN_IN_PLACE = (MessageState.PARKED, MessageState.WAITING)
_POSTED_ANEW = (MessageState.SKIPPED, MessageState.CANCELLED, MessageState.DONE)
_OPEN_RUNS = (RunState.WAITING, RunState.RUNNING)
LONGEST_REASON = 500
_AT_ONCE = 1000


@dataclass(frozen=True)
class Control:
    """Something that was done to the sync, by whom and when."""

    at: datetime
    who: str
    sentence: str


def retry(message_ids: Iterable[int]) -> int:
    """Try these again now; returns how many will be. What flies already is left to land.

    No document is made twice: what was sent goes under its own request id, what is there already is found.
    """
    ids = list(message_ids)
    with transaction() as session:
        hold_all(message.lane for message in session.scalars(select(Message).where(Message.id.in_(ids))))
        session.expire_all()
        wanted = select(Message).where(Message.id.in_(ids), Message.state != MessageState.SENDING)
        messages = list(session.scalars(wanted))
        in_place: dict[Lane, list[int]] = defaultdict(list)
        for message in messages:
            if message.state in _AGAIN_IN_PLACE:
                in_place[message.lane].append(message.id)
        released = sum(lanes.release_ids(lane, ids) for lane, ids in in_place.items())
        anew = {(message.subject, message.lane) for message in messages if message.state in _POSTED_ANEW}
        for subject, lane in sorted(anew):
            tray.post(subject, lane, priority=Priority.PERSON, asked=True)
        return released + len(anew)


def retry_cause(key: str) -> int:
    """Try all again that wait for the same thing; returns how many."""
    with transaction() as session:
        cause = causes.cause_of(key)
        if cause is None:
            return 0
        lane = causes.lane_of(cause)
        hold_all([lane])
        return _release(lane, list(session.scalars(select(Message.id).where(*causes.within(cause)))))


def _release(lane: Lane, ids: list[int]) -> int:
    """A few at a time: a statement can't name any number of rows."""
    return sum(lanes.release_ids(lane, ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE))


def cancel(message_id: int, by: str) -> None:
    """Take an operation back. Raises ConflictError when it flies, or is over already.

    Whoever waits for its subject is decided anew, so none may just be deciding to wait for it.
    """
    with transaction() as session:
        connection = connection_of(session.get_one(Message, message_id).lane)
        if connection is not None:
            _alone(connection)
        message = session.get_one(Message, message_id, with_for_update=True, populate_existing=True)
        if message.state not in lanes.HELD:
            raise ConflictError("It is on its way or over already; it can't be taken back.")
        settling.cancel_one(message_id, f"Taken back by {by}.")


def pause(connection: Connection, actor: Actor, reason: str) -> None:
    """Send nothing more to this company until somebody resumes. Raises BadInputError without a reason."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise BadInputError("reason", "Say why, so that your colleagues know when to resume.")
    with transaction():
        policy = _alone(connection)
        policy.paused_at, policy.paused_by, policy.paused_reason = clock.now(), actor.name, reason
        trials.end(policy)
        _note(connection, "paused", f"Paused the sync: {reason}", actor)


def resume(connection: Connection, actor: Actor) -> None:
    """Send again what waits, all of it: a trial ends too."""
    lane = lane_of(connection)
    with transaction():
        policy = _alone(connection)
        if policy.paused_at is None and policy.trial_at is None:
            return
        policy.paused_at = policy.paused_by = policy.paused_reason = None
        trials.end(policy)
        _note(connection, "resumed", "Resumed the sync", actor)
        after_commit(lambda: tray.ring(lane))


def send_one(connection: Connection, actor: Actor) -> None:
    """Send the next document with the client and items it needs, and no other; then the lane pauses by itself."""
    with transaction():
        begin_trial(connection, actor)


def begin_trial(connection: Connection, actor: Actor) -> None:
    """The same in the caller's transaction, before it posts what is to be tried."""
    lane = lane_of(connection)
    trials.begin(_alone(connection), actor)
    _note(connection, "trial", "Asked to send the next document and then to pause", actor)
    after_commit(lambda: tray.ring(lane))


def drain_now(connection: Connection, actor: Actor) -> int:
    """Try at once all that waits for its next try; returns how many. What Intuit asked to wait for still waits."""
    lane = lane_of(connection)
    later = (Message.state == MessageState.WAITING, Message.due_at > clock.now(), Message.due_at < lanes.FAR_AWAY)
    with transaction() as session:
        hold(connection.id)
        ids = list(session.scalars(select(Message.id).where(*lanes.within(lane), *later)))
        released = lanes.release_ids(lane, ids)
        _note(connection, "drained", "Asked to send at once what waits", actor)
        after_commit(lambda: tray.ring(lane))
        return released


def history(connection: Connection, limit: int = 5) -> list[Control]:
    """What was done to the sync of this company's billing entity, the newest first."""
    subject = _subject(connection)
    written = select(TimelineEntry).where(
        TimelineEntry.subject_kind == subject.kind, TimelineEntry.subject_id == subject.id
    )
    rows = db.session.scalars(written.order_by(TimelineEntry.id.desc()).limit(limit))
    return [Control(row.at, row.actor_name, row.sentence) for row in rows]


def resumed_at(connection: Connection) -> datetime | None:
    """When somebody last resumed the sync of this company, in UTC; None where nobody ever did."""
    subject = _subject(connection)
    resumed = select(TimelineEntry.at).where(
        TimelineEntry.subject_kind == subject.kind,
        TimelineEntry.subject_id == subject.id,
        TimelineEntry.verb == "resumed",
    )
    return db.session.scalars(resumed.order_by(TimelineEntry.id.desc()).limit(1)).first()


def compare_now(connection: Connection, by: str) -> int:
    """Ask for a reconciliation; the id of the one that waits or runs already, if any, else of a new one."""
    with transaction() as session:
        under_way = select(ReconciliationRun.id).where(
            ReconciliationRun.connection_id == connection.id, ReconciliationRun.state.in_(_OPEN_RUNS)
        )
        if (known := session.scalar(under_way)) is not None:
            return known
        run = ReconciliationRun(connection_id=connection.id, asked_by=by, asked_at=clock.now())
        session.add(run)
        session.flush()
        return run.id


def _alone(connection: Connection) -> Policy:
    """Its policies, once no envelope is just being filled for it: whoever fills one holds the same row."""
    hold(connection.id)
    db.session.refresh(connection)
    return policy_of(connection.id)


def _note(connection: Connection, verb: str, sentence: str, actor: Actor) -> None:
    timeline.note(_subject(connection), verb, sentence, actor=actor)


def _subject(connection: Connection) -> Subject:
    return Subject("connection", connection.id)
