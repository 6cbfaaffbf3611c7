"""Connecting a company with all that hangs on it: its policies, its lists, the messages and links of its lane."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import ConflictError
from app.foundation.sealing import Secret
from app.outbox import lanes, settling
from app.outbox.models import Lane, Message, MessageState, Mode
from app.outbox.tray import ring
from app.quickbooks import catalogue, ties
from app.quickbooks.apps import AppKeys
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import Connection, ConnectionState, Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.ties import TIED, Tie
from app.sync.company import chronicle, former_links
from app.sync.judging.kinds import KINDS
from app.sync.judging.readiness import COMPANY_CURRENCY
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.holding import hold
from app.sync.records.links import Link
from app.sync.records.policies import Policy
from app.sync.records.tied import connection_of

Permission = tuple[AppKeys, Secret]
"""The Intuit app, and the refresh token that it holds for a company."""
COUNTED = 10_000
"""Links of a kind beyond which "more than" says enough."""
_PENDING_MESSAGES = (MessageState.WAITING, MessageState.PARKED, MessageState.SENDING)


@dataclass(frozen=True)
class Returned:
    """What Intuit's redirect carried: the code, the company, and the address it came back to."""

    code: str
    realm_id: str
    redirect_uri: str


@dataclass(frozen=True)
class Clearing:
    """What a disconnect will clear, in numbers: links by kind, and messages that will be cancelled."""

    links: dict[str, int]
    """Of each kind that has any, counted no further than one more than `COUNTED`."""
    waiting: int


def environment_of(entity: BillingEntity) -> Environment:
    """The world that a billing entity's present mode talks to."""
    return Environment.of_mode(entity.mode.value)


def lane_of(connection: Connection) -> Lane:
    """The lane whose messages this connection is told."""
    return Lane(connection.billing_entity_id, Mode(connection.mode))


def connected(entity: BillingEntity) -> Connection | None:
    """The connection of an entity's present mode: active, or waiting to be reconnected."""
    return connection_of(entity.lane)


def pending(entity: BillingEntity) -> Connection | None:
    """The company that has answered and waits for a person's yes."""
    return db.session.scalar(
        select(Connection).where(
            Connection.billing_entity_id == entity.id,
            Connection.mode == entity.mode.value,
            Connection.state == ConnectionState.PENDING,
        )
    )


def receive(quickbooks: QuickBooks, entity: BillingEntity, user_id: int, returned: Returned) -> int:
    """A person came back from Intuit with a code: exchange it and read the company; returns the connection's id.

    The same company as before is reconnected at once and keeps everything; a new one waits for a yes. Raises
    RealmTakenError when the company is connected elsewhere, and the QuickBooksError that ended the exchange.
    """
    environment, entity_id = environment_of(entity), entity.id
    keys = quickbooks.apps.app_for(environment)
    tie = Tie(entity_id, environment, returned.realm_id, app_id=keys.app_id, user_id=user_id, began_at=clock.now())
    ties.require_free(db.session(), tie)
    end_reading()
    grant = quickbooks.oauth.exchange(keys, returned.code, returned.redirect_uri)
    return _begin(quickbooks, tie, grant)


def _begin(quickbooks: QuickBooks, tie: Tie, grant: Grant) -> int:
    with transaction() as session:
        connection = ties.begin(session, tie, grant, quickbooks.tokens)
        connection_id, goes_on = connection.id, connection.state is ConnectionState.ACTIVE
        if goes_on:
            chronicle.connected_again(connection)
    look(quickbooks, connection_id)
    if goes_on:
        ring(_lane(connection_id))
    return connection_id


def _lane(connection_id: int) -> Lane:
    lane = lane_of(db.session.get_one(Connection, connection_id))
    end_reading()
    return lane


