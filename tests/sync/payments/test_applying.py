"""Payments of QuickBooks applied here, where no webhook alone shows it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.billing import catalogue, receiving
from app.billing.catalogue_fields import ClientFields
from app.billing.document import Document
from app.billing.facts import PaymentFacts
from app.billing.kinds import DocumentStatus
from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import db, transaction
from app.sync.company import connecting
from app.sync.payments.applying import rests_of
from app.sync.steering import old_documents
from tests.billing.firm import ANN, told
from tests.simulation import REALM
from tests.sync.books import Books, connection
from tests.sync.payment_desk import telling
from tests.sync.planting import client, keep_many_currencies


def test_a_standing_order_like_another_one_is_not_taken_for_it_after_reconnecting(books: Books) -> None:
    with transaction():
        dales = catalogue.create_client(ClientFields(name="Dales Vets"), actor=ANN)
    one, two = books.invoice(), books.invoice(client=dales)
    received = []
    for invoice in (one, two):
        wish = {
            "customer": books.customer(invoice),
            "total": "50.00",
            "date": "2026-03-02",
            "reference": "STANDING ORDER",
            "allocations": [{"invoice_id": books.remote_id(invoice), "amount": "50.00"}],
        }
        received += books.simulation.control(f"companies/{REALM}/payments", wish)["payments"]
    books.listen()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()
    with transaction():
        old_documents.send_chosen(books.firm.entity, connection(books), [two.id], actor=ANN)
    books.send()
    books.simulation.handle("Payment", received[1], "edit", PrivateNote="looked at")
    books.listen()
    assert [books.fresh(each).status for each in (one, two)] == [DocumentStatus.PARTIALLY_PAID] * 2


def test_what_a_payment_settles_elsewhere_is_not_called_unapplied(books: Books) -> None:
    invoice = books.invoice()
    customer = books.customer(invoice)
    other = their_own(books, "Invoice", customer, 80)
    shares = {f"i{books.remote_id(invoice)}": "120.00", f"i{other}": "80.00"}
    books.simulation.pay(customer, "230.00", **shares)
    books.listen()
    assert rests_of(db.session.scalars(select(Payment)).one()) == (3000, 8000)


def test_a_credit_of_theirs_used_on_an_invoice_of_ours_settles_it(books: Books) -> None:
    invoice = books.invoice()
    customer = books.customer(invoice)
    credit = their_own(books, "CreditMemo", customer, 30)
    links = (("Invoice", books.remote_id(invoice)), ("CreditMemo", credit))
    lines = [{"Amount": 30, "LinkedTxn": [{"TxnId": id_, "TxnType": kind}]} for kind, id_ in links]
    wanted = {"CustomerRef": {"value": customer}, "TotalAmt": 0, "Line": lines}
    books.simulation.control(f"companies/{REALM}/records/Payment", wanted)
    books.listen()
    assert books.fresh(invoice).balance_pence == 9000
    assert rests_of(db.session.scalars(select(Payment)).one()) == (0, -3000)


def their_own(books: Books, kind: str, customer: str, pounds: int) -> str:
    """A document that the bookkeeper makes there, without VAT."""
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "10"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": pounds, "SalesItemLineDetail": detail}
    wanted = {"CustomerRef": {"value": customer}, "Line": [line]}
    return str(books.simulation.control(f"companies/{REALM}/records/{kind}", wanted)["Id"])


@pytest.fixture
def euros(books: Books) -> Document:
    """An invoice over €120.00 of a client in euros, in a company of many currencies."""
    keep_many_currencies(books)
    return books.invoice(client=client("Kieran & Sons", "EUR"))


def paid_at(books: Books, euros: Document, rate: str) -> str:
    link = {"TxnId": books.remote_id(euros), "TxnType": "Invoice"}
    wish = {
        "CustomerRef": {"value": books.customer(euros)},
        "CurrencyRef": {"value": "EUR"},
        "ExchangeRate": rate,
        "TotalAmt": 120,
        "Line": [{"Amount": 120, "LinkedTxn": [link]}],
    }
    return str(books.simulation.control(f"companies/{REALM}/records/Payment", wish)["Id"])


def test_a_payment_in_another_currency_comes_with_its_rate(books: Books, euros: Document) -> None:
    paid_at(books, euros, "0.855")
    books.listen()
    (payment,) = db.session.scalars(select(Payment))
    assert (payment.currency, payment.amount_pence, payment.exchange_rate) == ("EUR", 12000, Decimal("0.855"))
    assert (payment.home_pence, books.fresh(euros).balance_pence) == (10260, 0)
    assert told(payment.subject)[0].startswith("Payment received: €120.00 at 0.855 of ")


def test_a_rate_that_is_changed_there_is_changed_here(books: Books, euros: Document) -> None:
    remote_id = paid_at(books, euros, "0.855")
    books.listen()
    books.simulation.handle("Payment", remote_id, "edit", ExchangeRate="0.9")
    books.listen()
    (payment,) = db.session.scalars(select(Payment))
    assert (payment.exchange_rate, books.fresh(euros).balance_pence) == (Decimal("0.9"), 0)
    assert told(payment.subject)[-1].startswith("The payment changed: €120.00 at 0.9 of ")


def test_ours_takes_the_rate_that_quickbooks_gave_it(books: Books, euros: Document) -> None:
    telling(books)
    rate = {"SourceCurrencyCode": "EUR", "Rate": "0.86", "AsOfDate": f"{clock.now().date()}"}
    books.simulation.control(f"companies/{REALM}/records/ExchangeRate", rate)
    facts = PaymentFacts(
        client_id=euros.bill_to.id,
        billing_entity_id=euros.billing_entity_id,
        received_on=clock.now().date(),
        amount_pence=12000,
        currency="EUR",
        allocations=((euros.id, 12000),),
    )
    with transaction():
        payment = receiving.record_here(facts, actor=ANN)
    books.send()
    assert db.session.get_one(Payment, payment.id, populate_existing=True).exchange_rate == Decimal("0.86")
