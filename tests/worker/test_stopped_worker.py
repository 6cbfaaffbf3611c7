"""The real worker is asked to end while documents are on their way: it ends with what is on the line."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.foundation.database import db, end_reading
from app.outbox import lanes
from app.outbox.models import MessageState
from app.quickbooks.realm import Governor
from app.sync.records.envelopes import Envelope, EnvelopeState
from tests.crashes.portrait import faults
from tests.crashes.stage import Stage, set_up
from tests.proving import SEED, Budget
from tests.sync import weather
from tests.worker import real

pytestmark = pytest.mark.journey

CALLS = {"single_call_seconds": 10.0, "batch_call_seconds": 10.0, "lease_margin_seconds": 0.2}
"""Longer than any call here takes, so that nobody is taken for dead."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with set_up(f"sqlite:///{tmp_path / 'portal.sqlite'}") as stage:
        yield stage


@pytest.fixture
def settings(stage: Stage, tmp_path: Path) -> dict[str, str]:
    return real.environment(stage.books.simulation.base, stage.database_url, tmp_path, **CALLS)


def open_some(stage: Stage, count: int) -> None:
    firm = stage.books.firm
    stage.open(*[stage.draft(firm.acme, firm.support) for _number in range(count)])


def slow(stage: Stage, seconds: float) -> None:
    """Each call takes so long."""
    stage.books.simulation.control("switches", {"request_seconds": seconds})


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + real.PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def holders() -> list[str]:
    """Who holds a company."""
    end_reading()
    found = [row.owner for row in db.session.scalars(select(Governor)) if row.owner]
    end_reading()
    return found


def finish(stage: Stage) -> None:
    """Whatever is left is sent by this process."""
    slow(stage, 0)
    while stage.has_more():
        stage.books.send()


def unanswered() -> int:
    end_reading()
    return len(list(db.session.scalars(select(Envelope).where(Envelope.state == EnvelopeState.STORED))))


def test_a_worker_asked_to_end_waits_for_the_answer_on_the_line_and_begins_nothing(
    stage: Stage, settings: dict[str, str], tmp_path: Path
) -> None:
    open_some(stage, 40)
    weather.forget(stage.books)
    slow(stage, 1.5)
    with real.worker(settings, tmp_path) as process:
        wait_for(lambda: weather.counts(stage.books)["max_writes_in_flight"] > 0)
        assert real.stop(process) == 0, (tmp_path / "worker.log").read_text()[-4000:]
    assert (weather.counts(stage.books)["writes"], unanswered(), holders()) == (1, 0, [])
    assert lanes.counts(stage.books.firm.entity.lane) == {MessageState.WAITING: 10}
    finish(stage)
    assert faults(stage) == []


@pytest.mark.prove
def test_a_worker_asked_to_end_at_any_moment_leaves_no_company_held_and_nothing_unknown(
    stage: Stage,
    settings: dict[str, str],
    tmp_path: Path,
    *,
    budget: Budget,
    record_property: Callable[[str, object], None],
) -> None:
    lot, stops = random.Random(SEED), 0
    slow(stage, 0.05)
    while not stops or not budget.is_used_up():
        open_some(stage, lot.randrange(1, 70))
        with real.worker(settings, tmp_path) as process:
            wait_for(lambda: bool(holders()) or not stage.has_more())
            time.sleep(lot.uniform(0, 0.5))
            assert real.stop(process) == 0, (tmp_path / "worker.log").read_text()[-4000:]
        assert holders() == []
        stops += 1
    finish(stage)
    record_property("stops", stops)
    assert faults(stage) == []
