"""The organisation's own Intuit app: kept sealed, shown without its secrets, with the addresses to enter at Intuit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy import select

from app.foundation.database import db, transaction
from app.foundation.house import house
from app.foundation.sealing import Secret
from app.quickbooks.models import Environment, IntuitApp
from app.web.legal import addresses
from app.web.quickbooks.forms import IntuitAppForm
from app.web.quickbooks.returning import redirect_uri
from app.web.quickbooks.room import quickbooks
from app.web.webhooks.addresses import address_of


class Address(NamedTuple):
    """What it is called at Intuit, the address to enter there, and a word about it where it needs one."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """What may be seen of the app in use."""

    environment: Environment
    own: IntuitApp | None
    has_shared: bool
    has_verifier: bool
    addresses: list[Address]

    @property
    def is_sandbox(self) -> bool:
        """Whether these are the keys that Intuit calls "Development"."""
        return self.environment is Environment.SANDBOX


def own(environment: Environment) -> IntuitApp | None:
    """The organisation's own app of this environment."""
    return db.session.scalar(select(IntuitApp).where(IntuitApp.mode == environment.mode))


def keep(environment: Environment, form: IntuitAppForm) -> None:
    """Store what was entered; a secret or verifier that was left empty stays as it is."""
    apps, before = quickbooks().apps, quickbooks().apps.app_for(environment)
    secret = Secret(form.client_secret.data) if form.client_secret.data else before.client_secret
    with transaction() as session:
        row = apps.keep(session, environment, form.client_id.data.strip(), secret)
        if form.verifier.data:
            apps.keep_verifier(row, Secret(form.verifier.data.strip()))


def picture(environment: Environment, row: IntuitApp | None) -> Shown:
    """What the page shows; no secret leaves the server."""
    apps = quickbooks().apps
    shared = apps.shared(environment)
    in_use = apps.opened(row) if row else shared
    return Shown(
        environment,
        row,
        has_shared=shared.is_complete,
        has_verifier=bool(in_use.verifiers),
        addresses=list(_to_register(row.slug if row else None)),
    )


def _to_register(slug: str | None) -> Iterator[Address]:
    """In the order of Intuit's pages; what its form calls them has changed more than once."""
    public = house().settings.public_url
    settings_page = url_for("quickbooks.index", entity=None)
    yield Address("Redirect URI", redirect_uri(), "To the letter, in the list of these very keys.")
    yield Address("Webhook endpoint", f"{public}{address_of(slug)}", "On the Webhooks page of your app.")
    host = urlsplit(public).netloc
    yield Address("Host domain", host, "The name alone; if Intuit's form wants an address, put https:// before it.")
    yield Address("Launch URL", f"{public}{url_for('home.index')}")
    yield Address("Disconnect URL", f"{public}{url_for('quickbooks_door.disconnected')}")
    yield Address("Connect/Reconnect URL", f"{public}{settings_page}", "Only where Intuit's form asks for one.")
    yield Address("End-user licence agreement URL", addresses.public(addresses.TERMS))
    yield Address("Privacy policy URL", addresses.public(addresses.PRIVACY))
