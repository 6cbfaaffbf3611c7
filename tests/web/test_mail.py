"""Mails that can be read, and the test of the mail server."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.foundation.database import db, transaction
from app.foundation.mail import Mail, queue_mail
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
