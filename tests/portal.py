"""The portal as tests see it: built once, emptied after each test, walked through by a browser of its own."""

from __future__ import annotations

import contextvars
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import event, exists, literal, select, union_all
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from app.foundation.database import db, end_reading
from app.foundation.settings import Settings, read_settings
from app.sync.listening import refusals
from app.tables import metadata
from app.web.limits import limiter

SECRETS = {"secret_key": "s" * 40, "sealing_keys": "test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}
CHEAP_ARGON2 = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
"""Real argon2, made so light that a test may sign in; how heavy it is in earnest is argon2's own affair."""

FILLED = union_all(*[select(literal(table.name)).where(exists(select(table))) for table in metadata.sorted_tables])
"""Asks for the names of the tables that hold anything."""


class Browser(FlaskClient):
    """A client that shares nothing with the test around it: neither application context nor whom we act for."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page as another process would; what the test read before is read anew afterwards."""
        if has_app_context():
            end_reading()
        kwargs.setdefault("buffered", True)  # a file that is sent while it is read is read in there too
        answer: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        return answer


def settings_for(database_url: str, **more: Any) -> Settings:
    """Settings that reach nothing outside this machine."""
    return read_settings(
        **{
            "database_url": database_url,
            "huey_url": "memory:",
            "quickbooks_api_url": "http://127.0.0.1:9",
            **SECRETS,
            **more,
        }
    )


def make_light(app: Flask) -> None:
    """Leave out what only matters when the power fails or somebody guesses passwords."""
    app.extensions["security"].pwd_context.update(**CHEAP_ARGON2)
    app.test_client_class = Browser
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
            db.engine.dispose()


def empty(app: Flask) -> None:
    """Delete every row of every table, children first; one question tells which tables have any."""
    limiter.reset()
    app.extensions.pop(refusals.EXTENSION, None)
    with app.app_context(), db.engine.begin() as connection:
        filled = set(connection.scalars(FILLED))
        for table in reversed(metadata.sorted_tables):
            if table.name in filled:
                connection.execute(table.delete())


def sign_in(app: Flask, email: str, password: str) -> FlaskClient:
    """A browser in which this person has just signed in."""
    browser = app.test_client()
    page = browser.get("/sign-in").text
    answer = browser.post("/sign-in", data={"email": email, "password": password, "csrf_token": csrf_token(page)})
    assert answer.status_code == 302, answer.text
    return browser


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the portal on a free port of this machine while the block lasts; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: Any, **_more: Any) -> None:
        """Say nothing: what a test asks for is no news."""


def csrf_token(page: str) -> str:
    """The token in a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def post(browser: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send a form of these fields as the page with it would: with the session's token against forged requests."""
    token = csrf_token(browser.get("/account/password").text)
    return browser.post(path, data={**fields, "csrf_token": token})


def ask_for_fragment(browser: FlaskClient, path: str) -> TestResponse:
    """Ask as htmx does."""
    return browser.get(path, headers={"HX-Request": "true"})
