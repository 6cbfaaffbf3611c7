"""Payments that were recorded here, told to QuickBooks: once, with what they settle, and linked where it has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from app.billing import invoicing, receiving
from app.billing.document import Document
from app.billing.facts import PaymentFacts
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment, PaymentState
from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks import catalogue
from app.sync import mapping
from app.sync.links import Link, LinkMade, LinkState, link_of
from app.sync.mappings import MappingKind
from app.sync.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN, told
from tests.simulation import REALM
from tests.sync.books import Books, connection


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.SEND
        mapping.choose(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0, bank(books), by="Olivia")
    return books


def bank(books: Books) -> str:
    accounts = catalogue.all_active(books.connection_id, "Account")
    return next(row.remote_id for row in accounts if row.data.get("type") == "Bank")


def facts(books: Books, pence: int, *parts: tuple[Document, int], reference: str = "BACS 4711") -> PaymentFacts:
    found = books.firm.facts(pence, *parts)
    said = {name: getattr(found, name) for name in PaymentFacts.__dataclass_fields__}
    return PaymentFacts(**said | {"reference": reference, "method": "Cheque", "received_on": clock.now().date()})


def record(books: Books, pence: int, *parts: tuple[Document, int], reference: str = "BACS 4711") -> Payment:
    with transaction():
        return receiving.record_here(facts(books, pence, *parts, reference=reference), actor=ANN)


def message_of(books: Books, payment: Payment) -> Message:
    db.session.rollback()
    return lanes.latest_of([payment.subject], books.firm.entity.lane)[payment.subject]


def reason(books: Books, payment: Payment) -> tuple[MessageState, str]:
    message = message_of(books, payment)
    return MessageState(message.state), message.reason or ""


def link(books: Books, payment: Payment) -> Link:
    found = link_of(books.connection_id, payment.subject)
    assert found is not None, reason(books, payment)
    return found


def there(books: Books) -> list[dict[str, Any]]:
    return list(books.simulation.look(f"companies/{REALM}/records/Payment")["records"])


def test_a_payment_goes_with_account_method_reference_and_what_it_settles(books: Books) -> None:
    first, second = books.invoice(), books.invoice()
    payment = record(books, 20000, (first, 12000), (second, 6000), reference="A reference longer than they keep")
    books.send()
    (seen,) = there(books)
    assert (seen["TotalAmt"], seen["UnappliedAmt"]) == (200, 20)
    assert seen["DepositToAccountRef"]["value"] == bank(books)
    assert (seen["PaymentMethodRef"]["value"], seen["PaymentRefNum"]) == ("2", "A reference longer th")
    assert [line["LinkedTxn"][0]["TxnId"] for line in seen["Line"]] == [books.remote_id(first), books.remote_id(second)]
    assert books.simulation.record("Invoice", books.remote_id(second))["Balance"] == 60
    assert told(payment.subject)[-1] == f"In QuickBooks as payment {seen['Id']}."


def test_its_own_webhook_changes_nothing(books: Books) -> None:
    payment = record(books, 12000, (books.invoice(), 12000))
    books.send()
    before = told(payment.subject)
    books.listen()
    assert (told(payment.subject), payment.method, payment.reference) == (before, "Cheque", "BACS 4711")
    assert len(db.session.scalars(db.select(Payment)).all()) == 1


def test_it_waits_until_its_invoice_is_there(books: Books) -> None:
    invoice = books.firm.open()
    with transaction():
        invoicing.keep_back(invoice, actor=ANN)
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert reason(books, payment) == (
        MessageState.PARKED,
        f"{invoice.title}, which it pays, is not in QuickBooks. Once that is sent, the payment follows.",
    )
    with transaction():
        invoicing.let_go(invoice, actor=ANN)
        invoicing.ask_to_send([invoice], actor=ANN)
    books.send()
    assert link(books, payment).state is LinkState.LIVE


def test_an_invoice_of_the_same_moment_goes_first(books: Books) -> None:
    invoice = books.firm.open()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert link(books, payment).total_pence == 12000
    assert books.simulation.record("Invoice", books.remote_id(invoice))["Balance"] == 0


def test_money_on_no_invoice_goes_for_a_client_that_is_made_first(books: Books) -> None:
    payment = record(books, 5000)
    books.send()
    assert (link(books, payment).balance_pence, there(books)[0]["Line"]) == (5000, [])


def test_a_void_here_is_a_void_there(books: Books) -> None:
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    with transaction():
        receiving.void_here(payment, actor=ANN)
    books.send()
    books.listen()
    assert (link(books, payment).state, payment.state) == (LinkState.VOIDED, PaymentState.VOID)
    assert books.simulation.record("Invoice", books.remote_id(invoice))["Balance"] == 120
    assert books.fresh(invoice).balance_pence == 12000


def test_a_void_before_it_was_sent_is_never_told(books: Books) -> None:
    payment = record(books, 12000, (books.invoice(), 12000))
    with transaction():
        receiving.void_here(payment, actor=ANN)
    books.send()
    assert (reason(books, payment)[0], there(books)) == (MessageState.CANCELLED, [])


def test_what_is_divided_anew_is_told(books: Books) -> None:
    first, second = books.invoice(), books.invoice()
    payment = record(books, 12000, (first, 12000))
    books.send()
    with transaction():
        receiving.divide_anew(payment, [(second.id, 10000)], actor=ANN)
    books.send()
    balances = [books.simulation.record("Invoice", books.remote_id(row))["Balance"] for row in (first, second)]
    assert (balances, link(books, payment).balance_pence) == ([120, 20], 2000)


def test_a_credit_that_is_used_goes_as_a_payment_of_nought(books: Books) -> None:
    invoice, credit = books.invoice(), books.credit_note("50")
    assert credit.kind is DocumentKind.CREDIT_NOTE
    wanted = replace(facts(books, 0), allocations=((invoice.id, 6000),), credits=((credit.id, 6000),))
    with transaction():
        receiving.record_here(wanted, actor=ANN)
    books.send()
    assert books.simulation.record("Invoice", books.remote_id(invoice))["Balance"] == 60
    assert books.simulation.record("CreditMemo", books.remote_id(credit))["Balance"] == 0


def test_payments_stay_here_where_the_policy_says_so(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY
    payment = record(books, 12000, (books.invoice(), 12000))
    books.send()
    assert reason(books, payment) == (MessageState.SKIPPED, "Payments recorded here stay here, as the policy says.")
    with transaction():
        receiving.ask_to_send(payment, actor=ANN)
    books.send()
    assert link(books, payment).made is LinkMade.CREATED


def test_without_an_account_it_is_held_and_released_by_the_choice(books: Books) -> None:
    with transaction():
        mapping.clear(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0)
    payment = record(books, 5000)
    books.send()
    assert message_of(books, payment).blocker == "deposit_account:0"
    with transaction():
        mapping.choose(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0, bank(books), by="Olivia")
    books.send()
    assert link(books, payment).state is LinkState.LIVE


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
    with transaction():
        mapping.clear(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0)
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    typed_there(books, invoice, "120.00", allocations=applied_to(books, invoice, "120.00"), reference="CHQ 9")
    books.listen()
    assert (link(books, payment).made, payment.reference, payment.method) == (LinkMade.MATCHED, "CHQ 9", "Cheque")
    assert (books.fresh(invoice).settled_pence, len(db.session.scalars(db.select(Payment)).all())) == (12000, 1)


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


def test_one_of_a_closed_day_is_held(books: Books) -> None:
    invoice = books.invoice()
    with transaction():
        connection(books).book_close_date = clock.now().date()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert message_of(books, payment).blocker == "closed_books"
