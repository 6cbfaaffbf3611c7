"""Page or fragment: what htmx asks for, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Flask, Response, make_response, redirect, render_template, request
from htmx_flask import Htmx
from htmx_flask.requests import HtmxHeaders

_STOP_POLLING = 286
_DEPENDS_ON = ("HX-Request", "HX-History-Restore-Request", "HX-Boosted")


def init_app(app: Flask) -> None:
    """Read htmx's headers; tell caches that answers depend on them."""
    Htmx(app)
    app.after_request(_vary)


def headers() -> HtmxHeaders:
    """What htmx says about the running request."""
    return cast("HtmxHeaders", request.htmx)  # type: ignore[attr-defined]  # added by htmx-flask


def wants_fragment() -> bool:
    """Whether only a piece of the page is wanted; when history is restored or a link is boosted, all of it is."""
    asked = headers()
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def render(page: str, fragment: str, **context: Any) -> str:
    """The page, or to htmx only the fragment that the page includes."""
    return render_template(fragment if wants_fragment() else page, **context)


def poll(fragment: str, revision: str, context: Callable[[], Mapping[str, Any]], *, finished: bool = False) -> Response:
    """A fragment that is asked for again and again: 204 while nothing changed, 286 when it need not ask any more.

    The fragment asks with `?revision={{ revision }}`; `context` is only called when something changed.
    """
    if not finished and request.args.get("revision") == revision:
        return Response(status=204)
    body = render_template(fragment, **{"revision": revision, "finished": finished, **context()})
    return make_response(body, _STOP_POLLING if finished else 200)


def go(address: str) -> Response:
    """After a change: on to another page, whether a form or htmx sent it."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": address})
    return cast("Response", redirect(address, 303))


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(_DEPENDS_ON)
    return response
