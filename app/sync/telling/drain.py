"""Draining a lane: take the company's lease, then turn after turn until nothing is due, and give the lease back."""

from __future__ import annotations

from collections.abc import Callable

from app.foundation import chance, clock
from app.foundation.database import end_reading, transaction
from app.foundation.tenancy import acting_for
from app.outbox import lanes, settling
from app.outbox.models import Lane
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import FencedError, ReconnectNeeded, Throttled
from app.quickbooks.lease import Lease, holder_of, release, take_lease
from app.quickbooks.models import ConnectionState
from app.quickbooks.realm import Realm
from app.sync.answered.passengers import flight
from app.sync.engine import Engine, Turn
from app.sync.records.envelopes import next_unanswered
from app.sync.records.policies import policy_seen
from app.sync.records.tied import connection_of
from app.sync.telling.delivering import deliver
from app.sync.telling.filling import fill

SHORT_REST = 10.0
"""Seconds for which a drain waits at the door; for a longer rest it comes again."""
_REST_OF_BATCHES = 1.0
"""Seconds that are better waited for than spent on single writes."""

NOT_CONNECTED = "It was opened while QuickBooks was not connected."


def drain(engine: Engine, organisation_id: int, lane: Lane, *, may_go_on: Callable[[], bool] = lambda: True) -> bool:
    """Tell QuickBooks what is due in this lane; returns whether more is due already.

    `may_go_on` is asked between two envelopes: no, where another lane wants the thread or the worker is to end. Does
    nothing where another process holds the company, where it is paused, or where it waits to be reconnected.
    """
    with acting_for(organisation_id):
        connection = connection_of(lane)
        if connection is None:
            _skip_unconnected(lane)
            return False
        if connection.state is not ConnectionState.ACTIVE or policy_seen(connection.id).paused_at is not None:
            end_reading()
            return False
        connection_id, realm = connection.id, connection.realm
        end_reading()
        lease = _take(engine, realm)
        if lease is None:
            return False
        try:
            return _turns(Turn(engine, organisation_id, lane, connection_id=connection_id, lease=lease), may_go_on)
        except FencedError:
            return False
        finally:
            release(lease)


def _take(engine: Engine, realm: Realm) -> Lease | None:
    """The company's lease; that of a holder known to be dead at once, unless its last call may still be on the way."""
    settings = engine.settings
    hold_seconds = settings.single_call_seconds + settings.lease_margin_seconds
    owner = f"{engine.owner}:{chance.token_hex(4)}"
    free = take_lease(realm, owner, clock.now(), hold_seconds)
    if free is not None:
        return free
    holder = holder_of(realm)
    end_reading()
    if holder is None or not engine.has_ended(holder):
        return None
    return take_lease(realm, owner, clock.now(), hold_seconds, dead=[holder])


def _turns(turn: Turn, may_go_on: Callable[[], bool]) -> bool:
    while True:
        try:
            more = _one_turn(turn)
        except (Throttled, ReconnectNeeded):
            return False
        if not more:
            return False
        if not may_go_on():
            return True


def _one_turn(turn: Turn) -> bool:
    """Deliver the envelope that is due, or fill a new one; returns whether there may be more to do.

    While the company rests (paused by a person, or as Intuit asked, or by the breaker) nothing is put into an envelope:
    there it could neither merge with a newer edit nor be overtaken by a person.
    """
    policy = policy_seen(turn.connection_id)
    rest, batches_rest = turn.engine.quickbooks.governor.rests(turn.lease.realm, CallForm.WRITE, CallForm.BATCH)
    if policy.paused_at is not None or rest > SHORT_REST:
        end_reading()
        return False
    waiting = next_unanswered(turn.connection_id)
    if waiting is not None:
        return deliver(turn, flight(turn.connection_id, waiting))
    busy, loaded = fill(turn, policy, alone=batches_rest > _REST_OF_BATCHES)
    return busy if loaded is None else deliver(turn, loaded.flight, loaded.departure)


def _skip_unconnected(lane: Lane) -> None:
    """What is posted without a connection is never sent by itself later; the page for old documents asks about it."""
    with transaction():
        due = lanes.due(lane, 500)
        # Asked after the messages were read: what was posted behind an acceptance finds the connection.
        if connection_of(lane) is None:
            for message in due:
                settling.skip(message.id, NOT_CONNECTED)
