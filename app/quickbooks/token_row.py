"""The row in which a connection's tokens rest: sealed, versioned, and refreshed by one process at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update

from app.foundation import chance, clock
from app.foundation.database import db, end_reading, rows_changed, transaction
from app.foundation.sealing import Sealer, Secret
from app.quickbooks.apps import AppKeys, Apps
from app.quickbooks.models import USABLE, Connection
from app.quickbooks.oauth import Grant

LEASE = timedelta(seconds=30)
"""Longer than one call of the token server may take."""
_REFRESH_AT = 0.8


@dataclass(frozen=True)
class TokensSeen:
    """A connection's tokens as they were read; nothing here reaches for the database again."""

    connection_id: int
    organisation_id: int
    keys: AppKeys
    usable: bool
    version: int
    access: Secret
    refresh: Secret
    previous: Secret
    refresh_at: datetime
    expires_at: datetime
    leased_until: datetime

    def is_good(self, refused: Secret | None, *, until: datetime) -> bool:
        """Whether the access token can be used: it is there, was not refused, and its time has not come."""
        return bool(self.access.value) and self.access != refused and clock.now() < until


class TokenRow:
    """Opens and seals the tokens of connections."""

    def __init__(self, apps: Apps, sealer: Sealer) -> None:
        self._apps = apps
        self._sealer = sealer

    def look(self, connection_id: int) -> TokensSeen:
        """The tokens as they are now; no transaction stays open."""
        end_reading()
        row = db.session.get_one(Connection, connection_id, populate_existing=True)
        never = clock.now() - timedelta(days=1)
        seen = TokensSeen(
            connection_id=row.id,
            organisation_id=row.organisation_id,
            keys=self._apps.app_for(row),
            usable=row.is_usable and row.refresh_token is not None,
            version=row.token_version,
            access=self.open(row, "access_token"),
            refresh=self.open(row, "refresh_token"),
            previous=self.open(row, "previous_refresh_token"),
            refresh_at=row.access_refresh_at or never,
            expires_at=row.access_expires_at or never,
            leased_until=row.refresh_lease_until or never,
        )
        end_reading()
        return seen

    def keep(self, seen: TokensSeen, owner: str, grant: Grant) -> bool:
        """Store what a refresh gave; False when somebody else was quicker, for then theirs count."""
        values = self.columns(seen.organisation_id, seen.connection_id, grant)
        values["previous_refresh_token"] = None  # the one in use has just worked
        if grant.refresh_token != seen.refresh:
            place = Connection.place_of("previous_refresh_token", seen.organisation_id, seen.connection_id)
            values["previous_refresh_token"] = self._sealer.seal(seen.refresh, place)
        return _change_mine(seen, owner, token_version=seen.version + 1, **values)

    def columns(self, organisation_id: int, connection_id: int, grant: Grant) -> dict[str, Any]:
        """{column: value} of a grant, sealed for this row."""
        now = clock.now()
        access, refresh = (
            Connection.place_of(column, organisation_id, connection_id) for column in ("access_token", "refresh_token")
        )
        return {
            "access_token": self._sealer.seal(grant.access_token, access),
            "access_expires_at": now + timedelta(seconds=grant.access_seconds),
            "access_refresh_at": now + timedelta(seconds=grant.access_seconds * _REFRESH_AT),
            "refresh_token": self._sealer.seal(grant.refresh_token, refresh),
            "refresh_expires_at": now + timedelta(seconds=grant.refresh_seconds),
            **_hard_end(grant, now),
        }

    def open(self, row: Connection, column: str) -> Secret:
        """A sealed column in the clear; empty when it holds nothing."""
        sealed = getattr(row, column)
        return self._sealer.unseal(sealed, row.place(column)) if sealed else Secret("")


def _hard_end(grant: Grant, now: datetime) -> dict[str, datetime]:
    """Nothing where the answer did not tell it: what is known stays true."""
    return {} if grant.hard_seconds is None else {"hard_expires_at": now + timedelta(seconds=grant.hard_seconds)}


def claim(seen: TokensSeen) -> str | None:
    """The name under which we may refresh these very tokens, or None while another does, or where they are lost."""
    now, longest = clock.now(), clock.latest() + LEASE
    if now < seen.leased_until <= longest:
        return None
    owner, until = chance.token_hex(16), Connection.refresh_lease_until
    free = or_(until.is_(None), until <= now, until > longest)
    with transaction() as session:
        claimed = session.execute(
            update(Connection)
            .where(Connection.id == seen.connection_id, Connection.token_version == seen.version, free)
            .where(Connection.state.in_(USABLE))
            .values(refresh_owner=owner, refresh_lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
    return owner if rows_changed(claimed) else None


def go_on(seen: TokensSeen, owner: str) -> bool:
    """Hold the lease for another call of the token server; False when it is somebody else's by now."""
    return _change_mine(seen, owner, refresh_owner=owner, refresh_lease_until=clock.now() + LEASE)


def give_back(seen: TokensSeen, owner: str) -> None:
    """Somebody else may try to refresh."""
    _change_mine(seen, owner)


def _change_mine(seen: TokensSeen, owner: str, **values: Any) -> bool:
    """Change the row and end the lease, where these are still its tokens and the lease is still ours."""
    mine = (
        Connection.id == seen.connection_id,
        Connection.token_version == seen.version,
        Connection.refresh_owner == owner,
    )
    with transaction() as session:
        changed = session.execute(
            update(Connection)
            .where(*mine)
            .values(**{"refresh_owner": None, "refresh_lease_until": None, **values})
            .execution_options(synchronize_session=False)
        )
    return rows_changed(changed) == 1
