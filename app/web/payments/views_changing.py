"""Changing a payment that was recorded here: dividing it anew, and taking it back."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing import owing, receiving
from app.billing.entity import BillingEntity
from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ConflictError
from app.sync.records.tied import connection_of
from app.sync.watching import payment_standing
from app.web import htmx
from app.web.payments import blueprint, dividing
from app.web.payments.forms import AskForm
from app.web.saving import actor, changed
from app.web.session import signed_in
from app.web.voice import speak_for


@blueprint.route("/<int:payment_id>/divide", methods=["GET", "POST"])
@signed_in(Action.RECORD_PAYMENTS)
def divide(payment_id: int) -> ResponseReturnValue:
    """Put what is left of it on invoices, or move it from one to another."""
    payment = _changeable(payment_id)
    own = {part.document_id: part.amount_pence for part in payment.allocations if part.signed_pence > 0}
    rows = dividing.boxes(owing.open_to(payment), own)
    form = AskForm()
    rows = dividing.read(rows, request.form) if form.is_submitted() else dividing.filled(rows, own)
    if changed(form, lambda: _divide(payment, rows)):
        flash("The payment was divided anew.", "success")
        return htmx.go(url_for(".show", payment_id=payment_id))
    return render_template("payments/divide.html", payment=payment, rows=rows, form=form), 422 if form.errors else 200


@blueprint.route("/<int:payment_id>/void", methods=["GET", "POST"])
@signed_in(Action.RECORD_PAYMENTS)
def void(payment_id: int) -> ResponseReturnValue:
    """Say which invoices open again, then take it back."""
    payment = _changeable(payment_id)
    form = AskForm()
    if changed(form, lambda: receiving.void_here(payment, actor=actor())):
        flash("The payment is void; what it had settled is open again.", "success")
        return htmx.go(url_for(".show", payment_id=payment_id))
    there = payment_standing.of_a_void(payment)
    return render_template("payments/void.html", payment=payment, form=form, there=there)


@blueprint.post("/<int:payment_id>/send")
@signed_in(Action.RETRY)
def send(payment_id: int) -> ResponseReturnValue:
    """Ask for it to be sent to QuickBooks, whatever the policy says."""
    with transaction():
        payment = _changeable(payment_id)
        if connection_of(db.session.get_one(BillingEntity, payment.billing_entity_id).lane) is None:
            raise ConflictError("QuickBooks isn't connected: there is nowhere to send it. Connect it first.")
        receiving.ask_to_send(payment, actor=actor())
    flash("The payment was handed over for QuickBooks.", "success")
    return htmx.go(url_for(".show", payment_id=payment_id))


def _changeable(payment_id: int) -> Payment:
    payment = db.session.get_one(Payment, payment_id)
    speak_for(db.session.get_one(BillingEntity, payment.billing_entity_id))
    if payment.origin is not PaymentOrigin.HERE:
        raise ConflictError("This payment was made in QuickBooks; change or void it there. It follows here by itself.")
    if payment.state is not PaymentState.LIVE:
        raise ConflictError("This payment was taken back already.")
    return payment


def _divide(payment: Payment, rows: list[dividing.Box]) -> None:
    if any(row.error for row in rows):
        raise BadInputError("", "Look at the amounts that are marked below.")
    receiving.divide_anew(payment, list(dividing.parts_of(rows).items()), actor=actor())
