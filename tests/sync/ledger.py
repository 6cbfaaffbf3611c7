"""A bookkeeper's shorthand for payments: what is open, what is done in QuickBooks, and how both sides stand at the end.

Documents:  "A 120"      an invoice over £120, "C -30" a credit note over £30, both open and in QuickBooks.
            "D@Bolt 60"  one of another client.
Acts:       "P=120 A120"       receive a payment of £120, all of it for A; a known payment is edited instead.
            "Z=0 A30 C30"      use £30 of the credit note C for the invoice A.
            "P void", "P delete", "A void", "A delete", "P note" (touched without a change)
            "D below A"         the customer of D becomes a sub-customer of that of A
            "."                webhooks are carried to the portal now
Ends:       "A paid", "A open 120", "A partly 70" (still owed), "P 10" (unapplied), "P void", "P gone", "P unknown"
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Payment, PaymentState
from app.foundation.database import db
from app.sync.records.links import Link
from tests.simulation import REALM, Call
from tests.sync.books import Books

STATUS = {
    DocumentStatus.OPEN: "open",
    DocumentStatus.PARTIALLY_PAID: "partly",
    DocumentStatus.PAID: "paid",
    DocumentStatus.VOID: "void",
}
STATE = {PaymentState.VOID: "void", PaymentState.REMOVED: "gone"}


@dataclass
class Ledger:
    """One scenario as it is played."""

    books: Books
    documents: dict[str, Document] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    """{name: the payment's id there}."""
    calls: list[Call] = field(default_factory=list)
    """Webhook calls that were not carried to the portal yet, the oldest first."""

    def given(self, text: str) -> None:
        """Open what is listed, and send it."""
        for entry in text.split(", "):
            name, gross = entry.split()
            letter, _at, client = name.partition("@")
            price = str(abs(Decimal(gross)) / Decimal("1.2"))
            kind = DocumentKind.CREDIT_NOTE if gross.startswith("-") else DocumentKind.INVOICE
            of = self.books.firm.bolt if client == "Bolt" else self.books.firm.acme
            self.documents[letter] = self.books.firm.open(self.books.firm.line(price), kind=kind, client=of)
        self.books.send()
        self.books.simulation.webhooks()

    def play(self, text: str) -> None:
        """Act after act, each followed by what QuickBooks tells of it."""
        for act in text.split("; "):
            if act == ".":
                self.carry(self.calls)
                self.calls = []
            else:
                self._act(act)
                self.calls += self.books.simulation.webhooks()

    def carry(self, calls: list[Call]) -> None:
        """Bring calls to the portal, in this order."""
        self.books.listen_to(calls)

    def standing(self, name: str) -> str:
        """How a document or a payment stands here, in the words of `ends`."""
        return self._document(name) if name in self.documents else self._payment(name)

    def remote(self, name: str) -> tuple[str, str]:
        """(kind, id) there."""
        if name in self.payments:
            return "Payment", self.payments[name]
        link = self.books.link(self.documents[name])
        return link.entity, link.remote_id

    def _act(self, act: str) -> None:
        name, *rest = act.split()
        if "=" in name:
            self._receive(name, rest)
        elif rest == ["note"]:
            self.books.simulation.handle(*self.remote(name), "edit", PrivateNote="looked at")
        elif rest[0] == "below":
            self._put_below(name, rest[1])
        else:
            self.books.simulation.handle(*self.remote(name), rest[0])

    def _put_below(self, name: str, parent: str) -> None:
        below, above = (self.books.customer(self.documents[letter]) for letter in (name, parent))
        self.books.simulation.handle("Customer", below, "edit", Job=True, ParentRef={"value": above})

    def _receive(self, name: str, shares: list[str]) -> None:
        letter, _is, total = name.partition("=")
        first = self.documents[shares[0][0]] if shares else next(iter(self.documents.values()))
        wanted = {
            "CustomerRef": {"value": self.books.customer(first)},
            "TotalAmt": float(total),
            "Line": [self._line(share) for share in shares],
        }
        if letter in self.payments:
            self.books.simulation.handle("Payment", self.payments[letter], "edit", **wanted)
        else:
            made = self.books.simulation.control(f"companies/{REALM}/records/Payment", wanted)
            self.payments[letter] = str(made["Id"])

    def _line(self, share: str) -> dict[str, object]:
        kind, remote_id = self.remote(share[0])
        return {"Amount": float(share[1:]), "LinkedTxn": [{"TxnId": remote_id, "TxnType": kind}]}

    def _document(self, name: str) -> str:
        row = self.books.fresh(self.documents[name])
        owed = Decimal(row.balance_pence) / 100
        return STATUS[row.status] if row.status is DocumentStatus.PAID else f"{STATUS[row.status]} {owed.normalize():f}"

    def _payment(self, name: str) -> str:
        row = self._row(name)
        if row is None:
            return "unknown"
        rest = Decimal(row.unapplied_pence) / 100
        return STATE.get(row.state) or f"{rest.normalize():f}"

    def divided(self, name: str) -> dict[str, Decimal]:
        """{letter of a document: the part of a payment that is applied to it here}; nothing of one taken back."""
        row = self._row(name)
        if row is None or row.state is not PaymentState.LIVE:
            return {}
        of = {document.id: letter for letter, document in self.documents.items()}
        return {of[part.document_id]: Decimal(part.amount_pence) / 100 for part in row.allocations}

    def _row(self, name: str) -> Payment | None:
        linked = select(Link.subject_id).where(Link.entity == "Payment", Link.remote_id == self.payments[name])
        found = db.session.scalar(linked)
        return None if found is None else db.session.get(Payment, found, populate_existing=True)
