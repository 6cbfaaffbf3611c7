"""After a new key stands first in SEALING_KEYS: every secret of this room is sealed with it."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import transaction
from app.foundation.sealing import Sealer
from app.foundation.tenancy import everywhere
from app.quickbooks.models import Connection, IntuitApp

_CONNECTION = ("access_token", "refresh_token", "previous_refresh_token")
_APP = ("client_secret", "verifier", "previous_verifier")


def reseal(sealer: Sealer) -> int:
    """Seal anew what an older key sealed, in all organisations; returns how many values.

    The rows are locked meanwhile: a refresh token that is stored at this moment must not be overwritten.
    """
    with everywhere(), transaction() as session:
        connections = session.scalars(select(Connection).with_for_update()).all()
        apps = session.scalars(select(IntuitApp).with_for_update()).all()
        columns: list[tuple[Connection | IntuitApp, str]] = [(row, name) for row in connections for name in _CONNECTION]
        columns += [(row, name) for row in apps for name in _APP]
        return [_reseal_one(sealer, row, name) for row, name in columns].count(True)


def _reseal_one(sealer: Sealer, row: Connection | IntuitApp, column: str) -> bool:
    sealed = getattr(row, column)
    if not sealed or sealer.is_current(sealed):
        return False
    place = row.place(column)
    setattr(row, column, sealer.seal(sealer.unseal(sealed, place), place))
    return True
