"""Hangs the doors of the simulator: one Flask application around one world."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.simulator.api import answers
from app.simulator.api.views import api
from app.simulator.bookkeeping import refusals
from app.simulator.console.views import console
from app.simulator.control.views import control
from app.simulator.doors import EXTENSION, as_json, world
from app.simulator.oauth.views import oauth
from app.simulator.server import Knife
from app.simulator.webhooks.sender import start_sender
from app.simulator.world import World

_LARGEST_BODY = 8 * 1024 * 1024
_SAFE = ("GET", "HEAD", "OPTIONS")


def create_simulator(path: str, *, limits: bool = True, webhook_url: str | None = None, sender: bool = False) -> Flask:
    """A simulator that keeps its state in the SQLite file `path` (":memory:" for none).

    `limits` turns Intuit's rate limits on. `webhook_url` sets the endpoint of both environments. `sender` starts the
    webhook thread; without it `POST /_simulator/webhooks/flush` sends.
    """
    application = Flask(__name__)
    application.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    # Intuit leads nobody from one address to another; two slashes are an address that is not there.
    application.url_map.merge_slashes = False
    application.json.sort_keys = False  # type: ignore[attr-defined]
    inside = World(path, limits=limits)
    application.extensions[EXTENSION] = inside
    for door in (api, oauth, control, console):
        application.register_blueprint(door)
    application.before_request(_refuse_foreign_pages)
    application.register_error_handler(HTTPException, _wrong_address)
    application.after_request(_seal)
    if webhook_url is not None:
        with inside.turn():
            for environment in ("production", "sandbox"):
                inside.outgoing.set_endpoint(environment, url=webhook_url)
    application.wsgi_app = Knife(application.wsgi_app)  # type: ignore[method-assign]
    if sender:
        start_sender(inside)
    return application


def _refuse_foreign_pages() -> Response | None:
    """Another site's page, open in the same browser, must not play the bookkeeper here."""
    origin = request.headers.get("Origin")
    if request.method in _SAFE or origin is None or origin == request.host_url.rstrip("/"):
        return None
    return as_json({"error": "refused: sent by a page of another site"}, 403)


def _wrong_address(error: HTTPException) -> Response:
    """Whatever the framework refuses (unknown address, method, size), in Intuit's shape under the API's bases."""
    is_api = request.path.startswith(("/production", "/sandbox"))
    broken = error.code == 500
    refusal = refusals.application_error("") if broken else refusals.unsupported_operation(request.path[:200])
    status, content_type, text = answers.refused(refusal, world().clock.now())
    return Response(text, status if is_api or broken else error.code, content_type=content_type)


def _seal(response: Response) -> Response:
    """No scripts, no foreign parts; only the consent page's form may lead to the app that asked."""
    target = response.headers.pop("X-Form-Target", "")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
        f"form-action 'self' {target}".strip()
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
