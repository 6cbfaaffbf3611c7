"""A document whose tax is still to come takes no money: its total would change under the payment."""

from __future__ import annotations

import pytest

from app.billing import invoicing, receiving
from app.billing.adopting import adopt_total
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.owing import Account
from app.billing.payment import Payment
from app.billing.statement import statement_of
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from tests.billing import firm as worlds
from tests.billing.firm import ANN, TODAY, Firm
from tests.world import World

TO_COME = r"The sales tax on Invoice INV-00001 is still to come"


@pytest.fixture
def american(northgate: World) -> Firm:
    """A firm whose sales tax the accounting side computes."""
    return worlds.build(TaxRegime.US_AUTOMATED)


def opened(firm: Firm, kind: DocumentKind = DocumentKind.INVOICE) -> Document:
    return firm.open(firm.line(code="TAX"), kind=kind)


def answered(document: Document, tax_pence: int = 825) -> Document:
    """The accounting side says this tax."""
    with transaction():
        adopt_total(document, document.net_pence + tax_pence, tax_pence, 1)
    return document


def recorded(firm: Firm, pence: int, *parts: tuple[Document, int]) -> Payment:
    with transaction():
        return receiving.record_here(firm.facts(pence, *parts), actor=ANN)


def amended(firm: Firm, document: Document) -> Document:
    with transaction():
        return invoicing.change(document, firm.content(firm.line("200", code="TAX")), actor=ANN)


def test_an_invoice_takes_no_money_until_its_tax_is_there(american: Firm) -> None:
    invoice = opened(american)
    with pytest.raises(BadInputError, match=TO_COME):
        recorded(american, 10000, (invoice, 10000))
    recorded(american, 10825, (answered(invoice), 10825))
    assert (invoice.status, invoice.balance_pence) == (DocumentStatus.PAID, 0)


def test_nor_does_what_is_written_down_without_a_word_to_anybody(american: Firm) -> None:
    invoice = opened(american)
    with pytest.raises(BadInputError, match=TO_COME), transaction():
        receiving.write_down(american.facts(10000, (invoice, 10000)), actor=ANN)


def test_no_credit_is_taken_from_a_credit_note_whose_tax_is_to_come(american: Firm) -> None:
    invoice, credit = answered(opened(american)), opened(american, DocumentKind.CREDIT_NOTE)
    with pytest.raises(BadInputError, match="Credit note CN-00001 is still to come"):
        recorded(american, 0, (invoice, 10000), (credit, 10000))


def test_money_kept_as_credit_is_put_on_it_once_the_tax_is_there(american: Firm) -> None:
    invoice, payment = opened(american), recorded(american, 10825)
    with pytest.raises(BadInputError, match=TO_COME), transaction():
        receiving.divide_anew(payment, [(invoice.id, 10000)], actor=ANN)
    answered(invoice)
    with transaction():
        receiving.divide_anew(payment, [(invoice.id, 10825)], actor=ANN)
    assert (invoice.status, payment.unapplied_pence) == (DocumentStatus.PAID, 0)


def test_what_an_amended_invoice_was_paid_already_stays_or_is_taken_off(american: Firm) -> None:
    invoice, other = answered(opened(american)), answered(opened(american))
    payment = recorded(american, 10000, (invoice, 5000))
    amended(american, invoice)
    with pytest.raises(BadInputError, match=TO_COME), transaction():
        receiving.divide_anew(payment, [(invoice.id, 5001)], actor=ANN)
    with transaction():
        receiving.divide_anew(payment, [(invoice.id, 5000), (other.id, 1000)], actor=ANN)
    with transaction():
        receiving.divide_anew(payment, [(invoice.id, 2000), (other.id, 1000)], actor=ANN)
    assert (invoice.settled_pence, other.settled_pence) == (2000, 1000)


def test_the_total_of_what_is_kept_back_stays_as_it_is(american: Firm) -> None:
    invoice = opened(american)
    with transaction():
        invoicing.keep_back(invoice, actor=ANN)
    recorded(american, 10000, (invoice, 10000))
    assert invoice.status is DocumentStatus.PAID


def test_what_the_books_tell_is_counted_as_told(american: Firm) -> None:
    invoice = opened(american)
    american.learn(10000, (invoice, 10000))
    assert invoice.settled_pence == 10000
    assert answered(invoice).status is DocumentStatus.PARTIALLY_PAID


def test_the_statement_says_which_tax_is_to_come(american: Firm) -> None:
    invoice = opened(american)
    account = Account(american.acme.id, american.entity.id, "GBP")

    def titles() -> list[str]:
        return [row.entry.title for row in statement_of(account, TODAY, TODAY, {}).rows]

    assert titles() == ["Invoice INV-00001, sales tax to come"]
    answered(invoice)
    assert titles() == ["Invoice INV-00001"]
