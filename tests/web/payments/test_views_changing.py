"""Dividing a payment anew, and taking it back."""

from __future__ import annotations

import pytest

from app.billing import receiving
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.payment import Payment, PaymentState
from app.foundation.database import db, transaction
from tests.billing.firm import ANN, Firm
from tests.web.walking import Walker, words


@pytest.fixture
def invoice(firm: Firm) -> Document:
    return firm.open()


@pytest.fixture
def payment(firm: Firm, invoice: Document) -> Payment:
    with transaction():
        return receiving.record_here(firm.facts(12000, (invoice, 12000)), actor=ANN)


def test_a_void_is_asked_for_and_opens_the_invoice(invoice: Document, payment: Payment, stella: Walker) -> None:
    page = words(stella.get(f"/payments/{payment.id}/void").text)
    assert "£120.00 from Acme will no longer count" in page
    assert "Invoice INV-00001 £120.00" in page
    assert "is open again" in stella.follow(f"/payments/{payment.id}/void")
    db.session.expire_all()
    assert (payment.state, invoice.status) == (PaymentState.VOID, DocumentStatus.OPEN)
    assert "A payment was taken back" in stella.get(f"/invoices/{invoice.id}").text


def test_what_is_void_is_changed_no_more(payment: Payment, stella: Walker) -> None:
    stella.follow(f"/payments/{payment.id}/void")
    for step in ("void", "divide"):
        assert stella.get(f"/payments/{payment.id}/{step}").status_code == 409
    assert "Divide anew" not in stella.get(f"/payments/{payment.id}").text


def test_a_payment_of_quickbooks_is_changed_there(firm: Firm, stella: Walker) -> None:
    learnt = firm.learn(500)
    assert "void it there" in words(stella.get(f"/payments/{learnt.id}/void").text)
    assert "Divide anew" not in stella.get(f"/payments/{learnt.id}").text


def test_a_part_is_moved(firm: Firm, invoice: Document, payment: Payment, stella: Walker) -> None:
    other = firm.open()
    assert f'id="part-{invoice.id}" value="120.00"' in stella.get(f"/payments/{payment.id}/divide").text
    stella.follow(f"/payments/{payment.id}/divide", **{f"part-{invoice.id}": "20", f"part-{other.id}": "100"})
    db.session.expire_all()
    assert (invoice.balance_pence, other.balance_pence) == (10000, 2000)


def test_a_wrong_part_is_said_beside_its_box(invoice: Document, payment: Payment, stella: Walker) -> None:
    answer = stella.post(f"/payments/{payment.id}/divide", **{f"part-{invoice.id}": "500"})
    assert (answer.status_code, "Only £120.00 is open on it." in words(answer.text)) == (422, True)


def test_who_only_reads_takes_nothing_back(payment: Payment, rhea: Walker) -> None:
    assert rhea.post(f"/payments/{payment.id}/void").status_code == 403
