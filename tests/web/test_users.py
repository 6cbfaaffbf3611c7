"""The page of people."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.foundation.database import db
from app.foundation.mail import Mail
from tests import portal
from tests.world import World

SignIn = Callable[[User], FlaskClient]


def test_an_invitation_is_shown_once_and_mailed(northgate: World, sign_in: SignIn) -> None:
    page = portal.post(sign_in(northgate.olivia), "/settings/users/invite", email="nina@example.com", role="staff")
    assert "http://127.0.0.1:8000/welcome/" in page.text
    assert db.session.scalars(select(Mail.recipient)).all() == ["nina@example.com"]


def test_an_invitation_says_whether_a_mail_goes_out(
    northgate: World, sign_in: SignIn, configured: Callable[..., None]
) -> None:
    olivia = sign_in(northgate.olivia)
    kept = portal.post(olivia, "/settings/users/invite", email="nina@example.com", role="staff")
    assert "No mail server is set up, so no mail goes out" in kept.text
    configured(mail_url="smtp://mail.northgate.example")
    sent = portal.post(olivia, "/settings/users/invite", email="nora@example.com", role="staff")
    assert "It is also on its way by mail." in sent.text


def test_an_address_in_use_is_refused_beside_its_field(northgate: World, sign_in: SignIn) -> None:
    page = portal.post(sign_in(northgate.olivia), "/settings/users/invite", email=northgate.adam.email, role="staff")
    assert page.status_code == 422
    assert page.text.count("Somebody already signs in") == 2


def test_an_admin_is_offered_no_owners_role(northgate: World, sign_in: SignIn) -> None:
    page = sign_in(northgate.adam).get("/settings/users").text
    assert '<option value="admin"' in page
    assert '<option value="owner"' not in page


def test_a_refusal_has_a_page_with_a_sentence(northgate: World, sign_in: SignIn) -> None:
    answer = portal.post(sign_in(northgate.adam), f"/settings/users/{northgate.olivia.id}/deactivate")
    assert answer.status_code == 403
    assert "Only an owner" in answer.text


def test_an_unknown_role_is_refused(northgate: World, sign_in: SignIn) -> None:
    answer = portal.post(sign_in(northgate.olivia), f"/settings/users/{northgate.adam.id}/role", role="emperor")
    assert answer.status_code == 422


def test_an_admin_can_t_become_an_owner_by_an_invitation_to_somebody_else(northgate: World, sign_in: SignIn) -> None:
    portal.post(sign_in(northgate.olivia), "/settings/users/invite", email="nina@example.com", role="owner")
    address = f"/settings/mail/{db.session.scalar(select(Mail.id))}"
    assert re.search(r"/welcome/[\w-]{20}", sign_in(northgate.olivia).get(address).text)
    assert not re.search(r"/welcome/[\w-]{20}", sign_in(northgate.adam).get(address).text)
