"""The tabs of this room: its pages, and its billing entities where there are several."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.billing.entities import entities
from app.quickbooks.models import Connection
from app.sync import connecting, headings
from app.sync.mappings import MappingKind
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import entity_here
from app.web.session import action_of, may_here

Entry = tuple[str, str, int | None, bool]

_ALWAYS: list[tuple[str, str, dict[str, Any]]] = [("Overview", "index", {})]
_CONNECTED: list[tuple[str, str, dict[str, Any]]] = [
    ("Services", "mappings", {"kind": "services"}),
    ("Tax codes", "mappings", {"kind": "tax-codes"}),
    ("Payment terms", "mappings", {"kind": "terms"}),
    ("Tax", "tax", {}),
    ("Clients", "clients", {}),
    ("Policies", "policies", {}),
    ("Link history", "history", {}),
    ("Import", "import_lists", {}),
    ("Earlier documents", "old_documents", {}),
    ("Dry run", "dry_run", {}),
]
_AFTER_TERMS = 4
_SORTED_BY: dict[MappingKind, tuple[str, str, dict[str, Any]]] = {
    MappingKind.CLASS: ("Classes", "mappings", {"kind": "classes"}),
    MappingKind.LOCATION: ("Locations", "mappings", {"kind": "locations"}),
}
_BEHIND = {"income-accounts": "services"}
"""Mapping pages that lie behind the tab of another."""
_WITHIN = dict.fromkeys((f"{blueprint.name}.import_documents", f"{blueprint.name}.import_run"), "import_lists")
"""Pages that lie behind a tab of another page."""
_LAST: list[tuple[str, str, dict[str, Any]]] = [("Intuit app", "intuit_app", {})]


@blueprint.context_processor
def _tabs() -> dict[str, Any]:
    return {"room_tabs": room_tabs, "entity_tabs": entity_tabs}


def room_tabs() -> list[Entry]:
    """The pages that whoever is signed in may open; those about a company only once one is connected."""
    connection = connecting.connected(entity_here())
    middle = _about(connection) if connection else []
    pages = [(label, f"{blueprint.name}.{name}", named) for label, name, named in (*_ALWAYS, *middle, *_LAST)]
    return [
        (label, url_for(endpoint, **named), None, _is_here(endpoint, named))
        for label, endpoint, named in pages
        if _is_open(endpoint)
    ]


def _about(connection: Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """Classes and locations only where the company sorts its sales by them."""
    sorted_by = [_SORTED_BY[kind] for kind in headings.of_company(connection)]
    return [*_CONNECTED[:_AFTER_TERMS], *sorted_by, *_CONNECTED[_AFTER_TERMS:]]


def entity_tabs() -> list[Entry]:
    """The billing entities, each with its own company."""
    chosen = entity_here()
    return [
        (entity.name, url_for(f"{blueprint.name}.index", entity=entity.id), None, entity.id == chosen.id)
        for entity in entities()
    ]


def _is_here(endpoint: str, named: dict[str, Any]) -> bool:
    shown = f"{blueprint.name}.{_WITHIN[request.endpoint]}" if request.endpoint in _WITHIN else request.endpoint
    kind = request.args.get("kind", "services")
    return shown == endpoint and _BEHIND.get(kind, kind) == named.get("kind", "services")


def _is_open(endpoint: str) -> bool:
    action = action_of(endpoint)
    return action is not None and may_here(action)
