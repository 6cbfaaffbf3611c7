"""The menu: each entry is shown once its page exists and only to those who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Flask, request, url_for

from app.web.session import action_of, may_here
from app.web.voice import voice


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    endpoint: str
    icon: str

    @property
    def url(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """Whether the running page belongs to it."""
        if request.endpoint == self.endpoint:
            return True
        return self.endpoint.partition(".")[0] == request.blueprint and request.endpoint not in _ENDPOINTS


@dataclass(frozen=True)
class Group:
    """A heading and what stands under it."""

    label: str
    entries: tuple[Entry, ...]


MENU = (
    Group("", (Entry("Dashboard", "home.index", "speedometer2"),)),
    Group(
        "Billing",
        (
            Entry("Invoices", "invoices.index", "receipt"),
            Entry("Credit notes", "credit_notes.index", "receipt-cutoff"),
            Entry("Clients", "clients.index", "people"),
            Entry("Services", "services.index", "box-seam"),
            Entry("Payments", "payments.index", "cash-coin"),
            Entry("Aged debtors", "debtors.index", "calendar-check"),
            Entry("Import", "imports.index", "upload"),
        ),
    ),
    Group(
        "QuickBooks",
        (
            Entry("Sync state", "sync_state.index", "activity"),
            Entry("Sync log", "sync_log.index", "list-check"),
            Entry("Webhook log", "webhook_log.index", "broadcast"),
            Entry("Reconciliation", "reconciliation.index", "intersect"),
        ),
    ),
    Group(
        "Settings",
        (
            Entry("Billing entity", "billing_entity.index", "building"),
            Entry("Tax codes", "tax_codes.index", "percent"),
            Entry("Payment terms", "terms.index", "calendar-check"),
            Entry("QuickBooks", "quickbooks.index", "plug"),
            Entry("Users", "users.index", "person-gear"),
            Entry("Mail", "mail.index", "envelope"),
        ),
    ),
)
_ENDPOINTS = frozenset(entry.endpoint for group in MENU for entry in group.entries)


def init_app(app: Flask) -> None:
    """Give every page its menu."""
    app.jinja_env.globals.update(menu=menu)


def menu() -> Iterator[Group]:
    """The groups that have something to show to whoever is signed in."""
    for group in MENU:
        entries = tuple(_spoken(entry) for entry in group.entries if _is_open(entry.endpoint))
        if entries:
            yield Group(group.label, entries)


def _spoken(entry: Entry) -> Entry:
    """As the country calls it."""
    return replace(entry, label=voice().words.debtors) if entry.endpoint == "debtors.index" else entry


def _is_open(endpoint: str) -> bool:
    action = action_of(endpoint)
    return action is not None and may_here(action)
