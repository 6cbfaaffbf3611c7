"""Recording money while QuickBooks has yet to compute an invoice's sales tax: every page says why it waits."""

from __future__ import annotations

from typing import Any

import pytest

from app.billing import invoicing, receiving
from app.billing.adopting import adopt_total
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.payment import Payment
from app.foundation.database import db, transaction
from tests.billing.firm import ANN, Firm, build
from tests.web.walking import Walker, words
from tests.world import World

CAME: dict[str, Any] = {"received_on": "2026-03-02", "method": "Cheque", "reference": "000123"}


@pytest.fixture
def american(northgate: World) -> Firm:
    """Northgate IT bills where QuickBooks computes the sales tax."""
    return build(TaxRegime.US_AUTOMATED)


@pytest.fixture
def untaxed(american: Firm) -> Document:
    return american.open(american.line(code="TAX"))


def answered(document: Document) -> Document:
    with transaction():
        adopt_total(document, document.net_pence + 825, 825, 1)
    return document


def new(firm: Firm) -> str:
    return f"/payments/new/{firm.acme.id}"


def kept() -> Payment:
    db.session.expire_all()
    return db.session.query(Payment).one()


def test_the_page_of_the_invoice_offers_credit_until_its_tax_is_there(untaxed: Document, stella: Walker) -> None:
    page = stella.get(f"/invoices/{untaxed.id}").text
    assert ('id="step-pay"' in page, 'id="pay-early"' in page) == (False, True)
    answered(untaxed)
    page = stella.get(f"/invoices/{untaxed.id}").text
    assert ('id="step-pay"' in page, 'id="pay-early"' in page) == (True, False)


def test_the_form_begun_from_it_keeps_the_money_as_credit(american: Firm, untaxed: Document, stella: Walker) -> None:
    page = stella.get(f"{new(american)}?invoice={untaxed.id}").text
    assert "QuickBooks is still to compute the sales tax of Invoice INV-00001" in page
    assert 'checked class="form-check-input" id="how-2"' in page
    assert "waits for its sales tax" in page
    assert "£100.00 before tax" in words(page)
    assert "is on no invoice yet" in words(stella.follow(new(american), **CAME, amount="100", how="credit"))


def test_the_oldest_first_passes_it_over(american: Firm, untaxed: Document, stella: Walker) -> None:
    taxed = answered(american.open(american.line(code="TAX")))
    stella.follow(new(american), **CAME, amount="100", how="oldest")
    assert [part.document_id for part in kept().allocations] == [taxed.id]


def test_a_part_typed_for_it_all_the_same_is_refused_beside_it(
    american: Firm, untaxed: Document, stella: Walker
) -> None:
    answer = stella.post(new(american), **CAME, amount="100", how="typed", **{f"part-{untaxed.id}": "100"})
    assert answer.status_code == 422
    assert "The sales tax on Invoice INV-00001 is still to come" in words(answer.text)
    assert f'id="part-{untaxed.id}" value="100"' in answer.text


def test_credit_is_divided_over_it_only_later(american: Firm, untaxed: Document, stella: Walker) -> None:
    stella.follow(new(american), **CAME, amount="108.25", how="credit")
    address = f"/payments/{kept().id}/divide"
    assert "waits for its sales tax" in stella.get(address).text
    refused = stella.post(address, **{f"part-{untaxed.id}": "100"})
    assert (refused.status_code, "is still to come" in words(refused.text)) == (422, True)
    answered(untaxed)
    stella.follow(address, **{f"part-{untaxed.id}": "108.25"})
    assert kept().unapplied_pence == 0


def test_what_is_on_an_amended_invoice_already_can_be_kept(american: Firm, untaxed: Document, stella: Walker) -> None:
    answered(untaxed)
    with transaction():
        payment = receiving.record_here(american.facts(5000, (untaxed, 5000)), actor=ANN)
        invoicing.change(untaxed, american.content(american.line("200", code="TAX")), actor=ANN)
    assert f'id="part-{untaxed.id}" value="50.00"' in stella.get(f"/payments/{payment.id}/divide").text


def test_what_is_kept_back_takes_money_as_it_stands(american: Firm, untaxed: Document, stella: Walker) -> None:
    with transaction():
        invoicing.keep_back(untaxed, actor=ANN)
    page = stella.get(f"/invoices/{untaxed.id}").text
    assert ('id="step-pay"' in page, "QuickBooks computes no sales tax on this" in page) == (True, True)
    assert 'value="100.00"' in stella.get(f"{new(american)}?invoice={untaxed.id}").text
