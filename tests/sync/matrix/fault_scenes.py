"""The calls of the path, each as a scene: who acts, which call is struck, and what must be there in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.document import Document
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import Priority, Subject
from app.quickbooks.models import Connection
from app.sync.listening import catchup, inbox, pull, unpacking
from app.sync.listening.cursors import Cursor, Gap
from app.sync.listening.deliveries import Event, EventState
from app.sync.listening.gaps import Due
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

LONG_AGO = timedelta(days=30)


@dataclass
class Scene:
    """One call of the path, played: `act` makes it, `struck` are those whose fate is looked at."""

    act: Callable[[], None]
    struck: list[Subject]
    documents: list[Document]
    voided: bool = False
    named: tuple[str, str] = ("", "")
    """A record of a list that must be there once: its kind and its name."""
    paid: Document | None = None
    missed: Document | None = None
    """Paid there while no webhook told."""


@dataclass(frozen=True)
class Call:
    """One column: how the call is recognised at the simulator, and the scene in which it is made."""

    word: str
    operation: str
    scene: Callable[[Books, int], Scene]


def _client(name: str) -> Client:
    with transaction():
        return catalogue.create_client(ClientFields(name=name), actor=ANN)


def _sent(books: Books, *documents: Document) -> Callable[[], None]:
    def act() -> None:
        with transaction():
            for document in documents:
                invoicing.open_document(document, actor=ANN, priority=Priority.RUN)
        books.send()

    return act


def _scene(books: Books, *documents: Document, **more: Any) -> Scene:
    struck = more.pop("struck", [document.subject for document in documents])
    return Scene(_sent(books, *documents), struck, list(documents), **more)


def refresh(books: Books, _number: int) -> Scene:
    """The token is old; it is renewed before an invoice is sent."""
    document = books.firm.draft()
    sends = _sent(books, document)

    def act() -> None:
        with transaction() as session:
            row = session.get_one(Connection, books.connection_id)
            row.access_expires_at = row.access_refresh_at = clock.now() - LONG_AGO
        sends()

    return Scene(act, [document.subject], [document])


def lookup(books: Books, number: int) -> Scene:
    """A customer of the new client's name was made there meanwhile: it is looked for by its name."""
    name = f"Found {number}"
    weather.make_there(books, "Customer", DisplayName=name)
    client = _client(name)
    document = books.firm.draft(client=client)
    return _scene(books, document, struck=[Subject("client", client.id)], named=("Customer", name))


def customer(books: Books, number: int) -> Scene:
    """A new client goes before its invoice."""
    client = _client(f"New {number}")
    document = books.firm.draft(client=client)
    return _scene(books, document, struck=[Subject("client", client.id)], named=("Customer", client.name))


def item(books: Books, number: int) -> Scene:
    """A new service goes before the invoice that uses it."""
    with transaction():
        service = catalogue.create_service(ServiceFields(code=f"S{number}", name="New"), actor=ANN)
    document = books.firm.draft(replace(books.firm.line(), service_id=service.id))
    return _scene(books, document, struck=[Subject("service", service.id)], named=("Item", service.code))


def single(books: Books, _number: int) -> Scene:
    """One invoice."""
    return _scene(books, books.firm.draft())


def batch(books: Books, _number: int) -> Scene:
    """Three invoices of a run."""
    return _scene(books, *[books.firm.draft() for _one in range(3)])


def member(books: Books, _number: int) -> Scene:
    """Three invoices of a run, of which the second is struck."""
    drafts = [books.firm.draft() for _one in range(3)]
    return _scene(books, *drafts, struck=[drafts[1].subject])


def update(books: Books, _number: int) -> Scene:
    """An amended invoice."""
    document = books.invoice()

    def act() -> None:
        with transaction():
            content = books.firm.content(books.firm.line("150"))
            invoicing.change(books.fresh(document), content, actor=ANN)
        books.send()

    return Scene(act, [document.subject], [document])


def void(books: Books, _number: int) -> Scene:
    """A voided invoice."""
    document = books.invoice()

    def act() -> None:
        with transaction():
            invoicing.void(books.fresh(document), "twice", actor=ANN)
        books.send()

    return Scene(act, [document.subject], [document], voided=True)


def payment(books: Books, _number: int) -> Scene:
    """A payment that a webhook tells of is read."""
    document = books.invoice()
    books.simulation.webhooks()

    def act() -> None:
        books.pay(document, "120.00")
        for call in books.simulation.webhooks():
            inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers)
        unpacking.open_deliveries()
        _only_payments()
        books.hurry()
        pull.work(books.engine)

    return Scene(act, [], [], paid=document)


def _only_payments() -> None:
    """The payment's own event; what it did to invoice and customer is told by others."""
    with transaction() as session:
        waiting = select(Event).where(Event.state == EventState.WAITING, Event.entity != "Payment")
        for event in session.scalars(waiting):
            event.state = EventState.IGNORED


def changes(books: Books, _number: int) -> Scene:
    """What changed of late is asked for, to catch up with a payment of which no webhook told."""
    document = books.invoice()

    def act() -> None:
        books.pay(document, "120.00")
        books.simulation.webhooks()
        catch_up(books)

    return Scene(act, [], [], missed=document)


def catch_up(books: Books) -> None:
    """As the worker does."""
    end_reading()
    catchup.run(books.engine, Due(current_organisation(), books.connection_id, Gap.OUTAGE))


CALLS: dict[str, Call] = {
    "refresh": Call("token", "refresh_token", refresh),
    "look-up": Call("query", "query", lookup),
    "customer": Call("customer", "create", customer),
    "item": Call("item", "create", item),
    "single": Call("invoice", "create", single),
    "batch": Call("batch", "batch", batch),
    "member": Call("batch", "batch", member),
    "update": Call("invoice", "update", update),
    "void": Call("invoice", "void", void),
    "payment": Call("query", "query", payment),
    "changes": Call("cdc", "cdc", changes),
}


def settled_of(books: Books, document: Document) -> int:
    """Pence that were paid of it."""
    return books.fresh(document).settled_pence


def cursor_of(books: Books) -> Cursor:
    """How far the company's changes were taken in."""
    db.session.rollback()
    return db.session.get_one(Cursor, books.connection_id, populate_existing=True)


def last_event() -> Event:
    """The newest event of a payment."""
    db.session.rollback()
    return db.session.scalars(select(Event).where(Event.entity == "Payment").order_by(Event.id.desc()).limit(1)).one()
