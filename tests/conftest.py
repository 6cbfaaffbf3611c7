"""What every test may ask for. Servers are started when the first test asks, and once per process."""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest
import redis

from tests import servers


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.PostgreSQL]:
    try:
        with servers.postgresql() as server:
            yield server
    except servers.Missing as missing:
        absent(missing)


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
        absent(missing)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """Give the address of a Redis that holds nothing."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


def absent(missing: servers.Missing) -> NoReturn:
    """Where everything is promised to be there, fail; elsewhere skip by name."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(missing))
    pytest.skip(str(missing))
