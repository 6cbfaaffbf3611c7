"""The demo's clients, services, codes and terms as rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app.billing import catalogue
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.demo.stock import CLIENTS, JOBS, SEATS, DemoClient, DemoService
from app.billing.laying_out import lay_out_terms, lay_out_uk_codes
from app.billing.terms import PaymentTerm
from app.billing.timeline import Actor


@dataclass(frozen=True)
class Stock:
    """Clients with their terms, and the ids of services and tax codes by their codes."""

    clients: list[tuple[Client, PaymentTerm]]
    services: dict[str, int]
    tax_codes: dict[str, int]


def stock_up(actor: Actor) -> Stock:
    """Write all of them, in the caller's transaction."""
    codes = {code: row.id for code, row in lay_out_uk_codes().items()}
    terms = {term.due_days: term for term in lay_out_terms().values()}
    return Stock(
        clients=[(_client(client, terms[client.days], actor), terms[client.days]) for client in CLIENTS],
        services={service.code: _service(service, codes, actor) for service in (*SEATS, *JOBS)},
        tax_codes=codes,
    )


def _client(client: DemoClient, term: PaymentTerm, actor: Actor) -> Client:
    fields = ClientFields(
        name=client.name,
        email=f"accounts@{_domain(client)}.example",
        city=client.city,
        postcode=client.postcode,
        default_term_id=term.id,
    )
    return catalogue.create_client(fields, actor=actor)


def _domain(client: DemoClient) -> str:
    letters = re.sub(r"[^a-z]", "", client.name.lower().replace("é", "e"))
    return f"{letters}-{client.city.lower()}" if client.name == "J Smith" else letters


def _service(service: DemoService, codes: dict[str, int], actor: Actor) -> int:
    fields = ServiceFields(
        code=service.code,
        name=service.name,
        description=service.name,
        unit=service.unit,
        unit_price=Decimal(service.price),
        tax_code_id=codes[service.tax_code],
    )
    return catalogue.create_service(fields, actor=actor).id
