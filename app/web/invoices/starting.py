"""What the editor of a new document begins with."""

from __future__ import annotations

from app.billing.client import Client
from app.billing.entities import only_entity
from app.foundation.database import db
from app.web.invoices.typed import TypedDocument, TypedLine


def begun(client_id: int | None) -> TypedDocument:
    """Dated today, one empty line; with the client's usual term and biller if one is named.

    Raises NoResultFound for a client that is not ours, NotFoundError where no billing entity was set up.
    """
    client = db.session.get_one(Client, client_id) if client_id else None
    entity = only_entity(client.billing_entity_id if client else None)
    return TypedDocument(
        entity=str(entity.id),
        client=f"{client.name} #{client.id}" if client else "",
        issue_date=entity.today().isoformat(),
        term=str(client.default_term_id or "") if client else "",
        lines=(TypedLine(),),
    )
