"""Mails to the owners leave by a real SMTP conversation with a server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Letter

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask_mailman import Mail as Mailer
from sqlalchemy import select

from app.billing.document import Document
from app.foundation import clock, mail
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.mail import Mail, MailState
from app.foundation.mailserver import mail_config
from app.quickbooks.models import ConnectionState
from app.sync.company import notices
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.sync import weather
from tests.sync.books import Books, connection


class Postman:
    """Keeps every letter, or refuses as long as it is told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], Letter]] = []
        self.refuses = False

    async def handle_DATA(  # noqa: N802 - the name the server looks for
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """One letter arrived."""
        if self.refuses:
            return "451 The mailbox is busy, try again later"
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content or b"")))  # type: ignore[arg-type]
        return "250 OK"


class PostOffice(Controller):
    """A mail server that learns which free port it was given before it knocks at it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


@pytest.fixture
def postman(app: Flask) -> Iterator[Postman]:
    """Run a mail server on a free port; the portal sends by it."""
    keeper = Postman()
    server = PostOffice(keeper, hostname="127.0.0.1", port=0)
    server.start()
    before = {name: value for name, value in app.config.items() if name.startswith("MAIL_")}
    app.config.update(mail_config(f"smtp://127.0.0.1:{server.port}", "Counterfoil <portal@northgate.example>"))
    kept, app.extensions["mailman"] = app.extensions["mailman"], Mailer.init_mail(app.config, app.testing)
    yield keeper
    app.config.update(before)
    app.extensions["mailman"] = kept
    server.stop()


def hold_one(books: Books, number: int = 1) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    for _ in range(number):
        books.firm.open()
    books.send()


def test_the_owner_hears_once_of_a_cause_however_many_wait(books: Books, postman: Postman) -> None:
    hold_one(books, 3)
    assert mail.send_due_mail() == 1
    ((recipients, letter),) = postman.letters
    assert (recipients, letter["Subject"]) == (
        ["olivia@northgate-it.example"],
        "An invoice waits for you before it can go to QuickBooks",
    )
    assert "has no item in QuickBooks yet" in str(letter.get_payload(decode=True))


def test_a_mail_is_not_sent_twice(books: Books, postman: Postman) -> None:
    hold_one(books)
    assert [mail.send_due_mail(), mail.send_due_mail()] == [1, 0]


def test_the_owner_hears_that_the_connection_is_lost(books: Books, postman: Postman) -> None:
    notices.hear_lost_connections()
    books.simulation.control("companies/9341450000000001/disconnect")
    books.firm.open()
    books.send()
    assert connection(books).state is ConnectionState.RECONNECT
    mail.send_due_mail()
    assert [letter["Subject"].startswith("QuickBooks is no longer connected") for _to, letter in postman.letters] == [
        True
    ]


def test_refused_keys_are_told_once_and_no_document_is_tried_for_itself(books: Books) -> None:
    notices.hear_lost_connections()
    books.invoice()
    with weather.held_clock() as held:
        assert isinstance(held, HeldClock)
        weather.order(books, "fault", kind="token", code="invalid_client", status=401, count=0)
        with transaction():
            connection(books).access_expires_at = connection(books).access_refresh_at = clock.now()
        flying, *_waiting = [waited(books, held) for _tenth_second in range(9)]
        assert len(weather.unanswered()) == 1
        assert weather.outcomes(flying) == ["later"] * 2  # at once and after a minute
        (told,) = db.session.scalars(select(Mail.subject))
        assert told.startswith("Intuit refuses the keys")
        weather.clear(books)
        held.move(timedelta(minutes=15))
        weather.settle_all(books)
    assert len(weather.there(books)) == 10


def waited(books: Books, held: HeldClock) -> Document:
    """Open an invoice, see whether it goes, and let ten seconds pass."""
    document = books.firm.open()
    books.send()
    held.move(timedelta(seconds=10))
    return document


def test_what_waits_is_sent_after_the_company_is_connected_again(books: Books) -> None:
    books.simulation.control("companies/9341450000000001/disconnect")
    document = books.firm.open()
    books.send()
    books.reconnect()
    books.send()
    assert books.link(document)


def test_a_mail_that_the_server_refuses_stays_with_its_words_and_is_tried_again(books: Books, postman: Postman) -> None:
    postman.refuses = True
    hold_one(books)
    assert mail.send_due_mail() == 0
    (waiting,) = db.session.scalars(select(Mail))
    assert (waiting.state, waiting.tries) == (MailState.WAITING, 1)
    assert "busy" in (waiting.problem or "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("service:1", "Service “SUP” has no item in QuickBooks yet."),
            ("service:2", "Service “B” has no item in QuickBooks yet."),
            True,
        ),
        (
            ("number_invoice:1", "Number INV-7 is already used by Invoice 12."),
            ("number_invoice:2", "Number INV-8 is already used by Invoice 13."),
            True,
        ),
        (("invoice:1", "Line 1 has no tax code."), ("invoice:2", "Line 12 has no tax code."), True),
        (("invoice:1", "It is over £10.00."), ("invoice:2", "It has no client."), False),
        (("client:1", "It has no client."), ("invoice:2", "It has no client."), False),
    ],
)
def test_a_cause_is_what_many_have_in_common(one: tuple[str, str], other: tuple[str, str], *, same: bool) -> None:
    assert (notices.cause_of(*one) == notices.cause_of(*other)) is same


def test_another_cause_of_the_same_day_is_told_by_a_later_mail(books: Books, postman: Postman) -> None:
    books.invoice()
    for code in ("6070", "6540", "6070"):
        weather.order(books, "fault", kind="invoice", code=code)
        books.invoice()
    mail.send_due_mail()
    assert [
        part in str(letter.get_payload(decode=True))
        for (_to, letter), part in zip(postman.letters, ("quantity times price", "bank deposit"), strict=True)
    ] == [True, True]


def test_a_mailbox_is_not_filled(books: Books, postman: Postman) -> None:
    with transaction():
        for number in range(30):
            notices.tell_held(books.connection_id, "invoice:1", f"Reason {chr(65 + number)}.")
    mail.send_due_mail()
    assert len(postman.letters) == 10
