"""How much of what arrived in QuickBooks a comparison has seen: no difference is known only of what was compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute

from app.foundation.database import db
from app.quickbooks.models import Connection
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.attempts import ARRIVED, Attempt


class Compared(Enum):
    """What the newest comparisons have seen, over all companies together."""

    NOTHING = "nothing"
    BEFORE = "before"
    ALL = "all"


class Company(NamedTuple):
    """One company: when its newest comparison began (UTC), of how many documents, and when one last arrived there."""

    began: datetime | None
    documents: int | None
    arrived: datetime | None

    @property
    def is_seen(self) -> bool:
        """A document that arrives while a comparison runs is left out of it. One of none has seen what isn't there."""
        if self.began is None:
            return False
        return self.arrived is None or bool(self.documents and self.arrived <= self.began)


def verdict(companies: Sequence[Company]) -> Compared:
    """Of all together; pure. A comparison of no documents has compared nothing."""
    if not any(company.documents for company in companies):
        return Compared.NOTHING
    return Compared.ALL if all(company.is_seen for company in companies) else Compared.BEFORE


def so_far(connection_ids: Collection[int]) -> Compared:
    """Of these companies, in one question."""
    arrived = (
        select(Attempt.at)
        .where(
            Attempt.connection_id == Connection.id,
            Attempt.kind.in_(DOCUMENTS),
            ARRIVED,
        )
        .order_by(Attempt.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (_newest(ReconciliationRun.started_at), _newest(ReconciliationRun.documents), arrived)
    rows = db.session.execute(select(*columns).where(Connection.id.in_(connection_ids)))
    return verdict([Company(*row) for row in rows])


def _newest(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Of the newest comparison of a company that came to its end."""
    done = (ReconciliationRun.connection_id == Connection.id, ReconciliationRun.state == RunState.DONE)
    return select(column).where(*done).order_by(ReconciliationRun.id.desc()).limit(1).scalar_subquery()
