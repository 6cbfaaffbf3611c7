"""Scenery that every process builds once and then puts up again row by row: the named world, and its company connected.

What is put up is what was built, by the product's own functions, at most a minute ago; where a test holds the clock,
or has changed either side before, everything is built anew.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import Table, select

from app.foundation import clock
from app.foundation.clock import SystemClock
from app.foundation.database import db, end_reading
from app.sync.engine import Engine
from app.tables import metadata
from tests import portal
from tests.billing.firm import Firm
from tests.simulation import Simulation
from tests.sync import books
from tests.sync.books import Books
from tests.world import World, build

_FRESH = timedelta(minutes=1)
_CONNECTED = "connected"

Rows = dict[Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class _Kept:
    """Rows to be added, when they were made, and what leads to them."""

    rows: Rows
    at: datetime
    lead: Any

    def is_fresh(self) -> bool:
        """Whether a test may take it for made just now."""
        return timedelta(0) <= clock.now() - self.at < _FRESH


class Scenery:
    """What this process has built before."""

    def __init__(self) -> None:
        self._world: _Kept | None = None
        self._company: _Kept | None = None

    def world(self) -> World:
        """Put the named world into the empty database; each test gets people of its own."""
        if not _runs_freely():
            return build()
        if self._world is None:
            at, people = clock.now(), build()
            self._world = _Kept(_rows(), at, pickle.dumps(people))
        else:
            _put_up(self._world.rows)
        found: World = pickle.loads(self._world.lead)  # noqa: S301 - our own bytes
        return found

    def company(self, engine: Engine, simulation: Simulation) -> Books:
        """Connect Northgate IT, for which we act, to its company in the simulator."""
        if not (self._world and _runs_freely() and simulation.untouched and _rows_of(self._world.rows) == _filled()):
            return books.connect(engine, simulation)
        if self._company is None or not self._company.is_fresh():
            return self._build(self._world.rows, engine, simulation)
        end_reading()
        _put_up(self._company.rows)
        simulation.control("restore", {"name": _CONNECTED})
        rows, codes, connection_id = self._company.lead
        firm = Firm(
            **{name: db.session.get_one(kind, number) for name, (kind, number) in rows.items()}, codes={**codes}
        )
        return Books(firm, engine, simulation, connection_id)

    def _build(self, before: Rows, engine: Engine, simulation: Simulation) -> Books:
        at, made = clock.now(), books.connect(engine, simulation)
        firm = made.firm
        rows = {name: getattr(firm, name) for name in ("entity", "acme", "bolt", "support")}
        lead = {name: (type(row), row.id) for name, row in rows.items()}, firm.codes, made.connection_id
        end_reading()
        after = _rows()
        assert all(row in after[table] for table, rows in before.items() for row in rows), "the world was changed"
        more = {table: [row for row in rows if row not in before.get(table, [])] for table, rows in after.items()}
        simulation.control("snapshot", {"name": _CONNECTED})
        self._company = _Kept(more, at, lead)
        return made


def _runs_freely() -> bool:
    return isinstance(clock._clock, SystemClock)


def _rows() -> Rows:
    """Every row there is."""
    with db.engine.begin() as connection:
        found = {table: connection.execute(select(table)).mappings() for table in metadata.sorted_tables}
        return {table: rows for table, told in found.items() if (rows := [dict(row) for row in told])}


def _put_up(rows: Rows) -> None:
    with db.engine.begin() as connection:
        for table, told in rows.items():
            if told:
                connection.execute(table.insert(), told)


def _filled() -> set[str]:
    """The names of the tables that hold anything."""
    end_reading()
    with db.engine.connect() as connection:
        return set(connection.scalars(portal.FILLED))


def _rows_of(rows: Rows) -> set[str]:
    return {table.name for table in rows}


@pytest.fixture(scope="session")
def scenery(built_app: Flask) -> Scenery:
    """Give what the tests of this process have built before."""
    return Scenery()


@pytest.fixture
def world(inside: AppContext, scenery: Scenery) -> World:
    """Write the named world."""
    return scenery.world()
