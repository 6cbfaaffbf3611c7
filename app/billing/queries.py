"""The lists the pages show: documents, clients, services, payments; everything here only reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.billing.client import Client
from app.billing.document import IS_OWED, NUMBERED, WITH_A_MEMO, Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.service import Service
from app.billing.words import MOST, hits, matches, said_or_of
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY

PER_PAGE = 50

_Row = TypeVar("_Row")

OWED_PENCE = Document.gross_pence + Document.rounding_adjustment_pence
"""As `Document.owed_pence`, in SQL."""

_SORTS: dict[str, Any] = {
    "issue_date": Document.issue_date,
    "due_date": Document.due_date,
    "number": Document.number,
    "client": func.lower(Client.name),
    "status": Document.status,
    "total": OWED_PENCE,
    "balance": OWED_PENCE - Document.settled_pence,
}

_NEWEST = (Payment.received_on.desc(), Payment.id.desc())


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """A part of a list: the rows, which page of how many, and how many rows there are in all."""

    rows: list[_Row]
    number: int
    total: int
    per_page: int = PER_PAGE
    is_cut: bool = False
    """There are more than `total`, and no pages of these."""

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing was found."""
        return max(-(-self.total // self.per_page), 1)


@dataclass(frozen=True)
class DocumentFilter:
    """What a list of documents is narrowed to; None and "" mean everything. Dates are issue dates, both included."""

    search: str = ""
    kind: DocumentKind | None = None
    statuses: tuple[DocumentStatus, ...] = ()
    client_id: int | None = None
    billing_entity_id: int | None = None
    issued_from: date | None = None
    issued_until: date | None = None
    overdue_on: date | None = None
    """Only what is owed and was due before this day."""
    kept_back: bool | None = None
    ids: tuple[int, ...] | None = None
    """Only these: what a search has found."""


def documents(
    wanted: DocumentFilter,
    *,
    page: int = 1,
    sort: str = "-issue_date",
    per_page: int = PER_PAGE,
) -> Page[Document]:
    """One page of documents, their clients loaded; of words that find more than `MOST`, of the first `MOST`.

    `sort` is issue_date, due_date, number, client, status, total or balance; a minus in front turns it round.
    """
    wanted = narrowed(wanted)
    return first_found(wanted, page, sort, per_page) if wanted.search else listed(wanted, page, sort, per_page)


def narrowed(wanted: DocumentFilter) -> DocumentFilter:
    """The same with the rows that its words find in place of the words; these stay where they find more than `MOST`."""
    if not wanted.search.strip():
        return replace(wanted, search="")
    client_id, number, rest = Document.client_id, Document.number, conditions(replace(wanted, search=""))
    asked = select(Document.id).where(*rest)
    found = hits(
        asked.where(NUMBERED, said_or_of(wanted.search, client_id, number)),
        asked.where(WITH_A_MEMO, said_or_of(wanted.search, client_id, number, Document.memo)),
    )
    return wanted if found is None else replace(wanted, search="", ids=found)


def first_found(wanted: DocumentFilter, page: int, sort: str, per_page: int = PER_PAGE) -> Page[Document]:
    """One page of the first `MOST` of documents that are more."""
    return _page(_ordered(wanted, sort), page, per_page, MOST, is_cut=True)


def listed(
    wanted: DocumentFilter, page: int, sort: str, per_page: int = PER_PAGE, *, total: int | None = None
) -> Page[Document]:
    """One page of documents that are looked for without words. `total` is how many, where that was counted already."""
    total = count(wanted) if total is None else total
    number = _number(page, per_page, total)
    both = _ordered(wanted, sort), _ordered(wanted, _turned(sort))
    rows = _cut_out(*both, first=(number - 1) * per_page, most=per_page, total=total)
    return Page(rows, number, total, per_page)


def _ordered(wanted: DocumentFilter, sort: str) -> Select[Document]:
    found = select(Document).where(*conditions(wanted)).options(selectinload(Document.client))
    if sort.removeprefix("-") == "client":
        found = found.outerjoin(Document.client)
    return found.order_by(*_order(sort)).execution_options(**how_found(wanted))


def how_found(wanted: DocumentFilter) -> Mapping[str, Any]:
    """Execution options of a question for what a filter finds."""
    return BY_KEY if wanted.ids is not None else {}


def _turned(sort: str) -> str:
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def _cut_out(onwards: Select[Any], backwards: Select[Any], *, first: int, most: int, total: int) -> list[Any]:
    """So many from one place on; those of the latter half are counted off from the other end."""
    most = min(most, total - first)
    if first <= total // 2:
        return _rows(onwards, first, most)
    return _rows(backwards, total - first - most, most)[::-1]


def count(wanted: DocumentFilter) -> int:
    """How many documents a filter finds."""
    return count_of(select(Document).where(*conditions(wanted)).execution_options(**how_found(wanted)))


def conditions(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    """A filter as conditions on documents."""
    return list(_conditions(wanted))


def _conditions(wanted: DocumentFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.search.strip():
        yield said_or_of(wanted.search, Document.client_id, Document.number, Document.memo)
    if wanted.statuses:
        yield Document.status.in_(wanted.statuses)
    if wanted.issued_from:
        yield Document.issue_date >= wanted.issued_from
    if wanted.issued_until:
        yield Document.issue_date <= wanted.issued_until
    if wanted.overdue_on:
        # As `Document.is_overdue`; two comparisons, so that an index may serve.
        undated = and_(Document.due_date.is_(None), Document.issue_date < wanted.overdue_on)
        yield and_(Document.kind == DocumentKind.INVOICE, IS_OWED)
        yield or_(Document.due_date < wanted.overdue_on, undated)
    if wanted.ids is not None:
        yield Document.id.in_(wanted.ids)
    for name in ("kind", "client_id", "billing_entity_id", "kept_back"):
        value = getattr(wanted, name)
        if value is not None:
            yield getattr(Document, name) == value


def clients(search: str = "", *, active: bool | None = True, page: int = 1, per_page: int = PER_PAGE) -> Page[Client]:
    """One page of clients by name; searched in names, e-mail and postcode."""
    wanted = select(Client).order_by(func.lower(Client.name), Client.id)
    if search.strip():
        wanted = wanted.where(matches(search, Client.name, Client.company_name, Client.email, Client.postcode))
    return page_of(_activity(wanted, Client, active), page, per_page)


def services(search: str = "", *, active: bool | None = True, page: int = 1, per_page: int = PER_PAGE) -> Page[Service]:
    """One page of services by code; searched in code, name and description."""
    wanted = select(Service).order_by(Service.code_folded)
    if search.strip():
        wanted = wanted.where(matches(search, Service.code, Service.name, Service.description))
    return page_of(_activity(wanted, Service, active), page, per_page)


def payments(
    search: str = "", *, client_id: int | None = None, page: int = 1, per_page: int = PER_PAGE
) -> Page[Payment]:
    """One page of payments, the newest first, void ones too; searched in reference and client."""
    wanted = select(Payment) if client_id is None else select(Payment).where(Payment.client_id == client_id)
    loaded = selectinload(Payment.allocations).selectinload(Allocation.document)
    wanted = wanted.options(selectinload(Payment.client), loaded)
    if search.strip():
        return _paid_with(search, wanted, page, per_page)
    total = count_of(wanted)
    number = _number(page, per_page, total)
    both = wanted.order_by(*_NEWEST), wanted.order_by(Payment.received_on, Payment.id)
    return Page(_cut_out(*both, first=(number - 1) * per_page, most=per_page, total=total), number, total, per_page)


def _paid_with(search: str, wanted: Select[Any], page: int, per_page: int) -> Page[Payment]:
    """Those of the wanted payments that have these words; of more than `MOST` the first `MOST`."""
    wanted = wanted.where(said_or_of(search, Payment.client_id, Payment.reference))
    found = hits(wanted.with_only_columns(Payment.id))
    wanted = wanted.order_by(*_NEWEST)
    if found is None:
        return _page(wanted, page, per_page, MOST, is_cut=True)
    return _page(wanted.where(Payment.id.in_(found)).execution_options(**BY_KEY), page, per_page, len(found))


def cut(rows: Sequence[_Row], page: int) -> Page[_Row]:
    """One page of rows that had to be computed all together. Pure."""
    number = min(max(page, 1), max(-(-len(rows) // PER_PAGE), 1))
    return Page(list(rows[(number - 1) * PER_PAGE : number * PER_PAGE]), number, len(rows))


def allocations_of(document: Document) -> list[Allocation]:
    """The live parts on a document with their payments, the oldest first."""
    live = select(Allocation).join(Allocation.payment).where(Payment.state == PaymentState.LIVE)
    of_document = live.where(Allocation.document_id == document.id).order_by(Payment.received_on, Payment.id)
    return list(db.session.scalars(of_document.options(selectinload(Allocation.payment))))


def _activity(wanted: Select[Any], table: Any, active: bool | None) -> Select[Any]:  # noqa: FBT001 - a filter's value
    return wanted if active is None else wanted.where(table.active == active)


def _order(sort: str) -> tuple[Any, Any]:
    column = _SORTS.get(sort.removeprefix("-"), Document.issue_date)
    if sort.startswith("-"):
        return column.desc(), Document.id.desc()
    return column.asc(), Document.id.asc()


def page_of(wanted: Select[Any], page: int, per_page: int = PER_PAGE, *loaded: ExecutableOption) -> Page[Any]:
    """One page of what is wanted; a number beyond the last page gives the last one."""
    return _page(wanted.options(*loaded), page, per_page, count_of(wanted))


def count_of(wanted: Select[Any]) -> int:
    """How many rows a question has; asked without its columns, so that an index is enough."""
    counted = wanted.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.scalar(counted) or 0)


def _page(wanted: Select[Any], page: int, per_page: int, total: int, *, is_cut: bool = False) -> Page[Any]:
    number = _number(page, per_page, total)
    first = (number - 1) * per_page
    return Page(_rows(wanted, first, min(per_page, total - first)), number, total, per_page, is_cut)


def _rows(ordered: Select[Any], first: int, most: int) -> list[Any]:
    """No more than there are: of a search whose last hit was met the rest would be read for nothing."""
    return list(db.session.scalars(ordered.limit(most).offset(first))) if most else []


def _number(page: int, per_page: int, total: int) -> int:
    return min(max(page, 1), max(-(-total // per_page), 1))
