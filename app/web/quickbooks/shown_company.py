"""The company for which a page was made, named in each of its forms: a click on it is meant for no other.

Ids in QuickBooks are small numbers: what was chosen among the records of one company would fit into another one too.
"""

from __future__ import annotations

from flask import g, request

from app.foundation.errors import ConflictError
from app.quickbooks.models import Connection
from app.sync.company import connecting

FIELD, HEADER = "shown_company", "X-Shown-Company"


def shown_company() -> int | None:
    """The id of the connection that this page is about, for its forms and fragments; None where it is about none."""
    entity = g.get("quickbooks_entity")
    connection = connecting.connected(entity) if entity is not None else None
    return connection.id if connection else None


def require_shown(connection: Connection) -> None:
    """Raises ConflictError where the page that was sent was made for another company than the present one."""
    shown = request.form.get(FIELD) or request.headers.get(HEADER)
    if request.method == "POST" and shown and shown != str(connection.id):
        raise ConflictError(
            "Another company is connected, or the mode was turned, since this page was shown: load it anew."
        )
