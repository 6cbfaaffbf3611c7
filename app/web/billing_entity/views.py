"""Billing entities: who sends the invoices."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import EntityFields, change_entity, entities, found_entity, must_enter_codes
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.numbering import next_number
from app.foundation.database import db
from app.web import htmx
from app.web.billing_entity.forms import REGIMES, EntityForm
from app.web.saving import actor, changed, created
from app.web.session import may_here, me, signed_in

blueprint = Blueprint("billing_entity", __name__, url_prefix="/settings/billing-entity")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All of them; most organisations have one."""
    return render_template(
        "billing_entity/index.html",
        entities=[(entity, _next_numbers(entity)) for entity in entities()],
        regimes=REGIMES,
        can_edit=may_here(Action.EDIT_SETTINGS),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def new() -> ResponseReturnValue:
    """Set up a billing entity, with its numbers, the usual terms and tax codes."""
    name = "" if entities() else me().organisation.name
    form = EntityForm(obj=EntityFields(name=name, time_zone=me().organisation.time_zone))
    if entity := created(form, lambda: found_entity(form.fields(), actor=actor())):
        return _ready(entity)
    return _page(form, None)


@blueprint.route("/<int:entity_id>", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def edit(entity_id: int) -> ResponseReturnValue:
    """Change what its invoices say from now on."""
    entity = db.session.get_one(BillingEntity, entity_id)
    form = EntityForm(obj=entity)
    if changed(form, lambda: change_entity(entity, form.fields(), actor=actor())):
        flash(f"{entity.name} was saved.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, entity)


def _ready(entity: BillingEntity) -> ResponseReturnValue:
    """On from a new entity: to its tax codes, where only a person knows them."""
    if must_enter_codes(entity):
        flash(f"{entity.name} is ready. Now enter the tax codes of its country: none were made up.", "warning")
        return htmx.go(url_for("tax_codes.index"))
    flash(f"{entity.name} is ready: terms and tax codes were laid out.", "success")
    return htmx.go(url_for(".index"))


def _page(form: EntityForm, entity: BillingEntity | None) -> ResponseReturnValue:
    page = render_template("billing_entity/edit.html", form=form, entity=entity)
    return page, 422 if form.errors else 200


def _next_numbers(entity: BillingEntity) -> str:
    digits = entity.number_digits
    return " · ".join(f"{entity.prefix(kind)}{next_number(entity, kind):0{digits}d}" for kind in DocumentKind)
