"""The list of all blueprints; a room that has pages adds its own here."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web import theme
from app.web.account import views as account
from app.web.health import views as health
from app.web.help import views as help_pages
from app.web.home import views as home
from app.web.mail import views as mail
from app.web.users import views as users
from app.web.welcome import views as welcome

ALL: tuple[Blueprint, ...] = (
    home.blueprint,
    account.blueprint,
    users.blueprint,
    mail.blueprint,
    help_pages.blueprint,
    welcome.blueprint,
    theme.blueprint,
    health.blueprint,
)


def init_app(app: Flask) -> None:
    """Hang every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
