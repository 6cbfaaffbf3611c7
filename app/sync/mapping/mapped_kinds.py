"""The kinds of mapping as values: which of our records are mapped, what they are called, how theirs is suggested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.billing.client import Client
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db
from app.sync.judging.suggestions import (
    Shelf,
    Suggestion,
    Wanted,
    suggest_item,
    suggest_same,
    suggest_tax_code,
    suggest_term,
)
from app.sync.records.mappings import MappingKind, mappings_of


@dataclass(frozen=True)
class Kind:
    """How one kind is read, named and suggested for."""

    table: Any
    order: Any
    wanted: Callable[[Any], Wanted]
    suggest: Callable[[Wanted, Shelf], Suggestion | None] | None
    """None where nothing about ours says which of theirs is meant."""
    others: str = ""
    """For whom the choice for all others is; empty where each of ours needs its own."""
    beside: Callable[[Any], str] = lambda row: str(row.name)
    """What stands below the code."""
    concerns: Callable[[int, Iterable[Any]], Iterable[Any]] = lambda _connection_id, rows: rows
    """Which of ours a choice makes a difference for."""


def _coded(row: Any) -> Wanted:
    return Wanted(code=row.code, name=row.name)


def _named(row: Any) -> Wanted:
    return Wanted(code=row.name, name=row.name)


def _tax_code(row: Any) -> Wanted:
    percent = Decimal(row.charged_percent)
    return Wanted(code=row.code, name=row.name, percent=percent, treatment=row.treatment.value)


def _without_item(connection_id: int, services: Iterable[Any]) -> list[Any]:
    """An item that is there keeps its account; only those that may still be made have one to choose."""
    items = mappings_of(connection_id, MappingKind.SERVICE)
    return [service for service in services if service.id not in items]


KINDS = {
    MappingKind.SERVICE: Kind(Service, Service.code_folded, _coded, suggest_item),
    MappingKind.TAX_CODE: Kind(TaxCode, TaxCode.id, _tax_code, suggest_tax_code),
    MappingKind.TERM: Kind(
        PaymentTerm,
        PaymentTerm.id,
        lambda row: Wanted(code=row.name, name=row.name, days=row.due_days),
        suggest_term,
        beside=lambda _row: "",
    ),
    MappingKind.CLASS: Kind(
        Service, Service.code_folded, _coded, suggest_same, "Services without a class of their own"
    ),
    MappingKind.LOCATION: Kind(
        Client,
        func.lower(Client.name),
        _named,
        suggest_same,
        "Clients without a location of their own",
        beside=lambda row: row.email or row.postcode,
    ),
    MappingKind.INCOME_ACCOUNT: Kind(
        Service,
        Service.code_folded,
        _coded,
        None,
        "Services without an account of their own",
        concerns=_without_item,
    ),
}


def listed(connection_id: int, kind: MappingKind, named: set[int]) -> list[Any]:
    """What is in use, and what is `named` elsewhere: services by code, clients by name, others as they were made."""
    how = KINDS[kind]
    rows = db.session.scalars(select(how.table).order_by(how.order, how.table.id))
    return list(how.concerns(connection_id, [row for row in rows if row.active or row.id in named]))


def codes(kind: MappingKind, rows: Iterable[Any]) -> Mapping[int, str]:
    """{our id: what a person reads}; with the id where two would read the same."""
    plain = {row.id: KINDS[kind].wanted(row).code for row in rows}
    repeated = Counter(plain.values())
    return {our_id: f"{code} · ID {our_id}" if repeated[code] > 1 else code for our_id, code in plain.items()}
