"""The walk over all routes: who may open them, and that no organisation sees another's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.accounts.models import User
from app.accounts.permissions import least_role
from app.accounts.roles import Role
from app.foundation.database import transaction
from app.web.session import action_of
from tests import portal
from tests.web.routes_table import ROUTES
from tests.world import World

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def addresses(app: Flask, northgate: World) -> list[tuple[str, str, str]]:
    """Every guarded route as (endpoint, method, path), with ids of Northgate IT's rows."""
    return [(rule.endpoint, method, path_of(app, rule, northgate)) for rule, method in guarded(app)]


def guarded(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ROUTES and ROUTES[rule.endpoint].action is not None:
            yield from ((rule, method) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def path_of(app: Flask, rule: Rule, world: World) -> str:
    ids = ROUTES[rule.endpoint].ids
    with transaction():
        values = dict(ids(world)) if ids else {}
    with app.test_request_context():
        return app.url_for(rule.endpoint, _method=next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})), **values)


def ask(browser: FlaskClient, method: str, path: str, token: str) -> int:
    headers = {"X-CSRFToken": token}
    return browser.open(path, method=method, headers=headers).status_code


def token_of(browser: FlaskClient) -> str:
    return portal.csrf_token(browser.get("/account/password").text)


def test_every_route_has_a_line_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


def test_every_view_asks_for_the_right_the_table_names(app: Flask) -> None:
    with app.app_context():
        asked = {endpoint: action_of(endpoint) for endpoint in ROUTES}
    assert asked == {endpoint: route.action for endpoint, route in ROUTES.items()}


def test_every_address_with_an_id_names_whose_it_is(app: Flask) -> None:
    with_ids = {rule.endpoint for rule, _method in guarded(app) if rule.arguments}
    assert with_ids == {endpoint for endpoint, route in ROUTES.items() if route.ids}


def test_a_visitor_sees_no_page(addresses: list[tuple[str, str, str]], client: FlaskClient) -> None:
    shown = [path for _, method, path in addresses if method == "GET" and client.get(path).status_code != 302]
    changed = [
        path for _, method, path in addresses if method != "GET" and client.open(path, method=method).status_code < 302
    ]
    assert (shown, changed) == ([], [])


def test_a_stranger_gets_404_for_every_row_of_northgate(
    addresses: list[tuple[str, str, str]], northgate: World, sign_in: SignIn
) -> None:
    xavier = sign_in(northgate.xavier)
    token = token_of(xavier)
    rows = [(method, path) for endpoint, method, path in addresses if ROUTES[endpoint].ids]
    assert [path for method, path in rows if ask(xavier, method, path, token) != 404] == []


def test_a_stranger_gets_404_for_every_fragment_too(
    addresses: list[tuple[str, str, str]], northgate: World, sign_in: SignIn
) -> None:
    xavier = sign_in(northgate.xavier)
    rows = [path for endpoint, method, path in addresses if ROUTES[endpoint].ids and method == "GET"]
    assert [path for path in rows if portal.ask_for_fragment(xavier, path).status_code != 404] == []


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.STAFF, Role.ADMIN])
def test_a_role_that_is_too_low_is_refused(
    addresses: list[tuple[str, str, str]], northgate: World, sign_in: SignIn, role: Role
) -> None:
    browser = sign_in(northgate.with_role(role))
    token = token_of(browser)
    above = [(m, path) for endpoint, m, path in addresses if needed_rank(endpoint) > role.rank]
    assert [path for method, path in above if ask(browser, method, path, token) != 403] == []


def test_everybody_may_open_what_their_role_allows(
    addresses: list[tuple[str, str, str]], northgate: World, sign_in: SignIn
) -> None:
    owner = sign_in(northgate.olivia)
    pages = [path for endpoint, method, path in addresses if method == "GET"]
    assert {
        path: owner.get(path).status_code for path in pages if owner.get(path).status_code not in {200, 302, 204, 286}
    } == {}


def needed_rank(endpoint: str) -> int:
    action = ROUTES[endpoint].action
    return -1 if action is None else least_role(action).rank
