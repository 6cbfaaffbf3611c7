"""The rows of a mapping page: ours, what stands for it, what is suggested, and what hangs on it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.billing.entity import BillingEntity
from app.billing.tax import TaxCode
from app.foundation.database import db
from app.quickbooks import long_lists
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.models import Connection
from app.sync.judging import choices
from app.sync.judging.suggestions import Shelf, Suggestion
from app.sync.mapping import making, mapped_kinds, uses
from app.sync.mapping.choosing import blocker
from app.sync.mapping.mapped_kinds import KINDS
from app.sync.mapping.skipped import SkippedKind, skipped
from app.sync.records.mappings import ALL_OTHERS, ENTITY_OF, MappingKind, kept_as, mapping_of, mappings_of
from app.sync.records.mappings import Mapping as Choice

MOST_COMPARED = 400
"""So many unmapped records are compared with the whole list by likeness for one page; the rest as each is opened."""
MOST_COMPARISONS = 300_000
"""So many names are compared for one page, some 60 milliseconds' worth."""
LONG = 5_000
"""Records from which on a list is not read whole for a page."""


class Tab(StrEnum):
    """Where a row stands."""

    UNMAPPED = "unmapped"
    SUGGESTED = "suggested"
    MAPPED = "mapped"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of our records on a mapping page."""

    subject_id: int
    code: str
    name: str
    mapping: Choice | None
    trouble: str
    """Why the record that was chosen can't be used; empty where it can, and where none was chosen."""
    suggestion: Suggestion | None
    used_on: int
    holds: int
    """How many messages wait for it: a choice releases them."""
    renamed: str = ""
    """What the chosen record is called now, where that is not what it was called when it was chosen."""
    wish: str = ""
    """How it stands with the record that somebody asked to be made; empty where nobody did."""
    skipped_by: str = ""
    """Who put it aside; empty where nobody did."""

    @property
    def is_broken(self) -> bool:
        """Whether another record must be chosen."""
        return bool(self.trouble)

    @property
    def tab(self) -> Tab:
        """The tab it is shown under."""
        if self.mapping is not None:
            return Tab.BROKEN if self.is_broken or self.renamed else Tab.MAPPED
        if self.skipped_by:
            return Tab.SKIPPED
        return Tab.SUGGESTED if self.suggestion else Tab.UNMAPPED


@dataclass(frozen=True)
class Bench:
    """All rows of one kind, and what the list's records are called."""

    kind: MappingKind
    rows: Sequence[Row]
    labels: Mapping[str, str]
    default: Row | None = None
    """The choice for all others, where there is one to make; it stands under no tab."""

    def row(self, subject_id: int) -> Row:
        """The row of one of our records. Raises StopIteration where it has none."""
        return next(row for row in (self.default, *self.rows) if row is not None and row.subject_id == subject_id)

    @property
    def counts(self) -> dict[Tab, int]:
        """How many rows each tab has."""
        return {tab: sum(1 for row in self.rows if row.tab is tab) for tab in Tab}

    @property
    def exact(self) -> list[Row]:
        """Rows whose suggestion agrees to the letter."""
        return [row for row in self.rows if row.tab is Tab.SUGGESTED and row.suggestion and row.suggestion.exact]


@dataclass(frozen=True)
class _Table:
    """What the rows of one kind refer to, each read once."""

    kind: MappingKind
    chosen: Mapping[int, Choice]
    used: Mapping[int, int]
    held: Mapping[str, int]
    alive: Mapping[str, CatalogueRow]
    suggested: Mapping[int, Suggestion]
    wishes: Mapping[int, str]
    skipped: Mapping[int, str]

    def row(self, ours: Any, code: str) -> Row:
        chosen = self.chosen.get(ours.id)
        there = self.alive.get(chosen.remote_id) if chosen else None
        return Row(
            subject_id=ours.id,
            code=code,
            name=KINDS[self.kind].beside(ours),
            mapping=chosen,
            trouble=_trouble(ours, chosen, there),
            suggestion=self.suggested.get(ours.id),
            used_on=self.used.get(ours.id, 0),
            holds=self.held.get(blocker(self.kind, ours.id), 0),
            renamed=_renamed(chosen, there),
            wish=self.wishes.get(ours.id, ""),
            skipped_by=self.skipped.get(ours.id, ""),
        )


def bench(entity: BillingEntity, connection: Connection, kind: MappingKind, only: int | None = None) -> Bench:
    """Every record of ours that is in use, mapped, or named by a document that waits; or only one.

    Raises NoResultFound for an id that is not ours.
    """
    chosen, used = mappings_of(connection.id, kind), uses.documents_using(entity, connection.id, kind)
    ours = _ours(connection, kind, {*chosen, *used}, only)
    suggested = _suggestions(connection.id, kind, [row for row in ours if row.id not in chosen])
    default = _chosen_for_others(connection, kind)
    made = [*chosen.values(), *([default] if default else [])]
    held, alive = uses.waiting_for(entity), choices.those(connection.id, kind, {one.remote_id for one in made})
    wishes = making.wishes(entity.lane, making.SERVICE) if kind is MappingKind.SERVICE else {}
    table = _Table(kind, chosen, used, held, alive, suggested, wishes, skipped(connection.id, SkippedKind(kind)))
    codes = mapped_kinds.codes(kind, ours)
    rows = [table.row(row, codes[row.id]) for row in ours]
    labels = _labels(connection.id, kind, alive.values(), suggested.values())
    return Bench(kind, rows, labels, _default(kind, default, held, alive))


