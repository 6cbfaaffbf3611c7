"""The governor's row of a company: read as a desk, written back as one, locked while somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.foundation.database import bare, table_of
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


def columns_of(row: Row, desk: Desk) -> dict[str, Any]:
    """What the row has to say for this desk; whoever looks at the row sees that something has changed."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(desk).items()}
    return values | {"version": row.version + 1}


def look(session: Session, realm: Realm) -> Row | None:
    """The company's row as it is now, as values; None where nobody has called it yet."""
    return bare(_LOOK, realm._asdict(), session).one_or_none()  # type: ignore[return-value]  # it has the same columns


def locked(session: Session, realm: Realm) -> Row:
    """The same, ours alone until the transaction ends (SQLite locks the whole file as it begins)."""
    row = bare(_LOCK, realm._asdict(), session).one_or_none()
    if row is None:
        ensure_row(session, realm)
        row = bare(_LOCK, realm._asdict(), session).one()
    return row  # type: ignore[return-value]  # it has the same columns


def write(session: Session, row: Row, values: Mapping[str, Any]) -> None:
    """Write what differs from the row, which this transaction has locked."""
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    if changed:
        bare(_CHANGE, {"of_realm": row.realm_id, "of_mode": row.mode, **changed}, session)


_TABLE = table_of(Row)
_LOOK = select(*_TABLE.c).where(_TABLE.c.realm_id == bindparam("realm_id"), _TABLE.c.mode == bindparam("mode"))
_LOCK = _LOOK.with_for_update()
_CHANGE = update(_TABLE).where(_TABLE.c.realm_id == bindparam("of_realm"), _TABLE.c.mode == bindparam("of_mode"))
