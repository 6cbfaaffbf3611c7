"""Whatever a bookkeeper does and whatever becomes of the webhooks: after catching up both sides agree to the penny."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from app.sync.comparing.drifts import RunState
from tests.proving import SEED, Budget
from tests.sync.bookkeeper import FAMILY, GIVEN, Bookkeeper, sides
from tests.sync.books import Books
from tests.sync.catching_up import catch_up
from tests.sync.ledger import Ledger

A_FEW, MANY = 8, 30


def agree(books: Books, seed: object, acts: int) -> Bookkeeper:
    """One plan, one catching up; nothing that was done is missing, nothing is there twice."""
    ledger = Ledger(books)
    ledger.given(GIVEN)
    ledger.play(FAMILY)
    bookkeeper = Bookkeeper(ledger, Random(str(seed)))
    bookkeeper.work(acts)
    catch_up(books)
    while books.take_in():
        pass
    assert sides(ledger) == [], f"seed {seed}: {'; '.join(bookkeeper.diary)}"
    return bookkeeper


def test_both_sides_agree_after_any_plan_and_any_post(books: Books) -> None:
    agree(books, SEED, A_FEW)


@pytest.mark.prove(weight=2)
def test_both_sides_agree_after_many_plans(
    books: Books, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    plans = acts = 0
    while not (plans and budget.is_used_up()):
        acts += len(agree(books, f"{SEED} {plans}", MANY).diary)
        plans += 1
    run = books.compare()
    assert (run.state, run.drifts, run.payments_found) == (RunState.DONE, 0, 0)
    record_property("bookkeeper's plans", plans)
    record_property("bookkeeper's acts", acts)
