"""Importing from QuickBooks: what each of its records is here, and what taking it would do. Pure; a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.billing.entity import BillingEntity
from app.billing.timeline import Actor
from app.quickbooks.lists import folded
from app.quickbooks.models import Connection


class Standing(StrEnum):
    """How a record there stands to ours."""

    NEW = "new"
    TO_LINK = "to_link"
    """One of ours is the same and is tied to nothing yet."""
    DIFFERS = "differs"
    SAME = "same"
    LEFT_OUT = "left_out"


TAKEABLE = frozenset({Standing.NEW, Standing.TO_LINK, Standing.DIFFERS})
BY_ITSELF = frozenset({Standing.NEW, Standing.TO_LINK})
"""What one button takes altogether; what differs overwrites ours, so it is ticked one by one."""


class Difference(NamedTuple):
    """One value that both sides have and that is not the same, as people read it."""

    what: str
    here: str
    there: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One record there; `key` names it within its list, and orders it among those that are taken together."""

    key: str
    name: str
    standing: Standing
    beside: str = ""
    our_id: int | None = None
    here: str = ""
    """What ours is called."""
    note: str = ""
    """Why it is left out, or how ours was recognised."""
    differences: tuple[Difference, ...] = ()
    held: bool = False
    """Whether another page is where a person settles it."""

    @property
    def may_be_taken(self) -> bool:
        """Whether there is anything to take."""
        return self.standing in TAKEABLE and not self.held


@dataclass(frozen=True)
class Place:
    """Into which books which company's records are taken."""

    entity: BillingEntity
    connection: Connection


@dataclass(frozen=True)
class Source:
    """One list: looking at all of its records only reads; taking one is done in the caller's transaction."""

    look: Callable[[Place], Sequence[Offer]]
    take: Callable[[Place, Offer, Actor], None]


@dataclass
class Tally:
    """What came of taking some."""

    made: int = 0
    linked: int = 0
    changed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    """(what it is called, why)."""

    def note(self, standing: Standing) -> None:
        """Count one that was taken."""
        self.made += standing is Standing.NEW
        self.linked += standing is Standing.TO_LINK
        self.changed += standing is Standing.DIFFERS


def counts(offers: Iterable[Offer]) -> dict[Standing, int]:
    """How many there are of each."""
    found = Counter(offer.standing for offer in offers)
    return {standing: found[standing] for standing in Standing}


def differing(pairs: Iterable[tuple[str, str, str]]) -> tuple[Difference, ...]:
    """Those of (what, here, there) where there is a value that ours is not, whatever its case and blanks."""
    return tuple(Difference(*pair) for pair in pairs if pair[2] and folded(pair[1]) != folded(pair[2]))


def order(remote_id: str) -> str:
    """A key that sorts as the ids count: "9" before "10"."""
    return remote_id.zfill(20)
