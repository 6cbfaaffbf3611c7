"""Which of our documents are in QuickBooks already: by number, customer, date and total. Pure; a person confirms.

Exact is one record there that agrees in all four (the total to a penny), wanted by one of ours alone. Whatever else has
the number, agrees in the other three, or was linked before a disconnect, is put before a person with what differs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.billing.wording import amount, day
from app.outbox.models import Subject
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.lists import folded
from app.sync.judging.kinds import KINDS
from app.sync.judging.suggestions import alike

A_PENNY = 1
"""Both sides may have rounded a total differently by so many pence."""


class Sameness(StrEnum):
    """How sure it is that ours is there; the values are the words on screen."""

    EXACT = "Exact"
    AMBIGUOUS = "To decide"
    NONE = "Not there"


@dataclass(frozen=True, kw_only=True)
class Ours:
    """One of our documents; the total is in pence. `customer_id` is None while its client is linked to nobody."""

    subject: Subject
    number: str
    client_name: str
    customer_id: str | None
    issue_date: date
    total_pence: int
    currency: str
    country: str = ""
    """Where we bill from; its sentences are for people there."""
    is_untaxed: bool = False
    """Its tax is for QuickBooks to say: its total is without one, and is held against theirs without tax."""

    was_linked_to: str | None = None
    """The id of the record that it was linked to before a disconnect."""

    def total_of(self, seen: DocumentSeen) -> int:
        """What of a record there its own total is to agree with, in pence."""
        return seen.total_pence - seen.tax_pence if self.is_untaxed else seen.total_pence


@dataclass(frozen=True)
class Candidate:
    """A record there, and in what it differs, in words; nothing where it agrees in all."""

    seen: DocumentSeen
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """One of ours with the records that may be it, those that differ least first."""

    ours: Ours
    sameness: Sameness
    candidates: tuple[Candidate, ...]


class _Shelf:
    """Their documents of one kind, found by number, and by date and total."""

    def __init__(self, seen: Iterable[DocumentSeen]) -> None:
        self._by_id: dict[str, DocumentSeen] = {}
        self._by_number: dict[str, list[DocumentSeen]] = defaultdict(list)
        self._by_sum: dict[tuple[date | None, int], list[DocumentSeen]] = defaultdict(list)
        self._by_net: dict[tuple[date | None, int], list[DocumentSeen]] = defaultdict(list)
        for one in seen:
            self._by_id[one.id] = one
            self._by_number[folded(one.doc_number)].append(one)
            self._by_sum[one.txn_date, one.total_pence].append(one)
            self._by_net[one.txn_date, one.total_pence - one.tax_pence].append(one)

    def candidates(self, ours: Ours) -> list[Candidate]:
        """Those of the same number, those that agree in all but one thing, and the one it was linked to."""
        found = {one.id: Candidate(one, tuple(_differences(ours, one))) for one in self._like(ours)}
        kept = [one for one in found.values() if _is_worth_a_look(ours, one)]
        return sorted(kept, key=lambda one: (len(one.differs), one.seen.id))

    def _like(self, ours: Ours) -> Iterator[DocumentSeen]:
        if ours.number:
            yield from self._by_number[folded(ours.number)]
        if ours.was_linked_to in self._by_id:
            yield self._by_id[ours.was_linked_to]
        sums = self._by_net if ours.is_untaxed else self._by_sum
        for pence in range(ours.total_pence - A_PENNY, ours.total_pence + A_PENNY + 1):
            yield from sums[ours.issue_date, pence]


def match(ours: Sequence[Ours], theirs: Mapping[tuple[str, str], DocumentSeen]) -> list[Match]:
    """One for each of ours, in the order given; `theirs` by (entity, id), without those that are linked or void."""
    shelves = {
        kind: _Shelf(seen for (entity, _id), seen in theirs.items() if entity == KINDS[kind].entity)
        for kind in {one.subject.kind for one in ours}
    }
    found = [(one, shelves[one.subject.kind].candidates(one)) for one in ours]
    wanted = Counter(
        (one.subject.kind, candidate.seen.id)
        for one, candidates in found
        for candidate in candidates
        if _agrees(candidate)
    )
    return [Match(one, _sameness(one, candidates, wanted), tuple(candidates)) for one, candidates in found]


def _sameness(ours: Ours, candidates: Sequence[Candidate], wanted: Mapping[tuple[str, str], int]) -> Sameness:
    if not candidates:
        return Sameness.NONE
    agreeing = [one for one in candidates if _agrees(one)]
    alone = len(agreeing) == 1 and wanted[ours.subject.kind, agreeing[0].seen.id] == 1
    return Sameness.EXACT if alone else Sameness.AMBIGUOUS


def _agrees(candidate: Candidate) -> bool:
    return not candidate.differs


def _is_worth_a_look(ours: Ours, candidate: Candidate) -> bool:
    same_number = bool(ours.number) and folded(candidate.seen.doc_number) == folded(ours.number)
    return same_number or len(candidate.differs) == 1 or candidate.seen.id == ours.was_linked_to


def _differences(ours: Ours, seen: DocumentSeen) -> Iterator[str]:
    if folded(seen.doc_number) != folded(ours.number):
        yield f"it has the number {seen.doc_number}" if seen.doc_number else "it has no number"
    if not _is_same_customer(ours, seen):
        yield f"it is billed to “{seen.customer_name or seen.customer_id}”"
    if seen.txn_date != ours.issue_date:
        yield f"it is dated {day(seen.txn_date, ours.country)}" if seen.txn_date else "it has no date"
    if (seen.currency or ours.currency) != ours.currency:
        yield f"it is in {seen.currency}"
    elif abs(ours.total_of(seen) - ours.total_pence) > A_PENNY:
        yield f"its total is {amount(seen.total_pence, ours.currency)}"


def _is_same_customer(ours: Ours, seen: DocumentSeen) -> bool:
    if ours.customer_id is not None:
        return ours.customer_id == seen.customer_id
    return alike(ours.client_name, seen.customer_name)
