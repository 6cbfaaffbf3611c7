"""Use cases on clients, services, tax codes and payment terms."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, select

from app.billing.catalogue_fields import ClientFields, ServiceFields, TaxCodeFields, TermFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.entities import entities
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.faults import MAX_PRICE_DECIMALS, decimals
from app.billing.line import DocumentLine
from app.billing.service import Service, folded
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.billing.timeline import Actor, note
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.outbox import tray
from app.outbox.models import Priority, Subject

Fields = ClientFields | ServiceFields | TaxCodeFields | TermFields
Row = Client | Service | TaxCode | PaymentTerm
_ISSUED = (
    "Documents were issued under this code at {percent}%. Add a code for the other rate, choose it on what is still"
    " to be charged, and deactivate this one."
)
_Kind = TypeVar("_Kind", Client, Service, TaxCode, PaymentTerm)


def create_client(fields: ClientFields, *, actor: Actor) -> Client:
    """A new client. Two may have one name. Raises BadInputError for an empty name."""
    _check_client(fields)
    return _create(Client, "client", fields, actor)


def change_client(client: Client, fields: ClientFields, *, actor: Actor) -> None:
    """Change a client and post it: the accounting side hears of it if it knows the client."""
    _check_client(fields)
    _change(client, "client", fields, actor)
    post_client(client)


def post_client(client: Client, *, priority: Priority = Priority.PERSON) -> None:
    """Tell that a client changed, in the lane of each entity that may bill it."""
    for entity in entities():
        if client.billing_entity_id in {None, entity.id}:
            tray.post(Subject("client", client.id), entity.lane, priority=priority)


def create_service(fields: ServiceFields, *, actor: Actor) -> Service:
    """A new service. Raises BadInputError for a code that is taken (whatever its case) or an unusable price."""
    _check_service(fields, None)
    return _create(Service, "service", fields, actor)


def change_service(service: Service, fields: ServiceFields, *, actor: Actor) -> None:
    """Change a service and post it. Documents that name it keep their own descriptions and prices."""
    _check_service(fields, service)
    _change(service, "service", fields, actor)
    post_service(service)


def post_service(service: Service, *, priority: Priority = Priority.PERSON) -> None:
    """Tell that a service changed, in the lane of every entity."""
    for entity in entities():
        tray.post(Subject("service", service.id), entity.lane, priority=priority)


def create_tax_code(fields: TaxCodeFields, *, actor: Actor) -> TaxCode:
    """A new tax code. Raises BadInputError for a code that is taken or a rate outside 0 to 100."""
    _check_tax_code(fields, None)
    return _create(TaxCode, "tax_code", fields, actor)


def change_tax_code(code: TaxCode, fields: TaxCodeFields, *, actor: Actor) -> None:
    """Change a tax code.

    Raises BadInputError as `create_tax_code`, and for another rate or treatment once documents were issued under it:
    they would be printed, and amended, at a rate that they do not charge.
    """
    _check_tax_code(fields, code)
    is_same = (fields.rate_percent, fields.treatment) == (code.rate_percent, code.treatment)
    if not is_same and _charged_under(code):
        raise BadInputError("rate_percent", _ISSUED.format(percent=f"{code.rate_percent.normalize():f}"))
    _change(code, "tax_code", fields, actor)


def create_term(fields: TermFields, *, actor: Actor) -> PaymentTerm:
    """A new payment term. Raises BadInputError for a name that is taken or negative days."""
    _check_term(fields, None)
    return _create(PaymentTerm, "payment_term", fields, actor)


def change_term(term: PaymentTerm, fields: TermFields, *, actor: Actor) -> None:
    """Change a payment term; documents keep their due dates."""
    _check_term(fields, term)
    _change(term, "payment_term", fields, actor)


def take_over(row: Row, fields: Fields, *, actor: Actor) -> None:
    """Make a row say what the books say; nobody is told, for that is where it comes from. Raises BadInputError."""
    if isinstance(row, Client) and isinstance(fields, ClientFields):
        _check_client(fields)
    elif isinstance(row, Service) and isinstance(fields, ServiceFields):
        _check_service(fields, row)
    elif isinstance(row, PaymentTerm) and isinstance(fields, TermFields):
        _check_term(fields, row)
    _change(row, row.__tablename__, fields, actor)


def set_active(row: Row, *, active: bool, actor: Actor) -> None:
    """Offer a row in choices again, or no longer; what names it stays as it is."""
    row.active = active
    verb = "activated" if active else "deactivated"
    note(Subject(row.__tablename__, row.id), verb, f"{verb.capitalize()}.", actor=actor)


def _create(table: type[_Kind], kind: str, fields: Fields, actor: Actor) -> _Kind:
    row = table(**asdict(fields))
    db.session.add(row)
    db.session.flush()
    note(Subject(kind, row.id), "created", "Created.", actor=actor)
    return row


def _change(row: Row, kind: str, fields: Fields, actor: Actor) -> None:
    said = {name: value for name, value in asdict(fields).items() if getattr(row, name) != value}
    for name, value in said.items():
        setattr(row, name, value)
    if said:
        names = ", ".join(sorted(said)).replace("_", " ")
        note(Subject(kind, row.id), "changed", f"Changed: {names}.", actor=actor)


def _check_client(fields: ClientFields) -> None:
    if not fields.name.strip():
        raise BadInputError("name", "Give the client a name.")
    _check_own(PaymentTerm, fields.default_term_id, "default_term_id")


def _check_service(fields: ServiceFields, service: Service | None) -> None:
    if not fields.code.strip() or not fields.name.strip():
        raise BadInputError("code", "Give the service a code and a name.")
    _check_free(Service, Service.code_folded == folded(fields.code), service, "code")
    _check_own(TaxCode, fields.tax_code_id, "tax_code_id")
    price = fields.unit_price
    if price is not None and (price < 0 or decimals(price) > MAX_PRICE_DECIMALS):
        raise BadInputError("unit_price", f"A price is not below nought and has at most {MAX_PRICE_DECIMALS} decimals.")


def _check_tax_code(fields: TaxCodeFields, code: TaxCode | None) -> None:
    if not fields.code.strip():
        raise BadInputError("code", "Give the tax code a code.")
    if not 0 <= fields.rate_percent <= 100:
        raise BadInputError("rate_percent", "A rate lies between 0 and 100 percent.")
    _check_free(TaxCode, TaxCode.code == fields.code, code, "code")


def _charged_under(code: TaxCode) -> bool:
    """Whether a document was issued under it whose tax we reckoned ourselves."""
    reckoned = DocumentLine.document_id.in_(
        select(Document.id)
        .join(BillingEntity, BillingEntity.id == Document.billing_entity_id)
        .where(Document.opened_at.is_not(None), BillingEntity.tax_regime == TaxRegime.UK)
    )
    return db.session.scalar(select(exists().where(DocumentLine.tax_code_id == code.id, reckoned))) or False


def _check_term(fields: TermFields, term: PaymentTerm | None) -> None:
    if not fields.name.strip() or fields.due_days < 0:
        raise BadInputError("name", "Give the term a name and a number of days.")
    _check_free(PaymentTerm, PaymentTerm.name == fields.name, term, "name")


def _check_free(table: type[Row], same: ColumnElement[bool], row: Row | None, field: str) -> None:
    others = db.session.scalars(select(table.id).where(same))
    if set(others) - {row.id if row else None}:
        raise BadInputError(field, "This is taken already; choose another.")


def _check_own(table: type[Row], row_id: int | None, field: str) -> None:
    if row_id is not None and db.session.scalar(select(table.id).where(table.id == row_id)) is None:
        raise BadInputError(field, "There is no such row.")
