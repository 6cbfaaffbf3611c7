"""Clients: the list, one with all that concerns it, and its form."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing import catalogue, queries
from app.billing.client import Client
from app.foundation.database import db, transaction
from app.web import htmx
from app.web.choices import NAMES_OF_COUNTRIES
from app.web.clients.forms import ClientForm
from app.web.clients.picture import balances_of, picture_of
from app.web.forms import choices
from app.web.offers import entity_choices, term_choices
from app.web.papers import parties
from app.web.payments.standings import standing_of
from app.web.saving import actor, changed, created
from app.web.session import may_here, signed_in
from app.web.voice import voice, words_about

blueprint = Blueprint("clients", __name__, url_prefix="/clients")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All clients with what they owe, searched as one types."""
    search, active = request.args.get("search", ""), request.args.get("show") != "inactive"
    found = queries.clients(search, active=active, page=request.args.get("page", 1, type=int))
    return htmx.render(
        "clients/index.html",
        "clients/_list.html",
        found=found,
        search=search,
        active=active,
        balances=balances_of([client.id for client in found.rows]),
        can_edit=may_here(Action.EDIT_CLIENTS),
    )


@blueprint.get("/options")
@signed_in(Action.SEE)
def options() -> str:
    """Clients that match what is typed into a document's field, whatever that field is called."""
    search = next(iter(request.args.values()), "")
    return render_template("clients/_options.html", clients=queries.clients(search, per_page=20).rows)


@blueprint.get("/<int:client_id>")
@signed_in(Action.SEE)
def show(client_id: int) -> str:
    """One client: contact, balance, documents, payments."""
    client = db.session.get_one(Client, client_id)
    may_edit, may_draft = may_here(Action.EDIT_CLIENTS), may_here(Action.EDIT_INVOICES)
    picture, words = picture_of(client), words_about(client)
    country = NAMES_OF_COUNTRIES.get(client.country, client.country)
    return render_template(
        "clients/show.html",
        picture=picture,
        words=words,
        address=[*parties.lines_of(client, words), *([country] if country else [])],
        states={payment.id: standing_of(payment, picture.rests[payment.id]) for payment in picture.payments.rows},
        can_edit=may_edit,
        can_draft=may_draft,
        can_record=may_here(Action.RECORD_PAYMENTS),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in(Action.EDIT_CLIENTS)
def new() -> ResponseReturnValue:
    """Add a client."""
    form = _form()
    if client := created(form, lambda: catalogue.create_client(form.fields(), actor=actor())):
        flash(f"{client.name} was added.", "success")
        return htmx.go(url_for(".show", client_id=client.id))
    return _page(form, None)


@blueprint.route("/<int:client_id>/edit", methods=["GET", "POST"])
@signed_in(Action.EDIT_CLIENTS)
def edit(client_id: int) -> ResponseReturnValue:
    """Change a client; QuickBooks hears of it where it knows the client."""
    client = db.session.get_one(Client, client_id)
    form = _form(client)
    if changed(form, lambda: catalogue.change_client(client, form.fields(), actor=actor())):
        flash(f"{client.name} was saved.", "success")
        return htmx.go(url_for(".show", client_id=client_id))
    return _page(form, client)


@blueprint.post("/<int:client_id>/active")
@signed_in(Action.EDIT_CLIENTS)
def activate(client_id: int) -> ResponseReturnValue:
    """Offer a client in choices again, or no longer."""
    with transaction():
        client = db.session.get_one(Client, client_id)
        catalogue.set_active(client, active=request.form.get("active") == "yes", actor=actor())
    flash(f"{client.name} is {'offered again' if client.active else 'no longer offered on new documents'}.", "success")
    return htmx.go(url_for(".show", client_id=client_id))


def _form(client: Client | None = None) -> ClientForm:
    form = ClientForm(obj=client)
    form.speak(words_about(client), voice().country)
    keep = client.default_term_id if client else None
    form.default_term_id.choices = choices([("", "None"), *term_choices(keep)])
    form.billing_entity_id.choices = choices([("", "Any of our billing entities"), *entity_choices()])
    return form


def _page(form: ClientForm, client: Client | None) -> ResponseReturnValue:
    page = render_template("clients/edit.html", form=form, client=client, several=len(entity_choices()) > 1)
    return page, 422 if form.errors else 200
