"""Light, dark, or as the person's machine has it: remembered in a cookie, so the page arrives in the right colours."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from app.web.session_store import cookie_name

blueprint = Blueprint("theme", __name__)

_CHOICES = ("auto", "light", "dark")
_REMEMBERED = timedelta(days=365)


def init_app(app: Flask) -> None:
    """Tell every page which one."""
    app.context_processor(lambda: {"theme": chosen()})


def chosen() -> str:
    """What was chosen on this browser."""
    choice = request.cookies.get(cookie_name("theme"), "auto")
    return choice if choice in _CHOICES else "auto"


@blueprint.post("/theme")
def choose() -> Response:
    """Remember a choice and go back to the page."""
    choice = request.form.get("theme", "auto")
    answer = redirect(_back(), 303)
    if choice in _CHOICES:
        answer.set_cookie(
            cookie_name("theme"),
            choice,
            max_age=_REMEMBERED,
            path="/",
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return answer


def _back() -> str:
    """The page it was chosen on; only a path of ours, never an address from outside."""
    path = request.form.get("back", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
