"""The governor's row of a company: read as a desk, written back as one, locked while somebody decides."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.quickbooks import limits
from app.quickbooks.calls import CallForm
from app.quickbooks.lease import ensure_row
from app.quickbooks.limits import Desk, Rates
from app.quickbooks.realm import Governor as Row
from app.quickbooks.realm import Realm

_NO_LIMITS = Rates(lifted=True)


def desk_of(row: Row) -> Desk:
    """The desk that a row holds."""
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Desk)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Desk(**(values | lists))


def rest_of(row: Row, now: datetime) -> float:
    """Seconds for which Intuit's wish or its silence keeps this company from being called at all."""
    _desk, wait, _why = limits.decide(desk_of(row), now.timestamp(), CallForm.READ, _NO_LIMITS)
    return wait


def write_desk(row: Row, desk: Desk) -> None:
    """Put a desk into the row; whoever looks at the row sees that something has changed."""
    for name, value in asdict(desk).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.version += 1


def locked(session: Session, realm: Realm) -> Row:
    """The company's row, ours alone until the transaction ends (SQLite locks the whole file as it begins)."""
    row = session.get(Row, realm, with_for_update=True, populate_existing=True)
    if row is None:
        ensure_row(session, realm)
        row = session.get_one(Row, realm, with_for_update=True, populate_existing=True)
    return row
