"""Differences and runs, a run while it is under way, and decisions."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import only_entity
from app.foundation.database import db
from app.foundation.errors import ConflictError
from app.quickbooks.models import Connection
from app.sync.comparing import remedies
from app.sync.comparing.drifts import Drift, ReconciliationRun
from app.sync.comparing.findings import WORDS
from app.sync.reconciling import comparisons, run_totals
from app.sync.records.tied import connection_of
from app.sync.steering import controls
from app.web import htmx
from app.web.reconciliation.files import as_file, open_as_file, runs_as_file, totals_as_file
from app.web.reconciliation.forms import IgnoreForm
from app.web.reconciliation.picture import OPEN_STATES, company_of, picture, revision_of
from app.web.reconciliation.verdicts import verdict
from app.web.saving import actor
from app.web.session import may_here, me, signed_in
from app.web.slices import place_here

blueprint = Blueprint("reconciliation", __name__, url_prefix="/quickbooks/reconciliation")


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """Say whether both sides agree, and if not, where."""
    rights = {"can_run": may_here(Action.RECONCILE), "can_decide": may_here(Action.RESOLVE_DRIFT)}
    offers: dict[str, object] = {"offered": remedies.offered, "of_cause": remedies.of_cause, "called": remedies.called}
    return render_template(
        "reconciliation/index.html", seen=picture(), words=WORDS, verdict=verdict, **rights, **offers
    )


@blueprint.get("/runs")
@signed_in(Action.SEE_SYNC)
def runs() -> str:
    """All comparisons, the newest first."""
    return render_template("reconciliation/runs.html", runs=comparisons.runs(place_here()))


@blueprint.get("/runs.csv")
@signed_in(Action.SEE_SYNC)
def history() -> Response:
    """All comparisons, as a file."""
    return runs_as_file()


@blueprint.get("/runs/<int:run_id>")
@signed_in(Action.SEE_SYNC)
def show(run_id: int) -> str:
    """One comparison: what was compared, its totals, and what it found."""
    run = db.session.get_one(ReconciliationRun, run_id)
    return render_template("reconciliation/show.html", run=run, revision=revision_of(run), **_state(run))


@blueprint.get("/runs/<int:run_id>/totals.csv")
@signed_in(Action.SEE_SYNC)
def totals(run_id: int) -> Response:
    """A run's totals by month and currency, as a file."""
    return totals_as_file(db.session.get_one(ReconciliationRun, run_id))


@blueprint.get("/runs/<int:run_id>/open.csv")
@signed_in(Action.SEE_SYNC)
def open_on_both(run_id: int) -> Response:
    """What was open on both sides at the end of a run, as a file."""
    run = db.session.get_one(ReconciliationRun, run_id)
    return open_as_file(run, company_of(db.session.get_one(Connection, run.connection_id), run).books)


@blueprint.get("/runs/<int:run_id>/progress")
@signed_in(Action.SEE_SYNC)
def progress(run_id: int) -> Response:
    """The run alone, asked for until it has ended."""
    run = db.session.get_one(ReconciliationRun, run_id)
    over = run.state not in OPEN_STATES
    return htmx.poll("reconciliation/_run.html", revision_of(run), lambda: {"run": run, **_state(run)}, finished=over)


@blueprint.post("/run")
@signed_in(Action.RECONCILE)
def start() -> ResponseReturnValue:
    """Ask for a comparison; where one is under way, go to it."""
    connection = connection_of(only_entity(request.args.get("entity", type=int)).lane)
    if connection is None:
        raise ConflictError("QuickBooks is not connected; there is nothing to compare with.")
    return htmx.go(url_for(".show", run_id=controls.compare_now(connection, me().name)))


@blueprint.get("/variances")
@signed_in(Action.SEE_SYNC)
def variances() -> str:
    """Documents that QuickBooks rounds differently."""
    number, pence = comparisons.variances_in_all()
    page = comparisons.variances(place_here())
    return render_template("reconciliation/variances.html", variances=page, number=number, pence=pence)


@blueprint.get("/differences.csv")
@signed_in(Action.SEE_SYNC)
def export() -> Response:
    """All open differences, as a file."""
    return as_file()


@blueprint.route("/differences/<int:drift_id>/ignore", methods=["GET", "POST"])
@signed_in(Action.RESOLVE_DRIFT)
def ignore(drift_id: int) -> ResponseReturnValue:
    """Ask why, then leave a difference be as long as its values last."""
    form, drift = IgnoreForm(), db.session.get_one(Drift, drift_id)
    if not form.validate_on_submit():
        page = render_template("reconciliation/ignore.html", form=form, drift=drift, words=WORDS)
        return page, 422 if form.errors else 200
    comparisons.ignore(drift_id, actor(), form.reason.data)
    flash("It is left as it is. When its values change, it is shown again.", "success")
    return htmx.go(url_for(".index"))


@blueprint.post("/differences/<int:drift_id>/reopen")
@signed_in(Action.RESOLVE_DRIFT)
def reopen(drift_id: int) -> ResponseReturnValue:
    """An ignored difference wants a decision again."""
    comparisons.look_again(drift_id, actor())
    flash("It is among the open differences again.", "success")
    return htmx.go(url_for(".index"))


def _state(run: ReconciliationRun) -> dict[str, object]:
    connection = db.session.get_one(Connection, run.connection_id)
    done = comparisons.put_right(run.id) if run.state not in OPEN_STATES else []
    return {
        "is_over": run.state not in OPEN_STATES,
        "currency": connection.home_currency or "GBP",
        "company": company_of(connection, run),
        "put_right": done,
        "words": WORDS,
        "verdict": verdict,
        "totals": (totals := run_totals.of_run(run.id)),
        "in_all": run_totals.by_currency(totals),
    }
