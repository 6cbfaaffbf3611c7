"""The dry run on screen: what would go to QuickBooks, in words and as JSON; nothing is sent by looking."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request

from app.accounts.permissions import Action
from app.billing.document import Document
from app.foundation.database import db
from app.outbox.models import Subject
from app.sync import dry_run
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.session import signed_in


@blueprint.get("/dry-run", endpoint="dry_run")
@signed_in(Action.SEE_SYNC)
def rehearse() -> str:
    """All that waits and all that was left behind, or the one document that the address names."""
    connection, document_id = connection_here(), request.args.get("document", type=int)
    chosen = _one(document_id) if document_id is not None else _all()
    shown = dry_run.rehearse(connection, chosen)
    return render_template(
        "quickbooks/dry_run.html",
        rehearsals=shown,
        words=Counter((each.tone, each.word) for each in shown),
        alone=document_id is not None,
        most=dry_run.MOST,
    )


def _one(document_id: int) -> dict[Subject, bool]:
    return {db.session.get_one(Document, document_id).subject: True}


def _all() -> dict[Subject, bool]:
    entity, connection = entity_here(), connection_here()
    chosen = dry_run.left_behind(entity, connection) | dry_run.waiting(entity)
    return dict(list(chosen.items())[: dry_run.MOST])
