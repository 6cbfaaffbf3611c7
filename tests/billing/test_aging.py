"""Aged debtors."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.billing import aging, statement
from app.billing.aging import Debtor, Wanted, age_of
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from tests.billing.firm import TODAY, Firm


@pytest.mark.parametrize(
    ("days", "age"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)]
)
def test_an_age_is_counted_from_the_due_day(firm: Firm, days: int, age: int) -> None:
    due = TODAY - timedelta(days=days)
    assert age_of(due, TODAY) == age
    due_on(firm.open(), due)
    (row,) = aging.debtors(Wanted(TODAY, {}))
    assert row.by_age[age] == row.owed_pence == 12000


def due_on(document: Document, day: date) -> Document:
    with transaction():
        document.due_date = day
    return document


def test_what_is_paid_is_owed_no_more(firm: Firm) -> None:
    invoice, other = firm.open(), firm.open()
    firm.learn(17000, (invoice, 12000), (other, 5000))
    (row,) = aging.debtors(Wanted(TODAY, {}))
    assert (row.client_name, row.owed_pence) == ("Acme", 7000)


def test_credit_stands_beside_what_is_owed(firm: Firm) -> None:
    firm.open()
    firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    rows = aging.debtors(Wanted(TODAY, {(firm.acme.id, "GBP"): 1000, (firm.bolt.id, "EUR"): 500}))
    assert [(row.client_name, row.currency, row.credit_pence, row.total_pence) for row in rows] == [
        ("Acme", "GBP", 7000, 5000),
        ("Bolt", "EUR", 500, -500),
    ]


@pytest.mark.parametrize(
    ("paid", "applied", "credited"),
    [(0, 0, 0), (5000, 5000, 0), (12000, 12000, 0), (15000, 15000, 0), (0, 0, 6000), (15000, 15000, 6000), (900, 0, 0)],
)
def test_debtors_and_the_statement_come_to_the_same(firm: Firm, paid: int, applied: int, credited: int) -> None:
    invoice = firm.open()
    if credited:
        firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    if paid:
        firm.learn(paid, *([(invoice, applied)] if applied else []))
    rows = aging.debtors(Wanted(TODAY, {(firm.acme.id, "GBP"): paid - applied}))
    (account,) = statement.accounts_ever(firm.acme.id)
    owed = statement.statement_of(account, TODAY, TODAY + timedelta(days=400), {}).closing_pence
    assert sum(row.total_pence for row in rows) == owed == 12000 - paid - credited


def test_a_draft_is_owed_by_nobody(firm: Firm) -> None:
    firm.draft()
    assert aging.debtors(Wanted(TODAY, {})) == []


def test_sums_are_kept_apart_by_currency(firm: Firm) -> None:
    late = due_on(firm.open(), TODAY - timedelta(days=3))
    firm.open(client=firm.bolt)
    pounds, euros = aging.totals(Wanted(TODAY, {(firm.acme.id, "GBP"): 1000, (firm.bolt.id, "EUR"): 500}))
    assert (pounds.currency, pounds.by_age, pounds.credit_pence) == ("GBP", (12000, late.owed_pence, 0, 0, 0), 1000)
    assert (pounds.total_pence, pounds.overdue_pence) == (23000, 12000)
    assert (euros.currency, euros.total_pence) == ("EUR", -500)


def test_totals_are_those_of_all_pages(firm: Firm) -> None:
    firm.open()
    firm.open(client=firm.bolt)
    firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    firm.learn(15000, (firm.open(client=firm.bolt), 15000))
    wanted = Wanted(TODAY, {(firm.acme.id, "GBP"): 1000, (firm.bolt.id, "EUR"): 500})
    for currency, rows in by_currency(aging.debtors(wanted)).items():
        (total,) = (each for each in aging.totals(wanted) if each.currency == currency)
        assert total.by_age == tuple(map(sum, zip(*(row.by_age for row in rows), strict=True)))
        assert total.total_pence == sum(row.total_pence for row in rows)


def by_currency(rows: list[Debtor]) -> dict[str, list[Debtor]]:
    return {currency: [row for row in rows if row.currency == currency] for currency in {row.currency for row in rows}}


def test_a_page_holds_some_clients_and_counts_all(firm: Firm) -> None:
    for client in (firm.acme, firm.bolt):
        firm.open(client=client)
    wanted = Wanted(TODAY, {(firm.bolt.id, "EUR"): 500})
    first, last = aging.page(wanted, per_page=1), aging.page(wanted, 9, per_page=1)
    assert ([row.client_name for row in first.rows], first.total) == (["Acme"], 2)
    assert [(row.client_name, row.currency) for row in last.rows] == [("Bolt", "EUR"), ("Bolt", "GBP")]


def test_a_search_narrows_lines_and_totals(firm: Firm) -> None:
    for client in (firm.acme, firm.bolt):
        firm.open(client=client)
    wanted = Wanted(TODAY, {(firm.acme.id, "EUR"): 100, (firm.bolt.id, "GBP"): 500}, search="bOL")
    assert [row.client_name for row in aging.debtors(wanted)] == ["Bolt"]
    assert [(total.currency, total.total_pence) for total in aging.totals(wanted)] == [("GBP", 11500)]


def test_one_who_owes_nothing_any_more_but_paid_too_much_has_a_line(firm: Firm) -> None:
    firm.learn(15000, (firm.open(), 15000))
    (row,) = aging.page(Wanted(TODAY, {})).rows
    assert (row.owed_pence, row.credit_pence) == (0, 3000)
