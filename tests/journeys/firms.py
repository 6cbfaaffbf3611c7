"""Three newcomers' firms, one for each kind of company, and the file of invoices that each brings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.journeys.house import House

HEADS = ("InvoiceNo", "InvoiceDate", "Client", "Currency", "Service", "Description", "Quantity", "UnitPrice", "TaxCode")
_AREAS = (
    "Audit",
    "Backup",
    "Firewall",
    "Helpdesk",
    "Hosting",
    "Licence",
    "Mail",
    "Monitoring",
    "Patching",
    "Telephone",
)
SERVICES = tuple(f"{area}, {size}" for area, size in product(_AREAS, ("small", "medium", "large")))
"""Thirty, and the company has an item of the very same name for each."""
_LINES = 5
_CHEAPEST = 40


@dataclass(frozen=True)
class Customer:
    """Whom a firm sells to: the name on both sides, the currency, our tax code and QuickBooks' for the same."""

    name: str
    currency: str
    tax_code: str
    tax_code_there: str


@dataclass(frozen=True)
class Firm:
    """What a newcomer enters, the company that they choose, and to whom they sell."""

    label: str
    name: str
    country: str
    address: str
    realm: str
    customers: tuple[Customer, ...]
    """The first one is taxed, the second one is not."""

    def write_file(self, path: Path) -> Path:
        """Six invoices over all thirty services, as a CSV file."""
        with path.open("w", newline="") as handle:
            rows = csv.writer(handle)
            rows.writerow(HEADS)
            rows.writerows(self._rows())
        return path

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for at, service in enumerate(SERVICES):
            number = at // _LINES
            buyer, words = self.customers[number % len(self.customers)], f"{service}: November"
            yield (
                *(f"FIRST-{number + 1}", f"2026-11-{10 + number}", buyer.name, buyer.currency),
                *(service, words, 1, _CHEAPEST + at, buyer.tax_code),
            )

    def stock(self, house: House) -> None:
        """The company has the items; and somebody has typed the second invoice, which is not taxed, into it."""
        for name in SERVICES:
            item = {"Name": name, "Type": "Service", "IncomeAccountRef": {"value": "1"}}
            house.simulated(f"companies/{self.realm}/records/Item", item)
        buyer = self.customers[1]
        known = {row["DisplayName"]: row["Id"] for row in self.there(house, "Customer")}
        detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": buyer.tax_code_there}}
        total = sum(range(_CHEAPEST + _LINES, _CHEAPEST + 2 * _LINES))
        typed = {
            "CustomerRef": {"value": known[buyer.name]}, "DocNumber": "FIRST-2", "TxnDate": "2026-11-11",
            "CurrencyRef": {"value": buyer.currency},
            "Line": [{"DetailType": "SalesItemLineDetail", "Amount": total, "SalesItemLineDetail": detail}],
        }  # fmt: skip
        house.simulated(f"companies/{self.realm}/records/Invoice", typed)

    def there(self, house: House, kind: str) -> list[dict[str, object]]:
        """All records of a kind in the company."""
        found: list[dict[str, object]] = house.simulated(f"companies/{self.realm}/records/{kind}")["records"]
        return found


_BRITISH = "4 Mill Lane\nYork\nYO1 7AA"
FIRMS = (
    Firm(
        label="uk",
        name="Northgate IT Services Ltd",
        country="United Kingdom",
        address=_BRITISH,
        realm="9341450000000001",
        customers=(
            Customer("Harbour Cafe", "GBP", "20.0% S", "6"),
            Customer("Moorside Dental Practice", "GBP", "0.0% Z", "4"),
        ),
    ),
    Firm(
        label="us",
        name="Northgate IT Inc",
        country="United States",
        address="1200 Bayshore Ave\nSan Mateo CA 94401",
        realm="9341450000000002",
        customers=(
            Customer("Amy's Bird Sanctuary", "USD", "TAX", "TAX"),
            Customer("Hudson Law Group", "USD", "NON", "NON"),
        ),
    ),
    Firm(
        label="multi",
        name="Northgate Trading Ltd",
        country="United Kingdom",
        address=_BRITISH,
        realm="9341450000000003",
        customers=(
            Customer("Calder Valley Foods", "GBP", "20.0% S", "6"),
            Customer("Kontor Hafenblick GmbH", "EUR", "0.0% Z", "4"),
            Customer("Bayside Robotics Inc", "USD", "0.0% Z", "4"),
        ),
    ),
)
