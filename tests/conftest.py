"""What every test may ask for. Servers are started when the first test asks, and once per process."""

from collections.abc import Callable, Iterator

import pytest
import redis
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models import User
from app.factory import create_app
from app.foundation.database import db
from app.foundation.tenancy import acting_for
from app.tables import metadata
from tests import portal, servers
from tests.world import PASSWORD, World

pytest_plugins = ["tests.browser", "tests.proving", "tests.simulation", "tests.scenery"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.PostgreSQL]:
    try:
        with servers.postgresql() as server:
            yield server
    except servers.Missing as missing:
        servers.absent(missing)


@pytest.fixture
def postgresql_url(postgresql: servers.PostgreSQL) -> Iterator[str]:
    """Give the address of a database of this test's own, empty."""
    url = postgresql.new_database()
    yield url
    postgresql.drop(url)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    try:
        with servers.redis_server() as url:
            yield url
    except servers.Missing as missing:
        servers.absent(missing)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """Give the address of a Redis that holds nothing."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run on either database."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks for the shared database: anything else would be what it is on SQLite.

    Nor what asks about SQLite alone (`on_sqlite`).
    """
    if config.getoption("--database") == "postgresql":
        asked = {item: getattr(item, "fixturenames", ()) for item in items}
        chosen = [item for item in items if "database_url" in asked[item] and "on_sqlite" not in asked[item]]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the address of the database that this run's tests share, one after the other."""
    if request.config.getoption("--database") == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('portal') / 'portal.sqlite'}"
    server: servers.PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture(scope="session")
def built_app(database_url: str) -> Iterator[Flask]:
    """Build the portal with all its tables, once."""
    app = create_app(portal.settings_for(database_url))
    portal.make_light(app)
    with app.app_context():
        metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(built_app: Flask) -> Iterator[Flask]:
    """Give the portal with empty tables."""
    yield built_app
    portal.empty(built_app)


@pytest.fixture
def inside(app: Flask) -> Iterator[AppContext]:
    """Stand inside the application, on behalf of nobody."""
    with app.app_context() as context:
        yield context


@pytest.fixture
def northgate(world: World) -> Iterator[World]:
    """Stand inside the application and act for Northgate IT."""
    with acting_for(world.northgate.id):
        yield world


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """Give a browser of its own to each person who signs in."""

    def signed_in(user: User) -> FlaskClient:
        return portal.sign_in(app, user.email, PASSWORD)

    return signed_in


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the portal for a real browser; give its address."""
    with portal.served(app) as address:
        yield address
