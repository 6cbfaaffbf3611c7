"""Scenes that a person set going: a trial, a payment told, a change followed, a list taken over, mails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.billing import receiving
from app.billing.entity import BillingEntity
from app.billing.payment import Payment, PaymentState
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.mail import Mail, MailState, queue_mail, send_due_mail
from app.quickbooks import catalogue
from app.quickbooks.statements import PAGE
from app.sync.importing.lists import SOURCES, take
from app.sync.importing.offers import Place, order
from app.sync.records.policies import WhenChangedThere
from app.sync.steering import controls
from tests.billing.firm import ANN
from tests.crashes.life import Life
from tests.crashes.scene import Props, Scene
from tests.crashes.scenes_of_listening import listen, webhooks_waiting
from tests.crashes.stage import Stage
from tests.sync import payment_desk, weather
from tests.sync.books import connection

_OF_A_MAIL = timedelta(minutes=6)
"""After that a mail that a dead process was sending is given back."""
_TAKEN = 3
"""Customers that are taken over out of a list of more than one page."""


def _one_alone(stage: Stage) -> None:
    """Two wait; the first goes with its new client, the other stays."""
    controls.send_one(connection(stage.books), ANN)
    firm = stage.books.firm
    stage.open(stage.draft(stage.new_client(), firm.support), stage.draft(firm.acme, firm.support))


def _recorded(stage: Stage) -> Props:
    """A payment of two invoices was recorded here."""
    books = payment_desk.telling(stage.books)
    first, second = books.invoice(), books.invoice()
    books.simulation.webhooks()
    return {"payment": payment_desk.record(books, 18000, (first, 12000), (second, 6000)).id}


def _told_payment(stage: Stage) -> Props:
    """One that was told."""
    props = _recorded(stage)
    stage.books.send()
    stage.books.listen()
    return props


def _void_payment(life: Life) -> None:
    """A person takes it back, unless it is taken back; then the worker works."""
    with transaction() as session:
        payment = session.get_one(Payment, life.props["payment"])
        if payment.state is PaymentState.LIVE:
            receiving.void_here(payment, actor=ANN)
    life.work()


def _edited_there(stage: Stage) -> Props:
    """The firm follows; a bookkeeper raises one invoice, renumbers another and voids a third."""
    weather.rule(stage.books, changed_there=WhenChangedThere.FOLLOW)
    documents = [stage.books.invoice() for _number in range(3)]
    simulation = stage.books.simulation
    simulation.webhooks()
    raised, renumbered, voided = (stage.books.remote_id(document) for document in documents)
    lines: list[dict[str, Any]] = simulation.record("Invoice", raised)["Line"]
    (sold,) = [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]
    sold["SalesItemLineDetail"]["Qty"], sold["Amount"] = 2, 200
    simulation.handle("Invoice", raised, "edit", Line=[sold])
    simulation.handle("Invoice", renumbered, "edit", DocNumber="CHANGED-1")
    simulation.handle("Invoice", voided, "void")
    return webhooks_waiting(stage)


def _long_list(stage: Stage) -> Props:
    """More customers than one page holds."""
    made = [weather.make_there(stage.books, "Customer", DisplayName=f"Customer {number}") for number in range(PAGE)]
    stage.books.simulation.webhooks()
    return {"connection_id": stage.books.connection_id, "keys": [order(remote_id) for remote_id in made[-_TAKEN:]]}


def _take_over(life: Life) -> None:
    """A person has the list read, and takes some of it over."""
    catalogue.refresh(life.engine.quickbooks, life.props["connection_id"], ("Customer",))
    connected = life.connection
    assert connected is not None
    with transaction() as session:
        place = Place(session.get_one(BillingEntity, connected.billing_entity_id), connected)
        take(place, SOURCES["customers"], life.props["keys"], ANN)
    life.work()


def _mails(_stage: Stage) -> None:
    with transaction():
        queue_mail(["olivia@example.com", "adam@example.com"], "It waits", "Look at it.", occasion="a")


def _send_mails(life: Life) -> None:
    """The chore of the worker, as often as it takes; a mail may go twice, and none gets lost."""
    while _unsent():
        if not send_due_mail():
            clock.sleep(_OF_A_MAIL.total_seconds())
    life.work()


def _unsent() -> int:
    number = db.session.scalar(select(func.count()).where(Mail.state == MailState.WAITING)) or 0
    end_reading()
    return number


PEOPLE = {
    "one sent and then a pause": Scene(_one_alone),
    "a payment recorded here": Scene(_recorded),
    "a told payment taken back": Scene(_told_payment, _void_payment),
    "changes made there that are followed": Scene(_edited_there, listen),
    "a list of several pages taken over": Scene(_long_list, _take_over),
    "mails sent": Scene(_mails, _send_mails),
}
