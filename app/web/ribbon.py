"""What every page says about the books in use: a ribbon while a billing entity is in sandbox."""

from __future__ import annotations

from flask import Flask

from app.billing.models import Mode
from app.web.session import me_or_none
from app.web.voice import speakers


def init_app(app: Flask) -> None:
    """Give every template `sandboxes`."""
    app.jinja_env.globals.update(sandboxes=sandboxes)


def sandboxes() -> list[str]:
    """The names of the organisation's billing entities whose documents go to the sandbox."""
    if me_or_none() is None:
        return []
    return [speaker.name for speaker in speakers() if speaker.mode is Mode.TEST]
