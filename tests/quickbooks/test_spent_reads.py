"""The reads of a month that are spent: a kind of trouble of its own, which slows nobody down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.settings import Settings
from app.quickbooks import calls, errors
from app.quickbooks.client import QuickBooks
from app.quickbooks.counters import month_of
from app.quickbooks.models import Connection
from app.quickbooks.panel import panel
from app.quickbooks.realm import ReadMonth, Realm
from tests.quickbooks.intuit import Intuit, answer
from tests.quickbooks.test_client import rows

READ = calls.company_info("1234")
REFUSED = answer("", 429)
"""As Intuit throttles."""


@pytest.fixture
def in_production(connection_id: int, settings: Settings) -> int:
    """The connection, of a company in production whose app has used up its month."""
    with transaction() as session:
        session.get_one(Connection, connection_id).mode = "live"
        spent = {"month": month_of(clock.now()), "reads": settings.monthly_reads}
        session.add(ReadMonth(client_id=settings.intuit_client_id, **spent))
    return connection_id


def asked(quickbooks: QuickBooks, connection_id: int) -> errors.ReadsSpent:
    """The hold with which a read ends."""
    with pytest.raises(errors.ReadsSpent) as held:
        quickbooks.ask(connection_id, READ)
    return held.value


def test_a_read_beyond_the_month_is_a_hold_with_its_sentence(
    held: HeldClock, quickbooks: QuickBooks, in_production: int, *, intuit: Intuit
) -> None:
    intuit.answers = [REFUSED]
    hold = asked(quickbooks, in_production)
    assert (hold.retry_after_seconds, hold.http_status) == (3600, 429)
    assert hold.message.startswith("The reads that Intuit allows its app in a month are spent")


def test_it_neither_pauses_nor_slows_the_company_nor_opens_its_breaker(
    held: HeldClock, quickbooks: QuickBooks, in_production: int, *, intuit: Intuit
) -> None:
    intuit.answers = [REFUSED]
    asked(quickbooks, in_production)
    seen = panel(Realm("1234", "live"), clock.now())
    assert (seen.paused_until, seen.slowed, seen.unknown_streak) == (None, None, 0)


def test_within_the_hour_no_other_read_leaves(
    held: HeldClock, quickbooks: QuickBooks, in_production: int, *, intuit: Intuit
) -> None:
    intuit.answers = [REFUSED]
    asked(quickbooks, in_production)
    held.move(timedelta(minutes=59))
    assert asked(quickbooks, in_production).retry_after_seconds == 60
    assert len(intuit.asked) == 1


def test_after_the_hour_it_is_asked_again(
    held: HeldClock, quickbooks: QuickBooks, in_production: int, *, intuit: Intuit
) -> None:
    intuit.answers = [REFUSED, rows(1)]
    asked(quickbooks, in_production)
    held.move(timedelta(hours=1))
    assert quickbooks.ask(in_production, READ).status == 200


def test_a_read_that_is_throttled_before_that_is_throttled(
    held: HeldClock, quickbooks: QuickBooks, in_production: int, *, intuit: Intuit
) -> None:
    with transaction() as session:
        session.get_one(ReadMonth, ("client-live", "2026-03")).reads -= 1
    intuit.answers = [REFUSED]
    with pytest.raises(errors.Throttled):
        quickbooks.ask(in_production, READ)
    assert panel(Realm("1234", "live"), clock.now()).paused_until is not None
