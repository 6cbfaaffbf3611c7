"""Reading the changes since a moment, however many there are: Intuit hands out 1,000 at once and no second page. Pure.

An answer that is full may have left something out. Each entity is then asked for alone, and again from the newest
change that was told: an entity's changes come the oldest first (reference 6.2). Where that leads nowhere, for a
thousand changes of one moment or an answer in another order, only a full comparison sees all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from app.quickbooks.answers import Entity, updated_at

MOST = 1000
"""Objects of one answer (reference 6.2); by other accounts of one entity (7), which is then fewer than all."""

Changes = Mapping[str, Sequence[Entity]]
Ask = Callable[[Sequence[str], datetime], Changes]


class TooManyError(Exception):
    """There are more changes than can be told apart by their moments."""


def windows(ask: Ask, entities: Sequence[str], since: datetime) -> Iterator[Changes]:
    """The changes since then, answer by answer; some twice. Raises TooManyError, and whatever asking raises."""
    changes = ask(entities, since)
    if not _is_full(changes):
        yield changes
        return
    for entity in entities:
        yield from _alone(ask, entity, since)


def _alone(ask: Ask, entity: str, since: datetime) -> Iterator[Changes]:
    while True:
        changes = ask((entity,), since)
        yield changes
        if not _is_full(changes):
            return
        newest = _newest(changes.get(entity, ()))
        if newest is None or newest <= since:
            raise TooManyError
        since = newest


def _is_full(changes: Changes) -> bool:
    return sum(map(len, changes.values())) >= MOST


def _newest(records: Sequence[Entity]) -> datetime | None:
    """The moment of the last change; None where they do not stand in the order of their moments."""
    moments = [updated_at(record) for record in records]
    known = [moment for moment in moments if moment is not None]
    return known[-1] if known and len(known) == len(moments) and known == sorted(known) else None
