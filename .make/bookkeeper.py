"""The bookkeeper of the demo: pays invoices in the simulator by a seeded plan, in full, in part, one over many."""

import http
import random
import threading
import urllib.error
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal import Portal
from processes import ask

PAYMENTS = 520
_PENNY = Decimal("0.01")
_AT_ONCE = 50


@dataclass(frozen=True)
class Books:
    """The simulator's control API of one company."""

    simulator: str
    realm: str

    def records(self, kind: str, last: int = 0) -> Iterator[dict[str, Any]]:
        """Every living record of a kind, as QuickBooks itself shows it; only those whose id comes after `last`."""
        after: Any = last
        while after is not None:
            page = ask(f"{self.simulator}/_simulator/companies/{self.realm}/records/{kind}?after={after}&limit=500")
            yield from page["records"]
            after = page["next"]

    def pay(self, payments: list[dict[str, Any]]) -> int:
        """Receive payments; returns how many were taken."""
        taken = 0
        for start in range(0, len(payments), _AT_ONCE):
            address = f"{self.simulator}/_simulator/companies/{self.realm}/payments"
            answer = ask(address, payments[start : start + _AT_ONCE])
            taken += sum(1 for one in answer["payments"] if one)
        return taken

    def handle(self, kind: str, record_id: str, act: str, wanted: dict[str, Any]) -> bool:
        """Edit, void or delete a record; whether QuickBooks allowed it."""
        try:
            ask(f"{self.simulator}/_simulator/companies/{self.realm}/records/{kind}/{record_id}/{act}", wanted)
        except urllib.error.HTTPError as refused:
            if refused.code != http.HTTPStatus.BAD_REQUEST:
                raise
            return False
        return True


@dataclass
class TameBookkeeper:
    """Waits until all documents are there, then pays; whoever works twice on the same books pays only once."""

    books: Books
    seed: int
    made: int = 0

    def work(self, over: threading.Event) -> None:
        """Do nothing while documents arrive."""
        over.wait()

    def finish(self) -> None:
        """Pay by the plan unless payments were made before."""
        before = sum(1 for _payment in self.books.records("Payment"))
        self.made = before or self.books.pay(plan(list(self.books.records("Invoice")), random.Random(self.seed)))

    def received(self, portal: Portal) -> tuple[int, int]:
        """(payments that came back, payments that were made)."""
        return portal.payments(), self.made

    def figures(self, _portal: Portal) -> dict[str, Any]:
        """How many payments the company has."""
        return {"payments_made": self.made}


def plan(invoices: list[dict[str, Any]], lot: random.Random) -> list[dict[str, Any]]:
    """Half in full, a quarter in part, a quarter one payment over several invoices of a client (pure)."""
    by_customer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for invoice in invoices:
        if Decimal(str(invoice["Balance"])) > 0:
            by_customer[invoice["CustomerRef"]["value"]].append(invoice)
    payments: list[dict[str, Any]] = []
    customers = sorted(by_customer)
    lot.shuffle(customers)
    for customer in customers:
        open_ones = by_customer[customer]
        while open_ones and len(payments) < PAYMENTS:
            payments.append(_payment(customer, open_ones, lot))
    return payments


def _payment(customer: str, open_ones: list[dict[str, Any]], lot: random.Random) -> dict[str, Any]:
    """One payment; the invoices it touches leave the list, for each is paid once."""
    share = lot.random()
    several = 2 + lot.randrange(3) if share >= 0.75 and len(open_ones) > 1 else 1
    chosen = [open_ones.pop() for _ in range(min(several, len(open_ones)))]
    amounts = [Decimal(str(invoice["Balance"])) for invoice in chosen]
    if share < 0.25 and amounts[0] > _PENNY:
        amounts[0] = max((amounts[0] / 2).quantize(_PENNY), _PENNY)
    parts = [
        {"invoice_id": invoice["Id"], "amount": f"{amount:.2f}"}
        for invoice, amount in zip(chosen, amounts, strict=True)
    ]
    return {"customer": customer, "total": f"{sum(amounts):.2f}", "allocations": parts}
