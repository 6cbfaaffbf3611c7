"""What a disconnect leaves: payments are known by their ids, and what they were divided over by theirs."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.payment import PaymentState
from app.foundation import clock
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.quickbooks import catalogue
from app.quickbooks.models import Connection
from app.sync.company import connecting
from app.sync.mapping import linking
from app.sync.payments import applying
from app.sync.steering import controls, old_documents
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection

ACTS = {"void": DocumentStatus.OPEN, "delete": DocumentStatus.OPEN, "edit": DocumentStatus.PARTIALLY_PAID}


def disconnected(books: Books) -> tuple[Document, str, str]:
    """An invoice that was paid before the company was disconnected; its id and its payment's there."""
    invoice = books.invoice()
    remote_id = books.remote_id(invoice)
    payment = books.pay(invoice, "120.00")
    books.listen()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    return invoice, remote_id, payment


def change(books: Books, act: str, payment: str, invoice: str) -> None:
    """The bookkeeper voids the payment, deletes it, or makes £50 of it."""
    line = {"Amount": 50, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}
    wanted = {"TotalAmt": 50, "Line": [line]} if act == "edit" else {}
    books.simulation.handle("Payment", payment, act, **wanted)


@pytest.mark.parametrize("act", ACTS)
def test_a_payment_changed_while_the_company_was_disconnected_is_found_by_the_comparison(
    books: Books, act: str
) -> None:
    invoice, remote_id, payment = disconnected(books)
    change(books, act, payment, remote_id)
    books.reconnect()
    assert books.compare().payments_found == 1
    assert (books.fresh(invoice).status, books.drifts()) == (ACTS[act], [])


@pytest.mark.parametrize("act", ACTS)
def test_a_payment_changed_after_connecting_again_is_understood_before_any_comparison(books: Books, act: str) -> None:
    invoice, remote_id, payment = disconnected(books)
    books.reconnect()
    change(books, act, payment, remote_id)
    books.listen()
    assert books.fresh(invoice).status is ACTS[act]


def test_a_payment_that_is_only_looked_at_still_pays_what_is_linked_no_more(books: Books) -> None:
    invoice, _remote_id, payment = disconnected(books)
    books.reconnect()
    with transaction():
        invoicing.keep_back(books.fresh(invoice), actor=ANN)  # so that it is not found again
    books.simulation.handle("Payment", payment, "edit", PrivateNote="looked at")
    books.listen()
    books.compare()
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_another_company_has_payments_of_its_own_by_the_same_ids(books: Books) -> None:
    invoice, _remote_id, payment = disconnected(books)
    with transaction() as session:
        other = Connection(billing_entity_id=books.firm.entity.id, mode="live", realm_id="77", connected_at=clock.now())
        session.add(other)
        session.flush()
        assert not applying.remove(other.id, payment, PaymentState.VOID).changed
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_what_a_disconnect_clears_counts_no_payments(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.listen()
    with transaction():
        cleared = connecting.clearing(connection(books)).links
    assert cleared == {"client": 1, "invoice": 1}


def test_what_a_bookkeeper_made_unknowable_is_known_by_its_id_and_never_made_again(books: Books) -> None:
    invoice = books.invoice()
    remote_id = books.remote_id(invoice)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.simulation.handle("Invoice", remote_id, "edit", DocNumber="1008", PrivateNote="")
    books.reconnect()
    with transaction():
        old_documents.send_all(books.firm.entity, connection(books), actor=ANN)
    weather.settle_all(books)
    assert [row["Id"] for row in weather.there(books)] == [remote_id]
    assert books.remote_id(invoice) == remote_id


@pytest.mark.parametrize("act", ["delete", "void"])
def test_what_was_removed_there_meanwhile_is_not_made_again_unless_somebody_insists(books: Books, act: str) -> None:
    invoice = books.invoice()
    remote_id = books.remote_id(invoice)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.simulation.handle("Invoice", remote_id, "edit", PrivateNote="")
    books.simulation.handle("Invoice", remote_id, act)
    books.reconnect()
    with transaction():
        old_documents.send_all(books.firm.entity, connection(books), actor=ANN)
    weather.settle_all(books)
    assert {row["Id"] for row in weather.there(books)} <= {remote_id}
    if act == "delete":
        assert "removed in QuickBooks" in weather.reason(invoice)
        controls.retry([weather.message_of(invoice).id])
        weather.settle_all(books)
        assert weather.state(invoice) is MessageState.DONE


def test_a_client_goes_back_to_the_customer_it_was_linked_to_whatever_the_two_are_called(books: Books) -> None:
    theirs = weather.make_there(books, "Customer", DisplayName="Bolton & Sons")
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    with transaction():
        linking.link_client(connection(books), books.firm.bolt.id, theirs, actor=ANN)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()
    assert books.customer(books.invoice(client=books.firm.bolt)) == theirs


def test_a_client_that_was_unlinked_by_hand_goes_back_to_nobody(books: Books) -> None:
    before = books.customer(books.invoice())
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()
    assert books.customer(books.invoice()) == before
    with transaction() as session:
        linking.unlink_client(connection(books), books.firm.acme.id, actor=ANN)
        session.get_one(Client, books.firm.acme.id).name = "Bright & Sons"
    assert books.customer(books.invoice()) != before
