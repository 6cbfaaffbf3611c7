"""Imports: hand a file in, look at what it will do, start it, watch it, read what was refused."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import entities, only_entity
from app.billing.importing import runs
from app.billing.importing.profiles import PROFILES
from app.billing.importing.run import ImportRun, RunState
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.web import htmx
from app.web.forms import choices
from app.web.imports.dry_run import table_of
from app.web.imports.files import refusals_csv, sample_csv
from app.web.imports.forms import UploadForm
from app.web.imports.words import STATES, dates_of, why
from app.web.offers import entity_choices
from app.web.saving import actor, created
from app.web.session import signed_in
from app.web.voice import speak_for

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

_ENDED = {RunState.DONE, RunState.FAILED, RunState.CANCELLED}


@blueprint.get("")
@signed_in(Action.IMPORT)
def index() -> str:
    """The form for a file, the columns each profile knows, and earlier imports."""
    return _page(_form())


@blueprint.post("")
@signed_in(Action.IMPORT)
def upload() -> ResponseReturnValue:
    """Keep a file for its dry run; nothing is imported yet."""
    form = _form()
    if run := created(form, lambda: _hand_in(form)):
        return htmx.go(url_for(".show", run_id=run.id))
    return _page(form), 422


@blueprint.get("/<int:run_id>")
@signed_in(Action.IMPORT)
def show(run_id: int) -> str:
    """One import: what it will do, how far it came, or how it ended."""
    run = db.session.get_one(ImportRun, run_id)
    finished = run.state in _ENDED
    return render_template("imports/show.html", **_context(run), revision=_revision(run), finished=finished)


@blueprint.get("/<int:run_id>/dry-run")
@signed_in(Action.IMPORT)
def dry_run(run_id: int) -> str:
    """What carrying it out would do now, document by document."""
    run = db.session.get_one(ImportRun, run_id)
    speak_for(only_entity(run.billing_entity_id))
    try:
        table, problem = table_of(run, request.args), ""
    except BadInputError as unreadable:
        table, problem = None, unreadable.message
    told = {"run": run, "table": table, "problem": problem, "why": why, "dates": dates_of(runs.profile_of(run))}
    return htmx.render("imports/dry_run.html", "imports/_dry_run.html", **told)


@blueprint.post("/<int:run_id>/start")
@signed_in(Action.IMPORT)
def start(run_id: int) -> ResponseReturnValue:
    """Let the worker carry it out; documents are opened, or stay drafts."""
    with transaction():
        run = db.session.get_one(ImportRun, run_id)
        runs.start(run)
        run.open_documents = request.form.get("open") == "yes"
    return htmx.go(url_for(".show", run_id=run_id))


@blueprint.post("/<int:run_id>/cancel")
@signed_in(Action.IMPORT)
def cancel(run_id: int) -> ResponseReturnValue:
    """Stop it; what it made stays."""
    with transaction():
        run = db.session.get_one(ImportRun, run_id)
        runs.cancel(run)
    flash(
        "The import was stopped. What it had made so far stays." if run.position else "The file was put away.",
        "success",
    )
    return htmx.go(url_for(".show", run_id=run_id) if run.position else url_for(".index"))


@blueprint.get("/<int:run_id>/progress")
@signed_in(Action.IMPORT)
def progress(run_id: int) -> Response:
    """How far it came; asked again until it has ended."""
    run = db.session.get_one(ImportRun, run_id)
    return htmx.poll("imports/_run.html", _revision(run), lambda: _context(run), finished=run.state in _ENDED)


@blueprint.get("/<int:run_id>/refusals.csv")
@signed_in(Action.IMPORT)
def refusals(run_id: int) -> Response:
    """What was refused, with lines and reasons, as a file."""
    return refusals_csv(db.session.get_one(ImportRun, run_id))


@blueprint.get("/sample.csv")
@signed_in(Action.IMPORT)
def sample() -> Response:
    """A small file that the profile of the address can read."""
    profile = PROFILES.get(request.args.get("profile", "standard"))
    if profile is None:
        raise NotFoundError
    return sample_csv(profile)


def _form() -> UploadForm:
    form = UploadForm()
    form.entity.choices = choices(entity_choices())
    form.entity.data = form.entity.data or next((id_ for id_, _name in entity_choices()), None)
    return form


def _hand_in(form: UploadForm) -> ImportRun:
    entity, file = only_entity(form.entity.data), form.file.data
    return runs.hand_in(entity, form.profile.data, (file.filename or "file.csv", file.stream), actor=actor())


def _page(form: UploadForm) -> str:
    return render_template(
        "imports/index.html", form=form, entities=entities(), profiles=PROFILES, runs=runs.recent_runs(), states=STATES
    )


def _context(run: ImportRun) -> dict[str, Any]:
    ended = run.state in _ENDED
    return {
        "run": run,
        "states": STATES,
        "why": why,
        "profile": PROFILES[run.profile],
        "refusals": runs.refusals(run, page=request.args.get("page", 1, type=int)) if ended else None,
        "counts": runs.refusal_counts(run) if ended else {},
    }


def _revision(run: ImportRun) -> str:
    return f"{run.state.value}-{run.position}"
