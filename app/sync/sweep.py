"""What the worker's sweep finds to do, over all organisations. It loses nothing, for it reads rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.exc import IntegrityError

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.tenancy import acting_for, everywhere
from app.outbox import lanes
from app.outbox.models import Lane
from app.quickbooks.guard import rest_of
from app.quickbooks.lease import is_held
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.realm import Governor
from app.sync.connecting import lane_of
from app.sync.drain import SHORT_REST
from app.sync.drifts import ReconciliationRun, RunState
from app.sync.envelopes import Envelope, EnvelopeState
from app.sync.policies import Policy

NIGHT_HOUR = 2
"""The local hour from which the nightly comparison is due; one missed while we were down is caught up at start."""


def lanes_with_work(has_ended: Callable[[str], bool] = lambda _holder: False) -> set[tuple[int, Lane]]:
    """(organisation id, lane) of every lane in which something is due now and may go.

    A lane that somebody tells right now is left to them, unless they are known to have ended.
    """
    with everywhere():
        held = _held_lanes(has_ended)
        envelopes, messages = _lanes_with_due_envelopes(), set(lanes.due_lanes())
    free = {found for found in messages - envelopes if found[1] not in held and _has_something_to_tell(*found)}
    end_reading()
    return free | {found for found in envelopes if found[1] not in held}


def _has_something_to_tell(organisation_id: int, lane: Lane) -> bool:
    """Not where all that is due waits for the answer about its own subject, for hours perhaps."""
    with acting_for(organisation_id):
        return bool(lanes.due(lane, 1))


def _held_lanes(has_ended: Callable[[str], bool]) -> set[Lane]:
    """Lanes that wait for a person (paused, or to be reconnected), and those whose company is not free."""
    rows = db.session.execute(
        select(Connection, Policy.paused_at, Governor)
        .join(Policy, Policy.connection_id == Connection.id)
        .outerjoin(Governor, and_(Governor.realm_id == Connection.realm_id, Governor.mode == Connection.mode))
        .where(Connection.state.in_((ConnectionState.ACTIVE, ConnectionState.RECONNECT)))
    )
    return {
        lane_of(connection)
        for connection, paused_at, guard in rows
        if paused_at is not None
        or connection.state is ConnectionState.RECONNECT
        or not (guard is None or _is_free(guard, has_ended))
    }


def _is_free(guard: Governor, has_ended: Callable[[str], bool]) -> bool:
    """Not while somebody tells the lane already, nor while QuickBooks wants no call for longer than a drain waits."""
    now = clock.now()
    if is_held(guard, now) and not has_ended(guard.owner or ""):
        return False
    return rest_of(guard, now) <= SHORT_REST


def _lanes_with_due_envelopes() -> set[tuple[int, Lane]]:
    rows = db.session.scalars(
        select(Connection)
        .join(Envelope, Envelope.connection_id == Connection.id)
        .where(
            Envelope.state == EnvelopeState.STORED,
            Envelope.due_at <= clock.now(),
            Connection.state == ConnectionState.ACTIVE,
        )
        .distinct()
    )
    return {(connection.organisation_id, lane_of(connection)) for connection in rows}


def claim_nights() -> int:
    """Ask for tonight's comparison of every connection whose local night has come; returns how many were claimed.

    One question for all of them, for it is asked each second. The row is unique for connection and night, so of several
    workers one claims it.
    """
    last = select(func.max(ReconciliationRun.night)).where(ReconciliationRun.connection_id == Connection.id)
    with everywhere():
        rows = db.session.execute(
            select(Connection, BillingEntity.time_zone, last.scalar_subquery())
            .join(BillingEntity, BillingEntity.id == Connection.billing_entity_id)
            .where(Connection.state == ConnectionState.ACTIVE)
        )
        due = {
            (connection.organisation_id, connection.id): night
            for connection, zone, before in rows
            if (night := _night_due(connection, ZoneInfo(zone))) is not None and (before is None or before < night)
        }
    end_reading()
    return sum(_claim_night(*whose, night) for whose, night in due.items())


def _night_due(connection: Connection, zone: ZoneInfo) -> date | None:
    """The local day whose night has come; a company accepted today has its first one tomorrow."""
    local = clock.now().astimezone(zone)
    is_new = connection.connected_at.astimezone(zone).date() == local.date()
    return None if local.hour < NIGHT_HOUR or is_new else local.date()


def _claim_night(organisation_id: int, connection_id: int, night: date) -> bool:
    with acting_for(organisation_id):
        try:
            with transaction() as session:
                run = ReconciliationRun(connection_id=connection_id, night=night, asked_by="night")
                run.asked_at = clock.now()
                session.add(run)
        except IntegrityError:
            return False
        return True


def waiting_runs() -> list[tuple[int, int]]:
    """(organisation id, run id) of comparisons that wait, or whose worker died while running."""
    with everywhere():
        rows = db.session.execute(
            select(ReconciliationRun.organisation_id, ReconciliationRun.id)
            .where(ReconciliationRun.state.in_((RunState.WAITING, RunState.RUNNING)))
            .order_by(ReconciliationRun.id)
        ).all()
    end_reading()
    return [(organisation, run_id) for organisation, run_id in rows]
