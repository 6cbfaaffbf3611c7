"""Aged debtors."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.billing import aging, statement
from app.billing.aging import AGES, Debtor, age_of, totals
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
    (row,) = aging.debtors(TODAY, {})
    assert row.by_age[age] == row.owed_pence == 12000


def due_on(document: Document, day: date) -> Document:
    with transaction():
        document.due_date = day
    return document


def test_what_is_paid_is_owed_no_more(firm: Firm) -> None:
    invoice, other = firm.open(), firm.open()
    firm.learn(17000, (invoice, 12000), (other, 5000))
    (row,) = aging.debtors(TODAY, {})
    assert (row.client_name, row.owed_pence) == ("Acme", 7000)


def test_credit_stands_beside_what_is_owed(firm: Firm) -> None:
    firm.open()
    firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    rows = aging.debtors(TODAY, {(firm.acme.id, "GBP"): 1000, (firm.bolt.id, "EUR"): 500})
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
    rows = aging.debtors(TODAY, {(firm.acme.id, "GBP"): paid - applied})
    (account,) = statement.accounts_ever(firm.acme.id)
    owed = statement.statement_of(account, TODAY, TODAY + timedelta(days=400), {}).closing_pence
    assert sum(row.total_pence for row in rows) == owed == 12000 - paid - credited


def test_a_draft_is_owed_by_nobody(firm: Firm) -> None:
    firm.draft()
    assert aging.debtors(TODAY, {}) == []


def test_sums_are_kept_apart_by_currency() -> None:
    rows = [
        Debtor(1, "Acme", "GBP", (100, 20, 0, 0, 3), 10),
        Debtor(2, "Bolt", "GBP", (1, 0, 0, 0, 0)),
        Debtor(1, "Acme", "EUR", (5, 0, 0, 0, 0)),
    ]
    pounds, euros = totals(rows)
    assert (pounds.currency, pounds.by_age, pounds.total_pence, pounds.overdue_pence) == (
        "GBP",
        (101, 20, 0, 0, 3),
        114,
        23,
    )
    assert (euros.total_pence, len(AGES)) == (5, len(euros.by_age))
