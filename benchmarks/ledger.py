"""A firm whose clients and services QuickBooks knows already, on a database of its own, with any number of invoices.

Its Intuit is the canned responder, and the governor is lifted: what is measured is the engine alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.signup import found_organisation
from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.content import DocumentContent, LineContent
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.foundation.settings import Settings, read_settings
from app.foundation.tenancy import acting_for, everywhere
from app.outbox.models import Lane, MessageState, Priority
from app.quickbooks import ties
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.transport import RequestsHttp
from app.sync.engine import Engine
from app.sync.records.links import Link, LinkMade
from app.sync.records.mappings import Mapping, MappingKind
from app.sync.records.policies import Policy
from app.sync.telling.drain import drain
from app.tables import metadata
from benchmarks.copies import Copies

CLIENTS = 60
_LINES = 2
_ANN = Actor(None, "Ann")
_YEAR_SECONDS = 365 * 24 * 3600
REALM = "4620816365000000001"


@dataclass(frozen=True)
class Ledger:
    """The firm and its engine; every further invoice is a copy of the first, which is in QuickBooks already."""

    app: Flask
    engine: Engine
    organisation_id: int
    lane: Lane
    first_invoice_id: int
    clients: int

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Stand at this ledger while another one is open too."""
        with self.app.app_context(), acting_for(self.organisation_id):
            yield

    def post(self, number: int) -> None:
        """So many open invoices, posted as a run posts them."""
        now = clock.now()
        with transaction() as session:
            copies = self.copies(session, number)
            due = {"state": MessageState.WAITING, "settled_at": None, "posted_at": now, "due_at": now}
            copies.messages(copies.invoices(), priority=Priority.RUN, **due)

    def age(self, number: int) -> None:
        """So many invoices that were sent long ago, with all that they left behind."""
        with transaction() as session:
            copies = self.copies(session, number)
            copies.traces(copies.invoices())
        self.settle_down()

    def settle_down(self) -> None:
        """Move what was written out of the log."""
        # Into the file itself: no real history comes in one go, and leaves a log of that length behind.
        db.engine.raw_connection().cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drain(self) -> None:
        """Tell QuickBooks all that is due."""
        while drain(self.engine, self.organisation_id, self.lane):
            pass

    def copies(self, session: Session, number: int, at: datetime | None = None) -> Copies:
        """So many copies of the first invoice, made in the caller's transaction."""
        return Copies(session, self.first_invoice_id, self.clients, number, at)


@contextmanager
def opened(folder: Path, address: str, *, clients: int = CLIENTS) -> Iterator[Ledger]:
    """Write the firm into a new database in this folder, tied to the responder at this address.

    Its first invoice is sent already: the pattern of all others.
    """
    settings = _settings(folder / "ledger.sqlite", address)
    app = create_app(settings)
    with app.app_context():
        metadata.create_all(db.engine)
        with everywhere(), transaction():
            organisation_id = found_organisation("Benchmark").id
        with acting_for(organisation_id):
            ledger = _written(app, settings, organisation_id, clients)
            ledger.drain()
            yield ledger
        end_reading()
        db.engine.dispose()


def _settings(file: Path, address: str) -> Settings:
    return read_settings(
        database_url=f"sqlite:///{file}",
        huey_url="memory:",
        quickbooks_api_url=address,
        intuit_client_id="bench",
        governor=False,
        secret_key="s" * 40,  # both seal nothing but this measurement's canned tokens
        sealing_keys="bench:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    )


def _written(app: Flask, settings: Settings, organisation_id: int, clients: int) -> Ledger:
    quickbooks = QuickBooks(RequestsHttp(), settings, settings.sealer())
    engine = Engine(quickbooks, settings, owner="bench")
    with transaction() as session:
        entity = found_entity(EntityFields(name="Benchmark Ltd"))
        session.flush()
        connection_id = _connected(session, entity, quickbooks)
        first = _first_invoice(session, entity, connection_id, clients)
        return Ledger(app, engine, organisation_id, entity.lane, first, clients)


def _connected(session: Session, entity: BillingEntity, quickbooks: QuickBooks) -> int:
    lives = {"access_seconds": _YEAR_SECONDS, "refresh_seconds": _YEAR_SECONDS}
    grant = Grant(access_token=Secret("canned"), refresh_token=Secret("canned"), **lives)
    tie = ties.Tie(entity.id, Environment.of_mode(entity.mode), REALM)
    connection = ties.begin(session, tie, grant, quickbooks.tokens)
    connection.country, connection.home_currency, connection.custom_txn_numbers = "GB", "GBP", True
    ties.accept(session, connection)
    session.add(Policy(connection_id=connection.id, push_since=clock.now()))
    return connection.id


def _first_invoice(session: Session, entity: BillingEntity, connection_id: int, number: int) -> int:
    """Open an invoice over what QuickBooks knows already: the clients are linked, the service and the tax mapped."""
    clients = [catalogue.create_client(ClientFields(name=f"Client {n}"), actor=_ANN) for n in range(number)]
    session.flush()
    session.add_all(_link(connection_id, client.id) for client in clients)
    code = session.scalars(select(TaxCode).where(TaxCode.code == "20.0% S")).one()
    service = catalogue.create_service(ServiceFields(code="SUP", name="Support", tax_code_id=code.id), actor=_ANN)
    session.flush()
    session.add(_mapping(connection_id, MappingKind.SERVICE, service.id))
    session.add(_mapping(connection_id, MappingKind.TAX_CODE, code.id))
    line = LineContent("Support by the hour", service.id, Decimal("7.5"), Decimal("95.00"), tax_code_id=code.id)
    content = DocumentContent(clients[0].id, date(2026, 11, 1), lines=(line,) * _LINES)
    invoice = invoicing.create_draft(entity, DocumentKind.INVOICE, content, actor=_ANN)
    return invoicing.open_document(invoice, actor=_ANN).id


def _link(connection_id: int, client_id: int) -> Link:
    return Link(
        connection_id=connection_id,
        kind="client",
        subject_id=client_id,
        entity="Customer",
        remote_id=f"customer-{client_id}",
        sync_token="0",  # noqa: S106 - a version number, no secret
        made=LinkMade.MATCHED,
        linked_at=clock.now(),
    )


def _mapping(connection_id: int, kind: MappingKind, subject_id: int) -> Mapping:
    return Mapping(
        connection_id=connection_id,
        kind=kind,
        subject_id=subject_id,
        remote_id=f"{kind}-{subject_id}",
        remote_name="Chosen",
        chosen_by=_ANN.name,
        chosen_at=clock.now(),
    )
