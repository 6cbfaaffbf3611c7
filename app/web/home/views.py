"""The dashboard."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.permissions import Action
from app.web.home.picture import picture
from app.web.session import signed_in

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in(Action.SEE)
def index() -> str:
    """Say whether money is flowing, and what needs somebody."""
    return render_template("home/index.html", seen=picture())
