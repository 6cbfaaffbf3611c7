"""What every page has: headers, the frame, the menu, the guard against forged requests, errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.accounts.models import User
from app.billing.entities import EntityFields, found_entity
from app.billing.models import Mode
from app.factory import create_app
from app.foundation.database import transaction
from app.web.headers import POLICY
from tests import portal
from tests.world import World

SignIn = Callable[[User], FlaskClient]


def test_every_answer_forbids_foreign_and_inline_code(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in answer.headers["Vary"]


def test_over_https_cookies_belong_to_the_host_alone() -> None:
    app = create_app(portal.settings_for("sqlite:///:memory:", public_url="https://books.example.com"))
    answer = app.test_client().get("/sign-in", base_url="https://books.example.com")
    assert answer.headers["Set-Cookie"].startswith("__Host-counterfoil-visit=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_form_without_its_token_is_refused(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.olivia).post("/settings/mail/test")
    assert answer.status_code == 400
    assert "no longer valid" in answer.text


def test_htmx_sends_the_token_in_a_header(world: World, sign_in: SignIn) -> None:
    olivia = sign_in(world.olivia)
    headers = {"X-CSRFToken": portal.csrf_token(olivia.get("/account/password").text), "HX-Request": "true"}
    answer = olivia.post("/settings/mail/test", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/settings/mail")


def test_htmx_of_a_visitor_is_sent_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = portal.ask_for_fragment(client, "/")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_htmx_gets_a_notice_where_a_person_gets_a_page(world: World, sign_in: SignIn) -> None:
    rhea = sign_in(world.rhea)
    assert "<html" in rhea.get("/nothing").text
    assert portal.ask_for_fragment(rhea, "/nothing").text.startswith('<p id="notice">')


def test_the_menu_shows_what_ones_role_may_open(world: World, sign_in: SignIn) -> None:
    assert "/settings/users" in sign_in(world.adam).get("/").text
    assert "/settings/users" not in sign_in(world.stella).get("/").text


def test_a_ribbon_stands_over_the_sandbox(northgate: World, sign_in: SignIn) -> None:
    olivia = sign_in(northgate.olivia)
    assert "SANDBOX" not in olivia.get("/").text
    with transaction():
        found_entity(EntityFields(name="Northgate Ireland"), mode=Mode.TEST)
    assert "SANDBOX" in olivia.get("/").text


def test_a_refused_password_names_nobody_elses_books(northgate: World, sign_in: SignIn) -> None:
    with transaction():
        found_entity(EntityFields(name="Northgate Ireland"), mode=Mode.TEST)
    page = portal.post(sign_in(northgate.xavier), "/account/password", password="wrong password")
    assert "Present password" in page.text
    assert "SANDBOX" not in page.text


@pytest.mark.parametrize(("back", "led"), [("/help", "/help"), ("//evil.example", "/"), ("https://evil.example", "/")])
def test_the_colours_are_remembered_and_lead_nowhere_outside(
    world: World, sign_in: SignIn, back: str, led: str
) -> None:
    rhea = sign_in(world.rhea)
    assert portal.post(rhea, "/theme", theme="dark", back=back).location == led
    assert 'data-bs-theme="dark"' in rhea.get("/").text


@pytest.mark.parametrize(
    "address",
    [
        "/invoices/99999999999999999999",
        "/invoices/9999999999",
        "/clients?search=a%00b",
        "/settings/mail?before=9" + "9" * 20,
    ],
)
def test_what_no_row_can_hold_is_no_error_of_ours(world: World, sign_in: SignIn, address: str) -> None:
    assert sign_in(world.olivia).get(address).status_code in {200, 404}


def test_a_database_that_does_not_answer_is_a_page_that_says_so(
    app: Flask, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(**_ids: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    olivia = sign_in(world.olivia)
    monkeypatch.setitem(app.view_functions, "clients.index", held)
    answer = olivia.get("/clients")
    assert answer.status_code == 503
    assert "try again in a moment" in answer.text


def test_an_unexpected_error_is_a_page_with_a_number(
    app: Flask, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    rhea = sign_in(world.rhea)
    monkeypatch.setitem(app.view_functions, "home.index", lambda: 1 // 0)
    answer = rhea.get("/")
    assert (answer.status_code, answer.headers["X-Request-Id"] in answer.text) == (500, True)


def test_the_house_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").status_code == 503  # these tables were made without migrations
    assert "python_info" in client.get("/metrics").text


def test_without_the_front_ends_files_a_plain_page_says_how_to_get_them(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    answer = client.get("/sign-in")
    assert (answer.status_code, answer.mimetype, "make assets" in answer.text) == (503, "text/plain", True)
