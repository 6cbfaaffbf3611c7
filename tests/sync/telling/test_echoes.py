"""What QuickBooks adds to a record says nothing against what was told; what is missing or otherwise does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.sync.telling.echoes import says_all

TOLD: dict[str, Any] = {
    "DocNumber": "INV-1",
    "CustomerRef": {"value": "7"},
    "CustomerMemo": {"value": ""},
    "Line": [{"Description": "Support", "Amount": Decimal("100.00"), "SalesItemLineDetail": {"Qty": 1}}],
}
THERE: dict[str, Any] = {
    "Id": "12",
    "DocNumber": "INV-1-2",
    "CustomerRef": {"value": "7", "name": "Acme Ltd"},
    "Line": [
        {"Id": "1", "Description": "Support ", "Amount": Decimal("100.0"), "SalesItemLineDetail": {"Qty": Decimal(1)}},
        {"Amount": Decimal("100.0"), "DetailType": "SubTotalLineDetail"},
    ],
}


def test_what_was_added_says_nothing_against_it() -> None:
    assert says_all(TOLD, THERE)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"CustomerRef": {"value": "8"}},
        {"CustomerMemo": {"value": "Thank you"}},
        {"Line": []},
        {"Line": [*THERE["Line"], {"Description": "One more", "DetailType": "DescriptionOnly"}]},
        {"Line": [THERE["Line"][0] | {"Amount": Decimal("100.01")}]},
        {"Line": [THERE["Line"][0] | {"Description": "Hardware"}]},
    ],
)
def test_what_is_missing_or_otherwise_does(otherwise: dict[str, Any]) -> None:
    assert not says_all(TOLD, THERE | otherwise)
