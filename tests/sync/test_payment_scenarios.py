"""Every scenario ends as the table says, however its webhooks come: in order, twice, turned round, never."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.billing.timeline import entries
from app.sync.comparing.drifts import RunState
from tests.simulation import Call
from tests.sync.books import Books
from tests.sync.ledger import Ledger
from tests.sync.payment_scenarios import SCENARIOS, Scenario

COMING: dict[str, Callable[[list[Call]], list[Call]]] = {
    "in order": list,
    "twice": lambda calls: [*calls, *calls],
    "turned round": lambda calls: calls[::-1],
    "never": lambda _calls: [],
}


def played(books: Books, scenario: Scenario, coming: str) -> Ledger:
    ledger = Ledger(books)
    ledger.given(scenario.given)
    ledger.play(scenario.acts)
    ledger.carry(COMING[coming](ledger.calls))
    return ledger


def expected(scenario: Scenario) -> dict[str, str]:
    return {name: standing for name, _space, standing in (end.partition(" ") for end in scenario.ends.split(", "))}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_both_sides_stand_as_the_bookkeeper_expects(books: Books, scenario: Scenario) -> None:
    ledger = played(books, scenario, "in order")
    assert {name: ledger.standing(name) for name in expected(scenario)} == expected(scenario)
    if scenario.tells:
        verbs = [entry.verb for entry in reversed(entries(ledger.documents["A"].subject))]
        assert " ".join(verb.removeprefix("payment_") for verb in verbs if "payment" in verb) == scenario.tells


OTHERWISE = ("twice", "turned round", "never")
IN_TURN = [(scenario, OTHERWISE[number % 3]) for number, scenario in enumerate(SCENARIOS)]
ALL_OTHERS = [(scenario, coming) for scenario in SCENARIOS for coming in OTHERWISE]


def names(cases: list[tuple[Scenario, str]]) -> list[str]:
    return [f"{scenario.name}, {coming}" for scenario, coming in cases]


@pytest.mark.parametrize(("scenario", "coming"), IN_TURN, ids=names(IN_TURN))
def test_however_webhooks_come_the_comparison_finds_no_difference(
    books: Books, scenario: Scenario, coming: str
) -> None:
    compared(books, scenario, coming)


@pytest.mark.prove
@pytest.mark.parametrize(("scenario", "coming"), ALL_OTHERS, ids=names(ALL_OTHERS))
def test_every_scenario_in_every_way_of_coming(books: Books, scenario: Scenario, coming: str) -> None:
    compared(books, scenario, coming)


def compared(books: Books, scenario: Scenario, coming: str) -> None:
    ledger = played(books, scenario, coming)
    run = books.compare()
    assert (run.state, run.drifts) == (RunState.DONE, 0)
    documents = {name: standing for name, standing in expected(scenario).items() if name in ledger.documents}
    assert {name: ledger.standing(name) for name in documents} == documents
