"""Scenes between "posted" and "settled": single and batch, and every way in which the answer can turn out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation.database import end_reading, transaction
from app.outbox.models import Priority
from app.quickbooks import catalogue
from app.quickbooks.models import Connection
from app.sync.mapping import choosing
from app.sync.records.links import Link
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.records.policies import WhenServiceMissing
from tests.billing.firm import ANN
from tests.crashes.life import Life
from tests.crashes.scene import Props, Scene, half_a_day_later
from tests.crashes.stage import Stage
from tests.sync import weather

_HEALS = {"code": "6000", "detail": "Business Validation Error: You can only add or edit one name at a time."}
_CREDIT_NOTE = DocumentKind.CREDIT_NOTE


def _strangers(stage: Stage) -> None:
    """A new client goes before its invoice, each alone in its call."""
    stage.open(stage.draft(stage.new_client(), stage.books.firm.support))


def _crowd(stage: Stage) -> None:
    """A new client and a new item go before two invoices and a credit note."""
    client, service = stage.new_client(), stage.new_service()
    kinds = (DocumentKind.INVOICE, _CREDIT_NOTE, DocumentKind.INVOICE)
    stage.open(*[stage.draft(client, service, kind) for kind in kinds])


def _draft(stage: Stage) -> Props:
    return {"document": stage.draft(stage.books.firm.acme, stage.books.firm.support).id}


def _open(life: Life) -> None:
    """A person opens it, unless it is open; then the worker works."""
    with transaction() as session:
        document = session.get_one(Document, life.props["document"])
        if document.status is DocumentStatus.DRAFT:
            invoicing.open_document(document, actor=ANN, priority=Priority.PERSON)
    life.work()


def _changed(stage: Stage, document: Document) -> None:
    with transaction():
        content = stage.books.firm.content(stage.books.firm.line("150"))
        invoicing.change(stage.books.fresh(document), content, actor=ANN)


def _voided(stage: Stage, document: Document) -> None:
    with transaction():
        invoicing.void(stage.books.fresh(document), "", actor=ANN)


def _update(stage: Stage) -> None:
    _changed(stage, stage.books.invoice())


def _void(stage: Stage) -> None:
    _voided(stage, stage.books.invoice())


def _delete(stage: Stage) -> None:
    _voided(stage, stage.books.credit_note())


def _changes(stage: Stage) -> None:
    """One is voided, one deleted there, one amended, in one envelope."""
    first, note, last = stage.books.invoice(), stage.books.credit_note(), stage.books.invoice("70")
    _voided(stage, first)
    _voided(stage, note)
    _changed(stage, last)


def _match(stage: Stage) -> None:
    """QuickBooks knows the client and the item by name already."""
    client, service = stage.new_client(), stage.new_service()
    weather.make_there(stage.books, "Customer", DisplayName=client.name)
    income = {"IncomeAccountRef": {"value": "1"}, "Type": "Service"}
    weather.make_there(stage.books, "Item", Name=service.code, **income)
    catalogue.refresh(stage.books.engine.quickbooks, stage.books.connection_id)
    stage.open(stage.draft(client, service))


def _taken_name(stage: Stage) -> None:
    """The name is taken by a customer that our lists do not show yet."""
    client = stage.new_client()
    weather.make_there(stage.books, "Customer", DisplayName=client.name)
    stage.open(stage.draft(client, stage.books.firm.support))


def _adopt(stage: Stage) -> None:
    """It is there with our marker, and the link to it was lost."""
    document = stage.books.invoice()
    with transaction() as session:
        session.execute(delete(Link).where(Link.kind == "invoice", Link.subject_id == document.id))
        invoicing.ask_to_send([session.get_one(Document, document.id)], actor=ANN)


def _refuse_one(stage: Stage) -> None:
    """Of three in one batch one has a number that is taken."""
    acme, support = stage.books.firm.acme, stage.books.firm.support
    documents = stage.open(*[stage.draft(acme, support) for _number in range(3)])
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": "1.00", "SalesItemLineDetail": detail}
    number = stage.books.fresh(documents[1]).number
    weather.make_there(stage.books, "Invoice", DocNumber=number, CustomerRef={"value": "1"}, Line=[line])


def _struck(effect: str, **wish: Any) -> Callable[[Stage], None]:
    """An open invoice whose first sending meets a fault."""

    def prepare(stage: Stage) -> None:
        weather.order(stage.books, effect, kind="invoice", **wish)
        stage.books.firm.open()

    return prepare


def _struck_batch(effect: str, **wish: Any) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        weather.order(stage.books, effect, kind="batch", **wish)
        acme, support = stage.books.firm.acme, stage.books.firm.support
        stage.open(*[stage.draft(acme, support) for _number in range(3)])

    return prepare


def _stale(stage: Stage) -> None:
    """A bookkeeper touched it after we saw it last, so our SyncToken is old."""
    document = stage.books.invoice()
    stage.books.simulation.handle("Invoice", stage.books.remote_id(document), "edit", CustomerMemo={"value": "Hello"})
    stage.books.simulation.webhooks()
    _changed(stage, document)


def _old_envelope(effect: str) -> Callable[[Stage], None]:
    """Its answer is lost, nobody goes on for half a day, and by then Intuit has forgotten the request id."""

    def prepare(stage: Stage) -> None:
        weather.order(stage.books, effect, kind="invoice")
        stage.books.firm.open()
        stage.books.send()
        stage.books.simulation.control("switches", {"request_id_hours": 12})

    return prepare


def _amended_in_flight(stage: Stage) -> None:
    """Its first version is on the way, its outcome unknown, when it is amended."""
    weather.order(stage.books, "lost_after", kind="invoice")
    document = stage.books.firm.open()
    stage.books.send()
    _changed(stage, document)


def _unmapped(stage: Stage) -> Props:
    weather.rule(stage.books, service_missing=WhenServiceMissing.HOLD)
    service = stage.new_service()
    stage.open(stage.draft(stage.books.firm.acme, service))
    return {"service": service.id}


def _held(stage: Stage) -> Props:
    """It is parked: its service has no item."""
    props = _unmapped(stage)
    stage.books.send()
    return props


def _map(life: Life) -> None:
    """A person maps the service, unless it is mapped; what waited for it is released and goes."""
    connection = life.connection
    assert connection is not None
    connection_id, service = connection.id, life.props["service"]
    mapped = mapping_of(connection_id, MappingKind.SERVICE, service) is not None
    end_reading()
    if not mapped:
        with transaction() as session:
            connection = session.get_one(Connection, connection_id)
            choosing.choose(connection, MappingKind.SERVICE, service, "2", by="Olivia")
    life.work()


def _not_wanted(stage: Stage) -> None:
    """Push is off, so it is skipped."""
    weather.rule(stage.books, automatic_push=False)
    stage.books.firm.open()


SENDING = {
    "a draft is opened": Scene(_draft, _open),
    "a new client and its invoice": Scene(_strangers),
    "a batch with client and item": Scene(_crowd),
    "an amended invoice": Scene(_update),
    "a voided invoice": Scene(_void),
    "a deleted credit note": Scene(_delete),
    "a batch of changes": Scene(_changes),
    "client and item known by name": Scene(_match),
    "a taken name": Scene(_taken_name),
    "an invoice that is there": Scene(_adopt),
    "a refused member": Scene(_refuse_one),
    "a failure that heals": Scene(_struck("fault", **_HEALS)),
    "a stale token": Scene(_stale),
    "an answer lost": Scene(_struck("lost_after")),
    "a batch whose answer is lost": Scene(_struck_batch("lost_after")),
    "a batch that never arrived": Scene(_struck_batch("lost_before")),
    "a throttled call": Scene(_struck("throttle")),
    "looked up after thirteen hours": Scene(_old_envelope("lost_after"), starts=half_a_day_later),
    "looked up in vain": Scene(_old_envelope("lost_before"), starts=half_a_day_later),
    "amended in flight": Scene(_amended_in_flight),
    "held for a mapping": Scene(_unmapped),
    "released by a mapping": Scene(_held, _map),
    "skipped by policy": Scene(_not_wanted),
}
