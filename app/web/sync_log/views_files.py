"""The log as a file, the support bundle, and how long what is kept."""

from __future__ import annotations

from flask import Response, render_template, request

from app.accounts.permissions import Action
from app.foundation.house import house
from app.sync.watching import operations, retention
from app.web.session import signed_in
from app.web.sync_log import blueprint, files
from app.web.sync_log.asked import as_file, read_address


@blueprint.get("/sync-log.csv")
@signed_in(Action.SEE_SYNC)
def export() -> Response:
    """What the filters of the address select, as a file."""
    return as_file(read_address())


@blueprint.get("/support.json")
@signed_in(Action.SEE_SYNC)
def bundle() -> Response:
    """All that explains the state of a company, without secrets."""
    return files.of_company(request.args.get("entity", type=int))


@blueprint.get("/<int:message_id>/support.json")
@signed_in(Action.SEE_SYNC)
def bundle_of(message_id: int) -> Response:
    """All that explains where one document is, without secrets."""
    return files.of_operation(operations.operation(message_id))


@blueprint.get("/kept")
@signed_in(Action.SEE_SYNC)
def kept() -> str:
    """How long what is kept, and what was taken away lately."""
    return render_template("sync_log/kept.html", settings=house().settings, day=retention.last_day())
