"""What is found by the one box: its page, and its fragment while somebody types."""

from __future__ import annotations

from flask import Blueprint, request

from app.accounts.permissions import Action
from app.sync.watching.one_box import MOST, look_for
from app.web import htmx
from app.web.session import signed_in

blueprint = Blueprint("search", __name__, url_prefix="/search")


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """Look for the words of the address in everything."""
    words = request.args.get("search", "").strip()
    return htmx.render("search/index.html", "search/_found.html", search=words, found=look_for(words), most=MOST)
