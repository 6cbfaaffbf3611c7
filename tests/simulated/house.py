"""Everything in simulated time: portal, worker processes, simulator, the line between them and the web's door."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import cast

from flask import Flask
from sqlalchemy import Connection, Engine, event

from app.factory import create_app
from app.foundation import chance, clock, sqlite
from app.foundation.database import db
from app.foundation.settings import Settings
from app.outbox import tray
from app.outbox.models import Lane
from app.quickbooks.client import QuickBooks
from app.simulator.doors import EXTENSION as SIMULATOR
from app.simulator.factory import create_simulator
from app.simulator.world import World
from app.tables import metadata
from app.worker.bell import EXTENSION as BELL
from tests import portal
from tests.simulated.hub import Hub
from tests.simulated.network import Network
from tests.simulated.post import Post
from tests.simulated.staff import Staff
from tests.simulated.weather import Weather
from tests.simulation import SOMEWHERE, settings_at

BASE = "http://simulator.example"
UNCERTAIN = {
    "old_refresh_grace_seconds": (0, 86400),
    "refresh_rotation_seconds": (86400, 0),
    "reused_refresh_revokes": (False, True),
    "access_token_seconds": (3600, 1800),
    "tax_rounding": ("per_rate", "per_line"),
    "void_verb": ("void", "voided"),
    "webhook_format": ("cloudevents", "legacy"),
    "throttle_body": ("xml", "lower_json", "upper_json"),
    "retry_after_seconds": (0, 7),
    "unauthorized_body": ("lower_json", "xml"),
    "inactive_name_blocks": (False, True),
    "deactivate_with_balance": ("fault", "allowed"),
    "void_with_payment": ("fault", "unapply"),
    "delete_with_payment": ("fault", "unapply"),
    "request_id_hours": (0, 24),
    "request_id_replays_failures": (False, True),
    "duplicate_number": ("fault", "accept"),
}
"""Where sources about Intuit disagree or are silent, each house draws an answer: the engine must bear them all."""
_BUSY = 8
"""Actors that let others go first at the same moment, each with a connection to the database in its hands."""


@dataclass(repr=False)
class House:
    """All that takes part. `quickbooks` is the web's: it asks QuickBooks when a person connects."""

    app: Flask
    hub: Hub
    lot: Random
    network: Network
    staff: Staff
    post: Post
    quickbooks: QuickBooks

    @property
    def world(self) -> World:
        """The simulator's inside."""
        return self.network.world

    @property
    def weather(self) -> Weather:
        """What goes wrong on the line."""
        return self.network.weather

    def run(self, **duration: float) -> None:
        """Let so much time pass."""
        self.hub.run(self.hub.now() + timedelta(**duration))


@contextmanager
def built(folder: Path) -> Iterator[Flask]:
    """The portal on a database of its own, on which a power cut is no matter."""
    settings = settings_at(BASE, f"sqlite:///{folder / 'portal.sqlite'}", governor=True, retry_base_seconds=30.0)
    app = create_app(settings)
    tray.posted.disconnect(app.extensions[BELL].hear)
    portal.make_light(app)
    app.extensions["simulated.settings"] = settings
    with app.app_context():
        metadata.create_all(db.engine)
        yield app
        db.engine.dispose()


@contextmanager
def founded(seed: int, start: datetime, *, app: Flask | None = None) -> Iterator[House]:
    """A house on its first day, with nobody in it; `app` loses all its rows. All chance follows from the seed."""
    if app is None:
        with (
            tempfile.TemporaryDirectory() as folder,
            built(Path(folder)) as fresh,
            founded(seed, start, app=fresh) as it,
        ):
            yield it
        return
    portal.empty(app)
    lot = Random(seed)
    hub = Hub(start, Random(lot.random()))
    with clock.use(hub), chance.use(Random(lot.random())), _simulator(hub, Random(lot.random())) as simulator:
        house = _house(app, hub, simulator, lot)
        with _listening(house):
            yield house


def _house(app: Flask, hub: Hub, simulator: Flask, lot: Random) -> House:
    settings = cast("Settings", app.extensions["simulated.settings"])
    network = Network(hub, simulator, simulator.extensions[SIMULATOR], Weather(Random(lot.random())))
    staff = Staff(hub, app, network, settings, Random(lot.random()))
    quickbooks = QuickBooks(network, settings, settings.sealer())
    post = Post(hub, app, network, quickbooks.apps, Random(lot.random()), partial(staff.look_by, hub.start))
    network.on_arrival = post.collect_soon
    return House(app, hub, lot, network, staff, post, quickbooks)


@contextmanager
def _simulator(hub: Hub, lot: Random) -> Iterator[Flask]:
    simulator = create_simulator(":memory:", limits=True)
    world: World = simulator.extensions[SIMULATOR]
    world.clock.now = hub.now  # type: ignore[method-assign]  # its days pass with ours
    with world.turn():
        for name, answers in UNCERTAIN.items():
            world.switches.turn(name, lot.choice(answers))
        for environment in ("production", "sandbox"):
            world.outgoing.set_endpoint(environment, url=SOMEWHERE)
    yield simulator
    world.close()


@contextmanager
def _listening(house: House) -> Iterator[None]:
    """Postings ring here, and whoever is about to write may be overtaken, or die."""
    engine = db.engine
    waiting = 0

    def hesitate(connection: Connection) -> None:
        nonlocal waiting
        if connection.engine is not engine or not sqlite.writing.get() or waiting >= _BUSY:
            return
        waiting += 1
        try:
            house.hub.hesitate()
        finally:
            waiting -= 1

    def hear(lane: Lane, *, organisation_id: int) -> None:
        house.staff.take_hint(organisation_id, lane)

    tray.posted.connect(hear)
    event.listen(Engine, "begin", hesitate)  # one of the class comes before the engine's own, which takes the lock
    try:
        yield
    finally:
        event.remove(Engine, "begin", hesitate)
        tray.posted.disconnect(hear)
