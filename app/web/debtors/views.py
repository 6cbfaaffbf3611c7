"""The list of debtors, on a page and as a CSV file."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template

from app.accounts.permissions import Action
from app.billing import aging
from app.foundation import clock
from app.foundation.money import to_pounds
from app.sync.unapplied import credits_of
from app.web.session import me, signed_in
from app.web.spreadsheet import csv_file

blueprint = Blueprint("debtors", __name__, url_prefix="/debtors")

_HEADS = [(word, "num") for word in (*aging.AGES, "Credit", "Total")]


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """A line for each client and currency; totals for each currency."""
    today = _today()
    rows = aging.debtors(today, credits_of())
    return render_template("debtors/index.html", rows=rows, totals=aging.totals(rows), heads=_HEADS, today=today)


@blueprint.get("/debtors.csv")
@signed_in(Action.SEE)
def download() -> Response:
    """The same as a CSV file."""
    today = _today()
    rows = (
        [
            row.client_name,
            row.currency,
            *map(to_pounds, row.by_age),
            to_pounds(-row.credit_pence),
            to_pounds(row.total_pence),
        ]
        for row in aging.debtors(today, credits_of())
    )
    return csv_file(f"debtors-{today}.csv", ["Client", "Currency", *aging.AGES, "Credit", "Total"], rows)


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(me().organisation.time_zone)).date()
