"""The dashboard."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.accounts.permissions import Action
from app.web import htmx
from app.web.home.picture import picture
from app.web.home.summary import summary
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


@blueprint.get("/summary")
@signed_in(Action.SEE)
def now() -> Response:
    """The sentence on top and its numbers, asked for every few seconds."""
    found = summary()
    return htmx.poll("home/_summary.html", found.revision, lambda: {"summary": found})
