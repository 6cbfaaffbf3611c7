"""What is kept of a record of one of the company's lists: little, and only what mapping and matching ask for (pure).

Amounts and percentages are text of their own digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.quickbooks.answers import Entity, ref

MIRRORED = ("Customer", "Item", "Account", "TaxCode", "Term")
"""The lists that are mirrored."""


def folded(name: str) -> str:
    """A name as QuickBooks compares it: without regard to case, and any run of blanks as one."""
    return " ".join(name.split()).casefold()


def essence(entity: str, record: Entity) -> dict[str, Any]:
    """What is kept of a record beside its name; absent parts are left out. Raises KeyError for another list."""
    kept = _ESSENCE[entity](record)
    return {name: value for name, value in kept.items() if value not in (None, "")}


def sales_rate(code: Entity, percents: Mapping[str, Decimal]) -> Decimal | None:
    """The percentage a tax code adds to a sale, from its sales rates; None when one of them is unknown.

    Never from its name. Reverse charge names two rates that cancel. A code without sales rates adds nothing.
    """
    details = (code.get("SalesTaxRateList") or {}).get("TaxRateDetail") or []
    ids = [ref(detail, "TaxRateRef") for detail in details]
    if any(rate_id not in percents for rate_id in ids):
        return None
    return sum((percents[rate_id] for rate_id in ids), Decimal(0))


def percents_of(rates: Iterable[Entity]) -> dict[str, Decimal]:
    """{TaxRate id: percentage} of some TaxRate records; a rate without a number is left out."""
    found = {}
    for rate in rates:
        try:
            found[str(rate.get("Id"))] = Decimal(str(rate.get("RateValue")))
        except InvalidOperation:
            continue
    return found


def _customer(record: Entity) -> dict[str, Any]:
    return {
        "email": (record.get("PrimaryEmailAddr") or {}).get("Address"),
        "company": record.get("CompanyName"),
        "currency": ref(record, "CurrencyRef"),
        "term": ref(record, "SalesTermRef"),
        "tax_code": ref(record, "DefaultTaxCodeRef"),
        "parent": ref(record, "ParentRef"),
    }


def _item(record: Entity) -> dict[str, Any]:
    price = record.get("UnitPrice")
    return {
        "type": record.get("Type"),
        "sku": record.get("Sku"),
        "unit_price": None if price is None else str(price),
        "income_account": ref(record, "IncomeAccountRef"),
        "tax_code": ref(record, "SalesTaxCodeRef"),
        "taxable": record.get("Taxable"),
    }


def _account(record: Entity) -> dict[str, Any]:
    return {
        "type": record.get("AccountType"),
        "sub_type": record.get("AccountSubType"),
        "classification": record.get("Classification"),
        "currency": ref(record, "CurrencyRef"),
    }


def _tax_code(record: Entity) -> dict[str, Any]:
    return {
        "description": record.get("Description"),
        "taxable": record.get("Taxable"),
        "hidden": record.get("Hidden"),
    }


def _term(record: Entity) -> dict[str, Any]:
    return {
        "type": record.get("Type"),
        "due_days": record.get("DueDays"),
        "day_of_month": record.get("DayOfMonthDue"),
        "next_month_days": record.get("DueNextMonthDays"),
    }


_ESSENCE: dict[str, Callable[[Entity], dict[str, Any]]] = {
    "Customer": _customer,
    "Item": _item,
    "Account": _account,
    "TaxCode": _tax_code,
    "Term": _term,
}
