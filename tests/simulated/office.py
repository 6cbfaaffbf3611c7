"""What the people of one company do on a working day, in the portal and in QuickBooks, by a draw of the lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from app.billing.kinds import DocumentKind
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import ConflictError
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState, Mode
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import ConnectionState
from app.sync.company import connecting
from app.sync.judging.kinds import LISTED
from app.sync.mapping import choosing
from app.sync.records.links import link_of
from app.sync.records.mappings import MappingKind
from app.sync.records.tied import connection_of
from app.sync.steering import controls, modes
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import ANN, Company

SEEN_AGAIN = 60.0
"""Seconds after which a person looks whether it is connected, and tries again."""


@dataclass(repr=False)
class Office:
    """A company with its bookkeeper."""

    company: Company
    keepers: dict[Mode, Bookkeeper]
    lot: Random
    done: Counter[str] = field(default_factory=Counter)

    @property
    def bookkeeper(self) -> Bookkeeper:
        """The bookkeeper of the present mode."""
        with self.company.inside():
            return self.keepers[Mode(self.company.entity().mode)]

    @property
    def bookkeepers(self) -> Iterable[Bookkeeper]:
        """Those of all modes."""
        return self.keepers.values()

    def act(self) -> None:
        """Somebody does something; counted where it was allowed."""
        name = self.lot.choices(list(ACTS), list(ACTS.values()))[0]
        if hasattr(Bookkeeper, name):
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
        """A person connects again where that is asked for, until it works; for an actor of its own."""
        while True:
            with self.company.inside():
                connection = self.company.connection()
                if connection is None or connection.state is not ConnectionState.RECONNECT:
                    return
                self.connect()
            self.company.house.hub.sleep(SEEN_AGAIN)

    def connect(self) -> bool:
        """A person connects the present mode's company; whether that worked."""
        try:
            self.company.connect()
        except (QuickBooksError, ConflictError):
            end_reading()
            return False
        return True

    def disconnect(self) -> None:
        """A person disconnects the present mode's company: its documents are strangers until they are adopted."""
        connection = self.company.connection()
        if connection is not None:
            connecting.disconnect(self.company.house.quickbooks, connection.id, by=ANN.name)
            self.bookkeeper.deleted.clear()

    def switch_mode(self) -> None:
        """Live becomes test, or test live."""
        with transaction():
            entity = self.company.entity()
            modes.turn(entity, modes.other(Mode(entity.mode)), actor=ANN)
        end_reading()

    def unmap(self, service: int) -> None:
        """A person takes the choice of a service's item back."""
        connection = self.company.connection()
        if connection is not None:
            with transaction():
                choosing.clear(connection, MappingKind.SERVICE, service)

    def pause(self) -> None:
        """A person pauses the sync."""
        if connection := self.company.connection():
            controls.pause(connection, ANN, "a look at the books")

    def resume(self) -> None:
        """A person resumes it."""
        if connection := self.company.connection():
            controls.resume(connection, ANN)

    def retry_all(self) -> None:
        """A person tries again everything that waits for one."""
        controls.retry(list(db.session.scalars(select(Message.id).where(Message.state == MessageState.PARKED))))

    def cancel(self) -> None:
        """A person takes back one that waits: of a client or service, or of a document that was never there."""
        held = select(Message).where(Message.state.in_(lanes.HELD)).order_by(Message.id)
        free = [one.id for one in db.session.scalars(held) if self._is_unheard_of(one)]
        end_reading()
        if free:
            with suppress(ConflictError):  # it left just before the click
                controls.cancel(self.lot.choice(free), ANN.name)

    def _is_unheard_of(self, message: Message) -> bool:
        if message.kind in LISTED:
            return True
        connection = connection_of(message.lane)
        is_linked = connection is not None and link_of(connection.id, message.subject) is not None
        flies = select(Message.id).where(*lanes.within(message.lane), lanes.FLIES, Message.kind == message.kind)
        return not is_linked and db.session.scalar(flies.where(Message.subject_id == message.subject_id)) is None

    def compare(self) -> None:
        """A person asks for a comparison."""
        if connection := self.company.connection():
            controls.compare_now(connection, "Ann")
            self.company.house.staff.look_by(self.company.house.hub.now())

    def is_quiet(self) -> bool:
        """Whether nothing is on its way or waits for its time, in either mode."""
        with self.company.inside():
            entity_id = self.company.entity_id
            return not any(self._stirs(Lane(entity_id, mode)) for mode in self.company.realms)

    def _stirs(self, lane: Lane) -> bool:
        return bool(lanes.counts(lane).get(MessageState.SENDING, 0)) or lanes.next_due_at(lane) is not None

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
