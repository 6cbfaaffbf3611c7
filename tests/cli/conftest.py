"""The operator's world: Northgate IT, connected to its company in the simulator."""

from __future__ import annotations

import pytest

from app.sync.engine import Engine
from tests.scenery import Scenery
from tests.simulation import Simulation
from tests.sync.books import Books
from tests.world import World


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation, scenery: Scenery) -> Books:
    """Connect Northgate IT."""
    return scenery.company(engine, simulation)
