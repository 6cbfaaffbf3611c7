"""The guard at the door, as a row that many share."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.settings import Settings
from app.quickbooks import counters, errors
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import FencedError
from app.quickbooks.governor import Admission, Governor, Passage
from app.quickbooks.lease import Lease, check_fence, release, take_lease
from app.quickbooks.panel import panel
from app.quickbooks.realm import CallMinute, Realm
from app.quickbooks.realm import Governor as Row
from tests.quickbooks.conftest import REALM
from tests.quickbooks.crowd import at_once
from tests.world import World

READ = Passage(REALM, CallForm.READ, longest_seconds=20, subject="/term/3")


@pytest.fixture
def governor(settings: Settings, northgate: World, held: HeldClock) -> Governor:
    return Governor(settings)


@pytest.fixture
def lease(governor: Governor) -> Lease:
    lease = take_lease(REALM, "anna", clock.now(), 25)
    assert lease is not None
    return lease


def write(lease: Lease, subject: str = "request-1", form: CallForm = CallForm.WRITE) -> Passage:
    """A write under a lease."""
    return Passage(REALM, form, longest_seconds=20, lease=lease, subject=subject)


def test_of_eight_writes_at_one_moment_two_leave(
    app: Flask, governor: Governor, lease: Lease, northgate: World
) -> None:
    asked = at_once(app, northgate.northgate.id, [lambda: governor.admit(write(lease))] * 8)
    assert [admission.go for admission in asked].count(True) == 2
    assert max(admission.wait_seconds for admission in asked) == pytest.approx(0.125)
    (minute,) = panel(REALM, clock.now()).minutes
    assert (minute.requests, minute.writes) == (2, 2)


def test_of_eight_reads_at_one_moment_one_leaves(app: Flask, governor: Governor, northgate: World) -> None:
    asked = at_once(app, northgate.northgate.id, [lambda: governor.admit(READ)] * 8)
    assert [admission.go for admission in asked].count(True) == 1


def test_a_read_leaves_beside_a_write(governor: Governor, lease: Lease) -> None:
    assert governor.admit(write(lease)).go
    admission = governor.admit(READ)
    assert admission.go
    assert governor.admit(READ).wait_seconds == pytest.approx(0.1)
    governor.landed(READ, admission, None)
    assert panel(REALM, clock.now()).read_until is None


def test_a_reader_who_died_before_the_clock_was_put_back_keeps_nobody_waiting(
    governor: Governor, held: HeldClock
) -> None:
    governor.admit(READ)
    held.move(timedelta(hours=-3))
    assert not governor.admit(READ).go  # the limits begin anew
    held.move(timedelta(seconds=1))
    assert governor.admit(READ).go


@pytest.mark.parametrize("form", [CallForm.WRITE, CallForm.BATCH])
def test_a_clock_that_is_put_back_stops_no_writer_until_it_has_caught_up(
    governor: Governor, lease: Lease, held: HeldClock, form: CallForm
) -> None:
    for _batch in range(40):
        governor.admit(write(lease, form=CallForm.BATCH))
        held.move(timedelta(seconds=1))
    held.move(timedelta(hours=-3))
    waited = 0.0
    while not (admission := governor.admit(write(lease, form=form))).go:
        held.move(timedelta(seconds=admission.wait_seconds))
        waited += admission.wait_seconds
        assert waited < 150


def test_a_reader_who_died_frees_the_slot_when_its_call_is_over(governor: Governor, held: HeldClock) -> None:
    dead = governor.admit(READ)
    held.move(timedelta(seconds=19))
    assert not governor.admit(READ).go
    held.move(timedelta(seconds=1))
    alive = governor.admit(READ)
    assert alive.go
    governor.landed(READ, dead, None)  # it only seemed dead; the slot is another's now
    assert not governor.admit(READ).go


def test_a_write_needs_the_lease(governor: Governor, lease: Lease, held: HeldClock) -> None:
    with pytest.raises(ValueError, match="lease"):
        governor.admit(Passage(REALM, CallForm.WRITE, longest_seconds=20))
    held.move(timedelta(seconds=25))
    take_lease(REALM, "bert", clock.now(), 25)
    with pytest.raises(FencedError):
        governor.admit(write(lease))


def test_a_writer_who_waits_for_the_limits_keeps_the_lease(governor: Governor, lease: Lease, held: HeldClock) -> None:
    governor.pause(REALM, clock.now() + timedelta(seconds=18), "asked to wait")
    held.move(timedelta(seconds=10))
    assert governor.admit(write(lease)).wait_seconds == pytest.approx(8)
    governor.admit(write(lease))
    held.move(timedelta(seconds=8))
    assert take_lease(REALM, "bert", clock.now(), 25) is None


def test_a_throttled_call_pauses_the_company_to_the_second(governor: Governor, lease: Lease, held: HeldClock) -> None:
    governor.landed(write(lease), governor.admit(write(lease)), errors.Throttled(37))
    held.move(timedelta(seconds=36.5))
    assert governor.admit(READ).wait_seconds == pytest.approx(0.5)
    assert panel(REALM, clock.now()).paused_why == "QuickBooks asked us to wait"
    held.move(timedelta(seconds=0.5))
    assert governor.admit(READ).go


def test_a_person_can_end_a_pause(governor: Governor) -> None:
    governor.pause(REALM, clock.now() + timedelta(hours=1), "stopped by Olivia")
    governor.resume(REALM)
    assert governor.admit(READ).go


def test_silence_opens_the_breaker_and_an_answer_closes_it(governor: Governor, lease: Lease, held: HeldClock) -> None:
    for number in range(5):
        fail(governor, write(lease, f"request-{number % 2}"), errors.UnknownOutcome(), held)
    assert panel(REALM, clock.now()).silent_until is not None
    assert governor.admit(READ).wait_seconds == pytest.approx(29)
    held.move(timedelta(seconds=29))
    probe = governor.admit(READ)
    governor.landed(READ, probe, None)
    assert panel(REALM, clock.now()).silent_until is None


def test_a_success_that_follows_trouble_is_told_even_when_it_is_plain(
    governor: Governor, lease: Lease, held: HeldClock
) -> None:
    fail(governor, write(lease), errors.NotSent(), held)
    admission = governor.admit(write(lease))
    assert admission.troubled
    governor.landed(write(lease), admission, None)
    assert panel(REALM, clock.now()).unknown_streak == 0


def test_forty_batches_fill_a_minute(governor: Governor, held: HeldClock) -> None:
    for number in range(40):
        lease = take_lease(REALM, f"anna-{number}", clock.now(), 25)
        assert lease is not None
        batch = write(lease, form=CallForm.BATCH)
        governor.landed(batch, governor.admit(batch), None)
        held.move(timedelta(seconds=1))
        release(lease)
    lease = take_lease(REALM, "bert", clock.now(), 25)
    assert lease is not None
    assert governor.admit(write(lease, form=CallForm.BATCH)).wait_seconds == pytest.approx(20)
    assert panel(REALM, clock.now()).batches_last_minute == 40


def test_a_landing_told_with_the_fence_is_as_good_as_one_told_by_itself(
    governor: Governor, lease: Lease, held: HeldClock
) -> None:
    batch = write(lease, form=CallForm.BATCH)
    admission = governor.admit(batch)
    held.move(timedelta(seconds=2))
    landing = governor.landing(batch, admission)
    held.move(timedelta(seconds=3))
    with transaction() as session:
        check_fence(session, lease, landing)
    assert db.session.scalars(select(Row.batches)).one() == [clock.now().timestamp() - 3]


def test_a_success_after_silence_is_told_at_once(governor: Governor, lease: Lease, held: HeldClock) -> None:
    fail(governor, write(lease), errors.UnknownOutcome(), held)
    batch = write(lease, form=CallForm.BATCH)
    assert governor.landing(batch, governor.admit(batch)) is None


def test_what_leaves_with_a_call_is_written_only_if_it_leaves(governor: Governor, lease: Lease) -> None:
    told: list[object] = []
    admissions = [governor.admit(write(lease), told.append) for _time in range(3)]
    assert [admission.go for admission in admissions] == [True, True, False]
    assert len(told) == 2


def test_each_call_and_each_trouble_is_counted_by_the_minute(governor: Governor, lease: Lease, held: HeldClock) -> None:
    governor.landed(write(lease), governor.admit(write(lease)), errors.Refused())
    held.move(timedelta(minutes=1))
    governor.landed(READ, governor.admit(READ), errors.Throttled(1))
    first, second = panel(REALM, clock.now()).minutes
    assert (first.requests, first.writes, first.errors, first.throttled) == (1, 1, 1, 0)
    assert (second.requests, second.reads, second.errors, second.throttled) == (1, 1, 0, 1)


def test_minutes_are_forgotten_after_two_hours(governor: Governor, held: HeldClock) -> None:
    governor.landed(READ, governor.admit(READ), None)
    held.move(timedelta(hours=3))
    governor.landed(READ, governor.admit(READ), None)
    assert db.session.scalar(select(func.count()).select_from(CallMinute)) == 1


def test_a_panel_of_a_company_nobody_called_is_empty(northgate: World, held: HeldClock) -> None:
    shown = panel(REALM, clock.now())
    assert (shown.version, shown.holder, shown.minutes, shown.batches_last_minute) == (0, None, [], 0)


def test_a_panel_knows_whether_anything_changed(governor: Governor, lease: Lease) -> None:
    before = panel(REALM, clock.now()).version
    with transaction() as session:
        check_fence(session, lease)
    assert panel(REALM, clock.now()).version == before
    governor.admit(write(lease))
    shown = panel(REALM, clock.now())
    assert shown.version == before + 1
    assert (shown.holder, shown.write_until) == ("anna", clock.now() + timedelta(seconds=20))


def fail(governor: Governor, passage: Passage, trouble: errors.QuickBooksError, held: HeldClock) -> Admission:
    """Let a call leave and end in trouble, then a second pass."""
    admission = governor.admit(passage)
    governor.landed(passage, admission, trouble)
    held.move(timedelta(seconds=1))
    return admission


def test_a_company_that_throttled_us_is_asked_less_and_no_other(
    governor: Governor, lease: Lease, held: HeldClock
) -> None:
    governor.landed(write(lease), governor.admit(write(lease)), errors.Throttled(60))
    held.move(timedelta(seconds=60))
    slowed = panel(REALM, clock.now(), governor.rates).slowed
    assert slowed is not None
    assert (slowed.requests, slowed.batches, slowed.full_at) == (240, 20, clock.now() + timedelta(minutes=35))
    assert "at most 240 requests and 20 batches a minute" in slowed.words
    other = Passage(Realm("99", "test"), CallForm.READ, longest_seconds=20)
    assert governor.admit(other).go
    held.move(timedelta(minutes=35))
    assert panel(REALM, clock.now(), governor.rates).slowed is None


def test_a_person_who_ends_a_pause_does_not_end_what_was_learnt(
    governor: Governor, lease: Lease, held: HeldClock
) -> None:
    governor.landed(write(lease), governor.admit(write(lease)), errors.Throttled(600))
    governor.resume(REALM)
    assert governor.admit(READ).go
    slowed = panel(REALM, clock.now()).slowed
    assert slowed is not None
    assert slowed.requests == 240


def test_reads_of_two_companies_are_metered_together(governor: Governor) -> None:
    for realm_id in ("1", "2"):
        passage = Passage(Realm(realm_id, "live"), CallForm.READ, longest_seconds=20, metered_for="client-1")
        governor.landed(passage, governor.admit(passage), None)
    assert counters.reads_this_month("client-1", clock.now()) == 2
