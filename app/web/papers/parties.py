"""Who issues a paper and who gets it, as lines of an address."""

from __future__ import annotations

from app.billing.client import Client
from app.billing.entity import BillingEntity


def issuer_of(entity: BillingEntity) -> list[str]:
    """Name first, then the address, then the VAT number."""
    vat = f"VAT number {entity.vat_number}" if entity.vat_number else ""
    return [entity.legal_name or entity.name, *entity.address.splitlines(), vat]


def address_of(client: Client) -> list[str]:
    """Name first, then the address, then the VAT number; empty lines among them are left out where they are drawn."""
    vat = f"VAT number {client.vat_number}" if client.vat_number else ""
    lines = [client.address_line1, client.address_line2, client.city, client.postcode]
    return [client.company_name or client.name, *lines, vat]
