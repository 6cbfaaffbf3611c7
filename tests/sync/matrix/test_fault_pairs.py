"""Two faults in a row at one call: whatever follows whatever, in the end both sides agree."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.proving import SEED, Budget
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.matrix.fault_matrix import CELLS, FAULTS
from tests.sync.matrix.fault_scenes import CALLS, Scene
from tests.sync.matrix.nearby import NearbySimulation
from tests.sync.matrix.striking import catch_up_again, faults_in, heal, order, settle_down, struck

Pair = tuple[str, str, str]


def pairs() -> list[Pair]:
    """Every two faults that one call can meet: (the first, the second, the call)."""
    may_be = [cell for cell, end in CELLS.items() if not end.startswith("-")]
    return [(first, second, name) for first, name in may_be for second, other in may_be if other == name]


def play(books: Books, pair: Pair) -> list[str]:
    """Strike the call, strike it again when it is made again, and heal; what is not as it should be."""
    first, second, name = pair
    with struck(books, first, name) as scene:
        _clear(books)
        order(books, FAULTS[second], CALLS[name], name)
        _go_on(books, scene)
        heal(books, scene)
        return list(faults_in(books, scene))


def _clear(books: Books) -> None:
    simulated = books.simulation
    assert isinstance(simulated, NearbySimulation)
    simulated.clear()
    simulated.line.is_down = lambda _request: False


def _go_on(books: Books, scene: Scene) -> None:
    weather.hurry()
    books.send()
    if scene.paid:
        books.take_in()
    if scene.missed:
        catch_up_again(books)


def test_a_few_pairs_of_faults_leave_both_sides_agreed(books: Books) -> None:
    chance = random.Random(SEED)
    for pair in chance.sample(pairs(), 8):
        assert play(books, pair) == [], f"{pair}, seed {SEED}"
        settle_down(books)


@pytest.mark.prove
def test_pairs_of_faults_leave_both_sides_agreed(
    books: Books, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    """All of them in an order by chance, as far as the budget goes."""
    all_pairs, played = pairs(), 0
    random.Random(SEED).shuffle(all_pairs)
    for pair in all_pairs:
        assert play(books, pair) == [], f"{pair}, seed {SEED}"
        settle_down(books)
        played += 1
        if budget.is_used_up():
            break
    record_property("fault pairs", played)
