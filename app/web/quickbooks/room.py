"""Which billing entity and company a request of this room is about; most organisations have one and never see it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.billing.entities import entities, only_entity
from app.billing.entity import BillingEntity
from app.foundation.errors import ConflictError
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection
from app.sync.company import connecting
from app.sync.engine import engine
from app.sync.judging import taxation
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.shown_company import require_shown
from app.web.voice import speak_for


class NotConnectedError(ConflictError):
    """Connect a company first."""


class NoEntityError(ConflictError):
    """Set up the billing entity first: it is what a company is connected to."""


def entity_here() -> BillingEntity:
    """The entity named in the address, else the oldest. Raises NotFoundError for one that is not ours."""
    ours, wanted = entities(), request.args.get("entity", type=int)
    if not ours:
        raise NoEntityError
    entity = g.quickbooks_entity = only_entity(wanted)
    speak_for(entity)
    return entity


def connection_here() -> Connection:
    """The entity's company in its present mode. Raises NotConnectedError, and ConflictError behind an old page."""
    found = connecting.connected(entity_here())
    if found is None:
        raise NotConnectedError
    require_shown(found)
    return found


def quickbooks() -> QuickBooks:
    """The running application's way to QuickBooks."""
    return engine().quickbooks


@blueprint.url_defaults
def _keep_entity(_endpoint: str, values: dict[str, Any]) -> None:
    """Links inside this room stay with the entity that was chosen."""
    if request and request.blueprint == blueprint.name and "entity" in request.args:
        values.setdefault("entity", request.args["entity"])


@blueprint.context_processor
def _choice_of_entities() -> dict[str, Any]:
    """What every page of the room shows about where it stands; nothing where that is what went wrong."""
    entity = g.get("quickbooks_entity")
    if entity is None:
        return {}
    connection = connecting.connected(entity)
    names_codes = connection is None or taxation.names_codes(connection)
    return {"entity": entity, "entities": entities(), "connection": connection, "names_codes": names_codes}


@blueprint.errorhandler(NotConnectedError)
def _connect_first(problem: NotConnectedError) -> ResponseReturnValue:
    return _elsewhere(problem, "quickbooks.index")


@blueprint.errorhandler(NoEntityError)
def _set_up_first(problem: NoEntityError) -> ResponseReturnValue:
    return _elsewhere(problem, "billing_entity.index")


def _elsewhere(problem: ConflictError, endpoint: str) -> ResponseReturnValue:
    flash(problem.message, "warning")
    return htmx.go(url_for(endpoint)) if htmx.wants_fragment() else redirect(url_for(endpoint))
