"""The people of Northgate IT at their desks, and the firm they bill for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.sync.engine import Engine
from tests.billing.firm import Firm, build
from tests.scenery import Scenery
from tests.simulation import Simulation
from tests.sync.books import Books
from tests.web.walking import Walker
from tests.world import World

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def firm(northgate: World) -> Firm:
    """Northgate IT bills Acme and Bolt for support."""
    return build()


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
