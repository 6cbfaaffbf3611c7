"""The first day of a billing entity: what its steps look at, which were skipped and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.document import Document
from app.billing.entities import must_enter_codes
from app.billing.entity import BillingEntity
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.columns import UTCDateTime
from app.foundation.database import Base, db
from app.foundation.errors import BadInputError
from app.foundation.tenancy import OrganisationRow
from app.outbox import lanes
from app.outbox.models import MessageState
from app.quickbooks.models import Connection
from app.sync.company.connecting import connected
from app.sync.engine import Engine
from app.sync.first_day import onboarding, preflight_facts
from app.sync.first_day.onboarding import Step
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.links import Link, LinkMade

LIST = "list"
"""The key under which the whole list was put away."""


class SkippedStep(OrganisationRow, Base):
    """A step that somebody chose to skip, or the whole list once it was put away."""

    __tablename__ = "skipped_step"

    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    skipped_by: Mapped[str] = mapped_column(String(200))
    skipped_at: Mapped[datetime] = mapped_column(UTCDateTime)


def skipped(entity: BillingEntity) -> Mapping[str, SkippedStep]:
    """{step: who skipped it and when}."""
    rows = db.session.scalars(select(SkippedStep).where(SkippedStep.billing_entity_id == entity.id))
    return {row.step: row for row in rows}


def steps_of(engine: Engine, entity: BillingEntity) -> list[Step]:
    """All steps as they stand now."""
    facts = onboarding.Facts(
        has_address=bool(entity.address.strip()),
        documents=_documents(entity),
        sent=sent_any(connected(entity)),
        waiting=MessageState.WAITING in lanes.counts(entity.lane),
        check=preflight_facts.facts_of(engine, entity),
        lacks_tax_codes=must_enter_codes(entity) and db.session.scalar(select(TaxCode.id).limit(1)) is None,
    )
    return onboarding.steps(facts, skipped(entity))


def skip(entity: BillingEntity, step: str, actor: Actor) -> None:
    """Leave a step out, or put the list away, in the caller's transaction. Raises BadInputError for any other."""
    if step != LIST and not onboarding.may_skip(step):
        raise BadInputError("step", "This step can't be skipped: the others need it.")
    if step not in skipped(entity):
        row = SkippedStep(billing_entity_id=entity.id, step=step, skipped_by=actor.name or "", skipped_at=clock.now())
        db.session.add(row)


def take_up(entity: BillingEntity, step: str) -> None:
    """Do a step after all, or show the list again; in the caller's transaction."""
    mine = (SkippedStep.billing_entity_id == entity.id, SkippedStep.step == step)
    db.session.execute(delete(SkippedStep).where(*mine))


def _documents(entity: BillingEntity) -> int:
    one = select(Document.id).where(Document.billing_entity_id == entity.id).limit(1)
    return len(db.session.scalars(one).all())


def sent_any(connection: Connection | None) -> bool:
    """Whether a document of ours was made in this company; what was there before and is linked now proves nothing."""
    if connection is None:
        return False
    made_by_us = (Link.connection_id == connection.id, Link.kind.in_(DOCUMENTS), Link.made == LinkMade.CREATED)
    return db.session.scalar(select(Link.id).where(*made_by_us).limit(1)) is not None
