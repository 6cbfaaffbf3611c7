"""The mode, live or test, and the organisation's own app at Intuit."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.sync.company import connecting
from app.sync.steering import modes
from app.web import htmx
from app.web.quickbooks import blueprint, keys, setup_page
from app.web.quickbooks.forms import IntuitAppForm
from app.web.quickbooks.room import entity_here
from app.web.quickbooks.words import some
from app.web.saving import actor
from app.web.session import signed_in


@blueprint.route("/mode", methods=["GET", "POST"])
@signed_in(Action.CHANGE_MODE)
def mode() -> ResponseReturnValue:
    """Say what the other mode hides and parks; turn it."""
    entity = entity_here()
    turning = modes.turning(entity)
    if request.method != "POST":
        return render_template("quickbooks/mode.html", turning=turning, words=modes.WORDS)
    with transaction():
        parked = modes.turn(entity, turning.to, actor=actor())
    told = f" {some(parked, 'waiting message was', 'waiting messages were')} parked." if parked else ""
    flash(f"{entity.name} is in {modes.WORDS[turning.to]} now.{told}", "success")
    return htmx.go(url_for(".index"))


@blueprint.route("/intuit-app", methods=["GET", "POST"])
@signed_in(Action.CONNECT)
def intuit_app() -> ResponseReturnValue:
    """The organisation's own app at Intuit, and the addresses to enter there."""
    environment = connecting.environment_of(entity_here())
    own = keys.own(environment)
    form = IntuitAppForm(has_secret=bool(own and own.client_secret), obj=own)
    if form.validate_on_submit():
        keys.keep(environment, form)
        flash("The Intuit app was saved.", "success")
        return htmx.go(url_for(".intuit_app"))
    return setup_page.page(app=form)
