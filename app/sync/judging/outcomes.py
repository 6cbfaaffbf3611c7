"""What becomes of each member of an envelope, as a value, before anything of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.quickbooks.errors import QuickBooksError
from app.sync.judging.decisions import Listed
from app.sync.records.attempts import Outcome


@dataclass(frozen=True)
class Landed:
    """QuickBooks took it; `seen` is the record's own JSON."""

    seen: dict[str, Any]


@dataclass(frozen=True)
class Adopted:
    """The document was there already and is ours; `is_current` unless it may tell an older revision of it."""

    seen: dict[str, Any]
    is_current: bool = True


@dataclass(frozen=True)
class Known:
    """The name was there already: the customer or item is linked instead."""

    remote: Listed


@dataclass(frozen=True)
class Again:
    """It goes back to waiting. `seen` is a newer picture of the record, if one was read."""

    due_at: datetime
    sentence: str
    charge: bool
    outcome: Outcome
    seen: dict[str, Any] | None = None


@dataclass(frozen=True)
class Parked:
    """A person is needed; an empty blocker means the record itself."""

    sentence: str
    blocker: str = ""


@dataclass(frozen=True)
class Gone:
    """It was removed in QuickBooks."""

    sentence: str


MemberOutcome = Landed | Adopted | Known | Again | Parked | Gone


@dataclass(frozen=True)
class End:
    """What becomes of one member, and the trouble that led to it."""

    outcome: MemberOutcome
    problem: QuickBooksError | None = None
