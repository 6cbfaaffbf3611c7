"""An envelope whose outcome nobody knows leaves a trace, is tried again, and is told of when that does not help."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.foundation.database import db
from app.foundation.mail import Mail
from app.outbox.models import MessageState
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.sync.answered import recording
from app.sync.judging.verdicts import MAX_TRIES
from app.sync.telling import delivering
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_without_call import refused_by_the_database

SUBJECT = "QuickBooks does not say whether it took what was sent"


class Proxy:
    """Something on the line that answers the first write of an invoice by itself."""

    def __init__(self, line: Http, status: int, body: bytes) -> None:
        self.line, self.answers = line, [HttpAnswer(status, {"intuit_tid": "1\0-2"}, body, seconds=0.0)]

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer it, or send it on."""
        is_ours = urlsplit(request.url).path.endswith("/invoice") and self.answers
        return self.answers.pop() if is_ours else self.line.send(request)


def put_on_line(books: Books, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    sending = books.engine.quickbooks._sending
    monkeypatch.setattr(sending, "_http", Proxy(sending._http, status, body))


def mails() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.body).where(Mail.subject == SUBJECT)))


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"\x00\x01\x02 garbage of a proxy"), (200, b"PK\x03\x04\x00\x00"), (200, b'{"Invoice":"a\\u0000b"}')],
)
def test_an_answer_that_no_database_stores_leaves_a_trace(
    books: Books, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes
) -> None:
    books.invoice()
    put_on_line(books, monkeypatch, status, body)
    invoice = books.invoice()
    weather.settle_all(books)
    assert weather.outcomes(invoice) == ["unknown", "sent"]
    assert len(weather.there(books)) == 2


def test_an_answer_that_cannot_be_kept_is_told_of_without_it(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.invoice()
    kept = recording._failed
    monkeypatch.setattr(recording, "_failed", lambda problem: refused_by_the_database() if problem else kept(problem))
    put_on_line(books, monkeypatch, 502, b"")
    invoice = books.invoice()
    weather.settle_all(books)
    assert weather.outcomes(invoice) == ["unknown", "sent"]


def test_a_defect_of_ours_leaves_a_trace_and_charges_the_envelope(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoice()

    def stumbling(*_told: object) -> None:
        refused_by_the_database()

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "ends_of", stumbling)
        invoice = books.invoice()
        (envelope,) = weather.unanswered()
        assert envelope.unknown_outcomes > 0
        assert "a fault in Counterfoil" in weather.reason(invoice)
    weather.settle_all(books)
    assert (weather.state(invoice), weather.outcomes(invoice)[-1]) == (MessageState.DONE, "sent")
    assert len(weather.there(books)) == 2


def test_the_owners_hear_once_of_an_invoice_that_quickbooks_never_answers(books: Books) -> None:
    books.invoice()
    weather.order(books, "server_error", kind="invoice", count=0)
    invoice = books.invoice()
    while (tries := weather.unanswered()[0].unknown_outcomes) < MAX_TRIES + 3:
        assert len(mails()) == (tries >= MAX_TRIES)
        weather.hurry()
        books.send()
    (told,) = mails()
    assert str(invoice.number) in told
    assert weather.state(invoice) is MessageState.SENDING
