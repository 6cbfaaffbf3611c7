"""One life of a process: the portal's own engine behind mortal ports, from a moment on, until it is done or killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import or_, select, true

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.tenancy import acting_for
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.realm import Governor
from app.quickbooks.transport import RequestsHttp
from app.sync.company import keeping
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.engine import EXTENSION, Engine
from app.sync.listening import pull, unpacking
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.reconciling import reconcile
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.policies import policy_seen
from app.sync.records.tied import connection_of
from app.sync.telling import sweep
from app.sync.telling.drain import drain
from tests.crashes.fate import Fate, MortalHttp, Point
from tests.simulation import settings_at

_LONG = 120
_REST_SECONDS, _REAL_REST_SECONDS = 20.0, 0.02
_PATIENCE_SECONDS, _REAL_PATIENCE_SECONDS = 6 * 3600.0, 60.0
"""Longer than an engine pauses whose calls end without an answer again and again, as on a busy machine they do."""


class MovingClock:
    """A clock that begins at a chosen moment and runs on; who sleeps by it only moves it."""

    def __init__(self, start: datetime) -> None:
        self._real = clock.SystemClock()
        self._ahead = start - self._real.now()
        self._slept = 0.0

    def now(self) -> datetime:
        """The moment in this life, in UTC."""
        return self._real.now() + self._ahead

    def monotonic(self) -> float:
        """Seconds, those slept through among them."""
        return self._real.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        """Let seconds pass at once."""
        self._slept += max(seconds, 0.0)
        self._ahead += timedelta(seconds=max(seconds, 0.0))


@dataclass(frozen=True)
class Order:
    """What a process is told: whom it serves, which scene it plays, from when, and where it is struck.

    Without `start` it lives by the real clock. `again` says that another died in this scene before.
    """

    base: str
    database_url: str
    organisation_id: int
    lane: Lane
    scene: str
    start: datetime | None = None
    again: bool = False
    point: Point | None = None
    how: signal.Signals = signal.SIGKILL
    props: Mapping[str, Any] = field(default_factory=dict)
    """What the scene's preparation left for its players: ids, and the raw bytes of a call."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """A living process in a scene."""

    engine: Engine
    order: Order

    @property
    def again(self) -> bool:
        """Whether another died in this scene before."""
        return self.order.again

    @property
    def props(self) -> Mapping[str, Any]:
        """What the preparation left."""
        return self.order.props

    @property
    def connection(self) -> Connection | None:
        """The lane's connection, read anew."""
        end_reading()
        return connection_of(self.order.lane)

    def work(self) -> None:
        """Do what a worker does, round after round, until nothing is left that time alone would bring."""
        real = self.order.start is None
        until = clock.monotonic() + (_REAL_PATIENCE_SECONDS if real else _PATIENCE_SECONDS)
        while clock.monotonic() < until:
            self.drain()
            unpacking.open_deliveries()
            pull.work(self.engine)
            for organisation_id, run_id in sweep.waiting_runs():
                reconcile.run(self.engine, run_id, organisation_id)
            for organisation_id, connection_id in keeping.connections():
                keeping.look_after(self.engine, organisation_id, connection_id)
            if not self._is_more_to_do():
                return
            clock.sleep(_REAL_REST_SECONDS if real else _REST_SECONDS)
        raise RuntimeError(f"there is no end to the work at {clock.now()}: {left_over()}")

    def drain(self) -> None:
        """Tell QuickBooks all that is due."""
        while drain(self.engine, self.order.organisation_id, self.order.lane):
            pass

    def _is_more_to_do(self) -> bool:
        connection = self.connection
        if connection is not None and connection.state is ConnectionState.RECONNECT:
            return False
        flying = lanes.counts(self.order.lane).get(MessageState.SENDING, 0) > 0
        resting = connection is not None and policy_seen(connection.id).paused_at is not None
        due = not resting and lanes.next_due_at(self.order.lane) is not None
        more = flying or due or _is_told_more() or bool(sweep.waiting_runs())
        end_reading()
        return more


def _is_told_more() -> bool:
    unopened = select(Delivery.id).where(Delivery.processed_at.is_(None))
    untaken = select(Event.id).where(Event.state == EventState.WAITING)
    return db.session.scalar(select(or_(unopened.exists(), untaken.exists()))) or False


def left_over() -> list[str]:
    """Whatever is not over: what an endless story goes round about."""
    end_reading()
    open_rows = (
        (Message, Message.state.in_((*lanes.HELD, MessageState.SENDING))),
        (Envelope, Envelope.state == EnvelopeState.STORED),
        (Event, Event.state == EventState.WAITING),
        (Delivery, Delivery.processed_at.is_(None)),
        (ReconciliationRun, ReconciliationRun.ended_at.is_(None)),
        (Governor, true()),
    )
    found = [_told(row) for table, is_open in open_rows for row in db.session.scalars(select(table).where(is_open))]
    end_reading()
    return found


def _told(row: Any) -> str:
    """A row in words, without what is long."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    said = [f"{name}={value}" for name, value in values.items() if value is not None and len(str(value)) < _LONG]
    return f"{row.__table__.name}({', '.join(said)})"


def live(app: Flask, order: Order, scenes: Mapping[str, Any]) -> list[str]:
    """Play a scene to its end with an engine of its own behind mortal ports; returns the story."""
    settings = settings_at(order.base, order.database_url, log_format="json", **order.settings)
    fate = Fate(order.point, order.how)
    quickbooks = QuickBooks(MortalHttp(RequestsHttp(), fate), settings, settings.sealer())
    engine = Engine(quickbooks, settings, owner=f"life:{os.getpid()}", rng=Random(7))
    app.extensions[EXTENSION] = engine
    own_clock = MovingClock(order.start) if order.start else clock.SystemClock()
    with clock.use(own_clock), app.app_context(), fate.watching(db.engine):
        with acting_for(order.organisation_id):
            scenes[order.scene].act(Life(engine, order))
        db.session.remove()
        db.engine.dispose()
    return fate.story
