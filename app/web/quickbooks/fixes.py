"""The catalogue of fixes: where what holds a document back is mended. All pages ask `fix_link`.

A blocker says precisely what is missing ("service:42"), a fix which page mends such things ("map_services"). An
endpoint that is not hung, or not open to whoever is signed in, gives no link: a button is shown only when it can work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from app.web.session import action_of, may_here
from app.web.voice import speakers


@dataclass(frozen=True)
class Fix:
    """A link that leads to the mending."""

    label: str
    url: str


@dataclass(frozen=True)
class _Place:
    """A page by its endpoint; `argument` takes the number of a blocker.

    `asks` is the endpoint that does the mending, where that is open to fewer than the page.
    """

    label: str
    endpoint: str
    argument: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    asks: str = ""


_OF_ENTITY = "entity_id"
"""The argument that takes the billing entity at hand instead of a blocker's number."""
_CONNECT = "quickbooks.connect"

_SUBJECTS = {
    "service": _Place("Map the service", "quickbooks.choose", "subject_id", {"slug": "services"}),
    "tax_code": _Place("Map the tax code", "quickbooks.choose", "subject_id", {"slug": "tax-codes"}),
    "class": _Place("Choose the class", "quickbooks.choose", "subject_id", {"slug": "classes"}),
    "location": _Place("Choose the location", "quickbooks.choose", "subject_id", {"slug": "locations"}),
    "default_income": _Place("Choose an income account", "quickbooks.policies", more={"_anchor": "default_income"}),
    "deposit_account": _Place("Choose the account", "quickbooks.policies", more={"_anchor": "deposit_account"}),
    "payment": _Place("Look at the payment", "payments.show", "payment_id"),
    "client": _Place("Look at the client", "clients.edit", "client_id"),
    "invoice": _Place("Look at the invoice", "invoices.show", "document_id"),
    "credit_note": _Place("Look at the credit note", "credit_notes.show", "document_id"),
    "number_invoice": _Place("Compare the two", "quickbooks.same_number", "document_id", {"kind": "invoice"}),
    "number_credit_note": _Place("Compare the two", "quickbooks.same_number", "document_id", {"kind": "credit_note"}),
    "long_number_invoice": _Place("Choose a shorter number", "quickbooks.long_numbers"),
    "long_number_credit_note": _Place("Choose a shorter number", "quickbooks.long_numbers"),
    "connection": _Place("Reconnect QuickBooks", "quickbooks.index", asks=_CONNECT),
    "mode": _Place("Choose what to send", "quickbooks.old_documents"),
    "closed_books": _Place(
        "Choose what to do with closed books", "quickbooks.policies", more={"_anchor": "closed_books"}
    ),
    "company_read_only": _Place("Look at the company", "quickbooks.test"),
    "company_currency": _Place(
        "Choose another company", "quickbooks.index", more={"_anchor": "company"}, asks=_CONNECT
    ),
}
"""By what stands before the colon of a blocker."""

_FIXES = {
    "map_services": _Place("Map services", "quickbooks.mappings", more={"kind": "services"}),
    "map_tax_codes": _Place("Map tax codes", "quickbooks.mappings", more={"kind": "tax-codes"}),
    "map_terms": _Place("Map payment terms", "quickbooks.mappings", more={"kind": "terms"}),
    "map_classes": _Place("Choose classes", "quickbooks.mappings", more={"kind": "classes"}),
    "map_locations": _Place("Choose locations", "quickbooks.mappings", more={"kind": "locations"}),
    "default_income": _SUBJECTS["default_income"],
    "deposit_account": _SUBJECTS["deposit_account"],
    "payments_here": _Place(
        "Look at the policy for payments", "quickbooks.policies", more={"_anchor": "payments_here"}
    ),
    "long_numbers": _SUBJECTS["long_number_invoice"],
    "tax_codes": _Place("Enter your tax codes", "tax_codes.index"),
    "tax": _Place("Look at the tax", "quickbooks.tax"),
    "match_clients": _Place("Match clients", "quickbooks.clients"),
    "clients": _Place("Look at the policy for clients", "quickbooks.policies", more={"_anchor": "client_missing"}),
    "closed_books": _SUBJECTS["closed_books"],
    "company": _Place("Test the connection", "quickbooks.test"),
    "another_company": _SUBJECTS["company_currency"],
    "connect": _Place("Connect QuickBooks", "quickbooks.index", more={"_anchor": "company"}, asks=_CONNECT),
    "lists": _Place("Read the lists", "quickbooks.index", more={"_anchor": "company"}),
    "intuit_app": _Place("Set up the Intuit app", "quickbooks.intuit_app"),
    "mode": _Place("Switch the mode", "quickbooks.mode"),
    "policies": _Place("Look at the policies", "quickbooks.policies"),
    "automatic_push": _Place("Turn automatic push on", "quickbooks.policies", more={"_anchor": "automatic_push"}),
    "old_documents": _Place("Choose what to send", "quickbooks.old_documents"),
    "sync_log": _Place("See what is held", "sync_log.index", more={"show": "problems"}),
    "sync_state": _Place("Look at the sync state", "sync_state.index"),
    "webhook_log": _Place("See the webhook log", "webhook_log.index"),
    "imports": _Place("Import a file", "imports.index"),
    "dry_run": _Place("See the dry run", "quickbooks.dry_run"),
    "mail": _Place("Look at the mails", "mail.index"),
    "billing_entity": _Place("Edit the billing entity", "billing_entity.edit", _OF_ENTITY),
}
"""By the name of a fix. "document", "opt_out" and "removed" are not among them: they lead to the record itself."""


def fix_link(blocker: str = "", fix: str = "", *, entity_id: int | None = None) -> Fix | None:
    """Where this is mended; None where there is no page for it, or not for whoever is signed in.

    `entity_id` leads to the company of this billing entity, where there are several.
    """
    kind, _colon, number = (blocker or "").partition(":")
    place = _SUBJECTS.get(kind) or _FIXES.get(fix)
    if place is None or not _is_open(place.asks or place.endpoint):
        return None
    taken = str(entity_id or "") if place.argument == _OF_ENTITY else number
    if place.argument and not taken.isdigit():
        return None
    return Fix(place.label, url_for(place.endpoint, **_named(place, taken), **_company(place, entity_id), **place.more))


def _named(place: _Place, taken: str) -> dict[str, Any]:
    """What the path takes."""
    return {place.argument: int(taken)} if place.argument else {}


def _company(place: _Place, entity_id: int | None) -> dict[str, Any]:
    """Whose company is meant; nothing for the oldest billing entity's, which is shown where none is named."""
    if entity_id is None or not place.endpoint.startswith("quickbooks."):
        return {}
    return {} if entity_id == speakers()[0].entity_id else {"entity": entity_id}


def _is_open(endpoint: str) -> bool:
    action = action_of(endpoint)
    return action is not None and may_here(action)
