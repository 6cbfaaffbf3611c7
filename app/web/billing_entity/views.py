"""Billing entities: who sends the invoices."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.conventions import conventions_of
from app.billing.entities import (
    EntityFields,
    change_entity,
    entities,
    found_entity,
    must_enter_codes,
    with_free_prefixes,
)
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.numbering import next_number
from app.foundation.database import db
from app.sync.company import connecting
from app.web import htmx
from app.web.billing_entity.forms import REGIMES, EntityForm
from app.web.choices import NAMES_OF_COUNTRIES
from app.web.saving import actor, changed, created
from app.web.session import may_here, me, signed_in
from app.web.voice import voice
from app.web.welcome.countries import first_entity

_SETS_THE_REST = {
    "hx-target": "#home_currency-field",
    "hx-select": "#home_currency-field",
    "hx-select-oob": "#tax_regime-field,#time_zone-field,#vat_number-field",
    "hx-include": "#vat_number",
    "hx-swap": "outerHTML",
}
"""What a chosen country asks for again: the fields that follow from it. A tax number that was typed stays."""

blueprint = Blueprint("billing_entity", __name__, url_prefix="/settings/billing-entity")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All of them; most organisations have one."""
    return render_template(
        "billing_entity/index.html",
        rows=[
            (entity, conventions_of(entity.country), _next_numbers(entity), connecting.connected(entity))
            for entity in entities()
        ],
        regimes=REGIMES,
        countries=NAMES_OF_COUNTRIES,
        can_edit=may_here(Action.EDIT_SETTINGS),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def new() -> ResponseReturnValue:
    """Set up a billing entity, with its numbers, the usual terms and tax codes; another one begins like the first."""
    form = EntityForm(obj=_begun(request.args.get("country")))
    form.speak(request.values.get("country") or voice().country, first=voice().country)
    form.country.render_kw = _SETS_THE_REST | {"hx-get": url_for(".new")}
    if entity := created(form, lambda: found_entity(form.fields(), actor=actor())):
        return _ready(entity)
    return _page(form, None)


@blueprint.route("/<int:entity_id>", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def edit(entity_id: int) -> ResponseReturnValue:
    """Change what its invoices say from now on."""
    entity = db.session.get_one(BillingEntity, entity_id)
    form = EntityForm(obj=entity)
    form.speak(entity.country)
    if changed(form, lambda: change_entity(entity, form.fields(), actor=actor())):
        flash(f"{entity.name} was saved.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, entity)


def _begun(country: str | None) -> EntityFields:
    """As another one begins: like the first, or as is usual in the country that was chosen for it."""
    name, ours = "" if entities() else me().organisation.name, voice().country
    begun = first_entity(name, country or ours) or EntityFields(name)
    zone = me().organisation.time_zone if country in {None, ours} else begun.time_zone
    typed = request.args.get("vat_number", "")
    return with_free_prefixes(replace(begun, legal_name="", time_zone=zone, vat_number=typed))


def _ready(entity: BillingEntity) -> ResponseReturnValue:
    """On from a new entity: to its tax codes, where only a person knows them."""
    if must_enter_codes(entity):
        flash(f"{entity.name} is ready. Now enter the tax codes of its country: none were made up.", "warning")
        return htmx.go(url_for("tax_codes.index"))
    flash(f"{entity.name} is ready: terms and tax codes were laid out.", "success")
    return htmx.go(url_for(".index"))


def _page(form: EntityForm, entity: BillingEntity | None) -> ResponseReturnValue:
    page = render_template(
        "billing_entity/edit.html", form=form, entity=entity, is_another=not entity and bool(entities())
    )
    return page, 422 if form.errors else 200


def _next_numbers(entity: BillingEntity) -> str:
    digits = entity.number_digits
    return " · ".join(f"{entity.prefix(kind)}{next_number(entity, kind):0{digits}d}" for kind in DocumentKind)
