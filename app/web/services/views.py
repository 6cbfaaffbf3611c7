"""Services: what a line of an invoice sells."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing import catalogue, queries
from app.billing.service import Service
from app.foundation.database import db, transaction
from app.web import htmx
from app.web.forms import choices
from app.web.offers import tax_code_choices
from app.web.saving import actor, changed, created
from app.web.services.forms import ServiceForm
from app.web.session import may_here, signed_in

blueprint = Blueprint("services", __name__, url_prefix="/services")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """The price list, searched as one types."""
    search, active = request.args.get("search", ""), request.args.get("show") != "inactive"
    found = queries.services(search, active=active, page=request.args.get("page", 1, type=int))
    codes = dict(tax_code_choices())
    return htmx.render(
        "services/index.html",
        "services/_list.html",
        found=found,
        search=search,
        active=active,
        codes=codes,
        can_edit=may_here(Action.EDIT_SERVICES),
    )


@blueprint.get("/options")
@signed_in(Action.SEE)
def options() -> str:
    """Services that match what is typed into a line's field, whatever that field is called."""
    search = next(iter(request.args.values()), "")
    return render_template("services/_options.html", services=queries.services(search, per_page=20).rows)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_SERVICES)
def new() -> ResponseReturnValue:
    """Add a service."""
    form = _form()
    if service := created(form, lambda: catalogue.create_service(form.fields(), actor=actor())):
        flash(f"{service.code} was added.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, None)


@blueprint.route("/<int:service_id>", methods=["GET", "POST"])
@signed_in(Action.EDIT_SERVICES)
def edit(service_id: int) -> ResponseReturnValue:
    """Change a service; documents keep what they say."""
    service = db.session.get_one(Service, service_id)
    form = _form(service)
    if changed(form, lambda: catalogue.change_service(service, form.fields(), actor=actor())):
        flash(f"{service.code} was saved.", "success")
        return htmx.go(url_for(".index"))
    return _page(form, service)


@blueprint.post("/<int:service_id>/active")
@signed_in(Action.EDIT_SERVICES)
def activate(service_id: int) -> ResponseReturnValue:
    """Offer a service in choices again, or no longer."""
    with transaction():
        service = db.session.get_one(Service, service_id)
        catalogue.set_active(service, active=request.form.get("active") == "yes", actor=actor())
    flash(f"{service.code} is {'offered again' if service.active else 'no longer offered'}.", "success")
    return htmx.go(url_for(".edit", service_id=service_id))


def _form(service: Service | None = None) -> ServiceForm:
    form = ServiceForm(obj=service)
    form.tax_code_id.choices = choices([("", "None"), *tax_code_choices(service.tax_code_id if service else None)])
    return form


def _page(form: ServiceForm, service: Service | None) -> ResponseReturnValue:
    page = render_template("services/edit.html", form=form, service=service)
    return page, 422 if form.errors else 200
