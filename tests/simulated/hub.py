"""Simulated time: actors take turns on one thread, and the clock moves on when nobody has anything to do now.

An actor is a greenlet: it runs until it sleeps, and sleeping is all that a call on the line or a pause is. Who goes
when follows from moments and from one seeded source alone, so that a run can be had again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

from tests.simulated.pace import Pace

Work = Callable[[], object]


class Crashed(BaseException):
    """The actor's process was killed: whatever it would have done next never happens."""


@dataclass
class Crew:
    """The actors of one process: killed together, in the midst of whatever they do."""

    name: str
    alive: bool = True
    doom: int | None = None
    """So many ports it passes yet before it is killed; None: it lives."""
    on_death: Work = field(default=lambda: None)

    def pass_port(self) -> None:
        """Somebody of the crew is about to sleep, send or write. Raises Crashed where that is never to happen."""
        if self.alive and self.doom is not None:
            self.doom -= 1
            if self.doom <= 0:
                self.die()
        if not self.alive:
            raise Crashed

    def die(self) -> None:
        """From now on nobody of the crew does anything more."""
        self.alive = False
        self.on_death()


EVERYBODY_ELSE = Crew("people")


class Actor(greenlet):  # type: ignore[misc]  # greenlet carries no types
    """Somebody who does one thing after the other."""

    def __init__(self, hub: Hub, work: Work, crew: Crew) -> None:
        super().__init__(self._act, hub.ground)
        self.crew, self._work = crew, work

    def _act(self) -> None:
        try:
            self.crew.pass_port()
            self._work()
        except Crashed:
            return


@dataclass(repr=False)
class Hub:
    """The clock that all share, and what is to happen when."""

    start: datetime
    lot: Random
    restlessness: float = 0.0
    """How likely an actor lets others go first before it writes."""
    ground: greenlet = field(default_factory=getcurrent)
    steps: Pace = field(default_factory=lambda: Pace(most=200_000))
    """Of all actors together."""
    writes: Pace = field(default_factory=lambda: Pace(most=10_000))
    """Of each crew."""
    _now: datetime = field(init=False)
    _agenda: list[tuple[datetime, int, Work]] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self._now = self.start

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return (self._now - self.start).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass: for an actor, while others act."""
        until = self._now + timedelta(seconds=max(seconds, 0.0))
        actor = getcurrent()
        if not isinstance(actor, Actor):
            self.run(until)
            return
        actor.crew.pass_port()
        self.at(until, actor.switch)
        self.ground.switch()
        if not actor.crew.alive:
            raise Crashed

    def at(self, moment: datetime, what: Work) -> None:
        """Let this happen then, or now where that is past."""
        heapq.heappush(self._agenda, (max(moment.astimezone(UTC), self._now), next(self._numbers), what))

    def after(self, seconds: float, what: Work) -> None:
        """Let this happen so many seconds from now."""
        self.at(self._now + timedelta(seconds=seconds), what)

    def spawn(self, work: Work, crew: Crew = EVERYBODY_ELSE) -> Actor:
        """Somebody begins to act now."""
        actor = Actor(self, work, crew)
        self.at(self._now, actor.switch)
        return actor

    def hesitate(self) -> None:
        """An actor is about to write: it may die before, and others may get in between."""
        actor = getcurrent()
        if not isinstance(actor, Actor):
            return
        actor.crew.pass_port()
        self.writes.step(self.monotonic(), f"{actor.crew.name} wrote")
        if self.lot.random() < self.restlessness:
            self.sleep(self.lot.uniform(0.0, 0.05))

    def run(self, until: datetime) -> None:
        """Let all happen that is due by then; afterwards it is then."""
        while self._agenda and self._agenda[0][0] <= until:
            self._next()
        self._now = max(self._now, until)

    def do(self, work: Work) -> None:
        """Let somebody do this now, however long it takes; others go on meanwhile. Its error is raised here."""
        actor = self.spawn(work)
        while not actor.dead:
            self._next()

    @property
    def next_moment(self) -> datetime | None:
        """When something happens next; None when nothing will."""
        return self._agenda[0][0] if self._agenda else None

    def _next(self) -> None:
        self._now, _number, what = heapq.heappop(self._agenda)
        self.steps.step(self.monotonic(), "somebody went on")
        what()
