"""No window of any company is ever over a limit, whoever calls: real processes that share nothing but the database.

They live on a clock that runs many times as fast as ours, so that minutes pass in seconds; what is checked afterwards
is the moment at which each call was let go, as the governor reckoned it behind the row's lock.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.quickbooks import errors
from app.quickbooks.calls import CallForm
from app.quickbooks.governor import Governor, Passage
from app.quickbooks.lease import Lease, release, take_lease
from app.quickbooks.realm import Realm
from app.tables import metadata
from tests import portal, world
from tests.proving import SEED, Budget
from tests.quickbooks.swarm import Gate, Order, Swarm
from tests.quickbooks.windows import Departure, most_in, overfull, worst_batches

pytestmark = pytest.mark.journey

REALMS = [Realm("1234", "live"), Realm("1234", "test")]
SPEED = 10.0
_LEAST_TURNS = 10
"""Of each process, however slow the machine is."""
_TURN = 6
"""Calls that a writer makes under one lease, at most."""


class FastClock:
    """Runs `SPEED` times as fast as ours from the same moment in every process; remembers the last moment it told."""

    def __init__(self, began: float) -> None:
        self._began, self.told = began, 0.0

    def now(self) -> datetime:
        """The present moment there."""
        self.told = self._began + (time.time() - self._began) * SPEED
        return datetime.fromtimestamp(self.told, UTC)

    def monotonic(self) -> float:
        """Seconds there."""
        return time.monotonic() * SPEED

    def sleep(self, seconds: float) -> None:
        """So many seconds there."""
        time.sleep(seconds / SPEED)


class Caller:
    """One process: writes under the lease when it gets it, reads otherwise; sometimes it is throttled, or dies."""

    def __init__(self, order: Order, number: int) -> None:
        began, seconds, seed = order.more
        self.until = time.monotonic() + seconds
        self.clock, self.lot, self.name = FastClock(began), random.Random(f"{seed} {number}"), f"caller-{number}"
        self.governor, self.calls = Governor(order.settings), list[tuple[Realm, Departure]]()

    def work(self) -> list[tuple[Realm, Departure]]:
        """Call until the time is over; every call that left."""
        turns = 0
        while turns < _LEAST_TURNS or time.monotonic() < self.until:
            turns += 1
            # A database that stands still for ten seconds costs the worker its task too: whatever it held runs out.
            with suppress(OperationalError):
                self._turn(self.lot.choice(REALMS))
        return self.calls

    def _turn(self, realm: Realm) -> None:
        lease = take_lease(realm, f"{self.name}:{self.lot.random()}", clock.now(), 25.0)
        if lease is None:
            self._call(Passage(realm, CallForm.READ, longest_seconds=20.0))
        else:
            self._write(lease)

    def _write(self, lease: Lease) -> None:
        try:
            for _call in range(self.lot.randint(1, _TURN)):
                form = self.lot.choice((CallForm.WRITE, CallForm.BATCH, CallForm.BATCH))
                if not self._call(Passage(lease.realm, form, longest_seconds=20.0, lease=lease, subject=self.name)):
                    return
        except errors.FencedError:
            return
        release(lease)

    def _call(self, passage: Passage) -> bool:
        """Returns False where it is not made to the end: the company rests, or the sender has died."""
        while not (admission := self.governor.admit(passage)).go:
            if admission.wait_seconds > 30:
                return False
            clock.sleep(max(admission.wait_seconds, 0.05))
        left = self.clock.told  # the governor's own reading: it was the last
        clock.sleep(self.lot.choice((0.0, 0.0, 0.1, 0.5)))
        self.calls.append((passage.realm, Departure(passage.form, left, self.clock.now().timestamp())))
        if self.lot.random() < 0.002:
            return False  # dead: what it holds is never given back
        throttled = errors.Throttled(self.lot.choice((1, 20))) if self.lot.random() < 0.002 else None
        self.governor.landed(passage, admission, throttled)
        return throttled is None


def call_as_fast_as_allowed(order: Order, number: int, gate: Gate) -> list[tuple[Realm, Departure]]:
    """What one process does."""
    gate.wait()
    caller = Caller(order, number)
    with clock.use(caller.clock):
        return caller.work()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def order(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Order]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/portal.sqlite" if on_sqlite else request.getfixturevalue("postgresql_url")
    settings = portal.settings_for(url)
    app = create_app(settings)
    with app.app_context():
        metadata.create_all(db.engine)
        yield Order(settings, world.build().northgate.id)
        end_reading()
        db.engine.dispose()


def crowd(order: Order, processes: int, seconds: float) -> list[list[Departure]]:
    """Let so many processes call for so many of our seconds; what left, company by company."""
    told = Order(order.settings, order.organisation_id, (time.time(), seconds, SEED))
    with Swarm(call_as_fast_as_allowed, told, processes) as swarm:
        swarm.meet()
        calls = [call for report in swarm.reports() for call in report]
    return [[departure for one, departure in calls if one == realm] for realm in REALMS]


def test_a_few_processes_never_overfill_a_window(order: Order) -> None:
    found = crowd(order, processes=3, seconds=3.0)
    assert any(found)
    assert [overfull(calls) for calls in found] == [[], []]


@pytest.mark.prove
def test_many_processes_never_overfill_a_window(
    order: Order, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    found = crowd(order, processes=12, seconds=budget.seconds)
    record_property("departures", sum(map(len, found)))
    record_property("fullest", "; ".join(fullest(calls) for calls in found))
    assert [overfull(calls) for calls in found] == [[], []]


def fullest(calls: list[Departure]) -> str:
    """How near to the limits the fullest windows came, for whoever reads the report."""
    left = [call.left for call in calls]
    return f"{most_in(1, left)} in a second, {most_in(60, left)} and {worst_batches(calls)} batches in a minute"


def test_the_checker_sees_a_window_that_is_overfull() -> None:
    calls = [Departure(CallForm.BATCH, left=float(second), landed=second + 0.5) for second in range(60)]
    assert overfull(calls) == ["60 in a minute of batches"]
    assert overfull([Departure(CallForm.READ, left=0.09 * one, landed=0.09 * one) for one in range(12)]) == [
        "12 in a second"
    ]
