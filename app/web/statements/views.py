"""The statement of one client's account, for a range of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from app.accounts.permissions import Action
from app.billing import aging_then, statement
from app.billing.aging import AGES, Debtor
from app.billing.client import Client
from app.billing.entities import only_entity
from app.billing.entity import BillingEntity
from app.billing.owing import Account
from app.billing.statement import Statement
from app.foundation.database import db
from app.foundation.money import to_pounds
from app.sync.payments.applying import rests_of_all
from app.sync.payments.unapplied import credits_of
from app.web.addresses import day_in
from app.web.downloads import pdf_file
from app.web.papers import statement_paper
from app.web.session import signed_in
from app.web.spreadsheet import csv_file
from app.web.voice import speak_for

blueprint = Blueprint("statements", __name__, url_prefix="/clients/<int:client_id>/statement")


@dataclass(frozen=True)
class _Sheet:
    """A statement with whose it is."""

    client: Client
    accounts: list[Account]
    account: Account
    entity: BillingEntity
    statement: Statement
    ages: Debtor | None
    """What is owed in the end by its age, and credit beside it; None where nothing is open."""

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending; a header holds nothing but ASCII."""
        return f"statement-{self.client.id}-{self.account.currency}-{self.statement.until}"


@blueprint.get("")
@signed_in(Action.SEE)
def show(client_id: int) -> str:
    """The page: opening balance, what happened, the balance after each."""
    return render_template("statements/show.html", sheet=_sheet(client_id), ages=AGES)


@blueprint.get("/statement.csv")
@signed_in(Action.SEE)
def download(client_id: int) -> Response:
    """The same as a CSV file."""
    sheet = _sheet(client_id)
    told = sheet.statement
    first = [told.since, "Opening balance", "", "", to_pounds(told.opening_pence)]
    rows = [
        [row.entry.day, row.entry.title, row.entry.due, to_pounds(row.entry.pence), to_pounds(row.balance_pence)]
        for row in told.rows
    ]
    return csv_file(f"{sheet.file_name}.csv", ["Date", "What", "Due", "Amount", "Balance"], [first, *rows])


@blueprint.get("/statement.pdf")
@signed_in(Action.SEE)
def pdf(client_id: int) -> Response:
    """The same as a PDF, to be sent to the client."""
    sheet = _sheet(client_id)
    paper = statement_paper.drawn(sheet.statement, sheet.client, sheet.entity, sheet.account.currency, ages=sheet.ages)
    return pdf_file(f"{sheet.file_name}.pdf", paper)


def _sheet(client_id: int) -> _Sheet:
    client = db.session.get_one(Client, client_id)
    accounts = statement.accounts_ever(client_id) or [_new(client)]
    account = _chosen(accounts)
    entity = db.session.get_one(BillingEntity, account.billing_entity_id)
    speak_for(entity)
    since, until = _range(entity.today())
    told = statement.statement_of(account, since, until, _elsewhere(account))
    credit = credits_of([client_id], entity_id=entity.id, until=until)
    return _Sheet(client, accounts, account, entity, told, aging_then.on_account(account, until, credit))


def _new(client: Client) -> Account:
    entity = only_entity(client.billing_entity_id)
    return Account(client.id, entity.id, client.currency or entity.home_currency)


def _chosen(accounts: list[Account]) -> Account:
    """The account that the address asks for, as far as it does."""
    entity_id, currency = request.args.get("entity", type=int), request.args.get("currency")
    asked = [
        account
        for account in accounts
        if entity_id in {None, account.billing_entity_id} and currency in {None, account.currency}
    ]
    return (asked or accounts)[0]


def _range(today: date) -> tuple[date, date]:
    """The days asked for; else until today, from the first of the month before the last. A reversed range is turned."""
    until = day_in(request.args.get("until")) or today
    month_before = until.replace(day=1) - timedelta(days=1)
    first = (month_before.replace(day=1) - timedelta(days=1)).replace(day=1)
    days = sorted((day_in(request.args.get("since")) or first, until))
    return days[0], days[1]


def _elsewhere(account: Account) -> dict[int, int]:
    """What of each payment is on documents that are only in QuickBooks: no part of this account."""
    rests = rests_of_all(statement.payments_on(account))
    return {payment_id: each.elsewhere_pence for payment_id, each in rests.items()}
