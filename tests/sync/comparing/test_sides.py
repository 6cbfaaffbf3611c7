"""Both sides as values: what is a difference, what is rounding, what is neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.quickbooks.answers import DocumentSeen
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.sides import ONLY_VOID_HERE, Comparison, Ours, compare

DAY = date(2026, 3, 2)
MINE = Ours(
    kind="invoice",
    subject_id=1,
    number="INV-1",
    entity="Invoice",
    remote_id="7",
    is_void=False,
    gross_pence=12000,
    owed_pence=12000,
    tax_pence=2000,
    settled_pence=0,
    issue_date=DAY,
    customer_id="3",
    currency="GBP",
    priced_lines=2,
)
THEIRS = DocumentSeen(
    id="7",
    sync_token="0",
    doc_number="INV-1",
    total_pence=12000,
    tax_pence=2000,
    balance_pence=12000,
    txn_date=DAY,
    customer_id="3",
    currency="GBP",
    updated_at=None,
    voided=False,
    deleted=False,
    private_note="",
    links=(),
)


def compared(mine: dict[str, object], theirs: dict[str, object]) -> Comparison:
    ours, seen = replace(MINE, **mine), replace(THEIRS, **theirs)  # type: ignore[arg-type]
    return compare([ours], {("Invoice", "7"): seen})


@pytest.mark.parametrize(
    ("mine", "theirs", "causes"),
    [
        ({}, {}, []),
        ({}, {"total_pence": 12002, "balance_pence": 12002, "tax_pence": 2002}, []),
        ({}, {"total_pence": 12003, "balance_pence": 12003, "tax_pence": 2003}, [DriftCause.TAX]),
        ({}, {"total_pence": 12001, "balance_pence": 12001}, [DriftCause.AMOUNT]),
        ({}, {"total_pence": 12400, "balance_pence": 12400, "tax_pence": 2400}, [DriftCause.TAX]),
        ({}, {"doc_number": "X"}, [DriftCause.NUMBER]),
        ({}, {"txn_date": date(2026, 3, 3)}, [DriftCause.DATE]),
        ({}, {"customer_id": "4"}, [DriftCause.CUSTOMER]),
        ({}, {"balance_pence": 0}, [DriftCause.PAID_THERE]),
        ({"settled_pence": 12000}, {}, [DriftCause.PAID_HERE]),
        ({"just_paid": True}, {"balance_pence": 0}, []),
        ({"is_void": True}, {}, [DriftCause.VOIDED_THERE]),
        ({}, {"voided": True}, [DriftCause.VOIDED_THERE]),
        ({"is_void": True}, {"voided": True}, []),
        ({}, {"deleted": True}, [DriftCause.REMOVED_THERE]),
        ({}, {"currency": "GBP"}, []),
        ({}, {"currency": "EUR"}, [DriftCause.CURRENCY]),
        ({"rate": "1.17"}, {"rate": "1.1700"}, []),
        ({"rate": "1.17"}, {"rate": "1.19"}, [DriftCause.RATE]),
    ],
)
def test_each_difference_has_its_cause(
    mine: dict[str, object], theirs: dict[str, object], causes: list[DriftCause]
) -> None:
    assert [difference.cause for difference in compared(mine, theirs).differences] == causes


def test_what_is_missing_was_deleted_where_quickbooks_told_so() -> None:
    (lost,) = compare([MINE], {}).differences
    (told,) = compare([replace(MINE, was_removed=True)], {}).differences
    assert (lost.cause, told.cause) == (DriftCause.ONLY_HERE, DriftCause.REMOVED_THERE)


def test_a_rounding_is_a_variance() -> None:
    found = compared({}, {"total_pence": 12001, "balance_pence": 12001, "tax_pence": 2001})
    assert (found.variances, found.matches) == (1, 1)


def test_what_is_void_on_one_side_says_on_which() -> None:
    """No explanation means that of the cause: voided in QuickBooks, not here."""
    here, there = compared({"is_void": True}, {}), compared({}, {"voided": True})
    assert [row.explanation for row in here.differences] == [ONLY_VOID_HERE]
    assert [row.explanation for row in there.differences] == [""]


def test_a_credit_note_voided_here_and_deleted_there_is_no_difference() -> None:
    void = replace(MINE, kind="credit_note", is_void=True)
    assert compare([void], {}).differences == []


def test_a_due_date_changed_there_is_told_beside_the_date() -> None:
    mine: dict[str, object] = {"due_date": date(2026, 4, 1)}
    (due,) = compared(mine, {"due_date": date(2026, 12, 1)}).differences
    assert (due.cause, due.ours, due.theirs) == (DriftCause.DUE_DATE, "due 1 April 2026", "due 1 December 2026")
    (both,) = compared(mine, {"due_date": date(2026, 12, 1), "txn_date": date(2026, 3, 9)}).differences
    assert both.theirs == "9 March 2026, due 1 December 2026"
    assert compared({}, {"due_date": date(2026, 12, 1)}).differences == []
    (american,) = compared({**mine, "country": "US"}, {"due_date": date(2026, 12, 1)}).differences
    assert (american.ours, american.theirs) == ("due April 1, 2026", "due December 1, 2026")
