"""What to do about a due message: tell it, find that there is nothing to tell, or withhold it with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from app.outbox.models import Due as Due
from app.quickbooks import answers
from app.quickbooks.catalogue import CatalogueRow
from app.sync.judging.readiness import Finding
from app.sync.records.attempts import Outcome
from app.sync.records.links import LinkMade


class Write(StrEnum):
    """What is done to a record."""

    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A record of one of QuickBooks' lists, as a value."""

    entity: str
    remote_id: str
    name: str
    sync_token: str
    active: bool

    @classmethod
    def of_row(cls, row: CatalogueRow) -> Self:
        """From the local mirror."""
        return cls(
            entity=row.entity, remote_id=row.remote_id, name=row.name, sync_token=row.sync_token, active=row.active
        )

    @classmethod
    def of_record(cls, entity: str, record: answers.Entity) -> Self:
        """From an answer."""
        seen = answers.named(record)
        return cls(entity=entity, remote_id=seen.id, name=seen.name, sync_token=seen.sync_token, active=seen.active)


@dataclass(frozen=True, kw_only=True)
class Tell:
    """Send this: the entity and body of one write, and the revision of ours that it tells."""

    due: Due
    label: str
    entity: str
    write: Write
    body: dict[str, Any]
    revision: int
    lines: int = 0


@dataclass(frozen=True, kw_only=True)
class Match:
    """Nothing to send: QuickBooks has the record already, so it is only linked or mapped."""

    due: Due
    label: str
    remote: Listed
    made: LinkMade
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Agree:
    """Nothing to send: both sides say the same already."""

    due: Due
    label: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Withhold:
    """Not now, or never: the finding says which and why."""

    due: Due
    label: str
    finding: Finding


Decision = Tell | Match | Agree | Withhold

WITHHELD_AS = {"skip": Outcome.SKIPPED, "hold": Outcome.HELD}
"""How a finding's step is called in the sync log; steps without an entry leave no line there."""
