"""Scenes that bring the engine before a disputed question of §11: each answer ends with every document told once.

What the engine never gives Intuit occasion to answer (it sends no TxnTaxDetail, no TaxInclusive, no bill, no list of
single fields, and nothing older than thirty days is asked for) is played in `test_switches.py` all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.error import HTTPError

import pytest

from app.billing.document import Document
from app.foundation import clock
from app.foundation.database import transaction
from app.outbox import tray
from app.outbox.models import MessageState, Subject
from app.quickbooks.errors import Throttled
from app.quickbooks.realm import Realm
from app.simulator.bookkeeping.switches import SwitchValue
from tests.simulation import REALM
from tests.sync import planting, weather
from tests.sync.books import Books

DONE, WAITING, PARKED = MessageState.DONE, MessageState.WAITING, MessageState.PARKED


class Scene(NamedTuple):
    """What happens under a switch: first until QuickBooks has answered, then what a person does about it."""

    first: Callable[[Books], Document]
    mend: Callable[[Books], None]
    last: MessageState = DONE


def no_need(_books: Books) -> None:
    """Nothing is left for a person to do."""


def a_name_of_an_inactive_customer(books: Books) -> Document:
    sleeper = weather.make_there(books, "Customer", DisplayName="Acme")
    books.simulation.handle("Customer", sleeper, "edit", Active=False, DisplayName="Acme")
    return books.invoice()


def the_sleeper_gets_another_name(books: Books) -> None:
    """Awake or asleep, it is called otherwise; then the client is told once more."""
    named = {
        row["Id"] for row in weather.there(books, "Customer") if "Acme" in row["DisplayName"] and not row["Active"]
    }
    for sleeper in named:
        with suppress(HTTPError):
            books.simulation.handle("Customer", sleeper, "edit", Active=True, DisplayName="Acme of old")
    again(books, Subject("client", books.firm.acme.id))


def a_customer_who_owes_and_is_let_go(books: Books) -> Document:
    """By default QuickBooks refuses that."""
    customer = books.customer(books.invoice())
    with suppress(HTTPError):
        books.simulation.handle("Customer", customer, "edit", Active=False, DisplayName="Acme")
    books.listen()
    return books.invoice()


def the_customer_is_woken(books: Books) -> None:
    first = weather.there(books)[0]["CustomerRef"]["value"]
    books.simulation.handle("Customer", first, "edit", Active=True, DisplayName="Acme")
    books.listen()
    again(books, Subject("client", books.firm.acme.id))


def a_number_that_a_stranger_has(books: Books) -> Document:
    weather.rule(books, paused_at=clock.now())
    ours = books.firm.open()
    line = {
        "Amount": 7,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}},
    }
    weather.make_there(books, "Invoice", DocNumber=ours.number, CustomerRef={"value": "1"}, Line=[line])
    weather.rule(books, paused_at=None)
    books.send()
    return ours


def the_stranger_is_deleted(books: Books) -> None:
    stranger = next(row["Id"] for row in weather.there(books) if row["TotalAmt"] < 10)
    books.simulation.handle("Invoice", stranger, "delete")
    again(books, books.firm_invoice().subject)


def an_answer_lost_for_two_hours(books: Books) -> Document:
    """Intuit has done it and told nobody; when it is sent again, the request id may be forgotten."""
    weather.order(books, "lost_after", kind="invoice")
    ours = books.invoice()
    books.simulation.control("clock", {"advance_seconds": 7200})
    weather.settle_all(books)
    return ours


def a_refusal_that_heals(books: Books) -> Document:
    """The item is asleep; sent again under the same request id it would be refused for ever."""
    books.invoice()
    (item,) = [row["Id"] for row in weather.there(books, "Item") if row["Name"] == "SUP"]
    books.simulation.handle("Item", item, "edit", Active=False, Name="SUP")
    ours = books.invoice()
    books.simulation.handle("Item", item, "edit", Active=True, Name="SUP")
    books.listen()
    return ours


def once_more(books: Books) -> None:
    again(books, Subject("service", books.firm.support.id))


def reads_are_over_for_this_month(books: Books) -> Document:
    """A warm push needs none; the pause that the last read brought is over at once."""
    books.invoice()
    governor = books.engine.quickbooks.governor
    for _read in range(6):
        governor.resume(Realm(REALM, "live"))
        with suppress(Throttled):
            books.engine.quickbooks.read(books.connection_id, "Term", "3")
    governor.resume(Realm(REALM, "live"))
    return books.invoice()


def an_invoice_in_euro(books: Books) -> Document:
    planting.keep_many_currencies(books)
    return books.invoice(client=planting.client("Hafenblick", "EUR"))


def again(books: Books, subject: Subject) -> None:
    """A person asks for it once more."""
    with transaction():
        tray.post(subject, books.firm.entity.lane, asked=True)
    weather.settle_all(books)


NAME = Scene(a_name_of_an_inactive_customer, the_sleeper_gets_another_name)
LET_GO = Scene(a_customer_who_owes_and_is_let_go, the_customer_is_woken)
NUMBER = Scene(a_number_that_a_stranger_has, the_stranger_is_deleted)
LOST = Scene(an_answer_lost_for_two_hours, no_need)
HEALS = Scene(a_refusal_that_heals, once_more)
READS = Scene(reads_are_over_for_this_month, no_need)
EURO, NO_EURO = Scene(an_invoice_in_euro, no_need), Scene(an_invoice_in_euro, no_need, last=PARKED)
MET: list[tuple[str, SwitchValue, Scene, MessageState]] = [
    ("inactive_name_blocks", False, NAME, DONE),
    ("inactive_name_blocks", True, NAME, WAITING),
    ("deactivate_with_balance", "fault", LET_GO, DONE),
    ("deactivate_with_balance", "allowed", LET_GO, WAITING),
    ("duplicate_number", "fault", NUMBER, PARKED),
    ("duplicate_number", "accept", NUMBER, DONE),
    ("request_id_hours", 0, LOST, DONE),
    ("request_id_hours", 1, LOST, DONE),
    ("request_id_replays_failures", False, HEALS, WAITING),
    ("request_id_replays_failures", True, HEALS, WAITING),
    ("metered_reads", 0, READS, DONE),
    ("metered_reads", 5, READS, DONE),
    ("party_currency", "honoured", EURO, DONE),
    ("party_currency", "silently_home", NO_EURO, PARKED),
]  # fmt: skip


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize(("switch", "value", "scene", "state"), MET, ids=[f"{one[0]}-{one[1]}" for one in MET])
def test_each_answer_is_met_and_every_document_ends_there_once(
    books: Books, switch: str, value: SwitchValue, *, scene: Scene, state: MessageState
) -> None:
    books.simulation.control("switches", {switch: value})
    ours = scene.first(books)
    assert weather.state(ours) is state, weather.reason(ours)
    scene.mend(books)
    assert weather.state(ours) is scene.last, weather.reason(ours)
    there = [row for row in weather.there(books) if row["DocNumber"] == books.fresh(ours).number]
    assert len(there) == (scene.last is DONE)
