"""Tax: how the company taxes its sales, what that means here, and a test calculation."""

from __future__ import annotations

from decimal import Decimal

from flask import render_template, request

from app.accounts.permissions import Action
from app.billing.entity import BillingEntity
from app.billing.importing import cells
from app.billing.tax import TaxCode
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.foundation.money import to_pence
from app.quickbooks.models import Connection
from app.sync.first_day import tax_trial
from app.sync.first_day.tax_trial import Sale, Trial
from app.sync.judging import choices, taxation
from app.web.invoices.lookup import known_to
from app.web.invoices.typed import TypedDocument
from app.web.offers import tax_code_choices
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.session import signed_in

_FIELDS = ("amount", "lines", "code", "client", "place")
_MOST_LINES = 500


@blueprint.get("/tax")
@signed_in(Action.SEE_SYNC)
def tax() -> str:
    """The regime in words; and what was typed, reckoned for both sides."""
    entity, connection = entity_here(), connection_here()
    typed = {name: request.args.get(name, "").strip() for name in _FIELDS}
    trial, wrong = _tried(entity, connection, typed) if typed["amount"] else (None, {})
    places = tax_trial.places(connection)
    labels = choices.labels(places)
    return render_template(
        "quickbooks/tax.html",
        regime=taxation.REGIMES[connection.sales_tax],
        trouble=taxation.trouble(entity.name, entity.tax_regime, connection.sales_tax),
        ours=taxation.OURS[entity.tax_regime],
        codes=tax_code_choices(),
        places=[(row.remote_id, labels[row.remote_id]) for row in places],
        typed=typed,
        trial=trial,
        wrong=wrong,
    )


def _tried(entity: BillingEntity, connection: Connection, typed: dict[str, str]) -> tuple[Trial | None, dict[str, str]]:
    try:
        return tax_trial.calculate(entity, connection, _sale(typed)), {}
    except BadInputError as problem:
        return None, {problem.field: problem.message}


def _sale(typed: dict[str, str]) -> Sale:
    """What was typed. Raises BadInputError for what can't be read."""
    line_pence, lines = _pence(typed["amount"]), _lines(typed["lines"])
    client = known_to(TypedDocument(client=typed["client"]))
    if client.client_problem:
        raise BadInputError("client", client.client_problem)
    code = db.session.get(TaxCode, int(typed["code"])) if typed["code"].isdecimal() else None
    if code is None:
        raise BadInputError("code", "Choose a tax code.")
    return Sale(line_pence, lines, code, client.client_id, typed["place"])


def _pence(text: str) -> int:
    try:
        return to_pence(cells.number(text) or Decimal(0))
    except ValueError as problem:
        raise BadInputError("amount", f"The amount: {problem}.") from problem


def _lines(text: str) -> int:
    number = int(text) if text.isdecimal() else 1
    if not 1 <= number <= _MOST_LINES:
        raise BadInputError("lines", f"Enter a number of lines from 1 to {_MOST_LINES}.")
    return number
