"""One step for many documents: each in a transaction of its own, so that one's trouble never stops the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.permissions import Action
from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.timeline import Actor
from app.foundation.database import transaction
from app.foundation.errors import ConflictError, NotFoundError, PortalError
from app.web.invoices.consequence import consequence_of, require_connection


class Outcome(NamedTuple):
    """What became of one document."""

    document_id: int
    title: str
    done: bool
    sentence: str


def carry(right: Action, ids: list[int], kind: DocumentKind, actor: Actor) -> list[Outcome]:
    """Take the step that goes with this right for each document, in the order given."""
    return [_one(_STEPS[right], document_id, kind, actor) for document_id in ids]


def _one(step: Callable[[Document, Actor], str], document_id: int, kind: DocumentKind, actor: Actor) -> Outcome:
    title = f"Document {document_id}"
    try:
        with transaction() as session:
            document = _find(session, document_id, kind)
            title = document.title
            sentence = step(document, actor)
            return Outcome(document_id, document.title, done=True, sentence=sentence)
    except PortalError as problem:
        return Outcome(document_id, title, done=False, sentence=problem.message)


def _find(session: Session, document_id: int, kind: DocumentKind) -> Document:
    document = session.get(Document, document_id)
    if document is None or document.kind is not kind:
        raise NotFoundError("It is no longer here.")
    return document


def _open(document: Document, actor: Actor) -> str:
    invoicing.open_document(document, actor=actor)
    return f"Opened. {consequence_of(document.entity, kept_back=document.kept_back).sentence}"


def _send(document: Document, actor: Actor) -> str:
    require_connection(document)
    if not invoicing.ask_to_send([document], actor=actor):
        raise ConflictError("A draft, or a document that was opted out, is not sent.")
    return "Handed over for QuickBooks."


def _keep_back(document: Document, actor: Actor) -> str:
    if document.kept_back:
        raise ConflictError("It was opted out already.")
    invoicing.keep_back(document, actor=actor)
    return "Opted out: it is not pushed to QuickBooks."


_STEPS: dict[Action, Callable[[Document, Actor], str]] = {
    Action.OPEN_INVOICES: _open,
    Action.RETRY: _send,
    Action.OPT_OUT: _keep_back,
}
