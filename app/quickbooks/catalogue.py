"""The local mirror of a company's lists, inactive records too, so that matching and mapping ask nobody.

Read whole 1,000 rows at a time, then kept fresh row by row. What a row says is what QuickBooks last said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import bare, db, end_reading, rows_changed, table_of, transaction
from app.foundation.tenancy import ours
from app.quickbooks import answers, lists
from app.quickbooks.answers import Entity
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import CatalogueRow as CatalogueRow
from app.quickbooks.models import ClassTracking, Connection
from app.quickbooks.statements import EVEN_INACTIVE, PAGE

_WITHOUT_ACTIVE = frozenset({"TaxCode"})
"""The US codes TAX and NON carry no Active, so a condition on it would lose them."""

_BY_NAME = (CatalogueRow.name_folded, CatalogueRow.id)
"""Two records may bear one name, and then PostgreSQL gives them in no order of its own."""


def refresh(quickbooks: QuickBooks, connection_id: int, entities: Sequence[str] = ()) -> dict[str, int]:
    """Read these lists whole, else all that are mirrored; {entity: rows read}. What one no longer holds has vanished.

    A transaction a page; raises the kind of QuickBooksError that ended the reading, what was read stays.
    """
    wanted = entities or mirrored(db.session.get_one(Connection, connection_id))
    end_reading()
    return {entity: _refresh_one(quickbooks, connection_id, entity) for entity in wanted}


def mirrored(connection: Connection) -> tuple[str, ...]:
    """The lists that are mirrored of this company."""
    classes = (lists.CLASSES,) if connection.class_tracking is not ClassTracking.NONE else ()
    return (*lists.MIRRORED, *classes, *((lists.LOCATIONS,) if connection.tracks_locations else ()))


def note(session: Session, connection_id: int, entity: str, record: Entity) -> CatalogueRow:
    """Take in one record from an answer or a change, in the caller's transaction."""
    (row,) = note_all(session, connection_id, entity, [record])
    return row


def note_all(session: Session, connection_id: int, entity: str, records: Iterable[Entity]) -> list[CatalogueRow]:
    """The same for many records of a list; their rows, each once."""
    by_remote_id = {answers.named(record).id: record for record in records}
    same = select(CatalogueRow).filter_by(connection_id=connection_id, entity=entity)
    known = session.scalars(same.where(CatalogueRow.remote_id.in_(by_remote_id)))
    rows = {row.remote_id: row for row in known}
    for remote_id, record in by_remote_id.items():
        if remote_id not in rows:
            rows[remote_id] = CatalogueRow(connection_id=connection_id, entity=entity, remote_id=remote_id)
            session.add(rows[remote_id])
        _write(rows[remote_id], record)
    session.flush()
    return [rows[remote_id] for remote_id in by_remote_id]


def forget(session: Session, connection_id: int, entity: str, remote_id: str) -> None:
    """A record is gone: deleted, or merged into another."""
    gone = update(CatalogueRow).filter_by(connection_id=connection_id, entity=entity, remote_id=remote_id)
    session.execute(gone.values(active=False, vanished=True, seen_at=clock.now()))


def find(connection_id: int, entity: str, text: str, limit: int = 20) -> list[CatalogueRow]:
    """Active records whose name contains the text, in alphabetical order."""
    rows = _active(connection_id, entity).where(CatalogueRow.name_folded.contains(lists.folded(text), autoescape=True))
    return list(db.session.scalars(rows.order_by(*_BY_NAME).limit(limit)))


def by_name(connection_id: int, entity: str, name: str) -> CatalogueRow | None:
    """The active record of exactly this name, without regard to case and blanks."""
    return by_names(connection_id, entity, [name]).get(lists.folded(name))


def by_names(connection_id: int, entity: str, names: Iterable[str]) -> dict[str, CatalogueRow]:
    """The active records of these names: {folded name: record}, the oldest of twins."""
    rows = _active(connection_id, entity).order_by(CatalogueRow.id.desc())
    found: dict[str, CatalogueRow] = {}
    for some in _portions(names):
        found |= {row.name_folded: row for row in db.session.scalars(rows.where(CatalogueRow.name_folded.in_(some)))}
    return found


def by_emails(connection_id: int, entity: str, emails: Iterable[str]) -> dict[str, CatalogueRow]:
    """The active records with these e-mail addresses: {folded address: record}.

    An address that several customers share says nothing about who is meant, and is left out.
    """
    found: dict[str, list[CatalogueRow]] = {}
    for some in _portions(emails):
        for row in db.session.scalars(_active(connection_id, entity).where(CatalogueRow.email_folded.in_(some))):
            found.setdefault(row.email_folded, []).append(row)
    return {email: rows[0] for email, rows in found.items() if len(rows) == 1}


def by_id(connection_id: int, entity: str, remote_id: str) -> CatalogueRow | None:
    """The record of this id, inactive and vanished ones too."""
    same = select(CatalogueRow).filter_by(connection_id=connection_id, entity=entity, remote_id=remote_id)
    return db.session.scalar(same)


