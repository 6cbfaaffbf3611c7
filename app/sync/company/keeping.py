"""Looking after connections when nobody uses them: an hourly round that renews what is quiet and tells what is near.

Each mail is told once, for its occasion says so in its row; so the round may run in any number of workers, and makes up
for a mail that a crash kept from being written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks import counters
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.lifetimes import Ending, ending, is_quiet
from app.quickbooks.meter import Meter
from app.quickbooks.models import Connection, ConnectionState, Environment
from app.quickbooks.ties import TIED
from app.sync.company import news, notices
from app.sync.engine import Engine


def connections() -> list[tuple[int, int]]:
    """(organisation id, connection id) of every company that is connected, or waits to be reconnected."""
    with everywhere():
        rows = db.session.execute(select(Connection.organisation_id, Connection.id).where(Connection.state.in_(TIED)))
        found = [(organisation_id, connection_id) for organisation_id, connection_id in rows]
    end_reading()
    return sorted(found)


def look_after(engine: Engine, organisation_id: int, connection_id: int) -> None:
    """Renew the tokens of a connection that nobody has used for a week; see whether a read-only company is open again.

    Its owners are told of an end that is near.
    """
    with acting_for(organisation_id):
        connection = db.session.get_one(Connection, connection_id)
        quiet = connection.state is ConnectionState.ACTIVE and is_quiet(connection.access_expires_at, clock.now())
        end_reading()
        if quiet:
            _renew(engine, connection_id)
        news.look_while_read_only(engine, connection_id)
        _unless_told(lambda session: _tell(session.get_one(Connection, connection_id)))


def _renew(engine: Engine, connection_id: int) -> None:
    """A quiet connection's token is over, so asking for one renews both."""
    try:
        engine.quickbooks.tokens.access_token(connection_id)
    except QuickBooksError as trouble:
        logger().warning("a quiet connection could not be renewed", connection=connection_id, problem=trouble.message)


def _unless_told(tell: Callable[[Session], None]) -> None:
    """In a transaction of its own; where another worker tells the same at this moment, one of the two does it."""
    try:
        with transaction() as session:
            tell(session)
    except IntegrityError:
        return


def _tell(connection: Connection) -> None:
    if connection.state is ConnectionState.RECONNECT:
        notices.tell_connection_lost(connection)
    elif (near := ending_of(connection)) is not None:
        notices.tell_ending(connection, near)


def ending_of(connection: Connection) -> Ending | None:
    """The end of a connection's permission, if it is near; None where a person must reconnect at once anyway."""
    if connection.state is not ConnectionState.ACTIVE:
        return None
    return ending(connection.refresh_expires_at, connection.hard_expires_at, clock.now())


def look_at_meters(engine: Engine) -> None:
    """Tell everybody whose reads would stop with it that an Intuit app has used up most of its month."""
    budget = engine.settings.monthly_reads
    for client_id, reads in counters.readers(clock.now()).items():
        meter = Meter(reads, budget)
        for organisation_id in _users_of(engine, client_id) if meter.warning else ():
            _tell_reads(organisation_id, client_id, meter)


def _tell_reads(organisation_id: int, client_id: str, meter: Meter) -> None:
    with acting_for(organisation_id):
        _unless_told(lambda _session: notices.tell_reads(client_id, meter))


def _users_of(engine: Engine, client_id: str) -> Iterable[int]:
    """The organisations with a company in production that this app speaks for: its own, or all that share it."""
    with everywhere():
        wanted = select(Connection).where(
            Connection.mode == Environment.PRODUCTION.mode, Connection.state == ConnectionState.ACTIVE
        )
        users = defaultdict(set)
        for connection in db.session.scalars(wanted):
            users[engine.quickbooks.apps.app_for(connection).client_id].add(connection.organisation_id)
    end_reading()
    return sorted(users[client_id])
