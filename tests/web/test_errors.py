"""Error pages: in the usual layout to whoever is signed in, and a page whatever else is broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.foundation.database import db, transaction
from tests.billing.firm import Firm
from tests.web.walking import Walker, words

MENU = 'aria-label="Main"'


@contextmanager
def no_database(app: Flask) -> Iterator[None]:
    """Nothing that is asked of the database is answered."""

    def away(*_asked: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", away)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", away)


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(
    ("path", "status", "led"),
    [
        ("/invoices/999999", 404, "/invoices"),
        ("/clients/999999", 404, "/clients"),
        ("/nothing", 404, "/"),
        ("/settings/billing-entity/new", 403, "/settings/billing-entity"),
        ("/theme", 405, "/"),
    ],
)
def test_whoever_is_signed_in_keeps_the_menu_and_one_link_leads_on(
    rhea: Walker, path: str, status: int, led: str
) -> None:
    answer = rhea.get(path)
    assert (answer.status_code, answer.text.count("<h1")) == (status, 1), answer.text
    assert MENU in answer.text
    assert f'<a class="btn btn-primary" href="{led}">' in answer.text


def test_whoever_is_not_signed_in_gets_no_menu(client: FlaskClient) -> None:
    page = client.get("/nothing").text
    assert MENU not in page
    assert "To the sign-in page" in page


def test_what_is_not_possible_now_keeps_the_menu_too(firm: Firm, stella: Walker) -> None:
    answer = stella.post(f"/invoices/{firm.open().id}/delete")
    assert (answer.status_code, MENU in answer.text) == (409, True)


def test_an_unexpected_error_keeps_the_menu_without_the_database(
    app: Flask, rhea: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as trouble:

        def broken() -> str:
            trouble.enter_context(no_database(app))
            return str(1 // 0)

        monkeypatch.setitem(app.view_functions, "clients.index", broken)
        answer = rhea.get("/clients")
    assert (answer.status_code, MENU in answer.text) == (500, True)
    assert answer.headers["X-Request-Id"] in answer.text
    assert '<a class="btn btn-primary" href="/">' in answer.text


def test_an_error_amid_a_change_keeps_the_menu(app: Flask, stella: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        with transaction():
            return str(1 // 0)

    monkeypatch.setitem(app.view_functions, "clients.index", broken)
    answer = stella.get("/clients")
    assert (answer.status_code, MENU in answer.text) == (500, True)


@pytest.mark.parametrize("path", ["/clients", "/nothing"])
def test_where_even_the_session_can_not_be_read_a_page_says_so(app: Flask, rhea: Walker, path: str) -> None:
    with no_database(app):
        answer = rhea.get(path)
        notice = rhea.fragment(path)
    assert (answer.status_code, answer.text.count("<h1")) == (503, 1)
    assert "try again in a moment" in words(answer.text)
    assert (notice.status_code, notice.text.startswith('<p id="notice">')) == (503, True)


def test_a_broken_layout_is_still_a_page_with_a_number(
    app: Flask, rhea: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "menu", lambda: 1 // 0)
    answer = rhea.get("/clients")
    assert (answer.status_code, answer.headers["X-Request-Id"] in answer.text) == (500, True)
