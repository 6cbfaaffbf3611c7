"""The theatre: a portal and a simulator of its own, put back to the same moment before each play.

The scenery of each scene is built once and kept, a copy of both sides; a play begins with putting it up again. So
every play meets the same rows at the same time of the day, and what happened in one can't help the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.ctx import AppContext

from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.tenancy import acting_for
from app.outbox.models import Lane
from app.sync.engine import Engine
from app.tables import metadata
from tests import portal, simulation, world
from tests.crashes import nursery
from tests.crashes.life import MovingClock, Order
from tests.crashes.nursery import Nursery
from tests.crashes.plays import SCENES
from tests.crashes.scene import Props, Scene
from tests.crashes.stage import Stage
from tests.crashes.stores import Store
from tests.simulation import Simulation
from tests.sync import books as connected

_BASE = "base"
AGO = timedelta(minutes=20)
"""How long before the present the portal was founded; each scene is prepared ten minutes later, and begins now."""
PREPARED = timedelta(minutes=10)
LATER = timedelta(minutes=10)
"""After a death, until the next process lives: every claim of the dead one has lapsed."""


_REHEARSED = (
    "a batch with client and item",
    "a token renewed",
    "a payment told by a webhook",
    "a comparison asked for",
)
"""Scenes in which most of what is asked of the database is asked once."""


@dataclass
class Theatre:
    """Plays scenes: with a death or two, or without."""

    stage: Stage
    store: Store
    nursery: Nursery
    founded: datetime
    lane: Lane
    context: AppContext
    prepared: dict[str, Props] = field(default_factory=dict)

    @property
    def simulation(self) -> Simulation:
        """The simulator."""
        return self.stage.books.simulation

    def put_up(self, name: str) -> None:
        """Put up a scene's scenery, which is built when it is asked for first."""
        if name not in self.prepared:
            self._put_back(_BASE)
            self.prepared[name] = self._prepare(SCENES[name])
            self._keep(name)
        self._put_back(name)
        self._set_clock(self.starts(SCENES[name]))

    def order(self, name: str, **more: Any) -> Order:
        """What the first process of a scene is told."""
        return Order(
            self.simulation.base,
            self.store.url,
            self.stage.organisation_id,
            self.lane,
            name,
            **{"start": self.starts(SCENES[name]), "props": self.prepared.get(name, {}), **more},
        )

    def starts(self, scene: Scene) -> datetime:
        """When a scene begins."""
        return scene.starts(self.founded + AGO)

    def rehearse(self) -> None:
        """Keep the state that every scene is prepared from, and warm up those who will play."""
        self._keep(_BASE)
        for scene in _REHEARSED:
            self.put_up(scene)
            self.nursery.warm_up(self.order(scene))

    @contextmanager
    def lit(self) -> Iterator[None]:
        """What is asked of the database is asked of this theatre's, whichever other one was opened meanwhile."""
        with self.context, acting_for(self.stage.organisation_id):
            yield

    @contextmanager
    def seen(self) -> Iterator[Stage]:
        """Look at the rows; nobody stays connected."""
        end_reading()
        try:
            yield self.stage
        finally:
            self.let_go()

    def _prepare(self, scene: Scene) -> Props:
        self._set_clock(self.founded + PREPARED)
        with clock.use(MovingClock(self.founded + PREPARED)):
            return scene.prepare(self.stage) or {}

    def _set_clock(self, moment: datetime) -> None:
        self.simulation.control("clock", {"now": moment.isoformat()})

    def _keep(self, name: str) -> None:
        self.let_go()
        self.store.keep(name)
        self.simulation.control("snapshot", {"name": _file_name(name)})

    def _put_back(self, name: str) -> None:
        self.let_go()
        self.store.put_back(name)
        self.simulation.control("restore", {"name": _file_name(name)})

    @staticmethod
    def let_go() -> None:
        """Be connected to nothing."""
        end_reading()
        db.session.expire_all()
        db.engine.dispose()


def _file_name(name: str) -> str:
    return name.replace(" ", "-")


@contextmanager
def opened(store: Store) -> Iterator[Theatre]:
    """A theatre on a database, empty, with a simulator and a nursery of its own, for as long as the block lasts."""
    with simulation.running() as simulated, nursery.opened(simulated.base, store.url) as born:
        simulated.reset()
        settings = simulation.settings_at(simulated.base, store.url, retry_base_seconds=30.0)
        app = create_app(settings)
        portal.make_light(app)
        with app.app_context() as context, simulation.hung(app, settings) as engine, _acting() as organisation_id:
            founded = datetime.now(UTC).replace(microsecond=0) - AGO
            stage = _founded(engine, simulated, founded, organisation_id)
            theatre = Theatre(stage, store, born, founded, stage.books.firm.entity.lane, context)
            theatre.rehearse()
            yield theatre
            theatre.let_go()


@contextmanager
def _acting() -> Iterator[int]:
    """All tables and the named world; acts for Northgate IT."""
    metadata.create_all(db.engine)
    organisation_id = world.build().northgate.id
    with acting_for(organisation_id):
        yield organisation_id


def _founded(engine: Engine, simulated: Simulation, moment: datetime, organisation_id: int) -> Stage:
    simulated.control("clock", {"now": moment.isoformat()})
    with clock.use(MovingClock(moment)):
        books = connected.connect(engine, simulated)
        books.invoice()  # the first document, its client and item are there before anything crashes
    simulated.webhooks()
    return Stage(books, organisation_id, str(db.engine.url))
