"""Firms of other countries, as the first start sets them up: one or two clients, support, what it charges."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.billing import catalogue, receiving
from app.billing.adopting import adopt_total
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.document import Document
from app.billing.entities import found_entity
from app.billing.facts import PaymentFacts
from app.billing.payment import Payment
from app.billing.tax import TaxCode
from app.foundation.database import db, transaction
from app.web.welcome.countries import first_entity
from tests.billing.firm import ANN, TODAY, Firm

_USUAL = {"AU": "GST", "CA": "HST ON", "GB": "20.0% S", "IE": "23.0% S", "US": "TAX"}
"""The code that support bears, among those with which a firm of the country begins."""


def build(country: str) -> Firm:
    """Write the firm, on behalf of the organisation we act for."""
    fields = first_entity(f"Northgate {country}", country)
    assert fields is not None
    with transaction():
        entity = found_entity(fields)
        entity.vat_number = "12 345 678 901"
        codes = {code.code: code.id for code in db.session.scalars(select(TaxCode))}
        support = ServiceFields(
            f"SUP-{country}", "Support", unit_price=Decimal(100), tax_code_id=codes.get(_USUAL.get(country, ""))
        )
        return Firm(
            entity=entity,
            acme=catalogue.create_client(ClientFields(name="Acme", country=country, vat_number="98 765"), actor=ANN),
            bolt=catalogue.create_client(ClientFields(name="Bolt", country=""), actor=ANN),
            support=catalogue.create_service(support, actor=ANN),
            codes=codes,
        )


def sold(firm: Firm) -> Document:
    """An open invoice over support; where somebody else computes the tax, it has been computed."""
    code = _USUAL[firm.entity.country]
    invoice = firm.open(firm.line("1234.5", code=code))
    if invoice.awaits_tax:
        with transaction():
            adopt_total(invoice, 133635, 10185, 1)
    return invoice


def paid(firm: Firm, invoice: Document) -> Payment:
    """A hundred on it, written down here."""
    facts = PaymentFacts(
        client_id=firm.acme.id,
        billing_entity_id=firm.entity.id,
        received_on=TODAY,
        amount_pence=10000,
        currency=firm.entity.home_currency,
        allocations=((invoice.id, 9000),),
    )
    with transaction():
        return receiving.record_here(facts, actor=ANN)
