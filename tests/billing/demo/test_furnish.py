"""The demo organisation: all states, told to nobody, the same for each seed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.billing import figures, queries
from app.billing.demo.furnish import furnish
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.faults import opening_faults
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Payment
from app.billing.queries import DocumentFilter
from app.billing.timeline import TimelineEntry
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.foundation.tenancy import acting_for
from app.outbox.models import Message
from tests.world import World


@pytest.fixture
def demo(northgate: World, held: HeldClock) -> BillingEntity:
    """A furnished organisation."""
    with transaction():
        entity = found_entity(EntityFields(name="Northgate IT Ltd"))
        furnish(entity)
    return entity


def all_documents() -> list[Document]:
    return list(db.session.scalars(select(Document).order_by(Document.id)))


def test_there_are_some_sixty_documents_in_all_states(demo: BillingEntity) -> None:
    counts = figures.status_counts(DocumentFilter(kind=DocumentKind.INVOICE))
    assert 55 <= sum(counts.values()) <= 70
    assert min(counts.values()) >= 2
    assert {document.status for document in all_documents() if document.kind is DocumentKind.CREDIT_NOTE} >= {
        DocumentStatus.OPEN,
        DocumentStatus.PAID,
    }
    assert figures.overdue(demo.today())["GBP"].documents >= 3


def test_nobody_is_told_for_there_was_nobody_to_tell(demo: BillingEntity) -> None:
    assert db.session.scalar(select(func.count(Message.id))) == 0


def test_numbers_follow_the_calendar_without_gaps(demo: BillingEntity) -> None:
    wanted = select(Document).where(Document.kind == DocumentKind.INVOICE, Document.number.is_not(None))
    issued = list(db.session.scalars(wanted.order_by(Document.number)))
    assert [document.number for document in issued] == [f"INV-{n:05d}" for n in range(1, len(issued) + 1)]
    assert [document.issue_date for document in issued] == sorted(document.issue_date for document in issued)


def test_everything_happened_within_four_months_and_nothing_tomorrow(demo: BillingEntity) -> None:
    days = [document.issue_date for document in all_documents()]
    assert demo.today() - timedelta(days=124) < min(days) < max(days) <= demo.today()
    assert db.session.scalars(select(func.max(TimelineEntry.at))).one() <= clock.now()
    assert db.session.scalars(select(func.max(Payment.received_on))).one() <= demo.today()


def test_every_document_could_be_opened_and_some_payments_cover_several(demo: BillingEntity) -> None:
    assert [fault for document in all_documents() for fault in opening_faults(document)] == []
    assert max(len(payment.allocations) for payment in queries.payments().rows) >= 2


def test_the_same_seed_tells_the_same_story_(demo: BillingEntity, world: World) -> None:
    ours = story()
    with acting_for(world.southbank.id):
        with transaction():
            furnish(found_entity(EntityFields(name="Southbank")))
        assert story() == ours
    with pytest.raises(BadInputError), transaction():
        furnish(demo, seed=21)  # an organisation is furnished once


def story() -> list[tuple[str, int]]:
    return [(document.status.value, document.gross_pence) for document in all_documents()]
