"""The official artwork of the button "Connect to QuickBooks": handed in, shown, taken away."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.quickbooks import connect_button
from app.web import htmx
from app.web.quickbooks import blueprint, setup_page
from app.web.quickbooks.forms import ButtonForm
from app.web.session import me, signed_in


@blueprint.get("/connect-button/<face>.png")
@signed_in(Action.SEE_SYNC)
def connect_button_picture(face: str) -> Response:
    """One face of the button, from our own origin. 404 where none was handed in."""
    row = {known.value: row for known, row in connect_button.faces().items()}.get(face)
    if row is None:
        raise NotFoundError
    return Response(row.content, mimetype="image/png")


@blueprint.post("/connect-button")
@signed_in(Action.CONNECT)
def keep_connect_button() -> ResponseReturnValue:
    """Take the artwork in, in the place of what was there."""
    form = ButtonForm()
    if form.validate_on_submit() and _kept(form):
        flash("The official button stands on the connect page now.", "success")
        return htmx.go(url_for(".intuit_app", _anchor="button"))
    return setup_page.page(button=form)


@blueprint.post("/connect-button/remove")
@signed_in(Action.CONNECT)
def remove_connect_button() -> ResponseReturnValue:
    """Go back to the plain button."""
    with transaction():
        connect_button.remove()
    flash("The artwork was removed; the plain button is back.", "success")
    return htmx.go(url_for(".intuit_app", _anchor="button"))


def _kept(form: ButtonForm) -> bool:
    try:
        base, hover = form.pictures()
        with transaction():
            connect_button.keep(base, hover, by=me().name)
    except BadInputError as problem:
        form.blame(problem)
        return False
    return True
