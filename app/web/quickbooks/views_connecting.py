"""Connecting: to Intuit, back, yes or no to the company, lists, test, and disconnecting."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import end_reading, transaction
from app.quickbooks import catalogue
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.models import Connection
from app.sync.company import company_before, connecting
from app.sync.mapping import choosing
from app.web import htmx
from app.web.quickbooks import blueprint, doorstep, returning, states
from app.web.quickbooks.forms import DisconnectForm
from app.web.quickbooks.room import connection_here, entity_here, quickbooks
from app.web.session import me, signed_in


@blueprint.get("/connect")
@signed_in(Action.CONNECT)
def connect() -> ResponseReturnValue:
    """Off to Intuit's consent page, with a state that only this session can bring back."""
    entity = entity_here()
    keys = quickbooks().apps.app_for(connecting.environment_of(entity))
    if not keys.is_complete:
        flash("There is no Intuit app yet: enter its keys first.", "warning")
        return redirect(url_for(".intuit_app"))
    state = states.issue(entity)
    end_reading()
    return redirect(quickbooks().oauth.authorization_url(keys, returning.redirect_uri(), state))


@doorstep.get("/callback")
@signed_in(Action.CONNECT)
def callback() -> ResponseReturnValue:
    """Back from Intuit, with a code or without."""
    outcome = returning.welcome()
    if outcome.sentence:
        flash(outcome.sentence, outcome.tone)
    return redirect(outcome.address)


@doorstep.get("/disconnected")
def disconnected() -> str:
    """The page Intuit shows after a disconnect there. Nobody is signed in, so nothing is believed and nothing done."""
    return render_template("quickbooks_door/disconnected.html")


@blueprint.get("/company")
@signed_in(Action.CONNECT)
def company() -> ResponseReturnValue:
    """Which company answered: use it, or cancel and give the permission back."""
    entity = entity_here()
    pending = connecting.pending(entity)
    if pending is None:
        return redirect(url_for(".index"))
    before = company_before.before(entity, pending)
    return render_template("quickbooks/company.html", pending=pending, before=before, most=connecting.COUNTED)


@blueprint.post("/company")
@signed_in(Action.CONNECT)
def decide() -> ResponseReturnValue:
    """Yes or no to the company that answered."""
    pending = connecting.pending(entity_here())
    if pending is None:
        flash("This company was accepted or cancelled already.", "warning")
        return htmx.go(url_for(".index"))
    if request.form.get("company", pending.id, type=int) != pending.id:
        flash("Another company has answered since. Look whether this is the one you mean.", "warning")
        return htmx.go(url_for(".company"))
    pending_id, name = pending.id, pending.company_name
    answer = request.form.get("answer")
    if answer != "use":
        connecting.cancel(quickbooks(), pending_id)
    if answer == "another":
        return htmx.go(url_for(".connect"))
    if answer != "use":
        flash(f"{name} was not connected, and the permission was given back.", "success")
        return htmx.go(url_for(".index"))
    return _use(pending_id, name)


def _use(pending_id: int, name: str) -> ResponseReturnValue:
    try:
        connecting.accept(quickbooks(), pending_id)
        flash(
            f"{name} is connected. What is opened from now on goes there by itself, once nothing below stops it.",
            "success",
        )
    except QuickBooksError as problem:
        flash(f"{name} is connected, but its lists could not be read: {problem.message} Read them again.", "warning")
    return htmx.go(url_for(".index"))


@blueprint.get("/test")
@signed_in(Action.CONNECT)
def test() -> str:
    """Try everything that is read later; nothing is written, and it works while sending is paused."""
    connection_id = connection_here().id
    end_reading()
    return render_template("quickbooks/test.html", checks=quickbooks().test_connection(connection_id))


@blueprint.post("/lists")
@signed_in(Action.CONNECT)
def read_lists() -> ResponseReturnValue:
    """Read the company and its lists again."""
    connection_id = connection_here().id
    end_reading()
    try:
        connecting.look(quickbooks(), connection_id)
        read = catalogue.refresh(quickbooks(), connection_id)
        with transaction() as session:
            choosing.release_corrected(session.get_one(Connection, connection_id))
        flash(f"{sum(read.values())} records of {len(read)} lists were read.", "success")
    except QuickBooksError as problem:
        flash(f"The lists could not be read: {problem.message}", "error")
    return htmx.go(url_for(".index"))


@blueprint.route("/disconnect", methods=["GET", "POST"])
@signed_in(Action.CONNECT)
def disconnect() -> ResponseReturnValue:
    """Say in numbers what will be cleared; end the connection once the company's name was typed."""
    connection = connection_here()
    form = DisconnectForm(connection.company_name)
    if form.validate_on_submit():
        name, connection_id = connection.company_name, connection.id
        connecting.disconnect(quickbooks(), connection_id, by=me().name)
        flash(f"{name} is disconnected. Nothing was changed in QuickBooks.", "success")
        return htmx.go(url_for(".index"))
    cleared = {"clearing": connecting.clearing(connection), "most": connecting.COUNTED}
    page = render_template("quickbooks/disconnect.html", form=form, **cleared)
    return page, 422 if form.errors else 200
