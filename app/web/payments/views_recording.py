"""Writing a payment down: whose it is, what it settles, and in the end its record."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing import owing, queries, receiving
from app.billing.client import Client
from app.billing.document import Document
from app.billing.entities import only_entity
from app.billing.entity import BillingEntity
from app.billing.owing import Account
from app.billing.payment import Payment
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.foundation.money import to_pounds
from app.web import htmx
from app.web.payments import blueprint, dividing
from app.web.payments.dividing import Box
from app.web.payments.forms import How, PaymentForm
from app.web.saving import actor, created
from app.web.session import may_here, signed_in
from app.web.voice import speak_for, voice


@dataclass
class _Sheet:
    """The form with its boxes, for one account of a client."""

    client: Client
    accounts: list[Account]
    account: Account
    form: PaymentForm
    rows: list[Box]
    twin: Payment | None = field(default=None)

    @property
    def shut(self) -> list[Document]:
        """The invoices that take no money yet: their tax is still to come."""
        return [row.document for row in self.rows if row.document.tax_is_to_come]

    @property
    def entity(self) -> BillingEntity:
        """Whose bank the money reached."""
        return db.session.get_one(BillingEntity, self.account.billing_entity_id)


@blueprint.get("/new")
@signed_in(Action.RECORD_PAYMENTS)
def whose() -> str:
    """Choose the client that paid."""
    search = request.args.get("search", "")
    found = queries.clients(search, active=None, page=request.args.get("page", 1, type=int))
    new_client_url = url_for("clients.new") if may_here(Action.EDIT_CLIENTS) else None
    return htmx.render(
        "payments/whose.html", "payments/_whose.html", found=found, search=search, new_client_url=new_client_url
    )


@blueprint.route("/new/<int:client_id>", methods=["GET", "POST"])
@signed_in(Action.RECORD_PAYMENTS)
def new(client_id: int) -> ResponseReturnValue:
    """Record a payment, or first see how it would be divided."""
    sheet = _sheet(db.session.get_one(Client, client_id))
    if not sheet.form.is_submitted():
        return _page(sheet)
    sheet.rows = dividing.read(sheet.rows, request.form)
    if request.form.get("step") == "divide":
        return _divided(sheet)
    if payment := _recorded(sheet):
        flash("The payment was recorded.", "success")
        return htmx.go(url_for(".show", payment_id=payment.id))
    return _page(sheet)


def _sheet(client: Client) -> _Sheet:
    """For the account of the invoice it was begun from, or the one that was chosen."""
    accounts = owing.accounts_of(client, only_entity(client.billing_entity_id))
    begun = _begun_from(client)
    asked = (request.args.get("entity", type=int), request.args.get("currency"))
    chosen = [one for one in accounts if (one.billing_entity_id, one.currency) == asked] or accounts
    account = _account_of(begun) if begun else chosen[0]
    rows = dividing.boxes(owing.open_invoices(account))
    entity = db.session.get_one(BillingEntity, account.billing_entity_id)
    speak_for(entity)
    today = entity.today()
    form = PaymentForm(received_on=today)
    form.speak(voice().words)
    form.today = today
    sheet = _Sheet(client, accounts, account, form, rows)
    if begun and not form.is_submitted():
        _begin_with(begun, sheet)
    return sheet


def _begin_with(invoice: Document, sheet: _Sheet) -> None:
    """All that is open on it; where that will still change, the money is credit until then."""
    if invoice.tax_is_to_come:
        sheet.form.how.data = How.CREDIT.value
        return
    _fill(sheet, {invoice.id: invoice.balance_pence})
    sheet.form.amount.data = to_pounds(invoice.balance_pence)


def _begun_from(client: Client) -> Document | None:
    invoice_id = request.args.get("invoice", type=int)
    invoice = db.session.get_one(Document, invoice_id) if invoice_id else None
    return invoice if invoice and invoice.client_id == client.id else None


def _account_of(invoice: Document) -> Account:
    return Account(invoice.bill_to.id, invoice.billing_entity_id, invoice.currency)


def _fill(sheet: _Sheet, parts: dict[int, int]) -> None:
    sheet.rows = dividing.filled(sheet.rows, parts)
    sheet.form.how.data = How.TYPED.value


def _divided(sheet: _Sheet) -> ResponseReturnValue:
    """Type the division into the boxes, to be looked at and changed; nothing is recorded."""
    if sheet.form.validate():
        _fill(sheet, _by_age(sheet))
    return _page(sheet)


def _by_age(sheet: _Sheet) -> dict[int, int]:
    return owing.oldest_first([(row.document.id, row.open_pence) for row in sheet.rows], sheet.form.pence)


def _parts(sheet: _Sheet) -> dict[int, int]:
    how = sheet.form.how.data
    if how == How.TYPED:
        return dividing.parts_of(sheet.rows)
    return _by_age(sheet) if how == How.OLDEST else {}


def _recorded(sheet: _Sheet) -> Payment | None:
    return created(sheet.form, lambda: _record(sheet))


def _refuse_what_contradicts(how: str, rows: list[Box]) -> None:
    """What is chosen and what is typed have to say the same: money is never divided otherwise than somebody meant."""
    is_typed = any(row.typed for row in rows)
    if how == How.TYPED and any(row.error for row in rows):
        raise BadInputError("how", "Look at the amounts that are marked below.")
    if how == How.TYPED and rows and not is_typed:
        raise BadInputError("how", "Nothing is typed below: type a part for an invoice, or choose another way.")
    if how != How.TYPED and is_typed:
        raise BadInputError("how", "Amounts are typed below: choose As typed below, or leave the boxes empty.")


def _record(sheet: _Sheet) -> Payment:
    _refuse_what_contradicts(sheet.form.how.data, sheet.rows)
    facts = sheet.form.facts(sheet.account, _parts(sheet))
    if not sheet.form.again.data:
        sheet.twin = owing.recorded_already(facts)
    if sheet.twin:
        raise BadInputError("again", "A payment of this amount, day and reference was recorded already.")
    return receiving.record_here(facts, actor=actor(), note_text=(sheet.form.note.data or "").strip())


def _page(sheet: _Sheet) -> ResponseReturnValue:
    page = render_template("payments/new.html", sheet=sheet, form=sheet.form)
    return page, 422 if sheet.form.errors else 200
