"""Tax codes: what a line says about the tax on it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.permissions import Action
from app.billing import catalogue
from app.billing.entities import entities
from app.billing.entity import TaxRegime
from app.billing.tax import TaxCode
from app.foundation.database import db, transaction
from app.sync.mapping import choosing
from app.web import htmx
from app.web.saving import actor, changed, created
from app.web.session import may_here, signed_in
from app.web.tax_codes.forms import TaxCodeForm, treatments
from app.web.voice import voice

blueprint = Blueprint("tax_codes", __name__, url_prefix="/settings/tax-codes")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All of them: those in use first."""
    ours = entities()
    codes = db.session.scalars(select(TaxCode).order_by(TaxCode.active.desc(), TaxCode.id)).all()
    return render_template(
        "tax_codes/index.html",
        codes=codes,
        treatments=treatments(voice().words),
        can_edit=may_here(Action.EDIT_SETTINGS),
        has_entity=bool(ours),
        is_automated=bool(ours) and all(entity.tax_regime is TaxRegime.US_AUTOMATED for entity in ours),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def new() -> ResponseReturnValue:
    """Add a tax code."""
    form = _form()
    if code := created(form, lambda: catalogue.create_tax_code(form.fields(), actor=actor())):
        flash(f"{code.code} was added.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, None)


@blueprint.route("/<int:code_id>", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def edit(code_id: int) -> ResponseReturnValue:
    """Change a tax code; documents that were opened keep their totals."""
    code = db.session.get_one(TaxCode, code_id)
    form = _form(code)
    if changed(form, lambda: _change(code, form)):
        flash(f"{code.code} was saved.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, code)


@blueprint.post("/<int:code_id>/active")
@signed_in(Action.EDIT_SETTINGS)
def activate(code_id: int) -> ResponseReturnValue:
    """Offer a tax code in choices again, or no longer."""
    with transaction():
        code = db.session.get_one(TaxCode, code_id)
        catalogue.set_active(code, active=request.form.get("active") == "yes", actor=actor())
    flash(f"{code.code} is {'offered again' if code.active else 'no longer offered'}.", "success")
    return htmx.go(url_for(".index"))


def _change(code: TaxCode, form: TaxCodeForm) -> None:
    """What was held because QuickBooks charges another rate goes on where both agree now."""
    catalogue.change_tax_code(code, form.fields(), actor=actor())
    choosing.release_corrected_everywhere()


def _form(code: TaxCode | None = None) -> TaxCodeForm:
    form = TaxCodeForm(obj=code)
    form.speak(voice().words)
    return form


def _page(form: TaxCodeForm, code: TaxCode | None) -> ResponseReturnValue:
    page = render_template("tax_codes/edit.html", form=form, code=code)
    return page, 422 if form.errors else 200
