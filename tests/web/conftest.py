"""The people of Northgate IT at their desks, and the firm they bill for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from app.accounts.models import User
from app.billing.entities import EntityFields, found_entity
from app.foundation.database import transaction
from app.foundation.house import EXTENSION
from app.sync.engine import Engine
from tests.billing.firm import Firm, build
from tests.browser import sign_in as sign_in_by_hand
from tests.scenery import Scenery
from tests.simulation import Simulation
from tests.sync.books import Books
from tests.web.reader import Reader
from tests.web.walking import Walker
from tests.world import World

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def firm(northgate: World) -> Firm:
    """Northgate IT bills Acme and Bolt for support."""
    return build()


@pytest.fixture
def dublin(firm: Firm) -> Firm:
    """Bill from Dublin too: a second billing entity for the same clients, with books of its own that are not tied."""
    with transaction():
        return replace(firm, entity=found_entity(EntityFields(name="Northgate Dublin", address="2 Quay Street")))


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation, scenery: Scenery) -> Books:
    """Connect Northgate IT, that bills Acme and Bolt, to its company in the simulator."""
    return scenery.company(engine, simulation)


@pytest.fixture
def olivia(northgate: World, sign_in: SignIn) -> Walker:
    """Owner."""
    return Walker(sign_in(northgate.olivia))


@pytest.fixture
def stella(northgate: World, sign_in: SignIn) -> Walker:
    """Staff."""
    return Walker(sign_in(northgate.stella))


@pytest.fixture
def adam(northgate: World, sign_in: SignIn) -> Walker:
    """Admin."""
    return Walker(sign_in(northgate.adam))


@pytest.fixture
def rhea(northgate: World, sign_in: SignIn) -> Walker:
    """Read-only."""
    return Walker(sign_in(northgate.rhea))


@pytest.fixture
def xavier(northgate: World, sign_in: SignIn) -> Walker:
    """Owner of another organisation."""
    return Walker(sign_in(northgate.xavier))


@pytest.fixture
def reader(page: Page, address: str, northgate: World) -> Reader:
    """Olivia's browser, signed in, that looks at pages for everybody."""
    reader = Reader(page, address)
    reader.watch()
    reader.open("security.login", "/sign-in")
    sign_in_by_hand(page, address, northgate.olivia.email)
    return reader


@pytest.fixture
def configured(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change settings for the length of a test."""

    def configure(**changed: Any) -> None:
        house = app.extensions[EXTENSION]
        settings = house.settings.model_copy(update=changed)
        monkeypatch.setitem(app.extensions, EXTENSION, replace(house, settings=settings))

    return configure
