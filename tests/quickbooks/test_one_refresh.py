"""One refresh for each expiry, however many processes want it, where Intuit lets an old token die at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.mail import Mail
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import NotSent
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.quickbooks.transport import RequestsHttp
from app.sync.company import keeping, notices
from tests.crashes.stage import Stage, set_up
from tests.quickbooks.swarm import PATIENCE_SECONDS, Gate, Order, Swarm
from tests.simulation import settings_at
from tests.sync.books import Books

pytestmark = pytest.mark.journey

STRICT = {"refresh_rotation_seconds": 0, "old_refresh_grace_seconds": 0, "reused_refresh_revokes": True}
"""Each refresh gives a new refresh token, the one before is dead at once, and using it costs the connection."""


class Counting:
    """A line that counts what the token server was asked and what it refused."""

    def __init__(self, line: Http) -> None:
        self.line, self.asked, self.refused = line, 0, 0

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it."""
        answer = self.line.send(request)
        if b"grant_type=refresh_token" in request.body:
            self.asked += 1
            self.refused += b"invalid_grant" in answer.body
        return answer


def want_a_token(order: Order, _number: int, gate: Gate) -> tuple[list[str], int, int]:
    """In each round, when all are ready: the tokens got, and how often the token server was asked and said no."""
    connection_id, rounds = order.more
    line, got = Counting(RequestsHttp()), list[str]()
    quickbooks = QuickBooks(line, order.settings, order.settings.sealer())
    quickbooks.oauth.places(order.settings.intuit_discovery_url)
    for _round in range(rounds):
        gate.wait(PATIENCE_SECONDS)
        got.append(token_in_the_end(quickbooks, connection_id))
        gate.wait(PATIENCE_SECONDS)
    return got, line.asked, line.refused


def token_in_the_end(quickbooks: QuickBooks, connection_id: int) -> str:
    """As the engine does: where another's refresh takes long, it sends nothing and comes back."""
    while True:
        with suppress(NotSent):
            return quickbooks.tokens.access_token(connection_id).value


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stage(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Stage]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/portal.sqlite" if on_sqlite else request.getfixturevalue("postgresql_url")
    with set_up(url) as stage:
        stage.books.simulation.control("switches", STRICT)
        yield stage


def expire(connection_id: int) -> int:
    """The access token is over; the version of the tokens."""
    over = clock.now() - timedelta(minutes=1)
    with transaction() as session:
        session.execute(update(Connection).values(access_expires_at=over, access_refresh_at=over))
    version = db.session.get_one(Connection, connection_id).token_version
    end_reading()
    return version


def refresh_together(stage: Stage, processes: int, rounds: int) -> None:
    """Let so many processes find an expired token in each round, and check that one of them renewed it."""
    connection_id = stage.books.connection_id
    settings = settings_at(stage.books.simulation.base, stage.database_url)
    order = Order(settings, stage.organisation_id, (connection_id, rounds))
    with Swarm(want_a_token, order, processes) as swarm:
        before = expire(connection_id)
        for round_ in range(rounds):
            assert expire(connection_id) == before + round_
            swarm.meet()
            swarm.meet()
        got, asked, refused = zip(*swarm.reports(), strict=True)
    assert (sum(asked), sum(refused)) == (rounds, 0)
    assert [len(set(tokens)) for tokens in zip(*got, strict=True)] == [1] * rounds
    assert len({token for tokens in got for token in tokens}) == rounds
    assert db.session.get_one(Connection, connection_id).state is ConnectionState.ACTIVE


def test_a_few_processes_with_one_expired_token_refresh_it_once(stage: Stage) -> None:
    refresh_together(stage, processes=4, rounds=2)


@pytest.mark.prove
def test_thirty_two_processes_with_one_expired_token_refresh_it_once_in_each_round(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    refresh_together(stage, processes=32, rounds=20)
    record_property("refreshes", 20)


class Died(BaseException):
    """The process ends here, as by a power cut: nothing of it is caught or cleaned up."""


class Dying:
    """A line whose owner dies with the token server's answer in its hands."""

    def __init__(self, line: Http) -> None:
        self.line = line

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it, and die."""
        answer = self.line.send(request)
        if b"grant_type=refresh_token" in request.body:
            raise Died
        return answer


def die_with_the_answer(books: Books) -> None:
    settings = books.engine.settings
    dying = QuickBooks(Dying(RequestsHttp()), settings, settings.sealer())
    over = expire(books.connection_id)
    assert over
    with pytest.raises(Died):
        dying.tokens.access_token(books.connection_id)
    with transaction() as session:  # half a minute later
        session.execute(update(Connection).values(refresh_lease_until=clock.now()))


def test_a_crash_between_the_answer_and_its_storing_ends_in_reconnect_and_one_mail(stage: Stage) -> None:
    books = stage.books
    notices.hear_lost_connections()
    die_with_the_answer(books)
    waiting = stage.open(*[stage.draft(books.firm.acme, books.firm.support) for _number in range(3)])
    for _try in range(3):
        books.send()
        keeping.look_after(books.engine, stage.organisation_id, books.connection_id)
    assert db.session.get_one(Connection, books.connection_id).state is ConnectionState.RECONNECT
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    books.reconnect()
    while stage.has_more():
        books.send()
    assert [bool(books.link(document)) for document in waiting] == [True] * 3


def test_where_an_old_token_lives_on_for_a_day_such_a_crash_costs_nothing(stage: Stage) -> None:
    stage.books.simulation.control("switches", {"old_refresh_grace_seconds": 86_400})
    die_with_the_answer(stage.books)
    assert stage.books.engine.quickbooks.tokens.access_token(stage.books.connection_id).value
    assert db.session.get_one(Connection, stage.books.connection_id).state is ConnectionState.ACTIVE
