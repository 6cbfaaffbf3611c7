"""The wild bookkeeper of the demo: in QuickBooks itself pays, part-pays, edits, voids and deletes by a seeded plan.

What becomes of a document follows from the seed and its number alone. So the plan is the same in every run, however
fast the documents arrive while the bookkeeper is at work already.
"""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import document_edits
from bookkeeper import Books
from document_edits import Record
from portal import Portal
from processes import ask

from app.sync.comparing.drifts import DriftCause

_FATES = ("paid",) * 6 + ("part",) * 2 + ("twice",) + ("together",) * 3 + ("edited",) * 4 + ("left",) * 4
_CHANGES = ("edit", "move", "void", "delete") + ("stay",) * 16
_PENNY = Decimal("0.01")
_SEVERAL = 4
"""How many invoices one payment is for, at most."""
_BETWEEN_ROUNDS_SECONDS = 1.0


@dataclass
class WildBookkeeper:
    """One plan as it is carried out; what QuickBooks refuses is left undone."""

    books: Books
    seed: int
    planted: dict[tuple[str, str], DriftCause] = field(default_factory=dict)
    """{(entity, id) of a document edited there: the cause by which it is to be told here}."""
    _acts: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, int] = field(default_factory=lambda: {"Invoice": 0, "CreditMemo": 0})
    _gathered: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    _spare: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))

    def work(self, over: threading.Event) -> None:
        """Handle documents as they arrive, until no more come."""
        while not over.wait(_BETWEEN_ROUNDS_SECONDS):
            self._round()

    def finish(self) -> None:
        """Handle the last documents, pay several at once, and think better of some payments."""
        self._round()
        for customer, gathered in sorted(self._gathered.items()):
            spare = self._spare[customer]
            invoices = [*gathered, *([spare.pop()] if len(gathered) == 1 and spare else [])]
            for start in range(0, len(invoices), _SEVERAL):
                chosen = invoices[start : start + _SEVERAL]
                self._pay(customer, [(invoice, _balance(invoice)) for invoice in chosen])
        for payment in list(self.books.records("Payment")):
            self._think_again(payment)

    def received(self, portal: Portal) -> tuple[int, int]:
        """(1, 1) once nothing is on its way any more."""
        hooks = ask(f"{self.books.simulator}/_simulator/webhooks")
        is_told = not hooks["waiting_events"] and not hooks["pending"]
        return int(is_told and portal.events_to_take_in() == 0), 1

    def figures(self, portal: Portal) -> dict[str, Any]:
        """What was done, what of it was found, and what is told that nobody has planted."""
        told, planted = portal.told(), {(*key, cause) for key, cause in self.planted.items()}
        records = [one for one in self.books.records("Invoice") if ("Invoice", one["Id"]) not in self.planted]
        settled = sum((Decimal(str(one["TotalAmt"])) - _balance(one) for one in records), Decimal(0))
        return {
            "payments_made": sum(1 for one in self.books.records("Payment") if Decimal(str(one["TotalAmt"]))),
            "bookkeeper": dict(sorted(self._acts.items())),
            "edits_planted": len(planted),
            "edits_found": len(planted & told),
            "drift_unexplained": len(told - planted),
            "settled_in_quickbooks": f"{settled:.2f}",
            "settled_here": portal.settled({one["Id"] for one in records}),
        }

    def _round(self) -> None:
        for entity, last in self._seen.items():
            for record in list(self.books.records(entity, last)):
                self._seen[entity] = int(record["Id"])
                self._handle(entity, record)

    def _handle(self, entity: str, record: Record) -> None:
        lot = self._lot(record["DocNumber"])
        fate = lot.choice(_FATES)
        if fate == "edited":
            self._edit(entity, record, lot)
        elif entity == "Invoice" and _balance(record) > _PENNY:
            getattr(self, f"_{fate}")(record["CustomerRef"]["value"], record)

    def _edit(self, entity: str, record: Record, lot: Random) -> None:
        edit = lot.choice(document_edits.possible(entity, record))
        if self.books.handle(entity, record["Id"], edit.act, edit.change(record)):
            self.planted[entity, record["Id"]] = edit.cause
            self._acts[f"document {edit.cause.value}"] += 1

    def _paid(self, customer: str, invoice: Record) -> None:
        self._pay(customer, [(invoice, _balance(invoice))])

    def _part(self, customer: str, invoice: Record) -> None:
        self._pay(customer, [(invoice, _half(_balance(invoice)))])

    def _twice(self, customer: str, invoice: Record) -> None:
        first = _half(_balance(invoice))
        self._pay(customer, [(invoice, first)])
        self._pay(customer, [(invoice, _balance(invoice) - first)])

    def _together(self, customer: str, invoice: Record) -> None:
        self._gathered[customer].append(invoice)

    def _left(self, customer: str, invoice: Record) -> None:
        self._spare[customer].append(invoice)

    def _pay(self, customer: str, shares: list[tuple[Record, Decimal]]) -> None:
        parts = [{"invoice_id": invoice["Id"], "amount": f"{amount:.2f}"} for invoice, amount in shares]
        total = sum(amount for _invoice, amount in shares)
        wish = {"customer": customer, "total": f"{total:.2f}", "allocations": parts}
        self._acts["payments"] += self.books.pay([{**wish, "reference": shares[0][0]["DocNumber"]}])
        self._acts["payments of several"] += int(len(parts) > 1)

    def _think_again(self, payment: Record) -> None:
        change = self._lot(f"{payment['PaymentRefNum']} {payment['TotalAmt']}").choice(_CHANGES)
        lines = [line for line in payment["Line"] if line.get("LinkedTxn")]
        wanted: Record | None = {}
        if change in {"edit", "move"}:
            wanted = self._other_share(payment, lines[0], change) if len(lines) == 1 else None
        if change != "stay" and wanted is not None:
            act = "edit" if change == "move" else change
            self._acts[f"payment {change}"] += self.books.handle("Payment", payment["Id"], act, wanted)

    def _other_share(self, payment: Record, line: Record, change: str) -> Record | None:
        """Half of it, or as much of it as an invoice can take that was left alone; None where there is none."""
        amount, link = Decimal(str(line["Amount"])), line["LinkedTxn"][0]
        if change == "edit":
            half = str(_half(amount))
            return {"TotalAmt": half, "Line": [{"Amount": half, "LinkedTxn": [link]}]}
        spare = self._spare[payment["CustomerRef"]["value"]]
        if not spare:
            return None
        other = spare.pop()
        link = {"TxnId": other["Id"], "TxnType": "Invoice"}
        return {"Line": [{"Amount": str(min(amount, _balance(other))), "LinkedTxn": [link]}]}

    def _lot(self, about: str) -> Random:
        return Random(f"{self.seed} {about}")


def _balance(record: Record) -> Decimal:
    return Decimal(str(record["Balance"]))


def _half(amount: Decimal) -> Decimal:
    return max((amount / 2).quantize(_PENNY), _PENNY)