def _labels(
    connection_id: int, kind: MappingKind, alive: Iterable[CatalogueRow], suggested: Iterable[Suggestion]
) -> Mapping[str, str]:
    """Of what the page shows; their namesakes are looked up too, for an id is shown where two would read the same."""
    names = {row.name for row in alive} | {one.candidate.name for one in suggested}
    return choices.labels(choices.namesakes(connection_id, kind, names))


def row_of(entity: BillingEntity, connection: Connection, kind: MappingKind, subject_id: int) -> Row:
    """One row, with its suggestion; the one for all others under the id 0.

    Raises NoResultFound for an id that is not ours, or a kind that knows no choice for all others.
    """
    return bench(entity, connection, kind, subject_id).row(subject_id)


def subject(kind: MappingKind, subject_id: int) -> Any:
    """One of our records that are mapped; all others as one, where a choice is made for them.

    Raises NoResultFound for an id that is not ours.
    """
    if subject_id == ALL_OTHERS and KINDS[kind].others:
        return AllOthers(KINDS[kind].others)
    return db.session.get_one(KINDS[kind].table, subject_id)


def _ours(connection: Connection, kind: MappingKind, named: set[int], only: int | None) -> list[Any]:
    if only is None:
        return mapped_kinds.listed(connection.id, kind, named)
    one = subject(kind, only)
    return [] if only == ALL_OTHERS else [one]


@dataclass(frozen=True)
class AllOthers:
    """In place of a record of ours: all that have no choice of their own."""

    name: str


def _chosen_for_others(connection: Connection, kind: MappingKind) -> Choice | None:
    return mapping_of(connection.id, kept_as(kind, ALL_OTHERS), ALL_OTHERS) if KINDS[kind].others else None


def _default(
    kind: MappingKind, chosen: Choice | None, held: Mapping[str, int], alive: Mapping[str, CatalogueRow]
) -> Row | None:
    if not KINDS[kind].others:
        return None
    there = alive.get(chosen.remote_id) if chosen else None
    return Row(
        subject_id=ALL_OTHERS,
        code="All others",
        name=KINDS[kind].others,
        mapping=chosen,
        trouble=_trouble(None, chosen, there),
        suggestion=None,
        used_on=0,
        holds=held.get(blocker(kept_as(kind, ALL_OTHERS), ALL_OTHERS), 0),
        renamed=_renamed(chosen, there),
    )


def _trouble(ours: Any, chosen: Choice | None, there: CatalogueRow | None) -> str:
    if chosen is None:
        return ""
    if there is None:
        return "It is inactive or gone in QuickBooks; choose another."
    if isinstance(ours, TaxCode) and choices.other_rate(ours.charged_percent, there):
        label, charged = choices.label(there.name, there.rate), choices.percentage(ours.charged_percent)
        return f"{label} does not charge the {charged} that is charged here; choose another."
    return ""


def _renamed(chosen: Choice | None, there: CatalogueRow | None) -> str:
    """Documents go on naming it by its id; whether it is still what was meant, a person says by choosing it again."""
    is_same = chosen is None or there is None or there.name[: len(chosen.remote_name)] == chosen.remote_name
    return "" if is_same or there is None else there.name


def _suggestions(connection_id: int, kind: MappingKind, ours: Sequence[Any]) -> dict[int, Suggestion]:
    """{our id: suggestion}. Of a long list only namesakes are looked up; likeness is for one of ours alone then."""
    how = KINDS[kind]
    if how.suggest is None or not ours:
        return {}
    is_long = long_lists.count(connection_id, ENTITY_OF[kind]) > LONG
    shelf = _shelf_of(connection_id, kind, ours) if is_long else _whole_shelf(connection_id, kind)
    found = {row.id: shelf.same(how.wanted(row)) for row in ours}
    most = min(MOST_COMPARED, MOST_COMPARISONS // max(len(shelf.candidates), 1))
    rest = [row for row in ours if found[row.id] is None][:most]
    found |= {row.id: how.suggest(how.wanted(row), shelf) for row in rest}
    return {our_id: one for our_id, one in found.items() if one is not None}


def _whole_shelf(connection_id: int, kind: MappingKind) -> Shelf:
    return Shelf(choices.candidate(row) for row in choices.offered(connection_id, kind))


def _shelf_of(connection_id: int, kind: MappingKind, ours: Sequence[Any]) -> Shelf:
    """What of a long list may stand for one of these."""
    wanted = [KINDS[kind].wanted(row) for row in ours]
    names = (name for one in wanted for name in (one.code, one.name))
    named = choices.namesakes(connection_id, kind, names, or_sku=kind is MappingKind.SERVICE)
    alike = choices.resembling(connection_id, kind, wanted[0].name) if len(wanted) == 1 else []
    return Shelf(choices.candidate(row) for row in {row.remote_id: row for row in (*named, *alike)}.values())
