"""What every page says about the books in use: a ribbon while a billing entity is in sandbox."""

from __future__ import annotations

from flask import Flask, g

from app.billing.entities import entities
from app.billing.models import Mode
from app.web.session import me_or_none


def init_app(app: Flask) -> None:
    """Give every template `sandboxes`."""
    app.jinja_env.globals.update(sandboxes=sandboxes)


def sandboxes() -> list[str]:
    """The names of the organisation's billing entities whose documents go to the sandbox."""
    if me_or_none() is None:
        return []
    if "sandboxes" not in g:
        g.sandboxes = [entity.name for entity in entities() if entity.mode is Mode.TEST]
    return list(g.sandboxes)
