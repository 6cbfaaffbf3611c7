"""The organisation's own Intuit app: kept sealed, shown without its secrets, with the addresses to enter at Intuit."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from app.foundation.database import db, transaction
from app.foundation.house import house
from app.foundation.sealing import Secret
from app.quickbooks.models import Environment, IntuitApp
from app.web.quickbooks.forms import IntuitAppForm
from app.web.quickbooks.returning import redirect_uri
from app.web.quickbooks.room import quickbooks
from app.web.webhooks.addresses import address_of


@dataclass(frozen=True)
class Shown:
    """What may be seen of the app in use; `addresses` are (what it is called at Intuit, address)."""

    environment: Environment
    own: IntuitApp | None
    has_shared: bool
    has_verifier: bool
    addresses: list[tuple[str, str]]

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
    public, shared = house().settings.public_url, apps.shared(environment)
    in_use = apps.opened(row) if row else shared
    return Shown(
        environment,
        row,
        has_shared=shared.is_complete,
        has_verifier=bool(in_use.verifiers),
        addresses=[
            ("Redirect URI", redirect_uri()),
            ("Webhook endpoint", f"{public}{address_of(row.slug if row else None)}"),
            ("Host domain", public),
            ("Launch URL", f"{public}{url_for('home.index')}"),
            ("Disconnect URL", f"{public}{url_for('quickbooks_door.disconnected')}"),
        ],
    )
