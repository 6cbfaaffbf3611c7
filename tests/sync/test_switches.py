"""Where sources about Intuit disagree, the engine keeps its invariants whichever is right (§11 of the reference)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.error import HTTPError

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.quickbooks.realm import Realm
from app.simulator.bookkeeping.switches import SWITCHES, SwitchValue
from app.sync.comparing.drifts import DriftCause, RunState
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.ledger import Ledger

COUNTED: dict[str, SwitchValue] = {
    "refresh_rotation_seconds": 0, "access_token_seconds": 1, "retry_after_seconds": 1, "request_id_hours": 1,
    "webhook_delay_seconds": 0, "webhook_retry_scale": 0, "metered_reads": 10_000,
}  # fmt: skip
"""Another answer for each switch that takes any number."""
PLAYED = [one for one in SWITCHES if one.source.startswith("§")]
ALTERNATIVES = [(one.name, other) for one in PLAYED for other in (one.others or (COUNTED.get(one.name),))]
ALWAYS = [("tax_rounding", "per_line"), ("void_with_payment", "unapply")]
"""Played in every run of the tests: other figures, and a paid invoice that is voided."""
VARIANCES: dict[tuple[str, SwitchValue], int] = {("tax_rounding", "per_line"): 1}
BY_HAND = {"void_with_payment", "delete_with_payment"}
"""With these the bookkeeper can end an invoice that is paid."""


@dataclass
class Story:
    """Invoices in a batch, a change, a void, a payment and a credit, in all the weather the switches speak of."""

    books: Books
    ledger: Ledger

    def send_all(self) -> None:
        """Six documents in one envelope that is throttled, refused for its token, done and never answered."""
        for effect in ("throttle", "unauthorized", "lost_after"):
            weather.order(self.books, effect, kind="batch")
        self.ledger.documents["R"] = self.books.firm.open(*[self.books.firm.line("0.03") for _ in range(9)])
        self.ledger.given("A 120, B 240, C -60, D 60, E 12")
        self._finish()

    def amend(self) -> None:
        """D costs twice as much, E is void."""
        changed, void = self.fresh("D"), self.fresh("E")
        with transaction():
            invoicing.change(changed, self.books.firm.content(self.books.firm.line("100")), actor=ANN)
            invoicing.void(void, "twice", actor=ANN)
        self._finish()

    def _finish(self) -> None:
        """Tell all; what a throttled call has to wait for is over at once."""
        for _pause in range(4):
            self.books.engine.quickbooks.governor.resume(Realm(REALM, "live"))
            weather.settle_all(self.books)

    def settle(self) -> None:
        """A is paid, C is used for B; the tokens expire meanwhile."""
        self.books.simulation.control(f"companies/{REALM}/expire")
        self.ledger.play("P=120 A120; Z=0 B60 C60; .")
        self.books.take_in()

    def end_by_hand(self) -> None:
        """The bookkeeper would void A and delete B, if QuickBooks lets it happen."""
        for name, act in (("A", "void"), ("B", "delete")):
            with suppress(HTTPError):
                self.books.simulation.handle(*self.ledger.remote(name), act)
        self.ledger.carry(self.books.simulation.webhooks())
        self.books.take_in()

    def fresh(self, name: str) -> Document:
        return self.books.fresh(self.ledger.documents[name])

    def numbers_there(self) -> list[str]:
        """The numbers of all our documents in QuickBooks."""
        kinds = ("Invoice", "CreditMemo")
        return sorted(str(row["DocNumber"]) for kind in kinds for row in weather.there(self.books, kind))

    def figures_here(self) -> dict[str, tuple[int, int]]:
        """What each document asks for and what is open of it; a void one asks for nothing, as there."""
        rows = {name: self.fresh(name) for name in self.ledger.documents}
        return {
            name: (row.owed_pence * (row.status is not DocumentStatus.VOID), row.balance_pence)
            for name, row in rows.items()
        }

    def figures_there(self) -> dict[str, tuple[int, int]]:
        """Total and balance of each document in QuickBooks, in pence."""
        rows = {name: self.books.simulation.record(*self.ledger.remote(name)) for name in self.ledger.documents}
        return {name: (pence(row["TotalAmt"]), pence(row["Balance"])) for name, row in rows.items()}


def pence(amount: float) -> int:
    return round(amount * 100)


def play(books: Books, name: str, value: SwitchValue) -> None:
    books.simulation.control("switches", {name: value})
    story = Story(books, Ledger(books))
    story.send_all()
    story.amend()
    story.settle()
    assert story.numbers_there() == sorted(str(row.number) for row in story.ledger.documents.values())
    assert {weather.state(row) for row in story.ledger.documents.values()} == {MessageState.DONE}
    assert story.figures_here() == story.figures_there()
    assert [story.ledger.standing(one) for one in "ABDP"] == ["paid", "partly 180", "open 120", "0"]
    run = books.compare()
    assert (run.state, run.variances, books.drifts()) == (RunState.DONE, VARIANCES.get((name, value), 0), [])
    story.end_by_hand()
    books.compare()
    told = {drift.cause for drift in books.drifts()}
    assert told <= {DriftCause.VOIDED_THERE, DriftCause.REMOVED_THERE, DriftCause.PAYMENT_EDITED}
    assert bool(told) == (name in BY_HAND)


@pytest.mark.parametrize(("name", "value"), ALWAYS)
def test_some_alternatives_end_as_the_usual_answer_does(books: Books, name: str, value: SwitchValue) -> None:
    play(books, name, value)


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
def test_each_alternative_ends_as_the_usual_answer_does(books: Books, name: str, value: SwitchValue) -> None:
    play(books, name, value)


def test_every_switch_that_counts_has_another_answer_to_be_played() -> None:
    assert all(value is not None for _, value in ALTERNATIVES)
