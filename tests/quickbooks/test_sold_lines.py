"""The lines of a document as QuickBooks writes them."""

from __future__ import annotations

from decimal import Decimal

from app.quickbooks.sold_lines import LineSeen, lines_of

SOLD = {
    "Description": "January support",
    "Amount": 100,
    "DetailType": "SalesItemLineDetail",
    "SalesItemLineDetail": {
        "ItemRef": {"value": "1"},
        "UnitPrice": "33.333",
        "Qty": 3,
        "TaxCodeRef": {"value": "NON"},
    },
}
SEEN = LineSeen("January support", 10000, "1", "NON", Decimal(3), Decimal("33.333"))


def test_a_sold_line_is_read_and_the_subtotal_left_out() -> None:
    subtotal = {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert lines_of({"Line": [SOLD, subtotal]}) == (SEEN,)


def test_a_group_is_told_by_its_lines() -> None:
    group = {"Amount": 100, "DetailType": "GroupLineDetail", "GroupLineDetail": {"Line": [SOLD, SOLD]}}
    assert lines_of({"Line": [group]}) == (SEEN, SEEN)


def test_a_discount_takes_off_and_words_are_a_comment() -> None:
    discount = {"Amount": 5, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    words = {"Description": "Thank you", "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}}
    assert lines_of({"Line": [discount, words]}) == (LineSeen("", -500), LineSeen("Thank you", 0, is_comment=True))


def test_what_is_not_there_is_unknown() -> None:
    (seen,) = lines_of({"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}]})
    assert (seen.item_id, seen.quantity, seen.unit_price) == ("", None, None)
