"""The log, and processing a call anew."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.sync.listening import inbox
from app.sync.watching import webhook_log
from app.sync.watching.webhook_log import Reader, Show
from app.web import htmx
from app.web.session import may_here, signed_in
from app.web.slices import chosen, place_here
from app.web.webhook_log.setup import endpoints

blueprint = Blueprint("webhook_log", __name__, url_prefix="/quickbooks/webhooks")


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """How it is set up, and what arrived."""
    show, search = chosen(Show, "show", Show.ALL), request.args.get("search", "")
    return render_template(
        "webhook_log/index.html",
        endpoints=endpoints(),
        last_valid_at=webhook_log.last_valid_at(),
        arrivals=webhook_log.arrivals(_reader(), show, search, place_here()),
        show=show,
        search=search,
        sees_refused=_reader().sees_refused,
        can_repeat=may_here(Action.RETRY),
        can_set_up=may_here(Action.CONNECT),
    )


@blueprint.post("/<int:delivery_id>/again")
@signed_in(Action.RETRY)
def again(delivery_id: int) -> ResponseReturnValue:
    """Read once more what its events point to."""
    webhook_log.arrival(_reader(), delivery_id)
    inbox.open_again(delivery_id)
    flash("Its events are read again; what is known already changes nothing.", "success")
    return htmx.go(url_for(".index"))


def _reader() -> Reader:
    return Reader(sees_refused=may_here(Action.CONNECT))
