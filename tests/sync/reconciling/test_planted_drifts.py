"""Every kind of drift is found by its cause, and nothing else is told; the next run reads little and finds no more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.foundation.database import db
from app.sync.comparing.drifts import Drift, DriftCause
from tests.sync.books import Books
from tests.sync.planting import PLANTED, Planted, client, document, keep_many_currencies, plant_all


def causes(books: Books) -> list[DriftCause]:
    """What the last run told, put right or open."""
    db.session.rollback()
    return sorted(db.session.scalars(select(Drift.cause)))


@pytest.mark.parametrize("kind", PLANTED, ids=lambda kind: kind.name)
def test_each_kind_is_found_by_its_cause_and_nothing_else_is_told(books: Books, kind: Planted) -> None:
    if kind.currency != "GBP":
        keep_many_currencies(books)
    books.invoice(client=client("Quiet"))
    kind.plant(books, document(books, kind, client("Struck", kind.currency)))
    books.simulation.webhooks()
    run = books.compare()
    assert (run.problem, causes(books)) == (None, [kind.cause] if kind.cause else [])
    assert run.variances == (kind.cause is None)


def test_all_kinds_at_once_are_found_once_and_the_next_run_costs_one_read(books: Books) -> None:
    plant_all(books)
    first = books.compare()
    found = causes(books)
    assert found == sorted(kind.cause for kind in PLANTED if kind.cause)
    second = books.compare()
    assert (second.is_full, second.reads, second.drifts, second.variances) == (False, 1, first.drifts, 1)
    assert causes(books) == found
