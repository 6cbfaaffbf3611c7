"""Signing in and acting for one's own organisation."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.models import User
from tests.world import World

SignIn = Callable[[User], FlaskClient]


def test_a_visitor_is_sent_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/")


def test_a_person_who_signed_in_sees_the_dashboard(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.rhea).get("/").status_code == 200
