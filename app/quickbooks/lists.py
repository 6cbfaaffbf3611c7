"""What is kept of a record of one of the company's lists: little, and only what mapping and matching ask for (pure).

Amounts and percentages are text of their own digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.quickbooks.answers import Entity, ref
from app.quickbooks.errors import UnknownOutcome
from app.quickbooks.reading import number, part, parts, said, text

MIRRORED = ("Customer", "Item", "Account", "TaxCode", "Term")
"""The lists that are mirrored of every company."""
CLASSES, LOCATIONS = "Class", "Department"
"""The lists that are mirrored of a company that sorts its sales by them; others may not even have them (3.16)."""


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
    details = parts(part(code, "SalesTaxRateList"), "TaxRateDetail")
    ids = [ref(detail, "TaxRateRef") for detail in details]
    if any(rate_id not in percents for rate_id in ids):
        return None
    return sum((percents[rate_id] for rate_id in ids), Decimal(0))


def percents_of(rates: Iterable[Entity]) -> dict[str, Decimal]:
    """{TaxRate id: percentage} of some TaxRate records; a rate without a number is left out."""
    found = {}
    for rate in rates:
        percent = said(rate, "RateValue")
        if percent is None:
            continue
        try:
            found[text(rate, "Id")] = number(percent)
        except UnknownOutcome:
            continue
    return found


_ADDRESS = {
    "line1": "Line1",
    "line2": "Line2",
    "city": "City",
    "region": "CountrySubDivisionCode",
    "postcode": "PostalCode",
    "country": "Country",
}


def _customer(record: Entity) -> dict[str, Any]:
    return {
        "email": text(part(record, "PrimaryEmailAddr"), "Address"),
        "company": said(record, "CompanyName"),
        "currency": ref(record, "CurrencyRef"),
        "term": ref(record, "SalesTermRef"),
        "tax_code": ref(record, "DefaultTaxCodeRef"),
        "parent": ref(record, "ParentRef"),
        "phone": text(part(record, "PrimaryPhone"), "FreeFormNumber"),
        **{name: text(part(record, "BillAddr"), theirs) for name, theirs in _ADDRESS.items()},
    }


def _item(record: Entity) -> dict[str, Any]:
    price = said(record, "UnitPrice")
    return {
        "type": said(record, "Type"),
        "sku": said(record, "Sku"),
        "description": said(record, "Description"),
        "unit_price": None if price is None else str(price),
        "income_account": ref(record, "IncomeAccountRef"),
        "tax_code": ref(record, "SalesTaxCodeRef"),
        "taxable": said(record, "Taxable"),
    }


def _account(record: Entity) -> dict[str, Any]:
    return {
        "type": said(record, "AccountType"),
        "sub_type": said(record, "AccountSubType"),
        "classification": said(record, "Classification"),
        "currency": ref(record, "CurrencyRef"),
    }


def _tax_code(record: Entity) -> dict[str, Any]:
    return {
        "description": said(record, "Description"),
        "taxable": said(record, "Taxable"),
        "hidden": said(record, "Hidden"),
    }


def _term(record: Entity) -> dict[str, Any]:
    return {
        "type": said(record, "Type"),
        "due_days": said(record, "DueDays"),
        "day_of_month": said(record, "DayOfMonthDue"),
        "next_month_days": said(record, "DueNextMonthDays"),
    }


_ESSENCE: dict[str, Callable[[Entity], dict[str, Any]]] = {
    "Customer": _customer,
    "Item": _item,
    "Account": _account,
    "TaxCode": _tax_code,
    "Term": _term,
    **dict.fromkeys((CLASSES, LOCATIONS), lambda record: {"parent": ref(record, "ParentRef")}),
    "PaymentMethod": lambda record: {"type": said(record, "Type")},
}
