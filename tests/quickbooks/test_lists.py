"""What is kept of a company's lists."""

from decimal import Decimal
from typing import Any

import pytest

from app.quickbooks import lists

RATES: list[dict[str, Any]] = [
    {"Id": "3", "RateValue": Decimal(20)},
    {"Id": "11", "RateValue": Decimal(20)},
    {"Id": "12", "RateValue": Decimal(-20)},
    {"Id": "5", "RateValue": Decimal("5.5")},
    {"Id": "99"},
]


def code(*rates: str) -> dict[str, Any]:
    """Give a tax code with these rates on sales."""
    return {"Id": "6", "SalesTaxRateList": {"TaxRateDetail": [{"TaxRateRef": {"value": rate}} for rate in rates]}}


@pytest.mark.parametrize(
    ("record", "rate"),
    [
        (code("3"), Decimal(20)),
        (code("5"), Decimal("5.5")),
        (code("11", "12"), Decimal(0)),
        (code(), Decimal(0)),
        ({"Id": "NON"}, Decimal(0)),
        (code("3", "77"), None),
        (code("99"), None),
    ],
)
def test_a_code_adds_the_sum_of_its_rates_on_sales(record: dict[str, Any], rate: Decimal | None) -> None:
    assert lists.sales_rate(record, lists.percents_of(RATES)) == rate


def test_names_are_compared_as_quickbooks_compares_them() -> None:
    assert lists.folded("  Harbour \t CAFÉ ") == lists.folded("harbour café")


def test_only_what_mapping_asks_for_is_kept() -> None:
    item = {"Type": "Service", "UnitPrice": Decimal("0.10"), "IncomeAccountRef": {"value": "1"}, "Sku": ""}
    assert lists.essence("Item", item) == {"type": "Service", "unit_price": "0.10", "income_account": "1"}
    assert lists.essence("Term", {"DueDays": 0}) == {"due_days": 0}
    assert lists.essence("Account", {"AccountType": "Income"}) == {"type": "Income"}
    with pytest.raises(KeyError):
        lists.essence("Vendor", {})
