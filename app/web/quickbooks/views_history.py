"""Linking history: what QuickBooks has already is tied to ours before anything is sent; nothing is written there."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync.first_day import linking_history
from app.sync.first_day.history_matching import Sameness
from app.sync.first_day.linking_history import Chosen
from app.sync.reconciling import comparisons
from app.sync.steering import controls, old_documents
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import some
from app.web.saving import actor
from app.web.session import may_here, me, signed_in


@blueprint.get("/history")
@signed_in(Action.SEE_SYNC)
def history() -> ResponseReturnValue:
    """What agrees, what a person must decide, what is not there; while QuickBooks is read it looks again by itself."""
    if htmx.wants_fragment():
        return htmx.poll("quickbooks/_history.html", _revision(), lambda: _shown(""))
    return _page("")


@blueprint.post("/history")
@signed_in(Action.MAP)
def link_history() -> ResponseReturnValue:
    """Have QuickBooks read; or tie all that agree exactly, or those that were chosen one by one."""
    if request.form.get("choice") == "read":
        controls.compare_now(connection_here(), me().name)
        return htmx.go(url_for(".history"))
    try:
        with transaction():
            number = linking_history.link(connection_here(), _chosen(), actor())
    except BadInputError as problem:
        return _page(problem.message), 422
    flash(f"{some(number, 'document is', 'documents are')} linked. Nothing was changed in QuickBooks.", "success")
    return htmx.go(url_for(".history"))


def _page(problem: str) -> str:
    return render_template("quickbooks/history.html", revision=_revision(), **_shown(problem))


def _revision() -> str:
    """Changes when a reading begins, goes on or ends."""
    running = comparisons.under_way()
    return f"{running.id}-{running.state}-{running.progress}" if running else ""


def _shown(problem: str) -> dict[str, Any]:
    history = linking_history.proposals(connection_here())
    wanted = old_documents.subjects(entity_here(), connection_here())
    return {
        "history": history,
        "offered": sum(one.ours.subject in wanted for one in history.of(Sameness.NONE)),
        "Sameness": Sameness,
        "running": comparisons.under_way(),
        "problem": problem,
        "shown": linking_history.SHOWN,
        "can_link": may_here(Action.MAP),
    }


def _chosen() -> Chosen:
    if request.form.get("choice") == "exact":
        return linking_history.exact(connection_here())
    picked = [value for values in request.form.listvalues() for value in values if value.count(":") == 2]
    if not picked:
        raise BadInputError("document", "Choose a record in QuickBooks for at least one document.")
    return linking_history.read_choice(picked)
