"""The top of the dashboard, which keeps itself up to date: one sentence and four numbers."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from app.billing.entities import entities
from app.sync.engine import engine
from app.sync.reconciling import compared, comparisons
from app.sync.steering import causes, old_documents
from app.sync.watching.board import Board, board
from app.web.home.news import Facts, News, first_news


@dataclass(frozen=True)
class Summary:
    """Over all billing entities."""

    news: News
    facts: Facts
    boards: list[Board]

    @property
    def waiting(self) -> int:
        """What waits in line or behind something."""
        return sum(each.queue.waiting for each in self.boards)

    @property
    def in_flight(self) -> int:
        """What is in an envelope."""
        return sum(each.queue.sending for each in self.boards)

    @property
    def held(self) -> int:
        """What waits for somebody."""
        return sum(each.queue.parked for each in self.boards)

    @property
    def drifts(self) -> int:
        """Open differences between both sides."""
        return self.facts.drifts

    @property
    def revision(self) -> str:
        """Changes when anything shown does."""
        shown = (self.news, self.waiting, self.in_flight, self.held, self.drifts)
        return f"{crc32(repr(shown).encode()):x}"


def summary() -> Summary:
    """Read it."""
    boards = [board(engine(), entity) for entity in entities()]
    facts = _facts(boards)
    return Summary(first_news(facts), facts, boards)


def _facts(boards: list[Board]) -> Facts:
    left = [each.minutes_left or 0 for each in boards]
    return Facts(
        running=[(each.entity.id, each.entity.name, each.running) for each in boards],
        waiting=sum(each.queue.in_line + each.queue.sending for each in boards),
        minutes_left=max(left, default=0) or None,
        causes=causes.causes(),
        drifts=comparisons.drift_counts().total(),
        unsent=_unsent(boards),
        compared=compared.so_far(comparisons.here()),
        endings=[(each.entity.id, each.entity.name, each.ending) for each in boards if each.ending],
    )


def _unsent(boards: list[Board]) -> list[tuple[int, str, int]]:
    """Where a person must still be asked about documents from before."""
    asked = [(each.entity.id, each.entity.name, old_documents.question(each.entity)) for each in boards]
    return [question for question in asked if question[2]]
