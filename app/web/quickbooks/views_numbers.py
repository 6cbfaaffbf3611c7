"""A number that is taken in QuickBooks: both documents side by side, and what a person decides."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.document import Document
from app.foundation.database import db
from app.foundation.errors import ConflictError, NotFoundError
from app.sync.steering import controls
from app.sync.steering.same_number import choice_of, link, rename
from app.sync.watching import standing
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import quickbooks
from app.web.saving import actor
from app.web.session import may_here, signed_in

_KINDS = "<any(invoice, credit_note):kind>"


@blueprint.get(f"/numbers/{_KINDS}/<int:document_id>")
@signed_in(Action.SEE_SYNC)
def same_number(kind: str, document_id: int) -> ResponseReturnValue:
    """Ours and theirs; back to ours with the reason where no company can be looked into."""
    document = _document(kind, document_id)
    try:
        found = choice_of(quickbooks(), document)
    except ConflictError as problem:
        flash(problem.message, "warning")
        return redirect(url_for(f"{kind}s.show", document_id=document_id))
    return render_template(
        "quickbooks/same_number.html",
        document=document,
        found=found,
        standing=standing.of_document(document),
        can_decide=may_here(Action.RETRY),
    )


@blueprint.post(f"/numbers/{_KINDS}/<int:document_id>")
@signed_in(Action.RETRY)
def decide_number(kind: str, document_id: int) -> ResponseReturnValue:
    """Link the two, send ours under another number, or try the same again."""
    document = _document(kind, document_id)
    act = _CHOICES.get(request.form.get("choice", ""), _retry)
    flash(act(document), "success")
    return htmx.go(url_for(f"{kind}s.show", document_id=document_id))


def _link(document: Document) -> str:
    remote_id = request.form.get("remote_id", "")
    return link(quickbooks(), document, remote_id, actor())


def _rename(document: Document) -> str:
    number = request.form.get("number", "")
    rename(document, number, actor())
    return f"{document.title} goes to QuickBooks as {number}; here it keeps its number."


def _retry(document: Document) -> str:
    message_id = standing.of_document(document).message_id
    controls.retry([message_id] if message_id is not None else [])
    return f"{document.title} is tried again under its own number."


def _document(kind: str, document_id: int) -> Document:
    document = db.session.get_one(Document, document_id)
    if document.kind.value != kind:
        raise NotFoundError
    return document


_CHOICES: dict[str, Callable[[Document], str]] = {"link": _link, "rename": _rename}
