"""Items in QuickBooks as services of ours: whatever a line may name; folders and bundles are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.billing import catalogue
from app.billing.catalogue_fields import ServiceFields
from app.billing.service import Service, folded
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.foundation.database import db
from app.quickbooks.catalogue import Record
from app.sync.importing import mapped
from app.sync.importing.mapped import Kind, free_name
from app.sync.importing.offers import Difference, Offer, Place, Source, Standing, differing
from app.sync.importing.rows import row_of
from app.sync.judging.documents import item_name
from app.sync.judging.suggestions import Wanted
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind, mappings_of

SOLD = frozenset({"Service", "NonInventory", "Inventory"})
"""The types of Item that a line of an invoice may name."""
_LONGEST_CODE = 60
_LONGEST_NAME = 200


def look(place: Place) -> list[Offer]:
    """Every active item. Tax codes are compared where theirs is mapped to one of ours."""
    codes = _tax_codes(place)
    labels = {row.id: row.code for row in db.session.scalars(select(TaxCode))}

    def differences(ours: Service, row: Record) -> tuple[Difference, ...]:
        theirs = codes.get(str(row.data.get("tax_code", "")))
        tax = ("Tax code", labels.get(ours.tax_code_id or 0, ""), labels.get(theirs or 0, ""))
        return (*_own_differences(ours, row), *differing([tax]))

    return mapped.look(place, _KIND, differences)


def take(place: Place, offer: Offer, actor: Actor) -> None:
    """Make, map or change the service, in the caller's transaction."""
    row = row_of(place, "Item", offer)
    if offer.standing is Standing.DIFFERS:
        service = db.session.get_one(Service, offer.our_id)
        catalogue.take_over(service, _told(place, service, row), actor=actor)
        return
    our_id = offer.our_id or _made(place, row, actor).id
    choosing.choose(place.connection, MappingKind.SERVICE, our_id, row.remote_id, by=actor.name)


def _made(place: Place, row: Record, actor: Actor) -> Service:
    taken = Counter(db.session.scalars(select(Service.code_folded)))
    wanted = str(row.data.get("sku") or _leaf(row))
    fields = ServiceFields(
        code=free_name(wanted, row.remote_id, taken, most=_LONGEST_CODE),
        name=_leaf(row)[:_LONGEST_NAME],
        description=str(row.data.get("description") or ""),
        unit_price=_price(row),
        tax_code_id=_tax_codes(place).get(str(row.data.get("tax_code", ""))),
    )
    return catalogue.create_service(fields, actor=actor)


def _told(place: Place, service: Service, row: Record) -> ServiceFields:
    """Ours with what theirs says; what they leave blank stays as it is."""
    ours = ServiceFields(
        service.code, service.name, service.description, service.unit, service.unit_price, service.tax_code_id
    )
    said: dict[str, Any] = {
        "name": "" if _is_called(service, row) else _leaf(row)[:_LONGEST_NAME],
        "description": str(row.data.get("description") or ""),
        "unit_price": _price(row),
        "tax_code_id": _tax_codes(place).get(str(row.data.get("tax_code", ""))),
    }
    return replace(ours, **{name: value for name, value in said.items() if value})


def _own_differences(ours: Service, row: Record) -> tuple[Difference, ...]:
    return tuple(_compared(ours, row))


def _compared(ours: Service, row: Record) -> Iterator[Difference]:
    if not _is_called(ours, row):
        yield Difference("Name", ours.name, _leaf(row))
    price = _price(row)
    if price is not None and price != ours.unit_price:
        yield Difference("Price", f"{ours.unit_price:f}" if ours.unit_price is not None else "none", f"{price:f}")
    yield from differing([("Description", ours.description, str(row.data.get("description") or ""))])


def _is_called(ours: Service, row: Record) -> bool:
    """Items that were made here carry the code as their name."""
    return folded(_leaf(row)) in {folded(ours.name), folded(item_name(ours.code)), folded(ours.code)}


def _leaf(row: Record) -> str:
    """Its name without the folders it lies in: "Hardware:Router" is a router."""
    return row.name.rsplit(":", 1)[-1].strip()


def _price(row: Record) -> Decimal | None:
    """Pounds; nought says nothing, for QuickBooks writes it where nobody has set a price."""
    return Decimal(str(row.data.get("unit_price") or 0)) or None


def _tax_codes(place: Place) -> dict[str, int]:
    """{their id: ours}, of those that are mapped; the oldest of several."""
    found: dict[str, int] = {}
    for our_id, choice in sorted(mappings_of(place.connection.id, MappingKind.TAX_CODE).items()):
        found.setdefault(choice.remote_id, our_id)
    return found


def _fault(_place: Place, row: Record) -> str:
    kind = str(row.data.get("type") or "")
    if kind not in SOLD:
        return f"It is a {kind.lower() or 'record'} of several items; no line of an invoice names it."
    price = _price(row)
    return "Its price is below nought." if price is not None and price < 0 else ""


def _beside(row: Record) -> str:
    price = _price(row)
    parts = [str(row.data.get("sku") or ""), f"{price:f}" if price is not None else ""]
    return " · ".join(part for part in parts if part)


_KIND = Kind(
    kind=MappingKind.SERVICE,
    table=Service,
    wanted=lambda row: Wanted(code=row.code, name=row.name),
    suggest=lambda wanted, shelf: shelf.same(wanted),
    fault=_fault,
    beside=_beside,
    called=lambda row: row.code,
)
SOURCE = Source(look, take)
