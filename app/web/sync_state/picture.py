"""The panel as it is shown, and the revision that tells whether a browser must draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from app.billing.entities import only_entity
from app.sync.engine import engine
from app.sync.judging.kinds import KINDS
from app.sync.judging.subjects import Name, names_of
from app.sync.records.links import link_of
from app.sync.records.policies import policy_of
from app.sync.steering import controls
from app.sync.steering.controls import Control
from app.sync.telling import trials
from app.sync.watching.board import Board, board
from app.web.books import books_url
from app.web.sync_state.bars import Bar, bars, in_words

_TICK_SECONDS = 3


@dataclass(frozen=True)
class Tried:
    """The document that was sent first: what it is, and where it is seen in QuickBooks if there is an address."""

    kind: str
    document_id: int
    name: Name
    there: str | None


@dataclass(frozen=True)
class Picture:
    """A board and what stands around it."""

    board: Board

    @cached_property
    def bars(self) -> list[Bar]:
        """The hour as bars."""
        return bars(self.board.minutes)

    @property
    def hour_in_words(self) -> str:
        """The hour in a sentence."""
        return in_words(self.board.minutes)

    @cached_property
    def history(self) -> list[Control]:
        """Who paused and resumed lately."""
        return controls.history(self.board.connection) if self.board.connection else []

    @cached_property
    def tried(self) -> Tried | None:
        """Which document was sent to look at it, while the sync is paused for that."""
        connection = self.board.connection
        message = trials.tried(policy_of(connection.id)) if connection else None
        if connection is None or message is None:
            return None
        subject, link = message.subject, link_of(connection.id, message.subject)
        there = books_url(connection.id, KINDS[subject.kind].entity, link.remote_id) if link else None
        return Tried(subject.kind, subject.id, names_of([subject])[subject], there)

    @property
    def seconds_left(self) -> int | None:
        """Until the state is expected to end by itself, by the server's clock."""
        until = self.board.running.until
        return max(round((until - self.board.now).total_seconds()), 0) if until else None

    @property
    def revision(self) -> str:
        """Changes when anything shown does; a countdown counts in steps, a minute begins a new bar."""
        seen, queue = self.board.panel, self.board.queue
        countdown = self.seconds_left // _TICK_SECONDS if self.seconds_left else None
        shown = (
            *(self.board.running, countdown, seen.version if seen else None, self.board.now.minute),
            *(queue.waiting, queue.sending, queue.parked, queue.later, self.board.minutes_left),
            *(self.board.in_flight, self.board.meter, len(self.history), self.board.hearing),
        )
        return f"{crc32(repr(shown).encode()):x}"


def picture(entity_id: int | None) -> Picture:
    """Of this billing entity, or of the oldest. Raises NotFoundError for one that is not ours."""
    return Picture(board(engine(), only_entity(entity_id)))
