"""The log, one operation with its attempts, and what may be done about them."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import entities
from app.foundation.house import house
from app.sync.judging.kinds import KINDS
from app.sync.steering import causes, controls
from app.sync.watching import operations
from app.web import htmx
from app.web.session import may_here, me, signed_in
from app.web.slices import place_here
from app.web.sync_log import blueprint
from app.web.sync_log.asked import read_address
from app.web.sync_log.held import back, held


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
        stretch=operations.stretch(wanted),
        held=held() if not wanted.cause else None,
        cause=causes.cause_of(wanted.cause) if wanted.cause else None,
        kept_days=house().settings.keep_log_days,
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


@blueprint.post("/retry")
@signed_in(Action.RETRY)
def retry() -> ResponseReturnValue:
    """Try the ticked operations again, or all that wait for the same thing."""
    key = request.form.get("cause", "")
    number = controls.retry_cause(key) if key else controls.retry(request.form.getlist("message", type=int))
    _tell(number)
    return htmx.go(back())


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
