"""Olivia of Northgate IT at the settings of QuickBooks; Intuit is the simulator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.sync.engine import Engine
from tests.billing.firm import Firm
from tests.simulation import Simulation
from tests.web.quickbooks.desk import Desk
from tests.world import World

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def desk(firm: Firm, northgate: World, *, engine: Engine, simulation: Simulation, sign_in: SignIn) -> Desk:
    """Sit Olivia down; no company is connected yet."""
    return Desk(firm, engine, simulation, sign_in(northgate.olivia))


@pytest.fixture
def connected(desk: Desk) -> Desk:
    """Connect the company through the pages, as Olivia does."""
    desk.connect()
    return desk
