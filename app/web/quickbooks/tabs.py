"""The pages of this room as its list shows them, and its billing entities where there are several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from app.billing.entities import entities
from app.sync.company import connecting
from app.sync.judging import headings
from app.sync.records.mappings import MappingKind
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import entity_here
from app.web.session import action_of, may_here

_BEHIND = {"income-accounts": "services"}
"""Mapping pages that lie behind the line of another."""
_WITHIN = dict.fromkeys((f"{blueprint.name}.import_documents", f"{blueprint.name}.import_run"), "import_lists")
"""Pages that lie behind the line of another page."""


@dataclass(frozen=True)
class Entry:
    """One page of the room; `named` is what its address takes."""

    label: str
    page: str
    named: dict[str, Any] = field(default_factory=dict)
    sorts_by: MappingKind | None = None
    """Shown only where the company sorts its sales by this."""

    @property
    def endpoint(self) -> str:
        """By the name of the url map."""
        return f"{blueprint.name}.{self.page}"

    @property
    def url(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint, **self.named)

    @property
    def is_here(self) -> bool:
        """Whether the running page is it, or lies behind it."""
        shown = f"{blueprint.name}.{_WITHIN[request.endpoint]}" if request.endpoint in _WITHIN else request.endpoint
        kind = request.args.get("kind", "services")
        return shown == self.endpoint and _BEHIND.get(kind, kind) == self.named.get("kind", "services")


@dataclass(frozen=True)
class Group:
    """What belongs together, under a heading."""

    label: str
    entries: tuple[Entry, ...]


def _mapping(label: str, kind: str, sorts_by: MappingKind | None = None) -> Entry:
    return Entry(label, "mappings", {"kind": kind}, sorts_by)


_OVERVIEW = Group("", (Entry("Overview", "index"),))
_OF_A_COMPANY = (
    Group(
        "Matching",
        (
            _mapping("Services", "services"),
            _mapping("Tax codes", "tax-codes"),
            _mapping("Payment terms", "terms"),
            _mapping("Classes", "classes", MappingKind.CLASS),
            _mapping("Locations", "locations", MappingKind.LOCATION),
            Entry("Clients", "clients"),
        ),
    ),
    Group("Rules", (Entry("Policies", "policies"), Entry("Tax", "tax"), Entry("Dry run", "dry_run"))),
    Group(
        "Earlier records",
        (
            Entry("Link history", "history"),
            Entry("Import", "import_lists"),
            Entry("Earlier documents", "old_documents"),
        ),
    ),
)
_SET_UP = Group("Set-up", (Entry("Intuit app", "intuit_app"),))


@blueprint.context_processor
def _lists() -> dict[str, Any]:
    return {"room_groups": room_groups, "entity_tabs": entity_tabs}


def room_groups() -> Iterator[Group]:
    """The pages that whoever is signed in may open; those about a company only once one is connected."""
    connection = connecting.connected(entity_here())
    sorted_by = {None, *headings.of_company(connection)} if connection else {None}
    for group in (_OVERVIEW, *(_OF_A_COMPANY if connection else ()), _SET_UP):
        shown = tuple(entry for entry in group.entries if entry.sorts_by in sorted_by and _is_open(entry.endpoint))
        if shown:
            yield Group(group.label, shown)


def entity_tabs() -> list[tuple[str, str, int | None, bool]]:
    """The billing entities, each with its own company."""
    chosen = entity_here()
    return [
        (entity.name, url_for(f"{blueprint.name}.index", entity=entity.id), None, entity.id == chosen.id)
        for entity in entities()
    ]


def _is_open(endpoint: str) -> bool:
    action = action_of(endpoint)
    return action is not None and may_here(action)
