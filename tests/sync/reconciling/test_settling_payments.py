"""What a person does about money that counts on one side only."""

from __future__ import annotations

import pytest

from app.billing import receiving
from app.billing.document import Document
from app.billing.payment import Payment, PaymentState
from app.foundation.database import transaction
from app.sync.comparing import findings
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.remedies import Remedy, called, offered
from app.sync.reconciling.settling_drifts import Settled, settle
from app.sync.records.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books
from tests.sync.payment_desk import link, record, telling, there


@pytest.fixture
def books(books: Books) -> Books:
    """Payments recorded here stay here, though an account is chosen for them."""
    telling(books)
    keep_here(books)
    return books


def keep_here(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY


def found(books: Books) -> Drift:
    """The one difference that a comparison finds."""
    books.send()
    books.simulation.webhooks()
    books.compare()
    (drift,) = books.drifts()
    return drift


def do(books: Books, drift: Drift, remedy: Remedy) -> Settled:
    return settle(books.engine.quickbooks, [drift.id], remedy, ANN)


def paid_here(books: Books) -> tuple[Document, Payment, Drift]:
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    return invoice, payment, found(books)


def agrees(books: Books) -> bool:
    """Whether the next comparison finds nothing, once all that was asked for is told."""
    books.send()
    return books.compare().drifts == 0


def test_money_that_counts_on_one_side_has_actions_in_its_own_words(books: Books) -> None:
    _invoice, _payment, drift = paid_here(books)
    assert (drift.cause, offered(drift)) == (DriftCause.PAID_HERE, (Remedy.SEND, Remedy.LINK, Remedy.ACCEPT))
    assert called(drift.cause, Remedy.ACCEPT) == "Take ours back"


def test_the_payments_that_explain_it_are_named(books: Books) -> None:
    _invoice, _payment, drift = paid_here(books)
    assert drift.explanation.endswith("Payment BACS 4711 of £120.00: recorded here, not there.")


def test_a_credit_that_settles_here_alone_is_named_by_its_share_and_its_credit_note(books: Books) -> None:
    keep_here(books)
    invoice, credit = books.invoice(), books.credit_note("50")
    record(books, 0, (invoice, 6000), (credit, 6000))
    books.send()
    books.compare()
    (drift,) = [one for one in books.drifts() if one.subject_id == invoice.id]
    assert drift.explanation.endswith(f" £60.00 from credit note {credit.number}: recorded here, not there.")
    assert "Payment £" not in drift.explanation


def test_quickbooks_is_told_of_our_payment_though_the_policy_keeps_it(books: Books) -> None:
    invoice, payment, drift = paid_here(books)
    assert do(books, drift, Remedy.SEND) == Settled(1)
    assert agrees(books)
    assert (link(books, payment).state, balance_there(books, invoice)) == ("live", 0)


def test_ours_is_taken_back_where_quickbooks_does_not_have_it(books: Books) -> None:
    invoice, payment, drift = paid_here(books)
    assert do(books, drift, Remedy.ACCEPT) == Settled(1)
    assert (payment.state, books.fresh(invoice).balance_pence, books.drifts()) == (PaymentState.VOID, 12000, [])
    assert (agrees(books), there(books)) == (True, [])


def test_ours_is_tied_to_the_one_there_of_another_day_and_reference(books: Books) -> None:
    invoice, payment, drift = paid_here(books)
    remote_id = typed_long_ago(books, invoice)
    assert do(books, drift, Remedy.LINK) == Settled(1)
    assert agrees(books)
    assert (link(books, payment).remote_id, balance_there(books, invoice), len(there(books))) == (remote_id, 0, 1)


def test_which_of_two_it_is_can_t_be_told(books: Books) -> None:
    invoice, _payment, drift = paid_here(books)
    for _number in range(2):
        typed_long_ago(books, invoice)
    ((_label, why),) = do(books, drift, Remedy.LINK).refused
    assert why == "QuickBooks has 2 payments of this client and amount that nothing here is linked to."


def told(books: Books, document: Document, cause: DriftCause) -> Drift:
    """A difference of this kind that was told of a document."""
    with transaction():
        findings.report(books.link(document), cause, "£120.00 paid", "£0.00 paid")
    return books.drifts()[0]


def test_a_payment_that_is_gone_there_is_taken_back_without_a_comparison(books: Books) -> None:
    invoice = books.invoice()
    remote_id = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", remote_id, "delete")
    assert do(books, told(books, invoice, DriftCause.PAID_HERE), Remedy.ACCEPT) == Settled(1)
    assert (books.fresh(invoice).balance_pence, books.drifts()) == (12000, [])


def void_here_alone(books: Books) -> tuple[Document, Payment, Drift]:
    """A payment that QuickBooks was told of, and that was voided here after payments were to stay."""
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.SEND
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    books.send()
    keep_here(books)
    with transaction():
        receiving.void_here(payment, actor=ANN)
    return invoice, payment, found(books)


def test_quickbooks_is_told_what_was_taken_back_here(books: Books) -> None:
    invoice, _payment, drift = void_here_alone(books)
    assert drift.explanation.endswith("Payment BACS 4711 of £120.00: voided here, and still counted there.")
    assert (drift.cause, do(books, drift, Remedy.SEND)) == (DriftCause.PAID_THERE, Settled(1))
    assert agrees(books)
    assert balance_there(books, invoice) == 120


def test_what_was_voided_here_counts_again_where_theirs_is_taken_over(books: Books) -> None:
    invoice, payment, drift = void_here_alone(books)
    assert do(books, drift, Remedy.ACCEPT) == Settled(1)
    assert (payment.state, books.fresh(invoice).balance_pence) == (PaymentState.LIVE, 0)
    assert agrees(books)


def test_where_no_payment_explains_it_nothing_is_done(books: Books) -> None:
    invoice = books.invoice()
    books.firm.learn(5000, (invoice, 5000))
    drift = told(books, invoice, DriftCause.PAID_HERE)
    ((_label, why),) = do(books, drift, Remedy.ACCEPT).refused
    assert why == "No payment there explains what is paid on it: look at it in QuickBooks."
    ((_label, why),) = do(books, drift, Remedy.SEND).refused
    assert why.startswith("QuickBooks was told of every payment")
    assert (books.fresh(invoice).settled_pence, len(books.drifts())) == (5000, 1)


def test_what_gave_way_to_theirs_is_only_put_away(books: Books) -> None:
    drift = told(books, books.invoice(), DriftCause.PAYMENT_MOVED)
    assert (do(books, drift, Remedy.ACCEPT), books.drifts()) == (Settled(1), [])


def typed_long_ago(books: Books, invoice: Document) -> str:
    wish = {"customer": books.customer(invoice), "total": "120.00", "date": "2026-01-09", "reference": "CHQ 1"}
    return str(books.simulation.control(f"companies/{REALM}/payments", wish)["payments"][0])


def balance_there(books: Books, invoice: Document) -> float:
    return float(books.simulation.record("Invoice", books.remote_id(invoice))["Balance"])
