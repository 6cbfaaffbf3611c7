"""Where Intuit knocks: one address for the shared app, one for each app that an organisation brings."""

from __future__ import annotations

SHARED = "/webhooks/quickbooks"
_OWN = SHARED + "/"


def address_of(slug: str | None) -> str:
    """The path of an organisation's own app; without a slug that of the shared one."""
    return f"{_OWN}{slug}" if slug else SHARED


def slug_in(path: str) -> str | None:
    """The slug in such a path, "" for the shared app; None where it is no address for webhooks."""
    if path == SHARED:
        return ""
    slug = path.removeprefix(_OWN)
    return slug if path.startswith(_OWN) and slug and "/" not in slug else None