def look(quickbooks: QuickBooks, connection_id: int) -> None:
    """Read who the company is and how it keeps its books: two reads."""
    seen = quickbooks.company(connection_id)
    with transaction() as session:
        connection = session.get_one(Connection, connection_id, with_for_update=True)
        ties.note_company(connection, seen)
        lanes.release(lane_of(connection), COMPANY_CURRENCY)


def accept(quickbooks: QuickBooks, connection_id: int) -> None:
    """A person says yes to the company: what is opened from now on goes by itself, and its lists are read.

    Raises ConflictError when it was accepted or cancelled already or was never seen (the redirect alone names it, and
    anybody can alter an address), and the QuickBooksError that ended the reading: the company is connected all the
    same, and its lists can be read again. The permission to use the company before is given back.
    """
    with transaction() as session:
        connection = session.get_one(Connection, connection_id, with_for_update=True)
        if connection.state is not ConnectionState.PENDING:
            raise ConflictError("This company was accepted or cancelled already.")
        if connection.company_seen_at is None or connection.company_seen_at < connection.connected_at:
            raise ConflictError("QuickBooks has not said yet which company this is. Cancel, then choose Connect again.")
        for other_id in _others_tied(connection):
            hold(other_id)
        former = [session.get_one(Connection, other_id) for other_id in _others_tied(connection)]
        permissions = [_permission(quickbooks, other) for other in former]
        _leave([other.id for other in former], lane_of(connection))
        ties.accept(session, connection)
        policy = session.get(Policy, connection_id) or Policy(connection_id=connection_id)
        policy.push_since, policy.asked_about_old = clock.now(), False
        session.add(policy)
        lanes.release(lane_of(connection), COMPANY_CURRENCY)
        chronicle.connected(connection, former)
    for permission in permissions:
        _give_back(quickbooks, permission)
    catalogue.refresh(quickbooks, connection_id)


def _others_tied(connection: Connection) -> list[int]:
    """The ids of the lane's present connections, which make way for this one."""
    same_lane = (
        Connection.billing_entity_id == connection.billing_entity_id,
        Connection.mode == connection.mode,
        Connection.id != connection.id,
    )
    return list(db.session.scalars(select(Connection.id).where(*same_lane, Connection.state.in_(TIED))))


def _leave(connection_ids: list[int], lane: Lane) -> None:
    """Whatever a person asked to be sent was meant for the company before: for this one they are asked anew.

    What was held, was held for the sake of that company too.
    """
    if not connection_ids:
        return
    _give_back_what_flew(connection_ids)
    pending = update(Message).where(*lanes.within(lane), Message.state.in_(_PENDING_MESSAGES))
    db.session.execute(pending.values(asked=False))
    anew = {"state": MessageState.WAITING, "due_at": clock.now(), "blocker": None, "reason": None}
    db.session.execute(pending.where(Message.state.in_(lanes.HELD)).values(anew))


def _give_back_what_flew(connection_ids: list[int]) -> None:
    """Nobody asks those companies any more what became of a call; its documents are decided anew for the next one.

    Should one of them be connected again, they are looked for there before they are made.
    """
    _be_unsure_of(connection_ids)
    flown = select(Envelope).where(Envelope.connection_id.in_(connection_ids), Envelope.state == EnvelopeState.STORED)
    for envelope in list(db.session.scalars(flown.with_for_update())):
        envelope.state, envelope.answered_at = EnvelopeState.ANSWERED, clock.now()
        for member in envelope.members:
            settling.give_back(member.message_id, clock.now(), "Another company was connected.", charge=False)


def cancel(quickbooks: QuickBooks, connection_id: int) -> None:
    """A person says no to the company that answered: the permission is given back, nothing is kept.

    Unless another billing entity was tied to the company meanwhile, and lives on the same permission.
    """
    is_shared = ties.is_shared(db.session(), db.session.get_one(Connection, connection_id))
    end_reading()
    if not is_shared:
        _revoke(quickbooks, connection_id)
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        if connection.state is ConnectionState.PENDING:
            ties.disconnect(connection)


