"""Who issues a paper and who gets it, as lines of an address."""

from __future__ import annotations

from app.billing.client import Client
from app.billing.conventions import Conventions, conventions_of
from app.billing.entity import BillingEntity
from app.web.choices import NAMES_OF_COUNTRIES


def issuer_of(entity: BillingEntity) -> list[str]:
    """Name first, then the address, then the tax number."""
    number = _tax_number(conventions_of(entity.country), entity.vat_number)
    return [entity.legal_name or entity.name, *entity.address.splitlines(), number]


def address_of(client: Client, entity: BillingEntity) -> list[str]:
    """Name first, then the address, then the tax number as it is called in the client's country, else the entity's."""
    words = conventions_of(client.country or entity.country)
    return [client.company_name or client.name, *sent_to(client, entity), _tax_number(words, client.vat_number)]


def sent_to(client: Client, entity: BillingEntity) -> list[str]:
    """Street and town; the country's name below them where it is another one than the sender's."""
    lines = lines_of(client, conventions_of(client.country or entity.country))
    abroad = NAMES_OF_COUNTRIES.get(client.country) if client.country != entity.country else None
    return [*lines, abroad] if lines and abroad else lines


def lines_of(client: Client, words: Conventions) -> list[str]:
    """Street and town, as an envelope has them in the country of these words; what is not known is left out."""
    city = words.before_region.join(part for part in (client.city, client.region) if part)
    town = words.town.format(city=city, postcode=client.postcode)
    lines = [client.address_line1, client.address_line2, *town.splitlines()]
    return [line.strip() for line in lines if line.strip()]


def _tax_number(words: Conventions, number: str) -> str:
    return f"{words.tax_number} {number}" if number else ""
