"""The support bundle as a download: for a company, or for what one operation is about."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version

from flask import Response

from app.billing.entities import entities, only_entity
from app.foundation.database import db
from app.foundation.house import house
from app.quickbooks.apps import Apps
from app.quickbooks.models import Connection
from app.sync.engine import engine
from app.sync.records.tied import connection_of
from app.sync.watching import bundle
from app.sync.watching.bundle import Json
from app.sync.watching.operations import Operation

_PACKAGES = ("flask", "sqlalchemy", "huey", "requests", "authlib")


def of_company(entity_id: int | None) -> Response:
    """Of a billing entity's company, the oldest entity's by itself. Raises NotFoundError for one that is not ours."""
    known = only_entity(entity_id) if entities() or entity_id else None
    connection = connection_of(known.lane) if known else None
    return _sent(bundle.of_connection(connection, house().settings, versions()), connection)


def of_operation(operation: Operation) -> Response:
    """Of the document, client or service that this operation is about."""
    message = operation.message
    connection = connection_of(only_entity(message.billing_entity_id).lane)
    return _sent(bundle.of_subject(message.subject, connection, house().settings, versions()), connection)


def versions() -> dict[str, str]:
    """What runs here."""
    found = {name: version(name) for name in _PACKAGES}
    database = db.engine.dialect
    number = ".".join(str(part) for part in database.server_version_info or ())
    return {
        "counterfoil": _own_version(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "database": f"{database.name} {number}",
        **found,
    }


def _own_version() -> str:
    try:
        return version("counterfoil")
    except PackageNotFoundError:
        return "from source"


def _sent(told: Json, connection: Connection | None) -> Response:
    clean = bundle.without(told, bundle.secrets_of(house().settings) | _kept_secrets(connection))
    text = json.dumps(clean, indent=1, ensure_ascii=False, default=bundle.as_json)
    disposition = 'attachment; filename="counterfoil-support.json"'
    return Response(text, mimetype="application/json", headers={"Content-Disposition": disposition})


def _kept_secrets(connection: Connection | None) -> set[str]:
    """What the database holds sealed for this company: its tokens, and its app's secret and verifiers."""
    if connection is None:
        return set()
    quickbooks = engine().quickbooks
    apps: Apps = quickbooks.apps
    keys = apps.app_for(connection)
    tokens = quickbooks.tokens.refresh_token(connection)
    return {tokens.value, keys.client_secret.value, *(verifier.value for verifier in keys.verifiers)}
