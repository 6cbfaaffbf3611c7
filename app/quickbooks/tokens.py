"""A valid token for a connection: one refresh for each expiry, however many processes want it.

Who refreshes takes a lease on the connection's row by a conditional update; the version of the tokens decides whether
what comes back may still be stored. The new refresh token is stored before the new access token is used, for a lost
one costs the connection. The losers wait for the row.
"""

from __future__ import annotations

from datetime import timedelta

from blinker import Signal
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import after_commit, rows_changed, transaction
from app.foundation.sealing import Sealer, Secret
from app.quickbooks.apps import Apps
from app.quickbooks.errors import NotSent, QuickBooksError, ReconnectNeeded
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.oauth import Grant, OAuth
from app.quickbooks.token_row import TokenRow, TokensSeen, claim, give_back, go_on

connection_lost = Signal("a connection needs to be made again; the sender is its id")
"""Only a bell, rung after the commit; the truth is the connection's state."""
keys_refused = Signal("Intuit refuses the keys of the app by which a connection signs in; the sender is its id")

_USED_UNTIL = timedelta(seconds=60)
"""While another refreshes, a token is used until this long before its end."""
_LOSER_WAITS_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.05


class Tokens:
    """Keeps the tokens of connections. Call it acting for the connection's organisation."""

    def __init__(self, oauth: OAuth, apps: Apps, sealer: Sealer) -> None:
        self._oauth = oauth
        self._row = TokenRow(apps, sealer)

    def access_token(self, connection_id: int, *, refused: Secret | None = None) -> Secret:
        """A token that is valid now; `refused` is one that Intuit has just answered with 401.

        Raises ReconnectNeeded, TryLater when the token server is silent, NotSent when another's refresh takes too long.
        """
        patience = clock.monotonic() + _LOSER_WAITS_SECONDS
        while True:
            seen = self._usable(connection_id)
            if seen.is_good(refused, until=seen.refresh_at):
                return seen.access
            self._oauth.places(seen.keys.discovery_url)  # now, for its reading would outlast the lease
            lives = seen.is_good(refused, until=seen.expires_at - _USED_UNTIL)
            if owner := claim(seen):
                if fresh := self._refresh(seen, owner, seen.access if lives else None):
                    return fresh
            elif lives:
                return seen.access
            elif clock.monotonic() > patience:
                raise NotSent("another process is still renewing the permission to use QuickBooks")
            else:
                clock.sleep(_LOOK_EVERY_SECONDS)

    def at_hand(self, connection: Connection) -> Secret | None:
        """The access token of this row, just read, where it can be used as it is: nothing is renewed for it."""
        lives = connection.access_refresh_at is not None and clock.now() < connection.access_refresh_at
        usable = connection.is_usable and connection.refresh_token is not None
        token = self._row.open(connection, "access_token") if usable and lives else Secret("")
        return token if token.value else None

    def store(self, session: Session, connection: Connection, grant: Grant) -> None:
        """Put the tokens of a fresh authorisation into the row, which must have its id."""
        connection.token_version += 1
        connection.refresh_owner = connection.refresh_lease_until = None
        connection.previous_refresh_token = connection.hard_expires_at = None
        for column, value in self._row.columns(connection.organisation_id, connection.id, grant).items():
            setattr(connection, column, value)
        session.flush()

    def lose(self, connection_id: int, why: str, *, version: int | None = None) -> None:
        """Intuit takes our tokens no longer: the connection waits for a person, unless it was just made again."""
        with transaction() as session:
            lost = update(Connection).where(Connection.id == connection_id)
            if version is not None:
                lost = lost.where(Connection.token_version == version)
            active = lost.where(Connection.state == ConnectionState.ACTIVE)
            if rows_changed(session.execute(active.values(state=ConnectionState.RECONNECT, last_error=why))):
                after_commit(lambda: _ring(connection_id))
            pending = lost.where(Connection.state == ConnectionState.PENDING)
            session.execute(pending.values(state=ConnectionState.DISCONNECTED, last_error=why))

    def lose_by(self, token: Secret, connection_id: int, why: str) -> None:
        """A call that left with this token was refused: that says nothing of newer ones which are in the row by now.

        So an answer that was long on its way does not cut what a person has tied anew meanwhile.
        """
        seen = self._row.look(connection_id)
        if seen.access == token:
            self.lose(connection_id, why, version=seen.version)

    def refresh_token(self, connection: Connection) -> Secret:
        """The refresh token in the clear, for revoking it; empty when there is none."""
        return self._row.open(connection, "refresh_token")

    def _usable(self, connection_id: int) -> TokensSeen:
        seen = self._row.look(connection_id)
        if not seen.usable:
            raise ReconnectNeeded
        return seen

    def _refresh(self, seen: TokensSeen, owner: str, living: Secret | None) -> Secret | None:
        """The new token, already stored; None when somebody else's newer one is in the row.

        While the token server is silent the `living` one is used on, and the lease left to lapse: so nobody asks again.
        """
        try:
            grant = self._granted(seen, owner)
        except ReconnectNeeded as refusal:
            self.lose(seen.connection_id, refusal.message, version=seen.version)
            raise
        except QuickBooksError:
            if living is not None:
                return living
            give_back(seen, owner)
            raise
        return grant.access_token if grant and self._row.keep(seen, owner, grant) else None

    def _granted(self, seen: TokensSeen, owner: str) -> Grant | None:
        """Before a connection is given up: somebody may have stored newer tokens, or the one before may still work.

        None where somebody else has become responsible meanwhile.
        """
        try:
            return self._oauth.refresh(seen.keys, seen.refresh)
        except ReconnectNeeded:
            if self._usable(seen.connection_id).version != seen.version:
                return None
            if not seen.previous.value:
                raise
            if not go_on(seen, owner):
                return None
            return self._oauth.refresh(seen.keys, seen.previous)


def _ring(connection_id: int) -> None:
    connection_lost.send(connection_id)
