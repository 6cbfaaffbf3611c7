"""A stage for crashes: the portal on a database of its own, a simulator of its own, and verbs that set a scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

from flask import Flask

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.service import Service
from app.factory import create_app
from app.foundation.database import db, end_reading, transaction
from app.foundation.settings import Settings
from app.foundation.tenancy import acting_for
from app.outbox import lanes
from app.outbox.models import MessageState, Priority
from app.tables import metadata
from tests import portal, simulation, world
from tests.billing.firm import ANN
from tests.simulation import Simulation
from tests.sync import books as connected
from tests.sync.books import Books

SHORT = {"single_call_seconds": 0.5, "batch_call_seconds": 1.0, "lease_margin_seconds": 0.2}
"""Leases that end soon after their holder, in seconds of the real clock."""

_numbers = count(1)


@dataclass
class Stage:
    """Both sides."""

    books: Books
    organisation_id: int
    database_url: str

    def new_client(self) -> Client:
        """One that QuickBooks does not know."""
        with transaction():
            return catalogue.create_client(ClientFields(name=f"Client {next(_numbers)}"), actor=ANN)

    def new_service(self) -> Service:
        """One that QuickBooks does not know."""
        with transaction():
            return catalogue.create_service(ServiceFields(code=f"S{next(_numbers)}", name="Support"), actor=ANN)

    def open(self, *drafts: Document) -> list[Document]:
        """Open them as a run does, in one go."""
        with transaction():
            for draft in drafts:
                invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
        return list(drafts)

    def draft(self, client: Client, service: Service, kind: DocumentKind = DocumentKind.INVOICE) -> Document:
        """A draft of one line."""
        line = replace(self.books.firm.line("100"), service_id=service.id)
        return self.books.firm.draft(line, client=client, kind=kind)

    def has_more(self) -> bool:
        """Whether something flies or waits for its turn."""
        end_reading()
        lane = self.books.firm.entity.lane
        more = lanes.counts(lane).get(MessageState.SENDING, 0) > 0 or lanes.next_due_at(lane) is not None
        end_reading()
        return more


@contextmanager
def set_up(database_url: str, **leases: float) -> Iterator[Stage]:
    """A portal with all its tables, Northgate IT connected; leases are for what comes after.

    With short ones the scene itself would not be set on a machine that holds its breath for half a second.
    """
    with simulation.running() as simulated:
        simulated.reset()
        settings = simulation.settings_at(simulated.base, database_url)
        app = create_app(settings)
        portal.make_light(app)
        with app.app_context():
            metadata.create_all(db.engine)
            yield from _played(app, simulated, settings, leases)


def _played(app: Flask, simulated: Simulation, settings: Settings, leases: Mapping[str, float]) -> Iterator[Stage]:
    people = world.build()
    with acting_for(people.northgate.id):
        books = _connected(app, simulated, settings)
        with simulation.hung(app, settings.model_copy(update=leases)) as engine:
            yield Stage(replace(books, engine=engine), people.northgate.id, settings.database_url)
    end_reading()
    db.engine.dispose()


def _connected(app: Flask, simulated: Simulation, settings: Settings) -> Books:
    """The first document, its client and item are there before anything crashes."""
    with simulation.hung(app, settings) as engine:
        books = connected.connect(engine, simulated)
        books.invoice()
    return books
