"""The sync state of one company at one moment, as plain values: is it running, what waits, how fast, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Subject
from app.quickbooks import counters
from app.quickbooks.lifetimes import Ending
from app.quickbooks.meter import Meter
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.panel import Panel, panel
from app.quickbooks.realm import CallMinute
from app.sync.company.connecting import lane_of
from app.sync.company.keeping import ending_of
from app.sync.engine import Engine
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.subjects import Name, names_of
from app.sync.listening import heartbeats
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.policies import Policy, policy_of
from app.sync.records.tied import connection_of
from app.sync.steering import controls
from app.sync.telling import trials
from app.sync.watching import speed
from app.sync.watching.lags import Hearing, hearing
from app.sync.watching.lately import last_answer_at
from app.sync.watching.running import Running, Signs, State, running

REQUESTS_A_MINUTE = 500
"""What Intuit allows for each company (reference 7.1)."""
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Later:
    """Something that failed and heals: what it is, when its next try is due, how often it was tried, and why."""

    message_id: int | None
    name: Name
    due_at: datetime
    tries: int
    reason: str


@dataclass(frozen=True)
class Minute:
    """Calls of one minute: all that left, and of these the throttled ones and those that failed."""

    at: datetime
    requests: int
    throttled: int
    errors: int

    @property
    def well(self) -> int:
        """Those that were neither throttled nor failed."""
        return max(self.requests - self.throttled - self.errors, 0)


@dataclass(frozen=True)
class Queue:
    """What waits in the lane. `behind` are those of the waiting ones that wait for something parked."""

    waiting: int
    sending: int
    parked: int
    behind: int
    oldest_wait: datetime | None
    a_minute: float | None
    """Operations settled in a minute, measured lately; None where nothing is known."""
    later: list[Later]

    @property
    def in_line(self) -> int:
        """What goes by itself when its turn comes."""
        return max(self.waiting - self.behind, 0)


@dataclass(frozen=True)
class Board:
    """All that the panel shows of one billing entity; without a connection only entity and state."""

    entity: BillingEntity
    connection: Connection | None
    now: datetime
    running: Running
    queue: Queue
    worker_seen_at: datetime | None
    panel: Panel | None
    minutes: list[Minute]
    meter: Meter
    """The reads that Intuit counts for the app of this connection."""
    ending: Ending | None
    """The end of the permission, if it is near."""
    hearing: Hearing | None
    """How soon we know what happens there."""
    answered_at: datetime | None
    """When the company last answered well, in UTC."""

    @property
    def is_trial(self) -> bool:
        """Whether one document is sent and then no other."""
        return self.running.state is State.TRIAL

    @property
    def minutes_left(self) -> int | None:
        """How long what is in line will take at the measured rate; None where nothing runs or no rate is known."""
        if self.running.state is not State.RUNNING or not self.queue.in_line or not self.queue.a_minute:
            return None
        return max(round(self.queue.in_line / self.queue.a_minute), 1)

    @property
    def requests_left(self) -> int:
        """Of what Intuit allows in a minute."""
        used = self.minutes[-1].requests if self.minutes else 0
        return max(REQUESTS_A_MINUTE - used, 0)

    @property
    def in_flight(self) -> int:
        """Writes and reads on the line now: at most one of each."""
        return sum(bool(until) for until in (self.panel.write_until, self.panel.read_until)) if self.panel else 0


def board(engine: Engine, entity: BillingEntity) -> Board:
    """Look at everything; some ten small questions."""
    now, connection = clock.now(), connection_of(entity.lane)
    seen = panel(connection.realm, now, engine.quickbooks.governor.rates) if connection else None
    client_id = engine.quickbooks.apps.app_for(connection).client_id if connection else ""
    queue = _queue(entity.lane, connection, now)
    return Board(
        entity=entity,
        connection=connection,
        now=now,
        running=running(_signs(connection, seen, queue), now),
        queue=queue,
        worker_seen_at=heartbeats.last_seen(),
        panel=seen,
        minutes=hour(seen.minutes, now) if seen else [],
        meter=Meter(counters.reads_this_month(client_id, now), engine.settings.monthly_reads),
        ending=ending_of(connection) if connection else None,
        hearing=_hearing(engine, connection, now) if connection else None,
        answered_at=last_answer_at(connection) if connection else None,
    )


def _hearing(engine: Engine, connection: Connection, now: datetime) -> Hearing:
    return hearing(connection.id, now, timedelta(seconds=engine.settings.catch_up_overlap_seconds))


def hour(minutes: list[CallMinute], now: datetime) -> list[Minute]:
    """The sixty minutes up to now, those without calls too (pure)."""
    this = now.replace(second=0, microsecond=0)
    by_minute = {row.minute: row for row in minutes}
    wanted = [this - timedelta(minutes=ago) for ago in range(59, -1, -1)]
    return [_minute(at, by_minute.get(at)) for at in wanted]


def _minute(at: datetime, row: CallMinute | None) -> Minute:
    return Minute(at, row.requests, row.throttled, errors=row.errors) if row else Minute(at, 0, 0, errors=0)


def _signs(connection: Connection | None, seen: Panel | None, queue: Queue) -> Signs:
    going, held = queue.in_line + queue.sending, queue.parked + queue.behind
    found = Signs(worker_alive=heartbeats.is_alive(), waiting=going, held=held)
    if connection is None or seen is None:
        return found
    policy = policy_of(connection.id)
    return replace(
        found,
        connected=True,
        must_reconnect=connection.state is ConnectionState.RECONNECT,
        paused_by=(policy.paused_by or "somebody") if policy.paused_at else "",
        paused_reason=policy.paused_reason or "",
        trial_by=(policy.trial_by or "somebody") if policy.trial_at else "",
        trial_of=_trial_of(policy, lane_of(connection)) if policy.trial_at else "",
        slowed_until=seen.paused_until,
        slowed_why=seen.paused_why,
        silent_until=seen.silent_until,
    )


def _trial_of(policy: Policy, lane: Lane) -> str:
    message = trials.next_one(policy, lane)
    if message is None:
        return ""
    name = names_of([message.subject])[message.subject]
    return f"{name.word} {name.label}" + (f" of {name.beside}" if name.beside else "")


def _queue(lane: Lane, connection: Connection | None, now: datetime) -> Queue:
    numbers, oldest_wait = lanes.counts(lane), lanes.oldest_wait(lane)
    return Queue(
        waiting=numbers.get(MessageState.WAITING, 0),
        sending=numbers.get(MessageState.SENDING, 0),
        parked=numbers.get(MessageState.PARKED, 0),
        behind=_behind(lane) if MessageState.PARKED in numbers else 0,
        oldest_wait=oldest_wait,
        a_minute=_pace(connection, now, oldest_wait) if connection else None,
        later=_later(lane, connection, now),
    )


def _pace(connection: Connection, now: datetime, oldest_wait: datetime | None) -> float | None:
    """Of the queue that is there: a pause in its midst is no part of it."""
    begun = max(filter(None, (oldest_wait, controls.resumed_at(connection)))) if oldest_wait else None
    return speed.measured(connection.id, now, begun)


def _behind(lane: Lane) -> int:
    """How many wait for a client or a service that is parked."""
    parked = select(Message.kind, Message.subject_id).where(
        *lanes.within(lane), Message.state == MessageState.PARKED, Message.kind.not_in(DOCUMENTS)
    )
    blockers = [lanes.blocker_of(Subject(kind, subject_id)) for kind, subject_id in db.session.execute(parked)]
    waiting = (*lanes.within(lane), Message.state == MessageState.WAITING, Message.blocker.in_(blockers))
    return (db.session.scalar(select(func.count()).where(*waiting)) or 0) if blockers else 0


def _later(lane: Lane, connection: Connection | None, now: datetime) -> list[Later]:
    delayed = select(Message).where(
        *lanes.within(lane),
        Message.state == MessageState.WAITING,
        Message.due_at > now,
        Message.due_at < lanes.FAR_AWAY,
    )
    rows = list(db.session.scalars(delayed.order_by(Message.due_at).limit(_MOST_SHOWN)))
    names = names_of([row.subject for row in rows])
    waiting = [Later(row.id, names[row.subject], row.due_at, tries=row.tries, reason=row.reason or "") for row in rows]
    return [*(_unanswered(connection.id, now) if connection else []), *waiting][:_MOST_SHOWN]


def _unanswered(connection_id: int, now: datetime) -> list[Later]:
    """Envelopes whose outcome is unknown and that are sent again, the same to the byte, when they are due."""
    wanted = select(Envelope).where(
        Envelope.connection_id == connection_id,
        Envelope.state == EnvelopeState.STORED,
        Envelope.sends > 0,
        Envelope.due_at > now,
    )
    rows = db.session.scalars(wanted.order_by(Envelope.due_at).limit(_MOST_SHOWN))
    return [later for row in rows if (later := _as_later(row))]


def _as_later(row: Envelope) -> Later | None:
    """None while it is on the line: only what came back with trouble has a reason."""
    first, others = row.members[0], len(row.members) - 1
    reason = db.session.get_one(Message, first.message_id).reason
    label = f"{first.label} and {others} more" if others else first.label
    return (
        Later(first.message_id, Name("Sent already", label), row.due_at, tries=row.sends, reason=reason)
        if reason
        else None
    )
