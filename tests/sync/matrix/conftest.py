"""The world of the fault matrix: Northgate IT connected once, and each cell played in what is left of the last."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from flask import Flask

from app.foundation.database import end_reading
from app.foundation.tenancy import acting_for
from app.quickbooks.client import QuickBooks
from app.simulator.factory import create_simulator
from app.sync.engine import EXTENSION, Engine
from tests import portal, simulation, world
from tests.sync.books import Books, connect
from tests.sync.matrix.nearby import NearbySimulation
from tests.sync.matrix.striking import settle_down


class Longest(random.Random):
    """Chance that always draws the longest pause, so that the class of a due time can be told."""

    def uniform(self, a: float, b: float) -> float:
        """Not by chance at all."""
        return max(a, b)


@pytest.fixture(scope="module")
def stage(built_app: Flask, database_url: str) -> Iterator[Books]:
    """Northgate IT, connected once for all cells, with an invoice, a client and an item that are there."""
    simulated = NearbySimulation(create_simulator(":memory:", limits=False))
    settings = simulation.settings_at(simulated.base, database_url, retry_base_seconds=30.0)
    quickbooks = QuickBooks(simulated.line, settings, settings.sealer())
    made = Engine(quickbooks, settings, owner="test", rng=Longest())
    with built_app.app_context():
        before, built_app.extensions[EXTENSION] = built_app.extensions[EXTENSION], made
        people = world.build()
        with acting_for(people.northgate.id):
            simulated.reset()
            books = connect(made, simulated)
            books.invoice()
            yield books
            end_reading()
        built_app.extensions[EXTENSION] = before
    simulated.world.close()
    portal.empty(built_app)


@pytest.fixture
def books(stage: Books) -> Iterator[Books]:
    """The same books, without what another cell may have left behind."""
    yield stage
    settle_down(stage)
