"""Webhooks of the shared app and of an organisation's own: kept and answered at once, empty."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.foundation.errors import NotFoundError
from app.sync import inbox
from app.sync.engine import engine
from app.sync.inbox import Verifiers
from app.web.csrf import csrf

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks/quickbooks")
csrf.exempt(blueprint)

_SIGNATURE = "intuit-signature"


@blueprint.post("")
def shared() -> Response:
    """A call to the shared app's address."""
    return _receive(inbox.shared_verifiers(engine().quickbooks.apps))


@blueprint.post("/<slug>")
def own(slug: str) -> Response:
    """A call to the address of an organisation's own app."""
    verifiers = inbox.own_verifiers(engine().quickbooks.apps, slug)
    if verifiers is None:
        raise NotFoundError
    return _receive(verifiers)


def _receive(verifiers: Verifiers) -> Response:
    """200 when somebody we know signed it, else 401; 413 for one that was too large to be read."""
    source, announced = request.remote_addr or "", request.content_length or 0
    request.max_content_length = inbox.LARGEST
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        inbox.reject_unread(max(announced, inbox.LARGEST + 1), source, verifiers.app_id)
        return Response(status=413)
    rejection = inbox.keep(raw, request.headers.get(_SIGNATURE, ""), source, verifiers)
    return Response(status=401 if rejection else 200)
