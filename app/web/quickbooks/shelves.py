"""The mapping pages as values: their words, and what one page of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from app.billing.queries import cut
from app.foundation.errors import NotFoundError
from app.quickbooks import long_lists
from app.quickbooks.models import Connection
from app.sync.judging import choices
from app.sync.mapping.workbench import Bench, Row, Tab, subject
from app.sync.records.mappings import ALL_OTHERS, ENTITY_OF, MappingKind, mapping_of
from app.web.quickbooks.by_policy import ByItself

LEAST_LETTERS = 2
FEW = 15
"""A list as short as this is shown whole, without searching."""


@dataclass(frozen=True)
class Shelf:
    """One mapping page."""

    slug: str
    kind: MappingKind
    title: str
    noun: str
    nouns: str
    theirs: str
    theirs_many: str
    lead: str

    @property
    def columns(self) -> list[str]:
        """The headings of its rows; over what is done with them stands none."""
        return [self.noun.capitalize(), f"{self.theirs.capitalize()} in QuickBooks", "Used on", ""]


@dataclass(frozen=True)
class Picks:
    """What may be picked: (remote id, label); `hint` says why there is nothing or not everything."""

    options: list[tuple[str, str]]
    hint: str = ""


SHELVES = {
    "services": Shelf(
        "services",
        MappingKind.SERVICE,
        "Services and items",
        "service",
        "services",
        "item",
        "items",
        "Each line of an invoice names a service; QuickBooks books it to the item chosen here.",
    ),
    "tax-codes": Shelf(
        "tax-codes",
        MappingKind.TAX_CODE,
        "Tax codes",
        "tax code",
        "tax codes",
        "tax code",
        "tax codes",
        "Each line sends the tax code chosen here, and QuickBooks computes the tax from it.",
    ),
    "terms": Shelf(
        "terms",
        MappingKind.TERM,
        "Payment terms",
        "payment term",
        "payment terms",
        "term",
        "terms",
        "Documents name the term chosen here. Without one they carry their due date alone.",
    ),
    "classes": Shelf(
        "classes",
        MappingKind.CLASS,
        "Classes",
        "service",
        "services",
        "class",
        "classes",
        "This company sorts its sales by class: each line goes under the class of its service.",
    ),
    "locations": Shelf(
        "locations",
        MappingKind.LOCATION,
        "Locations",
        "client",
        "clients",
        "location",
        "locations",
        "This company sorts its sales by location: a new document goes under the location of its client.",
    ),
    "income-accounts": Shelf(
        "income-accounts",
        MappingKind.INCOME_ACCOUNT,
        "Income accounts of new items",
        "service",
        "services",
        "income account",
        "income accounts",
        "An item that is made for a service is booked to the account chosen here. Items that QuickBooks has already"
        " keep theirs, so their services are not listed.",
    ),
}
KINDS = f"<any({', '.join(map(repr, SHELVES))}):slug>"
"""The part of an address that names one of them."""
_WORDS = {
    Tab.UNMAPPED: "Unmapped",
    Tab.SUGGESTED: "Suggested",
    Tab.MAPPED: "Mapped",
    Tab.BROKEN: "Broken",
    Tab.SKIPPED: "Skipped",
}


def shelf_here() -> Shelf:
    """The page that the address names, services unless it says otherwise. Raises NotFoundError for no such page."""
    return _shelf(request.args.get("kind", "services"))


def shelf_of(slug: str, subject_id: int) -> Shelf:
    """The page of one of our records. Raises NoResultFound for a record that is not ours, whatever is connected."""
    shelf = _shelf(slug)
    subject(shelf.kind, subject_id)
    return shelf


def _shelf(slug: str) -> Shelf:
    if slug not in SHELVES:
        raise NotFoundError
    return SHELVES[slug]


def bench_page(bench: Bench, by_itself: ByItself) -> dict[str, Any]:
    """What the page shows of a bench: the tab in the address, else the first that has something to do."""
    tab = _tab(bench)
    search = request.args.get("search", "").strip()
    rows = [row for row in bench.rows if row.tab is tab and _matches(row, search)]
    return {
        "rows": cut(rows, request.args.get("page", 1, type=int)),
        "tab": tab,
        "by_itself": by_itself,
        **tallies(bench, by_itself),
        "labels": bench.labels,
        "search": search,
        "total": len(bench.rows),
        "default": bench.default,
        "fallback": fallback(bench),
    }


def tallies(bench: Bench, by_itself: ByItself) -> dict[str, Any]:
    """What changes around a row when it does: how many each tab has, and how many agree to the letter."""
    counts = bench.counts
    words = _WORDS | ({Tab.UNMAPPED: by_itself.tab} if by_itself.tab else {})
    return {"tabs_of": [(words[tab], tab.value, counts[tab]) for tab in Tab], "exact": len(bench.exact)}


def fallback(bench: Bench) -> str:
    """What stands for whatever has no choice of its own; empty where nothing does."""
    mapping = bench.default.mapping if bench.default else None
    return mapping.remote_name if mapping else ""


def picks(connection: Connection, shelf: Shelf, search: str) -> Picks:
    """What may be picked for the letters typed; a short list is shown whole."""
    search = search.strip()
    if len(search) >= LEAST_LETTERS:
        found = choices.search(connection.id, shelf.kind, search)
        labels = choices.labels(found)
        hint = "" if found else f"No active {shelf.theirs} in QuickBooks contains “{search}”."
        return Picks([(row.remote_id, labels[row.remote_id]) for row in found], hint)
    offered = choices.few(connection.id, shelf.kind, FEW)
    if offered is None:
        number = long_lists.count(connection.id, ENTITY_OF[shelf.kind])
        return Picks([], f"Type at least {LEAST_LETTERS} letters to search {number:,} records.")
    hint = "" if offered else "The list is empty here. Read the lists again on the QuickBooks page."
    return Picks(list(choices.labels(offered).items()), hint)


@dataclass(frozen=True)
class Accounts:
    """The income accounts that a new item may be booked to, and the one that stands in where none is chosen."""

    options: list[tuple[str, str]]
    preferred: str


def accounts_for(connection: Connection, row: Row) -> Accounts | None:
    """What may be chosen for the item of a service; None where it has one."""
    if row.mapping is not None:
        return None
    made = (
        mapping_of(connection.id, MappingKind.INCOME_ACCOUNT, row.subject_id),
        mapping_of(connection.id, MappingKind.DEFAULT_INCOME, ALL_OTHERS),
    )
    offered = choices.labels(choices.offered(connection.id, MappingKind.INCOME_ACCOUNT))
    return Accounts(list(offered.items()), next((one.remote_id for one in made if one is not None), ""))


def _tab(bench: Bench) -> Tab:
    wanted = request.args.get("tab", "")
    if wanted in set(Tab):
        return Tab(wanted)
    order = (Tab.BROKEN, Tab.SUGGESTED, Tab.UNMAPPED, Tab.MAPPED)
    return next((tab for tab in order if bench.counts[tab]), Tab.UNMAPPED)


def _matches(row: Row, search: str) -> bool:
    return search.casefold() in f"{row.code} {row.name}".casefold()
