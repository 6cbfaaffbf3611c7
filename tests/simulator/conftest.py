"""A fresh simulator for each test, in memory, without limits."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.simulator.doors import EXTENSION
from app.simulator.factory import create_simulator
from app.simulator.world import World
from tests.simulator.client import AMERICAN, SANDBOX, TRADING, Client


@pytest.fixture
def simulator() -> Iterator[Flask]:
    application = create_simulator(":memory:", limits=False)
    yield application
    world_of(application).close()


def world_of(application: Flask) -> World:
    found = application.extensions[EXTENSION]
    assert isinstance(found, World)
    return found


@pytest.fixture
def world(simulator: Flask) -> World:
    return world_of(simulator)


@pytest.fixture
def app(simulator: Flask) -> Client:
    return Client(simulator)


@pytest.fixture
def sandbox(simulator: Flask) -> Client:
    return Client(simulator, SANDBOX, "sandbox")


@pytest.fixture
def american(simulator: Flask) -> Client:
    return Client(simulator, AMERICAN)


@pytest.fixture
def trading(simulator: Flask) -> Client:
    return Client(simulator, TRADING)
