"""Webhooks of the shared app and of an organisation's own: kept and answered at once, empty."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import get_content_length, get_input_stream

from app.foundation.logs import logger
from app.sync.engine import engine
from app.sync.listening import inbox
from app.sync.listening.inbox import Verifiers
from app.sync.listening.refusals import refusals
from app.web.headers import of_every_answer
from app.web.webhooks.addresses import slug_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SIGNATURE = "HTTP_INTUIT_SIGNATURE"


def init_app(app: Flask) -> None:
    """Stand in front of all that the portal does with a request."""
    app.wsgi_app = Door(app)  # type: ignore[method-assign]
    atexit.register(_end, weakref.ref(app))


def _end(whose: weakref.ref[Flask]) -> None:
    """The process ends: what it has only counted would go with it."""
    if app := whose():
        with app.app_context(), suppress(OperationalError):
            refusals().write_down()


class Door:
    """Takes webhooks in; every other request goes on to the portal."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._portal: WSGIApplication = app.wsgi_app
        with app.app_context():
            self._headers = [("Content-Length", "0"), ("Cache-Control", "no-store"), *of_every_answer().items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """As a WSGI server calls it."""
        slug = slug_in(environ["PATH_INFO"])
        if slug is None:
            return self._portal(environ, start_response)
        with self._app.app_context():
            status = _answer(environ, slug)
        allowed = [("Allow", "POST")] if status is HTTPStatus.METHOD_NOT_ALLOWED else []
        start_response(f"{status} {status.phrase}", self._headers + allowed)
        return ()


def _answer(environ: WSGIEnvironment, slug: str) -> HTTPStatus:
    """Nothing is acknowledged that could not be kept: what Intuit gets no 200 for it sends again."""
    if environ["REQUEST_METHOD"] != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED
    try:
        return _receive(environ, slug)
    except HTTPException as problem:
        return HTTPStatus(problem.code or HTTPStatus.BAD_REQUEST)
    except OperationalError as problem:
        _log().error("a webhook could not be kept: the database did not answer", problem=str(problem.orig)[:200])
        return HTTPStatus.SERVICE_UNAVAILABLE
    except Exception as problem:  # noqa: BLE001 - the server would answer with a page, and not say it as we do
        _log().error("a webhook could not be kept", exc_info=problem)
        return HTTPStatus.INTERNAL_SERVER_ERROR


def _log() -> structlog.typing.FilteringBoundLogger:
    """Without the number of the request that this thread served before."""
    structlog.contextvars.clear_contextvars()
    return logger()


def _receive(environ: WSGIEnvironment, slug: str) -> HTTPStatus:
    """200 when somebody we know signed it, else 401; 413 for one that was too large to be read."""
    verifiers = _verifiers(slug)
    if verifiers is None:
        return HTTPStatus.NOT_FOUND
    source = environ.get("REMOTE_ADDR", "")
    try:
        raw = get_input_stream(environ, max_content_length=inbox.LARGEST).read()
    except RequestEntityTooLarge:
        size = max(get_content_length(environ) or 0, inbox.LARGEST + 1)
        inbox.reject_unread(size, source, verifiers.app_id)
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    rejection = inbox.keep(raw, environ.get(_SIGNATURE, ""), source, verifiers)
    return HTTPStatus.UNAUTHORIZED if rejection else HTTPStatus.OK


def _verifiers(slug: str) -> Verifiers | None:
    apps = engine().quickbooks.apps
    return inbox.own_verifiers(apps, slug) if slug else inbox.shared_verifiers(apps)
