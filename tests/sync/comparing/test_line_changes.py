"""Which lines differ, and what a bookkeeper did to them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quickbooks.sold_lines import LineSeen
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.line_changes import changes, explained, one_cause, pairs

SUPPORT = LineSeen("Support", 1000, "7", "3", Decimal(1), Decimal(10))
DISCOUNT = LineSeen("Discount 10%: Support", -100, "7", "3")
COMMENT = LineSeen("Thank you", 0, is_comment=True)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"amount_pence": 2000, "quantity": Decimal(2)}, DriftCause.QUANTITY),
        ({"amount_pence": 2000, "unit_price": Decimal(20)}, DriftCause.PRICE),
        ({"amount_pence": 4000, "unit_price": Decimal(20), "quantity": Decimal(2)}, DriftCause.PRICE),
        ({"tax_code_id": "4"}, DriftCause.TAX_CODE),
    ],
)
def test_what_was_done_to_a_line_is_named(changed: dict[str, object], cause: DriftCause) -> None:
    (change,) = changes([SUPPORT, DISCOUNT], [SUPPORT._replace(**changed), DISCOUNT])  # type: ignore[arg-type]
    assert (change.cause, change.at) == (cause, 1)


def test_words_quantities_told_as_an_amount_and_comments_are_no_difference() -> None:
    as_amount = SUPPORT._replace(quantity=None, unit_price=None, description="Help")
    assert changes([COMMENT, SUPPORT], [as_amount, COMMENT._replace(description="Bye")]) == []


def test_a_tax_code_that_nobody_knows_any_more_is_no_difference() -> None:
    assert changes([SUPPORT._replace(tax_code_id="")], [SUPPORT]) == []


def test_many_lines_are_told_in_short() -> None:
    found = changes([], [SUPPORT] * 5)
    assert one_cause(found) is DriftCause.LINE_ADDED
    assert explained(found, "GBP", {}).endswith("£10.00. 2 more lines differ.")


LINES = st.lists(st.sampled_from([SUPPORT, DISCOUNT, COMMENT, SUPPORT._replace(amount_pence=5)]), max_size=6)


@given(LINES, LINES)
def test_each_line_of_both_sides_is_told_once(ours: list[LineSeen], theirs: list[LineSeen]) -> None:
    found = pairs(ours, theirs)
    assert sorted(mine for mine, _seen in found if mine is not None) == list(range(len(ours)))
    assert sorted(seen for _mine, seen in found if seen is not None) == list(range(len(theirs)))
