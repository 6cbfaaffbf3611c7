"""What the sweep finds: lanes with work, nights that have come, comparisons that wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import ConnectionState
from app.sync import controls, sweep
from app.sync.drifts import ReconciliationRun
from tests.billing.firm import ANN
from tests.sync.books import Books, connection


@pytest.fixture
def night(books: Books) -> Iterator[HeldClock]:
    """Hold the clock at one in the morning of the second of July; London is an hour ahead of UTC."""
    with transaction():
        connection(books).connected_at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    with clock.use(held := HeldClock(datetime(2026, 7, 2, 0, 30, tzinfo=UTC))):
        yield held


def runs() -> list[ReconciliationRun]:
    return list(db.session.scalars(select(ReconciliationRun)))


def test_a_night_begins_at_two_on_the_organisation_s_own_wall(books: Books, night: HeldClock) -> None:
    assert sweep.claim_nights() == 0
    night.move(timedelta(minutes=30))
    assert sweep.claim_nights() == 1
    assert [run.night for run in runs()] == [date(2026, 7, 2)]


def test_a_night_is_claimed_once_however_many_sweep(books: Books, night: HeldClock) -> None:
    night.move(timedelta(hours=2))
    assert [sweep.claim_nights(), sweep.claim_nights()] == [1, 0]


def test_a_night_missed_while_we_were_down_is_caught_up(books: Books, night: HeldClock) -> None:
    night.move(timedelta(hours=14))
    assert sweep.claim_nights() == 1


def test_a_company_accepted_today_has_its_first_night_tomorrow(books: Books, night: HeldClock) -> None:
    with transaction():
        connection(books).connected_at = clock.now()
    night.move(timedelta(hours=2))
    assert sweep.claim_nights() == 0
    night.move(timedelta(days=1))
    assert sweep.claim_nights() == 1


def test_a_company_to_be_reconnected_has_no_nights(books: Books, night: HeldClock) -> None:
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    night.move(timedelta(hours=2))
    assert sweep.claim_nights() == 0


def test_a_lane_with_something_due_is_found_unless_it_is_held(books: Books) -> None:
    books.firm.open()
    lane = books.firm.entity.lane
    assert sweep.lanes_with_work() == {(current_organisation(), lane)}
    controls.pause(connection(books), ANN, "year end")
    assert sweep.lanes_with_work() == set()


def test_comparisons_that_wait_are_found(books: Books) -> None:
    run_id = controls.compare_now(connection(books), "Olivia")
    assert sweep.waiting_runs() == [(current_organisation(), run_id)]
