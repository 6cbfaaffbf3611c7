"""How a connection begins, is accepted and ends; each in the caller's transaction, so that what follows goes with it.

Connecting again keeps the row and with it everything that points to it: mappings, links, catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.tenancy import current_organisation, everywhere
from app.quickbooks.company import CompanySeen
from app.quickbooks.errors import RealmTakenError
from app.quickbooks.models import Connection, ConnectionState, Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.tokens import Tokens

TIED = (ConnectionState.ACTIVE, ConnectionState.RECONNECT)
"""The states of the one connection that an entity has in a mode."""


@dataclass(frozen=True)
class Tie:
    """Who connects which company: `app_id` is the organisation's own Intuit app, None the shared one."""

    billing_entity_id: int
    environment: Environment
    realm_id: str
    app_id: int | None = None
    user_id: int | None = None
    began_at: datetime | None = None
    """When the exchange for its tokens began, in UTC; None: just now."""


def begin(session: Session, tie: Tie, grant: Grant, tokens: Tokens) -> Connection:
    """Store a fresh authorisation. A company known here goes on where it was; a new one waits to be accepted.

    One that was overtaken by a newer one while it was under way is let go: its tokens are the older ones.
    Raises RealmTakenError when the company is connected elsewhere in the portal.
    """
    require_free(session, tie)
    began_at = tie.began_at or clock.now()
    known = _known(session, tie)
    if known is not None and known.is_usable and began_at < known.connected_at <= clock.latest():
        return known
    row = known or _new(session, tie)
    if row.state not in TIED:
        _drop_other_pending(session, row)
        row.state = ConnectionState.PENDING
    else:
        row.state = ConnectionState.ACTIVE
    row.intuit_app_id, row.connected_by, row.connected_at = tie.app_id, tie.user_id, began_at
    row.last_error = None
    session.flush()
    tokens.store(session, row, grant)
    return row


def require_free(session: Session, tie: Tie) -> None:
    """Raises RealmTakenError when the company is connected elsewhere in the portal.

    To be asked before a code is exchanged too: that may end the tokens which the other one lives on (reference 1.2).
    """
    holders = _holders(session, tie.realm_id, Connection.mode == tie.environment.mode)
    if holders - {(current_organisation(), tie.billing_entity_id)}:
        raise RealmTakenError


def is_shared(session: Session, connection: Connection) -> bool:
    """Whether another tie lives on the same permission: Intuit knows one for an app and a company (reference 1.2).

    Revoking any token of it ends it for both (1.6).
    """
    same_app = Connection.intuit_app_id.is_not_distinct_from(connection.intuit_app_id)
    others = (Connection.mode == connection.mode, Connection.id != connection.id, same_app)
    return bool(_holders(session, connection.realm_id, *others))


def accept(session: Session, connection: Connection) -> None:
    """A person saw the company and wants it: it becomes the lane's connection, and the one before is disconnected.

    Raises RealmTakenError when it was connected elsewhere meanwhile.
    """
    environment = connection.environment
    require_free(session, Tie(connection.billing_entity_id, environment, connection.realm_id))
    for other in _others(session, connection, TIED):
        disconnect(other)
    session.flush()  # the place in the lane must be free before it is taken
    connection.state = ConnectionState.ACTIVE
    session.flush()


def disconnect(connection: Connection) -> None:
    """End it here; what Intuit knows is revoked before, outside the transaction. Mappings and data stay."""
    connection.state = ConnectionState.DISCONNECTED
    connection.access_token = connection.refresh_token = connection.previous_refresh_token = None
    connection.access_expires_at = connection.access_refresh_at = connection.refresh_expires_at = None
    connection.token_version += 1  # a refresh that is on its way must not bring the tokens back


def note_company(connection: Connection, seen: CompanySeen) -> None:
    """Remember what kind of company it is."""
    connection.company_name, connection.legal_name = seen.name, seen.legal_name
    connection.country, connection.home_currency = seen.country, seen.home_currency
    connection.multi_currency, connection.sales_tax = seen.multi_currency, seen.sales_tax
    connection.custom_txn_numbers, connection.book_close_date = seen.custom_txn_numbers, seen.book_close_date
    connection.auto_apply_credit, connection.subscription = seen.auto_apply_credit, seen.subscription
    connection.class_tracking, connection.tracks_locations = seen.class_tracking, seen.tracks_locations
    connection.company_seen_at = clock.now()


def _holders(session: Session, realm_id: str, *conditions: ColumnElement[bool]) -> set[tuple[int, int]]:
    """(organisation, billing entity) of those to which a company is tied, in the whole portal."""
    tied = select(Connection.organisation_id, Connection.billing_entity_id).where(
        Connection.realm_id == realm_id, Connection.state.in_(TIED), *conditions
    )
    with everywhere():
        return {(organisation_id, entity_id) for organisation_id, entity_id in session.execute(tied)}


def _known(session: Session, tie: Tie) -> Connection | None:
    same = select(Connection).where(
        Connection.billing_entity_id == tie.billing_entity_id,
        Connection.mode == tie.environment.mode,
        Connection.realm_id == tie.realm_id,
    )
    return session.scalar(same.order_by(Connection.id.desc()).limit(1))


def _new(session: Session, tie: Tie) -> Connection:
    row = Connection(
        billing_entity_id=tie.billing_entity_id,
        mode=tie.environment.mode,
        realm_id=tie.realm_id,
        state=ConnectionState.DISCONNECTED,
        connected_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def _drop_other_pending(session: Session, row: Connection) -> None:
    for other in _others(session, row, (ConnectionState.PENDING,)):
        disconnect(other)
    session.flush()


def _others(session: Session, row: Connection, states: tuple[ConnectionState, ...]) -> list[Connection]:
    same_lane = select(Connection).where(
        Connection.billing_entity_id == row.billing_entity_id, Connection.mode == row.mode, Connection.id != row.id
    )
    return list(session.scalars(same_lane.where(Connection.state.in_(states))))
