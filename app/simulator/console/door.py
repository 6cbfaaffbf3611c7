"""The blueprint of the console, its filters, and how a refusal is shown: on the page it came from."""

from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.companies.company import Company
from app.simulator.doors import world

console = Blueprint("console", __name__)
PAGE_ROWS = 50


def company_of(realm: str) -> Company:
    """A company by realm, or 404."""
    found = world().companies.get(realm)
    if found is None:
        abort(404)
    return found


def books_of(realm: str) -> Books:
    """A company's books, or 404."""
    return world().books[company_of(realm).realm]


def page_number() -> int:
    """The page asked for, from 1."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def back_to(address: str, said: str) -> AnyResponse:
    """After a form: the page again, with one sentence about what happened."""
    return redirect(f"{address}?{urlencode({'said': said})}", 303)


@console.app_template_filter("pounds")
def pounds(value: object) -> str:
    """An amount for people: thousands separated, two decimals."""
    return f"{wire.money(value):,.2f}"


@console.app_template_filter("plain")
def plain(value: object) -> str:
    """An amount for a form's field."""
    return f"{wire.money(value):.2f}"


@console.app_template_filter("moment")
def moment(value: str) -> str:
    """A stored moment for people, in the machine's own zone-free UTC."""
    return datetime.fromisoformat(value).strftime("%d %b %Y %H:%M:%S")


@console.app_template_filter("standing")
def standing(body: wire.Body) -> str:
    """Whether an invoice is void, paid, partly paid or open, as its figures say (§2.6)."""
    total, balance = wire.money(body.get("TotalAmt")), wire.money(body.get("Balance"))
    if not total and "Voided" in str(body.get("PrivateNote", "")):
        return "void"
    if balance <= Decimal(0):
        return "paid"
    return "partly paid" if balance < total else "open"


@console.errorhandler(Refusal)
def _refused(refusal: Refusal) -> tuple[str, int]:
    return render_template(
        "refused.html", errors=[error.body() for error in refusal.errors], back=request.referrer
    ), 400


@console.errorhandler(ValueError)
@console.errorhandler(TypeError)
def _wrong(error: Exception) -> tuple[str, int]:
    shown = [{"Message": "Not understood", "Detail": str(error), "code": ""}]
    return render_template("refused.html", errors=shown, back=request.referrer), 400
