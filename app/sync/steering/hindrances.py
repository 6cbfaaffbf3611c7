"""What readiness would say of one document now: for a page that leads to the mending of it."""

from __future__ import annotations

from app.billing.document import Document
from app.outbox import lanes
from app.quickbooks.models import Connection
from app.sync.judging import survey
from app.sync.judging.readiness import Finding, first_finding


def hindrance_of(document: Document, connection: Connection) -> Finding | None:
    """The reason that would keep this open document from being sent to this company; None where it may go."""
    message = lanes.latest_of([document.subject], document.entity.lane).get(document.subject)
    asked = message is not None and message.asked
    facts = survey.documents(connection.id, document.kind.value, {document.id: asked})[document.id]
    return first_finding(facts, survey.books_of(connection))
