"""Where a payment is with QuickBooks, on its page; and the policy that decides it."""

from __future__ import annotations

from app.billing import receiving
from app.billing.payment import Payment
from app.foundation.database import transaction
from app.quickbooks import catalogue
from app.sync.records.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN
from tests.sync.books import Books
from tests.web.quickbooks.test_views_setup import ANSWERS
from tests.web.walking import Walker, words


def recorded(books: Books) -> Payment:
    with transaction():
        payment = receiving.record_here(books.firm.facts(5000), actor=ANN)
    books.send()
    return payment


def test_a_payment_stays_here_until_somebody_sends_it(books: Books, stella: Walker) -> None:
    payment = recorded(books)
    page = words(stella.get(f"/payments/{payment.id}").text)
    assert "Skipped Payments recorded here stay here, as the policy says." in page
    assert "handed over" in stella.follow(f"/payments/{payment.id}/send")
    books.send()
    page = words(stella.get(f"/payments/{payment.id}").text)
    assert "No account is chosen yet into which payments recorded here go." in page


def test_a_payment_of_theirs_is_never_sent_back(books: Books, stella: Walker) -> None:
    learnt = books.firm.learn(500)
    assert "QuickBooks isn" not in words(stella.get(f"/payments/{learnt.id}").text)
    assert stella.post(f"/payments/{learnt.id}/send").status_code == 409


def test_the_policy_is_set_with_its_account(books: Books, olivia: Walker) -> None:
    page = "/settings/quickbooks/policies"
    wanted = ANSWERS | {"payments_here": "send"}
    assert "Choose the account into which" in words(olivia.post(page, **wanted).text)
    bank = next(row for row in catalogue.all_active(books.connection_id, "Account") if row.data.get("type") == "Bank")
    assert bank.name in olivia.get(page).text
    held = recorded(books)
    olivia.follow(page, **wanted | {"deposit_account": bank.remote_id})
    assert policy_of(books.connection_id).payments_here is WhenPaidHere.SEND
    with transaction():
        receiving.ask_to_send(held, actor=ANN)
    books.send()
    assert "In QuickBooks Payment" in words(olivia.get(f"/payments/{held.id}").text)
    assert "in QuickBooks is voided too." in olivia.get(f"/payments/{held.id}/void").text
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY
    assert "has to be voided there." in olivia.get(f"/payments/{held.id}/void").text
