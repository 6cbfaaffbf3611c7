"""Import from QuickBooks: what each record of a list is here, and taking over those that a person ticks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.queries import PER_PAGE, Page
from app.foundation.database import transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.sync.importing import lists as importing_lists
from app.sync.importing.offers import BY_ITSELF, Offer, Place, Standing, Tally, counts
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.saving import actor
from app.web.session import may_here, signed_in

AT_ONCE = 500
"""Records that one click takes: some seconds; a second click goes on."""


class _List(NamedTuple):
    """How a list is called: theirs, ours, and what taking it does."""

    theirs: str
    ours: str
    lead: str


LISTS = {
    "terms": _List("terms", "payment terms", "Terms become payment terms, mapped to what they came from."),
    "tax-codes": _List(
        "tax codes",
        "tax codes",
        "Tax codes that are charged on sales become tax codes here, with their rate, and mapped.",
    ),
    "items": _List(
        "items", "services", "Items become services with their price, description and tax code, and mapped to them."
    ),
    "customers": _List("customers", "clients", "Customers become clients, each linked to its own."),
}
_STANDINGS = {
    Standing.NEW: "New here",
    Standing.TO_LINK: "To link",
    Standing.DIFFERS: "Differs",
    Standing.SAME: "The same",
    Standing.LEFT_OUT: "Left out",
}


@blueprint.get("/import", endpoint="import_lists")
@signed_in(Action.SEE_SYNC)
def preview() -> str:
    """The records of one list that stand alike, and how many stand otherwise."""
    return _page("")


@blueprint.post("/import")
@signed_in(Action.EDIT_SETTINGS)
def take_lists() -> ResponseReturnValue:
    """Take the ticked records, or all that are new or to be linked."""
    what = _what()
    try:
        with transaction():
            done = importing_lists.take(_place(), importing_lists.SOURCES[what], _chosen(what), actor())
    except BadInputError as problem:
        return _page(problem.message), 422
    for name, why in done.refused[:3]:
        flash(f"“{name}” was not taken: {why}", "warning")
    flash(_said(done, LISTS[what]), "success")
    return htmx.go(url_for(".import_lists", what=what))


def _what() -> str:
    what = request.args.get("what", "terms")
    if what not in LISTS:
        raise NotFoundError
    return what


def _place() -> Place:
    return Place(entity_here(), connection_here())


def _chosen(what: str) -> set[str]:
    if request.form.get("choice") == "all":
        offers = importing_lists.SOURCES[what].look(_place())
        keys = sorted(offer.key for offer in offers if offer.standing in BY_ITSELF and offer.may_be_taken)
        return set(keys[:AT_ONCE])
    picked = set(request.form.getlist("record"))
    if not picked:
        raise BadInputError("record", "Tick at least one record.")
    return picked


def _said(done: Tally, named: _List) -> str:
    parts = [(done.made, "made"), (done.linked, "linked"), (done.changed, "changed")]
    told = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    return (
        f"{named.ours.capitalize()}: {told}. Nothing was changed in QuickBooks." if told else "Nothing was to be taken."
    )


def _page(problem: str) -> str:
    what = _what()
    offers = importing_lists.SOURCES[what].look(_place())
    return render_template(
        "quickbooks/import_lists.html",
        what=what,
        lists=LISTS,
        named=LISTS[what],
        problem=problem,
        can_take=may_here(Action.EDIT_SETTINGS),
        **_shown(offers),
    )


def _shown(offers: Sequence[Offer]) -> dict[str, Any]:
    found, wanted = counts(offers), request.args.get("standing", "")
    first = next((one for one in Standing if found[one]), Standing.NEW)
    standing = Standing(wanted) if wanted in set(Standing) else first
    rows = [offer for offer in offers if offer.standing is standing]
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(rows) // PER_PAGE), 1))
    return {
        "rows": Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(rows)),
        "standing": standing,
        "standings": [(word, one.value, found[one]) for one, word in _STANDINGS.items()],
        "by_itself": sum(1 for one in offers if one.standing in BY_ITSELF and one.may_be_taken),
        "total": len(offers),
    }
