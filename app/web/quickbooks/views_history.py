"""Linking history: what QuickBooks has already is tied to ours before anything is sent; nothing is written there."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync import comparisons, linking_history
from app.sync.history_matching import Sameness
from app.sync.linking_history import Chosen
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here
from app.web.quickbooks.words import some
from app.web.saving import actor
from app.web.session import may_here, signed_in


@blueprint.get("/history")
@signed_in(Action.SEE_SYNC)
def history() -> str:
    """What agrees, what a person must decide, what is not there."""
    return _page("")


@blueprint.post("/history")
@signed_in(Action.MAP)
def link_history() -> ResponseReturnValue:
    """Tie all that agree exactly, or those that were chosen one by one."""
    try:
        with transaction():
            number = linking_history.link(connection_here(), _chosen(), actor())
    except BadInputError as problem:
        return _page(problem.message), 422
    flash(f"{some(number, 'document is', 'documents are')} linked. Nothing was changed in QuickBooks.", "success")
    return htmx.go(url_for(".history"))


def _page(problem: str) -> str:
    return render_template(
        "quickbooks/history.html",
        history=linking_history.proposals(connection_here()),
        Sameness=Sameness,
        running=comparisons.under_way(),
        problem=problem,
        shown=linking_history.SHOWN,
        can_link=may_here(Action.MAP),
        can_compare=may_here(Action.RECONCILE),
    )


def _chosen() -> Chosen:
    if request.form.get("choice") == "exact":
        return linking_history.exact(connection_here())
    picked = [value for values in request.form.listvalues() for value in values if value.count(":") == 2]
    if not picked:
        raise BadInputError("document", "Choose a record in QuickBooks for at least one document.")
    return linking_history.read_choice(picked)