def clearing(connection: Connection) -> Clearing:
    """What a disconnect would clear."""
    links = {kind: _links(connection, kind) for kind in KINDS if kind != former_links.KEPT}
    some = {kind: number for kind, number in links.items() if number}
    return Clearing(some, sum(lanes.counts(lane_of(connection)).values()))


def _links(connection: Connection, kind: str) -> int:
    """Counted no further than anybody reads: years of them are felt."""
    of_kind = select(Link.id).where(Link.connection_id == connection.id, Link.kind == kind).limit(COUNTED + 1)
    return int(db.session.scalar(select(func.count()).select_from(of_kind.subquery())) or 0)


def disconnect(quickbooks: QuickBooks, connection_id: int, *, by: str) -> None:
    """Revoke, clear links, cancel what waits; mappings and all our data stay. Nothing changes in QuickBooks.

    Payments stay known by their ids there: connected to the same company again, we hear what became of them.

    Where Intuit can't be reached to revoke, the tokens are forgotten here all the same: the person wants it gone.
    Where it made way for another company meanwhile, what waits is that one's and is left alone.
    """
    _revoke(quickbooks, connection_id)
    with transaction() as session:
        if hold(connection_id) is ConnectionState.DISCONNECTED:
            return
        connection = session.get_one(Connection, connection_id)
        ties.disconnect(connection)
        connection.last_error = f"Disconnected by {by}."
        chronicle.disconnected(connection, by)
        _cancel_waiting(lane_of(connection))
        session.execute(
            update(Envelope)
            .where(Envelope.connection_id == connection_id, Envelope.state == EnvelopeState.STORED)
            .values(state=EnvelopeState.ANSWERED, answered_at=clock.now())
        )
        former_links.clear(connection_id)
        _be_unsure_of([connection_id])


def _be_unsure_of(connection_ids: list[int]) -> None:
    left = update(Policy).where(Policy.connection_id.in_(connection_ids))
    db.session.execute(left.values(unsure_since=clock.now()))


def _cancel_waiting(lane: Lane) -> None:
    waiting = select(Message.id).where(*lanes.within(lane), Message.state.in_(_PENDING_MESSAGES))
    for message_id in list(db.session.scalars(waiting)):
        settling.give_up(message_id, "QuickBooks was disconnected.")


def _revoke(quickbooks: QuickBooks, connection_id: int) -> None:
    permission = _permission(quickbooks, db.session.get_one(Connection, connection_id))
    end_reading()
    _give_back(quickbooks, permission)


def _permission(quickbooks: QuickBooks, connection: Connection) -> Permission:
    return quickbooks.apps.app_for(connection), quickbooks.tokens.refresh_token(connection)


def _give_back(quickbooks: QuickBooks, permission: Permission) -> None:
    """As well as it goes: where Intuit can't be reached the permission lapses there by itself, unused."""
    keys, token = permission
    if not token.value:
        return
    try:
        quickbooks.oauth.revoke(keys, token)
    except QuickBooksError:
        return


def tie_without_browser(quickbooks: QuickBooks, entity: BillingEntity, realm_id: str, grant: Grant) -> int:
    """Connect and accept with tokens granted elsewhere, for commands; returns the connection's id."""
    environment, entity_id = environment_of(entity), entity.id
    app_id = quickbooks.apps.app_for(environment).app_id
    connection_id = _begin(quickbooks, Tie(entity_id, environment, realm_id, app_id=app_id), grant)
    pending_still = db.session.get_one(Connection, connection_id).state is ConnectionState.PENDING
    end_reading()
    if pending_still:
        accept(quickbooks, connection_id)
    return connection_id


def granted(access_token: str, refresh_token: str) -> Grant:
    """Tokens from a command line as a grant; the lives are Intuit's usual ones, in seconds."""
    return Grant(Secret(access_token), 3600, refresh_token=Secret(refresh_token), refresh_seconds=8_640_000)
