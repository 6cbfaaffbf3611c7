"""One clock, which tests may hold."""

from datetime import UTC, timedelta

from app.foundation import clock
from app.foundation.clock import HeldClock


def test_a_held_clock_stands_still_and_sleeping_moves_it(held: HeldClock) -> None:
    before, seconds = clock.now(), clock.monotonic()
    clock.sleep(90)
    assert clock.now() - before == timedelta(seconds=90)
    assert clock.monotonic() - seconds == 90


def test_a_held_clock_may_be_put_back(held: HeldClock) -> None:
    before = clock.now()
    held.move(timedelta(hours=-1))
    assert before - clock.now() == timedelta(hours=1)


def test_behind_the_block_the_machines_own_clock_runs_again() -> None:
    with clock.use(HeldClock(clock.now() - timedelta(days=1000))):
        held = clock.now()
    assert clock.now() - held > timedelta(days=999)
    assert clock.now().tzinfo is UTC


def test_the_machines_clock_sleeps_for_real() -> None:
    before = clock.monotonic()
    clock.sleep(0.002)
    assert clock.monotonic() - before >= 0.002


def test_two_clocks_of_ours_are_a_little_apart_and_no_more(held: HeldClock) -> None:
    assert clock.latest() == clock.latest(held.now()) == held.now() + timedelta(minutes=2)
