"""Doing what a bookkeeper does: receive, edit, void, delete."""

from decimal import Decimal, InvalidOperation

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.bookkeeping.wire import Body
from app.simulator.console.door import back_to, books_of, console
from app.simulator.doors import world
from app.simulator.kinds.by_hand import change, receive_payment
from app.simulator.kinds.documents import read
from app.simulator.kinds.registry import KINDS


def _pounds(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").strip() or "0")
    except InvalidOperation as error:
        raise ValueError(f"{text[:40]} is no amount") from error
    return value


@console.post("/companies/<realm>/invoices/<record_id>/receive")
def receive(realm: str, record_id: str) -> AnyResponse:
    """A payment on one invoice, in full or in part."""
    books, paid = books_of(realm), _pounds(request.form.get("amount", ""))
    with world().turn():
        invoice = read(books, KINDS["Invoice"], record_id)
        receive_payment(books, {
            "customer": invoice["CustomerRef"]["value"], "total": paid,
            "allocations": [{"invoice_id": record_id, "amount": paid}],
        })  # fmt: skip
    return back_to(url_for("console.invoice", realm=realm, record_id=record_id), f"Received {paid:,.2f}.")


@console.post("/companies/<realm>/customers/<record_id>/receive")
def receive_over_several(realm: str, record_id: str) -> AnyResponse:
    """One payment over several invoices; a total above the sum stays unapplied."""
    shares = {name.removeprefix("invoice-"): _pounds(text) for name, text in request.form.items() if "invoice-" in name}
    allocations: list[Body] = [{"invoice_id": one, "amount": share} for one, share in shares.items() if share]
    total = _pounds(request.form.get("total", "")) or sum(shares.values(), Decimal(0))
    with world().turn():
        receive_payment(books_of(realm), {"customer": record_id, "total": total, "allocations": allocations})
    return back_to(url_for("console.records", realm=realm, kind="Payment"), f"Received {total:,.2f}.")


@console.post("/companies/<realm>/invoices/<record_id>/edit")
def edit(realm: str, record_id: str) -> AnyResponse:
    """Change the amount of the first line, keeping everything else; or note, or due date."""
    books, amount = books_of(realm), _pounds(request.form.get("amount", ""))
    with world().turn():
        invoice = read(books, KINDS["Invoice"], record_id)
        change(books, "Invoice", record_id, "update", wanted={"Line": _repriced(invoice["Line"], amount)})
    return back_to(url_for("console.invoice", realm=realm, record_id=record_id), "Changed.")


def _repriced(lines: list[Body], amount: Decimal) -> list[Body]:
    first, *rest = [line for line in lines if line["DetailType"] != "SubTotalLineDetail"]
    detail = first.get("SalesItemLineDetail", {})
    kept = {name: value for name, value in detail.items() if name not in {"UnitPrice", "Qty"}}
    return [first | {"Amount": amount, "SalesItemLineDetail": kept}, *rest]


@console.post("/companies/<realm>/lists/<kind>/<record_id>/<any(void, delete):act>")
def remove(realm: str, kind: str, record_id: str, act: str) -> AnyResponse:
    """Void or delete an invoice, credit memo or payment."""
    if kind not in {"Invoice", "CreditMemo", "Payment"}:
        raise ValueError(f"{kind} cannot be removed")
    with world().turn():
        change(books_of(realm), kind, record_id, act)
    done = "Voided." if act == "void" else "Deleted."
    if kind == "Invoice":
        there = url_for("console.invoice", realm=realm, record_id=record_id)
        return back_to(there if act == "void" else url_for("console.invoices", realm=realm), done)
    return back_to(url_for("console.records", realm=realm, kind=kind), done)
