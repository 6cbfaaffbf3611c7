"""The bookkeeper of one company, at work in QuickBooks itself: receives payments, sometimes changes what we sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from app.quickbooks import marker
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.kinds.by_hand import change, receive_payment
from tests.simulated.house import House

Record = dict[str, Any]
_PENNY = Decimal("0.01")


@dataclass(repr=False)
class Bookkeeper:
    """Changes the books directly; what is not allowed there is not done. `touched` are documents of ours changed."""

    house: House
    realm: str
    lot: Random
    touched: dict[str, str] = field(default_factory=dict)
    """{id of a document: what was done to it}, besides paying it."""
    deleted: set[marker.Marker] = field(default_factory=set)
    """Documents of ours that were removed for good: none of them may come again."""

    @property
    def books(self) -> Books:
        """The company's books."""
        return self.house.world.books[self.realm]

    def pay(self) -> bool:
        """Receive a payment for one invoice or several of a customer: in full, in part, or too much."""
        owed = [row for row in self.ours("Invoice") if Decimal(str(row["Balance"])) > 0]
        if not owed:
            return False
        first = self.lot.choice(owed)
        others = [row for row in owed if row["CustomerRef"] == first["CustomerRef"] and row is not first]
        chosen = [first, *self.lot.sample(others, min(len(others), self.lot.choice((0, 0, 0, 1, 2))))]
        return self._act("pay", lambda: receive_payment(self.books, self._payment(chosen)))

    def _payment(self, invoices: list[Record]) -> Record:
        shares = [Decimal(str(row["Balance"])) for row in invoices]
        if self.lot.random() < 0.3 and shares[0] > 1:
            shares[0] = (shares[0] / 2).quantize(_PENNY)
        unapplied = Decimal(5) if self.lot.random() < 0.1 else Decimal(0)
        parts = [{"invoice_id": row["Id"], "amount": share} for row, share in zip(invoices, shares, strict=True)]
        customer = invoices[0]["CustomerRef"]["value"]
        return {"customer": customer, "total": sum(shares) + unapplied, "allocations": parts}

    def take_back(self) -> bool:
        """Delete or void a payment."""
        payments = self.books.shelves["Payment"].all()
        if not payments:
            return False
        payment, operation = self.lot.choice(payments), self.lot.choice(("delete", "void"))
        return self._act(operation, lambda: change(self.books, "Payment", payment["Id"], operation))

    def edit(self) -> bool:
        """Make an invoice of ours say something else: another quantity, or only a memo."""
        if not (rows := self.ours("Invoice")):
            return False
        row = self.lot.choice(rows)
        wanted = (
            {"CustomerMemo": {"value": f"seen {self.lot.randrange(1000)}"}} if self.lot.random() < 0.3 else more(row)
        )
        return self._touch("edit", row, lambda: change(self.books, "Invoice", row["Id"], "update", wanted=wanted))

    def void(self) -> bool:
        """Void an invoice of ours."""
        if not (rows := self.ours("Invoice")):
            return False
        row = self.lot.choice(rows)
        return self._touch("void", row, lambda: change(self.books, "Invoice", row["Id"], "void"))

    def delete(self) -> bool:
        """Delete a document of ours."""
        kind = self.lot.choice(("Invoice", "CreditMemo"))
        if not (rows := self.ours(kind)):
            return False
        row = self.lot.choice(rows)
        done = self._touch("delete", row, lambda: change(self.books, kind, row["Id"], "delete"))
        found = marker.find(row.get("PrivateNote"))
        if done and found is not None:
            self.deleted.add(found)
        return done

    def deactivate(self) -> bool:
        """Make a customer inactive, or an inactive one active again."""
        row = self.lot.choice(self.books.shelves["Customer"].all())
        return self._turn(row, active=not row.get("Active", True))

    def reactivate_all(self) -> None:
        """Make every customer active again."""
        for row in self.books.shelves["Customer"].all():
            if not row.get("Active", True):
                self._turn(row, active=True)

    def _turn(self, row: Record, *, active: bool) -> bool:
        wanted = {"Active": active, "DisplayName": row["DisplayName"]}
        return self._act("activity", lambda: change(self.books, "Customer", row["Id"], "update", wanted=wanted))

    def ours(self, kind: str) -> list[Record]:
        """The live documents of a kind that we sent."""
        return [row for row in self.books.shelves[kind].all() if marker.find(row.get("PrivateNote"))]

    def _touch(self, word: str, row: Record, act: Callable[[], object]) -> bool:
        done = self._act(word, act)
        if done:
            self.touched[row["Id"]] = word
        return done

    def _act(self, word: str, act: Callable[[], object]) -> bool:
        """Do it, unless QuickBooks refuses; webhooks tell of it."""
        try:
            with self.house.world.turn():
                act()
        except Refusal as refusal:
            self.house.network.note("refused", self.realm, word, str(refusal))
            return False
        self.house.network.note("bookkeeper", self.realm, word)
        self.house.post.collect_soon()
        return True


def more(row: Record) -> Record:
    """One more of what its first line sells."""
    lines = [dict(line) for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    detail = dict(lines[0]["SalesItemLineDetail"])
    detail["Qty"] = Decimal(str(detail.get("Qty", 1))) + 1
    price = Decimal(str(detail.get("UnitPrice", lines[0]["Amount"])))
    lines[0] |= {
        "SalesItemLineDetail": detail | {"UnitPrice": price},
        "Amount": (detail["Qty"] * price).quantize(_PENNY),
    }
    return {"Line": lines}
