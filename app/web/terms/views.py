"""Payment terms: how many days a client has."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.permissions import Action
from app.billing import catalogue
from app.billing.terms import PaymentTerm
from app.foundation.database import db, transaction
from app.web import htmx
from app.web.saving import actor, changed, created
from app.web.session import may_here, signed_in
from app.web.terms.forms import TermForm

blueprint = Blueprint("terms", __name__, url_prefix="/settings/terms")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All of them: those in use first, the shortest on top."""
    terms = db.session.scalars(select(PaymentTerm).order_by(PaymentTerm.active.desc(), PaymentTerm.due_days)).all()
    return render_template("terms/index.html", terms=terms, can_edit=may_here(Action.EDIT_SETTINGS))


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def new() -> ResponseReturnValue:
    """Add a payment term."""
    form = TermForm()
    if term := created(form, lambda: catalogue.create_term(form.fields(), actor=actor())):
        flash(f"{term.name} was added.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, None)


@blueprint.route("/<int:term_id>", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def edit(term_id: int) -> ResponseReturnValue:
    """Change a payment term; documents keep their due dates."""
    term = db.session.get_one(PaymentTerm, term_id)
    form = TermForm(obj=term)
    if changed(form, lambda: catalogue.change_term(term, form.fields(), actor=actor())):
        flash(f"{term.name} was saved.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, term)


@blueprint.post("/<int:term_id>/active")
@signed_in(Action.EDIT_SETTINGS)
def activate(term_id: int) -> ResponseReturnValue:
    """Offer a payment term in choices again, or no longer."""
    with transaction():
        term = db.session.get_one(PaymentTerm, term_id)
        catalogue.set_active(term, active=request.form.get("active") == "yes", actor=actor())
    flash(f"{term.name} is {'offered again' if term.active else 'no longer offered'}.", "success")
    return htmx.go(url_for(".index"))


def _page(form: TermForm, term: PaymentTerm | None) -> ResponseReturnValue:
    page = render_template("terms/edit.html", form=form, term=term)
    return page, 422 if form.errors else 200
