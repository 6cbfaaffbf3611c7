"""The real worker is killed at random moments while sixty documents are on their way, in fair and in foul weather."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.quickbooks.realm import Realm
from tests.simulation import REALM, settings_at
from tests.sync import mortal
from tests.sync.stage import Stage, faults, set_up
from tests.sync.weather import hurry

pytestmark = [pytest.mark.journey, pytest.mark.prove]

SEED = int(os.environ.get("PROVE_SEED", "7"))
BUDGET = float(os.environ.get("PROVE_BUDGET_SECONDS", "60"))
SHARE = 0.2
DOCUMENTS = 60
PATIENCE_SECONDS = 120.0
FOUL = (("lost_after", 0.10), ("throttle", 0.05), ("server_error", 0.05))
ROOT = Path(__file__).parents[2]


def environment(stage: Stage, folder: Path) -> dict[str, str]:
    """The settings of this stage as the worker reads them."""
    settings = settings_at(stage.books.simulation.base, stage.database_url, **mortal.SHORT)
    told = {name.upper(): _text(value) for name, value in settings.model_dump().items()}
    hints = {"HUEY_URL": f"sqlite:///{folder / 'hints.sqlite'}", "SCAN_SECONDS": "0.2", "RETRY_BASE_SECONDS": "0.05"}
    return {**os.environ, **told, **hints, "PYTHONPATH": str(ROOT), "FLASK_APP": "wsgi"}


def _text(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@contextmanager
def worker(stage: Stage, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is killed, as by a power cut, when the block ends."""
    command = [sys.executable, "-m", "flask", "worker", "--threads", "2"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(stage, folder), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def open_some(stage: Stage, lot: random.Random, count: int) -> None:
    """Some documents for a new client, opened in one go."""
    client = stage.new_client()
    stage.open(*[stage.draft(client, stage.books.firm.support) for _number in range(count)])
    stage.books.engine.quickbooks.governor.resume(Realm(REALM, "live"))


def carry(stage: Stage, folder: Path, lot: random.Random) -> int:
    """Kill the worker again and again while documents are opened, as far as the budget goes; returns how often."""
    end, kills = time.monotonic() + SHARE * BUDGET, 0
    for _batch in range(DOCUMENTS // 6):
        open_some(stage, lot, 6)
        if time.monotonic() < end:
            with worker(stage, folder):
                time.sleep(lot.uniform(0.8, 3.0))
            kills += 1
    return kills


def finish(stage: Stage, folder: Path) -> None:
    """A last worker that nobody kills, in fair weather."""
    until = time.monotonic() + PATIENCE_SECONDS
    with worker(stage, folder):
        while mortal.has_more(stage.books.firm.entity.lane) and time.monotonic() < until:
            time.sleep(0.2)
            stage.books.engine.quickbooks.governor.resume(Realm(REALM, "live"))
            hurry()


@pytest.mark.parametrize("foul", [False, True], ids=["fair", "foul"])
def test_a_worker_killed_at_random_loses_nothing_and_sends_nothing_twice(
    *, foul: bool, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    lot = random.Random(SEED + foul)
    with set_up(f"sqlite:///{tmp_path / 'portal.sqlite'}") as stage:
        for effect, probability in FOUL if foul else ():
            wish = {"effect": effect, "probability": probability, "count": 0, "seed": SEED, "method": "POST"}
            stage.books.simulation.control("faults", wish)
        record_property("kills", carry(stage, tmp_path, lot))
        finish(stage, tmp_path)
        record_property("documents", len(stage.documents))
        assert faults(stage) == [], (tmp_path / "worker.log").read_text()[-4000:]
