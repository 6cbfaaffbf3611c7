"""The tally of documents: whatever is done to them, it is what a recount would find."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from app.billing import figures, invoicing, receiving, tally
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.months import Span
from app.billing.payment import Payment, PaymentState
from app.billing.queries import DocumentFilter
from app.billing.tally import Count
from app.foundation.database import db, transaction
from app.foundation.errors import ConflictError
from tests.billing.firm import ANN, TODAY, Firm

DAYS = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), TODAY)
SPANS = [Span(since, until) for since in (None, *DAYS) for until in (None, *DAYS)]
DRAFT, OPEN = DocumentStatus.DRAFT, DocumentStatus.OPEN


def kept() -> list[Count]:
    return sorted(tally.counts())


def counted_anew() -> list[Count]:
    """By a filter that everything meets, of which no tally knows."""
    return sorted(figures.counted(DocumentFilter(kept_back=False)))


def by_span(span: Span) -> tuple[list[Count], list[Count]]:
    """The same of some days: as kept, and by a filter of which no tally knows."""
    wanted = DocumentFilter(issued_from=span.since, issued_until=span.until)
    return sorted(figures.counted(wanted)), sorted(figures.counted(replace(wanted, kept_back=False)))


def some(*statuses: DocumentStatus) -> Document:
    found = db.session.scalars(db.select(Document).where(Document.status.in_(statuses)).order_by(Document.id))
    document: Document = random.Random(len(statuses)).choice(found.all())
    return document


def amend(firm: Firm) -> None:
    document = some(DRAFT, OPEN)
    with transaction():
        invoicing.change(document, firm.content(firm.line("77.77", "3")), actor=ANN, expected_version=document.version)


def move(firm: Firm) -> None:
    """Into another month."""
    draft = some(DRAFT)
    with transaction():
        content = replace(firm.content(firm.line("20")), issue_date=random.Random(draft.id).choice(DAYS))
        invoicing.change(draft, content, actor=ANN, expected_version=draft.version)


def pay(firm: Firm) -> None:
    document = some(OPEN)
    firm.learn(500, (document, 500))


def take_back(_firm: Firm) -> None:
    with transaction() as session:
        (payment_id, *_more) = session.scalars(db.select(Payment.id).where(Payment.state == PaymentState.LIVE))
        receiving.remove_learnt(payment_id, PaymentState.VOID)


def void(_firm: Firm) -> None:
    with transaction():
        invoicing.void(some(OPEN), "Wrong", actor=ANN)


def throw_away(_firm: Firm) -> None:
    with transaction():
        invoicing.delete_draft(some(DRAFT))


def fail(firm: Firm) -> None:
    with suppress(ZeroDivisionError), transaction():
        invoicing.open_document(invoicing.duplicate(some(OPEN), actor=ANN), actor=ANN)
        db.session.flush()
        raise ZeroDivisionError


def half(_firm: Firm) -> None:
    """A savepoint is given up, what was done before it and after it is not."""
    with transaction() as session:
        first = invoicing.duplicate(some(OPEN), actor=ANN)
        with suppress(ZeroDivisionError), session.begin_nested():
            invoicing.open_document(first, actor=ANN)
            session.flush()
            raise ZeroDivisionError
        invoicing.duplicate(some(OPEN), actor=ANN)


STEPS: tuple[Callable[[Firm], object], ...] = (
    *(Firm.draft, Firm.open, amend, move, pay, take_back, void, throw_away, fail, half),
    lambda firm: firm.open(firm.line("30"), kind=DocumentKind.CREDIT_NOTE),
)


@pytest.mark.parametrize("seed", range(3))
def test_the_tally_is_what_a_recount_finds(firm: Firm, seed: int) -> None:
    for step in random.Random(seed).choices(STEPS, k=15):
        with suppress(ConflictError, IndexError, ValueError):
            step(firm)
        assert kept() == counted_anew()
        for span in SPANS:
            assert operator.eq(*by_span(span))


def test_every_step_is_counted(firm: Firm) -> None:
    invoice, other = firm.open(), firm.open(firm.line("50"))
    for step in STEPS:
        step(firm)
        assert kept() == counted_anew()
    assert figures.counted(DocumentFilter(kind=DocumentKind.INVOICE)) != []
    assert {invoice.status, other.status} != {OPEN}


def test_a_recount_mends_it(firm: Firm) -> None:
    firm.open()
    right = kept()
    with transaction() as session:
        session.execute(db.delete(tally.DocumentTally))
    assert kept() == []
    with transaction() as session:
        tally.recount(session)
    assert kept() == right
