"""Mending causes where they are shown, on the log and on the dashboard."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync.steering import mending
from app.web import htmx
from app.web.saving import actor
from app.web.session import signed_in
from app.web.sync_log import blueprint
from app.web.sync_log.held import ON_DASHBOARD, back, fragment, held, the_cause

CHANGED = "causes-changed"
"""The event by which the rest of the page hears that something was mended."""


@blueprint.get("/causes/<key>/options")
@signed_in(Action.MAP)
def options(key: str) -> str:
    """What may be chosen for the letters typed so far."""
    cause, text = the_cause(key), request.args.get("search", "")
    return render_template("sync_log/_options.html", key=key, text=text.strip(), options=mending.found(cause, text))


@blueprint.post("/causes/<key>")
@signed_in(Action.MAP)
def mend(key: str) -> ResponseReturnValue:
    """Keep the choice, and release what waited for it."""
    cause = the_cause(key)
    try:
        with transaction():
            chosen = mending.mend(cause, request.form.get("remote_id", ""), actor=actor())
    except BadInputError as problem:
        return _refused(key, problem)
    number = f"{chosen.released:,} {'operation is' if chosen.released == 1 else 'operations are'}"
    return _done(f"“{chosen.name}” was chosen. {number} on the way now.")


def _done(said: str) -> Response:
    if not htmx.wants_fragment():
        flash(said, "success")
        return htmx.go(back())
    answer = make_response(fragment(held(ON_DASHBOARD, said=said)))
    answer.headers["HX-Trigger"] = CHANGED
    return answer


def _refused(key: str, problem: BadInputError) -> ResponseReturnValue:
    if htmx.wants_fragment():
        return fragment(held(ON_DASHBOARD, wrong=(key, problem.message))), 422
    flash(problem.message, "danger")
    return htmx.go(back())
