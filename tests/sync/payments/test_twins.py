"""Payments recorded here and typed into QuickBooks too: linked, not doubled, whichever is seen first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from app.billing import receiving
from app.billing.document import Document
from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.sync.comparing.drifts import DriftCause
from app.sync.mapping import choosing
from app.sync.records.links import LinkMade, link_of
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books, connection
from tests.sync.payment_desk import link, reason, record, telling, there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    return telling(books)


class Typed(NamedTuple):
    """What the bookkeeper typed in, and how many payments there are in the end."""

    days_before: int
    reference: str
    total: str
    payments_there: int


def typed_there(books: Books, invoice: Document, total: str, **said: Any) -> str:
    """The bookkeeper types the payment in too."""
    wish: dict[str, Any] = {"customer": books.customer(invoice), "total": total, "date": f"{clock.now().date()}"}
    return str(books.simulation.control(f"companies/{REALM}/payments", wish | said)["payments"][0])


def applied_to(books: Books, invoice: Document, amount: str) -> list[dict[str, str]]:
    return [{"invoice_id": books.remote_id(invoice), "amount": amount}]


def test_a_payment_typed_in_there_before_is_linked_not_doubled(books: Books) -> None:
    invoice = books.invoice()
    remote_id = typed_there(books, invoice, "120.00", allocations=applied_to(books, invoice, "120.00"))
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert (link(books, payment).remote_id, link(books, payment).made) == (remote_id, LinkMade.MATCHED)
    assert (books.fresh(invoice).settled_pence, reason(books, payment)[0]) == (12000, MessageState.DONE)
    assert len(there(books)) == 1
    books.listen()
    assert len(db.session.scalars(db.select(Payment)).all()) == 1


def test_one_typed_in_undivided_is_divided_as_here(books: Books) -> None:
    invoice = books.invoice()
    typed_there(books, invoice, "120.00")
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert (len(there(books)), link(books, payment).balance_pence) == (1, 0)
    assert books.simulation.record("Invoice", books.remote_id(invoice))["Balance"] == 0


def test_one_that_arrives_while_ours_is_held_is_linked(books: Books) -> None:
    without_an_account(books)
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    typed_there(books, invoice, "120.00", allocations=applied_to(books, invoice, "120.00"), reference="CHQ 9")
    books.listen()
    assert (link(books, payment).made, payment.reference, payment.method) == (LinkMade.MATCHED, "CHQ 9", "Cheque")
    assert (books.fresh(invoice).settled_pence, len(db.session.scalars(db.select(Payment)).all())) == (12000, 1)
    books.send()
    assert reason(books, payment) == (MessageState.DONE, "")


def test_one_that_arrives_is_linked_where_payments_stay_here_too(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    remote_id = typed_there(books, invoice, "120.00")
    books.listen()
    assert (link(books, payment).remote_id, books.fresh(invoice).settled_pence) == (remote_id, 12000)
    books.simulation.handle("Payment", remote_id, "delete")
    books.listen()
    assert books.fresh(invoice).balance_pence == 12000


@pytest.mark.parametrize(
    "given",
    [
        Typed(7, "", "120.00", 1),
        Typed(8, "", "120.00", 2),
        Typed(30, "bacs 4711", "120.00", 1),
        Typed(0, "BACS 4711", "119.00", 2),
    ],
)
def test_near_days_or_the_same_reference_say_that_it_is_the_same(books: Books, given: Typed) -> None:
    invoice = books.invoice("200")
    day = f"{clock.now().date() - timedelta(days=given.days_before)}"
    typed_there(books, invoice, given.total, date=day, reference=given.reference)
    record(books, 12000, (invoice, 12000))
    books.send()
    assert len(there(books)) == given.payments_there


def test_two_payments_alike_there_are_for_two_of_ours(books: Books) -> None:
    invoice = books.invoice("200")
    ids = {typed_there(books, invoice, "120.00"), typed_there(books, invoice, "120.00")}
    ours = [record(books, 12000, (invoice, 12000)), record(books, 12000)]
    third = record(books, 12000)
    books.send()
    assert {link(books, payment).remote_id for payment in ours} | {link(books, third).remote_id} > ids
    assert len(there(books)) == 3


def without_an_account(books: Books) -> None:
    """Payments recorded here are held until an account is chosen."""
    with transaction():
        choosing.clear(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0)


def test_two_alike_on_two_invoices_stay_two(books: Books) -> None:
    without_an_account(books)
    first, second = books.invoice(), books.invoice()
    payment = record(books, 12000, (first, 12000), reference="BACS A")
    books.send()
    typed_there(books, second, "120.00", allocations=applied_to(books, second, "120.00"), reference="BACS B")
    books.listen()
    assert [books.fresh(each).settled_pence for each in (first, second)] == [12000, 12000]
    assert link_of(books.connection_id, payment.subject) is None


def test_one_on_another_invoice_does_not_keep_ours_from_being_told(books: Books) -> None:
    first, second = books.invoice(), books.invoice()
    typed_there(books, second, "120.00", allocations=applied_to(books, second, "120.00"))
    payment = record(books, 12000, (first, 12000))
    books.send()
    assert (len(there(books)), link(books, payment).made) == (2, LinkMade.CREATED)


def test_undivided_ones_with_two_references_stay_two(books: Books) -> None:
    invoice = books.invoice()
    typed_there(books, invoice, "120.00", reference="BACS B")
    payment = record(books, 12000, (invoice, 12000), reference="BACS A")
    books.send()
    assert (len(there(books)), link(books, payment).made) == (2, LinkMade.CREATED)


def test_an_edit_there_is_taken_over_and_not_sent_back(books: Books) -> None:
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": books.remote_id(invoice), "TxnType": "Invoice"}]}
    books.simulation.handle("Payment", link(books, payment).remote_id, "edit", TotalAmt=100, Line=[line])
    books.listen()
    assert (books.fresh(invoice).balance_pence, payment.amount_pence) == (2000, 10000)
    books.send()
    assert link(books, payment).told_revision == payment.revision


def divided_anew(books: Books) -> tuple[Payment, list[Document]]:
    """One that QuickBooks has for the first of two invoices, and that is for the second now; nobody told it yet."""
    invoices = [books.invoice(), books.invoice()]
    payment = record(books, 12000, (invoices[0], 12000))
    books.send()
    books.listen()
    with transaction():
        receiving.divide_anew(payment, [(invoices[1].id, 12000)], actor=ANN)
    return payment, invoices


def settled(books: Books, invoices: list[Document]) -> list[int]:
    return [books.fresh(invoice).settled_pence for invoice in invoices]


def test_a_touch_there_does_not_undo_what_is_still_to_be_told(books: Books) -> None:
    payment, invoices = divided_anew(books)
    books.simulation.handle("Payment", link(books, payment).remote_id, "edit", PrivateNote="looked at")
    books.listen()
    assert settled(books, invoices) == [0, 12000]
    books.send()
    assert books.simulation.record("Invoice", books.remote_id(invoices[1]))["Balance"] == 0
    assert (link(books, payment).told_revision, books.drifts()) == (payment.revision, [])


def test_another_amount_there_is_taken_over_what_is_still_to_be_told_and_reported(books: Books) -> None:
    payment, invoices = divided_anew(books)
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": books.remote_id(invoices[0]), "TxnType": "Invoice"}]}
    books.simulation.handle("Payment", link(books, payment).remote_id, "edit", TotalAmt=100, Line=[line])
    books.listen()
    (drift,) = books.drifts()
    assert (drift.cause, settled(books, invoices)) == (DriftCause.PAYMENT_EDITED, [10000, 0])
    first, second = (invoice.title for invoice in invoices)
    assert (drift.ours, drift.theirs) == (f"£120.00: £120.00 on {second}", f"£100.00: £100.00 on {first}")


def joined_undivided(books: Books) -> tuple[Payment, Document, str]:
    """One that was typed in undivided while ours was held, and linked; how it is divided is still to be told."""
    without_an_account(books)
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    remote_id = typed_there(books, invoice, "120.00")
    books.listen()
    return payment, invoice, remote_id


def test_a_touch_of_an_undivided_one_leaves_ours_divided(books: Books) -> None:
    payment, invoice, remote_id = joined_undivided(books)
    books.simulation.handle("Payment", remote_id, "edit", PrivateNote="looked at")
    books.listen()
    assert settled(books, [invoice]) == [12000]
    with transaction():
        receiving.ask_to_send(payment, actor=ANN)
    books.send()
    assert books.simulation.record("Invoice", books.remote_id(invoice))["Balance"] == 0


def test_an_undivided_one_that_is_divided_there_first_is_divided_so_here(books: Books) -> None:
    payment, invoice, remote_id = joined_undivided(books)
    line = {"Amount": 70, "LinkedTxn": [{"TxnId": books.remote_id(invoice), "TxnType": "Invoice"}]}
    books.simulation.handle("Payment", remote_id, "edit", Line=[line])
    books.listen()
    assert (settled(books, [invoice]), link(books, payment).told_revision) == ([7000], payment.revision)
