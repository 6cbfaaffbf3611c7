"""Rows of Northgate IT for the addresses of billing's pages, each made inside the caller's transaction."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.billing import catalogue, invoicing, receiving
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.content import DocumentContent, LineContent
from app.billing.document import Document
from app.billing.entities import EntityFields, entities, found_entity
from app.billing.entity import BillingEntity
from app.billing.facts import LearntPayment, PaymentFacts
from app.billing.importing import runs
from app.billing.kinds import DocumentKind
from app.billing.laying_out import STANDARD, lay_out_terms, lay_out_uk_codes
from app.billing.service import Service
from app.billing.timeline import Actor
from app.foundation.database import db
from tests.world import World

Ids = Callable[[World], dict[str, int]]
ANN = Actor(None, "Ann")
TODAY = date(2026, 3, 2)


def entity() -> BillingEntity:
    """The one billing entity."""
    return (entities() or [found_entity(EntityFields(name="Northgate IT Ltd"))])[0]


def acme() -> Client:
    """A client."""
    return catalogue.create_client(ClientFields(name="Acme"), actor=ANN)


def support() -> Service:
    """The service SUP, by the hour."""
    known = db.session.scalar(db.select(Service).where(Service.code == "SUP"))
    price, code = Decimal(100), lay_out_uk_codes()[STANDARD].id
    fields = ServiceFields(code="SUP", name="Support", unit_price=price, tax_code_id=code)
    return known or catalogue.create_service(fields, actor=ANN)


def draft(kind: DocumentKind = DocumentKind.INVOICE) -> Document:
    """A draft for Acme: an hour of support at a hundred pounds."""
    issuer, service = entity(), support()
    line = LineContent("Support", service.id, Decimal(1), Decimal(100), tax_code_id=service.tax_code_id)
    content = DocumentContent(client_id=acme().id, issue_date=TODAY, lines=(line,))
    return invoicing.create_draft(issuer, kind, content, actor=ANN)


def opened(kind: DocumentKind = DocumentKind.INVOICE) -> Document:
    """The same, open, and on its way."""
    return invoicing.open_document(draft(kind), actor=ANN)


def a_draft(kind: DocumentKind) -> Ids:
    """A draft of a kind."""
    return lambda _world: {"document_id": draft(kind).id}


def an_open_one(kind: DocumentKind) -> Ids:
    """An open document of a kind."""
    return lambda _world: {"document_id": opened(kind).id}


def a_kept_back_one(kind: DocumentKind) -> Ids:
    """A document that was opted out."""

    def ids(_world: World) -> dict[str, int]:
        document = opened(kind)
        invoicing.keep_back(document, actor=ANN)
        return {"document_id": document.id}

    return ids


def a_client(_world: World) -> dict[str, int]:
    """Acme."""
    return {"client_id": acme().id}


def a_service(_world: World) -> dict[str, int]:
    """Support."""
    return {"service_id": support().id}


def a_tax_code(_world: World) -> dict[str, int]:
    """The standard rate."""
    return {"code_id": lay_out_uk_codes()[STANDARD].id}


def a_term(_world: World) -> dict[str, int]:
    """Thirty days."""
    return {"term_id": lay_out_terms()["Net 30"].id}


def an_entity(_world: World) -> dict[str, int]:
    """Northgate IT Ltd."""
    return {"entity_id": entity().id}


def paid(document: Document, pence: int) -> int:
    """A payment on a document, as the books tell it; its id."""
    facts = LearntPayment(
        client_id=document.bill_to.id,
        billing_entity_id=document.billing_entity_id,
        received_on=TODAY,
        amount_pence=pence,
        currency="GBP",
        reference="BACS 4711",
        allocations=((document.id, pence),),
    )
    return receiving.apply_learnt(facts).id


def a_payment(_world: World) -> dict[str, int]:
    """A payment on an invoice."""
    return {"payment_id": paid(opened(), 12000)}


def a_payment_of_ours(_world: World) -> dict[str, int]:
    """A payment that was recorded here, on no invoice yet."""
    facts = PaymentFacts(
        client_id=acme().id,
        billing_entity_id=entity().id,
        received_on=TODAY,
        amount_pence=12000,
        currency="GBP",
        method="Cash",
    )
    return {"payment_id": receiving.record_here(facts, actor=ANN).id}


def an_import(_world: World) -> dict[str, int]:
    """A file that was handed in."""
    file = io.BytesIO(b"InvoiceNo,InvoiceDate,Client,Description,Quantity,UnitPrice\n")
    return {"run_id": runs.hand_in(entity(), "standard", ("march.csv", file), actor=ANN).id}
