"""A clerk who does all that can be done to a company's books, in whatever order; whatever is refused is left."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from flask import Flask

from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.switches import SWITCHES
from tests.simulator.client import Body, Client
from tests.simulator.conftest import world_of

SOLD, BOUGHT = ("Invoice", "CreditMemo"), ("Bill", "VendorCredit")
DOCUMENTS = (*SOLD, "Payment", *BOUGHT, "BillPayment")
PARTIES = ("Customer", "Vendor")
_LOOSE = ("delete_with_payment", "void_with_payment", "deactivate_with_balance", "tax_rounding", "duplicate_number")
"""Switches whose other answers let more through."""
_AUTOMATIC = ("AutoApplyCredit", "AutoApplyPayments", "CustomTxnNumbers")


class Clerk:
    """Works in one company through the API, and as its bookkeeper through the control API."""

    def __init__(self, application: Flask, realm: str) -> None:
        self.api = Client(application, realm)
        self.realm = realm
        self.world = world_of(application)
        self.chance = Random()
        self.refused = 0

    @property
    def books(self) -> Books:
        return self.world.books[self.realm]

    def do(self, act: str, chance: int) -> None:
        """One act, its choices drawn from `chance`."""
        self.chance = Random(chance)
        ACTS[act](self)

    def _any(self, *kinds: str) -> tuple[str, Body] | None:
        """Some live record."""
        found = [(kind, one) for kind in kinds for one in self.books.shelves[kind].facts if one.isdigit()]
        if not found:
            return None
        kind, record_id = self.chance.choice(found)
        return kind, self.books.get(kind, record_id) or {}

    def _party(self, kind: str) -> Body:
        found = self._any(kind)
        assert found is not None
        return found[1]

    def _money(self) -> Decimal:
        return Decimal(self.chance.choice([1, 5, 999, 10_000, self.chance.randrange(1, 50_000)])) / 100

    def _write(self, word: str, body: Body) -> None:
        self._noted(self.api.post(word, body).status_code)

    def _noted(self, status: int) -> None:
        assert status in {200, 201, 400}, status
        self.refused += status == 400

    def _by_hand(self, kind: str, record: Body, act: str, **wanted: object) -> None:
        path = f"/_simulator/companies/{self.realm}/records/{kind}/{record['Id']}/{act}"
        self._noted(self.api.http.post(path, json=wanted).status_code)

    def _lines(self, kind: str) -> list[Body]:
        codes = ["TAX", "NON"] if self.books.country == "US" else ["6", "5", "4", "10", "12"]
        if kind in SOLD:
            details = [{"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": self.chance.choice(codes)}}]
            type_of = "SalesItemLineDetail"
        else:
            account = self._party("Account")["Id"]
            details = [{"AccountRef": {"value": account}, "TaxCodeRef": {"value": self.chance.choice(codes)}}]
            type_of = "AccountBasedExpenseLineDetail"
        return [
            {"DetailType": type_of, "Amount": str(self._money()), type_of: detail}
            for detail in details * self.chance.randrange(1, 4)
        ]

    def _draft(self, kind: str) -> Body:
        """A document that would pass, of an active party."""
        party = "Customer" if kind in {*SOLD, "Payment"} else "Vendor"
        chosen = self._party(party)
        body: Body = {f"{party}Ref": {"value": chosen["Id"]}, "CurrencyRef": {"value": chosen["CurrencyRef"]["value"]}}
        if kind in BOUGHT:
            body["ExchangeRate"] = 1
        if kind in {*SOLD, *BOUGHT}:
            return body | {"Line": self._lines(kind)}
        return body | self._settlement(kind, party, chosen["Id"])

    def _settlement(self, kind: str, party: str, party_id: str) -> Body:
        """Shares of what a party has open, perhaps too much; its credits beside it."""
        debit, credit = ("Invoice", "CreditMemo") if kind == "Payment" else ("Bill", "VendorCredit")
        lines = [line for one in (debit, credit) for line in self._shares(one, party, party_id)]
        signs = {debit: 1, credit: -1}
        owed = sum((Decimal(line["Amount"]) * signs[line["LinkedTxn"][0]["TxnType"]] for line in lines), Decimal(0))
        total = max(owed, Decimal(0)) + self.chance.choice([Decimal(0), Decimal(0), self._money()])
        cheque = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}
        return {"TotalAmt": str(total), "Line": lines} | (cheque if kind == "BillPayment" else {})

    def _shares(self, kind: str, party: str, party_id: str) -> list[Body]:
        shelf = self.books.shelves[kind]
        found = [shelf.get(one) or {} for one in shelf.find(f"{party}Ref", party_id)]
        chosen = self.chance.sample(found, min(len(found), self.chance.randrange(3)))
        shares = []
        for one in chosen:
            left = Decimal(one["Balance"])
            share = self.chance.choice([left, left, (left / 2).quantize(Decimal("0.01")), left + 1])
            shares.append({"Amount": str(share), "LinkedTxn": [{"TxnId": one["Id"], "TxnType": kind}]})
        return shares

    def write_new(self) -> None:
        kind = self.chance.choice([*SOLD, *SOLD, "Payment", "Payment", *BOUGHT, "BillPayment", "BillPayment"])
        self._write(kind.lower(), self._draft(kind))

    def settle(self) -> None:
        kind = self.chance.choice(["Payment", "BillPayment"])
        self._write(kind.lower(), self._draft(kind))

    def name_new(self) -> None:
        kind = self.chance.choice(PARTIES)
        body: Body = {"DisplayName": f"Party {self.chance.randrange(30)}"}
        if kind == "Customer" and self.chance.random() < 0.5:
            body["ParentRef"] = {"value": self._party("Customer")["Id"]}
            body["Job"] = True
        self._write(kind.lower(), body)

    def change(self) -> None:
        found = self._any(*DOCUMENTS)
        if found:
            kind, record = found
            self._write(kind.lower(), self._changed(kind, record))

    def _changed(self, kind: str, record: Body) -> Body:
        """Sparse or full, of another content, another party, or nothing."""
        known = {"Id": record["Id"], "SyncToken": record["SyncToken"]}
        draft = self._draft(kind)
        if self.chance.random() < 0.3:
            return draft | known
        party = "CustomerRef" if "CustomerRef" in record else "VendorRef"
        names = self.chance.sample(sorted(draft), self.chance.randrange(1, len(draft) + 1))
        sent = {name: draft[name] for name in names} | {"PrivateNote": str(self.chance.random())}
        kept = {} if self.chance.random() < 0.2 else {party: record[party], "CurrencyRef": record["CurrencyRef"]}
        means = {"PayType": "Check"} if kind == "BillPayment" else {}
        return sent | kept | means | known | {"sparse": True}

    def void(self) -> None:
        self._end("void")

    def delete(self) -> None:
        self._end("delete")

    def _end(self, operation: str) -> None:
        found = self._any(*DOCUMENTS)
        if found:
            kind, record = found
            self._write(f"{kind.lower()}?operation={operation}", {name: record[name] for name in ("Id", "SyncToken")})

    def several(self) -> None:
        """A batch of creations, changes and deletions."""
        items = []
        for number in range(self.chance.randrange(1, 6)):
            kind = self.chance.choice(DOCUMENTS)
            found = self._any(kind)
            draft = {"operation": "create", kind: self._draft(kind)}
            if found and self.chance.random() < 0.5:
                operation = self.chance.choice(["update", "delete"])
                draft = {"operation": operation, kind: self._changed(kind, found[1])}
            items.append({"bId": str(number)} | draft)
        self._write("batch", {"BatchItemRequest": items})

    def set_aside(self) -> None:
        """A party is made inactive, or woken."""
        kind = self.chance.choice(PARTIES)
        record = self._party(kind)
        self._by_hand(kind, record, "edit", Active=not record["Active"])

    def rename(self) -> None:
        kind = self.chance.choice(PARTIES)
        self._by_hand(kind, self._party(kind), "edit", DisplayName=f"Renamed {self.chance.randrange(20)}")

    def merge(self) -> None:
        kind = self.chance.choice(PARTIES)
        self._by_hand(kind, self._party(kind), "merge", into=self._party(kind)["Id"])

    def deposit(self) -> None:
        found = self._any("Payment")
        if found:
            self._by_hand(*found, "deposit")

    def send(self) -> None:
        found = self._any(*SOLD)
        if found:
            self._noted(self.api.post(f"{found[0].lower()}/{found[1]['Id']}/send?sendTo=a@b.example", {}).status_code)

    def turn(self) -> None:
        switch = self.chance.choice([one for one in SWITCHES if one.name in _LOOSE])
        self.api.control("switches", {switch.name: self.chance.choice([switch.default, *switch.others])})

    def prefer(self) -> None:
        chosen = {self.chance.choice(_AUTOMATIC): self.chance.random() < 0.5}
        self.api.control(f"companies/{self.realm}/preferences", {"SalesFormsPrefs": chosen})

    def wait(self) -> None:
        self.api.control("clock", {"advance_seconds": self.chance.randrange(1, 86_400)})


ACTS: dict[str, Callable[[Clerk], None]] = {
    act.__name__: act
    for act in (
        Clerk.write_new, Clerk.settle, Clerk.name_new, Clerk.change, Clerk.void, Clerk.delete, Clerk.several,
        Clerk.set_aside, Clerk.rename, Clerk.merge, Clerk.deposit, Clerk.send, Clerk.turn, Clerk.prefer, Clerk.wait,
    )
}  # fmt: skip
