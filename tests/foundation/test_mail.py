"""Mails are rows: written with the fact they tell, sent afterwards, tried again, told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from flask import Flask
from sqlalchemy import select

from app.foundation import clock, mail
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.mail import MAX_TRIES, Mail, MailState, queue_mail, send_due_mail
from app.foundation.tenancy import everywhere
from tests.servers import free_port
from tests.world import World

OLIVIA, ADAM = "olivia@northgate.example", "adam@northgate.example"


class Letterbox(Handler):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[tuple[str, str, str]] = []

    def handle_message(self, message: Any) -> None:
        """Keep it."""
        self.letters.append((message["To"], message["Subject"], message.get_payload().strip()))


@pytest.fixture
def letterbox(app: Flask) -> Iterator[Letterbox]:
    """A mail server on loopback that this portal sends through."""
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    with pointed_at(app, controller.port):
        yield box
    controller.stop()


class pointed_at:  # noqa: N801 - reads as a verb
    """The portal's mail server is at this port until the block ends."""

    def __init__(self, app: Flask, port: int) -> None:
        self.state, self.port = app.extensions["mailman"], port

    def __enter__(self) -> None:
        self.before = (self.state.backend, self.state.server, self.state.port)
        self.state.backend, self.state.server, self.state.port = "smtp", "127.0.0.1", self.port

    def __exit__(self, *_exc: object) -> None:
        self.state.backend, self.state.server, self.state.port = self.before


def write(*recipients: str, occasion: str = "lost:1", subject: str = "Hello") -> None:
    with transaction():
        queue_mail(recipients, subject, "It is so.", occasion=occasion)


def mails() -> list[Mail]:
    end_reading()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_what_is_due_is_sent_once(northgate: World, letterbox: Letterbox) -> None:
    write(OLIVIA)
    assert (send_due_mail(), send_due_mail()) == (1, 0)
    assert letterbox.letters == [(OLIVIA, "Hello", "It is so.")]
    assert [(row.state, row.tries) for row in mails()] == [(MailState.SENT, 1)]


def test_a_one_time_link_that_was_sent_is_kept_no_longer(northgate: World, letterbox: Letterbox) -> None:
    link = "http://portal.example/welcome/" + "k" * 43
    with transaction():
        queue_mail([OLIVIA], "Join", f"Join here:\n{link}\nIt works once.", occasion="invitation")
    send_due_mail()
    assert link in letterbox.letters[0][2]
    assert [row.body for row in mails()] == ["Join here:\nhttp://portal.example/welcome/••••\nIt works once."]


def test_an_occasion_is_told_once_to_each_person(northgate: World) -> None:
    write(OLIVIA)
    write(OLIVIA, ADAM, ADAM)
    write(OLIVIA, occasion="lost:2")
    assert [(row.recipient, row.occasion) for row in mails()] == [
        (OLIVIA, "lost:1"),
        (ADAM, "lost:1"),
        (OLIVIA, "lost:2"),
    ]


def test_a_mail_dies_with_the_fact_it_tells(northgate: World) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert mails() == []


def write_and_fail() -> None:
    with transaction():
        queue_mail([OLIVIA], "Hello", "", occasion="o")
        raise ZeroDivisionError


def test_while_the_server_is_down_the_mail_stays_with_the_servers_words(
    northgate: World, app: Flask, held: HeldClock
) -> None:
    write(OLIVIA)
    with pointed_at(app, free_port()):
        assert send_due_mail() == 0
    (row,) = mails()
    assert (row.state, row.tries, "refused" in (row.problem or "").lower()) == (MailState.WAITING, 1, True)
    assert row.due_at - clock.now() == timedelta(minutes=1)


def test_it_goes_when_the_server_is_back(northgate: World, letterbox: Letterbox, app: Flask, held: HeldClock) -> None:
    write(OLIVIA)
    with pointed_at(app, free_port()):
        send_due_mail()
    assert send_due_mail() == 0
    held.move(timedelta(minutes=2))
    assert send_due_mail() == 1
    assert (mails()[0].state, mails()[0].problem) == (MailState.SENT, None)


def test_one_that_was_put_off_by_a_clock_that_was_ahead_is_sent(
    northgate: World, letterbox: Letterbox, held: HeldClock
) -> None:
    held.move(timedelta(days=400))
    write(OLIVIA)
    held.move(timedelta(days=-400))
    assert send_due_mail() == 1


def test_after_the_last_try_it_is_given_up(northgate: World, app: Flask, held: HeldClock) -> None:
    write(OLIVIA)
    with pointed_at(app, free_port()):
        for _try in range(MAX_TRIES + 2):
            send_due_mail()
            held.move(timedelta(days=3))
    assert (mails()[0].state, mails()[0].tries) == (MailState.FAILED, MAX_TRIES)


def test_what_was_given_up_and_is_told_again_goes_to_those_who_never_had_it(
    northgate: World, letterbox: Letterbox, app: Flask, held: HeldClock
) -> None:
    write(ADAM)
    send_due_mail()
    write(OLIVIA, ADAM)
    with pointed_at(app, free_port()):
        for _try in range(MAX_TRIES):
            send_due_mail()
            held.move(timedelta(days=3))
    assert [row.state for row in mails()] == [MailState.SENT, MailState.FAILED]
    write(OLIVIA, ADAM)
    assert (send_due_mail(), [letter[0] for letter in letterbox.letters]) == (1, [ADAM, OLIVIA])


def test_an_address_that_no_header_can_carry_stops_nobody_else(northgate: World, letterbox: Letterbox) -> None:
    write("olivia\n@northgate.example", ADAM)
    assert send_due_mail() == 1
    assert [letter[0] for letter in letterbox.letters] == [ADAM]


def test_a_name_from_elsewhere_can_neither_break_nor_overflow_the_subject(northgate: World) -> None:
    write(OLIVIA, subject="Lost: Evil\r\nBcc: all@example.com" + "x" * 400)
    assert (len(mails()[0].subject), "\n" in mails()[0].subject) == (300, False)


def test_a_mail_that_another_process_is_sending_is_left_alone(northgate: World, letterbox: Letterbox) -> None:
    write(OLIVIA)
    (row,) = mails()
    with everywhere():
        assert mail._claim(row.id)
        assert not mail._claim(row.id)
    assert send_due_mail() == 0


def test_one_whose_sender_died_is_sent_by_another(northgate: World, letterbox: Letterbox, held: HeldClock) -> None:
    write(OLIVIA)
    (row,) = mails()
    with everywhere():
        mail._claim(row.id)
    held.move(timedelta(minutes=6))
    assert send_due_mail() == 1
