"""Scenes of what comes back: webhooks, payments, and the comparison of both sides."""

from __future__ import annotations

from datetime import timedelta

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.sync.company import connecting
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.listening import catchup, gaps, heartbeats, inbox
from app.sync.listening.cursors import Cursor
from app.sync.telling import sweep
from tests.crashes.life import Life
from tests.crashes.scene import Props, Scene, at_night
from tests.crashes.stage import Stage
from tests.sync import weather


def webhooks_waiting(stage: Stage) -> Props:
    """The webhook calls that wait, as they would arrive."""
    return {"calls": [(call.raw, call.headers["intuit-signature"]) for call in stage.books.simulation.webhooks()]}


def _paid(stage: Stage) -> Props:
    """One payment settles one invoice and half of another."""
    first, second = stage.books.invoice(), stage.books.invoice()
    stage.books.simulation.webhooks()
    stage.books.pay(first, "180.00", (second, "60.00"), part="120.00")
    return webhooks_waiting(stage)


def _taken_back(stage: Stage) -> Props:
    """A payment that we know is voided."""
    invoice = stage.books.invoice()
    payment = stage.books.pay(invoice, "120.00")
    stage.books.listen()
    stage.books.simulation.handle("Payment", payment, "void")
    return webhooks_waiting(stage)


def _touched(stage: Stage) -> Props:
    """A bookkeeper raises one invoice, deletes another, and renames the customer."""
    first, second = stage.books.invoice(), stage.books.invoice()
    stage.books.simulation.webhooks()
    simulation, customer = stage.books.simulation, stage.books.customer(first)
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": "110.00", "SalesItemLineDetail": detail}
    simulation.handle("Invoice", stage.books.remote_id(first), "edit", Line=[line])
    simulation.handle("Invoice", stage.books.remote_id(second), "delete")
    simulation.handle("Customer", customer, "edit", DisplayName="Acme Holdings")
    return webhooks_waiting(stage)


def listen(life: Life) -> None:
    """What Intuit got no 200 for it sends again; then the worker works."""
    verifiers = inbox.shared_verifiers(life.engine.quickbooks.apps)
    for raw, signature in life.props["calls"]:
        inbox.keep(raw, signature, "test", verifiers)
    life.work()


def _unheard(stage: Stage) -> None:
    """A payment, a changed and a voided invoice of which no webhook told."""
    documents = [stage.books.invoice() for _number in range(3)]
    stage.books.credit_note()
    stage.books.pay(documents[0], "120.00")
    remote = [stage.books.remote_id(document) for document in documents]
    stage.books.simulation.handle("Invoice", remote[1], "edit", DocNumber="CHANGED-1")
    stage.books.simulation.handle("Invoice", remote[2], "void")
    stage.books.simulation.webhooks()


def _asked(stage: Stage) -> None:
    _unheard(stage)
    with transaction() as session:
        session.add(ReconciliationRun(connection_id=stage.books.connection_id, asked_by="Olivia", asked_at=clock.now()))


def _links_lost(stage: Stage) -> None:
    """After a disconnect and a new connection nothing is linked; the comparison finds what is ours."""
    invoice = stage.books.invoice()
    stage.books.pay(invoice, "120.00")
    stage.books.listen()
    connecting.disconnect(stage.books.engine.quickbooks, stage.books.connection_id, by="Olivia")
    stage.books.reconnect()
    with transaction() as session:
        session.add(ReconciliationRun(connection_id=stage.books.connection_id, asked_by="Olivia", asked_at=clock.now()))


def _throttled_run(stage: Stage) -> None:
    _asked(stage)
    weather.order(stage.books, "throttle", kind="query", skip=1)


def _unheard_today(stage: Stage) -> None:
    """By the night the access token is over; the refresh token stays the same, for its loss is another scene."""
    stage.books.simulation.control("switches", {"refresh_rotation_seconds": 864_000})
    _unheard(stage)


def _unwatched(stage: Stage) -> Props:
    """No worker lived while it happened."""
    gaps.due(stage.books.engine.settings)
    _unheard(stage)
    return {"connection_id": stage.books.connection_id}


def _long_unwatched(stage: Stage) -> Props:
    """For longer than QuickBooks remembers its changes."""
    props = _unwatched(stage)
    with transaction() as session:
        session.get_one(Cursor, stage.books.connection_id).since -= timedelta(days=40)
    return props


def _begin_again(life: Life) -> None:
    """A worker begins after the outage; that it died itself is another one, of which this scene does not tell."""
    if _cursor(life) == (None, None, None):
        heartbeats.beat(life.engine.owner)
    catchup.work(life.engine)
    life.work()
    while any(_cursor(life)[1:]):
        clock.sleep(20.0)
        catchup.work(life.engine)
        life.work()


def _cursor(life: Life) -> tuple[object, ...]:
    """Why it was caught up with last, why it is to be, and the comparison that looks instead."""
    row = db.session.get_one(Cursor, life.props["connection_id"], populate_existing=True)
    end_reading()
    return row.last_gap, row.gap, row.run_id


def _night(life: Life) -> None:
    """The tick of the night."""
    sweep.claim_nights()
    life.work()


LISTENING = {
    "a payment told by a webhook": Scene(_paid, listen),
    "a payment taken back": Scene(_taken_back, listen),
    "records touched by a bookkeeper": Scene(_touched, listen),
    "a comparison asked for": Scene(_asked),
    "a comparison that has to wait": Scene(_throttled_run),
    "a comparison that finds lost links": Scene(_links_lost),
    "catching up after an outage": Scene(_unwatched, _begin_again),
    "catching up with what is too old to be asked for": Scene(_long_unwatched, _begin_again),
    "the comparison of the night": Scene(_unheard_today, _night, starts=at_night),
}
