"""Both sides' totals by month and currency: each document in its month, credit notes counted down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.reconciling.run_totals import in_all, sums
from tests.sync.comparing.test_sides import MINE, THEIRS

MARCH, APRIL = (date(2026, 3, 1), "GBP"), (date(2026, 4, 1), "GBP")


def test_what_is_missing_there_counts_here_alone() -> None:
    found = sums([MINE], {}, [])
    assert (found[MARCH].documents, found[MARCH].ours, found[MARCH].theirs) == (1, 12000, 0)


def test_what_was_dated_otherwise_there_stands_in_another_month_there() -> None:
    found = sums([MINE], {("Invoice", "7"): replace(THEIRS, txn_date=date(2026, 4, 9))}, [])
    assert [(found[place].ours, found[place].theirs) for place in (MARCH, APRIL)] == [(12000, 0), (0, 12000)]


def test_a_credit_note_counts_down_and_a_void_document_not_at_all() -> None:
    credit = replace(MINE, kind="credit_note", entity="CreditMemo")
    void = replace(MINE, is_void=True, remote_id="8")
    found = sums([credit, void], {("CreditMemo", "7"): THEIRS}, [])
    assert (found[MARCH].ours, found[MARCH].theirs) == (-12000, -12000)


def test_what_is_only_there_counts_there() -> None:
    alone = Difference(cause=DriftCause.ONLY_THERE, entity="Invoice", remote_id="7", label="", ours="", theirs="")
    found = sums([], {("Invoice", "7"): replace(THEIRS, currency="EUR")}, [alone])
    assert found[date(2026, 3, 1), "EUR"].theirs == 12000


def test_the_whole_is_the_sum_of_the_months_of_its_currency() -> None:
    gone, later = replace(MINE, remote_id="8"), replace(MINE, remote_id="9", issue_date=date(2026, 4, 2))
    euros = replace(MINE, remote_id="10", currency="EUR")
    theirs = {("Invoice", "7"): THEIRS, ("Invoice", "8"): replace(THEIRS, deleted=True)}
    assert in_all(sums([MINE, gone, later, euros], theirs, []), "GBP") == (36000, 12000)
