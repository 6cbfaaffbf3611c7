"""One-time links: what they ask, and what happens then."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user

from app.accounts import links, welcoming
from app.accounts.models import LinkPurpose, OneTimeLink, Organisation, User
from app.accounts.welcoming import Newcomer
from app.billing.entities import found_entity
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.foundation.tenancy import acting_for, everywhere
from app.web.limits import KNOCKING, limiter
from app.web.welcome.countries import ELSEWHERE, first_entity
from app.web.welcome.forms import ColleagueForm, FirstOwnerForm, PasswordForm

blueprint = Blueprint("welcome", __name__, url_prefix="/welcome")

_FORMS: dict[LinkPurpose, type[PasswordForm]] = {
    LinkPurpose.FIRST_OWNER: FirstOwnerForm,
    LinkPurpose.INVITATION: ColleagueForm,
    LinkPurpose.PASSWORD: PasswordForm,
}


@blueprint.route("/<token>", methods=["GET", "POST"])
@limiter.limit(KNOCKING, methods=["POST"])
def show(token: str) -> ResponseReturnValue:
    """Ask what this link is for; then do it and sign the person in."""
    link = links.find(token)
    form = _FORMS[link.purpose]()
    if form.validate_on_submit():
        try:
            return _let_in(_welcome(token, form.data), _first_page(form.data))
        except BadInputError as problem:
            form.blame(problem)
    words = {"link": link, "form": form, "organisation": _organisation(link)}
    return render_template("welcome/show.html", **words), 422 if form.errors else 200


def _first_page(said: dict[str, Any]) -> str:
    """The first steps; of a country that says nothing, first the page that asks for currency and tax."""
    return "billing_entity.new" if said.get("country") == ELSEWHERE else "home.index"


def _welcome(token: str, said: dict[str, Any]) -> User:
    with transaction(), everywhere():
        link = links.find(token)
        if link.purpose is LinkPurpose.PASSWORD:
            return welcoming.set_password(link, said["password"])
        newcomer = Newcomer(said.get("email", ""), said["name"], said["password"])
        if link.purpose is LinkPurpose.INVITATION:
            return welcoming.welcome_colleague(link, newcomer)
        owner = welcoming.welcome_first_owner(link, newcomer, said["organisation"])
        _open_the_books(owner, said["organisation"], said["country"])
        return owner


def _open_the_books(owner: User, name: str, country: str) -> None:
    fields = first_entity(name, country)
    if fields is None:
        return
    with acting_for(owner.organisation_id):
        entity = found_entity(fields)
        owner.organisation.time_zone = entity.time_zone
        db.session.flush()


def _let_in(user: User, endpoint: str) -> ResponseReturnValue:
    with everywhere():
        login_user(user, authn_via=["link"])
        flash(f"Welcome, {user.name}.", "success")
    return redirect(url_for(endpoint), 303)


def _organisation(link: OneTimeLink) -> Organisation | None:
    return db.session.get(Organisation, link.organisation_id) if link.organisation_id else None
