"""Mails that can be read, and the test of the mail server."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask.testing import FlaskClient
from flask_mailman import Mail as MailServer
from sqlalchemy import select

from app.accounts.models import User
from app.foundation.database import db, transaction
from app.foundation.house import EXTENSION, House
from app.foundation.mail import Mail, queue_mail
from app.foundation.mailserver import mail_config
from tests import portal
from tests.world import World

SignIn = Callable[[User], FlaskClient]


def test_a_kept_mail_can_be_read(northgate: World, sign_in: SignIn) -> None:
    with transaction():
        queue_mail([northgate.olivia.email], "INV-1 was refused", "Line 2 has no <tax code>.", occasion="refused 1")
    olivia = sign_in(northgate.olivia)
    assert "INV-1 was refused" in olivia.get("/settings/mail").text
    letter = olivia.get(f"/settings/mail/{db.session.scalar(select(Mail.id))}").text
    assert "Line 2 has no &lt;tax code&gt;." in letter


def test_without_a_server_the_test_mail_is_kept(northgate: World, sign_in: SignIn) -> None:
    olivia = sign_in(northgate.olivia)
    portal.post(olivia, "/settings/mail/test")
    assert "Counterfoil keeps mail" in olivia.get("/settings/mail").text


def test_a_changed_password_is_told_by_mail(northgate: World, sign_in: SignIn) -> None:
    new = "a quite different one"
    fields = {"password": "correct horse battery", "new_password": new, "new_password_confirm": new}
    olivia = sign_in(northgate.olivia)
    portal.post(olivia, "/account/password", **fields)
    assert "Your password was changed" in olivia.get("/settings/mail").text


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Envelope]]:
    """A mail server that takes everything, set up as the portal's; gives what it took."""
    taken = Taken()
    post = Controller(taken, hostname="127.0.0.1", port=free_port())
    post.start()
    send_through(app, f"smtp://127.0.0.1:{post.port}", monkeypatch)
    yield taken.envelopes
    post.stop()


class Taken:
    """What a mail server took."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def send_through(app: Flask, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here: House = app.extensions[EXTENSION]
    settings = here.settings.model_copy(update={"mail_url": url})
    monkeypatch.setitem(app.extensions, EXTENSION, dataclasses.replace(here, settings=settings))
    monkeypatch.setitem(app.extensions, "mailman", MailServer().init_mail(mail_config(url, "post@portal.example")))


def test_the_test_mail_goes_through_the_server(northgate: World, sign_in: SignIn, server: list[Envelope]) -> None:
    olivia = sign_in(northgate.olivia)
    portal.post(olivia, "/settings/mail/test")
    assert [envelope.rcpt_tos for envelope in server] == [[northgate.olivia.email]]
    assert "took the test mail" in olivia.get("/settings/mail").text


def test_a_server_that_is_not_there_is_told_in_words(
    app: Flask, northgate: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_through(app, f"smtp://name:secret@127.0.0.1:{free_port()}", monkeypatch)
    olivia = sign_in(northgate.olivia)
    portal.post(olivia, "/settings/mail/test")
    page = olivia.get("/settings/mail").text
    assert "Connection refused" in page
    assert "secret" not in page
