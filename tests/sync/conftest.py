"""The sync room's world: Northgate IT, connected to its company in the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.sync.engine import Engine
from tests.scenery import Scenery
from tests.simulation import Simulation
from tests.sync.books import Books
from tests.world import World


@pytest.fixture
def books(northgate: World, engine: Engine, simulation: Simulation, scenery: Scenery) -> Books:
    """Connect Northgate IT."""
    return scenery.company(engine, simulation)


@pytest.fixture
def held() -> Iterator[HeldClock]:
    """A clock that begins at this moment, as the simulator's does, and goes on only when it is moved."""
    with clock.use(HeldClock(datetime.now(UTC))) as held:
        assert isinstance(held, HeldClock)
        yield held
