"""Every kind of drift is found by its cause, and nothing else is told; the next run reads little and finds no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import db, transaction
from app.sync.drifts import Drift, DriftCause
from tests.billing.firm import ANN
from tests.sync.books import Books
from tests.sync.planting import PLANTED, Planted, keep_many_currencies


def client(name: str, currency: str = "GBP") -> Client:
    with transaction():
        return catalogue.create_client(ClientFields(name=name, currency=currency), actor=ANN)


def document(books: Books, kind: Planted, whose: Client) -> Document:
    """Two lines where one is to be taken out; the rest of its client's documents agree."""
    word = DocumentKind.CREDIT_NOTE if kind.name.startswith("credit note") else DocumentKind.INVOICE
    lines = [books.firm.line("100")] * (2 if kind.name == "line removed" else 1)
    content = replace(books.firm.content(*lines, client=whose), due_date=date(2026, 4, 1))
    with transaction():
        draft = invoicing.create_draft(books.firm.entity, word, content, actor=ANN)
        found = invoicing.open_document(draft, actor=ANN)
    books.send()
    return found


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
    keep_many_currencies(books)
    for kind in reversed(PLANTED):
        kind.plant(books, document(books, kind, client(kind.name.title(), kind.currency)))
        books.simulation.webhooks()
    first = books.compare()
    found = causes(books)
    assert found == sorted(kind.cause for kind in PLANTED if kind.cause)
    second = books.compare()
    assert (second.is_full, second.reads, second.drifts, second.variances) == (False, 1, first.drifts, 1)
    assert causes(books) == found
