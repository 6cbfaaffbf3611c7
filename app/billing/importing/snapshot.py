"""What is here already, as values: the one thing besides the file that a plan depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, or_, select

from app.billing.content import charged_percents
from app.billing.document import Document
from app.billing.entity import BillingEntity, TaxRegime
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.service import Service, folded
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db

MANY = 5_000
"""So many numbers are asked for at once: a question holds each of them twice, and no more than 32,766 values."""


class Existing(NamedTuple):
    """A document that an earlier import made."""

    id: int
    kind: DocumentKind
    digest: str
    status: DocumentStatus
    settled_pence: int
    currency: str


@dataclass(frozen=True)
class Settings:
    """What changes seldom: tax codes and terms by folded code, percents charged by tax code's id, the regime."""

    regime: TaxRegime
    tax_codes: Mapping[str, int]
    percents: Mapping[int, Decimal]
    terms: Mapping[str, int]
    usual_codes: Mapping[str, int] = field(default_factory=dict)
    """By folded code of a service its own tax code, which a line without one takes where tax is computed elsewhere."""


@dataclass(frozen=True)
class Snapshot:
    """The settings, the documents this profile imported before by key, and who holds a (kind, number)."""

    settings: Settings
    existing: Mapping[str, Existing]
    holders: Mapping[tuple[DocumentKind, str], str | None] = field(default_factory=dict)
    """By kind and number the key under which this profile imported the holder; None for a stranger."""


def settings_of(entity: BillingEntity) -> Settings:
    """The settings as they are now; tax codes are known by code and by name."""
    codes = db.session.scalars(select(TaxCode)).all()
    by_name = {folded(code.name): code.id for code in codes}
    return Settings(
        regime=entity.tax_regime,
        tax_codes=by_name | {folded(code.code): code.id for code in codes},
        percents=charged_percents(entity),
        terms={folded(term.name): term.id for term in db.session.scalars(select(PaymentTerm))},
        usual_codes=_usual_codes() if entity.tax_regime is TaxRegime.US_AUTOMATED else {},
    )


def _usual_codes() -> dict[str, int]:
    coded = select(Service.code_folded, Service.tax_code_id).where(Service.tax_code_id.is_not(None))
    return {service: code for service, code in db.session.execute(coded) if code is not None}


def snapshot(entity: BillingEntity, profile: str, numbers: Iterable[str], settings: Settings) -> Snapshot:
    """What is here already of documents with these numbers (which are the import's keys too)."""
    rows = [row for some in _portions(set(numbers)) for row in db.session.execute(_holding(entity, profile, some))]
    ours = [row for row in rows if row.import_profile == profile]
    existing = {row.import_key: _existing(row) for row in ours}
    holders = {(row.kind, row.number): row.import_key if row.import_profile == profile else None for row in rows}
    return Snapshot(settings, existing, holders)


def _existing(row: Any) -> Existing:
    return Existing(row.id, row.kind, row.import_digest, row.status, row.settled_pence, row.currency)


def _portions(numbers: set[str]) -> Iterator[list[str]]:
    ordered = sorted(numbers)
    return (ordered[start : start + MANY] for start in range(0, len(ordered), MANY))


def _holding(entity: BillingEntity, profile: str, numbers: list[str]) -> Select[*tuple[Any, ...]]:
    """What bears one of these numbers, or was imported under one: each found by its own index."""
    numbered = and_(Document.kind.in_(list(DocumentKind)), Document.number.in_(numbers))
    imported = and_(Document.import_profile == profile, Document.import_key.in_(numbers))
    return select(*_COLUMNS).where(Document.billing_entity_id == entity.id, or_(numbered, imported))


_COLUMNS = (
    *(Document.id, Document.kind, Document.number, Document.status, Document.settled_pence, Document.currency),
    *(Document.import_profile, Document.import_key, Document.import_digest),
)
