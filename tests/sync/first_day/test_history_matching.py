"""Which record in QuickBooks is a document of ours: agreeing in all four, or put before a person with what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.outbox.models import Subject
from app.quickbooks.answers import DocumentSeen
from app.sync.first_day.history_matching import Match, Ours, Sameness, match

THE_THIRD = date(2026, 3, 3)
OURS = Ours(
    subject=Subject("invoice", 1),
    number="INV-7",
    client_name="Acme Ltd",
    customer_id=None,
    issue_date=THE_THIRD,
    total_pence=12_000,
    currency="GBP",
)
THEIRS = DocumentSeen(
    id="70",
    sync_token="0",
    doc_number="INV-7",
    total_pence=12_000,
    tax_pence=2_000,
    balance_pence=12_000,
    txn_date=THE_THIRD,
    customer_id="5",
    customer_name="Acme Limited",
    currency="GBP",
    updated_at=None,
    voided=False,
    deleted=False,
    private_note="",
    links=(),
)


def matched(*theirs: DocumentSeen, ours: Ours = OURS, entity: str = "Invoice") -> Match:
    (found,) = match([ours], {(entity, one.id): one for one in theirs})
    return found


def test_one_that_agrees_in_all_four_is_exact() -> None:
    assert matched(THEIRS).sameness is Sameness.EXACT


def test_a_penny_of_rounding_is_no_difference() -> None:
    assert matched(replace(THEIRS, total_pence=12_001)).sameness is Sameness.EXACT
    assert matched(replace(THEIRS, total_pence=12_002)).sameness is Sameness.AMBIGUOUS


def test_where_their_tax_is_not_known_here_totals_agree_without_it() -> None:
    untaxed = replace(OURS, total_pence=10_000, is_untaxed=True)
    assert matched(THEIRS, ours=untaxed).sameness is Sameness.EXACT
    assert matched(replace(THEIRS, doc_number="1"), ours=untaxed).candidates[0].differs == ("it has the number 1",)
    assert matched(THEIRS, ours=replace(untaxed, is_untaxed=False)).sameness is Sameness.AMBIGUOUS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total_pence": 12_500}, "its total is £125.00"),
        ({"txn_date": date(2026, 3, 4)}, "it is dated 4 March 2026"),
        ({"customer_name": "Bolt Ltd"}, "it is billed to “Bolt Ltd”"),
        ({"doc_number": "1007"}, "it has the number 1007"),
        ({"currency": "EUR"}, "it is in EUR"),
    ],
)
def test_what_differs_in_one_thing_is_put_before_a_person(change: dict[str, object], said: str) -> None:
    found = matched(replace(THEIRS, **change))  # type: ignore[arg-type]
    assert (found.sameness, found.candidates[0].differs) == (Sameness.AMBIGUOUS, (said,))


def test_a_day_there_is_told_as_where_we_bill_from() -> None:
    found = matched(replace(THEIRS, txn_date=date(2026, 3, 4)), ours=replace(OURS, country="US"))
    assert found.candidates[0].differs == ("it is dated March 4, 2026",)


def test_a_client_that_is_linked_is_known_by_its_customer_not_by_its_name() -> None:
    assert matched(THEIRS, ours=replace(OURS, customer_id="5", client_name="Other")).sameness is Sameness.EXACT
    assert matched(THEIRS, ours=replace(OURS, customer_id="6")).sameness is Sameness.AMBIGUOUS


def test_two_that_agree_and_one_that_two_of_ours_want_are_for_a_person() -> None:
    twice = matched(THEIRS, replace(THEIRS, id="71"))
    assert (twice.sameness, len(twice.candidates)) == (Sameness.AMBIGUOUS, 2)
    both = match([OURS, replace(OURS, subject=Subject("invoice", 2))], {("Invoice", "70"): THEIRS})
    assert {one.sameness for one in both} == {Sameness.AMBIGUOUS}


def test_another_kind_and_what_shares_only_a_sum_are_not_it() -> None:
    assert matched(THEIRS, entity="CreditMemo").sameness is Sameness.NONE
    stranger = replace(THEIRS, doc_number="9", customer_name="Bolt Ltd")
    assert matched(stranger).sameness is Sameness.NONE


def test_the_one_that_differs_least_comes_first() -> None:
    late = replace(THEIRS, id="69", txn_date=date(2026, 5, 5), total_pence=1)
    assert [one.seen.id for one in matched(late, THEIRS).candidates] == ["70", "69"]


def test_what_it_was_linked_to_before_a_disconnect_is_put_before_a_person_whatever_differs() -> None:
    theirs = replace(THEIRS, doc_number="1008", txn_date=date(2026, 2, 9), total_pence=1)
    assert matched(theirs).sameness is Sameness.NONE
    (candidate,) = matched(theirs, ours=replace(OURS, was_linked_to=theirs.id)).candidates
    assert len(candidate.differs) == 3
