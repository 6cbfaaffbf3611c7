"""Signing in, being seen, signing out; and whom a cookie lets in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.accounts import people, sessions
from app.accounts.models import User, UserSession
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from tests import portal
from tests.world import PASSWORD, World

SignIn = Callable[[User], FlaskClient]
COOKIE = "counterfoil-session"


def rows() -> list[UserSession]:
    return list(db.session.scalars(select(UserSession)))


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(client: FlaskClient) -> None:
    answer = client.get("/settings/users?tab=1")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/settings/users?tab%3D1")


def test_a_visitor_leaves_no_row(client: FlaskClient, northgate: World) -> None:
    client.get("/sign-in")
    assert rows() == []


def test_the_cookie_holds_a_token_and_the_row_its_hash(northgate: World, sign_in: SignIn) -> None:
    cookie = sign_in(northgate.rhea).get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, len(cookie.value) >= 43) == (True, "Lax", True)
    assert cookie.value not in rows()[0].token_hash + rows()[0].data


def test_a_person_who_signed_in_sees_the_dashboard(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.rhea).get("/").status_code == 200


def test_a_wrong_password_says_nothing_about_the_address(world: World, client: FlaskClient) -> None:
    def told(email: str) -> str:
        token = portal.csrf_token(client.get("/sign-in").text)
        page = client.post("/sign-in", data={"email": email, "password": "wrong password", "csrf_token": token}).text
        return page[page.index("error-summary") : page.index("<form")]

    assert told(world.olivia.email) == told("nobody@example.com")


def test_an_address_is_known_whatever_its_case(app: Flask, world: World) -> None:
    assert portal.sign_in(app, world.olivia.email.upper(), PASSWORD).get("/").status_code == 200


def test_whoever_is_deactivated_is_out_at_once(northgate: World, sign_in: SignIn) -> None:
    stella = sign_in(northgate.stella)
    with transaction():
        people.deactivate(db.session.get_one(User, northgate.olivia.id), db.session.get_one(User, northgate.stella.id))
    assert stella.get("/").status_code == 302


def test_a_new_sign_in_has_a_new_token(northgate: World, sign_in: SignIn) -> None:
    first, second = (sign_in(northgate.rhea).get_cookie(COOKIE) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_signing_out_ends_the_row_and_the_cookie(northgate: World, sign_in: SignIn) -> None:
    rhea = sign_in(northgate.rhea)
    cookie = rhea.get_cookie(COOKIE)
    assert cookie is not None
    portal.post(rhea, "/sign-out")
    assert (rows(), rhea.get_cookie(COOKIE)) == ([], None)
    rhea.set_cookie(COOKIE, cookie.value)
    assert rhea.get("/").status_code == 302


def test_signing_out_needs_the_token_of_the_form(world: World, sign_in: SignIn) -> None:
    rhea = sign_in(world.rhea)
    rhea.post("/sign-out")
    assert rhea.get("/").status_code == 200


def test_the_form_for_a_new_password_asks_for_the_present_one(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.stella).get("/account/password").text
    assert '<label class="form-label" for="password">Present password</label>' in page


def test_changing_the_password_ends_all_other_sessions(northgate: World, sign_in: SignIn) -> None:
    here, there = sign_in(northgate.stella), sign_in(northgate.stella)
    new = "a quite different one"
    portal.post(here, "/account/password", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


@pytest.mark.parametrize("away", [sessions.IDLE_LIMIT, sessions.ABSOLUTE_LIMIT])
def test_a_session_grows_old(world: World, sign_in: SignIn, away: timedelta) -> None:
    with clock.use(HeldClock(datetime(2026, 3, 2, tzinfo=UTC))) as held:
        rhea = sign_in(world.rhea)
        assert isinstance(held, HeldClock)
        held.move(away)
        assert rhea.get("/").status_code == 302


def test_reading_pages_writes_once_a_minute(app: Flask, world: World, sign_in: SignIn) -> None:
    written: list[str] = []
    with clock.use(HeldClock(datetime(2026, 3, 2, tzinfo=UTC))) as held:
        rhea = sign_in(world.rhea)
        rhea.get("/help")  # the first page makes the session's form token
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, sql, *_more: written.append(sql))
        rhea.get("/help")
        assert not [sql for sql in written if sql.startswith("UPDATE")]
        assert isinstance(held, HeldClock)
        held.move(timedelta(seconds=61))
        rhea.get("/help")
    assert len([sql for sql in written if sql.startswith("UPDATE user_session")]) == 1


def test_a_forged_visitor_cookie_signs_nobody_in(app: Flask, world: World, client: FlaskClient) -> None:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    client.set_cookie("counterfoil-visit", signer.dumps({"_user_id": world.olivia.fs_uniquifier}))
    assert client.get("/").status_code == 302


def test_one_ends_only_ones_own_sessions(northgate: World, sign_in: SignIn) -> None:
    sign_in(northgate.olivia)
    (olivias,) = rows()
    assert portal.post(sign_in(northgate.rhea), f"/account/sessions/{olivias.id}/end").status_code == 404


def test_other_browsers_can_be_signed_out_together(northgate: World, sign_in: SignIn) -> None:
    here, there = sign_in(northgate.rhea), sign_in(northgate.rhea)
    portal.post(here, "/account/sessions/end-others")
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_too_many_guesses_are_refused(client: FlaskClient, world: World) -> None:
    token = portal.csrf_token(client.get("/sign-in").text)
    guess = {"email": world.olivia.email, "password": "a guess", "csrf_token": token}
    answers = [client.post("/sign-in", data=guess).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
