"""What the worker's sweep finds to do, over all organisations. It loses nothing, for it reads rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for, everywhere
from app.outbox import lanes
from app.outbox.models import Lane
from app.quickbooks.guard import rest_of
from app.quickbooks.lease import is_held
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.realm import Governor
from app.sync.company.connecting import lane_of
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.records import envelopes
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.policies import Policy
from app.sync.telling.drain import SHORT_REST

NIGHT_HOUR = 2
"""The local hour from which the nightly comparison is due; one missed while we were down is caught up at start."""


def lanes_with_work(has_ended: Callable[[str], bool] = lambda _holder: False) -> set[tuple[int, Lane]]:
    """(organisation id, lane) of every lane in which something is due now and may go.

    A lane that somebody tells right now is left to them, unless they are known to have ended.
    """
    with everywhere():
        held = _held_lanes(has_ended)
        unanswered, messages = _lanes_with_due_envelopes(), set(lanes.due_lanes())
    free = {found for found in messages - unanswered if found[1] not in held and _has_something_to_tell(*found)}
    end_reading()
    return free | {found for found in unanswered if found[1] not in held}


def _judged(lane: Lane, judge: Callable[[], bool], *, otherwise: bool) -> bool:
    """The judgement on one lane: one that can't be judged must not keep the others waiting, whoever's they are."""
    try:
        return judge()
    except OperationalError:
        raise  # the database is busy or away: that is no fault of the lane's
    except Exception:  # noqa: BLE001 - whatever it is, it is looked at again in a second
        logger().error("a lane could not be judged", entity=lane.billing_entity_id, mode=lane.mode, exc_info=True)
        end_reading()
        return otherwise


def _has_something_to_tell(organisation_id: int, lane: Lane) -> bool:
    """Not where all that is due waits for the answer about its own subject, for hours perhaps."""
    with acting_for(organisation_id):
        return _judged(lane, lambda: bool(lanes.due(lane, 1)), otherwise=False)


def _held_lanes(has_ended: Callable[[str], bool]) -> set[Lane]:
    """Lanes that wait for a person (paused, or to be reconnected), and those whose company is not free."""
    rows = db.session.execute(
        select(Connection, Policy.paused_at, Governor)
        .join(Policy, Policy.connection_id == Connection.id)
        .outerjoin(Governor, and_(Governor.realm_id == Connection.realm_id, Governor.mode == Connection.mode))
        .where(Connection.state.in_((ConnectionState.ACTIVE, ConnectionState.RECONNECT)))
    )
    found = {(lane_of(connection), _waits(connection, paused_at), guard) for connection, paused_at, guard in rows}
    return {
        lane
        for lane, waits, guard in found
        if waits or _judged(lane, partial(_is_taken, guard, has_ended), otherwise=True)
    }


def _waits(connection: Connection, paused_at: datetime | None) -> bool:
    return paused_at is not None or connection.state is ConnectionState.RECONNECT


def _is_taken(guard: Governor | None, has_ended: Callable[[str], bool]) -> bool:
    return guard is not None and not _is_free(guard, has_ended)


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
            envelopes.IS_DUE,
            Connection.state == ConnectionState.ACTIVE,
        )
        .distinct(),
        envelopes.at_present(),
    )
    return {(connection.organisation_id, lane_of(connection)) for connection in rows}


def claim_nights() -> int:
    """Ask for tonight's comparison of every connection whose local night has come; returns how many were claimed.

    One question for all of them, for it is asked each second. The row is unique for connection and night, so of several
    workers one claims it.
    """
    # A night that has come nowhere on earth was claimed by a clock that was ahead.
    has_come = ReconciliationRun.night <= clock.latest().date() + timedelta(days=1)
    last = select(func.max(ReconciliationRun.night)).where(ReconciliationRun.connection_id == Connection.id, has_come)
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
