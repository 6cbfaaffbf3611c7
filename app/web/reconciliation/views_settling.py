"""Doing something about differences: what it means is said first, what could not be done afterwards."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.errors import BadInputError
from app.sync.comparing.findings import WORDS
from app.sync.comparing.remedies import Remedy
from app.sync.reconciling import comparisons
from app.sync.reconciling.comparisons import of_cause
from app.sync.reconciling.settling_drifts import AT_ONCE, settle
from app.web import htmx
from app.web.quickbooks.room import quickbooks
from app.web.quickbooks.words import some
from app.web.reconciliation.forms import IgnoreForm
from app.web.reconciliation.settling import Wish, face_of, is_as_shown, wish_here
from app.web.saving import actor
from app.web.session import signed_in

_MOST_SAID = 5
blueprint = Blueprint("differences", __name__, url_prefix="/quickbooks/reconciliation")


@blueprint.route("/settle", methods=["GET", "POST"])
@signed_in(Action.RESOLVE_DRIFT)
def act() -> ResponseReturnValue:
    """One difference, or all of a cause: say what it means, then do it."""
    if _names_nothing():
        return redirect(url_for("reconciliation.index"))
    wish = wish_here()
    if request.method == "GET" or not is_as_shown(wish.drifts):
        page = render_template("differences/act.html", wish=wish, words=WORDS, shown=face_of(wish.drifts))
        return page, 200 if request.method == "GET" else 409
    settled = settle(quickbooks(), [drift.id for drift in wish.drifts], wish.remedy, actor())
    if settled.done:
        flash(_said(wish, some(settled.done, "difference", "differences")), "success")
    for label, why in settled.refused[:_MOST_SAID]:
        flash(f"{label} stays open: {why}", "error")
    if len(settled.refused) > _MOST_SAID:
        flash(f"{len(settled.refused) - _MOST_SAID} more stay open; each says why when it is tried alone.", "error")
    return htmx.go(url_for("reconciliation.index"))


@blueprint.route("/ignore", methods=["GET", "POST"])
@signed_in(Action.RESOLVE_DRIFT)
def ignore() -> ResponseReturnValue:
    """Ask why, then leave all differences of a cause as they are."""
    if _names_nothing():
        return redirect(url_for("reconciliation.index"))
    cause, form = request.args.get("cause", ""), IgnoreForm()
    drifts = of_cause(cause, AT_ONCE)
    if not drifts:
        raise BadInputError("cause", "There is no open difference of this kind left.")
    if not (form.validate_on_submit() and is_as_shown(drifts)):
        page = render_template("differences/ignore.html", form=form, drifts=drifts, words=WORDS, shown=face_of(drifts))
        return page, 422 if form.errors else 409 if form.is_submitted() else 200
    number = comparisons.ignore_cause(cause, actor(), form.reason.data)
    flash(f"{some(number, 'difference is', 'differences are')} left as they are.", "success")
    return htmx.go(url_for("reconciliation.index"))


def _said(wish: Wish, number: str) -> str:
    """What is sent has yet to arrive, and may be held on its way."""
    if wish.remedy in {Remedy.SEND, Remedy.AGAIN}:
        return (
            f"{wish.meaning.label}: {number} on the way to QuickBooks. The next comparison after it arrived closes it."
        )
    return f"{wish.meaning.label}: {number} settled."


def _names_nothing() -> bool:
    """Whether somebody came by the bare address, where nothing can be chosen: the list is the place for that."""
    return request.method == "GET" and not request.args
