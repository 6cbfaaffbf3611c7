"""How far this installation is with what Intuit demands: read from settings, keys and connections."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db
from app.foundation.house import house
from app.quickbooks.connect_button import faces
from app.quickbooks.models import Connection, ConnectionState, Environment
from app.sync.first_day.preflight_facts import last_delivery, mail_problem
from app.web.legal import addresses
from app.web.quickbooks.production import Facts
from app.web.quickbooks.room import quickbooks
from app.web.voice import voice


def facts_here(environment: Environment) -> Facts:
    """The facts of this organisation in Production, whichever world is looked at."""
    settings = house().settings
    keys = quickbooks().apps.app_for(Environment.PRODUCTION)
    live = _accepted(Environment.PRODUCTION)
    return Facts(
        public_url=settings.public_url,
        in_sandbox=environment is Environment.SANDBOX,
        has_terms=addresses.is_complete(addresses.TERMS),
        has_privacy=addresses.is_complete(addresses.PRIVACY),
        tried=_came_back(_accepted(Environment.SANDBOX)),
        came_back=_came_back(live),
        has_keys=keys.is_complete,
        has_verifier=bool(keys.verifiers),
        webhook_at=max(filter(None, map(last_delivery, live)), default=None),
        mail_kept=settings.mail_url.startswith("keep:"),
        mail_problem=mail_problem(),
        has_button=bool(faces()),
        country=voice().country,
    )


def _accepted(environment: Environment) -> list[Connection]:
    """Companies that are or were connected, each of them once."""
    accepted = Connection.state != ConnectionState.PENDING
    return list(db.session.scalars(select(Connection).where(Connection.mode == environment.mode, accepted)))


def _came_back(connections: list[Connection]) -> bool:
    """Whether a person came back from Intuit with one of them; the command line goes another way."""
    return any(connection.connected_by is not None for connection in connections)
