"""The part of the routes table that belongs to watching the sync."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.accounts.permissions import Action
from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Message, MessageState
from app.quickbooks.models import Connection, ConnectionState
from app.sync.comparing.drifts import Drift, DriftCause, ReconciliationRun
from app.sync.listening.deliveries import Delivery, Event
from app.sync.steering import causes
from tests.web import billing_rows as rows
from tests.web.billing_rows import Ids
from tests.world import World

Line = tuple[Action | None, Ids | Callable[[World], dict[str, str]] | None]


def a_connection() -> Connection:
    """A company that was connected once."""
    entity_id = rows.entity().id
    connection = Connection(
        billing_entity_id=entity_id,
        mode="live",
        realm_id="1234",
        state=ConnectionState.DISCONNECTED,
        connected_at=clock.now(),
    )
    db.session.add(connection)
    db.session.flush()
    return connection


def a_message(_world: World) -> dict[str, int]:
    """What QuickBooks must hear of an open invoice."""
    document = rows.opened()
    db.session.flush()
    about_it = select(Message.id).where(Message.kind == "invoice", Message.subject_id == document.id)
    return {"message_id": db.session.scalars(about_it).one()}


def a_cause(world: World) -> dict[str, str]:
    """An open invoice that waits for a mapping."""
    message = db.session.get_one(Message, a_message(world)["message_id"])
    message.state, message.blocker, message.reason = MessageState.PARKED, "tax_code:1", "Tax code “S” is not mapped."
    db.session.flush()
    return {"key": causes.causes()[0].key}


def a_delivery(_world: World) -> dict[str, int]:
    """A webhook call with an event of Northgate IT's company."""
    now = clock.now()
    call = Delivery(mode="live", arrived_at=now, size=2, digest="d" * 64, source="s", body=b"[]", more=0)
    db.session.add(call)
    db.session.flush()
    db.session.add(
        Event(
            connection_id=a_connection().id,
            delivery_id=call.id,
            remote_event_id="e",
            entity="Invoice",
            remote_id="1",
            verb="created",
            at=now,
            due_at=now,
        )
    )
    db.session.flush()
    return {"delivery_id": call.id}


def a_run(_world: World) -> dict[str, int]:
    """A comparison that waits."""
    run = ReconciliationRun(connection_id=a_connection().id, asked_by="Adam", asked_at=clock.now())
    db.session.add(run)
    db.session.flush()
    return {"run_id": run.id}


def a_drift(_world: World) -> dict[str, int]:
    """A difference."""
    drift = Drift(
        connection_id=a_connection().id,
        cause=DriftCause.AMOUNT,
        entity="Invoice",
        label="INV-1",
        ours="£1.00",
        theirs="£2.00",
        explanation="x",
        found_at=clock.now(),
    )
    db.session.add(drift)
    db.session.flush()
    return {"drift_id": drift.id}


SYNC: dict[str, Line] = {
    "sync_state.index": (Action.SEE_SYNC, None),
    "sync_state.panel": (Action.SEE_SYNC, None),
    "sync_state.pause": (Action.PAUSE_SYNC, None),
    "sync_state.resume": (Action.PAUSE_SYNC, None),
    "sync_state.send_one": (Action.PAUSE_SYNC, None),
    "sync_state.drain": (Action.PAUSE_SYNC, None),
    "sync_log.index": (Action.SEE_SYNC, None),
    "sync_log.show": (Action.SEE_SYNC, a_message),
    "sync_log.export": (Action.SEE_SYNC, None),
    "sync_log.bundle": (Action.SEE_SYNC, None),
    "sync_log.bundle_of": (Action.SEE_SYNC, a_message),
    "sync_log.kept": (Action.SEE_SYNC, None),
    "sync_log.options": (Action.MAP, a_cause),
    "sync_log.mend": (Action.MAP, a_cause),
    "sync_log.retry": (Action.RETRY, None),
    "sync_log.retry_one": (Action.RETRY, a_message),
    "sync_log.cancel": (Action.RETRY, a_message),
    "webhook_log.index": (Action.SEE_SYNC, None),
    "webhook_log.again": (Action.RETRY, a_delivery),
    "reconciliation.index": (Action.SEE_SYNC, None),
    "reconciliation.runs": (Action.SEE_SYNC, None),
    "reconciliation.history": (Action.SEE_SYNC, None),
    "reconciliation.show": (Action.SEE_SYNC, a_run),
    "reconciliation.totals": (Action.SEE_SYNC, a_run),
    "reconciliation.open_on_both": (Action.SEE_SYNC, a_run),
    "reconciliation.progress": (Action.SEE_SYNC, a_run),
    "reconciliation.start": (Action.RECONCILE, None),
    "reconciliation.variances": (Action.SEE_SYNC, None),
    "reconciliation.export": (Action.SEE_SYNC, None),
    "reconciliation.ignore": (Action.RESOLVE_DRIFT, a_drift),
    "reconciliation.reopen": (Action.RESOLVE_DRIFT, a_drift),
    "differences.act": (Action.RESOLVE_DRIFT, None),
    "differences.ignore": (Action.RESOLVE_DRIFT, None),
}
"""What one must be allowed to do (None: open to all), and the ids of the address."""
