"""What is owed on an account, and money divided over it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.billing import owing, receiving
from app.billing.owing import Account, oldest_first
from app.foundation.database import transaction
from tests.billing.firm import ANN, Firm


def test_the_oldest_invoice_is_settled_first_and_what_is_left_is_nobodys() -> None:
    assert oldest_first([(1, 100), (2, 50), (3, 70)], 130) == {1: 100, 2: 30}
    assert oldest_first([(1, 100)], 130) == {1: 100}
    assert oldest_first([], 130) == {}


@given(st.lists(st.integers(1, 10_000), max_size=6), st.integers(0, 40_000))
def test_no_invoice_gets_more_than_is_open_and_nothing_more_is_given_than_came(open_: list[int], came: int) -> None:
    parts = oldest_first(list(enumerate(open_)), came)
    assert all(0 < part <= open_[row] for row, part in parts.items())
    assert sum(parts.values()) == min(came, sum(open_))


def test_an_account_is_one_client_one_entity_and_one_currency(firm: Firm) -> None:
    first, _paid = firm.open(), firm.learn(100)
    firm.open(client=firm.bolt)
    (account,) = owing.accounts_of(firm.acme, firm.entity)
    assert account == Account(firm.acme.id, firm.entity.id, "GBP")
    assert owing.open_invoices(account) == [first]


def test_a_client_that_owes_nothing_has_the_account_it_would_have(firm: Firm) -> None:
    assert owing.accounts_of(firm.bolt, firm.entity) == [Account(firm.bolt.id, firm.entity.id, "GBP")]


def test_a_new_client_of_another_currency_pays_in_it(firm: Firm) -> None:
    with transaction():
        firm.bolt.currency = "EUR"
    assert owing.accounts_of(firm.bolt, firm.entity)[0].currency == "EUR"


def test_what_no_invoice_has_taken_up_is_the_clients_credit(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(12000, (invoice, 12000))
    left, nothing = firm.learn(5000), firm.learn(3000)
    with transaction():
        receiving.remove_learnt(nothing.id, nothing.state.VOID)
    assert owing.credits_of([firm.acme.id]) == [left]


def test_a_payment_said_twice_is_seen(firm: Firm) -> None:
    facts = firm.facts(5000)
    with transaction():
        payment = receiving.record_here(facts, actor=ANN)
    assert owing.recorded_already(facts) == payment
    assert owing.recorded_already(firm.facts(5001)) is None
