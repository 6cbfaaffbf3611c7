"""One step for all documents ticked in a list, and a page that says what became of each."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.errors import BadInputError
from app.web.invoices import blueprint
from app.web.invoices.bulk import carry
from app.web.invoices.room import here
from app.web.saving import actor
from app.web.session import require, signed_in

_RIGHTS = {right.value: right for right in (Action.OPEN_INVOICES, Action.RETRY, Action.OPT_OUT)}
_MOST = 500


@blueprint.post("/bulk")
@signed_in(Action.EDIT_INVOICES)
def bulk() -> ResponseReturnValue:
    """Take the step for each, in transactions of their own."""
    right = _RIGHTS.get(request.form.get("do", ""))
    if right is None:
        raise BadInputError("do", "Choose what to do with the ticked documents.")
    require(right)
    ids = request.form.getlist("document", type=int)[:_MOST]
    outcomes = carry(right, ids, here().kind, actor())
    return render_template("invoices/bulk.html", room=here(), outcomes=outcomes, right=right, back=_back())


def _back() -> str:
    """The filters of the list it came from; only a query of ours."""
    query = request.form.get("query", "")
    return f"?{query}" if query else ""
