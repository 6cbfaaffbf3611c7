"""Payments: list and detail."""

from __future__ import annotations

from decimal import Decimal

from app.billing.payment import PaymentState
from app.billing.receiving import remove_learnt
from app.foundation.database import transaction
from tests.billing.firm import Firm
from tests.web.walking import Walker, words


def test_a_payment_is_listed_with_what_it_settles(firm: Firm, rhea: Walker) -> None:
    document = firm.open()
    firm.learn(12000, (document, 12000))
    assert "Acme BACS 4711 From QuickBooks INV-00001 Applied £120.00" in words(rhea.get("/payments").text)


def test_payments_are_a_file_with_what_each_settles(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    firm.learn(15000, (invoice, 12000))
    heads, row = rhea.get("/payments/list.csv?search=4711").text.splitlines()
    assert heads.endswith("On nothing yet,Settles,State,Written down")
    assert row == "2026-03-02,Acme,BACS 4711,,GBP,150.00,30.00,INV-00001 120.00,Live,From QuickBooks"
    assert "/payments/list.csv?search=acme" in rhea.get("/payments?search=acme").text


def test_the_list_is_searched_as_one_types(firm: Firm, rhea: Walker) -> None:
    firm.learn(500)
    assert "BACS 4711" in rhea.fragment("/payments?search=4711").text
    assert "No payment matches" in rhea.fragment("/payments?search=cheque").text
    assert "Only Bolt" in rhea.get(f"/payments?client={firm.bolt.id}").text


def test_a_payment_shows_its_parts_and_what_is_left(firm: Firm, rhea: Walker) -> None:
    document = firm.open()
    payment = firm.learn(15000, (document, 12000))
    page = words(rhea.get(f"/payments/{payment.id}").text)
    assert "£150.00 from Acme" in page
    assert "Not taken up yet £30.00" in page


def test_a_payment_in_another_currency_says_what_it_was_worth(firm: Firm, rhea: Walker) -> None:
    payment = firm.learn(15000)
    with transaction():
        payment.currency, payment.exchange_rate = "EUR", Decimal("0.855")
    page = words(rhea.get(f"/payments/{payment.id}").text)
    assert "Exchange rate 0.855 GBP for 1 EUR Worth £128.25" in page


def test_the_list_says_what_is_left_of_each(firm: Firm, rhea: Walker) -> None:
    firm.learn(15000, (firm.open(), 12000))
    firm.learn(500)
    page = words(rhea.get("/payments").text)
    assert "INV-00001 Part applied £30.00 left £150.00" in page
    assert "nothing yet Not applied £5.00 left £5.00" in page


def test_a_payment_that_was_taken_back_says_so(firm: Firm, rhea: Walker) -> None:
    payment = firm.learn(500)
    with transaction():
        remove_learnt(payment.id, PaymentState.REMOVED)
    assert "Removed" in words(rhea.get("/payments").text)


def test_an_empty_list_says_where_payments_come_from(rhea: Walker) -> None:
    assert "payments received there arrive here" in rhea.get("/payments").text


def test_a_stranger_finds_nothing(firm: Firm, xavier: Walker) -> None:
    assert xavier.get(f"/payments/{firm.learn(500).id}").status_code == 404
