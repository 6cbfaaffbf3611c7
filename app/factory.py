"""Builds the house: `create_app` reads as the list of what is hung where."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_mailman import Mail
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import tables
from app.cli import doors as commands
from app.foundation import sqlite
from app.foundation.database import db
from app.foundation.house import EXTENSION, House
from app.foundation.logs import configure_logs
from app.foundation.mailserver import mail_config
from app.foundation.settings import Settings, read_settings, sqlite_path
from app.quickbooks.client import QuickBooks
from app.quickbooks.transport import RequestsHttp
from app.sync import engine
from app.sync.company import notices
from app.web import doors
from app.worker import bell, process

_PACKAGE = Path(__file__).parent
_LARGEST_REQUEST = 52 * 1024 * 1024
"""A CSV file of 50 MB and the form around it."""
_POOL_PATIENCE_SECONDS = 60


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application, with the settings of the environment unless others are given."""
    settings = settings or read_settings()
    app = Flask("app", template_folder=str(_beside("templates")), static_folder=str(_beside("static")))
    app.extensions[EXTENSION] = House(settings=settings, sealer=settings.sealer())
    configure_logs(as_json=settings.log_format == "json")
    _configure(app, settings)
    _hang_database(app, settings)
    _hang_engine(app, settings)
    Mail(app)
    doors.init_app(app)
    commands.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _beside(name: str) -> Path:
    """A folder that lies beside the package in a checkout and inside it in the built wheel."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,  # every address of a static file carries its version
        BABEL_DEFAULT_LOCALE="en_GB",
        **mail_config(settings.mail_url, settings.mail_from),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _pool(settings: Settings) -> dict[str, Any]:
    """Whoever finds all connections taken waits for one: a thread holds it for the length of a transaction.

    A database in memory has one connection for all, and no pool.
    """
    if settings.is_sqlite and not sqlite_path(settings.database_url):
        return {}
    return {"pool_size": settings.database_connections, "max_overflow": 0, "pool_timeout": _POOL_PATIENCE_SECONDS}


def _hang_database(app: Flask, settings: Settings) -> None:
    pool = _pool(settings)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, **pool}
    )
    if path := sqlite_path(settings.database_url):
        path = path.absolute()  # not Flask's instance folder: every process started here must find the same file
        path.parent.mkdir(parents=True, exist_ok=True)
        app.config.update(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}",
            SQLALCHEMY_ENGINE_OPTIONS={"module": sqlite.library, **pool},  # type: ignore[attr-defined]  # chosen there
        )
    db.init_app(app)
    if settings.is_sqlite:
        with app.app_context():
            sqlite.prepare(db.engine)
    Migrate(app, db, directory=_beside("migrations"), render_as_batch=settings.is_sqlite)
    app.extensions["tables"] = tables.ROOMS


def _hang_engine(app: Flask, settings: Settings) -> None:
    """The engine and its bell: every process may ask QuickBooks to be read, only the worker drains lanes."""
    quickbooks = QuickBooks(RequestsHttp(), settings, settings.sealer())
    me = process.worker_name()
    app.extensions[engine.EXTENSION] = engine.Engine(
        quickbooks, settings, owner=me, has_ended=partial(process.has_ended, me=me)
    )
    bell.hang(app, settings.huey_url)
    notices.hear_lost_connections()
