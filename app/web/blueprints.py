"""The list of all blueprints; a room that has pages adds its own here."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web.account import views as account
from app.web.health import views as health
from app.web.home import views as home

ALL: tuple[Blueprint, ...] = (
    home.blueprint,
    account.blueprint,
    health.blueprint,
)


def init_app(app: Flask) -> None:
    """Hang every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
