"""One's own account and sessions."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import sessions
from app.accounts.models import UserSession
from app.accounts.permissions import Action
from app.foundation.database import db, transaction
from app.foundation.errors import NotFoundError
from app.web import htmx
from app.web.session import me, signed_in
from app.web.session_store import PortalSession

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@signed_in(Action.SEE)
def show() -> str:
    """Who I am here and where I am signed in."""
    return render_template("account/show.html", sessions=sessions.of_user(me()), this_session=_this_session())


@blueprint.post("/sessions/<int:session_id>/end")
@signed_in(Action.SEE)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one other browser of mine."""
    if db.session.get_one(UserSession, session_id).user_id != me().id:
        raise NotFoundError
    sessions.end(session_id)
    flash("That browser is signed out.", "success")
    return htmx.go(url_for("account.show"))


@blueprint.post("/sessions/end-others")
@signed_in(Action.SEE)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out all my browsers but this one."""
    with transaction():
        sessions.end_all(me(), but=_this_session())
    flash("All other browsers are signed out.", "success")
    return htmx.go(url_for("account.show"))


def _this_session() -> int | None:
    here = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way past its proxy
    return here.row_id if isinstance(here, PortalSession) else None
