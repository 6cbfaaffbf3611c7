"""Payments: what came in, and what it settled."""

from __future__ import annotations

from flask import Response, render_template, request

from app.accounts.permissions import Action
from app.billing import queries
from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.billing.timeline import entries
from app.foundation.database import db
from app.sync.payments.applying import rests_of, rests_of_all
from app.sync.watching import payment_standing
from app.web import htmx
from app.web.invoices.standings import TONES
from app.web.payments import blueprint
from app.web.payments.files import ORIGINS, as_file
from app.web.payments.standings import standing_of
from app.web.session import may_here, signed_in
from app.web.voice import speak_for


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """All payments, the newest first, searched as one types."""
    search, client_id = request.args.get("search", ""), request.args.get("client", type=int)
    found = queries.payments(search, client_id=client_id, page=request.args.get("page", 1, type=int))
    rests = rests_of_all(found.rows)
    return htmx.render(
        "payments/index.html",
        "payments/_list.html",
        found=found,
        search=search,
        client=db.session.get(Client, client_id) if client_id else None,
        states={payment.id: standing_of(payment, rests[payment.id]) for payment in found.rows},
        origins=ORIGINS,
        can_record=may_here(Action.RECORD_PAYMENTS),
    )


@blueprint.get("/list.csv")
@signed_in(Action.SEE)
def export() -> Response:
    """What the list of the same address finds, as a file."""
    return as_file(request.args.get("search", ""), request.args.get("client", type=int))


@blueprint.get("/<int:payment_id>")
@signed_in(Action.SEE)
def show(payment_id: int) -> str:
    """One payment: its parts, its reference, where it was written down."""
    payment = db.session.get_one(Payment, payment_id)
    entity = db.session.get_one(BillingEntity, payment.billing_entity_id)
    speak_for(entity)
    is_ours = payment.origin is PaymentOrigin.HERE
    told = payment_standing.of_payment(payment) if is_ours else None
    is_live = is_ours and payment.state is PaymentState.LIVE
    return render_template(
        "payments/show.html",
        payment=payment,
        home_currency=entity.home_currency,
        rests=(rests := rests_of(payment)),
        state_now=standing_of(payment, rests),
        origins=ORIGINS,
        timeline=entries(payment.subject),
        standing=told,
        tone=TONES[told.tone] if told else "",
        can_change=is_live and may_here(Action.RECORD_PAYMENTS),
        can_send=is_live and payment_standing.may_be_sent(payment) and may_here(Action.RETRY),
    )
