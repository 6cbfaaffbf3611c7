"""A number for each request, in every log line it causes, in its answer and on its error page."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, Response, g


def init_app(app: Flask) -> None:
    """Number every request."""
    app.before_request(_number)
    app.after_request(_tell)


def request_number() -> str:
    """The number of the running request, for error pages."""
    return str(g.get("request_number", ""))


def _number() -> None:
    g.request_number = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_number)


def _tell(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_number()
    return response
