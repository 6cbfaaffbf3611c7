"""The list of debtors, on a page and as a CSV file."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from app.accounts.permissions import Action
from app.billing import aging
from app.foundation import clock
from app.foundation.money import to_pounds
from app.web import htmx
from app.web.debtors.sheet import Sheet, sheet
from app.web.offers import entity_choices
from app.web.session import me, signed_in
from app.web.spreadsheet import csv_file

blueprint = Blueprint("debtors", __name__, url_prefix="/debtors")

_HEADS = [(word, "num") for word in (*aging.AGES, "Credit", "Total")]


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """A line for each client and currency, narrowed as one types or chooses; totals of them for each currency."""
    asked = _asked()
    found, totals = asked.shown(request.args.get("page", 1, type=int))
    return htmx.render(
        "debtors/index.html",
        "debtors/_list.html",
        found=found,
        totals=totals,
        heads=_HEADS,
        wanted=asked.wanted,
        on=asked.on,
        entities=dict(entity_choices()),
    )


@blueprint.get("/debtors.csv")
@signed_in(Action.SEE)
def download() -> Response:
    """All that the page was narrowed to, as a CSV file."""
    asked = _asked()
    rows = (
        [
            row.client_name,
            row.currency,
            *map(to_pounds, row.by_age),
            to_pounds(-row.credit_pence),
            to_pounds(row.total_pence),
        ]
        for row in asked.debtors
    )
    return csv_file(f"debtors-{asked.wanted.today}.csv", ["Client", "Currency", *aging.AGES, "Credit", "Total"], rows)


def _asked() -> Sheet:
    return sheet(request.args, clock.now().astimezone(ZoneInfo(me().organisation.time_zone)).date())
