"""The hourly round: quiet connections are renewed, and owners hear in time, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.mail import MAX_TRIES, Mail, MailState
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import ConnectionState
from app.quickbooks.realm import ReadMonth
from app.sync.company import keeping
from tests.sync import weather
from tests.sync.books import Books, connection


def change(books: Books, **values: Any) -> None:
    with transaction():
        for name, value in values.items():
            setattr(connection(books), name, value)


def look(books: Books) -> None:
    """Make the round, as every worker does each hour."""
    end_reading()
    for organisation_id, connection_id in keeping.connections():
        keeping.look_after(books.engine, organisation_id, connection_id)
    keeping.look_at_meters(books.engine)


def subjects() -> list[str]:
    end_reading()
    return list(db.session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_a_connection_nobody_uses_is_renewed_after_a_week_and_so_never_lapses(books: Books) -> None:
    with weather.held_clock() as held:
        assert isinstance(held, HeldClock)
        before = connection(books).token_version
        for _day in range(40):
            held.move(timedelta(days=1))
            look(books)
        after = connection(books)
        assert after.refresh_expires_at is not None
        assert after.refresh_expires_at - clock.now() > timedelta(days=90)
        assert after.token_version - before == 40 // 8  # eight days after the last one: an hour, and a week of quiet
        assert subjects() == []


def test_owners_hear_of_a_lost_connection_once_mail_works_again_however_long_it_was_down(books: Books) -> None:
    books.engine.quickbooks.tokens.lose(books.connection_id, "revoked")
    look(books)
    with transaction() as session:
        (told,) = session.scalars(select(Mail))
        told.state, told.tries = MailState.FAILED, MAX_TRIES
    look(books)
    end_reading()
    (waits,) = db.session.scalars(select(Mail))
    assert (waits.state, waits.tries) == (MailState.WAITING, 0)
    books.reconnect()
    look(books)
    assert len(subjects()) == 1


def test_a_connection_in_use_is_left_alone(books: Books) -> None:
    before = connection(books).token_version
    look(books)
    assert connection(books).token_version == before


def test_a_silent_token_server_at_a_quiet_time_is_tried_again_in_an_hour(books: Books) -> None:
    change(books, access_expires_at=clock.now() - timedelta(days=8), access_refresh_at=clock.now() - timedelta(days=8))
    before = connection(books).token_version
    weather.order(books, "server_error", kind="token")
    look(books)
    assert (connection(books).token_version, connection(books).state) == (before, ConnectionState.ACTIVE)
    look(books)
    assert connection(books).token_version == before + 1


def test_owners_hear_at_fourteen_seven_and_two_days_before_the_end_once_each(books: Books) -> None:
    with weather.held_clock() as held:
        assert isinstance(held, HeldClock)
        change(books, hard_expires_at=clock.now() + timedelta(days=20))
        heard: list[int] = []
        for day in range(20):
            look(books)
            look(books)
            heard += [day] * (len(subjects()) - len(heard))
            held.move(timedelta(days=1))
            change(books, access_expires_at=clock.now())  # it is in use
    assert heard == [6, 13, 18]
    assert subjects()[0].startswith("Reconnect QuickBooks by ")


def test_who_was_down_for_a_week_is_told_the_most_urgent_only(books: Books) -> None:
    change(books, hard_expires_at=clock.now() + timedelta(days=1.5))
    look(books)
    assert len(subjects()) == 1


def test_a_lost_connection_is_told_even_if_the_crash_came_before_the_mail(books: Books) -> None:
    change(books, state=ConnectionState.RECONNECT)
    look(books)
    look(books)
    (subject,) = subjects()
    assert subject.startswith("QuickBooks is no longer connected")


@pytest.mark.parametrize(("reads", "told"), [(69, []), (70, [70]), (91, [90])])
def test_owners_hear_when_most_of_the_month_s_reads_are_used(books: Books, reads: int, told: list[int]) -> None:
    use(books, reads)
    look(books)
    look(books)
    assert subjects() == [f"{percent} % of this month's QuickBooks reads are used" for percent in told]


def test_owners_hear_that_the_month_s_reads_are_spent(books: Books) -> None:
    use(books, 100)
    look(books)
    look(books)
    assert subjects() == ["This month's QuickBooks reads are spent"]


def test_each_warning_of_reads_comes_once_a_month(books: Books) -> None:
    with weather.held_clock() as held:
        assert isinstance(held, HeldClock)
        for reads in (75, 80, 95, 99):
            use(books, reads)
            look(books)
        assert len(subjects()) == 2
        held.move(timedelta(days=31))
        use(books, 95)
        look(books)
    assert len(subjects()) == 3


def test_an_organisation_without_a_company_in_production_hears_nothing_of_reads(books: Books) -> None:
    use(books, 95)
    change(books, state=ConnectionState.DISCONNECTED)
    look(books)
    assert subjects() == []


def use(books: Books, percent: int) -> None:
    """So much of the app's month is used."""
    budget, client_id = books.engine.settings.monthly_reads, books.engine.settings.intuit_client_id
    with transaction() as session:
        session.merge(ReadMonth(client_id=client_id, month=f"{clock.now():%Y-%m}", reads=budget * percent // 100))


def test_one_organisation_at_a_time(books: Books) -> None:
    assert keeping.connections() == [(current_organisation(), books.connection_id)]
