"""The worker's processes in simulated time: hints, the sweep, and every chore, each on its own, killed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, func, select

from app.foundation.database import db, end_reading
from app.foundation.mail import Mail, MailState
from app.foundation.settings import Settings
from app.foundation.tenancy import everywhere
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState
from app.quickbooks.client import QuickBooks
from app.sync import sweep
from app.sync.deliveries import Delivery, Event, EventState
from app.sync.drifts import ReconciliationRun, RunState
from app.sync.engine import Engine
from app.sync.envelopes import Envelope, EnvelopeState
from app.worker.tasks import Tasks
from tests.simulated.hub import Crew, Hub
from tests.simulated.network import Network

THREADS = 8
HALF_AN_HOUR = timedelta(minutes=30)
"""What hangs on the hour is looked for so often: nights that have come, permissions that end."""


class OutspokenTasks(Tasks):
    """Tasks whose unforeseen errors end the simulation instead of a line in the log."""

    def _safely(self, name: str, work: Callable[[], object]) -> None:
        with self._app.app_context():
            work()


@dataclass(repr=False)
class Worker:
    """One process: its crew, its tasks, how many of its threads tell lanes, and which of its chores run."""

    crew: Crew
    tasks: OutspokenTasks
    telling: int = 0
    chores: set[str] = field(default_factory=set)


@dataclass(repr=False)
class Staff:
    """All worker processes; whoever dies is followed by another after a while."""

    hub: Hub
    app: Flask
    network: Network
    settings: Settings
    lot: Random
    hints_lost: float = 0.0
    crashes: int = 0
    workers: list[Worker] = field(default_factory=list)
    _hired: int = 0
    _next_look: datetime | None = None
    _compared_at: datetime | None = None

    def hire(self) -> None:
        """One process more."""
        self.workers = [worker for worker in self.workers if worker.crew.alive]
        self._hired += 1
        crew = Crew(f"worker:{self._hired}")
        quickbooks = QuickBooks(self.network, self.settings, self.settings.sealer())
        engine = Engine(quickbooks, self.settings, owner=crew.name, rng=Random(self._hired))
        self.workers.append(Worker(crew, OutspokenTasks(self.app, engine)))
        self.look_by(self.hub.now())

    def doom(self, worker: Worker, ports: int, pause: float) -> None:
        """Let a process die at that port from now; another begins so many seconds after its death."""
        worker.crew.on_death = lambda: self.hub.after(pause, self.hire)
        worker.crew.doom = ports
        self.crashes += 1

    def kill_all(self) -> None:
        """Let all die at once, in the midst of whatever they do; others begin at the next second."""
        for worker in [worker for worker in self.workers if worker.crew.alive]:
            worker.crew.on_death = lambda: self.hub.after(1.0, self.hire)
            worker.crew.die()
            self.crashes += 1

    def relieve(self, worker: Worker) -> None:
        """Ask a process to end: what is on the line may land; another takes its place at once."""
        worker.tasks.close()
        self.workers.remove(worker)
        self.hire()

    def take_hint(self, organisation_id: int, lane: Lane) -> None:
        """Something was posted: one of the processes hears of it, unless the hint is lost."""
        self.look_by(self.hub.now() + timedelta(seconds=1))
        alive = [worker for worker in self.workers if worker.crew.alive]
        if alive and self.lot.random() >= self.hints_lost:
            worker = self.lot.choice(alive)
            worker.tasks.hear(organisation_id, lane.billing_entity_id, lane.mode.value)
            self.hub.after(0.05, partial(self._wake, worker))

    def look_by(self, moment: datetime) -> None:
        """Let the staff look for due work then, or earlier."""
        if self._next_look is None or moment < self._next_look:
            self._next_look = moment
            self.hub.at(moment, partial(self._look_at, moment))

    def _look_at(self, moment: datetime) -> None:
        if moment == self._next_look:
            self._next_look = None
            self.hub.spawn(self._look)

    def _look(self) -> None:
        """Begin whatever chores have something to do, in each process; each chore is its own thread."""
        now = self.hub.now()
        with self.app.app_context():
            chores, moment = agenda(now)
        if self._compared_at is None or now - self._compared_at >= HALF_AN_HOUR:
            self._compared_at = now
            chores |= {"compare", "look_after"}
        for worker in self._on_duty():
            for name in sorted(chores - worker.chores):
                worker.chores.add(name)
                self.hub.spawn(partial(self._carry_out, worker, name), worker.crew)
        self.look_by(moment)

    def _on_duty(self) -> list[Worker]:
        """Whoever is first this time; sometimes all look in the same moment."""
        alive = [worker for worker in self.workers if worker.crew.alive]
        return alive if self.lot.random() < 0.2 or not alive else [self.lot.choice(alive)]

    def _carry_out(self, worker: Worker, name: str) -> None:
        getattr(worker.tasks, name)()
        worker.chores.discard(name)
        self._wake(worker)

    def _wake(self, worker: Worker) -> None:
        """A thread for each lane that waits for its turn, as far as there are threads."""
        waiting = len(worker.tasks.rota._waiting)
        for _thread in range(min(waiting, THREADS - worker.telling)):
            worker.telling += 1
            self.hub.spawn(partial(self._tell_lanes, worker), worker.crew)

    def _tell_lanes(self, worker: Worker) -> None:
        while worker.tasks.rota._waiting and (place := worker.tasks.rota.take()):
            worker.tasks.tell(place)
        worker.telling -= 1


def agenda(now: datetime) -> tuple[set[str], datetime]:
    """Which chores have something to do now, and when to look again: in a second where there is something."""
    with everywhere():
        later = [_earliest(due, due > now, *where) for due, where in _LANES]
        dues = [(chore, _earliest(due, *where)) for chore, due, where in _CHORES]
        places = sweep.lanes_with_work()
    end_reading()
    chores = {chore for chore, moment in dues if moment <= now} | ({"sweep"} if places else set())
    if chores:
        return chores, now + timedelta(seconds=1)
    return chores, min(*later, *(moment for _chore, moment in dues), now + HALF_AN_HOUR)


def _earliest(due: Any, *where: ColumnElement[bool]) -> datetime:
    moment: datetime | None = db.session.scalar(select(func.min(due)).where(*where))
    return moment or lanes.FAR_AWAY


_OPEN_RUN = ReconciliationRun.state.in_((RunState.WAITING, RunState.RUNNING))
_LANES: tuple[tuple[Any, tuple[ColumnElement[bool], ...]], ...] = (
    (Message.due_at, (Message.state == MessageState.WAITING,)),
    (Envelope.due_at, (Envelope.state == EnvelopeState.STORED,)),
)
_CHORES: tuple[tuple[str, Any, tuple[ColumnElement[bool], ...]], ...] = (
    ("listen", Delivery.arrived_at, (Delivery.processed_at.is_(None),)),
    ("listen", Event.due_at, (Event.state == EventState.WAITING,)),
    ("mail", Mail.due_at, (Mail.state == MailState.WAITING,)),
    ("compare", func.coalesce(ReconciliationRun.held_until, ReconciliationRun.asked_at), (_OPEN_RUN,)),
)
