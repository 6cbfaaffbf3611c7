"""A firm to measure with: its own organisation, tied to a simulated company that knows its clients and services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select, update

from app.accounts.signup import found_organisation
from app.billing import catalogue as price_list
from app.billing import invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.content import DocumentContent, LineContent
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for, everywhere
from app.outbox import tray
from app.outbox.models import Lane, Priority, Subject
from app.quickbooks import catalogue
from app.quickbooks.models import CatalogueRow
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.company import connecting
from app.sync.engine import engine
from app.sync.judging.decisions import Listed
from app.sync.records.mappings import Mapping, MappingKind
from app.sync.records.policies import Policy
from benchmarks.installation import HOME, Installation

BOOKKEEPER = Actor(None, "Benchmark")
_STANDARD_RATE = "20.0% S"
_SERVICES = {"Managed support": "45.00", "Hours": "85.00", "Hardware": "119.99"}
"""Items that every simulated company has, by name, and what one costs in pounds."""
_AT_ONCE = 100
_REALMS = 9341450000100000


@dataclass(frozen=True)
class Firm:
    """One organisation, its entity and its company."""

    organisation_id: int
    realm: str
    entity_id: int
    connection_id: int
    lane: Lane
    client_ids: tuple[int, ...]
    lines: tuple[LineContent, ...]

    def draft(self, number: int) -> list[int]:
        """So many drafts, the clients in turn; their ids."""
        with acting_for(self.organisation_id):
            entity_id, contents = self.entity_id, [self._content(at) for at in range(number)]
            ids: list[int] = []
            for start in range(0, number, _AT_ONCE):
                with transaction() as session:
                    entity = session.get_one(BillingEntity, entity_id)
                    made = [
                        invoicing.create_draft(entity, DocumentKind.INVOICE, content, actor=BOOKKEEPER)
                        for content in contents[start : start + _AT_ONCE]
                    ]
                    ids += [document.id for document in made]
        return ids

    def open(self, document_ids: Sequence[int], *, priority: Priority = Priority.RUN) -> None:
        """Open drafts: they are posted, and rung for."""
        with acting_for(self.organisation_id):
            for start in range(0, len(document_ids), _AT_ONCE):
                _open(document_ids[start : start + _AT_ONCE], priority)

    def unknown_client(self, name: str) -> int:
        """A client whom nobody has told QuickBooks of."""
        with acting_for(self.organisation_id), transaction():
            return price_list.create_client(ClientFields(name=name), actor=BOOKKEEPER).id

    def _content(self, at: int) -> DocumentContent:
        return DocumentContent(self.client_ids[at % len(self.client_ids)], date(2026, 11, 1), lines=self.lines)


def _open(document_ids: Sequence[int], priority: Priority) -> None:
    with transaction() as session:
        for document_id in document_ids:
            document = session.get_one(Document, document_id)
            invoicing.open_document(document, actor=BOOKKEEPER, priority=priority)


def founded_company(installation: Installation, number: int) -> str:
    """One company more at the simulator; its realm."""
    realm = f"{_REALMS + number}"
    installation.control("companies", {"realm": realm, "name": f"Company {number}"})
    return realm


def found(installation: Installation, *, clients: int, realm: str = HOME) -> Firm:
    """Write a firm whose clients are linked and whose services and tax code are mapped: everything is known."""
    names = [f"Client {number} of {realm}" for number in range(1, clients + 1)]
    for name in names:
        installation.control(f"companies/{realm}/records/Customer", {"DisplayName": name})
    with transaction():
        organisation_id = found_organisation(f"Benchmark {realm}").id
    with acting_for(organisation_id):
        with transaction():
            entity = found_entity(EntityFields(name=f"Benchmark {realm} Ltd"))
            entity_id, lane = entity.id, entity.lane
            client_ids = tuple(price_list.create_client(ClientFields(name), actor=BOOKKEEPER).id for name in names)
            lines = tuple(_lines())
        connection_id = _tied(installation, entity_id, realm)
        _make_known(connection_id, dict(zip(names, client_ids, strict=True)), lines)
    return Firm(organisation_id, realm, entity_id, connection_id, lane, client_ids, lines)


def _lines() -> list[LineContent]:
    code = db.session.scalars(select(TaxCode).where(TaxCode.code == _STANDARD_RATE)).one()
    lines = []
    for name, price in _SERVICES.items():
        fields = ServiceFields(code=name.upper(), name=name, unit_price=Decimal(price), tax_code_id=code.id)
        service = price_list.create_service(fields, actor=BOOKKEEPER)
        lines.append(LineContent(f"{name}, November", service.id, Decimal(2), Decimal(price), tax_code_id=code.id))
    return lines


def _tied(installation: Installation, entity_id: int, realm: str) -> int:
    wish = {"client_id": "SIM-PRODUCTION-KEY", "tokens": True}
    tokens = installation.control(f"companies/{realm}/authorize", wish)
    grant = connecting.granted(tokens["access_token"], tokens["refresh_token"])
    entity = db.session.get_one(BillingEntity, entity_id)
    return connecting.tie_without_browser(engine().quickbooks, entity, realm, grant)


def _make_known(connection_id: int, clients: dict[str, int], lines: Sequence[LineContent]) -> None:
    """Do what earlier pushes, and a person at the mapping page, would have done."""
    known = {
        Subject("client", client_id): _listed(connection_id, "Customer", name) for name, client_id in clients.items()
    }
    for name, line in zip(_SERVICES, lines, strict=True):
        known[Subject("service", line.service_id or 0)] = _listed(connection_id, "Item", name)
    with transaction(), ground(connection_id, known) as firm_ground:
        for subject, row in known.items():
            landing.link_known(firm_ground, subject, Listed.of_row(row))
        standard = _listed(connection_id, "TaxCode", _STANDARD_RATE)
        _map_tax(connection_id, lines[0].tax_code_id or 0, standard.remote_id)


def _listed(connection_id: int, entity: str, name: str) -> CatalogueRow:
    found = catalogue.by_name(connection_id, entity, name)
    if found is None:
        raise LookupError(f"The company lists no {entity} called “{name}”.")
    return found


def _map_tax(connection_id: int, tax_code_id: int, remote_id: str) -> None:
    db.session.add(
        Mapping(
            connection_id=connection_id,
            kind=MappingKind.TAX_CODE,
            subject_id=tax_code_id,
            remote_id=remote_id,
            remote_name=_STANDARD_RATE,
            chosen_by=BOOKKEEPER.name,
            chosen_at=clock.now(),
        )
    )


def hold(firms: Sequence[Firm]) -> None:
    """Pause these firms' companies, so that what is opened gathers."""
    _set_pause(firms, {"paused_at": clock.now(), "paused_by": BOOKKEEPER.name, "paused_reason": "It gathers."})


def let_go(firms: Sequence[Firm]) -> None:
    """Let all of them go in one moment, and ring for each."""
    _set_pause(firms, dict.fromkeys(("paused_at", "paused_by", "paused_reason")))


def _set_pause(firms: Sequence[Firm], values: dict[str, object]) -> None:
    ids = [firm.connection_id for firm in firms]
    with everywhere(), transaction() as session:
        session.execute(update(Policy).where(Policy.connection_id.in_(ids)).values(**values))
    if values["paused_at"] is None:
        for firm in firms:
            with acting_for(firm.organisation_id):
                tray.ring(firm.lane)
