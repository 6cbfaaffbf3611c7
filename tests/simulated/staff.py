"""The worker's processes in simulated time: hints, the sweep, and every chore, each on its own, killed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from flask import Flask

from app.foundation.settings import Settings
from app.outbox.models import Lane
from app.quickbooks.client import QuickBooks
from app.sync.engine import Engine
from app.worker.hints import carrier
from app.worker.tasks import Tasks
from app.worker.watermark import Watermark
from tests.simulated.agenda import agenda
from tests.simulated.hub import Crew, Hub
from tests.simulated.network import Network
from tests.simulated.pace import StandstillError

THREADS = 8
HALF_AN_HOUR = timedelta(minutes=30)
ROUNDS = {"compare": HALF_AN_HOUR, "catch_up": HALF_AN_HOUR, "listen": HALF_AN_HOUR, "look_after": 2 * HALF_AN_HOUR}
"""What hangs on the hour is looked for so often: nights that have come, changes of which no webhook told, events of
companies that were to be connected again, permissions that end."""

LONGEST_BUSY = 900
"""Looks, a second apart, between two of which everything due is done sooner or later, however much it is."""


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
    _busy_looks: int = 0
    _rounds: dict[str, datetime] = field(default_factory=dict)
    """When each is due next."""

    def hire(self) -> None:
        """One process more."""
        self.workers = [worker for worker in self.workers if worker.crew.alive]
        self._hired += 1
        crew = Crew(f"worker:{self._hired}")
        quickbooks = QuickBooks(self.network, self.settings, self.settings.sealer())
        engine = Engine(quickbooks, self.settings, owner=crew.name, rng=Random(self._hired))
        self.workers.append(Worker(crew, OutspokenTasks(self.app, engine, Watermark(carrier("memory:")))))
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
        self._see_progress(chores)
        rounds = {name for name in ROUNDS if self._rounds.get(name, now) <= now}
        self._rounds |= {name: now + ROUNDS[name] for name in rounds}
        for worker in self._on_duty():
            for name in sorted((chores | rounds) - worker.chores):
                worker.chores.add(name)
                self.hub.spawn(partial(self._carry_out, worker, name), worker.crew)
        self.look_by(min(moment, *self._rounds.values()))

    def _see_progress(self, chores: set[str]) -> None:
        """Raises StandstillError where each second there is something to do, and never less: nobody gets it done."""
        self._busy_looks = self._busy_looks + 1 if chores else 0
        if self._busy_looks > LONGEST_BUSY:
            raise StandstillError(f"for {LONGEST_BUSY} looks there was always something for {sorted(chores)} to do")

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
