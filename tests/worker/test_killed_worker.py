"""The real worker is killed at random moments while documents are on their way, in fair and in foul weather.

Once as one machine runs it, SQLite and hints in a file, and once as several do, PostgreSQL and Redis.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.foundation import clock
from app.foundation.database import end_reading
from app.quickbooks.realm import Realm
from app.sync.listening import heartbeats
from tests.crashes.portrait import faults
from tests.crashes.stage import SHORT, Stage, set_up
from tests.proving import SEED, Budget
from tests.simulation import REALM, settings_at
from tests.sync.weather import hurry

pytestmark = [pytest.mark.journey, pytest.mark.prove(weight=2)]

AT_ONCE = 6
"""Documents opened before each kill."""
PATIENCE_SECONDS = 120.0
LONGEST_LIFE_SECONDS = 1.5
"""From its first heartbeat on; six documents take less."""
FOUL = (("lost_after", 0.10), ("throttle", 0.05), ("server_error", 0.05))
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("servers", marks=[pytest.mark.postgresql, pytest.mark.redis])])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Give the addresses of database and hints."""
    if request.param == "sqlite":
        return {
            "database": f"sqlite:///{tmp_path / 'portal.sqlite'}",
            "hints": f"sqlite:///{tmp_path / 'hints.sqlite'}",
        }
    return {"database": request.getfixturevalue("postgresql_url"), "hints": request.getfixturevalue("redis_url")}


class Crew:
    """Workers of one portal, one after the other, and what is opened for them to send."""

    def __init__(self, stage: Stage, hints: str, log: Path) -> None:
        self.stage, self.hints, self.log = stage, hints, log
        self.opened = 0

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this stage as the worker reads them."""
        settings = settings_at(self.stage.books.simulation.base, self.stage.database_url, **SHORT)
        told = {name.upper(): _text(value) for name, value in settings.model_dump().items()}
        hints = {"HUEY_URL": self.hints, "SCAN_SECONDS": "0.2", "RETRY_BASE_SECONDS": "0.05"}
        return {**os.environ, **told, **hints, "PYTHONPATH": str(ROOT), "FLASK_APP": "wsgi"}

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker that is killed, as by a power cut, when the block ends."""
        command = [sys.executable, "-m", "flask", "worker", "--threads", "2"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            self._wait_for_a_beat(clock.now())
            yield
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _wait_for_a_beat(self, since: datetime) -> None:
        """Starting takes longer than working; one that is killed before it works proves nothing."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and (heartbeats.last_seen() or since) <= since:
            end_reading()
            time.sleep(0.02)
        end_reading()

    def open_some(self) -> None:
        """Some documents for a new client, opened in one go."""
        client = self.stage.new_client()
        self.stage.open(*[self.stage.draft(client, self.stage.books.firm.support) for _number in range(AT_ONCE)])
        self.opened += AT_ONCE
        self.weather_clears()

    def weather_clears(self) -> None:
        """No pause of the company, no breaker: what QuickBooks asked for in foul weather would take minutes."""
        self.stage.books.engine.quickbooks.governor.resume(Realm(REALM, "live"))

    def finish(self) -> None:
        """A last worker that nobody kills before all is done."""
        until = time.monotonic() + PATIENCE_SECONDS
        with self.worker():
            while self.stage.has_more() and time.monotonic() < until:
                time.sleep(0.2)
                self.weather_clears()
                hurry()


def _text(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@pytest.mark.parametrize("foul", [False, True], ids=["fair", "foul"])
def test_a_worker_killed_at_random_loses_nothing_and_sends_nothing_twice(
    *,
    foul: bool,
    addresses: dict[str, str],
    tmp_path: Path,
    budget: Budget,
    record_property: Callable[[str, object], None],
) -> None:
    lot, kills = random.Random(SEED + foul), 0
    with set_up(addresses["database"]) as stage:
        crew = Crew(stage, addresses["hints"], tmp_path / "worker.log")
        for effect, probability in FOUL if foul else ():
            wish = {"effect": effect, "probability": probability, "count": 0, "seed": SEED, "method": "POST"}
            stage.books.simulation.control("faults", wish)
        while not (kills and budget.is_used_up()):
            crew.open_some()
            with crew.worker():
                time.sleep(lot.uniform(0.0, LONGEST_LIFE_SECONDS))
            kills += 1
        crew.finish()
        record_property("kills", kills)
        record_property("documents", crew.opened)
        assert faults(stage) == [], f"seed {SEED}: {crew.log.read_text()[-4000:]}"
