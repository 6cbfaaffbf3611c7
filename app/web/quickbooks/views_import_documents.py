"""Import of documents from QuickBooks: what each would become from a day on, and the worker's progress with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.queries import PER_PAGE, Page
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.sync.first_day import linking_history
from app.sync.importing import documents as importing_documents
from app.sync.importing import runs as importing_runs
from app.sync.importing.offers import Offer, Place, Standing, counts
from app.sync.importing.runs import DocumentImport, ImportState
from app.sync.reconciling import comparisons
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.views_import import LISTS
from app.web.saving import actor
from app.web.session import may_here, signed_in

_STANDINGS = {Standing.NEW: "To import", Standing.LEFT_OUT: "Left out"}


@blueprint.get("/import/documents", endpoint="import_documents")
@signed_in(Action.SEE_SYNC)
def preview_documents() -> str:
    """What there is from a day on that is linked to nothing here, and what would become of each."""
    return _page(request.args.get("since", ""), "")


@blueprint.post("/import/documents")
@signed_in(Action.EDIT_SETTINGS)
def start_import() -> ResponseReturnValue:
    """Let the worker import what can be; whatever the preview left out stays there."""
    told = request.form.get("since", "")
    try:
        with transaction():
            run = importing_runs.start(connection_here(), _day(told), actor())
    except BadInputError as problem:
        return _page("", problem.message), 422
    return htmx.go(url_for(".import_run", run_id=run.id))


@blueprint.get("/import/documents/<int:run_id>")
@signed_in(Action.SEE_SYNC)
def import_run(run_id: int) -> str:
    """One import: how far it came, or how it ended."""
    run = _run(run_id)
    return render_template("quickbooks/import_run.html", revision=_revision(run), **_context(run))


@blueprint.get("/import/documents/<int:run_id>/progress")
@signed_in(Action.SEE_SYNC)
def import_progress(run_id: int) -> Response:
    """How far it came; asked again until it has ended."""
    run = _run(run_id)
    over = run.state is not ImportState.RUNNING
    return htmx.poll("quickbooks/_import_run.html", _revision(run), lambda: _context(run), finished=over)


@blueprint.post("/import/documents/<int:run_id>/stop")
@signed_in(Action.EDIT_SETTINGS)
def stop_import(run_id: int) -> ResponseReturnValue:
    """Stop it; what it made stays."""
    with transaction():
        importing_runs.stop(run_id)
    flash("The import was stopped. What it had made so far stays.", "success")
    return htmx.go(url_for(".import_run", run_id=run_id))


def _run(run_id: int) -> DocumentImport:
    return db.session.get_one(DocumentImport, run_id)


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError as unreadable:
        raise BadInputError("since", "Enter the date from which documents are to be imported.") from unreadable


def _since(told: str) -> date:
    """The day in the address, else the first of this year."""
    try:
        return _day(told)
    except BadInputError:
        return entity_here().today().replace(month=1, day=1)


def _page(told: str, problem: str) -> str:
    connection, since = connection_here(), _since(told)
    read_at = linking_history.read_at(connection.id)
    offers = importing_documents.look(Place(entity_here(), connection), since) if read_at else []
    return render_template(
        "quickbooks/import_documents.html",
        lists=LISTS,
        since=since,
        read_at=read_at,
        reading=comparisons.under_way(),
        running=importing_runs.under_way(connection.id),
        problem=problem,
        can_take=may_here(Action.EDIT_SETTINGS),
        can_compare=may_here(Action.RECONCILE),
        **_shown(offers),
    )


def _shown(offers: Sequence[Offer]) -> dict[str, Any]:
    found, wanted = counts(offers), request.args.get("standing", "")
    first = Standing.NEW if found[Standing.NEW] else Standing.LEFT_OUT
    standing = next((one for one in _STANDINGS if one.value == wanted), first)
    rows = [offer for offer in offers if offer.standing is standing]
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(rows) // PER_PAGE), 1))
    return {
        "rows": Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(rows)),
        "standings": [(word, one.value, found[one], one is standing) for one, word in _STANDINGS.items()],
        "total": len(offers),
        "number": found[Standing.NEW],
    }


def _context(run: DocumentImport) -> dict[str, Any]:
    return {"run": run, "can_take": may_here(Action.EDIT_SETTINGS)}


def _revision(run: DocumentImport) -> str:
    return f"{run.state.value}-{run.dealt_with}"
