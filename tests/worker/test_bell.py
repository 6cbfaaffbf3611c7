"""The bell rings for whoever works; one that can't be rung is only logged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from huey.api import Huey

from app.foundation.database import transaction
from app.outbox import tray
from app.outbox.models import Lane, Mode, Subject
from app.worker.bell import Bell
from app.worker.hints import carrier
from tests.world import World

LANE = Lane(1, Mode.LIVE)


@pytest.fixture
def huey() -> Huey:
    return carrier("memory:")


@pytest.fixture
def bell(huey: Huey) -> Iterator[Bell]:
    made = Bell(huey)
    with tray.posted.connected_to(made.hear):
        yield made


def test_a_posting_rings_and_whoever_works_hears_the_lane(bell: Bell, northgate: World) -> None:
    heard: list[tuple[int, int, str]] = []
    bell.listen(lambda *told: heard.append(told))
    with transaction():
        tray.post(Subject("invoice", 1), LANE)
    bell.huey.execute(bell.huey.dequeue())
    assert heard == [(northgate.northgate.id, 1, "live")]


def test_a_process_that_only_rings_does_nothing_with_a_hint(bell: Bell) -> None:
    bell.ring(1, LANE)
    assert bell.huey.execute(bell.huey.dequeue()) is None


def test_a_store_that_is_down_loses_no_posting(bell: Bell, northgate: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.huey.storage, "enqueue", broken)
    with transaction():
        tray.post(Subject("invoice", 1), LANE)
    assert bell.ring(1, LANE) is False


def broken(*_told: object, **_more: object) -> None:
    raise ConnectionError("the store of hints is down")
