"""What can be said about clients, services, tax codes and terms; names and meanings as on their tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.billing.tax import Treatment


@dataclass(frozen=True)
class ClientFields:
    """A client."""

    name: str
    billing_entity_id: int | None = None
    company_name: str = ""
    email: str = ""
    phone: str = ""
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = "GB"
    currency: str | None = None
    default_term_id: int | None = None
    vat_number: str = ""
    note: str = ""


@dataclass(frozen=True)
class ServiceFields:
    """A service; its price is in pounds."""

    code: str
    name: str
    description: str = ""
    unit: str = ""
    unit_price: Decimal | None = None
    tax_code_id: int | None = None


@dataclass(frozen=True)
class TaxCodeFields:
    """A tax code."""

    code: str
    name: str
    rate_percent: Decimal
    treatment: Treatment


@dataclass(frozen=True)
class TermFields:
    """A payment term."""

    name: str
    due_days: int
