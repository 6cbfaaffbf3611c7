"""What is open on both sides: each open balance with what its difference comes from, and nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.quickbooks.answers import DocumentSeen
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.comparing.sides import Ours
from app.sync.comparing.surveying import Left
from app.sync.reconciling.open_sums import Part, Sides, Sum, parted, sums, together
from tests.sync.comparing.test_sides import MINE, THEIRS

KEY = ("Invoice", "7")


def sides(ours: Sequence[Ours], theirs: dict[tuple[str, str], DocumentSeen], left: Sequence[Left] = ()) -> Sides:
    return Sides(ours, left, theirs, "GBP")


def told(cause: DriftCause, remote_id: str = "7") -> Difference:
    return Difference(cause=cause, entity="Invoice", remote_id=remote_id, label="", ours="", theirs="")


def test_the_same_balance_on_both_sides_agrees() -> None:
    assert sums(sides([MINE], {KEY: THEIRS}), []) == {("GBP", Part.AGREES): Sum(1, 12000, 12000)}


def test_what_is_settled_on_both_sides_is_no_part_of_it() -> None:
    paid = replace(MINE, settled_pence=12000)
    assert sums(sides([paid], {KEY: replace(THEIRS, balance_pence=0)}), []) == {}


def test_a_balance_that_differs_stands_with_the_difference_that_is_listed() -> None:
    seen = {KEY: replace(THEIRS, balance_pence=7000)}
    found = sums(sides([MINE], seen), [told(DriftCause.DATE), told(DriftCause.PAID_THERE)])
    assert found == {("GBP", DriftCause.PAID_THERE): Sum(1, 12000, 7000)}


def test_of_several_differences_of_an_amount_the_first_names_it() -> None:
    seen = {KEY: replace(THEIRS, total_pence=24000, balance_pence=24000)}
    found = sums(sides([MINE], seen), [told(DriftCause.PRICE), told(DriftCause.QUANTITY)])
    assert found == {("GBP", DriftCause.PRICE): Sum(1, 12000, 24000)}


def test_where_total_and_payments_differ_each_difference_stands_with_its_own_cause() -> None:
    seen = {KEY: replace(THEIRS, total_pence=24000, balance_pence=20000)}
    found = sums(sides([MINE], seen), [told(DriftCause.PRICE), told(DriftCause.PAID_THERE)])
    assert found == {
        ("GBP", DriftCause.PAID_THERE): Sum(1, 12000, 8000),
        ("GBP", DriftCause.PRICE): Sum(1, 0, 12000),
    }


def test_what_nothing_lists_is_said_to_be_unexplained() -> None:
    seen = {KEY: replace(THEIRS, balance_pence=1)}
    assert set(sums(sides([MINE], seen), [])) == {("GBP", Part.UNEXPLAINED)}
    assert set(sums(sides([replace(MINE, just_paid=True)], seen), [])) == {("GBP", Part.JUST_PAID)}


def test_void_and_deleted_documents_are_not_open() -> None:
    seen = {KEY: replace(THEIRS, deleted=True), ("Invoice", "8"): replace(THEIRS, voided=True)}
    void = replace(MINE, remote_id="8", is_void=True)
    assert sums(sides([MINE, void], seen), [told(DriftCause.REMOVED_THERE)]) == {
        ("GBP", DriftCause.REMOVED_THERE): Sum(1, 12000, 0)
    }


def test_an_open_credit_note_counts_down() -> None:
    credit = replace(MINE, kind="credit_note", entity="CreditMemo")
    found = sums(sides([credit], {("CreditMemo", "7"): THEIRS}), [])
    assert found["GBP", Part.AGREES] == Sum(1, -12000, -12000)


def test_what_only_one_side_has_is_counted_there() -> None:
    left = [Left(("Invoice", ""), "EUR", 500), Left(KEY, "GBP", 700)]
    others = {KEY: THEIRS, ("Invoice", "8"): replace(THEIRS, currency=""), ("Invoice", "9"): THEIRS}
    assert sums(sides([], others, left), [told(DriftCause.ONLY_THERE, "9")]) == {
        ("EUR", Part.NOT_SENT): Sum(1, 500, 0),
        ("GBP", Part.LEFT_OUT): Sum(1, 700, 12000),
        ("GBP", Part.OLDER): Sum(1, 0, 12000),
        ("GBP", DriftCause.ONLY_THERE): Sum(1, 0, 12000),
    }


def test_another_currency_there_is_open_in_that_one() -> None:
    found = sums(sides([MINE], {KEY: replace(THEIRS, currency="EUR")}), [told(DriftCause.CURRENCY)])
    assert found == {("GBP", "currency"): Sum(1, 12000, 0), ("EUR", "currency"): Sum(1, 0, 12000)}


def test_parted_and_put_together_the_sums_are_the_same() -> None:
    other = replace(MINE, remote_id="8")
    whole = sides(
        [MINE, other],
        {KEY: THEIRS, ("Invoice", "8"): replace(THEIRS, balance_pence=1), ("Invoice", "9"): THEIRS},
        [Left(("Invoice", ""), "GBP", 5)],
    )
    apart, rest = parted(whole)
    assert list(apart.compared) == [other]
    assert together(sums(apart, []), sums(rest, [])) == sums(whole, [])
