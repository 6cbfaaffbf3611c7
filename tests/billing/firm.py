"""Northgate IT as billing sees it: one entity, Acme and Bolt as clients, support by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.billing import catalogue, invoicing, receiving
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.content import DocumentContent, LineContent
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.facts import LearntPayment
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.timeline import Actor, entries
from app.foundation.database import db, transaction
from app.outbox.models import Message, MessageState, Subject

ANN = Actor(None, "Ann")
TODAY = date(2026, 3, 2)


@dataclass
class Firm:
    """The firm; its verbs open transactions as the doors do."""

    entity: BillingEntity
    acme: Client
    bolt: Client
    support: Service
    codes: dict[str, int]

    def line(self, price: str = "100", quantity: str = "1", code: str = "20.0% S", discount: str = "0") -> LineContent:
        """One line of support."""
        return LineContent(
            description="Support",
            service_id=self.support.id,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            discount_percent=Decimal(discount),
            tax_code_id=self.codes.get(code),
        )

    def content(self, *lines: LineContent, client: Client | None = None) -> DocumentContent:
        """Content for Acme, of one line of support over a hundred pounds unless told otherwise."""
        return DocumentContent(
            client_id=(client or self.acme).id, issue_date=TODAY, due_date=None, lines=lines or (self.line(),)
        )

    def draft(
        self, *lines: LineContent, kind: DocumentKind = DocumentKind.INVOICE, client: Client | None = None
    ) -> Document:
        """A new draft."""
        with transaction():
            return invoicing.create_draft(self.entity, kind, self.content(*lines, client=client), actor=ANN)

    def open(
        self, *lines: LineContent, kind: DocumentKind = DocumentKind.INVOICE, client: Client | None = None
    ) -> Document:
        """A new open document."""
        document = self.draft(*lines, kind=kind, client=client)
        with transaction():
            return invoicing.open_document(document, actor=ANN)

    def facts(self, pence: int, *parts: tuple[Document, int], payment_id: int | None = None) -> LearntPayment:
        """A payment of Acme as the books tell it."""
        invoices = [(row.id, part) for row, part in parts if row.kind is DocumentKind.INVOICE]
        credited = [(row.id, part) for row, part in parts if row.kind is DocumentKind.CREDIT_NOTE]
        return LearntPayment(
            payment_id=payment_id,
            client_id=self.acme.id,
            billing_entity_id=self.entity.id,
            received_on=TODAY,
            amount_pence=pence,
            currency="GBP",
            reference="BACS 4711",
            allocations=tuple(invoices),
            credits=tuple(credited),
        )

    def learn(self, pence: int, *parts: tuple[Document, int], payment_id: int | None = None) -> Payment:
        """The books tell of a payment."""
        with transaction():
            return receiving.apply_learnt(self.facts(pence, *parts, payment_id=payment_id))


def build(regime: TaxRegime = TaxRegime.UK) -> Firm:
    """Write the firm, on behalf of the organisation we act for."""
    with transaction():
        entity = found_entity(EntityFields(name="Northgate IT Ltd", tax_regime=regime))
        return Firm(
            entity=entity,
            acme=catalogue.create_client(ClientFields(name="Acme"), actor=ANN),
            bolt=catalogue.create_client(ClientFields(name="Bolt"), actor=ANN),
            support=catalogue.create_service(ServiceFields(code="SUP", name="Support"), actor=ANN),
            codes={code.code: code.id for code in db.session.scalars(select(TaxCode))},
        )


def messages(subject: Subject) -> list[MessageState]:
    """The states of all messages about a subject."""
    of_subject = select(Message).where(Message.kind == subject.kind, Message.subject_id == subject.id)
    return [MessageState(message.state) for message in db.session.scalars(of_subject.order_by(Message.id))]


def told(subject: Subject) -> list[str]:
    """The sentences of a timeline, the oldest first."""
    return [entry.sentence for entry in reversed(entries(subject))]