def by_ids(connection_id: int, entity: str, remote_ids: Sequence[str]) -> dict[str, CatalogueRow]:
    """The records of these ids, inactive and vanished ones too: {id: record}."""
    same = select(CatalogueRow).filter_by(connection_id=connection_id, entity=entity)
    ids = sorted(set(remote_ids))
    found: dict[str, CatalogueRow] = {}
    for start in range(0, len(ids), PAGE // 2):
        some = same.where(CatalogueRow.remote_id.in_(ids[start : start + PAGE // 2]))
        found |= {row.remote_id: row for row in db.session.scalars(some)}
    return found


@dataclass(frozen=True)
class Shown:
    """A record of a list as a value, for whoever only reads it: the engine does, for each envelope."""

    remote_id: str
    name: str
    active: bool
    vanished: bool
    data: dict[str, Any]
    """See `lists.essence`."""

    @property
    def rate(self) -> Decimal | None:
        """A tax code's percentage on sales; None where it is not known."""
        return Decimal(self.data["rate"]) if "rate" in self.data else None


Record = CatalogueRow | Shown
"""A record of a list, whichever way it was read."""


def shown(connection_id: int, entity: str, remote_ids: Iterable[str]) -> dict[str, Shown]:
    """The records of these few ids as values, inactive and vanished ones too: {id: record}."""
    named = {"of_connection": connection_id, "of_entity": entity, "ids": sorted(set(remote_ids))}
    return {row.remote_id: Shown(*row) for row in bare(_SHOWN, named)}


def all_active(connection_id: int, entity: str, most: int | None = None) -> list[Shown]:
    """Every active record of a list as a value, in alphabetical order, or so many of them; see `long_lists`."""
    here = (_TABLE.c.connection_id == connection_id, _TABLE.c.entity == entity, ours(_TABLE))
    rows = select(*SHOWN).where(*here, _TABLE.c.active, ~_TABLE.c.vanished)
    ordered = rows.order_by(_TABLE.c.name_folded, _TABLE.c.id).limit(most)
    return [Shown(*row) for row in db.session.execute(ordered)]


def _active(connection_id: int, entity: str) -> Select[CatalogueRow]:
    same = select(CatalogueRow).filter_by(connection_id=connection_id, entity=entity)
    return same.where(CatalogueRow.active, ~CatalogueRow.vanished)


def _portions(names: Iterable[str]) -> list[list[str]]:
    """Folded, without blanks, and so many together as one statement can name."""
    ordered = sorted({lists.folded(name) for name in names} - {""})
    return [ordered[start : start + PAGE // 2] for start in range(0, len(ordered), PAGE // 2)]


def _refresh_one(quickbooks: QuickBooks, connection_id: int, entity: str) -> int:
    began, read = clock.now(), 0
    percents = _percents(quickbooks, connection_id) if entity == "TaxCode" else {}
    where = () if entity in _WITHOUT_ACTIVE else (EVEN_INACTIVE,)
    for page in quickbooks.pages(connection_id, entity, where):
        with transaction() as session:
            news = _news(connection_id, entity, page, began)
            for row, record in zip(note_all(session, connection_id, entity, news), news, strict=True):
                _note_rate(row, record, percents)
        read += len(page)
    _mark_vanished(connection_id, entity, began)
    return read


def _news(connection_id: int, entity: str, page: Sequence[Entity], began: datetime) -> list[Entity]:
    """The page without what is known newer: taken in since the reading began, and in no earlier version.

    A page can be old by the time it is written, when its reader slept; by then a record of it may be known to be gone.
    """
    same = select(CatalogueRow.remote_id, CatalogueRow.sync_token).filter_by(connection_id=connection_id, entity=entity)
    newer = {row.remote_id: row.sync_token for row in db.session.execute(same.where(CatalogueRow.seen_at > began))}
    told = [(answers.named(record), record) for record in page]
    return [record for seen, record in told if _is_later(seen.sync_token, newer.get(seen.id))]


def _is_later(token: str, known: str | None) -> bool:
    return known is None or int(token or 0) > int(known or 0)


def _percents(quickbooks: QuickBooks, connection_id: int) -> dict[str, Decimal]:
    pages = quickbooks.pages(connection_id, "TaxRate")
    return lists.percents_of(rate for page in pages for rate in page)


def _note_rate(row: CatalogueRow, record: Entity, percents: dict[str, Decimal]) -> None:
    rate = lists.sales_rate(record, percents) if row.entity == "TaxCode" else None
    if rate is not None:
        row.data = {**row.data, "rate": str(rate)}


def _mark_vanished(connection_id: int, entity: str, began: datetime) -> int:
    """Rows taken in while the reading ran are newer than its beginning, and stay."""
    with transaction() as session:
        old = update(CatalogueRow).filter_by(connection_id=connection_id, entity=entity, vanished=False)
        gone = old.where(CatalogueRow.seen_at < began).values(active=False, vanished=True)
        return rows_changed(session.execute(gone.execution_options(synchronize_session=False)))


def _write(row: CatalogueRow, record: Entity) -> None:
    """Unless the row is newer: a page may be older than an answer that was taken in meanwhile."""
    seen = answers.named(record)
    row.seen_at = clock.now()
    if row.sync_token and seen.deleted:
        row.active, row.vanished = False, True
        return
    if row.sync_token and int(row.sync_token) > int(seen.sync_token):
        return
    rate = {"rate": row.data["rate"]} if row.data and "rate" in row.data else {}
    row.name, row.name_folded = seen.name, lists.folded(seen.name)
    row.email_folded = lists.folded(seen.email)[:320]
    row.sync_token, row.active, row.vanished = seen.sync_token, seen.active, seen.deleted
    row.data = {**lists.essence(row.entity, record), **rate}


_TABLE = table_of(CatalogueRow)
SHOWN = tuple(_TABLE.c[name] for name in ("remote_id", "name", "active", "vanished", "data"))
"""The columns of which a `Shown` is made."""
_SHOWN = select(*SHOWN).where(
    _TABLE.c.connection_id == bindparam("of_connection"),
    _TABLE.c.entity == bindparam("of_entity"),
    _TABLE.c.remote_id.in_(bindparam("ids", expanding=True)),
    ours(_TABLE),
)
