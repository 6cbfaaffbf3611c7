"""The live panel and its controls."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import entities
from app.foundation.errors import ConflictError
from app.quickbooks.models import Connection
from app.sync.steering import controls
from app.web import htmx
from app.web.saving import actor
from app.web.session import may_here, signed_in
from app.web.sync_state.forms import PauseForm
from app.web.sync_state.picture import Picture, picture

blueprint = Blueprint("sync_state", __name__, url_prefix="/quickbooks/state")


class NothingToHoldError(ConflictError):
    """QuickBooks is not connected; there is nothing to hold or to hurry."""


@blueprint.errorhandler(NothingToHoldError)
def _back_to_the_state(problem: NothingToHoldError) -> ResponseReturnValue:
    flash(problem.message, "warning")
    return redirect(_here())


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """How the sync stands now; the panel keeps itself up to date."""
    if not entities():
        return render_template("sync_state/index.html", seen=None)
    seen = _picture()
    return render_template("sync_state/index.html", seen=seen, revision=seen.revision, **_around())


@blueprint.get("/panel")
@signed_in(Action.SEE_SYNC)
def panel() -> Response:
    """The panel alone, asked for every three seconds."""
    seen = _picture()
    return htmx.poll("sync_state/_panel.html", seen.revision, lambda: {"seen": seen, **_around()})


@blueprint.route("/pause", methods=["GET", "POST"])
@signed_in(Action.PAUSE_SYNC)
def pause() -> ResponseReturnValue:
    """Ask why, then hold everything back."""
    form, connection = PauseForm(), _connection()
    if not form.validate_on_submit():
        waiting = _picture().board.queue.waiting
        return render_template("sync_state/pause.html", form=form, waiting=waiting), 422 if form.errors else 200
    controls.pause(connection, actor(), form.reason.data)
    flash("The sync is paused. Nothing is lost: what is opened meanwhile waits.", "success")
    return htmx.go(_here())


@blueprint.post("/resume")
@signed_in(Action.PAUSE_SYNC)
def resume() -> ResponseReturnValue:
    """Send again what waits."""
    controls.resume(_connection(), actor())
    flash("The sync goes on.", "success")
    return htmx.go(_here())


@blueprint.post("/send-one")
@signed_in(Action.PAUSE_SYNC)
def send_one() -> ResponseReturnValue:
    """Send the next document, then pause."""
    controls.send_one(_connection(), actor())
    flash("The next document is sent with what it needs; then the sync pauses by itself.", "success")
    return htmx.go(_here())


@blueprint.post("/drain")
@signed_in(Action.PAUSE_SYNC)
def drain() -> ResponseReturnValue:
    """Try at once what waits for its next try."""
    number = controls.drain_now(_connection(), actor())
    hurried = f" {number:,} of it waited for a later try." if number else ""
    flash(f"Everything that waits is sent now, as fast as QuickBooks allows.{hurried}", "success")
    return htmx.go(_here())


def _picture() -> Picture:
    return picture(request.args.get("entity", type=int))


def _connection() -> Connection:
    connection = _picture().board.connection
    if connection is None:
        raise NothingToHoldError
    return connection


def _here() -> str:
    return url_for(".index", entity=request.args.get("entity", type=int))


def _around() -> dict[str, object]:
    return {"entities": entities(), "can_control": may_here(Action.PAUSE_SYNC)}
