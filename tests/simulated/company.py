"""One organisation with its billing entity, and what its people do in the portal. Each verb is an actor's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.roles import Role
from app.accounts.signup import add_user, found_organisation
from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.content import DocumentContent, LineContent, content_of
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import PortalError
from app.foundation.tenancy import acting_for
from app.outbox.models import Mode, Priority
from app.quickbooks import catalogue as lists
from app.quickbooks.models import Connection
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.sync.company import connecting
from app.sync.judging import choices
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.simulated.house import House

ANN = Actor(None, "Ann")
ENVIRONMENTS = {Mode.LIVE: "production", Mode.TEST: "sandbox"}
_CODES = ("20.0% S", "5.0% R", "0.0% Z")


@dataclass(repr=False)
class Company:
    """An organisation and its companies in QuickBooks, one for each mode."""

    house: House
    name: str
    realms: dict[Mode, str]
    time_zone: str = "Europe/London"
    organisation_id: int = 0
    entity_id: int = 0
    clients: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Act for this organisation, as one request or task does."""
        with self.house.app.app_context(), acting_for(self.organisation_id):
            yield

    @property
    def local_time(self) -> datetime:
        """What the clock on its wall says."""
        return self.house.hub.now().astimezone(ZoneInfo(self.time_zone))

    def entity(self) -> BillingEntity:
        """Its billing entity."""
        return db.session.get_one(BillingEntity, self.entity_id)

    def connection(self) -> Connection | None:
        """The connection of its present mode."""
        return connecting.connected(self.entity())

    def found(self, lot: Random, clients: int = 4, services: int = 3) -> None:
        """Found it in the portal, and its companies in QuickBooks."""
        with self.house.app.app_context(), transaction():
            self.organisation_id = found_organisation(self.name).id
        with self.inside(), transaction() as session:
            organisation = session.get_one(Organisation, self.organisation_id)
            add_user(organisation, f"owner@{organisation.slug}.example", "Olivia", role=Role.OWNER, password=None)
            self.entity_id = found_entity(EntityFields(name=self.name, time_zone=self.time_zone)).id
        with self.inside():
            for number in range(clients):
                self.new_client(f"Client {number}")
            for number in range(services):
                self.new_service(f"S{number}", lot)
            self.codes = list(
                db.session.scalars(select(TaxCode.id).where(TaxCode.code.in_(_CODES)).order_by(TaxCode.id))
            )
        world = self.house.world
        with world.turn():
            for mode, realm in self.realms.items():
                if realm not in world.companies:
                    world.found(realm, ENVIRONMENTS[mode], self.name)

    def new_client(self, name: str) -> None:
        """A client more."""
        with transaction():
            self.clients.append(catalogue.create_client(ClientFields(name=name), actor=ANN).id)

    def new_service(self, code: str, lot: Random) -> None:
        """A service more, with a price of its own."""
        fields = ServiceFields(code=code, name=f"Service {code}", unit_price=Decimal(lot.randrange(100, 20_000)) / 100)
        with transaction():
            self.services.append(catalogue.create_service(fields, actor=ANN).id)

    def connect(self) -> None:
        """A person connects the present mode's company, or connects it again. Raises QuickBooksError."""
        entity = self.entity()
        mode = Mode(entity.mode)
        with self.house.world.turn():
            pair = BY_ENVIRONMENT[ENVIRONMENTS[mode]]
            told = self.house.world.authority.connect(pair, self.realms[mode])
        grant = connecting.granted(told["access_token"], told["refresh_token"])
        connecting.tie_without_browser(self.house.quickbooks, entity, self.realms[mode], grant)
        end_reading()
        self.house.staff.look_by(self.house.hub.now())

    def set_up(self, when_missing: WhenServiceMissing) -> None:
        """Tax codes of the same name, an income account, and what happens to services without an item."""
        connection = self.connection()
        assert connection is not None
        with transaction():
            policy_of(connection.id).service_missing = when_missing
            remote = {row.name: row.remote_id for row in lists.all_active(connection.id, "TaxCode")}
            for code in db.session.scalars(select(TaxCode).where(TaxCode.id.in_(self.codes))):
                choosing.choose(connection, MappingKind.TAX_CODE, code.id, remote[code.code], by=ANN.name)
            choosing.choose(connection, MappingKind.DEFAULT_INCOME, 0, self._income(connection), by=ANN.name)

    def _income(self, connection: Connection) -> str:
        return choices.offered(connection.id, MappingKind.DEFAULT_INCOME)[0].remote_id

    def map_services(self, services: Sequence[int]) -> None:
        """A person chooses an item for services."""
        connection = self.connection()
        if connection is not None:
            item = choices.offered(connection.id, MappingKind.SERVICE)[0]
            with transaction():
                for service in services:
                    choosing.choose(connection, MappingKind.SERVICE, service, item.remote_id, by=ANN.name)

    def open(self, lot: Random, number: int = 1, kind: DocumentKind = DocumentKind.INVOICE) -> list[int]:
        """Open so many documents in one go: one is a person's click, several are a run."""
        priority = Priority.PERSON if number == 1 else Priority.RUN
        with transaction():
            opened: list[int] = []
            for _document in range(number):
                draft = invoicing.create_draft(self.entity(), kind, self.content(lot), actor=ANN)
                opened.append(invoicing.open_document(draft, actor=ANN, priority=priority).id)
        self.documents += opened
        return opened

    def content(self, lot: Random) -> DocumentContent:
        """What a document says: one to four lines of any service."""
        lines = tuple(self._line(lot) for _line in range(lot.choice((1, 1, 1, 2, 3, 4))))
        day = self.local_time.date()
        return DocumentContent(client_id=lot.choice(self.clients), issue_date=day, due_date=None, lines=lines)

    def _line(self, lot: Random) -> LineContent:
        return LineContent(
            description="Support",
            service_id=lot.choice(self.services),
            quantity=Decimal(lot.choice(("1", "1", "2", "7.5", "0.25"))),
            unit_price=Decimal(lot.randrange(100, 50_000)) / 100,
            discount_percent=Decimal(lot.choice(("0", "0", "0", "10"))),
            tax_code_id=lot.choice(self.codes),
        )

    def amend(self, document_id: int, lot: Random) -> bool:
        """Change its lines; whether that was allowed."""
        content = replace(content_of(self._document(document_id)), lines=self.content(lot).lines)
        return self._try(lambda document: invoicing.change(document, content, actor=ANN), document_id)

    def void(self, document_id: int) -> bool:
        """Void it; whether that was allowed."""
        return self._try(lambda document: invoicing.void(document, "a mistake", actor=ANN), document_id)

    def keep_back(self, document_id: int) -> bool:
        """Opt it out."""
        return self._try(lambda document: invoicing.keep_back(document, actor=ANN), document_id)

    def let_go(self, document_id: int) -> bool:
        """Undo the opt-out, and ask for it to be sent."""
        self._try(lambda document: invoicing.let_go(document, actor=ANN), document_id)
        return self._try(lambda document: invoicing.ask_to_send([document], actor=ANN), document_id)

    def _document(self, document_id: int) -> Document:
        return db.session.get_one(Document, document_id)

    def _try(self, act: Callable[[Document], object], document_id: int) -> bool:
        try:
            with transaction():
                act(self._document(document_id))
        except PortalError:
            return False
        return True
