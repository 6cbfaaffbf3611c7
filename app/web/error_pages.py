"""How an error is shown: in the usual layout to whoever is signed in, and in one way or another always."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, render_template, request
from sqlalchemy.orm.attributes import instance_state

from app.accounts.models import Organisation, User
from app.foundation.database import db
from app.foundation.logs import logger
from app.web import theme
from app.web.htmx import wants_fragment
from app.web.navigation import Entry, menu
from app.web.session import me_or_none


def shown(words: Mapping[str, Any]) -> str:
    """A page of what is said, or to htmx a notice; a bare one where the usual layout can't be drawn."""
    notice = wants_fragment()
    try:
        return render_template("errors/_notice.html", **words) if notice else _page(words)
    except Exception as problem:  # noqa: BLE001 - whatever it was, the person in front of it gets an answer
        logger().error("an error page could not be drawn", exc_info=problem)
    bare = current_app.jinja_env.get_template("errors/_notice.html" if notice else "errors/plain.html")
    return bare.render(**words, theme=theme.chosen())


def undo() -> None:
    """Roll back what the request began, and from here on show pages without asking the database.

    Who is signed in stays known as it was read: after a rollback that would be read anew. Of their organisation what
    was not read yet is left out, the ribbon and the words of its country.
    """
    for row in list(db.session):
        if isinstance(row, (User, Organisation)) and not instance_state(row).expired:
            db.session.expunge(row)
    db.session.rollback()
    g.setdefault("speakers", [])


def _page(words: Mapping[str, Any]) -> str:
    if me_or_none() is None:
        return render_template("errors/page.html", **words)
    return render_template("errors/inside.html", way_on=_way_on(), **words)


def _way_on() -> Entry | None:
    """The room of the menu where it happened; None is the dashboard, as where the room itself does not open."""
    entries = [entry for group in menu() for entry in group.entries]
    here = next((entry for entry in entries if entry.is_here), None)
    return here if here and here.url != request.path else None
