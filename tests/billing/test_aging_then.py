"""Aged debtors as of a day: at a month's end they agree with the statements up to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.billing import aging, aging_then, invoicing, receiving, statement
from app.billing.aging import Wanted
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.owing import Account
from app.billing.payment import Payment
from app.foundation.database import transaction
from app.sync.payments.unapplied import credits_of
from tests.billing.firm import ANN, TODAY, Firm

MARCH = [TODAY + timedelta(days=days) for days in range(-5, 40)]


def on(day: date, document: Document, due: int | None = None) -> Document:
    with transaction():
        document.issue_date, document.due_date = day, day + timedelta(days=due) if due is not None else None
    return document


def paid(firm: Firm, day: date, pence: int, *parts: tuple[Document, int]) -> Payment:
    with transaction():
        return receiving.apply_learnt(replace(firm.facts(pence, *parts), received_on=day, reference=f"{day}"))


def wanted(day: date) -> Wanted:
    return Wanted(day, credits_of(until=day))


def by_statements(firm: Firm, day: date) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for client in (firm.acme, firm.bolt):
        for account in statement.accounts_ever(client.id):
            told = statement.statement_of(account, day - timedelta(days=400), day, {})
            found[client.id, account.currency] += told.closing_pence
    return Counter({key: pence for key, pence in found.items() if pence})


@pytest.fixture
def history(firm: Firm) -> Firm:
    """All that happens to an account: part payments, credit, too much, ahead of the invoice, taken back, void."""
    first, second = on(TODAY, firm.open(), 14), on(TODAY + timedelta(days=3), firm.open(firm.line("50")))
    ahead, note = on(TODAY + timedelta(days=20), firm.open()), firm.open(firm.line("10"), kind=DocumentKind.CREDIT_NOTE)
    on(TODAY + timedelta(days=8), note)
    on(TODAY + timedelta(days=9), firm.open(client=firm.bolt), 30)
    void = on(TODAY, firm.open())
    with transaction():
        invoicing.void(void, "", actor=ANN)
    paid(firm, TODAY + timedelta(days=5), 5000, (first, 5000))
    paid(firm, TODAY + timedelta(days=10), 9000, (second, 7000))
    paid(firm, TODAY + timedelta(days=12), 15000, (ahead, 12000), (first, 3000))
    paid(firm, TODAY + timedelta(days=25), 0, (first, 1200), (note, 1200))
    gone = paid(firm, TODAY + timedelta(days=6), 100, (first, 100))
    with transaction():
        receiving.remove_learnt(gone.id, gone.state.VOID)
    return firm


def test_on_every_day_they_come_to_what_the_statements_do(history: Firm) -> None:
    for day in MARCH:
        lines = aging_then.debtors(wanted(day))
        told = {(row.client_id, row.currency): row.total_pence for row in lines if row.total_pence}
        assert told == by_statements(history, day), day


def test_what_was_paid_later_was_open_then_and_has_its_age_of_then(history: Firm) -> None:
    acme, bolt = aging_then.debtors(wanted(TODAY + timedelta(days=18)))
    assert (acme.by_age, acme.credit_pence) == ((0, 4000, 0, 0, 0), 2000 + 12000 + 1200 + 1000)
    assert bolt.by_age == (12000, 0, 0, 0, 0)


def test_today_both_ways_say_the_same(history: Firm) -> None:
    day = MARCH[-1]
    asked = wanted(day)
    then, now = aging_then.debtors(asked), aging.debtors(asked)
    assert then == now
    assert aging_then.totals_of(then) == aging.totals(asked)
    assert aging_then.page_of_lines(then, 9, per_page=1) == aging.page(asked, 9, per_page=1)


def test_an_account_has_the_line_that_its_statement_comes_to(history: Firm) -> None:
    account = Account(history.acme.id, history.entity.id, "GBP")
    for day in MARCH:
        line = aging_then.on_account(account, day, credits_of([account.client_id], until=day))
        told = statement.statement_of(account, day - timedelta(days=10), day, {})
        assert (line.total_pence if line else 0) == told.closing_pence, day
    assert aging_then.on_account(replace(account, currency="EUR"), day, {}) is None


def test_a_search_and_a_billing_entity_narrow_them(history: Firm) -> None:
    day = MARCH[-1]
    assert [row.client_name for row in aging_then.debtors(replace(wanted(day), search="bol"))] == ["Bolt"]
    assert aging_then.debtors(Wanted(day, {}, entity_id=history.entity.id + 1)) == []
