"""The room's blueprint with all its views, ready to be hung."""

from __future__ import annotations

from flask import Flask

from app.web.payments import blueprint, views, views_changing, views_recording

VIEWS = (views, views_changing, views_recording)
"""They hang themselves on the blueprint when they are imported."""


def init_app(app: Flask) -> None:
    """Hang it."""
    app.register_blueprint(blueprint)
