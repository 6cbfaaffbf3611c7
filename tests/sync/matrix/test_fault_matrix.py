"""Each cell of the fault matrix, played by the real engine over the simulator."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app.quickbooks import errors
from app.quickbooks.sayings import SAYINGS, Mends, saying
from tests.proving import SEED
from tests.sync.books import Books
from tests.sync.matrix.fault_matrix import CANNOT, CELLS, ENDS, FAULTS, sentence
from tests.sync.matrix.fault_scenes import CALLS
from tests.sync.matrix.striking import faults_in, heal, seen, struck, told

PLAYED = [cell for cell, end in CELLS.items() if not end.startswith("-")]
"""Cells that can be; each proof plays all of them, each run of the tests one of every row and of every column."""


def play(books: Books, fault: str, name: str) -> None:
    """Strike a call, look at what comes of it, heal it, and look again."""
    end = CELLS[fault, name]
    with struck(books, fault, name) as scene:
        ended = seen(books, scene), sentence(FAULTS[fault], name, end) in told(books, scene)
        assert ended == (ENDS[end], True), f"seed {SEED}: {fault} at {name}: {told(books, scene)}"
        heal(books, scene)
        assert list(faults_in(books, scene)) == [], f"seed {SEED}: {fault} at {name}"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_some_call_ends_as_the_matrix_says(books: Books, fault: str) -> None:
    play(books, *random.Random(f"{SEED} {fault}").choice([cell for cell in PLAYED if cell[0] == fault]))


@pytest.mark.parametrize("name", CALLS)
def test_some_fault_at_a_call_ends_as_the_matrix_says(books: Books, name: str) -> None:
    play(books, *random.Random(f"{SEED} {name}").choice([cell for cell in PLAYED if cell[1] == name]))


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize(("fault", "name"), PLAYED)
def test_a_fault_at_a_call_ends_as_the_matrix_says(books: Books, fault: str, name: str) -> None:
    play(books, fault, name)


def test_every_fault_at_every_call_is_written_down() -> None:
    assert set(CELLS) == {(fault, call) for fault in FAULTS for call in CALLS}
    assert {end for end in CELLS.values() if end.startswith("-")} <= set(CANNOT)
    assert set(CELLS.values()) - set(CANNOT) == set(ENDS)


def test_every_kind_of_trouble_is_a_row() -> None:
    rows = {fault.kind for fault in FAULTS.values()}
    assert {kind for kind in _kinds(errors.QuickBooksError) if kind is not errors.QuickBooksError} == rows


def _kinds(kind: type[errors.QuickBooksError]) -> Iterator[type[errors.QuickBooksError]]:
    yield kind
    for other in kind.__subclasses__():
        yield from _kinds(other)


def test_every_number_that_leads_elsewhere_is_a_row() -> None:
    """Sayings of one kind with the same mending end alike; each other one has a row of its own."""
    rows = {(fault.kind, saying(fault.code, fault.detail).mends) for fault in FAULTS.values() if fault.code}
    wanted = {(one.kind, one.mends) for one in SAYINGS if one.mends not in {Mends.CONNECTION, Mends.ITSELF}}
    assert wanted <= rows
