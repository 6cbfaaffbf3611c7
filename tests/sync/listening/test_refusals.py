"""Refused calls: the first leave rows, a flood is only counted, rarely written down, and rightly in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db
from app.sync.listening import inbox, refusals
from app.sync.listening.deliveries import Delivery
from app.sync.listening.refusals import Refusals
from tests.sync.commits import commits
from tests.sync.listening.test_inbox import NEW, VERIFIERS, calls, signed
from tests.world import World

SECOND = timedelta(seconds=1)


@pytest.fixture
def time(northgate: World) -> Iterator[HeldClock]:
    """The clock stands still at noon."""
    held = HeldClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    with clock.use(held):
        yield held


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three calls of one source are as many as get a row in a minute, and four of all."""
    monkeypatch.setattr(refusals, "REFUSED_A_MINUTE", 3)
    monkeypatch.setattr(refusals, "REFUSED_BY_ALL", 4)


def forge(number: int = 1, source: str = "203.0.113.9") -> None:
    for _ in range(number):
        inbox.keep(b"[]", "forged", source, VERIFIERS)


def rows() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(call.source, call.more) for call in calls()]


@pytest.mark.usefixtures("few")
def test_a_flood_is_written_down_once_a_second(time: HeldClock) -> None:
    with commits() as seen:
        forge(100, "one")
        assert (rows(), len(seen)) == ([("one", 0), ("one", 0), ("one", 1)], 4)
        time.move(SECOND)
        forge(100, "one")
        assert (rows(), len(seen)) == ([("one", 0), ("one", 0), ("one", 98)], 5)


@pytest.mark.usefixtures("few")
def test_another_source_is_still_written_down(time: HeldClock) -> None:
    forge(5, "one")
    forge(1, "two")
    assert rows() == [("one", 0), ("one", 0), ("one", 2), ("two", 0)]


@pytest.mark.usefixtures("few")
def test_many_sources_together_are_a_flood_too(time: HeldClock) -> None:
    with commits() as seen:
        for number in range(50):
            forge(1, f"source {number}")
    assert (len(calls()), len(seen)) == (4, 5)
    refusals.refusals().write_down()
    assert rows()[-1] == ("source 3", 46)


@pytest.mark.usefixtures("few")
def test_after_a_quiet_minute_a_call_has_a_row_again_and_nothing_is_forgotten(time: HeldClock) -> None:
    forge(10)
    time.move(61 * SECOND)
    forge()
    assert [more for _source, more in rows()] == [0, 0, 7, 0]


@pytest.mark.usefixtures("few")
def test_a_signed_call_writes_down_what_was_counted_a_second_ago(time: HeldClock) -> None:
    forge(10)
    inbox.keep(b"[]", signed(b"[]", NEW), "intuit", VERIFIERS)
    assert rows()[2] == ("203.0.113.9", 1)
    time.move(SECOND)
    inbox.keep(b"[]", signed(b"[]", NEW), "intuit", VERIFIERS)
    assert rows()[2] == ("203.0.113.9", 7)


@pytest.mark.usefixtures("few")
def test_a_flood_of_refused_calls_keeps_no_true_one_out(time: HeldClock) -> None:
    forge(10)
    assert inbox.keep(b"[]", signed(b"[]", NEW), "203.0.113.9", VERIFIERS) is None
    assert calls()[-1].body == b"[]"


@pytest.mark.usefixtures("few")
def test_a_call_too_large_to_be_read_is_counted_as_well(time: HeldClock) -> None:
    for _ in range(5):
        inbox.reject_unread(9_000_000, "one")
    refusals.refusals().write_down()
    assert [more for _source, more in rows()] == [0, 0, 2]


@pytest.mark.usefixtures("few")
def test_what_could_not_be_written_down_stays_counted(time: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(10)
    with monkeypatch.context() as away:
        away.setattr(refusals, "_count", _failing)
        with pytest.raises(OperationalError):
            refusals.refusals().write_down()
    refusals.refusals().write_down()
    assert rows()[-1] == ("203.0.113.9", 7)


@pytest.mark.usefixtures("few")
def test_two_processes_count_on_one_row(time: HeldClock) -> None:
    forge(4)
    other = Refusals()
    for _ in range(5):
        other.note("203.0.113.9", lambda: Delivery(source="203.0.113.9", arrived_at=clock.now()))
    other.write_down()
    assert rows()[-1] == ("203.0.113.9", 6)


def test_to_write_down_nothing_costs_nothing(time: HeldClock) -> None:
    with commits() as seen:
        refusals.refusals().write_down()
    assert seen == []


def _failing(*_told: object) -> None:
    raise OperationalError("UPDATE", {}, Exception("locked"))
