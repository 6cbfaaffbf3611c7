"""A stage for crashes: the portal on a database of its own, a simulator of its own, and a play in two acts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.service import Service
from app.factory import create_app
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import acting_for
from app.outbox.models import Message, MessageState, Priority
from app.quickbooks import marker
from app.tables import metadata
from tests import portal, simulation, world
from tests.billing.firm import ANN
from tests.simulation import REALM, Simulation
from tests.sync import books as connected
from tests.sync import mortal
from tests.sync.books import Books


@dataclass
class Stage:
    """Both sides, and the scenes played so far."""

    books: Books
    organisation_id: int
    database_url: str
    scenes: int = 0
    documents: list[Document] = field(default_factory=list)

    def order(self, point: mortal.Point | None = None) -> mortal.Order:
        """What a process is told."""
        lane = self.books.firm.entity.lane
        return mortal.Order(self.books.simulation.base, self.database_url, self.organisation_id, lane, point)

    def finish(self) -> None:
        """Let a process that does not die, this one, go on until nothing is left to do."""
        until = time.monotonic() + mortal.PATIENCE_SECONDS
        while mortal.has_more(self.books.firm.entity.lane) and time.monotonic() < until:
            self.books.send()
            time.sleep(0.02)

    def new_client(self) -> Client:
        """One that QuickBooks does not know."""
        self.scenes += 1
        with transaction():
            return catalogue.create_client(ClientFields(name=f"Client {self.scenes}"), actor=ANN)

    def new_service(self) -> Service:
        """One that QuickBooks does not know."""
        with transaction():
            return catalogue.create_service(ServiceFields(code=f"S{self.scenes}", name="Support"), actor=ANN)

    def open(self, *drafts: Document) -> list[Document]:
        """Open them as a run does, in one go."""
        with transaction():
            for draft in drafts:
                invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
        self.documents += drafts
        return list(drafts)

    def draft(self, client: Client, service: Service, kind: DocumentKind = DocumentKind.INVOICE) -> Document:
        """A draft of one line."""
        line = replace(self.books.firm.line("100"), service_id=service.id)
        return self.books.firm.draft(line, client=client, kind=kind)


Scene = tuple[Callable[[Stage], list[Document]], Callable[[Stage, list[Document]], None]]


def batch_opens(stage: Stage) -> list[Document]:
    """A new client and a new item go before two invoices and a credit note."""
    client = stage.new_client()
    service = stage.new_service()
    kinds = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.INVOICE)
    return stage.open(*[stage.draft(client, service, kind) for kind in kinds])


def batch_changes(stage: Stage, documents: list[Document]) -> None:
    """One is voided, one deleted there, one amended."""
    first, note, last = (stage.books.fresh(document) for document in documents)
    with transaction():
        invoicing.void(first, "", actor=ANN)
        invoicing.void(note, "", actor=ANN)
        invoicing.change(last, stage.books.firm.content(stage.books.firm.line("150")), actor=ANN)


def single_opens(stage: Stage) -> list[Document]:
    """A new client goes before one invoice, each alone in its call."""
    return stage.open(stage.draft(stage.new_client(), stage.books.firm.support))


def single_changes(stage: Stage, documents: list[Document]) -> None:
    """It is amended."""
    (document,) = documents
    with transaction():
        content = stage.books.firm.content(stage.books.firm.line("150"))
        invoicing.change(stage.books.fresh(document), content, actor=ANN)


SCENES: dict[str, Scene] = {"batch": (batch_opens, batch_changes), "single": (single_opens, single_changes)}


@contextmanager
def set_up(database_url: str) -> Iterator[Stage]:
    """A portal with all its tables, Northgate IT connected."""
    with simulation.running() as simulated:
        simulated.reset()
        settings = simulation.settings_at(simulated.base, database_url, **mortal.SHORT)
        app = create_app(settings)
        portal.make_light(app)
        with app.app_context():
            metadata.create_all(db.engine)
            yield from _played(app, simulated, settings, database_url)


def _played(app: Flask, simulated: Simulation, settings: Any, database_url: str) -> Iterator[Stage]:
    people = world.build()
    with simulation.hung(app, settings) as engine, acting_for(people.northgate.id):
        books = connected.connect(engine, simulated)
        # The first document, its client and item are there before anything crashes.
        books.invoice()
        yield Stage(books, people.northgate.id, database_url)
        end_reading()
    db.engine.dispose()


def faults(stage: Stage) -> list[str]:
    """Every way in which both sides are not as they should be; empty when all is well."""
    end_reading()
    db.session.expire_all()
    return [*_stuck(), *_miscounted(stage), *_doubled(stage), *_in_flight(stage)]


def _stuck() -> list[str]:
    rows = db.session.scalars(
        select(Message).where(
            Message.state.in_((MessageState.WAITING, MessageState.SENDING, MessageState.PARKED, MessageState.SKIPPED))
        )
    )
    return [f"{row.kind} {row.subject_id} is {row.state}: {row.reason}" for row in rows]


def _miscounted(stage: Stage) -> Iterator[str]:
    """Each document is there once, with our total; what was voided is nought there, or gone."""
    found: dict[tuple[str, int], list[int]] = {}
    for record in (*records(stage, "Invoice"), *records(stage, "CreditMemo")):
        if seen := marker.find(record.get("PrivateNote")):
            found.setdefault((seen.kind, seen.record_id), []).append(round(float(record["TotalAmt"]) * 100))
    for document in stage.documents:
        row = stage.books.fresh(document)
        totals = found.get((row.kind.value, row.id), [])
        allowed = [[row.gross_pence]] if row.voided_at is None else [[], [0]]
        if totals not in allowed:
            yield f"{row.title} has {totals} there, not {allowed}"


def _doubled(stage: Stage) -> Iterator[str]:
    for kind, name in (("Customer", "DisplayName"), ("Item", "Name")):
        names = Counter(str(record[name]).casefold() for record in records(stage, kind))
        yield from (f"{kind} {one} is there {times} times" for one, times in names.items() if times > 1)


def _in_flight(stage: Stage) -> list[str]:
    peak = stage.books.simulation.look("stats")["realms"][REALM]["max_writes_in_flight"]
    return [] if peak <= 1 else [f"{peak} writes were in flight at once"]


def records(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """All live records of a kind."""
    found: list[dict[str, Any]] = []
    following: str | None = "0"
    while following is not None:
        page = stage.books.simulation.look(f"companies/{REALM}/records/{kind}?after={following}&limit=1000")
        found += page["records"]
        following = page["next"]
    return found
