"""Firms of other countries, as the first start sets them up: one or two clients, support, what it charges."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.billing import catalogue, receiving
from app.billing.adopting import adopt_total
from app.billing.catalogue_fields import ClientFields, ServiceFields, TaxCodeFields
from app.billing.document import Document
from app.billing.entities import found_entity
from app.billing.facts import PaymentFacts
from app.billing.payment import Payment
from app.billing.tax import TaxCode, Treatment
from app.foundation.database import db, transaction
from app.web.welcome.countries import first_entity
from tests.billing.firm import ANN, TODAY, Firm

_ENTERED = {
    "AU": (TaxCodeFields("GST 10%", "GST", Decimal(10), Treatment.STANDARD),
           TaxCodeFields("GST-free", "GST-free", Decimal(0), Treatment.ZERO)),
    "CA": (TaxCodeFields("HST ON", "HST Ontario", Decimal(13), Treatment.STANDARD),),
}  # fmt: skip
"""The codes that a person of the country enters: none are made up for them."""


def build(country: str) -> Firm:
    """Write the firm, on behalf of the organisation we act for."""
    fields = first_entity(f"Northgate {country}", country)
    assert fields is not None
    with transaction():
        entity = found_entity(fields)
        entity.vat_number = "12 345 678 901"
        codes = [catalogue.create_tax_code(code, actor=ANN) for code in _ENTERED.get(country, ())]
        db.session.flush()
        support = ServiceFields(
            f"SUP-{country}", "Support", unit_price=Decimal(100), tax_code_id=codes[0].id if codes else None
        )
        return Firm(
            entity=entity,
            acme=catalogue.create_client(ClientFields(name="Acme", country=country, vat_number="98 765"), actor=ANN),
            bolt=catalogue.create_client(ClientFields(name="Bolt", country=""), actor=ANN),
            support=catalogue.create_service(support, actor=ANN),
            codes={code.code: code.id for code in db.session.scalars(select(TaxCode))},
        )


def sold(firm: Firm) -> Document:
    """An open invoice over support; where somebody else computes the tax, it has been computed."""
    code = next(code for code in firm.codes if code in {"TAX", "GST 10%", "HST ON", "20.0% S", "23.0% S"})
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
