"""Which Intuit app speaks for whom: the organisation's own, or the shared one of the settings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import db, end_reading, table_of
from app.foundation.sealing import Place, Sealer, Secret
from app.foundation.settings import Settings
from app.quickbooks.models import Connection, Environment, IntuitApp


@dataclass(frozen=True)
class AppKeys:
    """An Intuit app, opened; `app_id` is None for the shared one. While a verifier is changed, two are valid."""

    app_id: int | None
    environment: Environment
    client_id: str
    client_secret: Secret
    verifiers: tuple[Secret, ...]
    discovery_url: str
    api_url: str

    @property
    def is_complete(self) -> bool:
        """Whether it can connect a company at all."""
        return bool(self.client_id and self.client_secret.value)


@dataclass(frozen=True)
class OwnVerifiers:
    """The webhook verifiers of an organisation's own app: those valid now, which sign for its mode."""

    app_id: int
    mode: str
    verifiers: tuple[Secret, ...]


_APP = table_of(IntuitApp).c
_AT_SLUG = select(_APP.id, _APP.organisation_id, _APP.mode, _APP.verifier, _APP.previous_verifier).where(
    _APP.slug == bindparam("slug")
)


class Apps:
    """Finds and opens the Intuit app that belongs to a connection, a mode or a webhook address."""

    def __init__(self, settings: Settings, sealer: Sealer) -> None:
        self._settings = settings
        self._sealer = sealer

    def app_for(self, target: Connection | Environment) -> AppKeys:
        """The app a connection was made with; for an environment, the one its next connection will be made with."""
        if isinstance(target, Environment):
            own = select(IntuitApp).where(IntuitApp.mode == target.mode)
            row, environment = db.session.scalar(own), target
        else:
            row = db.session.get_one(IntuitApp, target.intuit_app_id) if target.intuit_app_id else None
            environment = target.environment
        return self.opened(row) if row else self.shared(environment)

    def shared(self, environment: Environment) -> AppKeys:
        """The app of the settings; its verifier may list two, separated by a comma, while it is changed."""
        ending = "" if environment is Environment.PRODUCTION else "_sandbox"
        verifiers = self._secret("intuit_webhook_verifier" + ending).split(",")
        return AppKeys(
            app_id=None,
            environment=environment,
            client_id=getattr(self._settings, "intuit_client_id" + ending),
            client_secret=Secret(self._secret("intuit_client_secret" + ending)),
            verifiers=tuple(Secret(verifier.strip()) for verifier in verifiers if verifier.strip()),
            discovery_url=getattr(self._settings, "intuit_discovery_url" + ending),
            api_url=getattr(self._settings, "quickbooks_api_url" + ending),
        )

    def verifiers_at(self, slug: str) -> OwnVerifiers | None:
        """The verifiers of the app whose webhook address ends so, as they stand now; whoever's it is, asked by nobody.

        Beside the session, and nothing else is opened: Intuit waits. To keep them in memory would save only the
        unsealing, a few microseconds, and believe a verifier that was taken back. Ends an open read transaction.
        """
        end_reading()
        with db.engine.connect() as connection:
            found = connection.execute(_AT_SLUG, {"slug": slug}).one_or_none()
        if found is None:
            return None
        sealed = {name: getattr(found, name) for name in ("verifier", "previous_verifier")}
        place = partial(Place, IntuitApp.__tablename__, organisation_id=found.organisation_id, row_id=found.id)
        verifiers = tuple(self._sealer.unseal(text, place(name)) for name, text in sealed.items() if text)
        return OwnVerifiers(found.id, found.mode, verifiers)

    def opened(self, row: IntuitApp) -> AppKeys:
        """An organisation's own app with its secrets open."""
        environment = Environment.of_mode(row.mode)
        shared = self.shared(environment)
        verifiers = (self._open(row, "verifier"), self._open(row, "previous_verifier"))
        return AppKeys(
            app_id=row.id,
            environment=environment,
            client_id=row.client_id,
            client_secret=self._open(row, "client_secret"),
            verifiers=tuple(verifier for verifier in verifiers if verifier.value),
            discovery_url=shared.discovery_url,
            api_url=shared.api_url,
        )

    def keep(self, session: Session, environment: Environment, client_id: str, client_secret: Secret) -> IntuitApp:
        """Store the organisation's own app in the caller's transaction, or change the one it has."""
        row = session.scalar(select(IntuitApp).where(IntuitApp.mode == environment.mode))
        if row is None:
            row = IntuitApp(mode=environment.mode, slug=secrets.token_urlsafe(18))
            session.add(row)
        row.client_id, row.changed_at = client_id, clock.now()
        session.flush()  # the secret is sealed for this very row, which has its id only now
        row.client_secret = self._sealer.seal(client_secret, row.place("client_secret"))
        return row

    def keep_verifier(self, row: IntuitApp, verifier: Secret) -> None:
        """Store a new webhook verifier; the one before stays valid until the next change."""
        before = self._open(row, "verifier")
        if before.value and before != verifier:
            row.previous_verifier = self._sealer.seal(before, row.place("previous_verifier"))
        row.verifier = self._sealer.seal(verifier, row.place("verifier"))
        row.changed_at = clock.now()

    def _open(self, row: IntuitApp, column: str) -> Secret:
        sealed = getattr(row, column)
        return self._sealer.unseal(sealed, row.place(column)) if sealed else Secret("")

    def _secret(self, name: str) -> str:
        value: str = getattr(self._settings, name).get_secret_value()
        return value
