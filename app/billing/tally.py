"""How many documents there are, and what they come to: kept with each change, for to count years of them takes long.

Each transaction that changes documents adds what it changed at its very end, so that two that meet wait only for each
other's commit. A transaction locks its rows in one order; what a savepoint took back is not added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, ForeignKey, String, delete, event, extract, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from app.billing.amounts import Pence
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.months import month_of
from app.foundation.columns import enum_of
from app.foundation.database import Base, db, table_of
from app.foundation.tenancy import HistoryRow


class Count(NamedTuple):
    """Documents of one kind, status and currency, and their sums in pence, all counted up."""

    kind: DocumentKind
    status: DocumentStatus
    currency: str
    documents: int
    net_pence: int
    tax_pence: int
    owed_pence: int
    settled_pence: int


class DocumentTally(HistoryRow, Base):
    """The same of one billing entity and one month of issue."""

    __tablename__ = "document_tally"

    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind), primary_key=True)
    status: Mapped[DocumentStatus] = mapped_column(enum_of(DocumentStatus), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    issue_month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """202611 is November 2026."""
    documents: Mapped[int]
    net_pence: Mapped[Pence]
    tax_pence: Mapped[Pence]
    owed_pence: Mapped[Pence]
    settled_pence: Mapped[Pence]


_TABLE = table_of(DocumentTally)
_NAMED = ("organisation_id", "billing_entity_id", "kind", "status", "currency")
_KEY = (*_NAMED, "issue_month")
_NUMBERS = ("documents", "net_pence", "tax_pence", "owed_pence", "settled_pence")
_SUMMED = ("net_pence", "tax_pence", "gross_pence", "rounding_adjustment_pence", "settled_pence")
_WAITING = "document_tally"
"""Under which a session keeps what it has still to add: [(key, numbers)] in the order in which it happened."""
_savepoints: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()
"""How much a session had to add when the savepoint was set."""

Row = tuple[tuple[Any, ...], tuple[int, ...]]


class Wanted(NamedTuple):
    """What is to be counted: of the organisation or of one of its billing entities; of these statuses, or of all.

    Of the months from the first to the last, both included; None is the beginning or the end of all.
    """

    kind: DocumentKind | None = None
    statuses: Collection[DocumentStatus] = ()
    billing_entity_id: int | None = None
    first_month: int | None = None
    last_month: int | None = None


def counts(asked: Wanted = Wanted()) -> list[Count]:  # noqa: B008 - a tuple cannot be changed
    """As they are kept."""
    by = (DocumentTally.kind, DocumentTally.status, DocumentTally.currency)
    summed = (func.sum(getattr(DocumentTally, name)) for name in _NUMBERS)
    wanted = select(*by, *summed).where(*_narrowed(asked)).group_by(*by)
    found = [Count(*row[:3], *(int(number) for number in row[3:])) for row in db.session.execute(wanted)]
    return [count for count in found if count.documents]


def _narrowed(asked: Wanted) -> Iterator[ColumnElement[bool]]:
    if asked.kind is not None:
        yield DocumentTally.kind == asked.kind
    if asked.statuses:
        yield DocumentTally.status.in_(asked.statuses)
    if asked.billing_entity_id is not None:
        yield DocumentTally.billing_entity_id == asked.billing_entity_id
    if asked.first_month is not None:
        yield DocumentTally.issue_month >= asked.first_month
    if asked.last_month is not None:
        yield DocumentTally.issue_month <= asked.last_month


def recount(session: Session) -> None:
    """Count all organisations' documents anew, after rows were written past the models; in the caller's transaction."""
    document = table_of(Document).c
    month = extract("year", document.issue_date) * 100 + extract("month", document.issue_date)
    key = [*(document[name] for name in _NAMED), month]
    owed = document.gross_pence + document.rounding_adjustment_pence
    sums = (func.sum(amount) for amount in (document.net_pence, document.tax_pence, owed, document.settled_pence))
    session.execute(delete(_TABLE))
    session.execute(insert(_TABLE).from_select([*_KEY, *_NUMBERS], select(*key, func.count(), *sums).group_by(*key)))


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    """Remember what this flush changes."""
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Document)]
    if rows:
        changes = session.info.setdefault(_WAITING, [])
        for row in rows:
            changes += _changes(row, is_new=row in session.new, is_deleted=row in session.deleted)


@event.listens_for(Session, "after_transaction_create")
def _begin(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        _savepoints[transaction] = len(session.info.get(_WAITING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint takes back what came after it, the whole transaction everything."""
    del session.info.get(_WAITING, [])[_savepoints.get(transaction, 0) :]


@event.listens_for(Session, "before_commit")
def _add(session: Session) -> None:
    """At the very end of a transaction: from here on only the commit is waited for."""
    if session.in_nested_transaction():
        return
    session.flush()
    changes = session.info.pop(_WAITING, [])
    for key, numbers in sorted(_summed(changes).items()):
        if any(numbers):
            session.connection().execute(_upsert(session.get_bind().dialect.name, key, numbers))


def _changes(row: Document, *, is_new: bool, is_deleted: bool) -> Iterator[Row]:
    before, after = _states(row)
    if not is_new:
        yield _counted(before, -1)
    if not is_deleted:
        yield _counted(after, 1)


def _states(row: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row as it was, and as it is now."""
    attributes = inspect(row).attrs
    before, after = {}, {}
    for name in (*_NAMED, "issue_date", *_SUMMED):
        history, value = attributes[name].history, getattr(row, name)
        after[name] = value
        before[name] = history.deleted[0] if history.deleted else value
    return before, after


def _counted(state: dict[str, Any], sign: int) -> Row:
    net, tax, gross, rounding, settled = (state[name] or 0 for name in _SUMMED)
    key = (*(state[name] for name in _NAMED), month_of(state["issue_date"]))
    return key, tuple(sign * number for number in (1, net, tax, gross + rounding, settled))


def _summed(changes: list[Row]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    found: dict[tuple[Any, ...], Counter[int]] = {}
    for key, numbers in changes:
        total = found.setdefault(key, Counter())
        for place, number in enumerate(numbers):
            total[place] += number
    return {key: tuple(total[place] for place in range(len(_NUMBERS))) for key, total in found.items()}


def _upsert(dialect: str, key: tuple[Any, ...], numbers: tuple[int, ...]) -> Any:
    write = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = write(_TABLE).values(dict(zip((*_KEY, *_NUMBERS), (*key, *numbers), strict=True)))
    more = {name: _TABLE.c[name] + first.excluded[name] for name in _NUMBERS}
    return first.on_conflict_do_update(index_elements=_KEY[1:], set_=more)
