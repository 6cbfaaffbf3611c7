"""One answer for each family of error: a page to people, a short notice to htmx. No view catches for presentation."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.foundation.database import db
from app.foundation.errors import PortalError
from app.foundation.logs import logger
from app.web.error_pages import shown, undo
from app.web.request_log import request_number

_TITLES = {
    400: "This request can't be read",
    401: "Please sign in",
    403: "This is not for you to do",
    404: "There is nothing here",
    405: "This can't be done that way",
    409: "Not possible right now",
    410: "This link no longer works",
    413: "This is too large",
    422: "Something can't be used",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "Not ready yet",
}
_SENTENCES = {
    404: "The page does not exist, was removed, or belongs to somebody else.",
    422: "A number in it is too large, or a text holds what can't be stored. Go back and look it over.",
    413: "Files of up to 50 MB can be sent.",
    429: "Wait a minute, then try again.",
    503: "The database did not answer in time. Nothing was saved; try again in a moment.",
    500: "It was noted with the number below. Nothing you entered was half saved.",
}


def init_app(app: Flask) -> None:
    """Answer every family of error."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(NoResultFound, lambda _problem: _answer(404))  # another organisation's row as well
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)  # what SQLite's driver says of such a number
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _server_error)
    app.register_error_handler(Exception, _bug)


def _portal_error(problem: PortalError) -> ResponseReturnValue:
    return _answer(problem.status, problem.message)


def _stale_form(_problem: CSRFError) -> ResponseReturnValue:
    return _answer(400, "This form is no longer valid: you signed in or out since. Go back, load it again and send it.")


def _unstorable(problem: Exception) -> ResponseReturnValue:
    """A number or text that the database can neither hold nor look for: nobody's row has it."""
    logger().warning("a request asked for what no row can hold", problem=str(problem)[:200])
    db.session.rollback()
    return _answer(404 if request.method in {"GET", "HEAD"} else 422)


def _busy(problem: OperationalError) -> ResponseReturnValue:
    """The database is away, full, or held by somebody longer than anyone waits: it was rolled back."""
    logger().error("the database did not answer", problem=str(problem.orig)[:200])
    undo()
    return _answer(503)


def _http_error(problem: HTTPException) -> ResponseReturnValue:
    if problem.response is not None:
        return problem.response
    return _answer(problem.code or 500)


def _server_error(problem: InternalServerError) -> ResponseReturnValue:
    """What went wrong before there was a session to look into, or somebody's own 500."""
    before = problem.original_exception
    return _busy(before) if isinstance(before, OperationalError) else _answer(500)


def _bug(problem: Exception) -> ResponseReturnValue:
    logger().error("unexpected error", exc_info=problem)
    undo()
    return _answer(500)


def _answer(status: int, sentence: str = "") -> tuple[str, int]:
    words: dict[str, Any] = {
        "status": status,
        "title": _TITLES.get(status, "This did not work"),
        "sentence": sentence or _SENTENCES.get(status, ""),
        "request_number": request_number(),
    }
    return shown(words), status
