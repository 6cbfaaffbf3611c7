"""Hangs this room's views."""

from __future__ import annotations

from flask import Flask

from app.web.sync_log import blueprint, views, views_files, views_mending

HUNG = (views, views_files, views_mending)
"""The modules whose views hang on the blueprint; to import them is to hang them."""


def init_app(app: Flask) -> None:
    """Open the log."""
    app.register_blueprint(blueprint)
