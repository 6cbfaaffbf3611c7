"""Payments that were recorded here, told to QuickBooks: once, with what they settle, behind their invoices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.billing import invoicing, receiving
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment, PaymentState
from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.sync.first_day import linking_history
from app.sync.mapping import choosing
from app.sync.records.links import LinkMade, LinkState
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenPaidHere, policy_of
from app.sync.steering import controls, same_number
from tests.billing.firm import ANN, told
from tests.sync import weather
from tests.sync.answered.test_enquiries import foreign
from tests.sync.books import Books, connection
from tests.sync.first_day.test_linking_history import typed_there
from tests.sync.payment_desk import bank, facts, link, message_of, reason, record, telling, there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    return telling(books)


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
    assert told(payment.subject)[-1] == f"In QuickBooks as a payment (id {seen['Id']})."


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


def test_beside_an_invoice_that_is_skipped_it_says_so(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).go_live_date = clock.now().date()
    invoice = books.firm.open()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert reason(books, payment)[0] is MessageState.PARKED
    with transaction():
        invoicing.ask_to_send([invoice], actor=ANN)
    books.send()
    assert link(books, payment).state is LinkState.LIVE


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
        choosing.clear(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0)
    payment = record(books, 5000)
    books.send()
    assert message_of(books, payment).blocker == "deposit_account:0"
    with transaction():
        choosing.choose(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0, bank(books), by="Olivia")
    books.send()
    assert link(books, payment).state is LinkState.LIVE


def test_one_of_a_closed_day_is_held(books: Books) -> None:
    invoice = books.invoice()
    with transaction():
        connection(books).book_close_date = clock.now().date()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    assert message_of(books, payment).blocker == "closed_books"


def held_for_its_invoice(books: Books) -> tuple[Document, Payment]:
    """An invoice that was never sent, and its payment, which waits for that; Acme is a customer there."""
    books.invoice()
    weather.rule(books, automatic_push=False)
    document = books.invoice()
    weather.rule(books, automatic_push=True)
    payment = record(books, 12000, (books.fresh(document), 12000))
    books.send()
    assert reason(books, payment)[0] is MessageState.PARKED
    return books.fresh(document), payment


def test_a_payment_goes_on_when_its_invoice_is_tied_to_what_was_typed_there(books: Books) -> None:
    document, payment = held_for_its_invoice(books)
    typed_there(books, document, books.customer(books.firm_invoice()))
    books.compare()
    with transaction():
        linking_history.link(connection(books), linking_history.exact(connection(books)), ANN)
    books.send()
    assert link(books, payment).made is LinkMade.CREATED
    assert books.simulation.record("Invoice", books.remote_id(document))["Balance"] == 0


def test_a_payment_goes_on_when_a_person_says_that_the_invoice_of_its_number_is_the_same(books: Books) -> None:
    document, payment = held_for_its_invoice(books)
    theirs = foreign(books, document, customer=books.customer(books.firm_invoice()), amount="130.00")
    with transaction():
        invoicing.ask_to_send([document], actor=ANN)
    books.send()
    same_number.link(books.engine.quickbooks, books.fresh(document), theirs, ANN)
    books.send()
    assert link(books, payment).made is LinkMade.CREATED


def test_a_payment_says_what_it_waits_for_when_its_invoice_is_taken_back(books: Books) -> None:
    document, payment = held_for_its_invoice(books)
    foreign(books, document, customer=books.customer(books.firm_invoice()), amount="130.00")
    with transaction():
        invoicing.ask_to_send([document], actor=ANN)
    books.send()
    controls.cancel(weather.message_of(document).id, "Olivia")
    books.send()
    state, sentence = reason(books, payment)
    assert state is MessageState.PARKED
    assert "is not in QuickBooks. Once that is sent, the payment follows." in sentence
