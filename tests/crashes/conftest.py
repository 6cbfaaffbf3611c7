"""The theatres of the proofs in this folder: on SQLite and on PostgreSQL, each opened when it is asked for first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import servers
from tests.crashes import theatre
from tests.crashes.play import Ending, undisturbed
from tests.crashes.stores import PostgresqlStore, SqliteStore
from tests.crashes.theatre import Theatre

ON_BOTH = ("on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.postgresql))


class Company:
    """A theatre, and how each scene ends there when nobody dies."""

    def __init__(self, opened: Theatre) -> None:
        self.theatre = opened
        self._whole: dict[str, Ending] = {}

    def whole(self, scene: str) -> Ending:
        """The ending of a scene in which nobody dies."""
        if scene not in self._whole:
            _story, self._whole[scene] = undisturbed(self.theatre, scene)
        return self._whole[scene]


@pytest.fixture(scope="module")
def sqlite_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Open the theatre on SQLite."""
    with theatre.opened(SqliteStore(tmp_path_factory.mktemp("crashes"))) as opened:
        yield Company(opened)


@pytest.fixture(scope="module")
def postgresql_company(postgresql: servers.PostgreSQL) -> Iterator[Company]:
    """Open the theatre on PostgreSQL."""
    store = PostgresqlStore(postgresql.new_database())
    with theatre.opened(store) as opened:
        yield Company(opened)
    postgresql.drop(store.url)


@pytest.fixture
def on_sqlite(sqlite_company: Company) -> Iterator[Company]:
    """Give the theatre on SQLite, lit."""
    with sqlite_company.theatre.lit():
        yield sqlite_company


@pytest.fixture
def on_postgresql(postgresql_company: Company) -> Iterator[Company]:
    """Give the theatre on PostgreSQL, lit."""
    with postgresql_company.theatre.lit():
        yield postgresql_company


@pytest.fixture(params=ON_BOTH)
def company(request: pytest.FixtureRequest) -> Company:
    """Give either theatre."""
    found: Company = request.getfixturevalue(request.param)
    return found
