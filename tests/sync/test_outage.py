"""Intuit is down for hours while documents wait: nobody's tries are used up, and afterwards they go at full speed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.billing import invoicing
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.settings import Settings
from app.foundation.tenancy import current_organisation
from app.outbox import lanes
from app.outbox.models import Message, MessageState, Priority
from app.quickbooks.client import QuickBooks
from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError
from app.quickbooks.transport import RequestsHttp
from app.sync.engine import Engine
from app.sync.records.envelopes import Envelope
from app.sync.telling import sweep
from app.sync.telling.drain import drain
from tests.billing.firm import ANN
from tests.simulation import REALM, settings_at
from tests.sync.books import Books

REQUEST_SECONDS, DOCUMENT_SECONDS = 0.3, 0.04
SCAN = 2.0


class Line:
    """A line that takes its time on our clock, and reaches nobody while Intuit is down."""

    def __init__(self, held: HeldClock) -> None:
        self.held, self.up_again = held, held.now()
        self.lost, self.answered = list[HttpRequest](), list[datetime]()
        self._line = RequestsHttp()

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it: every other call that is lost is one of which nobody knows whether it arrived."""
        self.held.sleep(REQUEST_SECONDS + DOCUMENT_SECONDS * request.body.count(b'"bId"'))
        if self.held.now() < self.up_again:
            self.lost.append(request)
            raise (NotSentError if len(self.lost) % 2 else UnknownOutcomeError)("Intuit is down")
        self.answered.append(self.held.now())
        return self._line.send(request)


@pytest.fixture
def line(held: HeldClock) -> Line:
    return Line(held)


@pytest.fixture
def engine_in_earnest(books: Books, line: Line, database_url: str) -> Engine:
    """Give an engine with Intuit's real limits and our real pauses."""
    settings: Settings = settings_at(books.simulation.base, database_url, governor=True, retry_base_seconds=30.0)
    return Engine(QuickBooks(line, settings, settings.sealer()), settings, owner="test")


def open_some(books: Books, count: int) -> None:
    """Invoices of a known client, opened by a run."""
    for number in range(0, count, 250):
        drafts = [books.firm.draft(books.firm.line("100")) for _document in range(min(250, count - number))]
        with transaction():
            for draft in drafts:
                invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)


def work(engine: Engine, books: Books) -> None:
    """What one worker does, until nothing is left: the sweep looks every other second."""
    place = current_organisation(), books.firm.entity.lane
    while has_more(books):
        if place in sweep.lanes_with_work():
            drain(engine, *place)
        else:
            clock.sleep(SCAN)


def has_more(books: Books) -> bool:
    counts = lanes.counts(books.firm.entity.lane)
    end_reading()
    return any(counts.get(state) for state in (MessageState.WAITING, MessageState.SENDING))


def outage(books: Books, engine: Engine, line: Line, *, hours: float, documents: int) -> float:
    """Let Intuit be down for so long while so many wait; the share of the allowed rate at which they go afterwards."""
    books.invoice()
    open_some(books, documents)
    line.answered.clear()
    line.up_again = clock.now() + timedelta(hours=hours)
    work(engine, books)
    assert number_there(books) == documents + 1
    allowed = -(-documents // 30) * (REQUEST_SECONDS + 30 * DOCUMENT_SECONDS)
    began, ended = line.answered[0] - timedelta(seconds=REQUEST_SECONDS), line.answered[-1]
    return allowed / (ended - began).total_seconds()


def number_there(books: Books) -> int:
    """How many invoices QuickBooks has, counted page by page."""
    number = 0
    following: str | None = "0"
    while following is not None:
        page = books.simulation.look(f"companies/{REALM}/records/Invoice?after={following}&limit=1000")
        number, following = number + len(page["records"]), page["next"]
    return number


def tries() -> tuple[int, int]:
    """The most tries that a message lost, and how many failures were charged to all envelopes together."""
    return db.session.scalar(select(func.max(Message.tries))) or 0, (
        db.session.scalar(select(func.sum(Envelope.unknown_outcomes))) or 0
    )


def test_an_outage_costs_no_message_a_try(books: Books, engine_in_earnest: Engine, line: Line) -> None:
    outage(books, engine_in_earnest, line, hours=0.1, documents=61)
    assert tries() == (0, 4)  # before the fifth failure nobody knew that Intuit is down; no probe is charged
    assert len(line.lost) <= 5 + 4  # until the breaker opened; then probes after 30, 60, 120 and 240 seconds


@pytest.mark.prove(weight=2)
def test_two_hours_with_five_thousand_waiting(
    books: Books, engine_in_earnest: Engine, line: Line, record_property: Callable[[str, object], None]
) -> None:
    speed = outage(books, engine_in_earnest, line, hours=2, documents=5000)
    record_property("percent_of_the_allowed_rate_after_an_outage", f"{speed:.1%}")
    assert tries() == (0, 4)
    assert len(line.lost) <= 5 + 5 + 8  # from then on a probe each quarter of an hour
    assert speed >= 0.9
