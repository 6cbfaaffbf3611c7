"""The engine's ports, and one turn at the pen: who writes for a company now, and the fence that proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from app.foundation.database import transaction
from app.foundation.settings import Settings
from app.outbox.models import Lane
from app.quickbooks.client import QuickBooks
from app.quickbooks.lease import Landing, Lease, check_fence


@dataclass(frozen=True)
class Engine:
    """What the engine needs of the world: Intuit behind its own ports, chance, and who we are among the workers."""

    quickbooks: QuickBooks
    settings: Settings
    owner: str
    """Names this process in leases; a colon and the name of the turn follow there."""
    rng: Random = field(default_factory=Random)
    has_ended: Callable[[str], bool] = lambda _holder: False
    """Whether the holder of a lease is known to run no more, so that nobody need wait until its lease runs out."""


@dataclass(frozen=True)
class Turn:
    """The right to write for one company, for as long as the lease holds."""

    engine: Engine
    organisation_id: int
    lane: Lane
    connection_id: int
    lease: Lease

    @contextmanager
    def writing(self, landing: Landing | None = None) -> Iterator[Session]:
        """A transaction that is void when another process has taken over. Raises FencedError in that case.

        `landing` is what the last answer has left to be told to the governor, if anything.
        """
        with transaction() as session:
            check_fence(session, self.lease, landing)
            yield session


EXTENSION = "counterfoil.engine"


def engine() -> Engine:
    """The running application's engine. Needs an app context."""
    return cast("Engine", current_app.extensions[EXTENSION])
