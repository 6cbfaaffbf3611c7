"""Whatever people and apps do to a company's books in whatever order, their figures agree and records only move on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from app.simulator.factory import create_simulator
from tests.proving import SEED, Budget
from tests.simulator.clerk import ACTS, DOCUMENTS, PARTIES, Clerk
from tests.simulator.client import AMERICAN, NORTHGATE, TRADING
from tests.simulator.conftest import world_of
from tests.simulator.ledger import (
    Witness,
    disagreement,
    faults_in_documents,
    faults_in_parties,
    faults_in_payments,
)  # fmt: skip

USUAL = settings(database=None, deadline=None, print_blob=False, suppress_health_check=list(HealthCheck))
OFTEN = ["write_new"] * 6 + ["settle"] * 6 + ["change"] * 5 + ["void", "delete", "several", "turn"] * 2
LOT = 10
"""Stories between two looks at the budget."""
KINDS = (*DOCUMENTS, *PARTIES)
STEPS = st.tuples(st.sampled_from([*OFTEN, *ACTS]), st.integers(0, 2**32))
REALMS = st.sampled_from([NORTHGATE, AMERICAN, TRADING])


@pytest.fixture(scope="module")
def office() -> Iterator[Flask]:
    application = create_simulator(":memory:", limits=False)
    yield application
    world_of(application).close()


def tell(office: Flask, realm: str, story: list[tuple[str, int]]) -> None:
    """Play a story from the first day on; look at the books after each step."""
    world_of(office).reset()
    clerk, witness = Clerk(office, realm), Witness()
    since = (world_of(office).clock.now() - timedelta(minutes=1)).isoformat()
    for number, (act, chance) in enumerate(story):
        before, refused = snapshot(clerk), clerk.refused
        clerk.do(act, chance)
        books = clerk.books
        found = [
            *faults_in_documents(books),
            *faults_in_payments(books),
            *faults_in_parties(books),
            *witness.faults(books),
        ]
        found += disagreement(clerk.api, books, KINDS[chance % len(KINDS)], since)
        assert not found, f"after {act}, step {number}: {found}"
        assert clerk.refused == refused or snapshot(clerk) == before, f"{act} was refused and changed something"


def snapshot(clerk: Clerk) -> dict[str, list[dict[str, Any]]]:
    return {kind: list(clerk.books.shelves[kind].all()) for kind in KINDS}


@settings(USUAL, max_examples=5, derandomize=True)
@given(realm=REALMS, story=st.lists(STEPS, min_size=15, max_size=20))
def test_in_a_few_stories_the_books_agree(office: Flask, realm: str, story: list[tuple[str, int]]) -> None:
    tell(office, realm, story)


@pytest.mark.prove
def test_in_many_stories_the_books_agree(
    office: Flask, budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    for number in count():

        @seed(SEED + number)
        @settings(USUAL, max_examples=LOT)
        @given(realm=REALMS, story=st.lists(STEPS, min_size=20, max_size=60))
        def stories(realm: str, story: list[tuple[str, int]]) -> None:
            tell(office, realm, story)
            record_property("steps in the books", len(story))

        stories()
        if budget.is_used_up():
            return
