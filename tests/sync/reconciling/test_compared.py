"""How much of what arrived a comparison has seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.sync.reconciling.compared import Company, Compared, verdict

BEGAN = datetime(2026, 3, 2, 2, tzinfo=UTC)
BEFORE, AFTER = BEGAN - timedelta(minutes=1), BEGAN + timedelta(minutes=1)
SEEN = Company(BEGAN, 5, BEFORE)
NEW = Company(None, None, None)


def test_what_arrived_before_the_comparison_began_was_seen() -> None:
    assert verdict([SEEN]) is Compared.ALL


def test_what_arrived_while_it_ran_or_later_was_not() -> None:
    assert verdict([Company(BEGAN, 5, AFTER)]) is Compared.BEFORE


def test_a_comparison_of_no_documents_or_none_at_all_has_seen_nothing() -> None:
    assert {verdict([]), verdict([NEW]), verdict([Company(BEGAN, 0, AFTER)])} == {Compared.NOTHING}


def test_one_company_that_was_not_compared_spoils_the_rest_and_an_empty_one_does_not() -> None:
    assert verdict([SEEN, NEW]) is Compared.BEFORE
    assert verdict([SEEN, Company(BEGAN, 0, None)]) is Compared.ALL
