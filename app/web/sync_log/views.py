"""The log, one operation with its attempts, and what may be done about them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import entities
from app.sync import causes, controls, operations
from app.sync.kinds import KINDS
from app.web import htmx
from app.web.session import may_here, me, signed_in
from app.web.slices import place_here
from app.web.sync_log.asked import as_file, read_address

blueprint = Blueprint("sync_log", __name__, url_prefix="/quickbooks/log")


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """The log; what is held is gathered by cause on top."""
    wanted = read_address()
    return render_template(
        "sync_log/index.html",
        wanted=wanted,
        operations=operations.operations(wanted, place_here()),
        counts=operations.counts(wanted),
        causes=causes.causes(),
        kinds=KINDS,
        entities=entities(),
        can_retry=may_here(Action.RETRY),
    )


@blueprint.get("/<int:message_id>")
@signed_in(Action.SEE_SYNC)
def show(message_id: int) -> str:
    """One operation: its sentence and its fix, then each attempt with request and answer."""
    operation = operations.operation(message_id)
    attempts = operations.attempts_of(message_id)
    return render_template(
        "sync_log/show.html", operation=operation, attempts=attempts, can_retry=may_here(Action.RETRY)
    )


@blueprint.get("/sync-log.csv")
@signed_in(Action.SEE_SYNC)
def export() -> Response:
    """What the filters of the address select, as a file."""
    return as_file(read_address())


@blueprint.post("/retry")
@signed_in(Action.RETRY)
def retry() -> ResponseReturnValue:
    """Try the ticked operations again, or all that wait for the same thing."""
    key = request.form.get("cause", "")
    number = controls.retry_cause(key) if key else controls.retry(request.form.getlist("message", type=int))
    _tell(number)
    return htmx.go(_back())


@blueprint.post("/<int:message_id>/retry")
@signed_in(Action.RETRY)
def retry_one(message_id: int) -> ResponseReturnValue:
    """Try one again."""
    operations.operation(message_id)
    _tell(controls.retry([message_id]))
    return htmx.go(url_for(".show", message_id=message_id))


@blueprint.post("/<int:message_id>/cancel")
@signed_in(Action.RETRY)
def cancel(message_id: int) -> ResponseReturnValue:
    """Take one back before it flies."""
    controls.cancel(message_id, me().name)
    flash("It was taken back and will not be sent.", "success")
    return htmx.go(url_for(".show", message_id=message_id))


def _tell(number: int) -> None:
    if number:
        things = "1 operation is" if number == 1 else f"{number} operations are"
        flash(f"{things} tried again now. Nothing is made twice in QuickBooks.", "success")
    else:
        flash("Nothing was left to try: it is on its way, or done already.", "info")


def _back() -> str:
    """The log with the same filters; only a query of ours, never an address from outside."""
    query = request.form.get("back", "")
    return url_for(".index") + (f"?{query}" if query else "")
