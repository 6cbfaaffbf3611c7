"""The dry run on screen: what would go to QuickBooks, in words and as JSON; nothing is sent by looking."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request

from app.accounts.permissions import Action
from app.sync.first_day import dry_run
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.session import signed_in


@blueprint.get("/dry-run", endpoint="dry_run")
@signed_in(Action.SEE_SYNC)
def rehearse() -> str:
    """All that waits and all that was left behind, or the one document that the address names."""
    connection, document_id = connection_here(), request.args.get("document", type=int)
    if document_id is not None:
        shown = dry_run.rehearse(connection, dry_run.alone(document_id))
    else:
        shown = dry_run.rehearse(connection, dry_run.everything(entity_here(), connection))
    return render_template(
        "quickbooks/dry_run.html",
        rehearsals=shown,
        words=Counter((each.tone, each.word) for each in shown),
        alone=document_id is not None,
        obstacles=dry_run.obstacles(shown) if document_id is None else [],
        most=dry_run.MOST,
    )
