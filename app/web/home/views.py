"""The dashboard."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.entities import only_entity
from app.foundation.database import transaction
from app.sync.first_day import beginnings
from app.web import htmx
from app.web.home.picture import picture
from app.web.home.summary import summary
from app.web.saving import actor
from app.web.session import may_here, signed_in

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in(Action.SEE)
def index() -> str:
    """Say whether money is flowing, and what needs somebody."""
    seen = picture()
    return render_template(
        "home/index.html",
        seen=seen,
        summary=seen.summary,
        revision=seen.summary.revision,
        can_retry=may_here(Action.RETRY),
    )


@blueprint.post("/first-steps/<step>/skip")
@signed_in(Action.EDIT_SETTINGS)
def skip(step: str) -> ResponseReturnValue:
    """Leave a step of the first day out, or put the whole list away."""
    with transaction():
        beginnings.skip(only_entity(request.args.get("entity", type=int)), step, actor())
    return htmx.go(url_for(".index"))


@blueprint.post("/first-steps/<step>/take-up")
@signed_in(Action.EDIT_SETTINGS)
def take_up(step: str) -> ResponseReturnValue:
    """Do a step after all, or bring the list back."""
    with transaction():
        beginnings.take_up(only_entity(request.args.get("entity", type=int)), step)
    return htmx.go(url_for(".index"))


@blueprint.get("/summary")
@signed_in(Action.SEE)
def now() -> Response:
    """The sentence on top and its numbers, asked for every few seconds."""
    found = summary()
    return htmx.poll("home/_summary.html", found.revision, lambda: {"summary": found})
