"""The company's documents as a comparison last read them, so that the next one need only read what changed.

A picture is kept of every invoice and credit memo, ours or not, with its lines; of the private note no more than our
marker. The exchange rate seen first is the one that later ones are compared with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.foundation.database import Base, db
from app.foundation.tenancy import HistoryRow, current_organisation
from app.quickbooks import marker
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.sold_lines import LineSeen

Key = tuple[str, str]
"""(entity, their id)."""
_AT_ONCE = 500


class Picture(HistoryRow, Base):
    """One document as it was last read."""

    __tablename__ = "document_picture"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON)
    rate: Mapped[str] = mapped_column(String(40))
    """The exchange rate that was seen first, or that a person has accepted since."""


def documents(connection_id: int, *only: ColumnElement[bool]) -> dict[Key, DocumentSeen]:
    """All pictures of a company, or only some of them."""
    rows = select(Picture.entity, Picture.remote_id, Picture.seen).where(Picture.connection_id == connection_id, *only)
    return {(row.entity, row.remote_id): _unpacked(row.remote_id, row.seen) for row in db.session.execute(rows)}


def rates(connection_id: int) -> dict[Key, str]:
    """The exchange rates seen first, of documents in a foreign currency."""
    rows = select(Picture.entity, Picture.remote_id, Picture.rate).where(
        Picture.connection_id == connection_id, Picture.rate != ""
    )
    return {(row.entity, row.remote_id): row.rate for row in db.session.execute(rows)}


def accept_rate(connection_id: int, entity: str, remote_id: str, rate: str) -> None:
    """Compare with this rate from now on; in the caller's transaction."""
    row = db.session.get(Picture, (connection_id, entity, remote_id))
    if row is not None:
        row.rate = rate


def keep(session: Session, connection_id: int, read: Mapping[Key, DocumentSeen], gone: Collection[Key]) -> None:
    """Keep what was read or read anew, and take away what is gone; in the caller's transaction."""
    known = rates(connection_id)
    for keys in _portions([*read, *gone]):
        for entity in {entity for entity, _id in keys}:
            ids = [remote_id for named, remote_id in keys if named == entity]
            old = delete(Picture).where(
                Picture.connection_id == connection_id, Picture.entity == entity, Picture.remote_id.in_(ids)
            )
            session.execute(old.execution_options(synchronize_session=False))
    for keys in _portions([key for key in read if key not in gone]):
        session.execute(insert(Picture), [_row(connection_id, key, read[key], known.get(key)) for key in keys])


def _portions(keys: list[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _row(connection_id: int, key: Key, seen: DocumentSeen, rate: str | None) -> dict[str, Any]:
    return {
        "organisation_id": current_organisation(),
        "connection_id": connection_id,
        "entity": key[0],
        "remote_id": key[1],
        "seen": _packed(seen),
        "rate": rate or seen.rate,
    }


_TEXTS = ("sync_token", "doc_number", "customer_id", "customer_name", "currency", "rate")
_AMOUNTS = ("total_pence", "tax_pence", "balance_pence")


def _packed(seen: DocumentSeen) -> dict[str, Any]:
    return {
        **{name: getattr(seen, name) for name in (*_TEXTS, *_AMOUNTS)},
        "voided": seen.voided,
        "marker": str(marker.find(seen.private_note) or ""),
        "days": [day.isoformat() if day else None for day in (seen.txn_date, seen.due_date)],
        "moments": [at.isoformat() if at else None for at in (seen.updated_at, seen.created_at)],
        "lines": [[*line[:4], *map(_text, line[4:6]), line.is_comment] for line in seen.lines],
    }


def _unpacked(remote_id: str, kept: Mapping[str, Any]) -> DocumentSeen:
    txn_date, due_date = (date.fromisoformat(day) if day else None for day in kept["days"])
    updated_at, created_at = (datetime.fromisoformat(at) if at else None for at in kept["moments"])
    return DocumentSeen(
        id=remote_id,
        **{name: kept[name] for name in (*_TEXTS, *_AMOUNTS)},
        txn_date=txn_date,
        due_date=due_date,
        updated_at=updated_at,
        created_at=created_at,
        voided=kept["voided"],
        deleted=False,
        private_note=kept["marker"],
        links=(),
        lines=tuple(_line(line) for line in kept["lines"]),
    )


def _line(kept: Sequence[Any]) -> LineSeen:
    description, amount_pence, item_id, tax_code_id, quantity, price, is_comment = kept
    return LineSeen(
        description, amount_pence, item_id, tax_code_id, _number(quantity), _number(price), is_comment=is_comment
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
