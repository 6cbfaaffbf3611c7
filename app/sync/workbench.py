"""The rows of a mapping page: ours, what stands for it, what is suggested, and what hangs on it. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.billing.entity import BillingEntity
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.models import Connection
from app.sync import choices, uses
from app.sync.mapping import blocker
from app.sync.mappings import Mapping as Choice
from app.sync.mappings import MappingKind, mappings_of
from app.sync.suggestions import Shelf, Suggestion, Wanted, suggest_item, suggest_tax_code, suggest_term

_Ours = Service | TaxCode | PaymentTerm

MOST_COMPARED = 400
"""So many unmapped records are compared with the whole list by likeness for one page; the rest as each is opened."""


class Tab(StrEnum):
    """Where a row stands."""

    UNMAPPED = "unmapped"
    SUGGESTED = "suggested"
    MAPPED = "mapped"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of our records on a mapping page."""

    subject_id: int
    code: str
    name: str
    mapping: Choice | None
    trouble: str
    """Why the record that was chosen can't be used; empty where it can, and where none was chosen."""
    suggestion: Suggestion | None
    used_on: int
    holds: int
    """How many messages wait for it: a choice releases them."""

    @property
    def is_broken(self) -> bool:
        """Whether another record must be chosen."""
        return bool(self.trouble)

    @property
    def tab(self) -> Tab:
        """The tab it is shown under."""
        if self.mapping is not None:
            return Tab.BROKEN if self.is_broken else Tab.MAPPED
        return Tab.SUGGESTED if self.suggestion else Tab.UNMAPPED


@dataclass(frozen=True)
class Bench:
    """All rows of one kind, and what the list's records are called."""

    kind: MappingKind
    rows: Sequence[Row]
    labels: Mapping[str, str]

    @property
    def counts(self) -> dict[Tab, int]:
        """How many rows each tab has."""
        return {tab: sum(1 for row in self.rows if row.tab is tab) for tab in Tab}

    @property
    def exact(self) -> list[Row]:
        """Rows whose suggestion agrees to the letter."""
        return [row for row in self.rows if row.mapping is None and row.suggestion and row.suggestion.exact]


@dataclass(frozen=True)
class _Kind:
    """How one kind is read and suggested for."""

    table: Any
    wanted: Callable[..., Wanted]
    suggest: Callable[[Wanted, Shelf], Suggestion | None]


_KINDS = {
    MappingKind.SERVICE: _Kind(Service, lambda row: Wanted(code=row.code, name=row.name), suggest_item),
    MappingKind.TAX_CODE: _Kind(
        TaxCode,
        lambda row: Wanted(
            code=row.code, name=row.name, percent=Decimal(row.charged_percent), treatment=row.treatment.value
        ),
        suggest_tax_code,
    ),
    MappingKind.TERM: _Kind(
        PaymentTerm, lambda row: Wanted(code=row.name, name=row.name, days=row.due_days), suggest_term
    ),
}


def bench(entity: BillingEntity, connection: Connection, kind: MappingKind, only: int | None = None) -> Bench:
    """Every record of ours that is in use, mapped, or named by a document that waits; or only one.

    Raises NoResultFound for an id that is not ours.
    """
    offered = choices.offered(connection.id, kind)
    chosen, used = mappings_of(connection.id, kind), uses.documents_using(entity, connection.id, kind)
    ours = [subject(kind, only)] if only else _listed(kind, {*chosen, *used})
    held = uses.waiting_for(entity)
    suggested = _suggestions(kind, [row for row in ours if row.id not in chosen], offered)
    alive = {row.remote_id: row for row in offered}
    rows = [
        Row(
            subject_id=row.id,
            code=row.name if isinstance(row, PaymentTerm) else row.code,
            name="" if isinstance(row, PaymentTerm) else row.name,
            mapping=chosen.get(row.id),
            trouble=_trouble(row, chosen.get(row.id), alive),
            suggestion=suggested.get(row.id),
            used_on=used.get(row.id, 0),
            holds=held.get(blocker(kind, row.id), 0),
        )
        for row in ours
    ]
    return Bench(kind, rows, choices.labels(offered))


def row_of(entity: BillingEntity, connection: Connection, kind: MappingKind, subject_id: int) -> Row:
    """One row, with its suggestion. Raises NoResultFound for an id that is not ours."""
    return bench(entity, connection, kind, subject_id).rows[0]


def subject(kind: MappingKind, subject_id: int) -> _Ours:
    """One of our records that are mapped. Raises NoResultFound for an id that is not ours."""
    found: _Ours = db.session.get_one(_KINDS[kind].table, subject_id)
    return found


def _trouble(ours: _Ours, chosen: Choice | None, alive: Mapping[str, CatalogueRow]) -> str:
    if chosen is None:
        return ""
    row = alive.get(chosen.remote_id)
    if row is None:
        return "It is inactive or gone in QuickBooks; choose another."
    if isinstance(ours, TaxCode) and choices.other_rate(ours.charged_percent, row):
        ours_is = choices.percentage(ours.charged_percent)
        return (
            f"{choices.label(row.name, row.rate)} does not charge the {ours_is} that is charged here; choose another."
        )
    return ""


def _listed(kind: MappingKind, named: set[int]) -> list[_Ours]:
    """What is in use and what is named elsewhere; services by code, the others as they were laid out."""
    table = _KINDS[kind].table
    order = Service.code_folded if kind is MappingKind.SERVICE else table.id
    rows: Iterable[_Ours] = db.session.scalars(select(table).order_by(order))
    return [row for row in rows if row.active or row.id in named]


def _suggestions(kind: MappingKind, ours: Sequence[_Ours], offered: Sequence[CatalogueRow]) -> dict[int, Suggestion]:
    """{our id: suggestion}. Likeness is only looked for in `MOST_COMPARED` of them: it costs a walk over the list."""
    shelf, how = Shelf(choices.candidate(row) for row in offered), _KINDS[kind]
    found = {row.id: same for row in ours if (same := shelf.same(how.wanted(row)))}
    rest = [row for row in ours if row.id not in found][:MOST_COMPARED]
    more = {row.id: how.suggest(how.wanted(row), shelf) for row in rest}
    return found | {our_id: one for our_id, one in more.items() if one is not None}
