"""The sync room's world: Northgate IT, connected to its company in the simulator."""

from __future__ import annotations

import pytest

from app.sync.engine import Engine
from tests.simulation import Simulation
from tests.sync.books import Books, connect
from tests.world import World


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """Connect Northgate IT."""
    return connect(engine, simulation)
