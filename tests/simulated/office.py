"""What the people of one company do on a working day, in the portal and in QuickBooks, by a draw of the lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from app.billing.kinds import DocumentKind
from app.foundation.database import db, end_reading
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import ConnectionState
from app.sync import controls
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import Company

SEEN_AGAIN = 60.0
"""Seconds after which a person tries to connect again."""


@dataclass(repr=False)
class Office:
    """A company with its bookkeeper."""

    company: Company
    bookkeeper: Bookkeeper
    lot: Random
    done: Counter[str] = field(default_factory=Counter)

    def act(self) -> None:
        """Somebody does something; counted where it was allowed."""
        name = self.lot.choices(list(ACTS), list(ACTS.values()))[0]
        if hasattr(self.bookkeeper, name):
            self.done[name] += bool(getattr(self.bookkeeper, name)())
            return
        with self.company.inside():
            self.done[name] += bool(getattr(self, name)())

    def month_end(self, number: int) -> None:
        """The run at the end of the month."""
        with self.company.inside():
            self.done["run"] += len(self.company.open(self.lot, number))

    def open(self) -> object:
        """An invoice."""
        return self.company.open(self.lot)

    def credit(self) -> object:
        """A credit note."""
        return self.company.open(self.lot, kind=DocumentKind.CREDIT_NOTE)

    def open_for_somebody_new(self) -> object:
        """An invoice for a client that QuickBooks does not know."""
        self.company.new_client(f"Newcomer {len(self.company.clients)}")
        return self.company.open(self.lot)

    def open_for_something_new(self) -> object:
        """An invoice over a service that has no item there."""
        self.company.new_service(f"N{len(self.company.services)}", self.lot)
        return self.company.open(self.lot)

    def map_all(self) -> object:
        """Items for whatever services wait for one."""
        services = self._waits_for("service:")
        self.company.map_services(services)
        return services

    def amend(self) -> object:
        """A document says something else."""
        return self._with_one(lambda one: self.company.amend(one, self.lot))

    def void_here(self) -> object:
        """A document is voided."""
        return self._with_one(self.company.void)

    def keep_back(self) -> object:
        """A document is opted out."""
        return self._with_one(self.company.keep_back)

    def let_go(self) -> object:
        """A document is no longer opted out."""
        return self._with_one(self.company.let_go)

    def reconnect(self) -> None:
        """A person connects again where that is asked for, until it works."""
        while True:
            with self.company.inside():
                connection = self.company.connection()
                if connection is None or connection.state is not ConnectionState.RECONNECT:
                    return
                try:
                    self.company.connect()
                except QuickBooksError:
                    end_reading()
            self.company.house.hub.sleep(SEEN_AGAIN)

    def retry_all(self) -> None:
        """A person tries again everything that waits for one."""
        with self.company.inside():
            parked = list(db.session.scalars(select(Message.id).where(Message.state == MessageState.PARKED)))
            controls.retry(parked)

    def compare(self) -> None:
        """A person asks for a comparison."""
        with self.company.inside():
            connection = self.company.connection()
            assert connection is not None
            controls.compare_now(connection, "Ann")
        self.company.house.staff.look_by(self.company.house.hub.now())

    def is_quiet(self) -> bool:
        """Whether nothing is on its way or waits for its time."""
        with self.company.inside():
            lane = self.company.entity().lane
            flies = lanes.counts(lane).get(MessageState.SENDING, 0)
            return not flies and lanes.next_due_at(lane) is None

    def _with_one(self, act: Callable[[int], object]) -> object:
        return act(self.lot.choice(self.company.documents[-60:])) if self.company.documents else False

    def _waits_for(self, word: str) -> list[int]:
        blockers = db.session.scalars(select(Message.blocker).where(Message.blocker.startswith(word)).distinct())
        return sorted(int(str(blocker).removeprefix(word)) for blocker in blockers)


ACTS = {
    "open": 30,
    "credit": 3,
    "open_for_somebody_new": 6,
    "open_for_something_new": 3,
    "map_all": 4,
    "amend": 14,
    "void_here": 3,
    "keep_back": 1,
    "let_go": 1,
    "pay": 24,
    "take_back": 3,
    "edit": 2,
    "void": 1,
    "delete": 1,
    "deactivate": 1,
}
"""What is done how often, the bookkeeper's acts last."""
