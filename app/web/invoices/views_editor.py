"""The editor: the server computes, arranges lines, and saves or opens; scripts only spare the reload."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.content import content_of
from app.billing.document import Document
from app.billing.entities import entities
from app.foundation.errors import ChangedMeanwhileError
from app.web.invoices import blueprint
from app.web.invoices.actions import require_step
from app.web.invoices.consequence import consequence_of
from app.web.invoices.editor import Editor, TypedWrongError, clash_of, editor_of, save
from app.web.invoices.forms import DocumentForm
from app.web.invoices.room import document_here, here
from app.web.invoices.starting import begun
from app.web.invoices.typed import TypedDocument, TypedLine, rearranged, typed_of
from app.web.saving import actor
from app.web.session import may_here, me, require, signed_in

_SAVING = ("save", "open")


@blueprint.get("/new")
@signed_in(Action.EDIT_INVOICES)
def new() -> ResponseReturnValue:
    """An empty editor, for the client of the address if there is one."""
    if not entities():
        return redirect(url_for("billing_entity.index"))
    return _page(editor_of(here(), None, begun(request.args.get("client", type=int))))


@blueprint.post("/new")
@signed_in(Action.EDIT_INVOICES)
def create() -> ResponseReturnValue:
    """Save a new document, open it too, or only do what a button of the editor asks."""
    return _submitted(None)


@blueprint.get("/<int:document_id>/edit")
@signed_in(Action.EDIT_INVOICES)
def edit(document_id: int) -> ResponseReturnValue:
    """The editor over a draft, or over an open document that is amended."""
    document = document_here(document_id)
    require_step(document, me().role, "edit")
    return _page(editor_of(here(), document, typed_of(document, content_of(document))))


@blueprint.post("/<int:document_id>/edit")
@signed_in(Action.EDIT_INVOICES)
def update(document_id: int) -> ResponseReturnValue:
    """Save a document, open it too, or only do what a button of the editor asks."""
    document = document_here(document_id)
    require_step(document, me().role, "edit")
    return _submitted(document)


@blueprint.post("/preview")
@signed_in(Action.EDIT_INVOICES)
def preview() -> str:
    """To scripts: the totals while one types; or the lines again after a button moved them."""
    typed = DocumentForm().typed()
    lines, focus = rearranged(typed.lines, request.form.get("do", ""))
    document_id = request.form.get("document", type=int)
    document = document_here(document_id) if document_id else None
    editor = replace(editor_of(here(), document, replace(typed, lines=lines)), focus=focus)
    fragment = "invoices/_totals.html" if lines == typed.lines else "invoices/_lines.html"
    return render_template(fragment, editor=editor, fresh=True)


def _submitted(document: Document | None) -> ResponseReturnValue:
    typed, command = DocumentForm().typed(), request.form.get("do", "save")
    if command not in _SAVING:
        lines, focus = rearranged(typed.lines, command)
        return _page(replace(editor_of(here(), document, replace(typed, lines=lines)), focus=focus))
    return _saved(document, typed.without_blanks(), opening=command == "open")


def _saved(document: Document | None, typed: TypedDocument, *, opening: bool) -> ResponseReturnValue:
    if opening:
        require(Action.OPEN_INVOICES)
    document_id = document.id if document else None
    try:
        done = save(here().kind, document_id, typed, opening=opening, actor=actor())
    except TypedWrongError as wrong:
        typed = typed if typed.lines else replace(typed, lines=(TypedLine(),))
        return _page(replace(editor_of(here(), document, typed), problems=wrong.problems)), 422
    except ChangedMeanwhileError:
        newer = document_here(document_id or 0)
        return _page(clash_of(newer, editor_of(here(), newer, typed))), 409
    flash(f"{done.title} was {'opened' if opening else 'saved'}.", "success")
    return redirect(url_for(".show", document_id=done.id), 303)


def _page(editor: Editor) -> str:
    can_open = may_here(Action.OPEN_INVOICES)
    then = consequence_of(editor.entity, kept_back=editor.is_kept_back)
    return render_template("invoices/edit.html", editor=editor, room=editor.room, can_open=can_open, consequence=then)
