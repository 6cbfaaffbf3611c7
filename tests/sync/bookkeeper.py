"""A bookkeeper who does by chance whatever bookkeepers do with payments, and a post that loses, repeats and mixes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from urllib.error import HTTPError

from tests.simulation import REALM, Call
from tests.sync.catching_up import catch_up
from tests.sync.ledger import Ledger

GIVEN = "A 120, B 60, D 36, E@Bolt 48, F@Bolt 99.96, C -30, G -72"
FAMILY = "E below A"
OF_ACME, OF_BOLT, CREDITS = "ABD", "EF", "CG"
_ACTS = ("pay", "pay", "pay", "edit", "edit", "edit", "void", "delete", "note", "touch", "post", "post", "catch_up")


@dataclass
class Bookkeeper:
    """One plan as it is carried out; `diary` says what was done, for whoever has to understand a failure."""

    ledger: Ledger
    rng: Random
    diary: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    def work(self, acts: int) -> None:
        """So many acts, among them visits of the post; what QuickBooks refuses is left undone."""
        for _act in range(acts):
            getattr(self, f"_{self.rng.choice(_ACTS)}")()

    def _pay(self) -> None:
        self._try(f"P{len(self.ledger.payments)}")

    def _edit(self) -> None:
        for name in self._any():
            self._try(name)

    def _try(self, name: str) -> None:
        shares = self._shares()
        credit = sum(amount for letter, amount in shares.items() if letter in CREDITS)
        paid = sum(amount for letter, amount in shares.items() if letter not in CREDITS)
        total = max(paid - credit, Decimal(0)) + self.rng.choice([Decimal(0), Decimal(0), Decimal("12.34")])
        # Whose document comes first pays: the parent, wherever one of its own is among them.
        ordered = sorted(shares.items(), key=lambda share: share[0] in OF_BOLT)
        parts = " ".join(f"{letter}{amount}" for letter, amount in ordered)
        self._play(f"{name}={total} {parts}".strip())

    def _shares(self) -> dict[str, Decimal]:
        """Of one client's documents, or a parent's and its sub-account's: each its balance, some of it, or a penny."""
        letters = self.rng.choice([OF_ACME + CREDITS, OF_ACME, OF_BOLT, OF_ACME + OF_BOLT])
        chosen = self.rng.sample(letters, self.rng.randint(0, min(3, len(letters))))
        shares = {letter: self._some(self._owed(letter)) for letter in chosen}
        return {letter: amount for letter, amount in shares.items() if amount}

    def _some(self, owed: Decimal) -> Decimal:
        return self.rng.choice([owed, owed, (owed / 3).quantize(Decimal("0.01")), min(owed, Decimal("0.01"))])

    def _owed(self, letter: str) -> Decimal:
        return Decimal(str(self.ledger.books.simulation.record(*self.ledger.remote(letter))["Balance"]))

    def _void(self) -> None:
        self._handle("void")

    def _delete(self) -> None:
        self.deleted |= set(self._handle("delete"))

    def _note(self) -> None:
        self._handle("note")

    def _touch(self) -> None:
        self._play(f"{self.rng.choice(sorted(self.ledger.documents))} note")

    def _handle(self, act: str) -> list[str]:
        chosen = self._any()
        for name in chosen:
            self._play(f"{name} {act}")
        return chosen

    def _any(self) -> list[str]:
        """One of the payments that are there, if there is any."""
        there = sorted(self.ledger.payments.keys() - self.deleted)
        return [self.rng.choice(there)] if there else []

    def _play(self, act: str) -> None:
        try:
            self.ledger.play(act)
            self.diary.append(act)
        except HTTPError:
            self.diary.append(f"({act})")

    def _catch_up(self) -> None:
        self.diary.append("caught up")
        catch_up(self.ledger.books)

    def _post(self) -> None:
        """Some calls are lost, some come later, some twice, and those that come do so in any order."""
        carried, later = list[Call](), list[Call]()
        for call in self.ledger.calls:
            fate = self.rng.choice(["lost", "later", "once", "twice"])
            later += [call] if fate in {"later", "twice"} else []
            carried += [call] if fate in {"once", "twice"} else []
        self.rng.shuffle(carried)
        self.diary.append(f"{len(carried)} of {len(self.ledger.calls)} webhooks")
        self.ledger.carry(carried)
        self.ledger.calls = later


def sides(ledger: Ledger) -> list[str]:
    """Every document and payment about which the two sides do not say the same, to the penny."""
    return [said for name in ledger.documents if (said := _document(ledger, name))] + [
        said for name in ledger.payments if (said := _payment(ledger, name))
    ]


def _document(ledger: Ledger, name: str) -> str:
    theirs = Decimal(str(ledger.books.simulation.record(*ledger.remote(name))["Balance"]))
    ours = Decimal(ledger.books.fresh(ledger.documents[name]).balance_pence) / 100
    return "" if ours == theirs else f"{name} owes {ours} here and {theirs} there"


def _payment(ledger: Ledger, name: str) -> str:
    theirs, ours = _there(ledger, name), ledger.divided(name)
    return "" if ours == theirs else f"{name} is divided {ours} here and {theirs} there"


def _there(ledger: Ledger, name: str) -> dict[str, Decimal]:
    """{letter of a document: its share}; nothing of a payment that is gone, or void."""
    of = {ledger.remote(letter): letter for letter in ledger.documents}
    try:
        record = ledger.books.simulation.look(f"companies/{REALM}/records/Payment/{ledger.payments[name]}")
    except HTTPError:
        return {}
    return {
        of[link["TxnType"], link["TxnId"]]: Decimal(str(line["Amount"]))
        for line in record.get("Line", ())
        for link in line["LinkedTxn"]
        if line["Amount"]
    }
