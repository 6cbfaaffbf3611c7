"""The steps of one document: open, send, duplicate, turn, void, delete, keep back and its undo."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.accounts.permissions import Action
from app.billing import invoicing
from app.billing.document import Document
from app.billing.faults import NotReadyError
from app.foundation.database import transaction
from app.web import htmx
from app.web.invoices import blueprint
from app.web.invoices.actions import require_step
from app.web.invoices.consequence import consequence_of, require_connection
from app.web.invoices.forms import VoidForm
from app.web.invoices.room import document_here, document_url, here
from app.web.invoices.standings import shown
from app.web.saving import actor
from app.web.session import me, signed_in


@blueprint.post("/<int:document_id>/open", endpoint="open")
@signed_in(Action.OPEN_INVOICES)
def opened(document_id: int) -> ResponseReturnValue:
    """Draft to open; where something is missing, back to the page, which lists it."""
    try:
        return _do(document_id, "open", lambda document: invoicing.open_document(document, actor=actor()))
    except NotReadyError as problem:
        for fault in problem.faults:
            flash(fault.sentence, "error")
        return htmx.go(url_for(".show", document_id=document_id))


@blueprint.post("/<int:document_id>/send")
@signed_in(Action.RETRY)
def send(document_id: int) -> ResponseReturnValue:
    """Ask for it to be sent to QuickBooks, whatever the rules about time."""
    return _do(document_id, "send", _ask_to_send)


@blueprint.post("/<int:document_id>/duplicate")
@signed_in(Action.EDIT_INVOICES)
def duplicate(document_id: int) -> ResponseReturnValue:
    """A new draft with the same content."""
    with transaction():
        copy = invoicing.duplicate(document_here(document_id), actor=actor())
    flash("This is the copy: a draft, dated today.", "success")
    return htmx.go(document_url(copy))


@blueprint.post("/<int:document_id>/turn")
@signed_in(Action.EDIT_INVOICES)
def turn(document_id: int) -> ResponseReturnValue:
    """A draft invoice below nought becomes a credit note."""
    with transaction():
        document = document_here(document_id)
        require_step(document, me().role, "turn")
        credit = invoicing.turn_into_credit_note(document, actor=actor())
    flash("The draft is a credit note now.", "success")
    return htmx.go(document_url(credit))


@blueprint.route("/<int:document_id>/void", methods=["GET", "POST"])
@signed_in(Action.VOID_INVOICES)
def void(document_id: int) -> ResponseReturnValue:
    """Say what voiding does here and in QuickBooks; refused, with the list, while payments are applied."""
    form = VoidForm()
    document = document_here(document_id)
    require_step(document, me().role, "void")
    if form.validate_on_submit():
        reason = (form.reason.data or "").strip()
        return _do(document_id, "void", lambda held: invoicing.void(held, reason, actor=actor()))
    payments = invoicing.payments_applied(document)
    page = render_template(
        "invoices/void.html", room=here(), document=document, payments=payments, form=form, shown=shown(document)
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<int:document_id>/delete")
@signed_in(Action.EDIT_INVOICES)
def delete(document_id: int) -> ResponseReturnValue:
    """Ask before a draft is gone for good."""
    return _asked(document_id, "delete", "invoices/delete.html")


@blueprint.post("/<int:document_id>/delete")
@signed_in(Action.EDIT_INVOICES)
def delete_now(document_id: int) -> ResponseReturnValue:
    """Take a draft away."""
    with transaction():
        document = document_here(document_id)
        require_step(document, me().role, "delete")
        invoicing.delete_draft(document)
    flash("The draft was deleted.", "success")
    return htmx.go(url_for(".index"))


@blueprint.get("/<int:document_id>/keep-back")
@signed_in(Action.OPT_OUT)
def keep_back(document_id: int) -> ResponseReturnValue:
    """Say what "Don't push to QuickBooks" means."""
    return _asked(document_id, "keep_back", "invoices/keep_back.html")


@blueprint.post("/<int:document_id>/keep-back")
@signed_in(Action.OPT_OUT)
def keep_back_now(document_id: int) -> ResponseReturnValue:
    """Opt out."""
    return _do(document_id, "keep_back", lambda document: invoicing.keep_back(document, actor=actor()))


@blueprint.get("/<int:document_id>/let-go")
@signed_in(Action.OPT_OUT)
def let_go(document_id: int) -> ResponseReturnValue:
    """Say what the undo means: nothing is sent by itself."""
    return _asked(document_id, "let_go", "invoices/let_go.html")


@blueprint.post("/<int:document_id>/let-go")
@signed_in(Action.OPT_OUT)
def let_go_now(document_id: int) -> ResponseReturnValue:
    """Undo the opt-out."""
    return _do(document_id, "let_go", lambda document: invoicing.let_go(document, actor=actor()))


_DONE = {
    "open": "{} is open. {}",
    "send": "{} was handed over for QuickBooks.",
    "void": "{} is void.",
    "keep_back": "{} is not pushed to QuickBooks.",
    "let_go": "{} may be pushed again. It isn't sent by itself: use “Send to QuickBooks”, or edit it.",
}


def _do(document_id: int, step: str, act: Callable[[Document], object]) -> Response:
    """One step in one transaction, and back to the document's page."""
    with transaction():
        document = document_here(document_id)
        require_step(document, me().role, step)
        act(document)
    told = consequence_of(document.entity, kept_back=document.kept_back)
    flash(_DONE[step].format(document.title, told.sentence), "success")
    return htmx.go(url_for(".show", document_id=document_id))


def _ask_to_send(document: Document) -> None:
    require_connection(document)
    invoicing.ask_to_send([document], actor=actor())


def _asked(document_id: int, step: str, page: str) -> str:
    document = document_here(document_id)
    require_step(document, me().role, step)
    return render_template(page, room=here(), document=document, shown=shown(document))
