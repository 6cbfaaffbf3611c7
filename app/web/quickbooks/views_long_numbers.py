"""Numbers that are too long for QuickBooks: which there are, and under which they would go there."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.sync.records.numbers import MAX_NUMBER
from app.sync.steering import long_numbers
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import some
from app.web.saving import actor
from app.web.session import may_here, signed_in


@blueprint.get("/numbers/long", endpoint="long_numbers")
@signed_in(Action.SEE_SYNC)
def shown() -> str:
    """Each that waits, with its number here and there."""
    return render_template(
        "quickbooks/long_numbers.html",
        held=long_numbers.held(entity_here(), connection_here()),
        limit=MAX_NUMBER,
        can_decide=may_here(Action.RETRY),
    )


@blueprint.post("/numbers/long")
@signed_in(Action.RETRY)
def shorten() -> ResponseReturnValue:
    """Let one go under its shorter number, or all of them."""
    picked = request.form.get("document", "")
    with transaction():
        given = long_numbers.give(entity_here(), connection_here(), picked, actor())
    flash(f"{some(given, 'document goes', 'documents go')} to QuickBooks under a shorter number.", "success")
    return htmx.go(url_for(".long_numbers"))
