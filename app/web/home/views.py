"""The dashboard."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.permissions import Action
from app.web.session import signed_in

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in(Action.SEE)
def index() -> str:
    """The first page after sign-in."""
    return render_template("home/index.html")
