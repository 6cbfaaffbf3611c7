"""Northgate IT, connected to its company in the simulator: what is opened goes there, what is paid comes back."""

from __future__ import annotations

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import Message
from app.quickbooks import catalogue
from app.quickbooks.models import Connection
from app.sync.company import connecting
from app.sync.comparing.drifts import Drift, ReconciliationRun
from app.sync.engine import Engine
from app.sync.listening import inbox, pull, unpacking
from app.sync.listening.deliveries import Event
from app.sync.reconciling import reconcile
from app.sync.records.links import Link, link_of
from app.sync.records.mappings import Mapping, MappingKind
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.telling import sweep
from app.sync.telling.drain import drain
from tests.billing.firm import Firm, build
from tests.simulation import REALM, Call, Simulation


@dataclass
class Books:
    """Both sides; its verbs do what the worker and the doors do."""

    firm: Firm
    engine: Engine
    simulation: Simulation
    connection_id: int

    def send(self) -> None:
        """Tell QuickBooks all that is due."""
        while drain(self.engine, current_organisation(), self.firm.entity.lane):
            pass

    def reconnect(self) -> None:
        """The company is connected again, as a person does it."""
        told = self.simulation.grant()
        grant = connecting.granted(told["access_token"], told["refresh_token"])
        connecting.tie_without_browser(self.engine.quickbooks, self.firm.entity, REALM, grant)

    def invoice(self, price: str = "100", client: Client | None = None) -> Document:
        """An open invoice of one line, in QuickBooks. £100 are £120 with VAT."""
        document = self.firm.open(self.firm.line(price), client=client)
        self.send()
        return document

    def firm_invoice(self) -> Document:
        """The first invoice of the firm."""
        first = select(Document).where(Document.kind == DocumentKind.INVOICE).order_by(Document.id).limit(1)
        return db.session.scalars(first).one()

    def credit_note(self, price: str = "100") -> Document:
        """An open credit note of one line, in QuickBooks."""
        document = self.firm.open(self.firm.line(price), kind=DocumentKind.CREDIT_NOTE)
        self.send()
        return document

    def link(self, document: Document) -> Link:
        """The link of a document."""
        found = link_of(self.connection_id, document.subject)
        assert found is not None, [(row.kind, row.state, row.reason) for row in db.session.scalars(select(Message))]
        return found

    def remote_id(self, document: Document) -> str:
        """A document's id there."""
        return self.link(document).remote_id

    def customer(self, document: Document) -> str:
        """The id of a document's customer there."""
        return str(self.simulation.record(self.link(document).entity, self.remote_id(document))["CustomerRef"]["value"])

    def pay(self, document: Document, total: str, *others: tuple[Document, str], part: str = "") -> str:
        """The bookkeeper receives a payment for a document, and for others; returns its id there."""
        shares = {f"i{self.remote_id(document)}": part or total}
        shares |= {f"i{self.remote_id(other)}": amount for other, amount in others}
        return self.simulation.pay(self.customer(document), total, **shares)

    def listen(self, browser: FlaskClient | None = None) -> int:
        """Carry the webhooks that wait to the portal and take them in; returns how many events were settled."""
        calls = self.simulation.webhooks()
        if browser is None:
            return self.listen_to(calls)
        for call in calls:
            assert browser.post("/webhooks/quickbooks", data=call.raw, headers=call.headers).status_code == 200
        return self.take_in()

    def listen_to(self, calls: list[Call]) -> int:
        """Keep these webhook calls, and take them in; returns how many events were settled."""
        for call in calls:
            inbox.keep(call.raw, call.headers["intuit-signature"], "test", self.verifiers)
        return self.take_in()

    @property
    def verifiers(self) -> inbox.Verifiers:
        """Those of the shared app."""
        return inbox.shared_verifiers(self.engine.quickbooks.apps)

    def take_in(self) -> int:
        """Open what was delivered and take in what it points to, as the worker does a second later."""
        unpacking.open_deliveries()
        self.hurry()
        return pull.work(self.engine)

    def hurry(self) -> None:
        """Let the moment pass in which events gather."""
        with transaction() as session:
            for event in session.scalars(select(Event).where(Event.state == "waiting")):
                event.due_at = clock.now()

    def compare(self) -> ReconciliationRun:
        """Run the reconciliation now."""
        with transaction() as session:
            run = ReconciliationRun(connection_id=self.connection_id, asked_by="Olivia", asked_at=clock.now())
            session.add(run)
            session.flush()
            run_id = run.id
        reconcile.run(self.engine, run_id, current_organisation())
        db.session.rollback()
        return db.session.get_one(ReconciliationRun, run_id)

    def run_waiting(self) -> None:
        """Carry out the comparisons that wait, as the worker does."""
        for organisation_id, run_id in sweep.waiting_runs():
            reconcile.run(self.engine, run_id, organisation_id)

    def drifts(self) -> list[Drift]:
        """The open differences."""
        return list(db.session.scalars(select(Drift).where(Drift.closed_at.is_(None)).order_by(Drift.id)))

    def effects(self) -> list[str]:
        """What each event did, the oldest first."""
        return [event.effect or event.state for event in db.session.scalars(select(Event).order_by(Event.id))]

    def fresh(self, document: Document) -> Document:
        """A document as it is now."""
        db.session.rollback()
        return db.session.get_one(Document, document.id, populate_existing=True)


def connect(engine: Engine, simulation: Simulation) -> Books:
    """Write the firm and connect it, on behalf of the organisation we act for."""
    firm = build()
    told = simulation.grant()
    grant = connecting.granted(told["access_token"], told["refresh_token"])
    connection_id = connecting.tie_without_browser(engine.quickbooks, firm.entity, REALM, grant)
    with transaction() as session:
        policy_of(connection_id).service_missing = WhenServiceMissing.CREATE
        _map(session, connection_id)
    return Books(firm, engine, simulation, connection_id)


def connection(books: Books) -> Connection:
    """The row."""
    return db.session.get_one(Connection, books.connection_id)


def _map(session: Session, connection_id: int) -> None:
    remote = {row.name: row for row in catalogue.all_active(connection_id, "TaxCode")}
    for code in session.scalars(select(TaxCode)):
        if row := remote.get(code.code):
            session.add(_mapping(connection_id, MappingKind.TAX_CODE, code.id, (row.remote_id, row.name)))
    session.add(_mapping(connection_id, MappingKind.DEFAULT_INCOME, 0, ("1", "Services")))


def _mapping(connection_id: int, kind: MappingKind, subject_id: int, remote: tuple[str, str]) -> Mapping:
    remote_id, name = remote
    return Mapping(
        connection_id=connection_id,
        kind=kind,
        subject_id=subject_id,
        remote_id=remote_id,
        remote_name=name,
        chosen_by="Olivia",
        chosen_at=clock.now(),
    )
