"""What a person is told who comes back from Intuit's consent page, and where they go on."""

from __future__ import annotations

from typing import NamedTuple

from flask import request, url_for

from app.billing.entities import only_entity
from app.foundation.database import db
from app.foundation.errors import NotFoundError
from app.foundation.house import house
from app.quickbooks.errors import QuickBooksError, RealmTakenError
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company import connecting
from app.sync.company.connecting import Returned
from app.web.quickbooks import states
from app.web.quickbooks.room import quickbooks
from app.web.quickbooks.states import Begun
from app.web.session import me


class Outcome(NamedTuple):
    """A tone ("success", "error"), a sentence (none where the next page says it all), and the next page."""

    tone: str
    sentence: str
    address: str


def redirect_uri() -> str:
    """Where Intuit sends people back to; it must be registered there to the letter."""
    return f"{house().settings.public_url}{url_for('quickbooks_door.callback')}"


def welcome() -> Outcome:
    """Take in what Intuit's redirect carries; every refusal is a sentence on the settings page."""
    begun = states.redeem(request.args.get("state", ""))
    if begun is None:
        return _failed("This return from QuickBooks is not one that was begun here. Choose Connect again.")
    if request.args.get("error") == "access_denied":
        return _failed("You cancelled at QuickBooks; nothing was connected.", begun, tone="warning")
    code, realm_id = request.args.get("code", ""), request.args.get("realmId", "")
    if request.args.get("error") or not code or not realm_id.isdigit():
        return _failed("QuickBooks did not give its permission. Choose Connect again.", begun)
    return _receive(begun, Returned(code, realm_id, redirect_uri()))


def _receive(begun: Begun, returned: Returned) -> Outcome:
    try:
        entity = only_entity(begun.entity_id)
        if entity.mode.value != begun.mode:
            return _failed("The mode was switched meanwhile. Choose Connect again.", begun)
        connection_id = connecting.receive(quickbooks(), entity, me().id, returned)
    except (RealmTakenError, QuickBooksError, NotFoundError) as problem:
        return _failed(problem.message, begun)
    connection = db.session.get_one(Connection, connection_id)
    if connection.state is ConnectionState.PENDING:
        return Outcome("", "", url_for("quickbooks.company", entity=begun.entity_id))
    sentence = f"{connection.company_name} is connected again. All mappings and links were kept."
    return Outcome("success", sentence, url_for("quickbooks.index", entity=begun.entity_id))


def _failed(sentence: str, begun: Begun | None = None, *, tone: str = "error") -> Outcome:
    return Outcome(tone, sentence, url_for("quickbooks.index", entity=begun.entity_id if begun else None))
